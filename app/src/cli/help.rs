//! What `--help` and `--version` print.

/// What `tetherm --version` prints.
pub const VERSION: &str = concat!("tetherm ", env!("CARGO_PKG_VERSION"));

/// What `tetherm --help` prints; no line is wider than 80 columns.
pub const MAIN: &str = "\
Tetherm, a graphical SSH terminal.

Usage: tetherm [--control PATH]
       tetherm [--control PATH] DESTINATION
       tetherm exec [OPTIONS] DESTINATION [COMMAND...]
       tetherm config [--why] [OPTIONS] DESTINATION
       tetherm doctor --x11 [OPTIONS] DESTINATION
       tetherm ctl COMMAND...

Without arguments Tetherm opens its window with the saved hosts; with a
destination it opens a tab that leads there.

DESTINATION is one of
  [user@]host[:port]         a name, an address, or an alias of ~/.ssh/config;
                             an IPv6 address with a port is [address]:port
  ssh://[user@]host[:port]   the same as an address
  NAME                       the name of a saved host

Commands:
  exec     Runs a command on a host without a window, as ssh does.
           See 'tetherm exec --help'.
  config   Prints the settings in force for a host, as 'ssh -G' does, and
           where each comes from. See 'tetherm config --help'.
  doctor   Says what is in the way of a host's X11 programs, link by link.
           See 'tetherm doctor --help'.
  ctl      Drives a window that was started with --control.
           See 'tetherm ctl --help'.

Options:
  --control PATH   Listens for 'tetherm ctl' at this Unix socket.
  -h, --help       Prints this text.
  -V, --version    Prints the version.

Tetherm reads ~/.ssh/config and /etc/ssh/ssh_config, and keeps host keys in
~/.ssh/known_hosts.
";

/// What `tetherm exec --help` prints; no line is wider than 80 columns.
pub const EXEC: &str = "\
Runs a command, or a shell, on a host without a window, as ssh does.

Usage: tetherm exec [OPTIONS] DESTINATION [COMMAND...]

Standard input, output and error are the command's. The exit status is the
command's own; 255 if the connection failed or a signal ended the command.
Programs that drive ssh can drive this in its place:
  GIT_SSH_COMMAND='tetherm exec' git fetch
  rsync -e 'tetherm exec' FILE HOST:

Options, which may also follow the destination:
  -p PORT     The port.
  -l USER     The user.
  -i FILE     A private key to log in with; may be given several times.
  -F FILE     A configuration file instead of ~/.ssh/config and the system's;
              'none' for no file at all.
  -o OPTION   An option as in ssh_config(5), such as 'BatchMode=yes'.
  -X, -Y      Shows the host's X11 programs on the local display.
  --x11=LEVEL The same, and how far they are trusted: 'guarded' (they see and
              touch only what is their own), 'full' (as local programs) or
              'untrusted' (as the display's SECURITY extension has it).
  -x          Does not.
  -t          Asks for a terminal at the other end; -tt even without a local
              one.
  -T          Asks for no terminal.
  -n          Reads nothing from standard input.
  -N          Runs no command: keeps the connection open until interrupted.
  -s          The command is the name of a subsystem, such as sftp.
  -L [ADDRESS:]PORT:HOST:HOSTPORT
              Leads connections to PORT here to HOST:HOSTPORT, as the host sees
              it. Paths of Unix sockets may stand for either end.
  -R [ADDRESS:]PORT:HOST:HOSTPORT
              Leads connections to PORT of the host to HOST:HOSTPORT here; with
              [ADDRESS:]PORT alone it is a SOCKS server. Port 0 lets the host
              choose.
  -D [ADDRESS:]PORT
              A SOCKS server here whose connections start at the host.
  -W HOST:PORT
              Leads standard input and output to HOST:PORT.
  -g          Lets other machines use the ports of -L and -D.
  -J HOST,... Goes through these hosts.
  -A, -a      Lets the host use the agent here, or does not.
  -b ADDRESS, -B INTERFACE
              Connects from this address or interface.
  -c LIST, -m LIST
              The ciphers, and MACs, to offer.
  -e CHAR     The character that begins an escape sequence in a terminal; 'none'
              for none.
  -4, -6      Uses IPv4, or IPv6, only.
  -C          Compresses.
  -v          Tells on standard error what happens; more with -vv.
  -q          Tells nothing but the command's output.
  -E FILE, -y Sends messages to the end of FILE, or to the system's log.
  -G          Prints the settings in force, and connects to nothing.
  -Q KIND     Lists the algorithms of a kind; 'help' for the kinds.
  -V          Prints the version.
  --          Ends the options.

Questions (host keys, passwords, passphrases) are asked on the terminal, or by
the program that SSH_ASKPASS names where there is none; SSH_ASKPASS_REQUIRE
means what it means to ssh. Saved passwords come from the system's keyring.
";

/// What a wrong `tetherm exec` is told.
pub const EXEC_USAGE: &str = "\
usage: tetherm exec [-46AaCGgKkMNnqsTtVvXxYy] [-B bind_interface]
           [-b bind_address] [-c cipher_spec] [-D [bind_address:]port]
           [-E log_file] [-e escape_char] [-F configfile] [-I pkcs11]
           [-i identity_file] [-J [user@]host[:port]] [-L address]
           [-l login_name] [-m mac_spec] [-o option] [-p port]
           [-Q query_option] [-R address] [-S ctl_path] [-W host:port]
           destination [command [argument ...]]
";

/// What `tetherm config --help` prints; no line is wider than 80 columns.
pub const CONFIG: &str = "\
Prints the settings in force for a host, as 'ssh -G' prints them. It connects
to nothing, but runs the commands of 'Match exec' lines.

Usage: tetherm config [--why] [-F FILE] [-o OPTION] [SSH OPTIONS]
                      DESTINATION [COMMAND...]

  --why       Adds to each line, behind a tab, where its value was set: a file
              and line, 'command line', the name of a saved host, or 'default'.
  -F FILE     A configuration file instead of ~/.ssh/config and the system's;
              'none' for no file at all.
  -o OPTION   An option as in ssh_config(5), such as 'Port=2222'.

All other options of ssh that stand for a setting are taken too. A setting is
printed whether or not Tetherm acts on it; the guide says what it acts on, and
which defaults differ from OpenSSH's.

The exit status is 255 where the configuration cannot be used, with the file
and the line on standard error.
";

/// What a wrong `tetherm config` is told.
pub const CONFIG_USAGE: &str = "\
usage: tetherm config [--why] [-F FILE] [-o OPTION] [SSH OPTIONS]
                      DESTINATION [COMMAND...]
";

/// What `tetherm doctor --help` prints; no line is wider than 80 columns.
pub const DOCTOR: &str = "\
Says whether the X11 programs of a host can be shown here: whether the local
display answers and what it can do, whether the server forwards X11 and has
xauth, and whether a program there is let in, and how fast. Where a link is
broken it says what to do.

Usage: tetherm doctor --x11 [OPTIONS] DESTINATION

OPTIONS are those of 'tetherm exec'; --x11=LEVEL looks at another level of
trust than the host's own. The exit status is 0 if every link holds, 1 if one
is broken, and 255 if there was no connection.
";

/// What a wrong `tetherm doctor` prints.
pub const DOCTOR_USAGE: &str = "usage: tetherm doctor --x11 [options] destination; see 'tetherm doctor --help'\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_help_is_wider_than_a_small_terminal() {
        for text in [MAIN, EXEC, EXEC_USAGE, CONFIG, CONFIG_USAGE, DOCTOR, DOCTOR_USAGE] {
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
    }
}

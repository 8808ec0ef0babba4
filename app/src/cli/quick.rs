//! What is typed into the quick-connect field, or given to `tetherm` as its one argument.

use term::ssh::Destination;

use super::options::{Error, Options};

/// Where to, with what was said besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The destination.
    pub destination: Destination,
    /// `Keyword=value` settings of ssh_config(5) that win over the configuration files.
    pub options: Vec<String>,
}

/// Reads `host`, `user@host:port`, `ssh://…`, an alias, or a whole `ssh` command line such as `ssh user@host -p 2222`.
///
/// # Errors
/// See [`Error`]; its message is one line.
pub fn parse(text: &str) -> Result<Target, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::NoHost);
    }
    match text.strip_prefix("ssh").filter(|rest| rest.starts_with(char::is_whitespace)) {
        Some(rest) => command_line(&shlex::split(rest).ok_or(Error::Quote)?),
        None => Ok(Target { destination: Destination::parse(text)?, options: Vec::new() }),
    }
}

fn command_line(words: &[String]) -> Result<Target, Error> {
    let options = Options::parse(words)?;
    for (letter, given) in [
        ('F', options.config_file.is_some()),
        ('W', options.stdio_forward.is_some()),
        ('N', options.no_command),
        ('G', options.print_settings),
        ('V', options.query.is_some()),
        ('E', options.log_file.is_some()),
        ('y', options.syslog),
        ('O', options.control.is_some()),
        ('f', options.sets("ForkAfterAuthentication")),
        ('w', options.sets("Tunnel")),
    ] {
        if given {
            return Err(Error::NotHere(letter));
        }
    }
    if options.x11_trust.is_some() {
        return Err(Error::Conflict(
            "--x11 is for tetherm exec; choose in the form of a saved host how far it is trusted",
        ));
    }
    let (destination, mut settings) = options.destination()?;
    // The rest of a line, whatever it holds: not to be quoted.
    settings.extend(options.command.map(|command| format!("RemoteCommand={command}")));
    Ok(Target { destination, options: settings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_and_command_lines_are_read() {
        for (text, host, user, port, options) in [
            ("host", "host", None, None, vec![]),
            ("  me@host:22 ", "host", Some("me"), Some(22), vec![]),
            ("ssh://me@host", "host", Some("me"), None, vec![]),
            ("ssh", "ssh", None, None, vec![]),
            ("sshhost", "sshhost", None, None, vec![]),
            ("ssh me@host -p 2222", "host", Some("me"), None, vec!["User=\"me\"", "Port=\"2222\""]),
            ("ssh -X 'host' -- top -b", "host", None, None, vec!["ForwardX11=\"yes\"", "RemoteCommand=top -b"]),
            ("ssh -i '~/my key' host", "host", None, None, vec!["IdentityFile=\"~/my key\""]),
        ] {
            let target = parse(text).unwrap();
            let expected = Destination { host: host.into(), user: user.map(str::to_owned), port };
            assert_eq!(
                (target.destination, target.options),
                (expected, options.into_iter().map(String::from).collect())
            );
        }
    }

    #[test]
    fn what_a_tab_cannot_do_is_said() {
        assert_eq!(parse(" "), Err(Error::NoHost));
        assert_eq!(parse("ssh "), Ok(Target { destination: Destination::parse("ssh").unwrap(), options: vec![] }));
        assert_eq!(parse("ssh -F x host"), Err(Error::NotHere('F')));
        assert_eq!(parse("ssh -N host"), Err(Error::NotHere('N')));
        assert_eq!(parse("ssh 'host"), Err(Error::Quote));
        assert_eq!(parse("ssh -W h:1 host"), Err(Error::NotHere('W')));
        assert_eq!(parse("ssh -V"), Err(Error::NotHere('V')));
        assert!(matches!(parse("ssh -- -oProxyCommand=x"), Err(Error::Destination(_))));
        assert!(matches!(parse("-oProxyCommand=x"), Err(Error::Destination(_))));
    }
}

//! Options in ssh(1)'s manner, as a pure parser: the command line and the quick-connect field both use it.

mod letters;

use std::path::PathBuf;

use term::ssh::config::option;
use term::ssh::forward::Endpoint;
use term::ssh::host::SessionType;
use term::ssh::{Config, Destination, destination};
use x11::Trust;

/// Why a command line cannot be used. Messages are worded as ssh(1) words them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A letter that ssh(1) does not know either.
    #[error("unknown option -- {0}")]
    Unknown(char),
    /// A letter whose argument is missing.
    #[error("option requires an argument -- {0}")]
    MissingArgument(char),
    /// A letter that makes no sense where it stands.
    #[error("option -{0} has no meaning for a terminal tab; leave it out, or use tetherm exec")]
    NotHere(char),
    /// An argument that its letter does not take.
    #[error("Bad {what} '{argument}'{}", if *what == "escape character" { "." } else { "" })]
    Bad {
        /// What it should have been.
        what: &'static str,
        /// What it was.
        argument: String,
    },
    /// A cipher or MAC that nobody knows.
    #[error("Unknown {what} type '{argument}'")]
    UnknownAlgorithm {
        /// `cipher` or `mac`.
        what: &'static str,
        /// The list.
        argument: String,
    },
    /// Two options that exclude each other, or one that is given twice.
    #[error("{0}")]
    Conflict(&'static str),
    /// `-s` without a command.
    #[error("You must specify a subsystem to invoke.")]
    NoSubsystem,
    /// No host is named.
    #[error("no host is named")]
    NoHost,
    /// The host cannot be one.
    #[error(transparent)]
    Destination(#[from] destination::Error),
    /// A quote that is not closed.
    #[error("a quote is not closed")]
    Quote,
}

/// Whether a pseudo-terminal was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tty {
    /// Nothing was said.
    #[default]
    Unsaid,
    /// `-t`: if there is a local one.
    Yes,
    /// `-tt`: in any case.
    Force,
    /// `-T`, `-N`: not at all.
    No,
}

/// What is asked for instead of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// `-V`.
    Version,
    /// `-Q`: the algorithms of a kind.
    Algorithms(String),
}

/// What a command line says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// What is asked for instead of a connection; what was said after it does not count.
    pub query: Option<Query>,
    /// The destination as written: a host of ssh(1)'s kinds or the name of a saved one.
    pub place: String,
    /// The command, its words joined by blanks as ssh(1) does.
    pub command: Option<String>,
    /// `-F`.
    pub config_file: Option<PathBuf>,
    /// `-i`, in order; ssh(1) warns of those that are not there.
    pub identity_files: Vec<PathBuf>,
    /// `-N`: no command, no shell.
    pub no_command: bool,
    /// `-G`: print the settings in force and do nothing else.
    pub print_settings: bool,
    /// `-W`: where standard input and output lead.
    pub stdio_forward: Option<Endpoint>,
    /// `-E`: the file that messages go to.
    pub log_file: Option<PathBuf>,
    /// `-y`: messages go to the system's log.
    pub syslog: bool,
    /// How often `-v` was given.
    pub verbosity: u8,
    /// `-q`.
    pub quiet: bool,
    /// `--x11`: how far X11 programs are trusted. ssh(1) has no such word.
    pub x11_trust: Option<Trust>,
    /// `-O`: what another program's connection is to do.
    pub control: Option<String>,
    /// `-t`, `-T`.
    tty: Tty,
    subsystem: bool,
    jump: bool,
    /// `-x`, `-C`, `-4` and their like: what wins over everything, the last of a kind over those before it.
    switches: Vec<(&'static str, String)>,
    /// `-o`, `-p`, `-l`, `-i`, `-L` before and after the destination: the first of a keyword wins.
    before: Vec<String>,
    after: Vec<String>,
}

impl Error {
    /// Whether ssh(1) goes on with the list of its options.
    #[must_use]
    pub fn wants_usage(&self) -> bool {
        use destination::Error::{NoHost, NoUser, Path, Port};
        matches!(
            self,
            Self::Unknown(_)
                | Self::MissingArgument(_)
                | Self::NoSubsystem
                | Self::NoHost
                | Self::Destination(NoHost | NoUser | Path { .. } | Port { .. })
        )
    }

    /// What ssh(1) says of it, with its line end: nothing where the list of its options says enough.
    #[must_use]
    pub fn words(&self) -> String {
        use destination::Error::{Host, NoHost, NoUser, Path, User};
        match self {
            Self::NoHost | Self::Destination(NoHost | NoUser | Path { .. }) => String::new(),
            Self::Destination(Host { .. }) => "hostname contains invalid characters\r\n".to_owned(),
            Self::Destination(User { .. }) => "remote username contains invalid characters\r\n".to_owned(),
            // What it logs ends otherwise than what it prints.
            Self::Unknown(_) | Self::MissingArgument(_) | Self::Conflict(_) => format!("{self}\r\n"),
            error => format!("{error}\n"),
        }
    }
}

impl Options {
    /// Reads the words after the program's name. As in ssh(1), options may also follow the destination, up to the
    /// command or `--`.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn parse(words: &[String]) -> Result<Self, Error> {
        let mut options = Self::default();
        let mut place: Option<&String> = None;
        let mut rest = words.iter();
        while let Some(word) = rest.as_slice().first() {
            if word == "--" {
                let _ = rest.next();
                if place.is_none() {
                    place = rest.next();
                }
                break;
            }
            if let Some(level) = word.strip_prefix("--x11=") {
                let trust = Trust::of_name(level);
                let bad = || Error::Bad { what: "--x11 level", argument: level.to_owned() };
                options.x11_trust = Some(trust.ok_or_else(bad)?);
                options.set("ForwardX11", "yes");
                let _ = rest.next();
                continue;
            }
            match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                Some(letters) => {
                    let _ = rest.next();
                    options.letters(letters, &mut rest, place.is_some())?;
                    if options.query.is_some() {
                        return Ok(options);
                    }
                }
                None if place.is_none() => place = rest.next(),
                None => break,
            }
        }
        let command = rest.as_slice();
        options.command = (!command.is_empty()).then(|| command.join(" "));
        options.place = place.filter(|place| !place.is_empty()).ok_or(Error::NoHost)?.clone();
        if options.command.is_none() && (options.subsystem || options.wants_subsystem()) {
            return Err(Error::NoSubsystem);
        }
        Ok(options)
    }

    /// The destination, and everything that was said of it as `Keyword=value`, in the order in which it wins.
    ///
    /// # Errors
    /// [`Error::Destination`].
    pub fn destination(&self) -> Result<(Destination, Vec<String>), Error> {
        let destination = Destination::parse(&self.place)?;
        let mut settings = self.switches();
        settings.extend_from_slice(&self.before);
        // A user named here wins over a later -l, and loses to an earlier one.
        settings.extend(destination.user.as_ref().map(|user| option("User", user)));
        settings.extend(destination.port.map(|port| option("Port", &port.to_string())));
        settings.extend_from_slice(&self.after);
        settings.extend(self.implied());
        Ok((destination, settings))
    }

    /// What was said besides the destination, for one that is known by name.
    #[must_use]
    pub fn settings(&self) -> Vec<String> {
        [self.switches(), self.before.clone(), self.after.clone(), self.implied()].concat()
    }

    /// Whether `-o SessionType=subsystem` says what `-s` does.
    fn wants_subsystem(&self) -> bool {
        let settings = self.settings();
        let anywhere = Destination { host: "host".to_owned(), ..Destination::default() };
        settings.iter().any(|setting| setting.to_ascii_lowercase().starts_with("sessiontype"))
            && Config::default()
                .resolve(&anywhere, &settings)
                .is_ok_and(|host| host.session_type == SessionType::Subsystem)
    }

    fn switches(&self) -> Vec<String> {
        let tty = match self.tty {
            Tty::Unsaid => None,
            Tty::Yes => Some("yes"),
            Tty::Force => Some("force"),
            Tty::No => Some("no"),
        };
        let switches = self.switches.iter().rev().map(|(keyword, value)| match *keyword {
            // The rest of a line, whatever it holds: not to be quoted.
            "ProxyJump" => format!("{keyword}={value}"),
            keyword => option(keyword, value),
        });
        tty.map(|tty| option("RequestTTY", tty)).into_iter().chain(switches).collect()
    }

    /// What `-v` and `-q` stand for.
    #[must_use]
    pub fn log_level(&self) -> Option<String> {
        let level = match (self.quiet, self.verbosity) {
            (true, _) => "quiet",
            (false, 0) => return None,
            (false, 1) => "debug1",
            (false, 2) => "debug2",
            (false, _) => "debug3",
        };
        Some(option("LogLevel", level))
    }

    /// Whether a letter set this keyword.
    #[must_use]
    pub fn sets(&self, keyword: &str) -> bool {
        self.switches.iter().any(|(known, _)| *known == keyword)
    }

    /// What `-W` brings with it where nothing was said of it.
    fn implied(&self) -> Vec<String> {
        let implied = ["ClearAllForwardings", "ExitOnForwardFailure"];
        let wanted = self.stdio_forward.is_some();
        implied.iter().filter(|_| wanted).map(|keyword| option(keyword, "yes")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, Error> {
        Options::parse(&shlex::split(line).unwrap())
    }

    fn settings(line: &str) -> Vec<String> {
        parse(line).unwrap().destination().unwrap().1
    }

    #[test]
    fn options_are_read_before_and_after_the_destination_up_to_the_command() {
        let options = parse("-v host -p 2222 -X uname -a").unwrap();
        assert_eq!(options.place, "host");
        assert_eq!(options.command.as_deref(), Some("uname -a"));
        assert_eq!(options.verbosity, 1);
        assert_eq!(settings("-v host -p 2222 -X uname -a"), ["ForwardX11=\"yes\"", "Port=\"2222\""]);
        assert_eq!(parse("host").unwrap().command, None);
    }

    #[test]
    fn letters_are_bundled_and_arguments_attached() {
        let options = parse("-vvTXnp2222 -lme -oBatchMode=yes host").unwrap();
        assert_eq!((options.verbosity, options.tty), (2, Tty::No));
        assert_eq!(
            options.destination().unwrap().1,
            [
                "RequestTTY=\"no\"",
                "StdinNull=\"yes\"",
                "ForwardX11=\"yes\"",
                "Port=\"2222\"",
                "User=\"me\"",
                "BatchMode=yes"
            ]
        );
        assert_eq!(parse("-tt h").unwrap().tty, Tty::Force);
        assert_eq!(parse("-t -t h").unwrap().tty, Tty::Force);
        assert_eq!(parse("-tT h").unwrap().tty, Tty::No);
        assert!(parse("-N h").unwrap().no_command);
    }

    #[test]
    fn two_dashes_end_the_options() {
        let options = parse("-v -- host -v").unwrap();
        assert_eq!((options.place.as_str(), options.verbosity), ("host", 1));
        assert_eq!(options.command.as_deref(), Some("-v"));
        let options = parse("host -- -v").unwrap();
        assert_eq!((options.command.as_deref(), options.verbosity), (Some("-v"), 0));
        // A host cannot begin with a dash, whatever precedes it.
        assert!(matches!(parse("-- -oProxyCommand=x").unwrap().destination(), Err(Error::Destination(_))));
    }

    #[test]
    fn what_was_said_first_wins_as_in_ssh() {
        assert_eq!(settings("-l a b@h -l c"), ["User=\"a\"", "User=\"b\"", "User=\"c\""]);
        assert_eq!(settings("ssh://u@h:1 -p 2"), ["User=\"u\"", "Port=\"1\"", "Port=\"2\""]);
        // Switches win over -o, and the last of them over the others.
        assert_eq!(settings("-o ForwardX11=no -x -X h"), ["ForwardX11=\"yes\"", "ForwardX11=\"no\"", "ForwardX11=no"]);
    }

    #[test]
    fn the_last_of_a_letter_wins_over_what_is_said_with_o() {
        assert_eq!(
            settings("-o Ciphers=aes256-ctr -c aes128-ctr -c aes192-ctr h"),
            ["Ciphers=\"aes192-ctr\"", "Ciphers=\"aes128-ctr\"", "Ciphers=aes256-ctr"]
        );
        assert_eq!(
            settings("-aA -e none h -b 1.2.3.4"),
            ["BindAddress=\"1.2.3.4\"", "EscapeChar=\"none\"", "ForwardAgent=\"yes\"", "ForwardAgent=\"no\""]
        );
        assert_eq!(settings("-m ^hmac-sha2-512 h"), ["MACs=\"^hmac-sha2-512\""]);
        assert_eq!(settings("-J a,b@c:2 h"), ["ProxyJump=a,b@c:2"]);
    }

    #[test]
    fn forwardings_are_settings_and_w_is_no_session() {
        assert_eq!(
            settings("-L 1:[::1]:2 -gD 3 h -R 0:/s"),
            [
                "GatewayPorts=\"yes\"",
                "LocalForward=\"1\" \"[::1]:2\"",
                "DynamicForward=\"3\"",
                "RemoteForward=\"0\" \"[/s]\""
            ]
        );
        let options = parse("-W [::1]:22 h").unwrap();
        assert_eq!(options.stdio_forward, Some(Endpoint::port("::1", 22)));
        assert!(options.no_command);
        let implied = [
            "RequestTTY=\"no\"",
            "SessionType=\"none\"",
            "ClearAllForwardings=\"yes\"",
            "ExitOnForwardFailure=\"yes\"",
        ];
        assert_eq!(options.destination().unwrap().1, implied);
    }

    #[test]
    fn questions_about_the_program_need_no_host() {
        assert_eq!(parse("-vV -Z").unwrap().query, Some(Query::Version));
        assert_eq!(parse("-Q cipher").unwrap().query, Some(Query::Algorithms("cipher".into())));
        let options = parse("-MS /s -P x -y -E log -G h").unwrap();
        assert!(options.syslog && options.sets("ControlMaster"));
        assert_eq!(options.destination().unwrap().1, ["ControlPath=\"/s\"", "ControlMaster=\"yes\""]);
        assert_eq!(parse("-O check h").unwrap().control.as_deref(), Some("check"));
        assert_eq!(options.log_file, Some(PathBuf::from("log")));
        assert!(options.print_settings);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (line, expected) in [
            ("", Error::NoHost),
            ("-v", Error::NoHost),
            ("''", Error::NoHost),
            ("-Z h", Error::Unknown('Z')),
            ("--verbose h", Error::Unknown('-')),
            ("h -p", Error::MissingArgument('p')),
            ("-vp", Error::MissingArgument('p')),
            ("-p 0 h", Error::Bad { what: "port", argument: "0".into() }),
            ("-p 65536 h", Error::Bad { what: "port", argument: "65536".into() }),
            ("-L 8080 h", Error::Bad { what: "local forwarding specification", argument: "8080".into() }),
            ("-R x h", Error::Bad { what: "remote forwarding specification", argument: "x".into() }),
            ("-D 0 h", Error::Bad { what: "dynamic forwarding specification", argument: "0".into() }),
            ("-W 80 h", Error::Bad { what: "stdio forwarding specification", argument: "80".into() }),
            ("-e ab h", Error::Bad { what: "escape character", argument: "ab".into() }),
            ("-c aes h", Error::UnknownAlgorithm { what: "cipher", argument: "aes".into() }),
            ("-m +x h", Error::UnknownAlgorithm { what: "mac", argument: "+x".into() }),
            ("-sN h", Error::Conflict("Cannot specify -N with -s/SessionType")),
            ("-1 h", Error::Conflict("SSH protocol v.1 is no longer supported")),
            ("-O x h", Error::Conflict("Invalid multiplex command.")),
            ("-s h", Error::NoSubsystem),
            ("-o SessionType=Subsystem h", Error::NoSubsystem),
            ("-o 'sessiontype subsystem' h", Error::NoSubsystem),
            (
                "-J a -J b h",
                Error::Conflict("Only a single -J option is permitted (use commas to separate multiple jump hops)"),
            ),
            ("-oProxyCommand=x -J b h", Error::Conflict("Cannot specify -J with ProxyCommand")),
        ] {
            assert_eq!(parse(line), Err(expected), "{line}");
        }
        assert!(matches!(parse("ssh://-oX").unwrap().destination(), Err(Error::Destination(_))));
    }
}

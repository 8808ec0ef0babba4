//! What each letter means (`main` in ssh.c).

use std::path::PathBuf;

use term::ssh::config::option;
use term::ssh::forward::{Endpoint, Forward};
use term::ssh::{Config, Destination, destination};

use super::{Error, Options, Query, Tty};

/// What `-O` can ask for.
const CONTROL: [&str; 6] = ["check", "forward", "exit", "stop", "cancel", "proxy"];

/// The letters that take an argument.
const WITH_ARGUMENT: &str = "BbcDEeFIiJLlmOopPQRSWw";

impl Options {
    /// Reads one word of letters, such as `-tt`, `-vX` or `-p2222`; its last letter may take the next word.
    pub(super) fn letters(
        &mut self,
        letters: &str,
        rest: &mut std::slice::Iter<'_, String>,
        after: bool,
    ) -> Result<(), Error> {
        let mut letters = letters.chars();
        while let Some(letter) = letters.next() {
            if WITH_ARGUMENT.contains(letter) {
                let argument = match letters.as_str() {
                    "" => rest.next().ok_or(Error::MissingArgument(letter))?.clone(),
                    attached => attached.to_owned(),
                };
                return self.argument(letter, argument, after);
            }
            self.switch(letter)?;
            if self.query.is_some() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes a letter without argument.
    fn switch(&mut self, letter: char) -> Result<(), Error> {
        match letter {
            't' if self.tty == Tty::Yes => self.tty = Tty::Force,
            't' => self.tty = Tty::Yes,
            'T' => self.tty = Tty::No,
            'n' => self.set("StdinNull", "yes"),
            'N' if self.subsystem => return Err(Error::Conflict("Cannot specify -N with -s/SessionType")),
            'N' => self.without_session(),
            's' if self.no_command => return Err(Error::Conflict("Cannot specify -s with -N/SessionType")),
            's' => {
                self.subsystem = true;
                self.set("SessionType", "subsystem");
            }
            'v' => self.verbosity = self.verbosity.saturating_add(1),
            'q' => self.quiet = true,
            'V' => self.query = Some(Query::Version),
            'G' => self.print_settings = true,
            'y' => self.syslog = true,
            'X' => self.set("ForwardX11", "yes"),
            'x' => self.set("ForwardX11", "no"),
            'Y' => {
                self.set("ForwardX11", "yes");
                self.set("ForwardX11Trusted", "yes");
            }
            'C' => self.set("Compression", "yes"),
            '4' => self.set("AddressFamily", "inet"),
            '6' => self.set("AddressFamily", "inet6"),
            'A' => self.set("ForwardAgent", "yes"),
            'a' => self.set("ForwardAgent", "no"),
            'g' => self.set("GatewayPorts", "yes"),
            'K' => {
                self.set("GSSAPIAuthentication", "yes");
                self.set("GSSAPIDelegateCredentials", "yes");
            }
            'k' => self.set("GSSAPIDelegateCredentials", "no"),
            '1' => return Err(Error::Conflict("SSH protocol v.1 is no longer supported")),
            // There is no other protocol any more.
            '2' => {}
            'M' => {
                let again = self.sets("ControlMaster");
                self.set("ControlMaster", if again { "ask" } else { "yes" });
            }
            'f' => {
                self.set("ForkAfterAuthentication", "yes");
                self.set("StdinNull", "yes");
            }
            letter => return Err(Error::Unknown(letter)),
        }
        Ok(())
    }

    pub(super) fn set(&mut self, keyword: &'static str, value: &str) {
        self.switches.push((keyword, value.to_owned()));
    }

    /// `-N`, which `-W` implies.
    fn without_session(&mut self) {
        self.no_command = true;
        self.tty = Tty::No;
        self.set("SessionType", "none");
    }

    fn argument(&mut self, letter: char, argument: String, after: bool) -> Result<(), Error> {
        let bad = |what| Error::Bad { what, argument: argument.clone() };
        let setting = match letter {
            'p' => option("Port", &destination::parse_port(&argument).map_err(|_| bad("port"))?.to_string()),
            'l' => option("User", &argument),
            'i' => {
                self.identity_files.push(PathBuf::from(&argument));
                option("IdentityFile", &argument)
            }
            'L' => Forward::local(&argument).map_err(|_| bad("local forwarding specification"))?.option(),
            'R' => Forward::remote(&argument).map_err(|_| bad("remote forwarding specification"))?.option(),
            'D' => Forward::dynamic(&argument).map_err(|_| bad("dynamic forwarding specification"))?.option(),
            'o' => argument,
            _ => return self.single(letter, argument),
        };
        if after {
            self.after.push(setting)
        } else {
            self.before.push(setting)
        }
        Ok(())
    }

    /// Takes what there is one of; the last wins, if not said otherwise.
    fn single(&mut self, letter: char, argument: String) -> Result<(), Error> {
        match letter {
            'F' => self.config_file = Some(PathBuf::from(argument)),
            'E' => self.log_file = Some(PathBuf::from(argument)),
            'Q' => self.query = Some(Query::Algorithms(argument)),
            'c' => self.algorithms("Ciphers", "cipher", argument)?,
            'm' => self.algorithms("MACs", "mac", argument)?,
            'e' if is_escape(&argument) => self.set("EscapeChar", &argument),
            'e' => return Err(Error::Bad { what: "escape character", argument }),
            'b' => self.set("BindAddress", &argument),
            'B' => self.set("BindInterface", &argument),
            'I' => self.set("PKCS11Provider", &argument),
            'w' => {
                self.set("Tunnel", "yes");
                self.set("TunnelDevice", &argument);
            }
            'S' => self.set("ControlPath", &argument),
            'O' if CONTROL.contains(&argument.as_str()) => self.control = Some(argument),
            'O' => return Err(Error::Conflict("Invalid multiplex command.")),
            'J' => return self.jump(&argument),
            'W' if self.stdio_forward.is_some() => {
                return Err(Error::Conflict("stdio forward already specified"));
            }
            'W' => {
                let target = Endpoint::target(&argument);
                let target = target.map_err(|_| Error::Bad { what: "stdio forwarding specification", argument })?;
                self.stdio_forward = Some(target);
                self.without_session();
            }
            // -P was for servers that trusted low ports, and does nothing in ssh(1) either.
            _ => {}
        }
        Ok(())
    }

    fn jump(&mut self, argument: &str) -> Result<(), Error> {
        if std::mem::replace(&mut self.jump, true) {
            return Err(Error::Conflict(
                "Only a single -J option is permitted (use commas to separate multiple jump hops)",
            ));
        }
        let command = |setting: &String| setting.to_ascii_lowercase().starts_with("proxycommand");
        if self.before.iter().chain(&self.after).any(command) {
            return Err(Error::Conflict("Cannot specify -J with ProxyCommand"));
        }
        self.set("ProxyJump", argument);
        Ok(())
    }

    fn algorithms(&mut self, keyword: &'static str, what: &'static str, argument: String) -> Result<(), Error> {
        // Only the configuration knows `-`.
        let list = argument.strip_prefix(['+', '^']).unwrap_or(&argument);
        let anywhere = Destination { host: "host".to_owned(), ..Destination::default() };
        if list.starts_with('-') || Config::default().resolve(&anywhere, &[option(keyword, list)]).is_err() {
            return Err(Error::UnknownAlgorithm { what, argument });
        }
        self.set(keyword, &argument);
        Ok(())
    }
}

/// A character, `^` and a letter, or `none`.
fn is_escape(text: &str) -> bool {
    matches!(text.as_bytes(), [_] | [b'^', 64..=127] | b"none")
}

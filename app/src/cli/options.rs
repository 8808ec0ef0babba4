//! Options in ssh(1)'s manner, as a pure parser: the command line and the quick-connect field both use it.

mod all;

use std::path::PathBuf;

use term::ssh::config::option;
use term::ssh::{Destination, destination};

/// What ssh(1) takes without an argument and Tetherm does not do yet, with what it would do.
const LATER: &[(char, &str)] = &[
    ('A', "agent forwarding"),
    ('D', "dynamic port forwarding"),
    ('J', "jump hosts"),
    ('L', "local port forwarding"),
    ('M', "connection sharing between programs"),
    ('O', "connection sharing between programs"),
    ('R', "remote port forwarding"),
    ('S', "connection sharing between programs"),
    ('W', "standard input and output forwarding"),
    ('f', "going to the background"),
    ('g', "gateway ports"),
    ('w', "tunnel devices"),
];

/// Why a command line cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A letter that ssh(1) does not know either.
    #[error("unknown option -- {0}")]
    Unknown(char),
    /// A letter whose argument is missing.
    #[error("option requires an argument -- {0}")]
    MissingArgument(char),
    /// A letter of ssh(1) that does not work yet.
    #[error("option -{option} ({what}) is not supported yet; leave it out, or use ssh")]
    Unsupported {
        /// The letter.
        option: char,
        /// What it stands for.
        what: &'static str,
    },
    /// A letter that makes no sense where it stands.
    #[error("option -{0} has no meaning for a terminal tab; leave it out, or use tetherm exec")]
    NotHere(char),
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

/// What a command line says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The destination as written: a host of ssh(1)'s kinds or the name of a saved one.
    pub place: String,
    /// The command, its words joined by blanks as ssh(1) does.
    pub command: Option<String>,
    /// `-F`.
    pub config_file: Option<PathBuf>,
    /// `-i`, in order; ssh(1) warns of those that are not there.
    pub identity_files: Vec<PathBuf>,
    /// `-t`, `-T`.
    pub tty: Tty,
    /// `-n`: standard input is empty.
    pub no_input: bool,
    /// `-N`: no command, no shell.
    pub no_command: bool,
    /// How often `-v` was given.
    pub verbosity: u8,
    /// `-q`.
    pub quiet: bool,
    /// `-x`, `-X`, `-Y`, `-C`, `-4`, `-6`: what wins over everything, the last of a kind over those before it.
    switches: Vec<(&'static str, String)>,
    /// `-o`, `-p`, `-l`, `-i` before and after the destination: the first of a keyword wins.
    before: Vec<String>,
    after: Vec<String>,
    /// Whether letters are taken that only say what ssh(1) would do.
    all: bool,
}

impl Options {
    /// Reads the words after the program's name. As in ssh(1), options may also follow the destination, up to the
    /// command or `--`.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn parse(words: &[String]) -> Result<Self, Error> {
        Self::read(words, false)
    }

    /// The same for all of ssh(1)'s letters that stand for a setting, whether or not Tetherm acts on it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn parse_all(words: &[String]) -> Result<Self, Error> {
        Self::read(words, true)
    }

    fn read(words: &[String], all: bool) -> Result<Self, Error> {
        let mut options = Self { all, ..Self::default() };
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
            match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                Some(letters) => {
                    let _ = rest.next();
                    options.letters(letters, &mut rest, place.is_some())?;
                }
                None if place.is_none() => place = rest.next(),
                None => break,
            }
        }
        let command = rest.as_slice();
        options.command = (!command.is_empty()).then(|| command.join(" "));
        options.place = place.filter(|place| !place.is_empty()).ok_or(Error::NoHost)?.clone();
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
        Ok((destination, settings))
    }

    /// What was said besides the destination, for one that is known by name.
    #[must_use]
    pub fn settings(&self) -> Vec<String> {
        [self.switches(), self.before.clone(), self.after.clone()].concat()
    }

    fn switches(&self) -> Vec<String> {
        self.switches.iter().rev().map(|(keyword, value)| option(keyword, value)).collect()
    }

    /// Reads one word of letters, such as `-tt`, `-vX` or `-p2222`; its last letter may take the next word.
    fn letters(&mut self, letters: &str, rest: &mut std::slice::Iter<'_, String>, after: bool) -> Result<(), Error> {
        let mut letters = letters.chars();
        while let Some(letter) = letters.next() {
            if (self.all && self.more_switch(letter)) || self.switch(letter) {
                continue;
            }
            let takes_argument = "pliFo".contains(letter) || (self.all && all::WITH_ARGUMENT.contains(letter));
            if let Some((option, what)) = LATER.iter().find(|(later, _)| *later == letter && !takes_argument) {
                return Err(Error::Unsupported { option: *option, what });
            }
            if !takes_argument {
                return Err(Error::Unknown(letter));
            }
            let argument = match letters.as_str() {
                "" => rest.next().ok_or(Error::MissingArgument(letter))?.clone(),
                attached => attached.to_owned(),
            };
            return self.argument(letter, argument, after);
        }
        Ok(())
    }

    fn set(&mut self, keyword: &'static str, value: impl Into<String>) {
        self.switches.push((keyword, value.into()));
    }

    /// Takes a letter without argument; false if it is none.
    fn switch(&mut self, letter: char) -> bool {
        match letter {
            't' if self.tty == Tty::Yes => self.tty = Tty::Force,
            't' => self.tty = Tty::Yes,
            'T' => self.tty = Tty::No,
            'n' => self.no_input = true,
            'N' => (self.no_command, self.tty) = (true, Tty::No),
            'v' => self.verbosity = self.verbosity.saturating_add(1),
            'q' => self.quiet = true,
            'X' => self.set("ForwardX11", "yes"),
            'x' => self.set("ForwardX11", "no"),
            'Y' => {
                self.set("ForwardX11", "yes");
                self.set("ForwardX11Trusted", "yes");
            }
            'C' => self.set("Compression", "yes"),
            '4' => self.set("AddressFamily", "inet"),
            '6' => self.set("AddressFamily", "inet6"),
            // What is off anyway.
            'a' | 'k' => {}
            _ => return false,
        }
        true
    }

    fn argument(&mut self, letter: char, argument: String, after: bool) -> Result<(), Error> {
        if self.all && self.more_argument(letter, &argument, after) {
            return Ok(());
        }
        let setting = match letter {
            'p' => option("Port", &destination::parse_port(&argument)?.to_string()),
            'l' => option("User", &argument),
            'i' => {
                self.identity_files.push(PathBuf::from(&argument));
                option("IdentityFile", &argument)
            }
            'F' => {
                self.config_file = Some(PathBuf::from(argument));
                return Ok(());
            }
            _ => argument,
        };
        self.push(setting, after);
        Ok(())
    }

    fn push(&mut self, setting: String, after: bool) {
        if after { self.after.push(setting) } else { self.before.push(setting) }
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
        assert_eq!((options.verbosity, options.tty, options.no_input), (2, Tty::No, true));
        assert_eq!(
            options.destination().unwrap().1,
            ["ForwardX11=\"yes\"", "Port=\"2222\"", "User=\"me\"", "BatchMode=yes"]
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
    fn what_cannot_be_used_is_named() {
        for (line, expected) in [
            ("", Error::NoHost),
            ("-v", Error::NoHost),
            ("''", Error::NoHost),
            ("-Z h", Error::Unknown('Z')),
            ("--verbose h", Error::Unknown('-')),
            ("h -p", Error::MissingArgument('p')),
            ("-vp", Error::MissingArgument('p')),
            ("-J j h", Error::Unsupported { option: 'J', what: "jump hosts" }),
            ("-p 0 h", Error::Destination(destination::Error::Port { port: "0".into() })),
            ("-p ssh h", Error::Destination(destination::Error::Port { port: "ssh".into() })),
        ] {
            assert_eq!(parse(line), Err(expected), "{line}");
        }
        assert!(matches!(parse("ssh://-oX").unwrap().destination(), Err(Error::Destination(_))));
    }
}

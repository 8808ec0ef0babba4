//! The letters of ssh(1) that only say what is in force, for `tetherm config`.

use term::ssh::config::option;

use super::{Options, Tty};

/// The letters that take an argument.
pub(super) const WITH_ARGUMENT: &str = "BDEIJLRSWbcemw";

impl Options {
    /// What was said, with what the letters for a terminal, a session and the log stand for.
    #[must_use]
    pub fn all_switches(&self) -> Vec<String> {
        let tty = match self.tty {
            Tty::Unsaid => None,
            Tty::Yes => Some("yes"),
            Tty::Force => Some("force"),
            Tty::No => Some("no"),
        };
        let level = match (self.quiet, self.verbosity) {
            (true, _) => Some("quiet"),
            (false, 0) => None,
            (false, 1) => Some("debug1"),
            (false, 2) => Some("debug2"),
            (false, _) => Some("debug3"),
        };
        let settings = [
            ("RequestTTY", tty),
            ("LogLevel", level),
            ("StdinNull", self.no_input.then_some("yes")),
            ("SessionType", self.no_command.then_some("none")),
        ];
        settings.into_iter().filter_map(|(keyword, value)| Some(option(keyword, value?))).collect()
    }

    /// Takes a letter without argument; false if it is none of these.
    pub(super) fn more_switch(&mut self, letter: char) -> bool {
        match letter {
            'A' => self.set("ForwardAgent", "yes"),
            'a' => self.set("ForwardAgent", "no"),
            'K' => {
                self.set("GSSAPIAuthentication", "yes");
                self.set("GSSAPIDelegateCredentials", "yes");
            }
            'k' => self.set("GSSAPIDelegateCredentials", "no"),
            'M' => self.set("ControlMaster", if self.is_master() { "ask" } else { "yes" }),
            'f' => {
                self.set("ForkAfterAuthentication", "yes");
                self.set("StdinNull", "yes");
            }
            'g' => self.set("GatewayPorts", "yes"),
            's' => self.set("SessionType", "subsystem"),
            // What is printed, and where the log goes.
            'G' | 'y' => {}
            _ => return false,
        }
        true
    }

    fn is_master(&self) -> bool {
        self.switches.iter().any(|(keyword, _)| *keyword == "ControlMaster")
    }

    /// Takes a letter with its argument; false if it is none of these.
    pub(super) fn more_argument(&mut self, letter: char, argument: &str, after: bool) -> bool {
        match letter {
            'B' => self.set("BindInterface", argument),
            'I' => self.set("PKCS11Provider", argument),
            'S' => self.set("ControlPath", argument),
            'b' => self.set("BindAddress", argument),
            'c' => self.set("Ciphers", argument),
            'e' => self.set("EscapeChar", argument),
            'm' => self.set("MACs", argument),
            'w' => {
                self.set("Tunnel", "yes");
                self.set("TunnelDevice", argument);
            }
            // The rest of a line, whatever it holds: not to be quoted.
            'J' => self.push(format!("ProxyJump={argument}"), after),
            'D' => self.push(option("DynamicForward", argument), after),
            'L' => self.push(forward("LocalForward", argument, true), after),
            'R' => self.push(forward("RemoteForward", argument, false), after),
            'W' => {
                for (keyword, value) in [("RequestTTY", "no"), ("SessionType", "none"), ("ExitOnForwardFailure", "yes")]
                {
                    self.set(keyword, value);
                }
                self.set("ClearAllForwardings", "yes");
            }
            // Where the log goes.
            'E' => {}
            _ => return false,
        }
        true
    }
}

/// `-L` and `-R` join with colons what the keyword has as two words. A remote one without a target is dynamic.
fn forward(keyword: &str, specification: &str, has_target: bool) -> String {
    let colons = colons(specification);
    let second = colons.first().and_then(|at| specification.get(at + 1..)).unwrap_or_default();
    let split = has_target || colons.len() > 1 || second.starts_with('/');
    match colons.first().filter(|_| split).and_then(|at| specification.split_at_checked(*at)) {
        Some((listen, target)) => {
            let target = target.strip_prefix(':').unwrap_or(target);
            format!("{} {}", option(keyword, listen), quoted(target))
        }
        None => option(keyword, specification),
    }
}

/// Where the colons are that no brackets protect.
fn colons(specification: &str) -> Vec<usize> {
    let mut inside = false;
    let is_colon = |(at, c): (usize, char)| {
        inside = (inside || c == '[') && c != ']';
        (c == ':' && !inside).then_some(at)
    };
    specification.char_indices().filter_map(is_colon).collect()
}

fn quoted(word: &str) -> String {
    option("", word).trim_start_matches('=').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwardings_are_split_into_two_words() {
        for (keyword, specification, expected) in [
            ("LocalForward", "80:h:81", "LocalForward=\"80\" \"h:81\""),
            ("LocalForward", "[::1]:80:h:81", "LocalForward=\"[::1]\" \"80:h:81\""),
            ("LocalForward", "80", "LocalForward=\"80\""),
            ("RemoteForward", "1080", "RemoteForward=\"1080\""),
            ("RemoteForward", "h:1080", "RemoteForward=\"h:1080\""),
            ("RemoteForward", "80:/s", "RemoteForward=\"80\" \"/s\""),
            ("RemoteForward", "80:h:81", "RemoteForward=\"80\" \"h:81\""),
        ] {
            assert_eq!(forward(keyword, specification, keyword == "LocalForward"), expected);
        }
    }
}

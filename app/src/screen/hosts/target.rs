//! Where the user wants to go.

use term::ssh::Destination;

use crate::cli::quick;
use crate::store::host;

/// A host that was chosen, or a destination that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A saved host.
    Saved(host::Id),
    /// What was typed, or an alias of `~/.ssh/config`.
    Typed {
        /// Where to.
        destination: Destination,
        /// `Keyword=value` options of ssh_config(5) that win over the configuration files.
        options: Vec<String>,
    },
}

impl Target {
    /// Reads `user@host:port`, `ssh://…`, an `ssh` command as it would be typed in a shell, or an alias.
    ///
    /// # Errors
    /// What is wrong, in words for the user.
    pub fn parse(text: &str) -> Result<Self, String> {
        let quick::Target { destination, options } = quick::parse(text).map_err(|error| error.to_string())?;
        Ok(Self::Typed { destination, options })
    }

    /// The destination of what was typed where nothing but a host, a user and a port was.
    pub(super) fn plain(&self) -> Option<Destination> {
        let Self::Typed { destination, options } = self else { return None };
        let mut destination = destination.clone();
        for option in options {
            let (keyword, value) = option.split_once('=')?;
            let value = value.trim_matches('"');
            match keyword {
                "User" => destination.user = Some(value.to_owned()),
                "Port" => destination.port = Some(value.parse().ok()?),
                _ => return None,
            }
        }
        Some(destination)
    }

    /// An alias of `~/.ssh/config`, which says everything else.
    #[must_use]
    pub fn alias(name: &str) -> Self {
        Self::Typed { destination: Destination { host: name.to_owned(), user: None, port: None }, options: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ssh_command_line_leads_where_ssh_would_go() {
        let Ok(Target::Typed { destination, options }) = Target::parse("ssh me@host -p 2222") else { panic!() };
        assert_eq!((destination.host.as_str(), destination.user.as_deref()), ("host", Some("me")));
        assert!(options.contains(&"Port=\"2222\"".to_owned()), "{options:?}");
        let Ok(Target::Typed { options, .. }) = Target::parse("ssh -J jump host") else { panic!() };
        assert_eq!(options, ["ProxyJump=jump"]);
        assert!(Target::parse("ssh -W other:22 host").is_err_and(|error| error.contains("-W")));
    }
}

//! Where the user wants to go.

use term::ssh::Destination;

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
        let destination = Destination::parse(text.trim()).map_err(|error| error.to_string())?;
        Ok(Self::Typed { destination, options: Vec::new() })
    }

    /// An alias of `~/.ssh/config`, which says everything else.
    #[must_use]
    pub fn alias(name: &str) -> Self {
        Self::Typed { destination: Destination { host: name.to_owned(), user: None, port: None }, options: Vec::new() }
    }
}

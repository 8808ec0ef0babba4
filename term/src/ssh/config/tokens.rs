//! `%` tokens and `${…}` in values (ssh_config(5), "TOKENS" and "ENVIRONMENT VARIABLES").

use std::collections::HashMap;

use sha1::{Digest, Sha1};

use super::context::Context;
use crate::ssh::Host;

/// What the tokens stand for.
#[derive(Debug, Clone)]
pub(in crate::ssh) struct Tokens(Vec<(char, String)>);

/// What a destination adds to what is known of the local side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Remote<'a> {
    pub(super) original: &'a str,
    pub(super) host: &'a str,
    pub(super) key_alias: &'a str,
    pub(super) port: u16,
    pub(super) user: &'a str,
    pub(super) jump: &'a str,
}

/// Replaces `${NAME}` and nothing else.
pub(super) fn variables(text: &str, environment: &HashMap<String, String>) -> Result<String, String> {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable)) = rest.split_once("${") {
        expanded.push_str(before);
        rest = variable_value(variable, environment, &mut expanded)?;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

/// Appends the value of what stands behind `${`; what follows the variable is returned.
fn variable_value<'a>(
    variable: &'a str,
    environment: &HashMap<String, String>,
    expanded: &mut String,
) -> Result<&'a str, String> {
    let (name, rest) =
        variable.split_once('}').ok_or_else(|| format!("environment variable '{variable}' missing closing '}}'"))?;
    if name.is_empty() {
        return Err("zero-length environment variable".to_owned());
    }
    let value = environment.get(name).ok_or_else(|| format!("env var ${{{name}}} has no value"))?;
    expanded.push_str(value);
    Ok(rest)
}

impl Tokens {
    /// `%h` alone, as `HostName` takes it.
    pub(super) fn host(host: &str) -> Self {
        Self(vec![('h', host.to_owned())])
    }

    /// The tokens of the local side.
    pub(super) fn local(context: &Context) -> Self {
        let short = context.local_host.split('.').next().unwrap_or_default();
        Self(vec![
            ('d', context.home.to_string_lossy().into_owned()),
            ('i', context.uid.to_string()),
            ('L', short.to_owned()),
            ('l', context.local_host.clone()),
            ('u', context.user.clone()),
        ])
    }

    /// The tokens of both sides.
    pub(super) fn both(context: &Context, remote: Remote<'_>) -> Self {
        let mut tokens = Self::local(context);
        let port = remote.port.to_string();
        let mut hash = Sha1::new();
        for part in [&context.local_host, remote.host, &port, remote.user, remote.jump] {
            hash.update(part.as_bytes());
        }
        let hash = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        tokens.0.extend([
            ('C', hash),
            ('h', remote.host.to_owned()),
            ('j', remote.jump.to_owned()),
            ('k', remote.key_alias.to_owned()),
            ('n', remote.original.to_owned()),
            ('p', port),
            ('r', remote.user.to_owned()),
        ]);
        tokens
    }

    /// What `ProxyCommand` takes.
    pub(in crate::ssh) fn proxy(host: &Host) -> Self {
        Self(vec![
            ('h', host.host_name.clone()),
            ('n', host.alias.clone()),
            ('p', host.port.to_string()),
            ('r', host.user.clone()),
        ])
    }

    /// What `LocalCommand` takes, for the user of this process.
    pub(in crate::ssh) fn local_command(host: &Host) -> Self {
        let remote = Remote {
            original: &host.alias,
            host: &host.host_name,
            key_alias: host.host_key_alias.as_deref().unwrap_or(&host.alias),
            port: host.port,
            user: &host.user,
            jump: host.proxy_jump.as_deref().unwrap_or_default(),
        };
        let mut tokens = Self::both(&Context::of_process(), remote);
        // No tunnel devices.
        tokens.0.push(('T', "NONE".to_owned()));
        tokens
    }

    /// Replaces the tokens, and `${NAME}` where an environment is given. The message of an error is OpenSSH's.
    pub(in crate::ssh) fn expand(
        &self,
        text: &str,
        environment: Option<&HashMap<String, String>>,
    ) -> Result<String, String> {
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['%', '$']) {
            let (before, special) = rest.split_at(at);
            expanded.push_str(before);
            rest = match (special.strip_prefix("${"), special.strip_prefix('%'), environment) {
                (Some(variable), _, Some(environment)) => variable_value(variable, environment, &mut expanded)?,
                (_, Some(token), _) => self.token(token, &mut expanded)?,
                // A lone dollar sign.
                _ => {
                    let mut characters = special.chars();
                    expanded.extend(characters.next());
                    characters.as_str()
                }
            };
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    fn token<'a>(&self, text: &'a str, expanded: &mut String) -> Result<&'a str, String> {
        let mut characters = text.chars();
        match characters.next() {
            None => return Err("invalid format: % at the end; write %% for a literal %".to_owned()),
            Some('%') => expanded.push('%'),
            Some(name) => match self.0.iter().find(|(token, _)| *token == name) {
                Some((_, value)) => expanded.push_str(value),
                None => return Err(format!("unknown key %{name}; write %% for a literal %")),
            },
        }
        Ok(characters.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_variables_are_replaced() {
        let tokens = Tokens(vec![('h', "host".into()), ('u', "me".into())]);
        let environment = HashMap::from([("X".to_owned(), "%h".to_owned())]);
        for (text, expected) in [
            ("", Ok("")),
            ("%h-%u", Ok("host-me")),
            ("100%%", Ok("100%")),
            ("a$b", Ok("a$b")),
            // What a variable holds is not expanded again.
            ("${X}/%h", Ok("%h/host")),
            ("ü%h", Ok("ühost")),
            ("%x", Err("unknown key %x")),
            ("50%", Err("invalid format")),
            ("${NO}", Err("env var ${NO} has no value")),
            ("${X", Err("missing closing '}'")),
        ] {
            match (tokens.expand(text, Some(&environment)), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
        assert_eq!(tokens.expand("${X}", None).unwrap(), "${X}");
    }
}

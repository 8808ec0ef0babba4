//! `KnownHostsCommand`: a program that prints lines of known_hosts (ssh_config(5)).

use std::collections::HashMap;
use std::io::Read;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use russh::keys::PublicKey;
use sha1::{Digest, Sha1};

use super::Error;
use crate::ssh::config::Context;
use crate::ssh::fingerprint::Fingerprint;
use crate::ssh::host::FingerprintHash;
use crate::ssh::{Host, failure};

/// How long the program may take.
const LIMIT: Duration = Duration::from_secs(30);

/// How much of what it prints is read.
const OUTPUT_LIMIT: u64 = 16 * 1024 * 1024;

/// What the program is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invocation {
    /// The keys of the host's name.
    HostName,
    /// The keys of its address, with `CheckHostIP`.
    Address,
    /// The types of the keys that are known, before there is one to check.
    Order,
}

/// `KnownHostsCommand`, taken apart into a program and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    program: String,
    arguments: Vec<String>,
    /// What tokens stand for, besides those that depend on the question.
    tokens: HashMap<char, String>,
    hash: FingerprintHash,
}

impl Command {
    /// The keyword of ssh_config(5).
    pub const KEYWORD: &str = "KnownHostsCommand";

    /// The command that `host` names, if it does.
    ///
    /// # Errors
    /// [`Error::Command`] where quotes do not fit or no program is named.
    pub fn of(host: &Host) -> Result<Option<Self>, Error> {
        let value = host.known_hosts_command.as_deref().filter(|command| !command.eq_ignore_ascii_case("none"));
        let parse = |value| Self::parse(value, tokens(host, &Context::of_process()), host.fingerprint_hash);
        value.map(parse).transpose()
    }

    /// Takes the value of the keyword, and what the tokens that every command has stand for. It is started without a
    /// shell, so what a token stands for stays one argument.
    fn parse(value: &str, tokens: HashMap<char, String>, hash: FingerprintHash) -> Result<Self, Error> {
        let words = words(value).ok_or_else(|| fail(value, "its quotes do not fit"))?;
        let mut words = words.into_iter();
        let program = words.next().ok_or_else(|| fail(value, "no program is named"))?;
        // As in ssh(1): found along no search path.
        if !program.starts_with('/') {
            return Err(fail(&program, "the program has to be named by its absolute path"));
        }
        Ok(Self { program, arguments: words.collect(), tokens, hash })
    }

    /// What the program prints about `name`, as known_hosts writes it, and `key` where there is one already. Blocks.
    ///
    /// # Errors
    /// [`Error::Command`] where it cannot be started, fails or takes too long.
    pub fn run(&self, invocation: Invocation, name: &str, key: Option<&PublicKey>) -> Result<Vec<u8>, Error> {
        let arguments = self.arguments(invocation, name, key)?;
        log::debug!("{}: {} {arguments:?}", Self::KEYWORD, self.program);
        let mut child = std::process::Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| fail(&self.program, &failure::words(&error)))?;
        let result = self.output(&mut child);
        // It has ended already where all went well.
        let _ = child.kill();
        let _ = child.wait();
        result
    }

    fn output(&self, child: &mut Child) -> Result<Vec<u8>, Error> {
        let broken = |error: std::io::Error| fail(&self.program, &failure::words(&error));
        let stdout = child.stdout.take();
        let reader = std::thread::spawn(move || {
            let mut printed = Vec::new();
            let read = stdout.map(|stdout| stdout.take(OUTPUT_LIMIT).read_to_end(&mut printed)).transpose();
            read.map(|_| printed)
        });
        let deadline = Instant::now() + LIMIT;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(broken)? {
                break status;
            }
            if Instant::now() > deadline {
                return Err(fail(&self.program, &format!("it did not end within {} s", LIMIT.as_secs())));
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        if !status.success() {
            return Err(fail(&self.program, &format!("it failed ({status})")));
        }
        match reader.join() {
            Ok(printed) => printed.map_err(broken),
            Err(_) => Err(fail(&self.program, "what it printed could not be read")),
        }
    }

    fn arguments(&self, invocation: Invocation, name: &str, key: Option<&PublicKey>) -> Result<Vec<String>, Error> {
        let none = || "NONE".to_owned();
        let mut tokens = self.tokens.clone();
        let invocation = match invocation {
            Invocation::HostName => "HOSTNAME",
            Invocation::Address => "ADDRESS",
            Invocation::Order => "ORDER",
        };
        tokens.extend([
            ('H', name.to_owned()),
            ('I', invocation.to_owned()),
            ('t', key.map_or_else(none, type_name)),
            ('f', key.map_or_else(none, |key| Fingerprint::with(key, self.hash).to_string())),
            ('K', key.and_then(|key| key.to_bytes().ok()).map_or_else(none, |blob| STANDARD.encode(blob))),
        ]);
        self.arguments
            .iter()
            .map(|argument| expand(argument, &tokens))
            .collect::<Result<_, _>>()
            .map_err(|token: char| fail(&self.program, &format!("%{token} is unknown; write %% for a literal %")))
    }
}

fn type_name(key: &PublicKey) -> String {
    match key.key_data().certificate() {
        Some(certificate) => certificate.algorithm().to_certificate_type(),
        None => key.algorithm().as_str().to_owned(),
    }
}

/// What the tokens of ssh_config(5) stand for that every command has.
fn tokens(host: &Host, context: &Context) -> HashMap<char, String> {
    let jump = host.proxy_jump.as_deref().filter(|jump| !jump.eq_ignore_ascii_case("none")).unwrap_or_default();
    let port = host.port.to_string();
    let mut hash = Sha1::new();
    for part in [&context.local_host, host.host_name.as_str(), &port, &host.user, jump] {
        hash.update(part.as_bytes());
    }
    HashMap::from([
        ('C', hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
        ('d', context.home.to_string_lossy().into_owned()),
        ('h', host.host_name.clone()),
        ('i', context.uid.to_string()),
        ('j', jump.to_owned()),
        ('k', host.host_key_alias.clone().unwrap_or_else(|| host.alias.clone())),
        ('L', context.local_host.split('.').next().unwrap_or_default().to_owned()),
        ('l', context.local_host.clone()),
        ('n', host.alias.clone()),
        ('p', port),
        ('r', host.user.clone()),
        ('u', context.user.clone()),
    ])
}

fn fail(command: &str, reason: &str) -> Error {
    Error::Command { command: command.to_owned(), reason: reason.to_owned() }
}

/// Words as `argv_split` in misc.c takes them apart: blanks separate, quotes of both kinds keep together, a backslash
/// takes the meaning from a quote and from itself.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if matches!(characters.peek(), Some('\'' | '"' | '\\'))
                || (quote.is_none() && characters.peek() == Some(&' ')) =>
            {
                word.get_or_insert_default().extend(characters.next());
            }
            '\'' | '"' if quote == Some(character) => quote = None,
            '\'' | '"' if quote.is_none() => {
                quote = Some(character);
                let _ = word.get_or_insert_default();
            }
            ' ' | '\t' if quote.is_none() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// Replaces tokens; an error is the token that nobody knows.
fn expand(text: &str, tokens: &HashMap<char, String>) -> Result<String, char> {
    let mut expanded = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => match characters.next() {
                Some('%') => expanded.push('%'),
                Some(token) => expanded.push_str(tokens.get(&token).ok_or(token)?),
                None => return Err(' '),
            },
            other => expanded.push(other),
        }
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_taken_apart_as_ssh_takes_it() {
        for (text, expected) in [
            ("/bin/a b  c", Some(vec!["/bin/a", "b", "c"])),
            ("/bin/a 'b c' \"d'e\"", Some(vec!["/bin/a", "b c", "d'e"])),
            (r#"/bin/a \"b \'c \\d e\f"#, Some(vec!["/bin/a", "\"b", "'c", "\\d", "e\\f"])),
            ("/bin/a ''", Some(vec!["/bin/a", ""])),
            ("/bin/a 'b", None),
        ] {
            let found = words(text);
            assert_eq!(found.as_ref().map(|found| found.iter().map(String::as_str).collect()), expected, "{text}");
        }
        for bad in ["", "   ", "relative a", "/bin/a \"b"] {
            assert!(Command::parse(bad, HashMap::new(), FingerprintHash::Sha256).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_it_prints_is_read_and_tokens_stay_one_argument() {
        let tokens = HashMap::from([('h', "a b; $(false)".to_owned())]);
        let parse = |command| Command::parse(command, tokens.clone(), FingerprintHash::Sha256).unwrap();
        let command = parse("/usr/bin/printf '%%s|' %h %I %H %t %f %K");
        let printed = command.run(Invocation::Order, "[h]:2222", None).unwrap();
        assert_eq!(String::from_utf8(printed).unwrap(), "a b; $(false)|ORDER|[h]:2222|NONE|NONE|NONE|");
        for (command, told) in
            [("/bin/false", "it failed"), ("/no/such/program", "no such file"), ("/bin/echo %x", "%x is unknown")]
        {
            let error = parse(command).run(Invocation::Order, "h", None).unwrap_err();
            assert!(error.to_string().to_lowercase().contains(told), "{error}");
        }
    }
}

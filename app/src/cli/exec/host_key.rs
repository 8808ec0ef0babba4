//! What is said of a server's host key, in ssh(1)'s words (`check_host_key` in sshconnect.c): scripts look for them.

use std::path::Path;

use term::ssh::connection::KeyTaken;
use term::ssh::fingerprint::Fingerprint;
use term::ssh::host::{ForwardAgent, StrictHostKeyChecking, Tunnel, YesNoAsk};
use term::ssh::known_hosts::Place;
use term::ssh::{Error, Host};

use super::logger::{self, BREAK};

const RULE: &str = "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@";

/// What ends a connection whose key is not accepted.
pub(super) const FAILED: &str = "Host key verification failed.";

/// Says what became of the key of `host`.
pub(super) fn tell(taken: &KeyTaken, host: &Host) {
    match taken {
        KeyTaken::Unverified { name, offered, expected, place, of_address: false } => {
            logger::error(&changed(name, offered, expected, place, host));
            disabled(host).for_each(|what| {
                logger::error(&format!("{what} is disabled to avoid man-in-the-middle attacks."));
            });
            if host.update_host_keys != YesNoAsk::No {
                logger::error("UpdateHostkeys is disabled because the host key is not trusted.");
            }
        }
        taken => logger::info(&words(taken, host)),
    }
}

fn words(taken: &KeyTaken, host: &Host) -> String {
    match taken {
        KeyTaken::Saved { name, address, fingerprint, .. } => {
            let names = match address {
                Some(address) => format!("{name},{address}"),
                None => name.clone(),
            };
            format!("Warning: Permanently added '{names}' ({}) to the list of known hosts.", fingerprint.key_type())
        }
        KeyTaken::AddressSaved { address, fingerprint } => format!(
            "Warning: Permanently added the {} host key for IP address '{address}' to the list of known hosts.",
            fingerprint.key_type()
        ),
        KeyTaken::NotSaved { path, address: None, .. } => {
            format!("Failed to add the host to the list of known hosts ({}).", file(path.as_deref()))
        }
        KeyTaken::NotSaved { path, address: Some(address), fingerprint, .. } => format!(
            "Failed to add the {} host key for IP address '{address}' to the list of known hosts ({}).",
            fingerprint.key_type(),
            file(path.as_deref())
        ),
        KeyTaken::Pictured { fingerprint, .. } => {
            let picture = fingerprint.randomart().replace('\n', &BREAK.to_string());
            format!("Host key fingerprint is {fingerprint}{BREAK}{picture}")
        }
        // Of an address: a name with another key is told as an error.
        KeyTaken::Unverified { name, offered, place, .. } => format!(
            "Warning: the {} host key for '{}' differs from the key for the IP address '{name}'{BREAK}Offending key for \
             IP in {place}",
            offered.key_type(),
            host.known_as().0
        ),
    }
}

fn file(path: Option<&Path>) -> String {
    path.map(|path| path.display().to_string()).unwrap_or_default()
}

/// What a server whose key is not the known one does not get.
fn disabled(host: &Host) -> impl Iterator<Item = &'static str> {
    let ports = !host.local_forward.is_empty() || !host.remote_forward.is_empty() || !host.dynamic_forward.is_empty();
    [
        ("Password authentication", host.password_authentication),
        ("Keyboard-interactive authentication", host.kbd_interactive_authentication),
        ("Agent forwarding", host.forward_agent != ForwardAgent::No),
        ("X11 forwarding", host.forward_x11),
        ("Port forwarding", ports),
        ("Tunnel forwarding", host.tunnel != Tunnel::No),
    ]
    .into_iter()
    .filter_map(|(what, wanted)| wanted.then_some(what))
}

/// What ssh(1) says of a key for which the connection is given up; `None` for other errors.
pub(super) fn refused(error: &Error, host: &Host) -> Option<String> {
    Some(match error {
        Error::HostKeyRefused { name, fingerprint, .. } => {
            // With BatchMode alone the question that nobody answers is passed over in silence, and so is that there is
            // no file to save a key into.
            let strict = host.strict_host_key_checking == StrictHostKeyChecking::Yes;
            let strict = strict && !host.user_known_hosts_file.is_empty();
            let known = format!(
                "No {} host key is known for {name} and you have requested strict checking.\n",
                fingerprint.key_type()
            );
            format!("{}{FAILED}", if strict { known } else { String::new() })
        }
        Error::HostKeyChanged { name, offered, expected, place } => format!(
            "{}\nHost key for {name} has changed and you have requested strict checking.\n{FAILED}",
            changed(name, offered, expected, place, host)
        ),
        Error::HostKeyRevoked { name, fingerprint, .. } => {
            let kind = fingerprint.key_type();
            format!(
                "{RULE}\n@       WARNING: REVOKED HOST KEY DETECTED!               @\n{RULE}\n\
                 The {kind} host key for {name} is marked as revoked.\n\
                 This could mean that a stolen key is being used to\nimpersonate this host.\n\
                 {kind} host key for {name} was revoked and you have requested strict checking.\n{FAILED}"
            )
        }
        _ => return None,
    })
}

fn changed(name: &str, offered: &Fingerprint, expected: &Fingerprint, place: &Place, host: &Host) -> String {
    let path = place.path.display();
    format!(
        "{RULE}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n{RULE}\n\
         IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\n\
         Someone could be eavesdropping on you right now (man-in-the-middle attack)!\n\
         It is also possible that a host key has just been changed.\n\
         The fingerprint for the {kind} key sent by the remote host is{BREAK}{offered}.\n\
         Please contact your system administrator.\n\
         Add correct host key in {first} to get rid of this message.\n\
         Offending {known} key in {path}:{line}\n  remove with:\n  ssh-keygen -f \"{path}\" -R \"{name}\"",
        kind = offered.key_type(),
        known = expected.key_type(),
        line = place.line,
        first = host.user_known_hosts_file.first().unwrap_or(&place.path).display(),
    )
}

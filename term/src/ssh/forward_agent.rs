//! The agent at the other end of a connection (`ForwardAgent` of ssh_config(5)).
//!
//! ```text
//!   server ◄── auth-agent@openssh.com channel ──► Relay: requests 11, 13, session-bind only ──► the agent's socket
//!                                                   └─ each signature is told to the user
//! ```
//!
//! Whoever is root on the server can use the keys for as long as the connection lasts. So nothing but listing keys,
//! signing and binding passes (CVE-2023-38408 came through the rest), and each use is told. The agent itself learns which
//! server its channel comes from, for keys with destination constraints (`session-bind@openssh.com`, OpenSSH's
//! PROTOCOL.agent).

use std::io;
use std::path::PathBuf;

use russh::keys::PublicKey;
use russh::keys::agent::AgentSessionBinding;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::UnixStream;

use super::fingerprint::Fingerprint;
use super::visible::Visible;

/// `SSH_AGENT_FAILURE` (draft-miller-ssh-agent section 6.1).
const FAILURE: u8 = 5;

/// `SSH_AGENTC_REQUEST_IDENTITIES`.
const REQUEST_IDENTITIES: u8 = 11;

/// `SSH_AGENTC_SIGN_REQUEST`.
const SIGN_REQUEST: u8 = 13;

/// `SSH_AGENTC_EXTENSION`.
const EXTENSION: u8 = 27;

/// The one extension that passes.
const SESSION_BIND: &[u8] = b"session-bind@openssh.com";

/// The longest message; OpenSSH's agent takes no longer one (`AGENT_MAX_LEN`).
const LONGEST: usize = 256 * 1024;

/// What a server did with the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Use {
    /// It asked which keys there are.
    Listed,
    /// It had something signed.
    Signed {
        /// The key's fingerprint, or what stands for one that cannot be read.
        key: String,
        /// The user as whom it logs in elsewhere with the signature, where it is for that; control characters made
        /// visible.
        user: Option<String>,
    },
    /// It asked for something else and did not get it.
    Refused,
}

/// An agent that may be used from a server.
#[derive(Debug)]
pub(super) struct Relay {
    socket: PathBuf,
    binding: Option<AgentSessionBinding>,
}

impl Relay {
    pub(super) fn new(socket: PathBuf, binding: Option<AgentSessionBinding>) -> Self {
        Self { socket, binding }
    }

    /// Joins a channel to the agent until either ends. `tell` hears each use.
    pub(super) async fn serve(
        &self,
        mut channel: impl AsyncRead + AsyncWrite + Unpin,
        tell: impl Fn(Use),
    ) -> io::Result<()> {
        let mut agent = UnixStream::connect(&self.socket).await?;
        if let Some(binding) = &self.binding {
            write(&mut agent, &bind(binding)).await?;
            // An agent that does not know this has no such constraints either.
            let _ = read(&mut agent).await?;
        }
        while let Some(request) = read(&mut channel).await? {
            let used = judge(&request);
            let answer = match used {
                Some(Use::Refused) => vec![FAILURE],
                _ => {
                    write(&mut agent, &request).await?;
                    read(&mut agent).await?.ok_or(io::ErrorKind::UnexpectedEof)?
                }
            };
            // What the agent refused was not used.
            if let Some(used) = used
                && (used == Use::Refused || answer.first() != Some(&FAILURE))
            {
                tell(used);
            }
            write(&mut channel, &answer).await?;
        }
        Ok(())
    }
}

/// What a request is for; `None` for a binding, which tells the agent more and asks for nothing.
fn judge(request: &[u8]) -> Option<Use> {
    match request.split_first() {
        Some((&REQUEST_IDENTITIES, [])) => Some(Use::Listed),
        Some((&SIGN_REQUEST, rest)) => Some(signed(rest).unwrap_or(Use::Refused)),
        Some((&EXTENSION, rest)) if string(rest).is_some_and(|(name, _)| name == SESSION_BIND) => None,
        _ => Some(Use::Refused),
    }
}

/// What is to be signed: a key, the data, flags. For a login (RFC 4252 section 7) the data says who is to be let in.
fn signed(request: &[u8]) -> Option<Use> {
    let (key, rest) = string(request)?;
    let (data, _flags) = string(rest)?;
    let key = match PublicKey::from_bytes(key) {
        Ok(key) => {
            let fingerprint = Fingerprint::of(&key);
            format!("{} {fingerprint}", fingerprint.key_type())
        }
        Err(_) => "a key of an unknown kind".to_owned(),
    };
    let user = string(data)
        .and_then(|(_session, rest)| rest.strip_prefix(&[50]))
        .and_then(string)
        .map(|(user, _)| Visible::line(&String::from_utf8_lossy(user), 64).to_string());
    Some(Use::Signed { key, user })
}

/// `session-bind@openssh.com` for a channel that is forwarded.
fn bind(binding: &AgentSessionBinding) -> Vec<u8> {
    let mut message = vec![EXTENSION];
    for part in [SESSION_BIND, binding.host_key(), binding.session_id(), binding.signature()] {
        // Each is far shorter than 4 GiB.
        message.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        message.extend_from_slice(part);
    }
    message.push(1);
    message
}

/// The `string` of RFC 4251 section 5 at the beginning, and what follows it.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// The next message; `None` at the end.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let length = match stream.read_u32().await {
        Ok(length) => usize::try_from(length).unwrap_or(usize::MAX),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    if length == 0 || length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Grows with what comes: the length alone costs nothing.
    let mut message = Vec::new();
    let read = stream.take(length as u64).read_to_end(&mut message).await?;
    if read == length { Ok(Some(message)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len()).map_err(|_| io::ErrorKind::InvalidData)?;
    stream.write_all(&[&length.to_be_bytes(), message].concat()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_strings(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
        let mut message = vec![kind];
        for part in parts {
            message.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
            message.extend_from_slice(part);
        }
        message
    }

    #[test]
    fn only_listing_signing_and_binding_pass() {
        assert_eq!(judge(&[REQUEST_IDENTITIES]), Some(Use::Listed));
        assert_eq!(judge(&with_strings(EXTENSION, &[SESSION_BIND, b"key", b"id"])), None);
        // Adding, removing, locking, smartcards (CVE-2023-38408), other extensions, and what is no message.
        for kind in (0..=255).filter(|kind| ![REQUEST_IDENTITIES, SIGN_REQUEST, EXTENSION].contains(kind)) {
            assert_eq!(judge(&[kind]), Some(Use::Refused), "{kind}");
        }
        for message in [
            &[][..],
            &[REQUEST_IDENTITIES, 0],
            &[SIGN_REQUEST, 0, 0],
            &[SIGN_REQUEST, 255, 255, 255, 255],
            &[EXTENSION],
            &with_strings(EXTENSION, &[b"query"]),
            &with_strings(EXTENSION, &[b"session-bind@openssh.com.evil"]),
        ] {
            assert_eq!(judge(message), Some(Use::Refused), "{message:?}");
        }
    }

    #[test]
    fn a_signature_for_a_login_names_its_user() {
        let data =
            [&with_strings(0, &[b"session"])[1..], &[50], &with_strings(0, &[b"ro\x1bot", b"ssh"])[1..]].concat();
        let request = with_strings(SIGN_REQUEST, &[b"no key", &data]);
        let Some(Use::Signed { key, user }) = judge(&[&request[..], &[0; 4]].concat()) else { panic!() };
        assert_eq!((key.as_str(), user.as_deref()), ("a key of an unknown kind", Some("ro\\033ot")));
        let other = with_strings(SIGN_REQUEST, &[b"no key", b"SSHSIG"]);
        assert!(matches!(judge(&other), Some(Use::Signed { user: None, .. })));
    }
}

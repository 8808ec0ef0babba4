//! What is said to an agent (draft-ietf-sshm-ssh-agent, PROTOCOL.agent).

use std::time::Duration;

use russh::keys::agent::AgentSessionBinding;
use russh::keys::key::parse_public_key;
use russh::keys::ssh_encoding::{Decode, Encode};
use russh::keys::ssh_key::public::KeyData;
use russh::keys::{Certificate, HashAlg, PrivateKey, PublicKey};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use crate::ssh::visible::Visible;

/// Types of messages.
const FAILURE: u8 = 5;
const SUCCESS: u8 = 6;
const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;
const ADD_IDENTITY: u8 = 17;
const ADD_ID_CONSTRAINED: u8 = 25;
const EXTENSION: u8 = 27;

/// Constraints of keys that are added.
const CONSTRAIN_LIFETIME: u8 = 1;
const CONSTRAIN_CONFIRM: u8 = 2;

/// Flags of requests to sign.
const RSA_SHA2_256: u32 = 2;
const RSA_SHA2_512: u32 = 4;

/// The longest message that OpenSSH's agent sends or takes.
const LONGEST: usize = 256 * 1024;

/// The most keys that are taken from an agent (`MAX_AGENT_IDENTITIES` in authfd.c).
const MOST_KEYS: u32 = 2048;

/// How much of a key's name is kept.
const COMMENT: usize = 256;

/// What carries messages to and from an agent.
pub(in crate::ssh) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A connection to an agent.
pub(in crate::ssh) struct Client {
    stream: Box<dyn Stream>,
}

/// A key that an agent holds.
#[derive(Debug, Clone)]
pub(in crate::ssh) struct Held {
    /// The key; for a certificate, the one inside.
    pub(in crate::ssh) key: PublicKey,
    /// The certificate, where the agent holds one.
    pub(in crate::ssh) certificate: Option<Certificate>,
    /// What the agent knows it by: as a rule the name of a file. Control characters made visible.
    pub(in crate::ssh) comment: String,
    /// As the agent wrote it, to name it when it is to sign.
    pub(in crate::ssh) blob: Vec<u8>,
}

/// How an agent is to keep a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ssh) struct Constraints {
    /// For how long.
    pub(in crate::ssh) lifetime: Option<Duration>,
    /// It asks for each use.
    pub(in crate::ssh) confirm: bool,
}

impl Client {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream }
    }

    /// The keys it holds. Those of types that cannot be read here are left out.
    pub(super) async fn keys(&mut self) -> Result<Vec<Held>, String> {
        let answer = self.ask(&[REQUEST_IDENTITIES]).await?;
        match answer.split_first() {
            Some((&IDENTITIES_ANSWER, rest)) => held(rest).ok_or_else(|| "its answer is broken".to_owned()),
            Some((&FAILURE, _)) => Err("it refuses".to_owned()),
            _ => Err("its answer is no list of keys".to_owned()),
        }
    }

    /// Tells it which session it signs for, which keys with destination constraints need (PROTOCOL.agent,
    /// "session-bind@openssh.com").
    pub(in crate::ssh) async fn bind(&mut self, session: &AgentSessionBinding) -> Result<(), String> {
        let mut message = vec![EXTENSION];
        put(&mut message, b"session-bind@openssh.com")?;
        put(&mut message, session.host_key())?;
        put(&mut message, session.session_id())?;
        put(&mut message, session.signature())?;
        // Not forwarded.
        message.push(0);
        self.succeed(&message).await
    }

    /// Signs `data` and gives the signature as SSH encodes it; `hash` is RSA's.
    pub(in crate::ssh) async fn sign(
        &mut self,
        key: &Held,
        hash: Option<HashAlg>,
        data: &[u8],
    ) -> Result<Vec<u8>, String> {
        let rsa = key.key.key_data().is_rsa();
        let (flags, expected) = match hash {
            Some(HashAlg::Sha512) if rsa => (RSA_SHA2_512, "rsa-sha2-512"),
            Some(HashAlg::Sha256) if rsa => (RSA_SHA2_256, "rsa-sha2-256"),
            _ => (0, ""),
        };
        let mut message = vec![SIGN_REQUEST];
        put(&mut message, &key.blob)?;
        put(&mut message, data)?;
        message.extend(flags.to_be_bytes());
        let answer = self.ask(&message).await?;
        let Some((&SIGN_RESPONSE, mut rest)) = answer.split_first() else { return Err(refusal(&answer)) };
        let signature = Vec::<u8>::decode(&mut rest).map_err(|_| "its answer is broken")?;
        let made = String::decode(&mut signature.as_slice()).map_err(|_| "its signature is broken")?;
        // Old agents pass over the flags and sign with SHA-1, which the server did not ask for.
        if !expected.is_empty() && made != expected {
            return Err(format!("it signed with {} instead of {expected}", Visible::line(&made, COMMENT)));
        }
        Ok(signature)
    }

    /// Gives it a key to keep.
    pub(in crate::ssh) async fn add(
        &mut self,
        key: &PrivateKey,
        comment: &str,
        constraints: Constraints,
    ) -> Result<(), String> {
        let constrained = constraints != Constraints::default();
        let mut message = Zeroizing::new(vec![if constrained { ADD_ID_CONSTRAINED } else { ADD_IDENTITY }]);
        // Room for all of it at once: a buffer that grows leaves copies of the key behind.
        message.reserve(LONGEST);
        key.key_data().encode(&mut *message).map_err(|error| error.to_string())?;
        put(&mut message, comment.as_bytes())?;
        if let Some(lifetime) = constraints.lifetime {
            message.push(CONSTRAIN_LIFETIME);
            message.extend(u32::try_from(lifetime.as_secs()).unwrap_or(u32::MAX).to_be_bytes());
        }
        if constraints.confirm {
            message.push(CONSTRAIN_CONFIRM);
        }
        self.succeed(&message).await
    }

    async fn succeed(&mut self, message: &[u8]) -> Result<(), String> {
        let answer = self.ask(message).await?;
        if answer.first() == Some(&SUCCESS) { Ok(()) } else { Err(refusal(&answer)) }
    }

    /// Sends a message and reads the answer.
    async fn ask(&mut self, message: &[u8]) -> Result<Vec<u8>, String> {
        let told = |error: std::io::Error| error.to_string().to_lowercase();
        let length = u32::try_from(message.len()).map_err(|_| "the request is too long")?;
        self.stream.write_all(&length.to_be_bytes()).await.map_err(told)?;
        self.stream.write_all(message).await.map_err(told)?;
        self.stream.flush().await.map_err(told)?;
        let length = usize::try_from(self.stream.read_u32().await.map_err(told)?).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err("its answer is too long".to_owned());
        }
        let mut answer = vec![0; length];
        let _ = self.stream.read_exact(&mut answer).await.map_err(told)?;
        Ok(answer)
    }
}

fn refusal(answer: &[u8]) -> String {
    match answer.first() {
        Some(&FAILURE) => "it refuses".to_owned(),
        _ => "its answer makes no sense".to_owned(),
    }
}

/// Appends a string (RFC 4251 section 5).
fn put(message: &mut Vec<u8>, text: &[u8]) -> Result<(), String> {
    text.encode(message).map_err(|error| error.to_string())
}

/// The keys of a list; `None` where the list itself is broken.
fn held(mut rest: &[u8]) -> Option<Vec<Held>> {
    let count = u32::decode(&mut rest).ok()?;
    let mut keys = Vec::new();
    for _ in 0..count.min(MOST_KEYS) {
        let blob = Vec::<u8>::decode(&mut rest).ok()?;
        let comment = String::from_utf8_lossy(&Vec::<u8>::decode(&mut rest).ok()?).into_owned();
        let Ok(key) = parse_public_key(&blob) else { continue };
        let (key, certificate) = match key.key_data() {
            KeyData::Certificate(certificate) => {
                (PublicKey::from(certificate.public_key().clone()), Some((**certificate).clone()))
            }
            _ => (key, None),
        };
        keys.push(Held { key, certificate, comment: Visible::line(&comment, COMMENT).to_string(), blob });
    }
    Some(keys)
}

//! Questions that only the user can answer, each with its own way back.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use super::known_hosts::{OtherName, Place};
use super::{Hop, Proxy, Secret};

/// One question of a keyboard-interactive round (RFC 4256 section 3.2). The server's words: show them as such.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The question, control characters made visible.
    pub text: String,
    /// Whether the answer may be shown while it is typed.
    pub echo: bool,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The host's key is in no known_hosts file. Answered by [`Answer::TrustAndSave`] or [`Answer::TrustOnce`].
    UnknownHostKey {
        /// The name the key would be saved under, as known_hosts writes it.
        name: String,
        /// The server's address, where it is not the name.
        address: Option<String>,
        /// The key's type as people say it: `ED25519`, `ECDSA`, `RSA`.
        key_type: String,
        /// `SHA256:` and unpadded base64.
        fingerprint: String,
        /// The picture that `ssh-keygen -lv` draws of the key.
        randomart: String,
        /// The file the key would be saved in.
        path: PathBuf,
        /// Other names that this very key is known by; a familiar one is a good sign.
        elsewhere: Vec<OtherName>,
    },
    /// The key is the host's, and its address is known by another (`CheckHostIP`). Answered by [`Answer::Yes`] or
    /// [`Answer::No`].
    AddressKeyDiffers {
        /// The host as known_hosts writes it.
        name: String,
        /// The address, in the same way.
        address: String,
        /// The key's type as people say it.
        key_type: String,
        /// The fingerprint of the key that the server presents.
        fingerprint: String,
        /// The fingerprint of the key that the address is known by.
        expected: String,
        /// Where the address is known from.
        place: Place,
        /// Where the host's own key is known from, unless it was not known before.
        matching: Option<Place>,
    },
    /// The server has other host keys than the known_hosts file (`UpdateHostKeys ask`). Answered by [`Answer::Yes`] or
    /// [`Answer::No`].
    UpdatedHostKeys {
        /// The host as known_hosts writes it.
        name: String,
        /// New keys, each with type and fingerprint. The server has proved that they are its own.
        new: Vec<String>,
        /// Known keys that the server does not have any more.
        obsolete: Vec<String>,
        /// The file they would be saved in.
        path: PathBuf,
    },
    /// A key was opened, and the agent could keep it (`AddKeysToAgent ask`). Answered by [`Answer::Yes`] or
    /// [`Answer::No`].
    AddKeyToAgent {
        /// The key file.
        path: PathBuf,
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// The user's password. Answered by [`Answer::Secret`].
    Password {
        /// Whether an earlier answer, or the saved password, was refused.
        retry: bool,
    },
    /// The password of a proxy on the way. Answered by [`Answer::Secret`].
    ProxyPassword {
        /// The proxy; it has a user.
        proxy: Box<Proxy>,
        /// Whether an earlier answer, or the saved password, was refused.
        retry: bool,
    },
    /// A key file's passphrase. Answered by [`Answer::Secret`].
    Passphrase {
        /// The key file.
        path: PathBuf,
        /// The key's fingerprint where the file tells it without the passphrase.
        fingerprint: Option<String>,
        /// Whether an earlier answer, or the saved passphrase, was wrong.
        retry: bool,
    },
    /// A round of keyboard-interactive. Answered by [`Answer::Responses`], one for each challenge.
    KeyboardInteractive {
        /// The server's name for the round; may be empty.
        name: String,
        /// The server's instruction; may be empty.
        instruction: String,
        /// The questions; never empty.
        challenges: Vec<Challenge>,
    },
}

/// The user's answer.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Trust the host key and save it.
    TrustAndSave,
    /// Trust the host key for this connection.
    TrustOnce,
    /// Yes.
    Yes,
    /// No, and go on.
    No,
    /// A password or passphrase.
    Secret(Secret),
    /// The responses to [`Question::KeyboardInteractive`], in order.
    Responses(Vec<Secret>),
}

/// A question that only the user can answer. It carries its own reply: [`Prompt::answer`] consumes it, dropping the
/// last clone means "no".
#[derive(Debug, Clone)]
pub struct Prompt {
    hop: Arc<Hop>,
    question: Arc<Question>,
    reply: Arc<Mutex<Option<oneshot::Sender<Answer>>>>,
}

impl Prompt {
    /// Makes a prompt and the receiver its answer arrives at; an error there means "no".
    #[must_use]
    pub fn new(hop: Hop, question: Question) -> (Self, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        (Self { hop: Arc::new(hop), question: Arc::new(question), reply: Arc::new(Mutex::new(Some(sender))) }, receiver)
    }

    /// Who asks: the host, or one on the way to it.
    #[must_use]
    pub fn hop(&self) -> &Hop {
        &self.hop
    }

    /// What is asked.
    #[must_use]
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// Gives the answer. Only the first answer to any clone counts.
    pub fn answer(self, answer: Answer) {
        let sender = self.reply.lock().ok().and_then(|mut reply| reply.take());
        if let Some(sender) = sender {
            // Nobody waits any more when the connection was given up meanwhile.
            let _ = sender.send(answer);
        }
    }
}

//! A key pair to log in with, in a file.

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use russh::keys::{Certificate, HashAlg, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use super::fingerprint::Fingerprint;
use super::{Secret, failure};

/// A key file is some kilobytes; this keeps a wrong path, such as a device, from filling the memory.
const FILE_LIMIT: u64 = 1024 * 1024;

/// Why a key file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("the key file {} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        cause: String,
    },
    /// Others can read it, so it is not used, as in OpenSSH.
    #[error("the key file {} is ignored because others can read it (mode {mode:04o})", path.display())]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It holds no key of a kind that can be read.
    #[error("the key file {} holds no usable private key: {cause}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The passphrase was wrong each time.
    #[error("wrong passphrase for the key file {}", path.display())]
    WrongPassphrase {
        /// The file.
        path: PathBuf,
    },
    /// It is encrypted, and no passphrase was given.
    #[error("the key file {} needs a passphrase and none was given", path.display())]
    NoPassphrase {
        /// The file.
        path: PathBuf,
    },
    /// The key cannot sign.
    #[error("the key in {} cannot sign: {cause}", path.display())]
    Signing {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
}

impl Error {
    /// The key file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Unreadable { path, .. }
            | Self::Permissions { path, .. }
            | Self::Malformed { path, .. }
            | Self::WrongPassphrase { path }
            | Self::NoPassphrase { path }
            | Self::Signing { path, .. } => path,
        }
    }
}

/// A key file, read and not yet decrypted.
pub struct Identity {
    path: PathBuf,
    text: Zeroizing<String>,
    public: Option<PublicKey>,
    certificate: Option<Certificate>,
    encrypted: bool,
}

impl Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("path", &self.path).field("encrypted", &self.encrypted).finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads a key file and, where they are beside it, its `.pub` and `-cert.pub`. Blocks.
    ///
    /// # Errors
    /// See [`Error`]. A file that is missing gives `Ok(None)`: most hosts name several that need not exist.
    pub fn load(path: &Path) -> Result<Option<Self>, Error> {
        let Some(text) = read(path)? else { return Ok(None) };
        let opened = open(&text);
        let (inside, encrypted) = match opened {
            Opened::Plain(key) => (Some(key.public_key().clone()), false),
            Opened::Encrypted(public) => (public, true),
            Opened::Not(cause) => return Err(Error::Malformed { path: path.to_owned(), cause }),
        };
        let public = inside.or_else(|| beside(path, ".pub").and_then(|text| PublicKey::from_openssh(&text).ok()));
        let certificate = beside(path, "-cert.pub")
            .and_then(|text| Certificate::from_openssh(&text).ok())
            .filter(|certificate| public.as_ref().is_none_or(|key| key.key_data() == certificate.public_key()));
        Ok(Some(Self { path: path.to_owned(), text, public, certificate, encrypted }))
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The public key, where it can be told without the passphrase.
    #[must_use]
    pub fn public_key(&self) -> Option<&PublicKey> {
        self.public.as_ref()
    }

    /// The certificate beside the key file, if it certifies this key.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Whether the private key needs a passphrase.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// The fingerprint, where it can be told without the passphrase.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        self.public.as_ref().map(|key| Fingerprint::of(key).to_string())
    }

    /// The private key. Blocks for as long as the key derivation takes, which is meant to be long.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], also where one is needed and none is given, and [`Error::Malformed`].
    pub fn unlock(&self, passphrase: Option<&Secret>) -> Result<PrivateKey, Error> {
        let passphrase = passphrase.filter(|_| self.encrypted).map(Secret::expose);
        decode(&self.text, passphrase).map_err(|cause| {
            if self.encrypted {
                Error::WrongPassphrase { path: self.path.clone() }
            } else {
                Error::Malformed { path: self.path.clone(), cause }
            }
        })
    }
}

/// What a key file tells without a passphrase.
enum Opened {
    Plain(Box<PrivateKey>),
    Encrypted(Option<PublicKey>),
    Not(String),
}

fn open(text: &str) -> Opened {
    match decode(text, None) {
        Ok(key) => return Opened::Plain(Box::new(key)),
        Err(cause) if !is_encrypted(text) => return Opened::Not(cause),
        Err(_) => {}
    }
    // OpenSSH's own format keeps the public half readable.
    Opened::Encrypted(PrivateKey::from_openssh(text).ok().map(|key| key.public_key().clone()))
}

fn is_encrypted(text: &str) -> bool {
    // RFC 7468, RFC 1421 (PEM), PuTTY's format and OpenSSH's, in this order.
    text.contains("BEGIN ENCRYPTED PRIVATE KEY")
        || text.contains("Proc-Type: 4,ENCRYPTED")
        || text.lines().any(|line| line.starts_with("Encryption:") && !line.contains("none"))
        || PrivateKey::from_openssh(text).is_ok_and(|key| key.is_encrypted())
}

/// Reads a key. The parsers below russh have panicked on malformed PKCS#8 before; such a file is a malformed file.
fn decode(text: &str, passphrase: Option<&str>) -> Result<PrivateKey, String> {
    match std::panic::catch_unwind(|| russh::keys::decode_secret_key(text, passphrase)) {
        Ok(Ok(key)) if key.is_encrypted() => Err("it is encrypted".to_owned()),
        Ok(Ok(key)) => Ok(key),
        Ok(Err(error)) => Err(error.to_string().to_lowercase()),
        Err(_) => Err("it cannot be parsed".to_owned()),
    }
}

fn read(path: &Path) -> Result<Option<Zeroizing<String>>, Error> {
    use std::io::Read;
    let unreadable = |error: std::io::Error| Error::Unreadable { path: path.to_owned(), cause: failure::words(&error) };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    check_permissions(path, &file.metadata().map_err(unreadable)?)?;
    let mut bytes = Zeroizing::new(Vec::new());
    let _ = file.take(FILE_LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Some(Zeroizing::new(text.to_owned()))),
        Err(_) => Err(Error::Malformed { path: path.to_owned(), cause: "it is not text".to_owned() }),
    }
}

/// A private key that others can read is no secret (`sshkey_perm_ok` in authfile.c). Files of other owners are let
/// through, as in OpenSSH: they cannot be corrected by this user.
#[cfg(unix)]
fn check_permissions(path: &Path, metadata: &std::fs::Metadata) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt;
    let own = rustix::process::getuid().as_raw() == metadata.uid();
    let mode = metadata.mode() & 0o777;
    if own && metadata.is_file() && mode & 0o077 != 0 {
        return Err(Error::Permissions { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_permissions(_: &Path, _: &std::fs::Metadata) -> Result<(), Error> {
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> Option<String> {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    std::fs::read_to_string(PathBuf::from(name)).ok()
}

/// Signs `data` with a private key and returns the signature as SSH encodes it; `hash` is RSA's.
pub(super) fn sign(key: &PrivateKey, hash: Option<HashAlg>, data: &[u8]) -> Result<Vec<u8>, String> {
    use russh::keys::signature::Signer;
    use russh::keys::ssh_encoding::Encode;
    use russh::keys::ssh_key::private::KeypairData;
    let signature = match key.key_data() {
        KeypairData::Rsa(pair) => (pair, hash).try_sign(data),
        pair => pair.try_sign(data),
    };
    let mut encoded = Vec::new();
    signature.map_err(|error| error.to_string())?.encode(&mut encoded).map_err(|error| error.to_string())?;
    Ok(encoded)
}

#[cfg(test)]
mod tests;

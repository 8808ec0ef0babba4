//! A key pair to log in with, in a file.

mod format;
mod limit;
mod pem;
mod short;

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use russh::keys::{Certificate, HashAlg, PrivateKey, PublicKey};
use zeroize::Zeroizing;

use super::fingerprint::Fingerprint;
use super::{Secret, failure};
use format::Opened;

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
    /// It holds a public key alone, and the agent does not hold the private one.
    #[error("{} holds no private key, and the agent does not have it", path.display())]
    NotPrivate {
        /// The file.
        path: PathBuf,
    },
    /// The private key is on a security token, and the agent does not know it.
    #[error("the key {} is on a security token, and the agent does not have it", path.display())]
    OnToken {
        /// The file.
        path: PathBuf,
    },
    /// An RSA key with fewer bits than `RequiredRSASize`.
    #[error("the RSA key {} has {bits} bits, fewer than RequiredRSASize ({required})", path.display())]
    TooSmall {
        /// The file.
        path: PathBuf,
        /// Its bits.
        bits: u32,
        /// How many there have to be.
        required: u32,
    },
    /// A file that is to hold a certificate and does not.
    #[error("the file {} holds no certificate", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
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
            | Self::NotPrivate { path }
            | Self::OnToken { path }
            | Self::TooSmall { path, .. }
            | Self::NoCertificate { path }
            | Self::WrongPassphrase { path }
            | Self::NoPassphrase { path }
            | Self::Signing { path, .. } => path,
        }
    }
}

/// What is known of a key file: it is read and not yet decrypted.
pub struct Identity {
    path: PathBuf,
    /// The private key's text; `None` where only the public half is there.
    text: Option<Zeroizing<String>>,
    public: Option<PublicKey>,
    certificate: Option<Certificate>,
    /// The certificate is what the file's name stands for, and the plain key is not offered.
    certificate_alone: bool,
    encrypted: bool,
}

impl Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("path", &self.path).field("encrypted", &self.encrypted).finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads a key file and, where they are beside it, its `.pub` and `-cert.pub`. The file may be a public key alone,
    /// or be missing beside its `.pub`: both name a key that the agent holds. A certificate in place of the public key,
    /// here or there, is offered instead of it (`sshkey_load_public` in authfile.c). Blocks.
    ///
    /// # Errors
    /// See [`Error`]. Where there is nothing at all it is `Ok(None)`: most hosts name several that need not exist.
    pub fn load(path: &Path) -> Result<Option<Self>, Error> {
        let beside_public = || beside(path, ".pub").and_then(|text| PublicKey::from_openssh(&text).ok());
        let mut itself = beside(path, ".pub").and_then(|text| Certificate::from_openssh(text.trim()).ok());
        let (text, inside, encrypted) = match read(path)? {
            None => (None, None, false),
            Some((text, permissions)) => match format::open(&text) {
                Opened::Certificate(certificate) => {
                    itself = Some(*certificate);
                    (None, None, false)
                }
                Opened::Public(key) => (None, Some(key), false),
                Opened::Not(cause) => return Err(Error::Malformed { path: path.to_owned(), cause }),
                Opened::Plain(key) => {
                    permissions?;
                    (Some(text), Some(key.public_key().clone()), false)
                }
                Opened::Encrypted(public) => {
                    permissions?;
                    (Some(text), public, true)
                }
            },
        };
        let of_certificate = || itself.as_ref().map(|certificate| PublicKey::from(certificate.public_key().clone()));
        let public = inside.or_else(of_certificate).or_else(beside_public);
        if text.is_none() && public.is_none() {
            return Ok(None);
        }
        let certificate_alone = itself.is_some();
        let certificate = itself
            .or_else(|| beside(path, "-cert.pub").and_then(|text| Certificate::from_openssh(&text).ok()))
            .filter(|certificate| public.as_ref().is_none_or(|key| key.key_data() == certificate.public_key()));
        Ok(Some(Self { path: path.to_owned(), text, public, certificate, certificate_alone, encrypted }))
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

    /// Whether the file stands for its certificate and not for the plain key too.
    #[must_use]
    pub(super) fn is_certificate_alone(&self) -> bool {
        self.certificate_alone && self.certificate.is_some()
    }

    /// Whether the private key is in the file; else only the agent can sign.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.text.is_some()
    }

    /// Whether the private key is on a security token, and the file only says on which.
    #[must_use]
    pub fn is_on_token(&self) -> bool {
        let key = self.public.as_ref().map(PublicKey::key_data);
        key.is_some_and(|key| key.is_sk_ed25519() || key.is_sk_ecdsa_p256())
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
        let text = self.text.as_ref().ok_or_else(|| Error::NotPrivate { path: self.path.clone() })?;
        format::decrypt(text, passphrase).map_err(|cause| {
            if self.encrypted {
                Error::WrongPassphrase { path: self.path.clone() }
            } else {
                Error::Malformed { path: self.path.clone(), cause }
            }
        })
    }
}

/// Reads a certificate (`CertificateFile`); `Ok(None)` where there is no such file. Blocks.
///
/// # Errors
/// [`Error::Unreadable`] and [`Error::NoCertificate`].
pub fn certificate(path: &Path) -> Result<Option<Certificate>, Error> {
    let Some((text, _)) = read(path)? else { return Ok(None) };
    let certificate = Certificate::from_openssh(text.trim());
    certificate.map(Some).map_err(|_| Error::NoCertificate { path: path.to_owned() })
}

/// A file's text, and whether its permissions are fit for a private key.
type Read = Option<(Zeroizing<String>, Result<(), Error>)>;

fn read(path: &Path) -> Result<Read, Error> {
    use std::io::Read as _;
    let unreadable = |error: std::io::Error| Error::Unreadable { path: path.to_owned(), cause: failure::words(&error) };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let permissions = check_permissions(path, &file.metadata().map_err(unreadable)?);
    let mut bytes = Zeroizing::new(Vec::new());
    let _ = file.take(FILE_LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Some((Zeroizing::new(text.to_owned()), permissions))),
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

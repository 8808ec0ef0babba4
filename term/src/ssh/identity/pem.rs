//! Encrypted keys of OpenSSL's old format (RFC 1421, "Proc-Type: 4,ENCRYPTED"), which `ssh-keygen -m PEM` writes.
//!
//! Written here because what comes with russh opens only RSA keys under AES-128.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// A key in a file, still encrypted.
pub(super) struct Pem<'a> {
    /// `RSA` or `EC`.
    kind: &'a str,
    cipher: Cipher,
    /// A block of the cipher.
    iv: Vec<u8>,
    body: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    /// What OpenSSH wrote before 2011; opened to be written anew.
    TripleDes,
}

impl Cipher {
    /// Bytes of its key and of its blocks.
    fn sizes(self) -> (usize, usize) {
        match self {
            Self::Aes128 => (16, 16),
            Self::Aes192 => (24, 16),
            Self::Aes256 => (32, 16),
            Self::TripleDes => (24, 8),
        }
    }
}

impl<'a> Pem<'a> {
    /// Reads a file; `None` where it is none of this format. The text of an error tells what is wrong with it.
    pub(super) fn parse(text: &'a str) -> Option<Result<Self, String>> {
        let (_, rest) = text.split_once("-----BEGIN ")?;
        let (kind, rest) = rest.split_once(" PRIVATE KEY-----")?;
        let (_, rest) = rest.split_once("Proc-Type: 4,ENCRYPTED")?;
        Some(Self::parse_rest(kind, rest))
    }

    fn parse_rest(kind: &'a str, rest: &'a str) -> Result<Self, String> {
        let broken = || "its header is broken".to_owned();
        let (_, rest) = rest.split_once("DEK-Info:").ok_or_else(broken)?;
        let (info, rest) = rest.split_once('\n').ok_or_else(broken)?;
        let (name, iv) = info.trim().split_once(',').ok_or_else(broken)?;
        let cipher = match name {
            "AES-128-CBC" => Cipher::Aes128,
            "AES-192-CBC" => Cipher::Aes192,
            "AES-256-CBC" => Cipher::Aes256,
            "DES-EDE3-CBC" => Cipher::TripleDes,
            other => {
                return Err(format!(
                    "it is encrypted with {other:?}, which is not supported; `ssh-keygen -p -f` FILE writes it anew"
                ));
            }
        };
        let (body, _) = rest.split_once("-----END ").ok_or_else(broken)?;
        let body: String = body.split_whitespace().collect();
        let body = STANDARD.decode(body).map_err(|_| "it is no base64")?;
        Ok(Self { kind, cipher, iv: hexadecimal(iv, cipher.sizes().1).ok_or_else(broken)?, body })
    }

    /// The same key without encryption, as text. A wrong passphrase is nearly always told from a right one here, and
    /// else by what the text then holds.
    pub(super) fn decrypt(&self, passphrase: &str) -> Option<Zeroizing<String>> {
        let key = self.key(passphrase.as_bytes());
        let mut body = Zeroizing::new(self.body.clone());
        let length = match self.cipher {
            Cipher::Aes128 => open::<aes::Aes128>(&key, &self.iv, &mut body)?,
            Cipher::Aes192 => open::<aes::Aes192>(&key, &self.iv, &mut body)?,
            Cipher::Aes256 => open::<aes::Aes256>(&key, &self.iv, &mut body)?,
            Cipher::TripleDes => open::<des::TdesEde3>(&key, &self.iv, &mut body)?,
        };
        body.truncate(length);
        let body = Zeroizing::new(STANDARD.encode(&*body));
        let kind = self.kind;
        Some(Zeroizing::new(format!(
            "-----BEGIN {kind} PRIVATE KEY-----\n{}\n-----END {kind} PRIVATE KEY-----\n",
            *body
        )))
    }

    /// OpenSSL's `EVP_BytesToKey` with MD5, one round, and the first bytes of the initialisation vector as salt.
    fn key(&self, passphrase: &[u8]) -> Zeroizing<Vec<u8>> {
        let (length, _) = self.cipher.sizes();
        let salt = self.iv.iter().take(8);
        let mut key: Zeroizing<Vec<u8>> = Zeroizing::new(Vec::with_capacity(48));
        while key.len() < length {
            let last = key.len().saturating_sub(16);
            let mut input = Zeroizing::new(Vec::with_capacity(16 + passphrase.len() + 8));
            input.extend(key.get(last..).unwrap_or_default());
            input.extend(passphrase);
            input.extend(salt.clone());
            key.extend(md5::compute(&*input).0);
        }
        key.truncate(length);
        key
    }
}

/// Decrypts in place; how many bytes remain without the padding, which a wrong key nearly always breaks.
fn open<C>(key: &[u8], iv: &[u8], body: &mut [u8]) -> Option<usize>
where
    C: aes::cipher::BlockCipherDecrypt,
    cbc::Decryptor<C>: KeyIvInit + BlockModeDecrypt,
{
    let decryptor = <cbc::Decryptor<C> as KeyIvInit>::new_from_slices(key, iv).ok()?;
    decryptor.decrypt_padded::<Pkcs7>(body).ok().map(<[u8]>::len)
}

fn hexadecimal(text: &str, length: usize) -> Option<Vec<u8>> {
    let text = text.trim();
    if text.len() != 2 * length || !text.is_ascii() {
        return None;
    }
    (0..length).map(|index| u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()).collect()
}

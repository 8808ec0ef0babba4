//! ECDSA keys whose private number is short.
//!
//! OpenSSH writes that number as an mpint (RFC 4251 section 5), without leading zeros. One key for nistp256 of 256 has
//! less than 32 bytes of it, which the parser below russh takes for a mistake. Such a key is written anew, with them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use russh::keys::PrivateKey;
use zeroize::Zeroizing;

/// What a file begins with (OpenSSH's PROTOCOL.key).
const MAGIC: &[u8] = b"openssh-key-v1\0";
const BEGIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const END: &str = "-----END OPENSSH PRIVATE KEY-----";

/// Bytes of a private number for nistp256.
const NUMBER: usize = 32;

/// The same key, not encrypted and with its number at full length; none where that is not what is wrong with it.
pub(super) fn widened(text: &str, passphrase: Option<&str>) -> Option<Zeroizing<String>> {
    let (_, rest) = text.split_once(BEGIN)?;
    let (body, _) = rest.split_once(END)?;
    let body = Zeroizing::new(body.split_ascii_whitespace().collect::<String>());
    let file = Zeroizing::new(STANDARD.decode(body.as_bytes()).ok()?);
    let mut reader = Reader(file.strip_prefix(MAGIC)?);
    let (cipher, _kdf, _options) = (reader.string()?, reader.string()?, reader.string()?);
    if reader.number()? != 1 {
        return None;
    }
    let (public, private) = (reader.string()?, reader.string()?);
    if !reader.0.is_empty() {
        return None;
    }
    let mut private = Zeroizing::new(private.to_vec());
    if cipher != b"none" {
        let key = PrivateKey::from_openssh(text).ok()?;
        let (secret, iv) = key.kdf().derive_key_and_iv(key.cipher(), passphrase?).ok()?;
        key.cipher().decrypt(&secret, &iv, &mut private, None).ok()?;
    }
    let mut file = Zeroizing::new(MAGIC.to_vec());
    for part in [&b"none"[..], b"none", b""] {
        put(&mut file, part)?;
    }
    file.extend(1_u32.to_be_bytes());
    put(&mut file, public)?;
    put(&mut file, &section(&private)?)?;
    Some(Zeroizing::new(format!("{BEGIN}\n{}\n{END}\n", *Zeroizing::new(STANDARD.encode(&*file)))))
}

/// The private part with its number at full length.
fn section(private: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut reader = Reader(private);
    let check = reader.number()?;
    // Two that differ are what a wrong passphrase leaves.
    if reader.number()? != check {
        return None;
    }
    let (kind, curve, point) = (reader.string()?, reader.string()?, reader.string()?);
    let (number, comment) = (reader.string()?, reader.string()?);
    if kind != b"ecdsa-sha2-nistp256" || number.is_empty() || number.len() >= NUMBER {
        return None;
    }
    let mut wide = Zeroizing::new(vec![0; NUMBER - number.len()]);
    wide.extend(number);
    let mut section = Zeroizing::new([check.to_be_bytes(), check.to_be_bytes()].concat());
    for part in [kind, curve, point, &wide, comment] {
        put(&mut section, part)?;
    }
    let filling = section.len().next_multiple_of(8) - section.len();
    section.extend((1..).take(filling));
    Some(section)
}

/// Writes a string of RFC 4251 section 5.
fn put(to: &mut Vec<u8>, part: &[u8]) -> Option<()> {
    to.extend(u32::try_from(part.len()).ok()?.to_be_bytes());
    to.extend(part);
    Some(())
}

/// Reads numbers and strings of RFC 4251 section 5.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (string, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(string)
    }
}

#[cfg(test)]
mod tests {
    use super::super::format;

    /// A key whose number has 31 bytes, and the same with the passphrase "secret"; nobody uses them.
    const PLAIN: &str = "-----BEGIN OPENSSH PRIVATE KEY-----\n\
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS\n\
1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQQu6lhXQPxZsxD+8rcp27YjsfT8AV10\n\
zVKrEJPtgLVZo4ZXqorSjH2IKJqqNRmQWddH7wz9ggSalaCQ4tv5pot7AAAAoLEElxWxBJ\n\
cVAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBC7qWFdA/FmzEP7y\n\
tynbtiOx9PwBXXTNUqsQk+2AtVmjhleqitKMfYgomqo1GZBZ10fvDP2CBJqVoJDi2/mmi3\n\
sAAAAfSdzlcILGwUmp64SvdZwv92kntmdHuR5U/NoNAOZI/gAAAAVzaG9ydAECAwQ=\n\
-----END OPENSSH PRIVATE KEY-----";
    const ENCRYPTED: &str = "-----BEGIN OPENSSH PRIVATE KEY-----\n\
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABD9QvX0TB\n\
hBsJaf+YxPErZrAAAAAgAAAAEAAABoAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlz\n\
dHAyNTYAAABBBC7qWFdA/FmzEP7ytynbtiOx9PwBXXTNUqsQk+2AtVmjhleqitKMfYgomq\n\
o1GZBZ10fvDP2CBJqVoJDi2/mmi3sAAACgIMbtnPTrz0T/fBA5L1Z+jEMy/vPat/rPjWr2\n\
JZyr8kua4+qupzYir/sd+ZeAE+jrwIjvM9fHVlS0a1k9rz1HoZ53SRInfaQT3xDhcZEybV\n\
dmZqWIjwzesqCcIEXDdOd5ZP1iNIdmYk15l2EX6hPiuqUhnVLemDS7I2BPKsXyHpOwOEEd\n\
Bj3pzBXRQeWczHSrTsMi9UdkiEhnvfRg2q5eKg==\n\
-----END OPENSSH PRIVATE KEY-----";

    #[test]
    fn a_key_with_a_short_number_is_read_as_ssh_reads_it() {
        let key = format::decrypt(PLAIN, None).unwrap();
        assert_eq!(
            key.public_key().to_openssh().unwrap(),
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBC7qWFdA/FmzEP7ytynbtiOx9PwBXXTNUqsQk+2AtVmjhleqitKMfYgomqo1GZBZ10fvDP2CBJqVoJDi2/mmi3s= short"
        );
        let opened = format::decrypt(ENCRYPTED, Some("secret")).unwrap();
        assert_eq!(opened.public_key().key_data(), key.public_key().key_data());
        assert!(format::decrypt(ENCRYPTED, Some("wrong")).is_err());
        assert!(matches!(format::open(PLAIN), format::Opened::Plain(_)));
        assert!(matches!(format::open(ENCRYPTED), format::Opened::Encrypted(_)));
    }
}

//! Where output waits that nobody reads and that memory should not hold: a temporary file without a name, which is gone
//! with this value, whatever becomes of the process.
//!
//! What passes through a channel may be anybody's secret and the file may lie on a disk, so every block is sealed with
//! a key that is in memory only.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

use super::Message;

/// Bytes between the beginnings of two blocks; more than a block has. What a block leaves free of it is a hole.
const STRIDE: u64 = 2 * 1024 * 1024;

/// The file.
#[derive(Debug)]
pub(super) struct Spill {
    file: File,
    key: LessSafeKey,
    /// Blocks sealed so far: the next one's nonce.
    sealed: u64,
    /// Places in the file that are free again.
    free: Vec<u64>,
    /// Places in the file.
    places: u64,
}

/// Messages in the file.
#[derive(Debug)]
pub(super) struct Block {
    place: u64,
    nonce: u64,
    /// Bytes in the file.
    pub(super) length: usize,
}

impl Spill {
    /// Makes the file.
    pub(super) fn create() -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder())?;
        let mut bytes = zeroize::Zeroizing::new([0; 32]);
        SystemRandom::new().fill(bytes.as_mut_slice()).map_err(unsealed)?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, bytes.as_slice()).map_err(unsealed)?;
        Ok(Self { file, key: LessSafeKey::new(key), sealed: 0, free: Vec::new(), places: 0 })
    }

    /// Puts messages into the file.
    pub(super) fn write(&mut self, messages: Vec<Message>) -> io::Result<Block> {
        let mut bytes = encode(messages);
        let nonce = self.sealed;
        self.sealed += 1;
        self.key.seal_in_place_append_tag(number(nonce), Aad::empty(), &mut bytes).map_err(unsealed)?;
        let place = self.free.pop().unwrap_or(self.places);
        self.places = self.places.max(place + 1);
        let _ = self.file.seek(SeekFrom::Start(place * STRIDE))?;
        self.file.write_all(&bytes)?;
        Ok(Block { place, nonce, length: bytes.len() })
    }

    /// Takes messages out of the file.
    pub(super) fn read(&mut self, block: &Block) -> io::Result<Vec<Message>> {
        let mut bytes = vec![0; block.length];
        let _ = self.file.seek(SeekFrom::Start(block.place * STRIDE))?;
        self.file.read_exact(&mut bytes)?;
        self.free.push(block.place);
        let plain = self.key.open_in_place(number(block.nonce), Aad::empty(), &mut bytes).map_err(unsealed)?;
        decode(plain).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

/// Large files that need not outlive the process belong into `/var/tmp` where there is one: `/tmp` often lies in memory
/// (file-hierarchy(7)).
fn folder() -> PathBuf {
    let usual = PathBuf::from("/var/tmp");
    if std::env::var_os("TMPDIR").is_none() && usual.is_dir() { usual } else { std::env::temp_dir() }
}

/// ring does not say why.
fn unsealed(_: ring::error::Unspecified) -> io::Error {
    io::Error::other("it cannot be sealed or opened")
}

/// No number is used twice with one key.
fn number(sealed: u64) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    for (to, from) in nonce.iter_mut().zip(sealed.to_be_bytes()) {
        *to = from;
    }
    Nonce::assume_unique_for_key(nonce)
}

/// A letter, a length and as many bytes for each message. Data that follow each other become one message.
fn encode(messages: Vec<Message>) -> Vec<u8> {
    let mut all = Vec::with_capacity(messages.iter().map(|message| message.size() + 5).sum::<usize>() + 16);
    let mut last: Option<(u8, usize)> = None;
    for message in messages {
        let (letter, bytes) = match message {
            Message::Data(bytes) => (b'd', bytes),
            Message::Extended(bytes) => (b'e', bytes),
            Message::Eof => (b'f', Vec::new()),
            Message::ExitStatus(status) => (b's', status.to_be_bytes().to_vec()),
            Message::ExitSignal(name) => (b'n', name.into_bytes()),
        };
        let begin = match last {
            Some((same, begin)) if same == letter && matches!(letter, b'd' | b'e') => begin,
            _ => {
                all.push(letter);
                all.extend([0; 4]);
                all.len()
            }
        };
        last = Some((letter, begin));
        all.extend(bytes);
        // A block is far below 4 GiB.
        let length = u32::try_from(all.len() - begin).unwrap_or(u32::MAX).to_be_bytes();
        for (to, from) in all.iter_mut().skip(begin - length.len()).zip(length) {
            *to = from;
        }
    }
    all
}

fn decode(mut bytes: &[u8]) -> Option<Vec<Message>> {
    let mut messages = Vec::new();
    while let Some((letter, rest)) = bytes.split_first() {
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (body, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        messages.push(match letter {
            b'd' => Message::Data(body.to_vec()),
            b'e' => Message::Extended(body.to_vec()),
            b'f' => Message::Eof,
            b's' => Message::ExitStatus(u32::from_be_bytes(body.try_into().ok()?)),
            b'n' => Message::ExitSignal(String::from_utf8(body.to_vec()).ok()?),
            _ => return None,
        });
        bytes = rest;
    }
    Some(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages() -> Vec<Message> {
        vec![
            Message::Data(b"one ".to_vec()),
            Message::Data(b"two".to_vec()),
            Message::Extended(b"three".to_vec()),
            Message::Data(Vec::new()),
            Message::Eof,
            Message::ExitSignal("TERM".to_owned()),
            Message::ExitStatus(70_000),
        ]
    }

    fn joined() -> Vec<Message> {
        let mut joined = messages();
        let _ = joined.drain(..2);
        joined.insert(0, Message::Data(b"one two".to_vec()));
        joined
    }

    #[test]
    fn messages_come_out_as_they_went_in_and_nobody_can_read_the_file() {
        let mut spill = Spill::create().unwrap();
        let first = spill.write(messages()).unwrap();
        let second = spill.write(vec![Message::Data(vec![7; 1 << 20])]).unwrap();
        let mut file = Vec::new();
        let _ = spill.file.seek(SeekFrom::Start(0)).unwrap();
        let _ = spill.file.read_to_end(&mut file).unwrap();
        assert!(!file.windows(5).any(|window| window == b"three" || window == [7; 5]), "it is plain text");
        assert_eq!(spill.read(&second).unwrap(), [Message::Data(vec![7; 1 << 20])]);
        assert_eq!(spill.read(&first).unwrap(), joined());
    }

    #[test]
    fn places_are_used_again() {
        let mut spill = Spill::create().unwrap();
        for _ in 0..10 {
            let block = spill.write(messages()).unwrap();
            assert_eq!(spill.read(&block).unwrap(), joined());
        }
        assert_eq!(spill.places, 1);
    }

    #[test]
    fn a_damaged_block_is_an_error() {
        let mut spill = Spill::create().unwrap();
        let block = spill.write(messages()).unwrap();
        let _ = spill.file.seek(SeekFrom::Start(3)).unwrap();
        spill.file.write_all(b"?").unwrap();
        let _ = spill.read(&block).unwrap_err();
        for bytes in [&b"d\0\0\0\x02x"[..], b"x\0\0\0\0", b"s\0\0\0\x01x", b"d\0"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }
}

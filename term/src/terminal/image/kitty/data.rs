//! The data of a picture.

use std::io::Read as _;
use std::sync::Arc;

use super::super::{Picture, UPLOAD, file};
use super::Command;

/// Why a command was not done, as the client is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::terminal) enum Failure {
    /// Not data in the command itself.
    #[error("EINVAL:only direct transmission (t=d) is supported: files would be looked for on another machine")]
    NotDirect,
    /// Not a format or a compression of the protocol.
    #[error("EINVAL:unknown format or compression")]
    Format,
    /// Less data than the size asks for.
    #[error("ENODATA:insufficient image data")]
    Insufficient,
    /// The data cannot be read.
    #[error("EBADPNG:the data is no PNG image")]
    Png,
    /// The data cannot be decompressed.
    #[error("EINVAL:the data cannot be decompressed")]
    Compression,
    /// It is, or claims to be, more than a picture may have.
    #[error("EFBIG:the image is too large")]
    TooLarge,
    /// No such picture.
    #[error("ENOENT:no such image")]
    Unknown,
    /// Nothing would be seen.
    #[error("EINVAL:the area lies outside the image")]
    Outside,
    /// A part of the protocol that is not done here.
    #[error("ENOTSUP:no such action")]
    Unsupported,
    /// A placement relative to nothing.
    #[error("ENOPARENT:no such parent")]
    NoParent,
    /// A placement relative to what placeholders show, or the reverse.
    #[error("EINVAL:placeholders have no part in relative placement")]
    NoPlace,
    /// A placement relative to itself.
    #[error("ECYCLE:the placement would lie relative to itself")]
    Cycle,
    /// A placement relative to one that is relative to another, too many times.
    #[error("ETOODEEP:too many placements relative to each other")]
    TooDeep,
    /// No such frame.
    #[error("ENOENT:no such frame")]
    NoFrame,
    /// A frame cannot be larger than its picture.
    #[error("EINVAL:the frame is larger than the image")]
    LargeFrame,
    /// There is no room for one more frame.
    #[error("ENOSPC:no room for another frame")]
    Full,
    /// A frame cannot be copied onto itself.
    #[error("EINVAL:source and destination overlap")]
    Overlap,
    /// Two names at a time.
    #[error("EINVAL:both i and I are given")]
    TwoNames,
}

/// A complete transmission.
#[derive(Debug)]
pub(in crate::terminal) struct Data {
    pub(super) format: u32,
    pub(super) compressed: bool,
    pub(super) size: (u32, u32),
    pub(super) bytes: Vec<u8>,
}

/// What a command announces, checked before any data is kept: how much of it may come.
pub(super) fn limit(command: &Command) -> Result<usize, Failure> {
    if command.medium != b'd' {
        return Err(Failure::NotDirect);
    }
    let compressed = match command.compression {
        0 => false,
        b'z' => true,
        _ => return Err(Failure::Format),
    };
    let pixel = match command.format {
        24 => 3,
        32 => 4,
        100 => return Ok(UPLOAD),
        _ => return Err(Failure::Format),
    };
    let (width, height) = command.size;
    if width == 0 || height == 0 {
        return Err(Failure::Insufficient);
    }
    if !super::super::fits(width, height) {
        return Err(Failure::TooLarge);
    }
    Ok(if compressed { UPLOAD } else { (width * height * pixel) as usize })
}

impl Data {
    /// Decodes the picture: up to some tenths of a second of work.
    pub(in crate::terminal) fn decode(self) -> Result<Arc<Picture>, Failure> {
        let pixels = (self.size.0 as usize).saturating_mul(self.size.1 as usize);
        let expected = match self.format {
            24 => pixels * 3,
            32 => pixels * 4,
            _ => UPLOAD,
        };
        let mut bytes = if self.compressed { inflate(&self.bytes, expected)? } else { self.bytes };
        if self.format == 100 {
            return file::decode_png(&bytes).map_err(|error| match error {
                file::Error::Malformed => Failure::Png,
                file::Error::TooLarge => Failure::TooLarge,
            });
        }
        if bytes.len() < expected {
            return Err(Failure::Insufficient);
        }
        bytes.truncate(expected);
        let bytes = if self.format == 24 { file::opaque(&bytes) } else { bytes };
        Picture::new(self.size.0, self.size.1, bytes).ok_or(Failure::Insufficient)
    }
}

/// Decompresses (RFC 1950) at most `limit` bytes; more is a bomb or a mistake.
fn inflate(data: &[u8], limit: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut reader = flate2::read::ZlibDecoder::new(data).take(limit as u64 + 1);
    let _ = reader.read_to_end(&mut bytes).map_err(|_| Failure::Compression)?;
    if bytes.len() > limit { Err(Failure::TooLarge) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::super::file::tests::encode;
    use super::*;

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn data(format: u32, compressed: bool, size: (u32, u32), bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        let data = Data { format, compressed, size, bytes: bytes.to_vec() };
        data.decode().map(|picture| picture.pixels().to_vec())
    }

    #[test]
    fn pixels_files_and_compressed_ones_are_read() {
        let rgba = [1, 2, 3, 4, 5, 6, 7, 8];
        let png = encode(2, 1, png::ColorType::Rgba, png::BitDepth::Eight, &rgba);
        assert_eq!(data(32, false, (2, 1), &rgba), Ok(rgba.to_vec()));
        assert_eq!(data(32, true, (2, 1), &deflate(&rgba)), Ok(rgba.to_vec()));
        assert_eq!(data(24, false, (1, 2), &[1, 2, 3, 4, 5, 6]), Ok(vec![1, 2, 3, 255, 4, 5, 6, 255]));
        assert_eq!(data(100, false, (0, 0), &png), Ok(rgba.to_vec()));
        assert_eq!(data(100, true, (0, 0), &deflate(&png)), Ok(rgba.to_vec()));
    }

    #[test]
    fn what_is_no_picture_is_refused_with_its_reason() {
        assert_eq!(data(32, false, (2, 1), &[0; 7]), Err(Failure::Insufficient));
        assert_eq!(data(100, false, (0, 0), b"GIF89a"), Err(Failure::Png));
        assert_eq!(data(32, true, (2, 1), b"no zlib"), Err(Failure::Compression));
        assert_eq!(data(32, true, (2, 1), &deflate(&vec![0; 10_000_000])), Err(Failure::TooLarge));
        assert_eq!(data(100, true, (0, 0), &deflate(&vec![0; UPLOAD + 1])), Err(Failure::TooLarge));
    }

    #[test]
    fn claims_are_judged_before_any_data_comes() {
        let limit = |control: &str| limit(&Command::parse(control.as_bytes()).unwrap());
        assert_eq!(limit("f=32,s=2,v=3"), Ok(24));
        assert_eq!(limit("f=24,s=2,v=3"), Ok(18));
        assert_eq!(limit("s=2,v=3,o=z"), Ok(UPLOAD));
        assert_eq!(limit("f=100"), Ok(UPLOAD));
        for medium in ["f", "t", "s", "x"] {
            assert_eq!(limit(&format!("f=100,t={medium}")), Err(Failure::NotDirect));
        }
        assert_eq!(limit("f=32"), Err(Failure::Insufficient));
        assert_eq!(limit("f=32,s=4294967295,v=4294967295"), Err(Failure::TooLarge));
        assert_eq!(limit("f=32,s=10000,v=10000"), Err(Failure::TooLarge));
        assert_eq!(limit("f=99,s=1,v=1"), Err(Failure::Format));
        assert_eq!(limit("f=32,s=1,v=1,o=x"), Err(Failure::Format));
    }
}

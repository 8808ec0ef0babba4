//! Picture files: PNG.

use std::io::Cursor;
use std::sync::Arc;

use png::{ColorType, Decoder, Limits, Transformations};

use super::Picture;

/// Why data is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::terminal) enum Error {
    /// It cannot be read.
    #[error("the data is no picture")]
    Malformed,
    /// It is larger than pictures may be.
    #[error("the picture is too large")]
    TooLarge,
}

/// What the decoder may allocate besides the pixels: a few rows and a palette.
const WORKING_MEMORY: usize = 16 * 1024 * 1024;

/// Decodes a PNG file. Its size is looked at before anything is allocated for the pixels.
pub(in crate::terminal) fn decode_png(data: &[u8]) -> Result<Arc<Picture>, Error> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(data), Limits { bytes: WORKING_MEMORY });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16 | Transformations::ALPHA);
    decoder.set_ignore_text_chunk(true);
    let info = decoder.read_header_info().map_err(|_| Error::Malformed)?;
    let (width, height) = (info.width, info.height);
    if !super::fits(width, height) {
        return Err(Error::TooLarge);
    }
    let mut reader = decoder.read_info().map_err(|_| Error::Malformed)?;
    let mut pixels = vec![0; reader.output_buffer_size()];
    let frame = reader.next_frame(&mut pixels).map_err(|_| Error::Malformed)?;
    if (frame.width, frame.height) != (width, height) {
        return Err(Error::Malformed);
    }
    pixels.truncate(frame.buffer_size());
    let pixels = match frame.color_type {
        ColorType::Rgba => pixels,
        ColorType::Rgb => opaque(&pixels),
        ColorType::GrayscaleAlpha => pixels.as_chunks().0.iter().flat_map(|[y, alpha]| [*y, *y, *y, *alpha]).collect(),
        ColorType::Grayscale => pixels.iter().flat_map(|y| [*y, *y, *y, 255]).collect(),
        ColorType::Indexed => return Err(Error::Malformed),
    };
    Picture::new(width, height, pixels).ok_or(Error::Malformed)
}

/// Gives pixels of three bytes a fourth.
pub(super) fn opaque(pixels: &[u8]) -> Vec<u8> {
    pixels.as_chunks().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect()
}

#[cfg(test)]
pub(in crate::terminal) mod tests {
    use png::{BitDepth, Encoder};

    use super::*;

    /// A PNG file.
    pub(in crate::terminal) fn encode(
        width: u32,
        height: u32,
        color: ColorType,
        depth: BitDepth,
        data: &[u8],
    ) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == ColorType::Indexed {
            encoder.set_palette(vec![1, 2, 3, 4, 5, 6]);
            encoder.set_trns(vec![255, 0]);
        }
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        file
    }

    #[test]
    fn every_kind_of_png_becomes_rgba() {
        use BitDepth::{Eight, One, Sixteen};
        use ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
        let table: [(ColorType, BitDepth, &[u8], [u8; 4]); 8] = [
            (Rgba, Eight, &[9, 8, 7, 6], [9, 8, 7, 6]),
            (Rgb, Eight, &[9, 8, 7], [9, 8, 7, 255]),
            (GrayscaleAlpha, Eight, &[9, 8], [9, 9, 9, 8]),
            (Grayscale, Eight, &[9], [9, 9, 9, 255]),
            (Grayscale, One, &[0x80], [255, 255, 255, 255]),
            (Rgb, Sixteen, &[9, 0, 8, 0, 7, 0], [9, 8, 7, 255]),
            (Indexed, Eight, &[0], [1, 2, 3, 255]),
            (Indexed, Eight, &[1], [4, 5, 6, 0]),
        ];
        for (color, depth, data, pixel) in table {
            let picture = decode_png(&encode(1, 1, color, depth, data)).unwrap();
            assert_eq!(picture.pixels(), pixel, "{color:?} {depth:?}");
        }
    }

    #[test]
    fn a_broken_or_huge_file_is_refused() {
        let file = encode(2, 2, ColorType::Rgba, BitDepth::Eight, &[7; 16]);
        for length in 0..file.len() - 12 {
            assert_eq!(decode_png(file.get(..length).unwrap()), Err(Error::Malformed), "cut at {length}");
        }
        for (width, height) in [(10_001, 1), (1, 10_001), (u32::MAX, u32::MAX), (8192, 2048)] {
            let mut header = Vec::new();
            // Only the header is written: the rest never comes to be read.
            drop(Encoder::new(&mut header, width, height).write_header().unwrap());
            assert_eq!(decode_png(&header), Err(Error::TooLarge), "{width}x{height}");
        }
    }
}

//! What an X server shows, as pixels and as a PNG file.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat, ImageOrder};

use crate::deadline::Deadline;
use crate::desktop::{self, Desktop};
use crate::window::Window;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server did not answer.
    #[error(transparent)]
    Desktop(#[from] desktop::Error),
    /// The server's pixels are not 32 bits wide: start it with a depth of 24.
    #[error("the X server sends {0} bits per pixel: only a depth of 24 in 32 bits can be read")]
    Format(u8),
    /// The file cannot be written.
    #[error("cannot write the picture {path}: {reason}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        reason: String,
    },
}

/// A rectangle of pixels, 8 bits each of red, green and blue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screenshot {
    width: u16,
    height: u16,
    pixels: Vec<[u8; 3]>,
}

impl Screenshot {
    /// Takes a picture of the whole screen, pointer excluded.
    ///
    /// # Errors
    /// [`Error::Desktop`] and [`Error::Format`].
    pub fn take(desktop: &Desktop) -> Result<Self, Error> {
        let geometry = desktop.connection().get_geometry(desktop.root()).map_err(desktop::Error::from)?;
        let geometry = geometry.reply().map_err(desktop::Error::from)?;
        Self::area(desktop, 0, 0, geometry.width, geometry.height)
    }

    /// Takes a picture of what the screen shows where `window` is, whatever covers it included.
    ///
    /// # Errors
    /// [`Error::Desktop`], also when a part of the window lies outside the screen, and [`Error::Format`].
    pub fn of(desktop: &Desktop, window: &Window) -> Result<Self, Error> {
        Self::area(desktop, window.x, window.y, window.width, window.height)
    }

    /// Waits until what `window` shows has not changed for `quiet`, and returns that.
    ///
    /// # Errors
    /// [`desktop::Error::Expired`] when it keeps changing.
    pub fn settled(desktop: &Desktop, window: &Window, quiet: Duration, deadline: Deadline) -> Result<Self, Error> {
        let mut last = Self::of(desktop, window)?;
        let mut since = Instant::now();
        let settled = deadline.wait_for("a window that stops changing", || {
            let now = match Self::of(desktop, window) {
                Ok(now) => now,
                Err(error) => return Some(Err(error)),
            };
            if now != last {
                last = now;
                since = Instant::now();
            }
            (since.elapsed() >= quiet).then(|| Ok(last.clone()))
        });
        settled.map_err(desktop::Error::from)?
    }

    fn area(desktop: &Desktop, x: i16, y: i16, width: u16, height: u16) -> Result<Self, Error> {
        let connection = desktop.connection();
        let image = connection
            .get_image(ImageFormat::Z_PIXMAP, desktop.root(), x, y, width, height, !0)
            .map_err(desktop::Error::from)?
            .reply()
            .map_err(desktop::Error::from)?;
        let setup = connection.setup();
        let format = setup.pixmap_formats.iter().find(|format| format.depth == image.depth);
        match format.map_or(0, |format| format.bits_per_pixel) {
            32 => Ok(Self { width, height, pixels: decode(&image.data, setup.image_byte_order) }),
            other => Err(Error::Format(other)),
        }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The red, green and blue of a pixel, `None` outside the picture.
    #[must_use]
    pub fn pixel(&self, x: u16, y: u16) -> Option<[u8; 3]> {
        if x >= self.width {
            return None;
        }
        self.pixels.get(usize::from(y) * usize::from(self.width) + usize::from(x)).copied()
    }

    /// How many colours it holds: one means that nothing was drawn.
    #[must_use]
    pub fn colors(&self) -> usize {
        self.pixels.iter().collect::<std::collections::HashSet<_>>().len()
    }

    /// Writes it to `path` as PNG, making the folder where it is missing.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        self.write(path).map_err(|error| Error::Write { path: path.to_owned(), reason: error.to_string() })
    }

    fn write(&self, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = BufWriter::new(std::fs::File::create(path)?);
        let mut encoder = png::Encoder::new(file, self.width.into(), self.height.into());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.pixels.as_flattened())?;
        Ok(writer.finish()?)
    }
}

/// Pixels of 32 bits, `0x00RRGGBB` in the server's byte order (the masks of every TrueColor visual of depth 24).
fn decode(data: &[u8], order: ImageOrder) -> Vec<[u8; 3]> {
    let (pixels, _) = data.as_chunks::<4>();
    let decode = |pixel: &[u8; 4]| match (order, *pixel) {
        (ImageOrder::MSB_FIRST, [_, red, green, blue]) | (_, [blue, green, red, _]) => [red, green, blue],
    };
    pixels.iter().map(decode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Screenshot {
        Screenshot { width: 2, height: 2, pixels: vec![[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 255]] }
    }

    #[test]
    fn pixels_are_read_in_the_servers_byte_order() {
        assert_eq!(decode(&[3, 2, 1, 0], ImageOrder::LSB_FIRST), [[1, 2, 3]]);
        assert_eq!(decode(&[0, 1, 2, 3], ImageOrder::MSB_FIRST), [[1, 2, 3]]);
    }

    #[test]
    fn a_pixel_outside_the_picture_is_none() {
        assert_eq!(picture().pixel(1, 0), Some([0, 255, 0]));
        assert_eq!(picture().pixel(2, 0), None);
        assert_eq!(picture().pixel(0, 2), None);
        assert_eq!(picture().colors(), 3);
    }

    #[test]
    fn a_saved_picture_reads_back_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("picture.png");
        picture().save(&path).unwrap();
        let mut reader = png::Decoder::new(std::fs::File::open(path).unwrap()).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!((info.width, info.height), (2, 2));
        assert_eq!(bytes, picture().pixels.as_flattened());
    }
}

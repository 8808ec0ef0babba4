//! Pictures in the terminal: sixel, the kitty graphics protocol, iTerm2's inline files.
//!
//! ```text
//!   DCS q …  ──► Sixel ─────────┐                          cells: marks in the grid's cells (sixel, iTerm2), which
//!   APC G …  ──► kitty::Upload ─┼──► Picture ──► Images ──►   scroll, wrap and are overwritten with the text
//!   OSC 1337 ──► file::Upload ──┘    (RGBA)      (bounded) placements: by line number (kitty), above or below the text
//! ```
//!
//! The remote side chooses every number here. One picture has at most [`LARGEST`] pixels and [`LONGEST`] a side; what
//! claims more is refused before anything is allocated. All pictures of one terminal take at most [`MEMORY`] bytes,
//! and those that were shown first are dropped for new ones. One more picture may be on its way, as at most
//! [`UPLOAD`] bytes of data and as its pixels: with the half-size copies that scaling makes (a third of a picture),
//! a terminal never holds more than 150 MiB of pictures.

pub(super) mod cells;
pub(super) mod file;
pub(super) mod images;
pub(super) mod kitty;
mod picture;
pub(super) mod sixel;

pub use picture::{Area, Frame, Layer, Picture, Piece};

/// The longest side of a picture, in pixels (kitty's limit).
pub const LONGEST: u32 = 10_000;

/// The most pixels of a picture: a screen of 3840x2160 fits.
pub const LARGEST: u32 = 8 * 1024 * 1024;

/// What the pixels of all pictures of one terminal take, in bytes.
pub const MEMORY: usize = 64 * 1024 * 1024;

/// What the data of a picture on its way may take, in bytes.
pub const UPLOAD: usize = 32 * 1024 * 1024;

/// Whether a picture may have this size.
fn fits(width: u32, height: u32) -> bool {
    let side = 1..=LONGEST;
    side.contains(&width) && side.contains(&height) && width * height <= LARGEST
}

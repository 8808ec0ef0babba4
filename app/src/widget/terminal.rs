//! The terminal widget: shows a [`term::Terminal`] and sends it what is typed.

pub mod box_drawing;
pub mod canvas;
pub mod contrast;
pub mod decoration;
pub mod faces;
pub mod glyph;
pub mod glyphs;
pub mod grid;
pub mod keys;
pub mod mask;
pub mod metrics;
pub mod mouse;
pub mod paste;
pub mod picture;
pub mod plan;
pub mod row_painter;

#[cfg(test)]
mod pixels;
#[cfg(test)]
mod sample;

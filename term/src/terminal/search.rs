//! Looking for text in the scrollback and on the screen.

pub mod pattern;

pub use pattern::{Case, Error, Pattern, Query};

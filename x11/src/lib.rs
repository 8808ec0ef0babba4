//! The local end of X11 forwarding.
//!
//! ```text
//!   channel (any AsyncRead + AsyncWrite) ──► setup: byte order, name, fake cookie ──► real cookie ──► local display
//!                                            │ wrong: a set-up `Failed` reply, nothing reaches the display
//! ```
//!
//! A [`Bridge`] joins the X11 channels of one connection to one local [`Display`]. It names neither SSH nor a GUI:
//! whoever owns the connection announces [`Bridge::cookie`] to the other side and hands each channel that the other
//! side opens to [`Bridge::serve`].

pub mod bridge;
pub mod cookie;
pub mod display;

pub use bridge::Bridge;
pub use cookie::Cookie;
pub use display::Display;

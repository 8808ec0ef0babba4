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
//!
//! The other side is not trusted: it gets a cookie that opens nothing but this bridge, its set-ups are bounded in
//! length, time and number, and the display's own cookie, which [`Xauthority`] finds, never goes towards it. What a
//! program that was let in may ask of the display is a matter of [`Trust`]: all, what the display itself grants untrusted
//! programs, or what concerns the program itself, by the rules of [`guard`].

pub mod bridge;
mod client;
pub mod cookie;
pub mod display;
pub mod doctor;
pub mod guard;
#[cfg(unix)]
pub mod session;
pub mod setup;
mod stream;
pub mod trust;
pub mod xauthority;

pub use bridge::Bridge;
pub use cookie::Cookie;
pub use display::Display;
#[cfg(unix)]
pub use session::Session;
pub use setup::Setup;
pub use trust::Trust;
pub use xauthority::Xauthority;

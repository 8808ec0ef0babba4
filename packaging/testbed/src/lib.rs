//! Real parts for tests and the demo: an `sshd` per test, an X server, a keyring, input events, screenshots. Everything
//! lives in a temporary folder, listens on loopback only and ends with the value that started it.

pub mod display;

pub use display::Xvfb;

//! Real parts for tests and the demo: an `sshd` per test, an X server, a keyring, input events, screenshots. Everything
//! lives in a temporary folder, listens on loopback only and ends with the value that started it.

pub mod agent;
pub mod display;
pub mod sshd;

pub use agent::Agent;
pub use display::Xvfb;
pub use sshd::Sshd;

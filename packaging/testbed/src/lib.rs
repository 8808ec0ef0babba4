//! Real parts for tests and the demo: an `sshd` per test, an X server, a keyring, input events, screenshots. Everything
//! lives in a temporary folder, listens on loopback only and ends with the value that started it.

pub mod agent;
pub mod control;
pub mod deadline;
pub mod desktop;
pub mod display;
pub mod foreign;
pub mod input;
pub mod kerberos;
pub mod keyring;
pub mod process;
pub mod screenshot;
pub mod sshd;
pub mod window;

pub use agent::Agent;
pub use control::Control;
pub use deadline::Deadline;
pub use desktop::Desktop;
pub use display::Xvfb;
pub use input::{Button, Input};
pub use kerberos::Realm;
pub use keyring::Keyring;
pub use screenshot::Screenshot;
pub use sshd::Sshd;
pub use window::Window;

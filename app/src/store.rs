//! What outlives the process: hosts, settings, secrets. The only code that writes the user's files.

pub mod host;

pub use host::Host;

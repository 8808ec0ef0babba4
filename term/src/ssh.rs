//! SSH: what reaches a host and who it is, the connection and its channels.

pub mod channel;
pub mod config;
pub mod connection;
pub mod destination;
pub mod error;
pub mod fingerprint;
pub mod host;
pub mod known_hosts;
pub mod pattern;
pub mod prompt;
pub mod secret;

pub use channel::Channel;
pub use config::Config;
pub use connection::{Connection, Event, Events};
pub use destination::Destination;
pub use error::Error;
pub use fingerprint::Fingerprint;
pub use host::Host;
pub use known_hosts::KnownHosts;
pub use prompt::Prompt;
pub use secret::{Secret, Secrets};

//! SSH: what reaches a host and who it is, the connection and its channels.

pub mod agent;
pub mod channel;
pub mod config;
pub mod connection;
pub mod destination;
pub mod error;
mod failure;
pub mod fingerprint;
pub mod forward;
pub mod forward_agent;
pub mod hop;
pub mod host;
pub mod identity;
pub mod known_hosts;
pub mod legacy;
pub mod pattern;
pub mod prompt;
pub mod proxy;
pub mod query;
pub mod secret;
mod supported;
pub mod visible;

pub use channel::Channel;
pub use config::Config;
pub use connection::{Connection, Event, Events, Login};
pub use destination::Destination;
pub use error::Error;
pub use fingerprint::Fingerprint;
pub use forward::Forward;
pub use hop::Hop;
pub use host::Host;
pub use identity::Identity;
pub use known_hosts::KnownHosts;
pub use prompt::Prompt;
pub use proxy::Proxy;
pub use secret::{Secret, Secrets};

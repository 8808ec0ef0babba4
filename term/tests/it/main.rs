//! SSH against real servers, a fresh one for each test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot set up its parts, or sees what it did not expect, has failed"
)]

mod agent_forwarding;
mod agreement;
mod authentication;
mod channels;
mod exchange;
mod flow;
mod forward;
mod fuzz;
mod host_key;
mod jumps;
mod lost;
mod marks;
mod memory;
mod proxies;
mod qos;
mod questions;
mod reaching;
mod relay;
mod rogue;
mod server;
mod session;
mod user;
mod x11;

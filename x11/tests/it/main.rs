//! The bridge against a fake X server for bytes, then against Xvfb with real programs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot set up its parts has failed"
)]

mod bytes;
mod complaints;
mod flow;
mod guard;
mod guarded_programs;
mod load;
mod programs;
mod remote;
mod server;
mod sessions;
mod sockets;
mod untrusted;

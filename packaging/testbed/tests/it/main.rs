//! The testbed's own parts, tried with the programs that they stand in for.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its parts has failed")]

mod desktop;
mod sshd;

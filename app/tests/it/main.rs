//! The program's parts with the real programs around them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod agreement;
mod client;
mod config;
mod doctor;
mod drop_in;
mod exec;
mod file_chooser;
mod hosts_screen;
mod interop;
mod kerberos;
mod keyring;
mod notification;
mod settings_screen;
mod store;
mod streams;
mod theme;
mod way;
mod window;

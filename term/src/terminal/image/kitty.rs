//! The kitty graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol).
//!
//! Pictures come as data in the commands themselves. Files and shared memory are refused: a name that the remote side
//! gives would be looked up on this machine. Animation and placements relative to others are answered with an error.

mod base64;
mod command;
mod data;
pub(in crate::terminal) mod placeholder;
mod receiver;
mod store;

pub(in crate::terminal) use base64::Base64;
pub(in crate::terminal) use command::Command;
pub(in crate::terminal) use data::{Data, Failure};
pub(in crate::terminal) use receiver::{Receiver, Request};
pub(in crate::terminal) use store::{Anchor, Placement, Region, Screen, Store, View};

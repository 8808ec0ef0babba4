//! The kitty graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol).
//!
//! Pictures come as data in the commands themselves. Files and shared memory are refused: a name that the remote side
//! gives would be looked up on this machine. A placement relative to what placeholders show is answered with an error.
//!
//! The frames of an animation are kept whole, within the memory that all pictures have; one that finds no room is refused.
//! They follow each other only while somebody looks: a frame of the window asks which one is due.

mod animation;
mod base64;
mod canvas;
mod command;
mod data;
pub(in crate::terminal) mod placeholder;
mod receiver;
mod store;

pub(in crate::terminal) use base64::Base64;
pub(in crate::terminal) use canvas::Work;
pub(in crate::terminal) use command::Command;
pub(in crate::terminal) use data::{Data, Failure};
pub(in crate::terminal) use receiver::{Receiver, Request};
pub(in crate::terminal) use store::{Anchor, Placement, Region, Screen, Store, View};

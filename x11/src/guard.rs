//! Guarded programs: what they ask of the display is looked at, and what reaches beyond themselves is left out.
//!
//! ```text
//!   request ──► stream::Requests: where it begins ──► table: its rows ──► judge: own ids? the user at its windows?
//!                                                                          │ yes: as it is
//!                                                                          └ no: an error, nothing, or something milder
//! ```
//!
//! It needs nothing of the local server and sees every request, so that it works on every server. It is no sandbox: a
//! program can still show windows that look like others, and what the server itself does wrong stays wrong.

mod atom;
mod extension;
mod judge;
mod kin;
mod ledger;
mod presence;
mod rule;
mod selection;
mod table;

pub use ledger::{Denial, Program};
pub use rule::Rule;

pub(crate) use atom::Atoms;
pub(crate) use extension::{ALL as EXTENSIONS, is_local, is_shown};
pub(crate) use judge::{Guard, Known};
pub(crate) use kin::{Kin, Member};
pub(crate) use ledger::{Entry, Ledger};
pub(crate) use presence::Presence;

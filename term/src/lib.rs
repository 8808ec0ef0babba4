//! A terminal whose other end is an SSH channel. There is no GUI in here.
//!
//! ```text
//!   ssh::Host ──► ssh::Connection ──► ssh::Channel ──┐ Session pumps bytes, resizes, notices the end
//!                                                    ├──► Terminal ──► Content, one frame's worth of cells
//!                                 keys, pasted text ─┘
//! ```
//!
//! [`ssh`] knows nothing of terminals and [`terminal`] nothing of SSH: only [`session`] joins the two.

pub mod session;
pub mod ssh;
pub mod terminal;

pub use session::Session;
pub use terminal::Terminal;

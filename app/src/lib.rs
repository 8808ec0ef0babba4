//! Tetherm, the window and the command line.
//!
//! ```text
//!   cli ──► window ──► screen (hosts …)      store ◄── the only code that writes the user's files
//!                 └──► tab ──► pane ──► widget::terminal ──► term::Terminal
//! ```

pub mod allocator;
pub mod bell;
pub mod cli;
pub mod clipboard;
pub mod control;
pub mod file_chooser;
pub mod link;
pub mod notification;
pub mod pane;
pub mod screen;
pub mod store;
pub mod tab;
pub mod theme;
pub mod widget;
pub mod window;

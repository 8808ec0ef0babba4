//! The headless commands.

pub mod ctl;

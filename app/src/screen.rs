//! Screens: what fills the window when no tab does. One file, one screen.

pub mod guide;
pub mod hosts;
pub mod settings;

pub use guide::Guide;
pub use hosts::Hosts;
pub use settings::Settings;

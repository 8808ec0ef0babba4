//! Screens: what fills the window when no tab does. One file, one screen.

pub mod hosts;

pub use hosts::Hosts;

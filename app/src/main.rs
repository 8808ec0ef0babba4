//! Tetherm: a graphical SSH terminal.

fn main() {}

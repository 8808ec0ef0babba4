//! What a program sees of the terminal, and what the window does.

mod animations;
mod answers;
mod commands;
mod copying;
mod floods;
mod frames;
mod hostile;
mod legibility;
mod lines;
mod links;
mod margins;
mod notices;
mod pictures;
mod recordings;
mod rectangles;
mod relatives;
mod reports;
mod room;
mod screen;
mod searching;

use super::*;

pub(super) const PALETTE: Palette = Palette {
    foreground: Rgb::hex(0xd0d0d0),
    background: Rgb::hex(0x101010),
    cursor: Rgb::hex(0xffcc00),
    cursor_text: Rgb::hex(0x000001),
    selection: Rgb::hex(0x334455),
    ansi: [
        Rgb::hex(0x000000),
        Rgb::hex(0x010000),
        Rgb::hex(0x020000),
        Rgb::hex(0x030000),
        Rgb::hex(0x040000),
        Rgb::hex(0x050000),
        Rgb::hex(0x060000),
        Rgb::hex(0x070000),
        Rgb::hex(0x080000),
        Rgb::hex(0x090000),
        Rgb::hex(0x0a0000),
        Rgb::hex(0x0b0000),
        Rgb::hex(0x0c0000),
        Rgb::hex(0x0d0000),
        Rgb::hex(0x0e0000),
        Rgb::hex(0x0f0000),
    ],
};

pub(super) fn terminal(columns: u16, lines: u16) -> Arc<Terminal> {
    Terminal::new(Size { columns, lines, width: columns * 8, height: lines * 16 }, 100, PALETTE)
}

/// The lines a terminal of 10 columns and 4 lines shows after `bytes`.
pub(super) fn shown(bytes: &str) -> Vec<String> {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(bytes.as_bytes());
    terminal.visible_text().lines().map(str::to_owned).collect()
}

/// What a terminal of 10 columns and 4 lines answers to `bytes`.
pub(super) fn answer(bytes: &str) -> String {
    String::from_utf8(terminal(10, 4).advance(bytes.as_bytes())).unwrap()
}

pub(super) fn content(terminal: &Terminal) -> Content {
    let mut content = Content::default();
    terminal.snapshot(&mut content);
    content
}

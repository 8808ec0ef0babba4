//! What a fuzzer's bytes do to a terminal: most are output of a program, some are what a user does.
//!
//! Included by the fuzz target and by the test that plays the seeds.

use term::Terminal;
use term::terminal::{Content, Palette, Point, Rgb, Scroll, SelectionKind, Side, Size};

/// Begins something that a user does. No UTF-8 has this byte, so recorded output means itself.
const USER: u8 = 0xf8;

const PALETTE: Palette = Palette {
    foreground: Rgb::hex(0xd0d0d0),
    background: Rgb::hex(0x101010),
    cursor: Rgb::hex(0xffcc00),
    cursor_text: Rgb::hex(0x000001),
    selection: Rgb::hex(0x334455),
    ansi: [Rgb::hex(0x808080); 16],
};

/// Plays a script.
///
/// # Panics
///
/// If the terminal does, or if what it shows is not what its size says.
pub(crate) fn play(script: &[u8]) {
    let terminal = Terminal::new(size(20, 8), 50, PALETTE);
    let mut content = Content::default();
    let mut rest = script;
    while let Some(at) = rest.iter().position(|byte| *byte == USER) {
        let (output, after) = rest.split_at(at);
        let _ = terminal.advance(output);
        check(&terminal, &mut content);
        let [_, action, a, b, ..] = *after else { return };
        act(&terminal, action, a, b);
        check(&terminal, &mut content);
        rest = &after[4..];
    }
    let _ = terminal.advance(rest);
    let _ = terminal.end_sync();
    check(&terminal, &mut content);
    // What damage left out must be what did not change.
    let mut whole = Content::default();
    terminal.snapshot(&mut whole);
    let before = content.clone();
    terminal.snapshot(&mut content);
    for ((before, damaged), drawn) in before.rows.iter().zip(&content.rows).zip(&whole.rows) {
        assert_eq!(damaged.cells, drawn.cells);
        // An animation may go on between two looks.
        assert!(drawn.pieces == before.pieces || drawn.pieces == damaged.pieces, "{drawn:?} but {damaged:?}");
    }
}

fn size(columns: u16, lines: u16) -> Size {
    Size { columns, lines, width: columns * 8, height: lines * 16 }
}

fn act(terminal: &Terminal, action: u8, a: u8, b: u8) {
    let point = Point { line: b.into(), column: a.into() };
    match action % 8 {
        0 => terminal.resize(size(a.into(), b.into())),
        1 => terminal.resize(Size { columns: u16::from(a) * 2, lines: b.into(), width: 0, height: 0 }),
        2 => terminal.scroll(Scroll::Lines(i32::from(a) - i32::from(b))),
        3 => terminal.select(kind(b), point, Side::Right),
        4 => terminal.extend_selection(point, Side::Left),
        5 => terminal.clear_scrollback(),
        6 => terminal.note("closed"),
        _ => drop(terminal.end_sync()),
    }
}

fn kind(number: u8) -> SelectionKind {
    match number % 4 {
        0 => SelectionKind::Simple,
        1 => SelectionKind::Block,
        2 => SelectionKind::Semantic,
        _ => SelectionKind::Lines,
    }
}

fn check(terminal: &Terminal, content: &mut Content) {
    terminal.snapshot(content);
    let size = terminal.size();
    assert_eq!(content.rows.len(), usize::from(size.lines));
    assert!(content.rows.iter().all(|row| row.cells.len() == usize::from(size.columns)));
    assert!(content.history <= 50);
    let _ = (terminal.selected_text(), terminal.visible_text(), terminal.take_events());
}

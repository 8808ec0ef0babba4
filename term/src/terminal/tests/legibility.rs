//! Attributes and colours as they are made ready to be read.

use super::super::content::{CursorShape, Underline};
use super::super::legibility::{Legibility, contrast};
use super::*;

/// A palette like that of a light scheme: its colours are dark, to be read on white.
const LIGHT: Palette = Palette {
    foreground: Rgb::hex(0x1f2530),
    background: Rgb::hex(0xfbfcfd),
    cursor: Rgb::hex(0x0b6b64),
    cursor_text: Rgb::hex(0xffffff),
    selection: Rgb::hex(0xbfe3e0),
    ansi: [
        Rgb::hex(0x1f2530),
        Rgb::hex(0xb3261e),
        Rgb::hex(0x1c7434),
        Rgb::hex(0x8a5a00),
        Rgb::hex(0x1756a9),
        Rgb::hex(0x8429a8),
        Rgb::hex(0x08707f),
        Rgb::hex(0xb9c0ca),
        Rgb::hex(0x596373),
        Rgb::hex(0xcf3a31),
        Rgb::hex(0x26833f),
        Rgb::hex(0x9a6700),
        Rgb::hex(0x2a6fd0),
        Rgb::hex(0x9c45c0),
        Rgb::hex(0x0f8293),
        Rgb::hex(0xe9ecf0),
    ],
};

fn light() -> Arc<Terminal> {
    Terminal::new(Size { columns: 10, lines: 4, width: 80, height: 64 }, 100, LIGHT)
}

/// The first cell after `bytes`.
fn first(terminal: &Terminal, bytes: &str) -> content::Cell {
    let _ = terminal.advance(bytes.as_bytes());
    content(terminal).rows[0].cells[0].clone()
}

#[test]
fn blink_and_overline_go_with_every_underline_and_end_on_their_own() {
    let table = [
        ("\x1b[5m", Underline::None, false, true),
        ("\x1b[6m", Underline::None, false, true),
        ("\x1b[53m", Underline::None, true, false),
        ("\x1b[4;5;53m", Underline::Single, true, true),
        ("\x1b[53;4:3;5m", Underline::Curly, true, true),
        ("\x1b[5;21m", Underline::Double, false, true),
        ("\x1b[5;53;4:5;25m", Underline::Dashed, true, false),
        ("\x1b[5;53;4:4;55m", Underline::Dotted, false, true),
        ("\x1b[5;53;4;24m", Underline::None, true, true),
        ("\x1b[5;53;4;4:9m", Underline::Single, true, true),
        ("\x1b[5;53;4;0m", Underline::None, false, false),
        ("\x1b[5;53;4;m", Underline::None, false, false),
        ("\x1b[5;53;4m\x1b[!p", Underline::None, false, false),
    ];
    for (bytes, underline, overline, blink) in table {
        let cell = first(&terminal(10, 4), &format!("{bytes}x"));
        assert_eq!(
            (cell.underline, cell.overline, cell.blink),
            (underline, overline, blink),
            "{}",
            bytes.escape_debug()
        );
        assert!(!cell.bold && !cell.italic && !cell.strikeout);
    }
}

#[test]
fn blink_and_overline_stay_with_the_text_when_it_scrolls_and_wraps_anew() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b[5;53mabcdefgh\x1b[0m\r\n\n\n\n\n");
    terminal.resize(Size { columns: 4, lines: 4, width: 32, height: 64 });
    terminal.scroll(Scroll::Top);
    let rows = content(&terminal).rows;
    assert!(rows[0..2].iter().flat_map(|row| &row.cells).all(|cell| cell.blink && cell.overline));
}

#[test]
fn text_in_palette_colours_can_be_read_on_palette_colours() {
    for (text, background) in (0..8).flat_map(|text| (0..8).map(move |background| (text, background))) {
        let cell = first(&light(), &format!("\x1b[3{text};4{background}mx"));
        let wanted = if text == background { 1.0 } else { 3.0 };
        assert!(contrast(cell.foreground, cell.background) >= wanted, "3{text};4{background}: {cell:?}");
        assert_eq!(cell.background, LIGHT.ansi[background], "the background is as the scheme has it");
    }
    // What stands on the scheme's own background is the scheme's choice, and true colours are the program's.
    assert_eq!(first(&light(), "\x1b[37mx").foreground, LIGHT.ansi[7]);
    assert_eq!(first(&light(), "\x1b[38;2;1;2;3;48;2;3;2;1mx").foreground, Rgb::hex(0x010203));
}

#[test]
fn a_wanted_contrast_is_reached_by_text_and_leaves_lines_and_hidden_text_alone() {
    let terminal = light();
    terminal.set_legibility(Legibility { minimum_contrast: 7.0, ..Legibility::default() });
    for bytes in ["\x1b[37mx", "\x1b[2mx", "\x1b[38;2;200;210;220mx", "\x1b[38;5;250mx", "\x1b[7;34mx"] {
        let cell = first(&terminal, &format!("\x1b[H\x1b[0m{bytes}"));
        assert!(contrast(cell.foreground, cell.background) >= 7.0, "{}: {cell:?}", bytes.escape_debug());
    }
    assert_eq!(first(&terminal, "\x1b[H\x1b[0;37m█").foreground, LIGHT.ansi[7], "a block joins its neighbours");
    let hidden = first(&terminal, "\x1b[H\x1b[0;8mx");
    assert_eq!(hidden.foreground, hidden.background);
}

#[test]
fn bold_is_bright_only_where_the_user_wants_it() {
    let terminal = light();
    assert_eq!(first(&terminal, "\x1b[1;31mx").foreground, LIGHT.ansi[1]);
    terminal.set_legibility(Legibility { bold_is_bright: true, ..Legibility::default() });
    assert_eq!(content(&terminal).rows[0].cells[0].foreground, LIGHT.ansi[9]);
}

#[test]
fn the_cursor_stands_out_from_the_cell_it_is_on() {
    let terminal = light();
    // A background of the cursor's own colour.
    let _ = terminal.advance(b"\x1b[48;2;11;107;100mx\x08");
    let cursor = content(&terminal).cursor.unwrap();
    assert!(contrast(cursor.color, Rgb::hex(0x0b6b64)) >= 1.5);
    assert!(contrast(cursor.color, cursor.text_color) >= 3.0);
    // Elsewhere it is as the scheme has it.
    let _ = terminal.advance(b"\r\n");
    assert_eq!(content(&terminal).cursor.unwrap().color, LIGHT.cursor);
}

#[test]
fn the_users_cursor_shape_holds_until_a_program_chooses_one() {
    let terminal = light();
    let shape = |terminal: &Terminal| content(terminal).cursor.map(|cursor| (cursor.shape, cursor.blinking));
    assert_eq!(shape(&terminal), Some((CursorShape::Block, false)));
    terminal.set_cursor_shape(CursorShape::Beam);
    assert_eq!(terminal.advance(b"\x1bP$q q\x1b\\"), b"\x1bP1$r6 q\x1b\\", "it can be asked for");
    let table = [
        ("", CursorShape::Beam, false),
        ("\x1b[?12h", CursorShape::Beam, true),
        ("\x1b[1 q", CursorShape::Block, true),
        ("\x1b[2 q", CursorShape::Block, false),
        ("\x1b[3 q", CursorShape::Underline, true),
        ("\x1b[4 q", CursorShape::Underline, false),
        ("\x1b[5 q", CursorShape::Beam, true),
        ("\x1b[6 q", CursorShape::Beam, false),
        ("\x1b[2 q\x1b[ q", CursorShape::Beam, false),
        ("\x1b[2 q\x1bc", CursorShape::Beam, false),
    ];
    for (bytes, wanted, blinking) in table {
        let _ = terminal.advance(b"\x1b[0 q\x1b[?12l");
        let _ = terminal.advance(b"\x1b[0 q");
        let _ = terminal.advance(bytes.as_bytes());
        assert_eq!(shape(&terminal), Some((wanted, blinking)), "{}", bytes.escape_debug());
    }
}

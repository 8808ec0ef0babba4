//! Snapshots: damage, colours, cursor, synchronized updates.

use super::content::{CursorShape, Underline};
use super::*;

fn revisions(content: &Content) -> Vec<u64> {
    content.rows.iter().map(|row| row.revision).collect()
}

#[test]
fn only_rows_that_changed_get_a_new_revision() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"a\r\nb\r\nc\r\nd");
    let mut content = content(&terminal);
    let before = revisions(&content);
    let _ = terminal.advance(b"\x1b[2Hx");
    terminal.snapshot(&mut content);
    let after = revisions(&content);
    assert_eq!(content.rows[1].cells[0].character, 'x');
    assert_eq!([before[0], before[2], before[3]], [after[0], after[2], after[3]]);
    assert_ne!(before[1], after[1]);
    // Written again with the same text: nothing to draw.
    let _ = terminal.advance(b"\x1b[2Hx\x1b[2J\x1b[Ha\r\nx\r\nc\r\nd");
    terminal.snapshot(&mut content);
    assert_eq!(revisions(&content), after);
}

#[test]
fn a_scrolled_row_keeps_its_revision() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"a\r\nb\r\nc\r\nd");
    let mut content = content(&terminal);
    let before = revisions(&content);
    let _ = terminal.advance(b"\r\ne");
    terminal.snapshot(&mut content);
    assert_eq!(revisions(&content)[..3], before[1..]);
    terminal.scroll(Scroll::Lines(1));
    terminal.snapshot(&mut content);
    assert_eq!(revisions(&content)[1..], before[1..]);
}

#[test]
fn a_fresh_content_is_filled_whole() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"a");
    let first = content(&terminal);
    let second = content(&terminal);
    let cells = |content: &Content| content.rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&first), cells(&second));
}

#[test]
fn colours_are_resolved() {
    let rgb = Rgb::hex;
    let (fg, bg) = (PALETTE.foreground, PALETTE.background);
    let table = [
        ("", fg, bg),
        ("\x1b[31m", rgb(0x010000), bg),
        ("\x1b[1;31m", rgb(0x010000), bg),
        ("\x1b[1;38;5;1m", rgb(0x010000), bg),
        ("\x1b[1;91m", rgb(0x090000), bg),
        ("\x1b[1;41m", fg, rgb(0x010000)),
        ("\x1b[104m", fg, rgb(0x0c0000)),
        ("\x1b[38;5;16m", rgb(0x000000), bg),
        ("\x1b[38;5;110m", rgb(0x87afd7), bg),
        ("\x1b[48;5;232m", fg, rgb(0x080808)),
        ("\x1b[38;5;255m", rgb(0xeeeeee), bg),
        ("\x1b[38;2;1;2;3m", rgb(0x010203), bg),
        ("\x1b[38:2:1:2:3m", rgb(0x010203), bg),
        ("\x1b[38:2::1:2:3m", rgb(0x010203), bg),
        ("\x1b[38;2;256;2;3m", fg, bg),
        ("\x1b[7m", bg, fg),
        ("\x1b[38;2;240;0;0;7m", bg, rgb(0xf00000)),
        ("\x1b[8m", bg, bg),
        ("\x1b[2;38;2;30;60;90;48;2;0;0;0m", rgb(0x14283c), rgb(0)),
        ("\x1b[?5h", bg, fg),
        ("\x1b]4;1;#abcdef\x07\x1b[31m", rgb(0xabcdef), bg),
        ("\x1b]4;1;#abcdef\x07\x1b]104;1\x07\x1b[31m", rgb(0x010000), bg),
        ("\x1b]10;#abcdef\x07", rgb(0xabcdef), bg),
        ("\x1b]11;#abcdef\x07", fg, rgb(0xabcdef)),
        ("\x1b]11;#abcdef\x07\x1bc", fg, bg),
    ];
    for (bytes, foreground, background) in table {
        let terminal = terminal(10, 4);
        let _ = terminal.advance(format!("{bytes}x").as_bytes());
        let cell = &content(&terminal).rows[0].cells[0];
        assert_eq!((cell.foreground, cell.background), (foreground, background), "{}", bytes.escape_debug());
    }
}

#[test]
fn a_colour_change_redraws_what_was_drawn_before() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b[31mx");
    let mut content = content(&terminal);
    let _ = terminal.advance(b"\x1b]4;1;#abcdef\x07");
    terminal.snapshot(&mut content);
    assert_eq!(content.rows[0].cells[0].foreground, Rgb::hex(0xabcdef));
    terminal.set_palette(Palette { background: Rgb::hex(0xffffff), ..PALETTE });
    terminal.snapshot(&mut content);
    assert_eq!(content.background, Rgb::hex(0xffffff));
    assert_eq!(content.rows[0].cells[0].foreground, PALETTE.ansi[1]);
}

#[test]
fn attributes_reach_the_cells() {
    let terminal = terminal(10, 4);
    let _ =
        terminal.advance("\x1b[1ma\x1b[0;3mb\x1b[0;9mc\x1b[0;4:3;58;5;196md\x1b[0;21me\x1b[0;4mfe\u{301}".as_bytes());
    let cells = &content(&terminal).rows[0].cells;
    assert!(cells[0].bold && cells[1].italic && cells[2].strikeout);
    assert_eq!((cells[3].underline, cells[3].underline_color), (Underline::Curly, Rgb::hex(0xff0000)));
    assert_eq!((cells[4].underline, cells[5].underline), (Underline::Double, Underline::Single));
    assert_eq!(cells[5].underline_color, PALETTE.foreground);
    assert_eq!(cells[6].combining.as_deref(), Some("\u{301}"));
}

#[test]
fn the_selection_is_drawn() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance("a漢bc".as_bytes());
    let mut content = content(&terminal);
    terminal.select(SelectionKind::Simple, Point { line: 0, column: 1 }, Side::Left);
    terminal.extend_selection(Point { line: 0, column: 3 }, Side::Left);
    terminal.snapshot(&mut content);
    let selected: Vec<_> = content.rows[0].cells.iter().map(|cell| cell.background == PALETTE.selection).collect();
    assert_eq!(selected[..5], [false, true, true, false, false]);
    terminal.clear_selection();
    terminal.snapshot(&mut content);
    assert!(content.rows[0].cells.iter().all(|cell| cell.background == PALETTE.background));
}

#[test]
fn the_cursor_has_its_place_shape_and_colour() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance("漢\x08\x1b[5 q\x1b]12;#abcdef\x07".as_bytes());
    let mut content = content(&terminal);
    let cursor = content.cursor.unwrap();
    assert_eq!((cursor.line, cursor.column, cursor.wide), (0, 0, true));
    assert_eq!((cursor.shape, cursor.blinking, cursor.color), (CursorShape::Beam, true, Rgb::hex(0xabcdef)));
    let _ = terminal.advance(b"\x1b[0 q\x1b[?25l");
    terminal.snapshot(&mut content);
    assert_eq!(content.cursor, None);
    let _ = terminal.advance(b"\x1b[?25h\x1b]112\x07");
    terminal.snapshot(&mut content);
    let cursor = content.cursor.unwrap();
    assert_eq!(
        (cursor.shape, cursor.color, cursor.text_color),
        (CursorShape::Block, PALETTE.cursor, PALETTE.cursor_text)
    );
}

#[test]
fn a_synchronized_update_shows_all_at_once() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"old\x1b[?2026h\r\x1b[2Kne");
    assert_eq!(terminal.visible_text().lines().next(), Some("old"));
    assert!(terminal.sync_deadline().is_some());
    // The end may be cut anywhere.
    let _ = terminal.advance(b"w\x1b[?20");
    let _ = terminal.advance(b"26l!");
    assert_eq!(terminal.visible_text().lines().next(), Some("new!"));
    assert_eq!(terminal.sync_deadline(), None);
}

#[test]
fn a_synchronized_update_that_never_ends_is_ended() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b[?2026hx\x1b[c");
    assert_eq!(terminal.end_sync(), b"\x1b[?64;4;6;9;17;21;22;28c");
    assert_eq!(terminal.visible_text().lines().next(), Some("x"));
    // Nor does it hold more than its limit.
    let _ = terminal.advance(b"\x1b[?2026h");
    for _ in 0..100 {
        let _ = terminal.advance(&[b'y'; 65536]);
    }
    assert_eq!(terminal.sync_deadline(), None);
}

#[test]
fn wake_ups_are_coalesced() {
    use futures::FutureExt as _;
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"a");
    let _ = terminal.advance(b"b");
    assert_eq!(terminal.changed().now_or_never(), Some(()));
    assert_eq!(terminal.changed().now_or_never(), None);
    terminal.touch();
    assert_eq!(terminal.changed().now_or_never(), Some(()));
}

//! What is on the screen after a sequence.

use super::*;

#[test]
fn cursor_and_editing_sequences_do_what_the_manual_says() {
    let table: &[(&str, [&str; 4])] = &[
        ("a\r\nb", ["a", "b", "", ""]),
        ("a\nb", ["a", " b", "", ""]),
        ("\x1b[20ha\nb", ["a", "b", "", ""]),
        ("\x1b[2;3Hx\x1b[Hy", ["y", "  x", "", ""]),
        ("abc\x1b[2D_", ["a_c", "", "", ""]),
        ("abc\x1b[G_", ["_bc", "", "", ""]),
        ("abcdef\x1b[3G\x1b[K", ["ab", "", "", ""]),
        ("abcdef\x1b[3G\x1b[1K", ["   def", "", "", ""]),
        ("abcdef\x1b[2K", ["", "", "", ""]),
        ("abcdef\x1b[3G\x1b[2@", ["ab  cdef", "", "", ""]),
        ("abcdef\x1b[3G\x1b[2P", ["abef", "", "", ""]),
        ("abcdef\x1b[3G\x1b[2X", ["ab  ef", "", "", ""]),
        ("1\r\n2\r\n3\r\n4\x1b[2H\x1b[L", ["1", "", "2", "3"]),
        ("1\r\n2\r\n3\r\n4\x1b[2H\x1b[M", ["1", "3", "4", ""]),
        ("1\r\n2\r\n3\r\n4\x1b[2S", ["3", "4", "", ""]),
        ("1\r\n2\r\n3\r\n4\x1b[2T", ["", "", "1", "2"]),
        ("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3H\nx", ["1", "3", "x", "4"]),
        ("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[2H\x1bMx", ["1", "x", "2", "4"]),
        // Erase above from the second line includes the first.
        ("1\r\n2\r\n3\x1b[2H\x1b[1J", ["", "", "3", ""]),
        ("1\r\n2\r\n3\x1b[2H\x1b[J", ["1", "", "", ""]),
        ("x\x1b[4b", ["xxxxx", "", "", ""]),
        ("a\tb", ["a       b", "", "", ""]),
        ("0123456789ab", ["0123456789", "ab", "", ""]),
        ("\x1b[?7l0123456789ab", ["012345678b", "", "", ""]),
        // Behind a full line there is nothing to erase; without wrapping the cursor is on the last column.
        ("0123456789\x1b[K", ["0123456789", "", "", ""]),
        ("\x1b[?7l0123456789\x1b[K", ["012345678", "", "", ""]),
        // REP repeats what was printed just before it, and nothing after a control.
        ("x\x1b[2b\x1b[2b", ["xxx", "", "", ""]),
        ("x\r\x1b[2b", ["x", "", "", ""]),
        ("\x1b[4;7m\x1b#8\x1b[2Jx", ["x", "", "", ""]),
        ("abc\x1b[4h\x1b[Gx", ["xabc", "", "", ""]),
        ("\x1b(0lqk\x1b(B", ["┌─┐", "", "", ""]),
        ("\x0elq\x0f\x1b)0\x0eq\x0f", ["lq─", "", "", ""]),
        ("a\x1b7\x1b[4;9Hb\x1b8c", ["ac", "", "", "        b"]),
        ("\x1b[?6h\x1b[2;3r\x1b[Hx\x1b[9;1Hy", ["", "x", "y", ""]),
        // The cursor stays on its line when origin mode and margins are set and only the column changes.
        ("\x1b[2;3r\x1b[?6h\x1b[2;1Ha\x1b[5Gb", ["", "", "a   b", ""]),
        // CUU and CUD stop at the margins.
        ("\x1b[2;3r\x1b[3H\x1b[9Ax\x1b[9By", ["", "x", " y", ""]),
        ("\x1b#8\x1b[2;1H\x1b[0J", ["EEEEEEEEEE", "", "", ""]),
        ("ab\x1b[?1049hcd", ["  cd", "", "", ""]),
        ("ab\x1b[?1049hcd\x1b[?1049le", ["abe", "", "", ""]),
        ("ab\x1b[?47hcd\x1b[?47le", ["ab  e", "", "", ""]),
        ("ab\x1b[?1047hcd\x1b[?1047le", ["ab  e", "", "", ""]),
        ("ab\x1b[?1048h\r\ncd\x1b[?1048le", ["abe", "cd", "", ""]),
        // A run of text over both halves of wide characters, in insert mode, with line drawing, over the edge.
        ("漢字漢\x1b[2Gabc", [" abc漢", "", "", ""]),
        ("x漢字\x1b[2Gab", ["xab字", "", "", ""]),
        ("abc\x1b[4h\x1b[2Gxyz", ["axyzbc", "", "", ""]),
        ("\x1b)0ab\x0eqq\x0fqq", ["ab──qq", "", "", ""]),
        ("\x1b*0\x1bnqq\x0fq", ["──q", "", "", ""]),
        ("0123456789012345678901", ["0123456789", "0123456789", "01", ""]),
        ("012345678\x1b[?7labcdef", ["012345678f", "", "", ""]),
        ("0123456789\rab", ["ab23456789", "", "", ""]),
        ("ab\x1b[2b\x1b[Cc", ["abbb c", "", "", ""]),
        ("ab\x1b[!pc", ["abc", "", "", ""]),
        ("ab\x1bcd", ["d", "", "", ""]),
        // `tput init` sends this; without mode 40 it must not clear the screen.
        ("ab\x1b[?3lc", ["abc", "", "", ""]),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(bytes), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn a_wide_character_takes_two_cells_and_wraps_as_a_whole() {
    assert_eq!(shown("123456789漢x"), ["123456789", "漢x", "", ""]);
    let terminal = terminal(10, 4);
    let _ = terminal.advance("a漢b".as_bytes());
    let row = &content(&terminal).rows[0];
    let widths: Vec<_> = row.cells.iter().take(4).map(|cell| cell.width).collect();
    assert_eq!(widths, [content::Width::Narrow, content::Width::Wide, content::Width::Spacer, content::Width::Narrow]);
}

#[test]
fn what_is_on_the_screen_stays_there_in_a_narrower_window_while_there_is_room() {
    let terminal = terminal(12, 6);
    let _ = terminal.advance(b"old\r\n\x1b[2J\x1b[Hfirst second\r\nthird\r\n$ ");
    terminal.resize(Size { columns: 6, lines: 6, width: 0, height: 0 });
    assert_eq!(terminal.visible_text(), "first\nsecond\nthird\n$\n\n\n");
    // Without room the last lines stay.
    terminal.resize(Size { columns: 3, lines: 6, width: 0, height: 0 });
    assert_eq!(terminal.visible_text(), "st\nsec\nond\nthi\nrd\n$\n");
    // What was not on it is not brought there, however much room there is.
    let _ = terminal.advance(b"\x1b[2J\x1b[H> ");
    terminal.resize(Size { columns: 2, lines: 6, width: 0, height: 0 });
    assert_eq!(terminal.visible_text(), ">\n\n\n\n\n\n");
}

#[test]
fn a_narrower_terminal_reflows_and_a_wider_one_joins_again() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"0123456789abc");
    terminal.resize(Size { columns: 5, lines: 4, width: 0, height: 0 });
    terminal.scroll(Scroll::Top);
    assert_eq!(terminal.visible_text(), "01234\n56789\nabc\n\n");
    terminal.scroll(Scroll::Bottom);
    terminal.resize(Size { columns: 20, lines: 4, width: 0, height: 0 });
    assert_eq!(terminal.visible_text(), "0123456789abc\n\n\n\n");
}

#[test]
fn margins_survive_a_change_of_pixels_and_not_one_of_lines() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b[2;3r");
    terminal.resize(Size { columns: 10, lines: 4, width: 160, height: 128 });
    let _ = terminal.advance(b"\x1b[3H\x1b[9Ax");
    assert_eq!(terminal.visible_text(), "\nx\n\n\n");
    terminal.resize(Size { columns: 10, lines: 5, width: 160, height: 160 });
    let _ = terminal.advance(b"\x1b[3H\x1b[9Ay");
    assert_eq!(terminal.visible_text(), "y\nx\n\n\n\n");
}

#[test]
fn the_scrollback_is_seen_kept_and_dropped() {
    let terminal = terminal(10, 2);
    let _ = terminal.advance(b"1\r\n2\r\n3\r\n4");
    assert_eq!(terminal.visible_text(), "3\n4\n");
    terminal.scroll(Scroll::Lines(1));
    assert_eq!(terminal.visible_text(), "2\n3\n");
    // What is looked at stays while more comes.
    let _ = terminal.advance(b"\r\n5");
    assert_eq!(terminal.visible_text(), "2\n3\n");
    assert_eq!(content(&terminal).scrolled, 2);
    assert_eq!(content(&terminal).cursor, None);
    terminal.scroll(Scroll::Top);
    assert_eq!(terminal.visible_text(), "1\n2\n");
    terminal.scroll(Scroll::Bottom);
    terminal.clear_scrollback();
    assert_eq!(content(&terminal).history, 0);
    assert_eq!(terminal.visible_text(), "4\n5\n");
}

#[test]
fn a_selection_moves_with_its_text() {
    let terminal = terminal(10, 3);
    let _ = terminal.advance(b"one two\r\nthree\r\n");
    terminal.select(SelectionKind::Semantic, Point { line: 0, column: 5 }, Side::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("two"));
    let _ = terminal.advance(b"four\r\nfive\r\nsix\r\n");
    assert_eq!(terminal.selected_text().as_deref(), Some("two"));
    terminal.clear_selection();
    assert_eq!(terminal.selected_text(), None);
}

#[test]
fn each_kind_of_selection_takes_what_it_says() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance("ab cd\r\nef 漢gh\r\n0123456789wrapped".as_bytes());
    let at = |line, column| Point { line, column };
    let table = [
        (SelectionKind::Simple, at(0, 3), at(1, 1), "cd\nef"),
        (SelectionKind::Simple, at(1, 4), at(1, 5), "漢g"),
        (SelectionKind::Block, at(0, 1), at(1, 3), "b c\nf 漢"),
        (SelectionKind::Semantic, at(1, 6), at(1, 6), "漢gh"),
        (SelectionKind::Lines, at(2, 0), at(2, 0), "0123456789wrapped"),
        (SelectionKind::Lines, at(0, 0), at(1, 0), "ab cd\nef 漢gh"),
    ];
    for (kind, from, to, expected) in table {
        terminal.select(kind, from, Side::Left);
        terminal.extend_selection(to, Side::Right);
        assert_eq!(terminal.selected_text().as_deref(), Some(expected), "{kind:?} {from:?} {to:?}");
    }
}

#[test]
fn a_click_alone_selects_nothing() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"abc");
    terminal.select(SelectionKind::Simple, Point { line: 0, column: 1 }, Side::Left);
    assert_eq!(terminal.selected_text(), None);
}

#[test]
fn a_note_stands_below_the_output_and_frees_the_terminal() {
    let terminal = terminal(20, 6);
    let _ = terminal.advance(b"shell\x1b[?1049h\x1b[?1003;1006;2004;1;25;66h\x1b[?25l\x1b[>1uvim\x1b]0;half");
    terminal.note("Connection \x1b[31mclosed\u{202e}");
    assert_eq!(terminal.visible_text(), "shell\nConnection [31mclose\nd\n\n\n\n");
    let modes = terminal.modes();
    assert_eq!(modes, Modes { alternate_scroll: true, ..Modes::default() });
    let content = content(&terminal);
    let cursor = content.cursor.unwrap();
    assert_eq!((cursor.line, cursor.column), (3, 0));
    assert_ne!(content.rows[1].cells[0].background, PALETTE.background);
    // The next shell's output is parsed from a clean start.
    let _ = terminal.advance(b"$ ");
    assert!(terminal.visible_text().contains("\n$\n"));
}

//! What copying takes.

use super::*;

fn selected(terminal: &Terminal, kind: SelectionKind, from: (u16, u16), to: (u16, u16)) -> (String, String) {
    terminal.select(kind, Point { line: from.0, column: from.1 }, Side::Left);
    terminal.extend_selection(Point { line: to.0, column: to.1 }, Side::Right);
    terminal.selected_html().expect("a selection")
}

#[test]
fn colours_and_styles_are_copied_and_markup_is_text() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(
        b"a \x1b[1;3;38;2;1;2;3;48;2;4;5;6mb<&>\"\x1b[m \x1b[4:3;58:2::9:9:9mw\x1b[m \x1b[9ms\x1b[m   \r\nend",
    );
    let (text, html) = selected(&terminal, SelectionKind::Simple, (0, 0), (1, 9));
    assert_eq!(text, "a b<&>\" w s\nend");
    let open = "<pre style=\"font-family:monospace;color:#d0d0d0;background-color:#101010\">";
    let bold = "<span style=\"color:#010203;background-color:#040506;font-weight:bold;font-style:italic\">";
    let wave =
        "<span style=\"text-decoration-line:underline;text-decoration-style:wavy;text-decoration-color:#090909\">";
    let struck = "<span style=\"text-decoration-line:line-through\">";
    let expected = format!("{open}a {bold}b&lt;&amp;&gt;&quot;</span> {wave}w</span> {struck}s</span>\nend</pre>");
    assert_eq!(html, expected);
}

#[test]
fn reverse_video_and_the_selection_itself_are_told_apart() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"\x1b[7mx\x1b[m");
    let (_, html) = selected(&terminal, SelectionKind::Simple, (0, 0), (0, 0));
    assert!(html.contains("<span style=\"color:#101010;background-color:#d0d0d0\">x</span>"), "{html}");
}

#[test]
fn wrapped_lines_are_joined_and_a_block_is_copied_as_rows() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance("0123456789ab\r\n漢字\r\nend".as_bytes());
    let (text, html) = selected(&terminal, SelectionKind::Simple, (0, 0), (3, 9));
    assert_eq!(text, "0123456789ab\n漢字\nend");
    assert!(html.ends_with(">0123456789ab\n漢字\nend</pre>"), "{html}");
    let (text, html) = selected(&terminal, SelectionKind::Block, (0, 1), (3, 2));
    assert_eq!(text, "12\nb\n漢字\nnd");
    assert!(html.ends_with(">12\nb\n漢字\nnd</pre>"), "{html}");
}

fn double_click(terminal: &Terminal, line: u16, column: u16) -> String {
    terminal.select(SelectionKind::Semantic, Point { line, column }, Side::Left);
    terminal.selected_text().unwrap_or_default()
}

#[test]
fn words_are_taken_over_wraps_brackets_to_their_other_half() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance("x /usr/lib/modules (a (b) c)\r\n漢字 x".as_bytes());
    assert_eq!(double_click(&terminal, 0, 5), "/usr/lib/modules");
    assert_eq!(double_click(&terminal, 1, 2), "/usr/lib/modules");
    assert_eq!(double_click(&terminal, 1, 9), "(a (b) c)");
    assert_eq!(double_click(&terminal, 3, 3), "漢字");
    terminal.set_word_separators("/ ");
    assert_eq!(double_click(&terminal, 0, 5), "usr");
}

#[test]
fn a_selection_by_words_grows_by_words_and_keeps_the_first() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"one two three four");
    let _ = double_click(&terminal, 0, 5);
    terminal.extend_selection(Point { line: 0, column: 10 }, Side::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("two three"));
    terminal.extend_selection(Point { line: 0, column: 1 }, Side::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("one two"));
    let _ = terminal.advance(b"\r\na\r\nb\r\nc\r\nd");
    terminal.scroll(Scroll::Top);
    terminal.extend_selection(Point { line: 0, column: 16 }, Side::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("two three four"), "scrolling changes nothing");
}

#[test]
fn a_selection_stays_on_its_text_while_output_scrolls() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"first\r\nsecond\r\n");
    terminal.select(SelectionKind::Lines, Point { line: 1, column: 2 }, Side::Left);
    for _ in 0..50 {
        let _ = terminal.advance(b"more\r\n");
        assert_eq!(terminal.selected_text().as_deref().map(str::trim_end), Some("second"));
    }
}

#[test]
fn everything_is_selected_up_to_the_last_line_with_text() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"1\r\n2\r\n3\r\n4\r\n5\r\n");
    terminal.select_all();
    assert_eq!(terminal.selected_text().as_deref(), Some("1\n2\n3\n4\n5"));
}

#[test]
fn a_caret_selects_without_a_mouse() {
    use selection::caret::Movement;
    let terminal = terminal(20, 4);
    let _ = terminal.advance("one two\r\nthree 漢字 four\r\n".as_bytes());
    terminal.begin_caret();
    let at = |terminal: &Terminal| content(terminal).cursor.map(|cursor| (cursor.line, cursor.column));
    assert_eq!(at(&terminal), Some((2, 0)));
    terminal.move_caret(Movement::Up, false);
    terminal.move_caret(Movement::WordRight, false);
    terminal.move_caret(Movement::Right, false);
    terminal.move_caret(Movement::Right, false);
    assert_eq!(at(&terminal), Some((1, 6)));
    terminal.move_caret(Movement::WordRight, true);
    assert_eq!(terminal.selected_text().as_deref(), Some("漢字"));
    terminal.move_caret(Movement::Up, true);
    terminal.move_caret(Movement::LineStart, true);
    assert_eq!(terminal.selected_text().as_deref(), Some("one two\nthree 漢"));
    terminal.anchor_caret(SelectionKind::Lines);
    assert_eq!(terminal.selected_text().as_deref().map(str::trim_end), Some("one two\nthree 漢字 four"));
    terminal.anchor_caret(SelectionKind::Lines);
    assert!(!terminal.has_selection());
    terminal.end_caret();
    assert_eq!(at(&terminal), Some((2, 0)));
}

#[test]
fn the_caret_walks_into_the_scrollback_and_the_screen_follows() {
    use selection::caret::Movement;
    let terminal = terminal(20, 4);
    let _ = terminal.advance((0..50).map(|line| format!("line {line}\r\n")).collect::<String>().as_bytes());
    terminal.begin_caret();
    terminal.move_caret(Movement::PageUp, false);
    terminal.move_caret(Movement::PageUp, false);
    assert!(terminal.visible_text().starts_with("line 42"), "{}", terminal.visible_text());
    terminal.move_caret(Movement::Top, true);
    assert!(terminal.visible_text().starts_with("line 0\n"));
    terminal.move_caret(Movement::Bottom, true);
    assert!(terminal.visible_text().contains("line 49"));
}

#[test]
fn a_long_selection_is_copied_whole_in_slices() {
    let terminal = Terminal::new(Size { columns: 20, lines: 4, width: 0, height: 0 }, 10_000, PALETTE);
    let lines: Vec<String> = (0..9_000).map(|line| format!("line {line}")).collect();
    let _ = terminal.advance(lines.join("\r\n").as_bytes());
    terminal.select_all();
    let (text, html) = terminal.selected_html().expect("a selection");
    assert_eq!(text, lines.join("\n"));
    assert!(html.contains("line 0\nline 1\n") && html.ends_with("line 8999</pre>"));
}

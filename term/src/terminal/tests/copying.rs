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

//! Looking for text.

use super::search::{Case, Direction, Pattern, Query, Status, View};
use super::*;

fn pattern(text: &str) -> Pattern {
    let query = Query { text: text.to_owned(), regex: true, case: Case::Smart };
    Pattern::new(&query).expect("a pattern").expect("not empty")
}

fn finish(terminal: &Terminal) -> Status {
    while terminal.search_step() {}
    terminal.search_status().expect("a search")
}

fn look_for(terminal: &Terminal, text: &str) -> Status {
    terminal.search(Some(pattern(text)));
    finish(terminal)
}

/// The text of the cells that are shown as the match the user looks at, and as other ones, row by row.
fn lit(terminal: &Terminal) -> (String, String) {
    let content = content(terminal);
    let of = |background: Rgb| {
        let cells = content.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.background == background);
        cells.filter(|cell| cell.width != content::Width::Spacer).map(|cell| cell.character).collect::<String>()
    };
    (of(Rgb::hex(0xb43c00)), of(Rgb::hex(0xffd54a)))
}

fn lines(count: usize) -> String {
    (0..count).map(|line| format!("line {line}\r\n")).collect()
}

fn big(columns: u16, lines: u16, scrollback: usize) -> Arc<Terminal> {
    Terminal::new(Size { columns, lines, width: 0, height: 0 }, scrollback, PALETTE)
}

#[test]
fn all_of_the_scrollback_is_counted_and_the_newest_match_is_shown_first() {
    let terminal = big(20, 4, 50_000);
    let _ = terminal.advance(lines(30_000).as_bytes());
    let status = look_for(&terminal, "99$");
    assert_eq!((status.total, status.current, status.complete), (300, Some(1), true));
    assert!(terminal.visible_text().contains("line 29999"), "{}", terminal.visible_text());
    terminal.search_go(Direction::Older);
    assert_eq!(terminal.search_status().and_then(|status| status.current), Some(2));
    assert!(terminal.visible_text().contains("line 29899"));
    terminal.search_go(Direction::Newer);
    terminal.search_go(Direction::Newer);
    assert_eq!(terminal.search_status().and_then(|status| status.current), Some(300), "it begins anew");
    assert!(terminal.visible_text().contains("line 99\n"));
}

#[test]
fn matches_are_lit_over_wraps_and_wide_characters() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance("0123456789abc\r\nx漢字y abc".as_bytes());
    let status = look_for(&terminal, "9ab|字y");
    assert_eq!((status.total, status.current), (2, Some(1)));
    assert_eq!(lit(&terminal), ("字y".to_owned(), "9ab".to_owned()));
    terminal.search_go(Direction::Older);
    assert_eq!(lit(&terminal), ("9ab".to_owned(), "字y".to_owned()));
    terminal.search_select();
    assert_eq!(terminal.selected_text().as_deref(), Some("9ab"));
    terminal.clear_selection();
    terminal.search(None);
    assert_eq!(lit(&terminal), Default::default());
}

#[test]
fn new_output_counts_and_does_not_move_the_user() {
    let terminal = big(20, 4, 1_000);
    let _ = terminal.advance(lines(100).as_bytes());
    assert_eq!(look_for(&terminal, "line 50").total, 1);
    let before = terminal.visible_text();
    for _ in 0..3 {
        let _ = terminal.advance(b"line 50\r\n");
        assert!(!finish(&terminal).truncated);
    }
    let status = terminal.search_status().expect("a search");
    assert_eq!((status.total, status.current), (4, Some(4)));
    assert_eq!(terminal.visible_text(), before);
    // What is written over on the screen does not count any more.
    let _ = terminal.advance(b"\x1b[A\x1b[2K");
    assert_eq!(finish(&terminal).total, 3);
}

#[test]
fn lines_that_leave_the_scrollback_take_their_matches_with_them() {
    let terminal = big(20, 4, 100);
    let _ = terminal.advance(lines(50).as_bytes());
    assert_eq!(look_for(&terminal, "line").total, 50);
    let _ = terminal.advance(lines(1_000).as_bytes());
    // The screen's last row is empty.
    assert_eq!(finish(&terminal).total, 103);
    terminal.clear_scrollback();
    assert_eq!(finish(&terminal).total, 3);
    let _ = terminal.advance(b"\x1bc");
    assert_eq!(finish(&terminal).total, 0);
}

#[test]
fn a_flood_between_two_looks_is_counted_once() {
    let terminal = big(20, 4, 100_000);
    terminal.search(Some(pattern("line")));
    for _ in 0..10 {
        let _ = terminal.advance(lines(5_000).as_bytes());
        let _ = terminal.search_step();
    }
    let status = finish(&terminal);
    assert_eq!((status.total, status.complete), (50_000, true));
}

#[test]
fn wrapping_anew_and_growing_keep_the_match_and_the_count() {
    let terminal = big(20, 4, 1_000);
    let _ = terminal.advance(lines(200).as_bytes());
    let _ = look_for(&terminal, "line 1?5\\d");
    for _ in 0..5 {
        terminal.search_go(Direction::Older);
    }
    let before = terminal.search_status().expect("a search");
    for (columns, lines) in [(6, 4), (20, 4), (20, 10), (20, 3), (80, 24)] {
        terminal.resize(Size { columns, lines, width: 0, height: 0 });
        let after = finish(&terminal);
        assert_eq!((after.total, after.current), (before.total, before.current), "{columns}x{lines}");
    }
}

#[test]
fn the_alternate_screen_is_looked_through_by_itself() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"word\r\nword\r\n");
    assert_eq!(look_for(&terminal, "word").total, 2);
    let _ = terminal.advance(b"\x1b[?1049h\x1b[Hone word");
    assert_eq!(finish(&terminal).total, 1);
    assert_eq!(lit(&terminal), ("word".to_owned(), String::new()));
    let _ = terminal.advance(b"\x1b[?1049l");
    assert_eq!(finish(&terminal).total, 2);
}

#[test]
fn narrowing_stays_at_the_match_and_the_view_comes_back() {
    let terminal = big(20, 4, 1_000);
    let _ = terminal.advance(lines(200).as_bytes());
    terminal.scroll(Scroll::Lines(100));
    let view = terminal.view();
    let _ = look_for(&terminal, "9");
    terminal.search_go(Direction::Older);
    let before = terminal.visible_text();
    let _ = look_for(&terminal, "9\\d|89");
    assert_eq!(terminal.visible_text(), before);
    terminal.show(view);
    assert_eq!(terminal.view(), view);
    terminal.show(View::Bottom);
    assert_eq!(terminal.view(), View::Bottom);
}

#[test]
fn marks_show_where_in_the_scrollback_the_matches_are() {
    let terminal = big(20, 4, 1_000);
    let _ = terminal.advance(lines(397).as_bytes());
    let _ = look_for(&terminal, "line (5|395)$");
    let marks = terminal.search_marks(40).expect("a search");
    let lit: Vec<usize> = (0..40).filter(|part| marks.parts[*part]).collect();
    assert_eq!((lit, marks.current), (vec![0, 39], Some(39)));
}

#[test]
fn a_line_without_end_is_looked_through_in_pieces() {
    let terminal = big(10, 4, 5_000);
    let _ = terminal.advance("abcde".repeat(8_000).as_bytes());
    let status = look_for(&terminal, "abc");
    assert!(status.complete && (7_900..=8_000).contains(&status.total), "{status:?}");
    assert!(content(&terminal).rows.len() == 4);
}

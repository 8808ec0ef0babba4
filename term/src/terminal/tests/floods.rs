//! Floods: what comes without end takes bounded memory, breaks nothing and leaves a terminal that works.

use super::*;

/// Bytes without a pattern, the same in each run.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Whether text that comes now is shown, after whatever the flood left half done was broken off.
fn works(terminal: &Terminal) {
    let _ = terminal.advance(b"\x18\x1b\\\x1b[?2026l\x1bc");
    let _ = terminal.advance(b"works");
    assert_eq!(terminal.visible_text().lines().next(), Some("works"));
    let content = content(terminal);
    let size = terminal.size();
    assert_eq!(content.rows.len(), usize::from(size.lines));
    assert!(content.rows.iter().all(|row| row.cells.len() == usize::from(size.columns)));
}

/// The most that one terminal of these tests may keep beside its grid: strings, updates, pictures.
fn kept_is_bounded(terminal: &Terminal) {
    let inner = terminal.inner.lock();
    assert!(inner.parser.kept() <= 256 * 1024, "{} bytes of a string", inner.parser.kept());
    assert!(inner.released.capacity() <= 1024 * 1024);
    assert!(inner.emulator.graphics.images.bytes() <= image::MEMORY);
    let span = inner.emulator.span();
    assert!(span.top - span.oldest <= 100 + super::super::lines::SLACK as u64, "lines of history");
}

#[test]
fn noise_breaks_nothing() {
    let terminal = terminal(80, 24);
    for chunk in noise(2_000_000).chunks(50_000) {
        let _ = terminal.advance(chunk);
        kept_is_bounded(&terminal);
        let _ = (content(&terminal), terminal.take_events());
    }
    works(&terminal);
}

#[test]
fn a_line_without_an_end_is_history_as_any_other() {
    let terminal = terminal(80, 24);
    let part = "a line without an end ".repeat(10_000);
    for _ in 0..20 {
        let _ = terminal.advance(part.as_bytes());
        kept_is_bounded(&terminal);
    }
    terminal.select(SelectionKind::Lines, Point { line: 5, column: 0 }, Side::Left);
    assert!(terminal.selected_text().is_some_and(|text| text.len() <= 80 * (100 + 24)));
    terminal.resize(Size { columns: 33, lines: 7, width: 0, height: 0 });
    works(&terminal);
}

#[test]
fn of_many_titles_only_the_newest_is_told() {
    let terminal = terminal(80, 24);
    let titles: String = (0..200_000).map(|number| format!("\x1b]2;title {number}\x07\x1b[22t")).collect();
    let _ = terminal.advance(titles.as_bytes());
    assert_eq!(terminal.take_events(), [Event::Title(Some("title 199999".into()))]);
    kept_is_bounded(&terminal);
    works(&terminal);
}

#[test]
fn a_megabyte_in_any_string_is_nothing_to_keep() {
    let payload = "0123456789abcdef".repeat(65_536);
    let begins = [
        "]0;",
        "]2;",
        "]4;1;",
        "]7;",
        "]8;;",
        "]9;",
        "]9;4;1;",
        "]10;",
        "]52;c;",
        "]66;",
        "]104;",
        "]133;A;",
        "]777;notify;",
        "]1337;File=inline=1:",
        "]1337;",
        "]",
        "P",
        "P$q",
        "P+q",
        "Pq",
        "P1;2;3q#1;2;3;4;5",
        "P0p",
        "_G",
        "_Ga=T,f=100;",
        "_",
        "^",
        "X",
    ];
    let terminal = terminal(80, 24);
    for begin in begins {
        for end in ["\x1b\\", "\x07", "\x18", ""] {
            let _ = terminal.advance(format!("\x1b{begin}{payload}").as_bytes());
            kept_is_bounded(&terminal);
            let _ = terminal.advance(end.as_bytes());
            let _ = (content(&terminal), terminal.take_events());
        }
        works(&terminal);
    }
}

#[test]
fn a_storm_of_sizes_under_full_output_is_weathered() {
    let terminal = terminal(80, 24);
    let output =
        "\x1b[31mcolour\x1b[m plain 漢字 \x1b[5;10r\x1b[3;3H\x1bPq\"1;1;40;40#1!40~-!40~\x1b\\ text\r\n".repeat(20);
    let sizes = [(1, 1), (500, 200), (2, 1), (500, 1), (1, 200), (80, 24), (3, 3), (200, 50)];
    for (columns, lines) in sizes.into_iter().cycle().take(80) {
        let _ = terminal.advance(output.as_bytes());
        terminal.resize(Size { columns, lines, width: columns * 8, height: lines * 16 });
        let size = terminal.size();
        assert_eq!(content(&terminal).rows.len(), usize::from(size.lines));
        kept_is_bounded(&terminal);
    }
    terminal.resize(Size { columns: 80, lines: 24, width: 640, height: 384 });
    works(&terminal);
}

#[test]
fn lines_that_scroll_past_very_many_pictures_give_the_lock_away() {
    for relative in [false, true] {
        let terminal = terminal(10, 6);
        let _ = terminal.advance(b"\x1b_Ga=T,q=2,i=1,p=1,f=24,s=1,v=1,C=1;AAAA\x1b\\");
        let how = if relative { ",P=1,Q=1" } else { "" };
        let placements: String = (2..4000).map(|id| format!("\x1b_Ga=p,q=2,i=1,p={id},C=1{how}\x1b\\")).collect();
        let _ = terminal.advance(placements.as_bytes());
        let _ = terminal.advance(b"\x1b[2;6r\x1b[6H");
        let flood = "\n".repeat(LOCKED_BYTES);
        let used = terminal.inner.lock().advance(flood.as_bytes(), Instant::now());
        assert!(used < 1000, "{used} lines under one lock");
        let _ = terminal.advance(&flood.as_bytes()[..10 * used]);
        works(&terminal);
    }
}

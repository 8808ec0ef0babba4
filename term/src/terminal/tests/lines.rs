//! Line numbers: what is remembered about a line stays with it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::terminal::lines::Span;
use crate::terminal::text;

fn with_scrollback(columns: u16, lines: u16, scrollback: usize) -> Arc<Terminal> {
    Terminal::new(Size { columns, lines, width: 0, height: 0 }, scrollback, PALETTE)
}

/// The text of the line with this number.
fn line(terminal: &Terminal, number: u64) -> Option<String> {
    let inner = terminal.inner.lock();
    inner.emulator.line_of(number).map(|line| text::line(&inner.emulator.term, line))
}

/// The number of the cursor's line.
fn cursor_line(terminal: &Terminal) -> u64 {
    let inner = terminal.inner.lock();
    let line = inner.emulator.term.grid().cursor.point.line;
    inner.emulator.line_number(line).unwrap()
}

#[test]
fn a_line_keeps_its_number_until_it_is_gone() {
    let terminal = with_scrollback(10, 2, 3);
    for number in 0..9_u64 {
        let _ = terminal.advance(format!("{number}\r\n").as_bytes());
        let span = terminal.lines();
        // The cursor stands on the line below.
        assert_eq!((span.top, span.end), (number, number + 2));
        assert_eq!(span.oldest, number.saturating_sub(3));
        for known in span.oldest..=number {
            assert_eq!(line(&terminal, known), Some(known.to_string()));
        }
        assert!(!span.contains(span.end) && (span.oldest == 0 || line(&terminal, span.oldest - 1).is_none()));
    }
}

#[test]
fn a_flood_within_one_chunk_is_counted_to_the_last_line() {
    let terminal = with_scrollback(2, 2, 5);
    let _ = terminal.advance("漢".repeat(20_000).as_bytes());
    assert_eq!(terminal.lines(), Span { oldest: 19_993, top: 19_998, end: 20_000 });
    let _ = terminal.advance("\n".repeat(60_000).as_bytes());
    assert_eq!(terminal.lines().end, 80_000);
}

#[test]
fn numbers_of_erased_lines_do_not_come_back() {
    let terminal = with_scrollback(10, 2, 10);
    let _ = terminal.advance(b"0\r\n1\r\n2\r\n3");
    assert_eq!(terminal.lines(), Span { oldest: 0, top: 2, end: 4 });
    let _ = terminal.advance(b"\x1b[3J");
    assert_eq!(terminal.lines(), Span { oldest: 2, top: 2, end: 4 });
    // ED 2 moves the screen into the scrollback.
    let _ = terminal.advance(b"\x1b[2J");
    assert_eq!(terminal.lines(), Span { oldest: 2, top: 4, end: 6 });
    let _ = terminal.advance(b"\x1bc");
    assert_eq!(terminal.lines(), Span { oldest: 6, top: 6, end: 8 });
    terminal.clear_scrollback();
    assert_eq!(terminal.lines().oldest, 6);
}

#[test]
fn the_alternate_screen_has_no_numbers_and_leaves_the_others_alone() {
    let terminal = with_scrollback(10, 2, 10);
    let _ = terminal.advance(b"0\r\n1\r\n2\x1b[?1049h\r\nx\r\ny\r\nz\x1b[3J");
    let span = Span { oldest: 0, top: 1, end: 3 };
    assert_eq!((terminal.lines(), content(&terminal).first_line, line(&terminal, 1)), (span, None, None));
    assert!(!terminal.scroll_to_line(0, 0));
    terminal.resize(Size { columns: 10, lines: 3, width: 0, height: 0 });
    assert_eq!(terminal.lines(), Span { oldest: 0, top: 0, end: 3 });
    let _ = terminal.advance(b"\x1b[?1049l");
    assert_eq!((content(&terminal).first_line, line(&terminal, 2)), (Some(0), Some("2".to_owned())));
}

#[test]
fn a_line_is_scrolled_to_by_its_number() {
    let terminal = with_scrollback(10, 3, 10);
    let _ = terminal.advance(b"0\r\n1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7");
    for (number, below, first) in [(3, 0, 3), (3, 1, 2), (0, 2, 0), (7, 0, 5), (7, 1, 5)] {
        assert!(terminal.scroll_to_line(number, below));
        assert_eq!(content(&terminal).first_line, Some(first), "{number} {below}");
    }
    assert!(!terminal.scroll_to_line(8, 0));
}

#[test]
fn a_window_of_a_pixel_wraps_only_what_is_left_of_the_scrollback() {
    let terminal = with_scrollback(100, 10, 1000);
    for number in 0..1200 {
        let _ = terminal.advance(format!("{number:0>99}\r\n").as_bytes());
    }
    terminal.resize(Size { columns: 2, lines: 1, width: 0, height: 0 });
    let span = terminal.lines();
    assert_eq!(span.end - span.oldest, 1001, "the scrollback is as full as it may be");
    // Fifty lines each, and the last of them is the newest text; the screen shows the empty line below.
    let text: String = (span.end - 51..span.end - 1).filter_map(|number| line(&terminal, number)).collect();
    assert_eq!(text, format!("{:0>99}", 1199));
    terminal.resize(Size { columns: 100, lines: 10, width: 0, height: 0 });
    assert_eq!(line(&terminal, terminal.lines().end - 2), Some(format!("{:0>99}", 1199)));
}

/// What a program does to the lines of a terminal.
fn output() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z漢]{0,30}",
        4 => Just("\r\n".to_owned()),
        1 => Just("\n\n\n".to_owned()),
        1 => "\x1b\\[[0-9]{0,2}[ABHJLMSTd]",
        1 => "\x1b\\[[1-4];[3-6]r",
        1 => prop::sample::select(vec!["\x1b[r", "\x1bM", "\x1bD", "\x1bE", "\t\t\t", "\x1b[3J", "\x1bc", "\x1b[?1049h",
            "\x1b[?1049l", "\x1b[?47h", "\x1b[?47l", "\x1b[5b", "\x1b[H\x1b[2J", "\x1b[?69h\x1b[2;8s", "\x1b[?69l"])
            .prop_map(str::to_owned),
    ]
}

/// A terminal's user who marks lines.
struct Marker {
    terminal: Arc<Terminal>,
    /// The lines that begin with this, by it.
    marked: BTreeMap<String, u64>,
}

impl Marker {
    fn print(&mut self, index: usize, length: usize) {
        let name = format!("<{index}>");
        let _ = self.terminal.advance(format!("{name}{}", "é".repeat(length)).as_bytes());
        // The line began where the name is found, looking up from the cursor.
        let end = cursor_line(&self.terminal);
        let begins = |number: &u64| line(&self.terminal, *number).is_some_and(|text| text.starts_with(&name));
        if let Some(number) = (0..=end).rev().find(begins) {
            let _ = self.marked.insert(name, number);
        }
        let _ = self.terminal.advance(b"\r\n");
    }

    fn resize(&mut self, columns: u16, lines: u16) {
        let size = Size { columns, lines, width: 0, height: 0 }.clamped();
        let reflow = self.terminal.inner.lock().emulator.resize(size);
        if let Some(reflow) = reflow {
            self.marked.retain(|_, number| match reflow.translate(*number, 0) {
                Some((now, column)) => {
                    assert_eq!(column, 0);
                    *number = now;
                    true
                }
                None => false,
            });
        }
    }

    fn check(&self) {
        let span = self.terminal.lines();
        for (name, number) in &self.marked {
            if span.contains(*number) {
                let text = line(&self.terminal, *number).unwrap();
                assert!(text.starts_with(name), "{name} is line {number}, which is {text:?}");
            }
        }
        for number in span.lines() {
            let text = line(&self.terminal, number).unwrap();
            if let Some(end) = text.starts_with('<').then(|| text.find('>')).flatten() {
                assert_eq!(self.marked.get(&text[..=end]), Some(&number), "{text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// A terminal that forgets numbers its lines as one that remembers everything does.
    #[test]
    fn trimming_the_scrollback_changes_no_number(steps in prop::collection::vec(output(), 1..80)) {
        let (small, large) = (with_scrollback(10, 6, 7), with_scrollback(10, 6, 100_000));
        for step in &steps {
            let _ = (small.advance(step.as_bytes()), large.advance(step.as_bytes()));
            let (span, whole) = (small.lines(), large.lines());
            prop_assert_eq!((span.top, span.end), (whole.top, whole.end));
            prop_assert_eq!(span.oldest, whole.oldest.max(span.top.saturating_sub(7)));
            prop_assert_eq!(content(&small).first_line, content(&large).first_line);
            for number in span.lines() {
                prop_assert_eq!(line(&small, number), line(&large, number));
            }
        }
    }

    /// Whatever the window's sizes, on either screen, a marked line is found again.
    #[test]
    fn marks_follow_their_lines_through_any_resizes(
        scrollback in prop::sample::select(vec![0_usize, 5, 60]),
        steps in prop::collection::vec((0_usize..40, 5_u16..40, 1_u16..12, 0_u8..6), 1..30),
    ) {
        let mut marker = Marker { terminal: with_scrollback(20, 6, scrollback), marked: BTreeMap::new() };
        for (index, (length, columns, lines, kind)) in steps.into_iter().enumerate() {
            match kind {
                0 => marker.resize(columns, lines),
                1 => {
                    let _ = marker.terminal.advance(b"\x1b[?1049h");
                    marker.resize(columns, lines);
                    let _ = marker.terminal.advance(b"\x1b[?1049l");
                }
                _ => marker.print(index, length),
            }
            marker.check();
        }
    }
}

#[test]
fn an_unlimited_scrollback_stays_within_its_memory() {
    use crate::terminal::lines::Scrollback;
    let memory = 16 * 1024 * 1024;
    let terminal = terminal(80, 4);
    terminal.set_scrollback(Scrollback::Memory(memory));
    let line = "x\r\n".repeat(4_000);
    for _ in 0..5 {
        let _ = terminal.advance(line.as_bytes());
        let kept = terminal.lines();
        // A cell takes 24 bytes, a row's own part 32; whatever is held beyond the limit is counted too.
        assert!((kept.end - kept.oldest) * (80 * 24 + 32) <= memory as u64);
    }
    let kept = terminal.lines();
    assert_eq!(kept.top - kept.oldest, Scrollback::Memory(memory).lines(80) as u64);
    // Wider rows take more each: fewer are kept.
    terminal.resize(Size { columns: 200, lines: 4, width: 0, height: 0 });
    let kept = terminal.lines();
    assert_eq!(kept.top - kept.oldest, Scrollback::Memory(memory).lines(200) as u64);
    terminal.set_scrollback(Scrollback::Lines(10));
    let kept = terminal.lines();
    assert_eq!(kept.top - kept.oldest, 10);
    let _ = terminal.advance(b"\x1b[?1049h");
    terminal.set_scrollback(Scrollback::Lines(5));
    let _ = terminal.advance(b"\x1b[?1049l");
    let kept = terminal.lines();
    assert_eq!((kept.top - kept.oldest, size_of::<alacritty_terminal::term::cell::Cell>()), (5, 24));
}

/// What the lines of the scrollback and their cells take, in bytes: each block of the heap that a cell leads to once.
fn memory(terminal: &Terminal) -> usize {
    let inner = terminal.inner.lock();
    let grid = inner.emulator.term.grid();
    let mut blocks = std::collections::HashMap::new();
    let mut cells = 0;
    for line in grid.topmost_line().0..0 {
        for cell in &grid[alacritty_terminal::index::Line(line)] {
            cells += 1;
            let Some(extra) = &cell.extra else { continue };
            let marks = cell.zerowidth().unwrap_or_default();
            let _ = blocks.insert(std::sync::Arc::as_ptr(extra).addr(), size_of_val(&**extra) + size_of_val(marks));
            if let Some(link) = cell.hyperlink() {
                let _ = blocks.insert(link.uri().as_ptr().addr(), link.uri().len() + link.id().len());
            }
        }
    }
    cells * 24 + grid.history_size() * 32 + blocks.values().sum::<usize>()
}

#[test]
fn what_links_and_combining_characters_take_is_within_the_memory_of_an_unlimited_scrollback() {
    use crate::terminal::lines::Scrollback;
    let bound = 16 * 1024 * 1024;
    let marked = format!("x{}", "\u{301}".repeat(40)).repeat(70) + "\r\n";
    let linked = |seed: usize| {
        let link = |cell| format!("\x1b]8;;http://{seed}/{cell}/{}\x1b\\x", "a".repeat(2000));
        (0..70).map(link).collect::<String>() + "\x1b]8;;\x1b\\\r\n"
    };
    let terminal = terminal(80, 4);
    terminal.set_scrollback(Scrollback::Memory(bound));
    let plain = "x\r\n".repeat(8_000);
    let _ = terminal.advance(plain.as_bytes());
    let all = terminal.lines().top - terminal.lines().oldest;
    for number in 0..600 {
        let _ = terminal.advance(if number < 300 { marked.as_bytes() } else { b"" });
        let _ = terminal.advance(linked(number).as_bytes());
        if number % 50 == 0 {
            assert!(memory(&terminal) <= bound, "after {number}");
        }
    }
    let left = terminal.lines().top - terminal.lines().oldest;
    assert!((10..all / 4).contains(&left) && memory(&terminal) > bound / 4, "the oldest lines went: {left} of {all}");
    // Wrapped anew, and counted anew.
    terminal.resize(Size { columns: 60, lines: 4, width: 0, height: 0 });
    let _ = terminal.advance(marked.as_bytes());
    assert!(memory(&terminal) <= bound, "wrapped anew");
    // Plain text takes the room back.
    terminal.resize(Size { columns: 80, lines: 4, width: 0, height: 0 });
    let _ = terminal.advance(plain.as_bytes());
    assert_eq!(terminal.lines().top - terminal.lines().oldest, all);
}

#[test]
fn what_moves_down_on_the_screen_is_counted_when_it_leaves_it() {
    use crate::terminal::lines::Scrollback;
    let bound = 16 * 1024 * 1024;
    let terminal = terminal(80, 4);
    terminal.set_scrollback(Scrollback::Memory(bound));
    let marked = format!("x{}", "\u{301}".repeat(30)).repeat(79);
    let marked = format!("\x1b[2;1H{marked}\r\n{marked}\r\n{marked}");
    // While the lines above leave, these stay: they go up with the screen and down again for an inserted line.
    let stays = "\x1b[4H\n\x1b[H\x1b[L".repeat(5);
    for _ in 0..1_000 {
        let _ = terminal.advance(format!("{marked}{stays}\x1b[4H\n\n\n\n").as_bytes());
    }
    assert!(memory(&terminal) <= bound);
}

#[test]
fn a_screen_full_of_long_links_becomes_text() {
    let terminal = terminal(400, 100);
    let address = "a".repeat(2000);
    for number in 0..40_000 {
        let link = format!("\x1b]8;;http://{number}/{address}\x1b\\x");
        let _ = terminal.advance(link.as_bytes());
    }
    let inner = terminal.inner.lock();
    let taken = crate::terminal::lines::extras_of_screen(inner.emulator.term.grid());
    assert!(taken < 40 * 1024 * 1024, "{taken} bytes");
}

#[test]
fn output_shows_the_newest_line_only_if_wanted() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance("x\r\n".repeat(50).as_bytes());
    for (follows, expected) in [(false, 11), (true, 0)] {
        terminal.scroll(Scroll::Bottom);
        terminal.scroll(Scroll::Lines(10));
        terminal.set_scroll_on_output(follows);
        let _ = terminal.advance(b"y\r\n");
        assert_eq!(content(&terminal).scrolled, expected);
    }
}

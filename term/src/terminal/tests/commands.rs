//! Prompts and commands that the shell marks (OSC 133).

use proptest::prelude::*;

use super::*;
use crate::terminal::commands::Mark;
use crate::terminal::text;

/// What a shell prints for a command and its output, after which it waits at the next prompt.
fn command(name: &str, output: &str, status: &str) -> String {
    format!("{name}\r\n\x1b]133;C\x07{output}\x1b]133;D{status}\x07\x1b]133;A\x1b\\$ \x1b]133;B\x07")
}

const FIRST: &str = "\x1b]133;A\x07$ \x1b]133;B\x07";

fn marks(terminal: &Terminal) -> Vec<(u64, &'static str)> {
    content(terminal).prompts.iter().map(|Mark { line, outcome }| (*line, name(*outcome))).collect()
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Prompt => "prompt",
        Outcome::Running => "running",
        Outcome::Ended { status: Some(0), .. } => "succeeded",
        Outcome::Ended { status: Some(_), .. } => "failed",
        Outcome::Ended { status: None, .. } => "ended",
    }
}

#[test]
fn each_prompt_has_a_mark_that_says_how_its_command_ended() {
    let terminal = terminal(20, 20);
    let _ = terminal.advance(format!("motd\r\n{FIRST}").as_bytes());
    let _ = terminal.advance(command("true", "", ";0").as_bytes());
    let _ = terminal.advance(command("false", "", ";1;aid=7").as_bytes());
    let _ = terminal.advance(command("x", "one\r\n", "").as_bytes());
    // Enter on an empty line runs nothing: the shell tells the old status once more.
    let _ = terminal.advance(b"\r\n\x1b]133;D;1\x07\x1b]133;A\x07$ ");
    let _ = terminal.advance(b"sleep\r\n\x1b]133;C\x07");
    let expected = [(1, "succeeded"), (2, "failed"), (3, "ended"), (5, "prompt"), (6, "running")];
    assert_eq!(marks(&terminal), expected);
    assert!(content(&terminal).prompts[1].outcome.failed() && !content(&terminal).prompts[0].outcome.failed());
    terminal.note("closed");
    assert_eq!(marks(&terminal)[4], (6, "ended"), "nothing runs without a shell");
}

#[test]
fn the_end_of_a_command_is_told_with_status_and_time() {
    let terminal = terminal(20, 5);
    let _ = terminal.advance(format!("{FIRST}make\r\n\x1b]133;C\x07").as_bytes());
    let begin = terminal.inner.lock().emulator.now;
    let later = begin + std::time::Duration::from_secs(61);
    let _ = terminal.inner.lock().advance(b"\x1b]133;D;2\x07", later);
    let ended = Event::CommandEnded { status: Some(2), duration: std::time::Duration::from_secs(61) };
    assert_eq!(terminal.take_events(), [ended]);
    let _ = terminal.advance(b"\x1b]133;D;2\x07");
    assert_eq!(terminal.take_events(), [], "it ends once");
}

#[test]
fn a_prompt_that_is_drawn_again_is_one_prompt() {
    let terminal = terminal(20, 5);
    let again = "\r\x1b[K\x1b]133;A\x07$ ";
    // fish and zsh mark later lines of a command as such.
    let _ = terminal.advance(format!("{FIRST}{again}{again}for\r\n\x1b]133;A;k=s\x07> ").as_bytes());
    assert_eq!(marks(&terminal), [(0, "prompt")]);
    // Erased in place, as Ctrl+L of some shells does.
    let _ = terminal.advance(b"\r\n\r\n\x1b]133;A\x07$ \x1b[H\x1b[J\x1b]133;A\x07$ ");
    assert_eq!(marks(&terminal), [(0, "prompt")]);
}

#[test]
fn what_is_gone_has_no_mark_and_the_alternate_screen_none_of_its_own() {
    let terminal = Terminal::new(Size { columns: 20, lines: 2, width: 0, height: 0 }, 3, PALETTE);
    let _ = terminal.advance(FIRST.as_bytes());
    for _ in 0..10 {
        let _ = terminal.advance(command("true", "", ";0").as_bytes());
    }
    assert_eq!(marks(&terminal).len(), 5);
    let _ = terminal.advance(b"\x1b[?1049h\x1b]133;A\x07\x1b]133;C\x07\x1b]133;D;1\x07");
    assert!(!terminal.scroll_to_prompt(Prompt::Previous) && !terminal.select_output(CommandAt::Shown));
    let _ = terminal.advance(b"\x1b[?1049l");
    assert_eq!(marks(&terminal).len(), 5);
    terminal.clear_scrollback();
    assert_eq!(marks(&terminal).len(), 2);
    let _ = terminal.advance(b"\x1bc");
    assert!(!terminal.has_prompts());
}

#[test]
fn a_flood_of_marks_takes_bounded_room() {
    let terminal = Terminal::new(Size { columns: 20, lines: 2, width: 0, height: 0 }, 100_000, PALETTE);
    let _ = terminal.advance("\x1b]133;A\x07\x1b]133;C\x07\x1b]133;D;1\x07\r\n".repeat(50_000).as_bytes());
    assert_eq!(marks(&terminal).len(), 4096);
}

#[test]
fn prompts_are_scrolled_to_one_after_the_other() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(FIRST.as_bytes());
    for number in 0..5 {
        let _ =
            terminal.advance(command("seq 3", &format!("{number}a\r\n{number}b\r\n{number}c\r\n"), ";0").as_bytes());
    }
    let first = || content(&terminal).first_line;
    assert!(!terminal.scroll_to_prompt(Prompt::Next), "nothing is below");
    let mut visited = Vec::new();
    while terminal.scroll_to_prompt(Prompt::Previous) {
        visited.push(first().unwrap());
    }
    assert_eq!(visited, [16, 12, 8, 4, 0]);
    assert!(terminal.scroll_to_prompt(Prompt::Next));
    assert_eq!(first(), Some(4));
    assert!((0..3).all(|_| terminal.scroll_to_prompt(Prompt::Next)));
    assert!(terminal.scroll_to_prompt(Prompt::Next));
    assert_eq!(content(&terminal).scrolled, 0);
}

#[test]
fn a_commands_output_is_selected_and_read() {
    let terminal = terminal(10, 6);
    let _ = terminal.advance(FIRST.as_bytes());
    let _ = terminal.advance(command("a", "one\r\n0123456789wrapped\r\n", ";0").as_bytes());
    let _ = terminal.advance(command("b", "no end", ";0").as_bytes());
    let _ = terminal.advance(command("c", "", ";0").as_bytes());
    let text = |of| terminal.output_text(of);
    assert_eq!(text(CommandAt::Line(0)).as_deref(), Some("one\n0123456789wrapped"));
    assert_eq!(text(CommandAt::Line(2)).as_deref(), Some("one\n0123456789wrapped"));
    assert_eq!(text(CommandAt::Line(3)).as_deref(), Some("no end"));
    assert_eq!(text(CommandAt::Line(4)), None, "the last one had none");
    assert_eq!(text(CommandAt::Shown).as_deref(), Some("no end"));
    assert!(terminal.select_output(CommandAt::Line(1)));
    assert_eq!(terminal.selected_text().as_deref(), Some("one\n0123456789wrapped"));

    // It still runs: up to the cursor. Wrapped anew, it is the same.
    let _ = terminal.advance(b"d\r\n\x1b]133;C\x07so far\r\nand more");
    assert_eq!(text(CommandAt::Shown).as_deref(), Some("so far\nand more"));
    for columns in [5, 3, 30, 10] {
        terminal.resize(Size { columns, lines: 6, width: 0, height: 0 });
        assert_eq!(text(CommandAt::Shown).as_deref(), Some("so far\nand more"), "{columns}");
    }
    terminal.scroll(Scroll::Top);
    assert_eq!(text(CommandAt::Shown).as_deref(), Some("one\n0123456789wrapped"));
}

/// The text of the lines that have marks.
fn marked(terminal: &Terminal) -> Vec<String> {
    let lines: Vec<u64> = content(terminal).prompts.iter().map(|mark| mark.line).collect();
    let inner = terminal.inner.lock();
    let text = |line: u64| inner.emulator.line_of(line).map(|line| text::line(&inner.emulator.term, line));
    lines.into_iter().map(|line| text(line).expect("a line that is there")).collect()
}

/// Prompts on the second, third and fifth of six lines.
const THREE: &str = "\x1b[2H\x1b]133;A\x07P1\x1b[3H\x1b]133;A\x07P2\x1b[5H\x1b]133;A\x07P3";

#[test]
fn marks_move_with_the_text_of_their_lines() {
    let table: [(&str, &[&str], &[u64]); 11] = [
        ("\x1b[H\x1b[L", &["P1", "P2", "P3"], &[2, 3, 5]),
        ("\x1b[3H\x1b[L", &["P1", "P2", "P3"], &[1, 3, 5]),
        ("\x1b[3H\x1b[3L", &["P1", "P2"], &[1, 5]),
        ("\x1b[2H\x1b[M", &["P2", "P3"], &[1, 3]),
        ("\x1b[3H\x1b[9M", &["P1"], &[1]),
        ("\x1b[2T", &["P1", "P2"], &[3, 4]),
        ("\x1b[H\x1bM\x1bM", &["P1", "P2"], &[3, 4]),
        // Into the scrollback, where the numbers stay.
        ("\x1b[2S", &["P1", "P2", "P3"], &[1, 2, 4]),
        // Between margins: what is outside stays, and what leaves them is gone.
        ("\x1b[3;5r\x1b[2S", &["P1", "P3"], &[1, 2]),
        ("\x1b[2;4r\x1b[2;1H\x1bM", &["P1", "P2", "P3"], &[2, 3, 4]),
        // The first lines scroll into the scrollback, below lines that stay in sight.
        ("\x1b[1;3r\x1b[3H\n", &["P1", "P2", "P3"], &[1, 2, 5]),
    ];
    for (bytes, texts, lines) in table {
        let terminal = terminal(10, 6);
        let _ = terminal.advance(format!("{THREE}{bytes}").as_bytes());
        assert_eq!(marked(&terminal), texts, "{}", bytes.escape_debug());
        let at: Vec<_> = marks(&terminal).into_iter().map(|(line, _)| line).collect();
        assert_eq!(at, lines, "{}", bytes.escape_debug());
    }
}

#[test]
fn output_is_found_where_it_was_moved_to() {
    let terminal = terminal(10, 8);
    let _ = terminal.advance(FIRST.as_bytes());
    let _ = terminal.advance(command("a", "one\r\ntwo\r\n", ";0").as_bytes());
    let _ = terminal.advance(b"\x1b[H\x1b[2L");
    assert_eq!(terminal.output_text(CommandAt::Line(2)).as_deref(), Some("one\ntwo"));
    // The region below begins within the output: what of it is left is still the command's.
    let _ = terminal.advance(b"\x1b[4;8r\x1b[4H\x1b[M\x1b[r");
    assert_eq!(terminal.output_text(CommandAt::Line(2)).as_deref(), Some("two"));
}

#[test]
fn a_running_command_ends_also_if_its_prompt_was_scrolled_away() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b[2H\x1b]133;A\x07$ x\r\n\x1b]133;C\x07\x1b[2;4r\x1b[4H\n\n\n\x1b[r");
    assert_eq!(marks(&terminal), [(1, "running")]);
    let _ = terminal.advance(b"\x1b]133;D;3\x07");
    assert!(matches!(terminal.take_events()[..], [Event::CommandEnded { status: Some(3), .. }]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mark_is_always_at_its_prompt(steps in proptest::collection::vec((0_u8..10, 1_u8..7, 1_u8..7), 1..40)) {
        let terminal = terminal(6, 6);
        for (number, (step, a, b)) in steps.into_iter().enumerate() {
            let bytes = match step {
                // Each prompt replaces those below it, as a shell's would.
                0..=2 => format!("\x1b[{a}H\x1b[J\x1b]133;A\x07P{number}"),
                3 => format!("\x1b[{a}H\x1b[{b}L"),
                4 => format!("\x1b[{a}H\x1b[{b}M"),
                5 => format!("\x1b[{a}S"),
                6 => format!("\x1b[{a}T"),
                7 => format!("\x1b[{a};{b}r"),
                8 => format!("\x1b[{a}H{}", "\n".repeat(b.into())),
                _ => format!("\x1b[{a}H{}", "\x1bM".repeat(b.into())),
            };
            let _ = terminal.advance(bytes.as_bytes());
            let texts = marked(&terminal);
            prop_assert!(texts.iter().all(|text| text.starts_with('P')), "{texts:?} after {}", bytes.escape_debug());
        }
    }
}

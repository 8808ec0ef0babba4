//! What a hostile program sends: nothing may panic, stall or take unbounded memory.

use proptest::prelude::*;

use super::*;

#[test]
fn a_million_combining_marks_take_the_room_of_a_few() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(format!("e{}", "\u{301}".repeat(1_000_000)).as_bytes());
    let cell = content(&terminal).rows[0].cells[0].clone();
    assert_eq!(cell.combining.unwrap().chars().count(), 30);
}

#[test]
fn repetitions_cannot_hold_the_lock_for_long() {
    let terminal = terminal(200, 60);
    let begin = Instant::now();
    let _ = terminal.advance(format!("x{}", "\x1b[65535b".repeat(8000)).as_bytes());
    assert!(begin.elapsed() < std::time::Duration::from_secs(5), "{:?}", begin.elapsed());
}

#[test]
fn sizes_beyond_reason_are_clamped() {
    let terminal = terminal(80, 24);
    for (columns, lines) in [(0, 0), (1, 1), (u16::MAX, 1), (1, u16::MAX)] {
        terminal.resize(Size { columns, lines, width: 0, height: 0 });
        let size = terminal.size();
        assert_eq!(size, Size { columns, lines, width: 0, height: 0 }.clamped());
        let content = content(&terminal);
        assert_eq!(content.rows.len(), usize::from(size.lines));
        assert!(content.rows.iter().all(|row| row.cells.len() == usize::from(size.columns)));
    }
}

/// Something a program or a user does.
#[derive(Debug, Clone)]
enum Step {
    Bytes(Vec<u8>),
    Resize(u16, u16),
    Scroll(i32),
    Select(u16, u16, u16, u16, u8),
    Note,
}

/// Fragments that reach further than random bytes do.
fn fragment() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![0_u16..30, Just(65535)];
    let csi =
        ("[?>=<!]?", prop::collection::vec(number, 0..4), "[ $!'*\"#]?[@-~]").prop_map(|(private, numbers, end)| {
            let numbers: Vec<_> = numbers.iter().map(u16::to_string).collect();
            format!("\x1b[{private}{}{end}", numbers.join(";")).into_bytes()
        });
    let private_mode = (
        prop::sample::select(vec![1, 2, 3, 5, 6, 7, 25, 40, 45, 47, 69, 1045, 1047, 1048, 1049, 2026, 2027, 2048]),
        "[hl]",
    )
        .prop_map(|(mode, end)| format!("\x1b[?{mode}{end}").into_bytes());
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[a-z漢\u{301}\t\r\n ]{0,30}".prop_map(String::into_bytes),
        csi,
        private_mode,
        "\x1b[()#*+./ -]?[0-9A-Zc=>]".prop_map(String::into_bytes),
        "\x1bP([+$]q|[12]\\$t)[0-9A-Fa-z@;/$]{0,20}\x1b\\\\".prop_map(String::into_bytes),
        "\x1b\\][0-9]{1,3};[a-z#?;0-9]{0,20}\x07".prop_map(String::into_bytes),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => fragment().prop_map(Step::Bytes),
        2 => (0_u16..40, 0_u16..20).prop_map(|(columns, lines)| Step::Resize(columns, lines)),
        1 => (-50..50).prop_map(Step::Scroll),
        1 => (0_u16..40, 0_u16..20, 0_u16..40, 0_u16..20, 0_u8..4).prop_map(|(a, b, c, d, e)| Step::Select(a, b, c, d, e)),
        1 => Just(Step::Note),
    ]
}

fn perform(terminal: &Terminal, step: &Step) {
    match *step {
        Step::Bytes(ref bytes) => drop(terminal.advance(bytes)),
        Step::Resize(columns, lines) => terminal.resize(Size { columns, lines, width: 0, height: 0 }),
        Step::Scroll(lines) => terminal.scroll(Scroll::Lines(lines)),
        Step::Select(a, b, c, d, kind) => {
            let kinds = [SelectionKind::Simple, SelectionKind::Block, SelectionKind::Semantic, SelectionKind::Lines];
            terminal.select(kinds[usize::from(kind)], Point { line: b, column: a }, Side::Right);
            terminal.extend_selection(Point { line: d, column: c }, Side::Left);
        }
        Step::Note => terminal.note("closed"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_and_no_sizes_break_the_terminal(steps in prop::collection::vec(step(), 1..60), permitted: bool) {
        let terminal = terminal(20, 8);
        terminal.permit(Permissions { read_screen: permitted, resize: permitted });
        let mut by_damage = Content::default();
        for step in &steps {
            perform(&terminal, step);
            terminal.snapshot(&mut by_damage);
            let size = terminal.size();
            prop_assert_eq!(by_damage.rows.len(), usize::from(size.lines));
            prop_assert!(by_damage.rows.iter().all(|row| row.cells.len() == usize::from(size.columns)));
            let _ = (terminal.selected_text(), terminal.visible_text(), terminal.take_events());
        }
        // What damage left out must be what did not change.
        let mut whole = Content::default();
        terminal.inner.lock().emulator.redraw = true;
        terminal.snapshot(&mut whole);
        for (line, (damaged, drawn)) in by_damage.rows.iter().zip(&whole.rows).enumerate() {
            prop_assert_eq!(&damaged.cells, &drawn.cells, "line {}", line);
        }
    }
}

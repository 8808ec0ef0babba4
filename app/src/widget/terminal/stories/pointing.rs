//! Stories of the pointer over links and over the marks of commands.

use iced::keyboard::Modifiers;
use iced::mouse;

use super::super::hover::Target;
use super::super::{Action, Hover};
use super::story::{Story, terminal};

/// The middle of a cell.
fn cell(column: f32, line: f32) -> (f32, f32) {
    (8.0 + column * 8.0 + 4.0, 8.0 + line * 18.0 + 9.0)
}

/// What hovering told, in order: addresses, or nothing.
fn hovered(actions: &[Action]) -> Vec<Option<&str>> {
    let mut told = Vec::new();
    for action in actions {
        if let Action::Hover(hover) = action {
            told.push(hover.as_ref().and_then(Hover::address));
        }
    }
    told
}

const TEXT: &str = "see https://a.example/x. \x1b]8;;https://b.example\x1b\\here\x1b]8;;\x1b\\";

#[test]
fn the_pointer_finds_links_and_leaves_them() {
    let terminal = terminal(TEXT);
    let mut story = Story::new(&terminal);
    for column in [1.0, 5.0, 9.0, 23.0, 26.0, 30.0] {
        let (x, y) = cell(column, 0.0);
        story.points(x, y);
    }
    let actions = story.actions();
    let expected = [Some("https://a.example/x"), None, Some("https://b.example"), None];
    assert_eq!(hovered(&actions), expected, "within one link it is told once");
}

#[test]
fn a_link_opens_with_ctrl_and_selects_without() {
    let terminal = terminal(TEXT);
    let (x, y) = cell(6.0, 0.0);
    let mut story = Story::new(&terminal);
    story.points(x, y).holds(Modifiers::COMMAND).presses(mouse::Button::Left).releases(mouse::Button::Left);
    assert!(story.actions().contains(&Action::OpenLink("https://a.example/x".to_owned())));
    assert_eq!(terminal.selected_text(), None);

    let mut story = Story::new(&terminal);
    story.points(x, y).presses(mouse::Button::Left).releases(mouse::Button::Left);
    assert!(!story.actions().iter().any(|action| matches!(action, Action::OpenLink(_))), "a click alone opens nothing");

    // Pressed on one link and released elsewhere.
    let mut story = Story::new(&terminal);
    story.points(x, y).holds(Modifiers::COMMAND).presses(mouse::Button::Left);
    let (x, y) = cell(27.0, 0.0);
    story.points(x, y).releases(mouse::Button::Left);
    assert!(!story.actions().iter().any(|action| matches!(action, Action::OpenLink(_))));
}

#[test]
fn a_program_that_has_the_mouse_has_the_click_until_shift_takes_it_back() {
    let terminal = terminal(&format!("\x1b[?1000;1006h{TEXT}"));
    let (x, y) = cell(6.0, 0.0);
    let mut story = Story::new(&terminal);
    story.points(x, y).holds(Modifiers::COMMAND).presses(mouse::Button::Left).releases(mouse::Button::Left);
    assert_eq!(story.sent(), "\x1b[<16;7;1M\x1b[<16;7;1m");
    story.holds(Modifiers::COMMAND | Modifiers::SHIFT).points(x + 8.0, y);
    story.presses(mouse::Button::Left).releases(mouse::Button::Left);
    assert!(story.actions().contains(&Action::OpenLink("https://a.example/x".to_owned())));
}

#[test]
fn what_scrolls_under_the_pointer_is_noticed_without_a_motion() {
    let terminal = terminal("text\r\n");
    let mut story = Story::new(&terminal);
    let (x, y) = cell(2.0, 1.0);
    story.points(x, y).frame();
    let _ = terminal.advance(b"https://a.example");
    story.frame();
    let _ = terminal.advance(b"\r\x1b[K");
    story.frame();
    assert_eq!(hovered(&story.actions()), [Some("https://a.example"), None]);
}

#[test]
fn a_commands_mark_tells_of_it_and_a_click_selects_its_output() {
    let terminal = terminal("\x1b]133;A\x07$ ls\r\n\x1b]133;C\x07one\r\ntwo\r\n\x1b]133;D;3\x07\x1b]133;A\x07$ ");
    let mut story = Story::new(&terminal);
    story.frame().points(3.0, 17.0);
    story.presses(mouse::Button::Left).releases(mouse::Button::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("one\ntwo"));
    story.points(3.0, 8.0 + 18.0 + 9.0);
    let actions = story.actions();
    let told: Vec<_> = actions
        .iter()
        .filter_map(|action| match action {
            Action::Hover(hover) => Some(hover.as_ref().map(|hover| hover.target.clone())),
            _ => None,
        })
        .collect();
    assert!(matches!(told.as_slice(), [Some(Target::Command(outcome)), None] if outcome.failed()), "{told:?}");
}

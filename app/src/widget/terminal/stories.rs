//! Stories: what a user does to the widget and what comes of it, without a display.

#![expect(unused_results, reason = "a story goes on with what its steps return, until its end")]

mod pointing;
mod story;

use std::time::{Duration, Instant};

use iced::advanced::input_method;
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key, Modifiers};
use iced::mouse::{self, ScrollDelta};
use iced::{Point, window};
use term::terminal::Size;

use super::{Action, Terminal};
pub(super) use story::terminal;
use story::{Story, WINDOW, letter, named, press, release};

#[test]
fn typed_keys_are_sent_as_bytes() {
    let terminal = terminal("");
    let mut story = Story::new(&terminal);
    story.does(letter("l")).does(letter("s")).does(press(Key::Named(Named::Enter), Modifiers::empty(), Some("\r")));
    assert_eq!(story.sent(), "ls\r");
    story.does(press(Key::Character("c".into()), Modifiers::CTRL, Some("\x03")));
    assert_eq!(story.sent(), "\x03");
    assert_eq!(story.actions(), []);
}

#[test]
fn the_modes_of_the_program_decide_what_arrows_send() {
    let terminal = terminal("\x1b[?1h");
    let mut story = Story::new(&terminal);
    story.does(named(Named::ArrowUp, Modifiers::empty()));
    assert_eq!(story.sent(), "\x1bOA");
    // At once, and not only once a frame has shown what came with it.
    let _ = terminal.advance(b"\x1b[?1l");
    story.does(named(Named::ArrowUp, Modifiers::empty()));
    assert_eq!(story.sent(), "\x1b[A");
}

#[test]
fn a_shortcut_comes_before_the_shell_and_other_keys_fall_through() {
    let terminal = terminal("");
    let mut story = Story::with(&terminal, |widget| {
        widget.shortcut(|event, _| {
            let is_f11 = matches!(event, keyboard::Event::KeyPressed { key: Key::Named(Named::F11), .. });
            is_f11.then_some(Action::FontSize(7))
        })
    });
    story.does(named(Named::F11, Modifiers::empty())).does(named(Named::F1, Modifiers::empty()));
    assert_eq!(story.sent(), "\x1bOP");
    assert_eq!(story.actions(), [Action::FontSize(7)]);
}

#[test]
fn a_program_hears_of_a_keys_release_only_if_it_heard_of_its_press() {
    // Event types and all keys as sequences.
    let terminal = terminal("\x1b[>11u");
    // The window's own key, as long as it has not done what it is for: after that the next key is the shell's.
    let taken = std::cell::Cell::new(false);
    let mut story = Story::with(&terminal, |widget| {
        widget.shortcut(move |event, _| {
            let first = matches!(event, keyboard::Event::KeyPressed { .. }) && !taken.replace(true);
            first.then_some(Action::FontSize(7))
        })
    });
    let a = || Key::Character("a".into());
    story.does(letter("a")).does(release(a()));
    assert_eq!(story.sent(), "", "the press was the window's");
    story.does(letter("a")).does(release(a()));
    assert_eq!(story.sent(), "\x1b[97u\x1b[97;1:3u");
    story.does(release(a()));
    assert_eq!(story.sent(), "", "a key that went down elsewhere");
    story.does(letter("a")).does(window::Event::Unfocused).does(window::Event::Focused).does(release(a()));
    assert_eq!(story.sent(), "\x1b[97u", "it went up elsewhere, as far as the window knows");
}

#[test]
fn a_key_that_went_down_before_the_window_took_the_keys_goes_up_for_the_program() {
    let terminal = terminal("\x1b[>11u");
    let mut story = Story::with(&terminal, |widget| {
        // As while the keyboard selects: whatever goes up is the window's.
        widget.shortcut(|event, _| matches!(event, keyboard::Event::KeyReleased { .. }).then_some(Action::FontSize(7)))
    });
    story.does(letter("a")).does(release(Key::Character("a".into())));
    assert_eq!(story.sent(), "\x1b[97u\x1b[97;1:3u");
    assert_eq!(story.actions(), []);
}

#[test]
fn without_the_keyboard_nothing_is_sent() {
    let terminal = terminal("");
    let mut story = Story::with(&terminal, |widget| widget.focused(false));
    story.does(letter("x"));
    assert_eq!(story.sent(), "");
    let mut story = Story::new(&terminal);
    story.does(window::Event::Unfocused).does(letter("x"));
    assert_eq!(story.sent(), "");
    story.does(window::Event::Focused).does(letter("y"));
    assert_eq!(story.sent(), "y");
}

#[test]
fn a_focus_task_gives_and_takes_the_keyboard() {
    use iced::advanced::widget::{Id, Operation, operation};
    let terminal = terminal("\x1b[?1004h");
    let widget = Terminal::<Action>::new(&terminal).id("shell");
    let mut element: iced::Element<'_, Action> = widget.into();
    let mut tree = iced::advanced::widget::Tree::new(&element);
    let renderer = super::pixels::renderer("tiny-skia");
    let limits = iced::advanced::layout::Limits::new(iced::Size::ZERO, WINDOW);
    let node = element.as_widget_mut().layout(&mut tree, &renderer, &limits);
    let mut has_focus = |operation: &mut dyn Operation| {
        element.as_widget_mut().operate(&mut tree, iced::advanced::Layout::new(&node), &renderer, operation);
        let mut count = operation::focusable::count();
        element.as_widget_mut().operate(
            &mut tree,
            iced::advanced::Layout::new(&node),
            &renderer,
            &mut operation::black_box(&mut count),
        );
        matches!(count.finish(), operation::Outcome::Some(count) if count.focused.is_some())
    };
    assert!(!has_focus(&mut operation::focusable::focus::<()>(Id::new("other"))));
    assert!(has_focus(&mut operation::focusable::focus::<()>(Id::new("shell"))));
}

#[test]
fn the_first_frame_tells_the_size_and_only_changes_are_told_again() {
    let terminal = terminal("");
    let mut story = Story::new(&terminal);
    story.frame().frame();
    let expected = Size { columns: 40, lines: 10, width: 320, height: 180 };
    assert_eq!(*story.sizes.borrow(), [expected]);
    // The same window at twice the scale: as many cells, twice the pixels.
    story.does(window::Event::Rescaled(2.0)).frame();
    let rescaled = *story.sizes.borrow().last().expect("a size");
    assert_eq!((rescaled.width, rescaled.height), (rescaled.columns * 17, rescaled.lines * 37));
    assert_eq!(terminal.size(), rescaled);
}

#[test]
fn a_drag_selects_and_its_release_fills_primary() {
    let terminal = terminal("hello brave world");
    let mut story = Story::new(&terminal);
    story.points(8.0 + 6.0 * 8.0 + 1.0, 17.0).presses(mouse::Button::Left);
    story.points(8.0 + 11.0 * 8.0 - 1.0, 17.0).releases(mouse::Button::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("brave"));
    assert_eq!(story.actions(), [Action::SelectPrimary("brave".into())]);
}

#[test]
fn two_clicks_select_a_word_three_a_line_and_alt_a_block() {
    let terminal = terminal("hello brave world\r\nsecond line");
    let mut story = Story::new(&terminal);
    story.points(70.0, 17.0);
    for expected in ["brave", "hello brave world"] {
        story.presses(mouse::Button::Left).releases(mouse::Button::Left);
        if expected == "brave" {
            story.presses(mouse::Button::Left).releases(mouse::Button::Left);
        }
        assert_eq!(terminal.selected_text().expect("a selection").trim_end(), expected);
    }
    story.holds(Modifiers::ALT).points(300.0, 150.0).presses(mouse::Button::Left).releases(mouse::Button::Left);
    story.points(8.5, 17.0).presses(mouse::Button::Left).points(8.0 + 23.0, 35.0).releases(mouse::Button::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("hel\nsec"));
}

#[test]
fn shift_and_a_click_move_the_end_of_the_selection() {
    let terminal = terminal("hello brave world");
    let mut story = Story::new(&terminal);
    story.points(8.5, 17.0).presses(mouse::Button::Left).points(30.0, 17.0).releases(mouse::Button::Left);
    story.holds(Modifiers::SHIFT).points(8.0 + 11.0 * 8.0 - 1.0, 17.0);
    story.presses(mouse::Button::Left).releases(mouse::Button::Left);
    assert_eq!(terminal.selected_text().as_deref(), Some("hello brave"));
}

#[test]
fn typing_drops_the_selection_and_shows_the_newest_line() {
    let lines: String = (0..50).map(|line| format!("line {line}\r\n")).collect();
    let terminal = terminal(&lines);
    let mut story = Story::new(&terminal);
    terminal.scroll(term::terminal::Scroll::PageUp);
    let _ = story.frame();
    assert!(terminal.visible_text().contains("line 35"));
    story.points(8.5, 17.0).presses(mouse::Button::Left).points(40.0, 17.0).releases(mouse::Button::Left);
    assert!(terminal.selected_text().is_some());
    assert_eq!(story.sent(), "");
    story.frame().does(letter("x")).frame();
    assert_eq!(terminal.selected_text(), None);
    assert!(terminal.visible_text().contains("line 49"));
}

#[test]
fn a_selection_dragged_beyond_the_top_scrolls_into_the_scrollback() {
    let lines: String = (0..50).map(|line| format!("line {line}\r\n")).collect();
    let terminal = terminal(&lines);
    let mut story = Story::new(&terminal);
    let mut now = Instant::now();
    story.points(100.0, 100.0).presses(mouse::Button::Left).points(9.0, -30.0);
    for _ in 0..5 {
        now += Duration::from_millis(50);
        story.frame_at(now);
    }
    story.releases(mouse::Button::Left);
    assert!(terminal.visible_text().contains("line 30"), "{}", terminal.visible_text());
    let selected = terminal.selected_text().expect("a selection");
    assert!(selected.contains("line 40") && selected.contains("line 32"), "{selected}");
}

#[test]
fn the_wheel_scrolls_and_with_control_changes_the_font() {
    let lines: String = (0..50).map(|line| format!("line {line}\r\n")).collect();
    let terminal = terminal(&lines);
    let mut story = Story::new(&terminal);
    story.turns(2.0).frame();
    assert!(terminal.visible_text().starts_with("line 35"), "{}", terminal.visible_text());
    story.does(mouse::Event::WheelScrolled { delta: ScrollDelta::Pixels { x: 0.0, y: -9.0 } });
    assert!(terminal.visible_text().starts_with("line 35"), "half a line is not yet a line");
    story.does(mouse::Event::WheelScrolled { delta: ScrollDelta::Pixels { x: 0.0, y: -9.0 } });
    assert!(terminal.visible_text().starts_with("line 36"));
    assert_eq!(story.sent(), "");
    story.holds(Modifiers::CTRL).turns(1.0).turns(-1.0);
    assert_eq!(story.actions(), [Action::FontSize(1), Action::FontSize(-1)]);
}

#[test]
fn on_the_alternate_screen_the_wheel_sends_arrows() {
    let terminal = terminal("\x1b[?1049h");
    let mut story = Story::new(&terminal);
    story.turns(1.0);
    assert_eq!(story.sent(), "\x1b[A\x1b[A\x1b[A");
}

#[test]
fn a_program_that_asks_for_the_mouse_gets_it_unless_shift_is_held() {
    let terminal = terminal("hello\x1b[?1002h\x1b[?1006h");
    let mut story = Story::new(&terminal);
    story.points(8.0 + 3.0 * 8.0, 8.0 + 2.0 * 18.0).presses(mouse::Button::Left);
    story.points(8.0 + 3.0 * 8.0 + 3.0, 8.0 + 2.0 * 18.0).points(8.0 + 4.0 * 8.0, 8.0 + 2.0 * 18.0);
    story.releases(mouse::Button::Left).turns(-1.0);
    assert_eq!(story.sent(), "\x1b[<0;4;3M\x1b[<32;5;3M\x1b[<0;5;3m\x1b[<65;5;3M");
    story.holds(Modifiers::SHIFT).points(8.5, 17.0).presses(mouse::Button::Left);
    story.points(8.0 + 39.0, 17.0).releases(mouse::Button::Left);
    assert_eq!(story.sent(), "");
    assert_eq!(story.actions(), [Action::SelectPrimary("hello".into())]);
}

#[test]
fn the_middle_button_pastes_primary_and_the_right_one_opens_the_menu() {
    let terminal = terminal("");
    let mut story = Story::new(&terminal);
    story.points(50.0, 60.0).presses(mouse::Button::Middle).releases(mouse::Button::Middle);
    story.presses(mouse::Button::Right).releases(mouse::Button::Right);
    let cell = Action::PointAt(term::terminal::Point { line: 2, column: 5 });
    assert_eq!(
        story.actions(),
        [Action::PastePrimary, cell, Action::Menu { at: Point::new(50.0, 60.0), shift: false }]
    );
}

#[test]
fn composed_text_is_sent_when_it_is_committed() {
    let terminal = terminal("");
    let mut story = Story::new(&terminal);
    story.does(input_method::Event::Opened).does(input_method::Event::Preedit("にほ".into(), Some(0..6)));
    story.does(letter("n")).frame();
    assert_eq!(story.sent(), "", "keys belong to the input method while it composes");
    story.does(input_method::Event::Preedit(String::new(), None));
    story.does(input_method::Event::Commit("日本".into()));
    assert_eq!(story.sent(), "日本");
    story.does(letter("n"));
    assert_eq!(story.sent(), "n");
}

#[test]
fn a_program_that_asked_is_told_of_the_focus() {
    let terminal = terminal("\x1b[?1004h");
    let mut story = Story::new(&terminal);
    story.does(window::Event::Unfocused).frame().does(window::Event::Focused).frame().frame();
    assert_eq!(story.sent(), "\x1b[O\x1b[I");
}

#[test]
fn the_scrollbar_can_be_dragged_to_the_oldest_line() {
    let lines: String = (0..50).map(|line| format!("line {line}\r\n")).collect();
    let terminal = terminal(&lines);
    let mut story = Story::new(&terminal);
    story.points(332.0, 190.0).frame().presses(mouse::Button::Left).points(332.0, 0.0).frame();
    assert!(terminal.visible_text().starts_with("line 0"), "{}", terminal.visible_text());
    story.points(332.0, 500.0).releases(mouse::Button::Left).frame();
    assert!(terminal.visible_text().contains("line 49"));
    assert_eq!(story.actions(), []);
}

#[test]
fn only_a_shown_terminal_is_redrawn_for_output() {
    let terminal = terminal("");
    assert!(!super::shown::contains(&terminal));
    let story = Story::new(&terminal);
    assert!(super::shown::contains(&terminal));
    drop(story);
    assert!(!super::shown::contains(&terminal));
}

#[test]
fn without_padding_more_cells_fit() {
    let shown = terminal("");
    let mut story = Story::new(&shown);
    let _ = story.frame();
    let padded = shown.size();
    let mut story = Story::with(&shown, |widget| widget.padding(0.0));
    let _ = story.frame();
    assert_eq!(shown.size().columns, padded.columns + 2);
}

use term::ssh::Destination;

use super::*;
use crate::pane::Target;
use crate::tab::Tab;
use crate::window::{Shortcut, frame};

/// So many windows side by side, 1000 points wide with a gap of 100 between them, and the tabs that each has.
fn windows(tabs: &[usize]) -> (Window, Vec<window::Id>) {
    let (mut window, _tasks) = Window::new(None, None);
    let _first = std::mem::take(&mut window.frames);
    let mut ids = Vec::new();
    for (number, tabs) in tabs.iter().enumerate() {
        let (id, _open) = window.add(WindowState::default());
        let left = f32::from(u8::try_from(number).expect("few windows")) * 1100.0;
        for change in [Change::Size(Size::new(1000.0, 600.0)), Change::Position(Some(Point::new(left, 50.0)))] {
            let _ = window.update(Message::Changed(id, change));
        }
        for tab in 0..*tabs {
            let destination = Destination { host: format!("{number}-{tab}"), user: None, port: None };
            let frame = window.frames.get_mut(&id).expect("a window");
            // The task would connect.
            let _ = frame.open(Target::typed(destination, Vec::new()));
        }
        ids.push(id);
    }
    (window, ids)
}

fn titles(window: &Window, id: window::Id) -> Vec<String> {
    window
        .frames
        .get(&id)
        .map_or_else(Vec::new, |frame| frame.tabs().iter().map(|tab| tab.title().to_owned()).collect())
}

fn load(window: &Window, id: window::Id) -> Load {
    Load::Tab(window.frames[&id].tabs()[0].id())
}

fn carry(window: &mut Window, from: window::Id, carry: Carry) {
    let _ = window.carry(from, carry);
}

#[test]
fn a_tab_dropped_on_another_windows_bar_goes_there_with_its_pane() {
    let (mut window, ids) = windows(&[2, 1]);
    let load = load(&window, ids[0]);
    let pane = window.frames[&ids[0]].tabs()[0].pane().id();
    // 1100 points to the right the other window begins.
    let at = Point::new(1110.0, 20.0);
    carry(&mut window, ids[0], Carry::Over(load, at));
    assert_eq!(window.carried, Some(Some(ids[1])), "the other window shows where");
    carry(&mut window, ids[0], Carry::Dropped(load, at));
    assert_eq!(window.carried, None);
    assert_eq!(titles(&window, ids[0]), ["0-1"]);
    assert_eq!(titles(&window, ids[1]), ["0-0", "1-0"], "at the place of the pointer");
    let shown = window.frames[&ids[1]].tab().map(|tab| tab.pane().id());
    assert_eq!(shown, Some(pane), "the same pane, in front");
    assert_eq!(window.owner(&frame::Message::Pane(pane, crate::pane::Message::Held)), Some(ids[1]));
}

#[test]
fn a_tab_dropped_on_another_windows_content_goes_behind_its_tabs() {
    let (mut window, ids) = windows(&[2, 2]);
    let load = load(&window, ids[0]);
    carry(&mut window, ids[0], Carry::Dropped(load, Point::new(1500.0, 300.0)));
    assert_eq!(titles(&window, ids[1]), ["1-0", "1-1", "0-0"]);
}

#[test]
fn a_tab_dropped_outside_of_every_window_makes_one_of_its_own_below_the_pointer() {
    let (mut window, ids) = windows(&[2, 1]);
    let load = load(&window, ids[0]);
    carry(&mut window, ids[0], Carry::Dropped(load, Point::new(1050.0, 900.0)));
    let new = window.frames.keys().find(|id| !ids.contains(id)).copied().expect("a third window");
    assert_eq!((titles(&window, ids[0]), titles(&window, new)), (vec!["0-1".to_owned()], vec!["0-0".to_owned()]));
    // The last one has its window for itself already.
    let last = Load::Tab(window.frames[&ids[0]].tabs()[0].id());
    carry(&mut window, ids[0], Carry::Dropped(last, Point::new(1050.0, 900.0)));
    assert_eq!(window.frames.len(), 3);
}

#[test]
fn a_tab_let_go_of_over_its_own_terminal_stays() {
    let (mut window, ids) = windows(&[2]);
    let load = load(&window, ids[0]);
    carry(&mut window, ids[0], Carry::Dropped(load, Point::new(500.0, 300.0)));
    assert_eq!((titles(&window, ids[0]).len(), window.frames.len()), (2, 1));
}

#[test]
fn a_pane_dropped_on_a_bar_becomes_a_tab_there() {
    for (at, own) in [(Point::new(30.0, 20.0), true), (Point::new(1110.0, 20.0), false)] {
        let (mut window, ids) = windows(&[1, 1]);
        let frame = window.frames.get_mut(&ids[0]).expect("a window");
        let (library, _read) = crate::window::Library::new(None, crate::store::Secrets::new());
        let _ = frame.shortcut(Shortcut::SplitRight, &library);
        let pane = frame.tabs()[0].pane().id();
        carry(&mut window, ids[0], Carry::Dropped(Load::Pane(pane), at));
        let target = if own { ids[0] } else { ids[1] };
        let tabs = window.frames[&target].tabs();
        assert_eq!(tabs.len(), 2);
        let alone = |tab: &Tab| tab.panes().map(crate::pane::Pane::id).eq([pane]);
        assert!(tabs.first().is_some_and(alone), "at the place of the pointer, alone");
    }
}

#[test]
fn where_the_desktop_says_nothing_of_places_the_user_chooses() {
    let (mut window, ids) = windows(&[2, 1, 1]);
    for id in &ids {
        let _ = window.update(Message::Changed(*id, Change::Position(None)));
    }
    let load = load(&window, ids[0]);
    carry(&mut window, ids[0], Carry::Dropped(load, Point::new(1110.0, 20.0)));
    assert_eq!(window.frames.len(), 3);
    assert_eq!(titles(&window, ids[0]).len(), 2, "nothing moved yet");
    let message =
        frame::Message::Menu(crate::window::tab_menu::Message::Give(window.frames[&ids[0]].tabs()[0].id(), ids[2]));
    let _ = window.update(Message::Frame(ids[0], message));
    assert_eq!(titles(&window, ids[2]), ["2-0", "0-0"]);
}

#[test]
fn the_command_moves_the_tab_to_the_only_other_window() {
    let (mut window, ids) = windows(&[2, 1]);
    let _ = window.update(Message::Frame(ids[0], frame::Message::Key(vec![Shortcut::TabElsewhere])));
    assert_eq!((titles(&window, ids[0]), titles(&window, ids[1]).len()), (vec!["0-0".to_owned()], 2));
    let (mut alone, ids) = windows(&[2]);
    let _ = alone.update(Message::Frame(ids[0], frame::Message::Key(vec![Shortcut::TabElsewhere])));
    assert_eq!(titles(&alone, ids[0]).len(), 2, "there is no other window");
}

#[test]
fn of_windows_over_each_other_the_one_in_front_last_gets_it() {
    let (mut window, ids) = windows(&[2, 1, 1]);
    for id in &ids[1..] {
        let _ = window.update(Message::Changed(*id, Change::Position(Some(Point::new(1100.0, 50.0)))));
    }
    for id in [ids[2], ids[1], ids[0]] {
        let _ = window.update(Message::Changed(id, Change::Focused));
    }
    let load = load(&window, ids[0]);
    carry(&mut window, ids[0], Carry::Dropped(load, Point::new(1500.0, 300.0)));
    assert_eq!((titles(&window, ids[1]).len(), titles(&window, ids[2]).len()), (2, 1));
}

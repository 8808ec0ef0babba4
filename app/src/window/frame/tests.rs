mod bar;

use iced_test::{Simulator, simulator};
use term::ssh::Destination;

use super::*;
use crate::theme::Mode;
use crate::window::{Shortcut, palette};

fn library() -> Library {
    let (library, _read) = Library::new(None, crate::store::Secrets::new());
    library
}

fn frame(tabs: usize) -> Frame {
    let services = pane::Services {
        pool: std::sync::Arc::default(),
        secrets: crate::store::Secrets::new(),
        palette: Mode::Dark.palette(),
        settings: Default::default(),
        schemes: crate::store::Schemes::default(),
        permissions: Default::default(),
        bindings: std::sync::Arc::default(),
    };
    let (mut frame, _hosts) = Frame::new(window::Id::unique(), WindowState::default(), services, &library());
    for number in 1..=tabs {
        let destination = Destination { host: format!("host-{number}"), user: None, port: None };
        // The task would connect.
        let _ = frame.open(Target::typed(destination, Vec::new()));
    }
    frame
}

fn shown(frame: &Frame) -> &str {
    frame.tab().map_or("hosts", Tab::title)
}

fn titles(frame: &Frame) -> Vec<&str> {
    frame.tabs().iter().map(Tab::title).collect()
}

fn press(frame: &mut Frame, shortcut: Shortcut) {
    let _ = frame.shortcut(shortcut, &library());
}

fn shows(ui: &mut Simulator<'_, Message>, text: &str) -> bool {
    ui.find(text.to_owned()).is_ok()
}

#[test]
fn a_window_begins_with_its_hosts_and_a_new_tab_comes_to_the_front() {
    assert_eq!(shown(&frame(0)), "hosts");
    let frame = frame(2);
    assert_eq!(shown(&frame), "host-2");
    assert_eq!(frame.title(), "host-2 — Tetherm");
}

#[test]
fn the_keys_walk_through_the_tabs_and_around_their_ends() {
    let mut frame = frame(3);
    press(&mut frame, Shortcut::NextTab);
    assert_eq!(shown(&frame), "host-1");
    press(&mut frame, Shortcut::PreviousTab);
    assert_eq!(shown(&frame), "host-3");
    press(&mut frame, Shortcut::Tab(2));
    assert_eq!(shown(&frame), "host-2");
    press(&mut frame, Shortcut::Tab(9));
    assert_eq!(shown(&frame), "host-3");
    press(&mut frame, Shortcut::Tab(5));
    assert_eq!(shown(&frame), "host-3", "there is no fifth tab");
    press(&mut frame, Shortcut::NewTab);
    assert_eq!(shown(&frame), "hosts");
    press(&mut frame, Shortcut::NextTab);
    assert_eq!(shown(&frame), "host-1");
}

#[test]
fn a_tab_moves_and_stays_within_the_bar() {
    let mut frame = frame(3);
    press(&mut frame, Shortcut::MoveTabLeft);
    assert_eq!(titles(&frame), ["host-1", "host-3", "host-2"]);
    press(&mut frame, Shortcut::MoveTabLeft);
    press(&mut frame, Shortcut::MoveTabLeft);
    assert_eq!(titles(&frame), ["host-3", "host-1", "host-2"]);
    assert_eq!(shown(&frame), "host-3");
}

#[test]
fn a_closed_tab_gives_way_to_its_neighbour_and_the_last_one_to_the_hosts() {
    let mut frame = frame(3);
    press(&mut frame, Shortcut::Tab(2));
    press(&mut frame, Shortcut::ClosePane);
    assert_eq!(shown(&frame), "host-3");
    press(&mut frame, Shortcut::ClosePane);
    assert_eq!(shown(&frame), "host-1");
    press(&mut frame, Shortcut::ClosePane);
    assert_eq!(shown(&frame), "hosts");
    press(&mut frame, Shortcut::ClosePane);
    assert!(frame.tabs().is_empty());
}

#[test]
fn the_text_grows_and_shrinks_within_bounds_and_finds_its_way_back() {
    let mut frame = frame(1);
    for _ in 0..200 {
        let _ = frame.resize_text(1);
    }
    assert!((frame.font_size - Settings::FONT_SIZES.end()).abs() < f32::EPSILON);
    let _ = frame.resize_text(0);
    assert!((frame.font_size - 14.0).abs() < f32::EPSILON);
}

#[test]
fn a_window_without_live_sessions_closes_without_a_question() {
    assert!(matches!(frame(0).request_close(), Action::Close));
}

#[test]
fn a_window_with_live_sessions_asks_once_and_names_them() {
    let mut frame = frame(2);
    assert!(matches!(frame.request_close(), Action::None));
    {
        let library = library();
        let mut ui = simulator(frame.view(&library));
        assert!(shows(&mut ui, "2 sessions will end, and whatever runs in them may end too:"));
        let _ = ui.click("Keep it open").expect("a way back");
        let messages: Vec<_> = ui.into_messages().collect();
        assert!(matches!(messages[..], [Message::Closing(closing::Message::Cancelled)]));
    }
    press(&mut frame, Shortcut::ClosePane);
    assert_eq!(frame.tabs().len(), 2, "the keys reach nothing behind the question");
    press(&mut frame, Shortcut::Escape);
    assert!(frame.closing.is_none());
    let _ = frame.request_close();
    assert!(matches!(frame.update(Message::Closing(closing::Message::Confirmed), &library()), Action::Close));
}

#[test]
fn the_tab_bar_shows_every_tab_and_a_click_brings_it_to_the_front() {
    let frame = frame(3);
    let library = library();
    let mut ui = simulator(frame.view(&library));
    for title in ["host-1", "host-2", "host-3"] {
        assert!(shows(&mut ui, title), "{title}");
    }
    let _ = ui.click("host-1").expect("the tab");
    let first = frame.tabs()[0].id();
    let messages: Vec<_> = ui.into_messages().collect();
    assert!(messages.iter().any(|message| matches!(message, Message::Show(id) if *id == first)), "{messages:?}");
}

#[test]
fn a_middle_click_closes_a_tab() {
    use iced::{Event, mouse};
    let frame = frame(2);
    let library = library();
    let mut ui = simulator(frame.view(&library));
    let tab = ui.find("host-1").expect("the tab");
    let middle = mouse::Button::Middle;
    ui.point_at(iced_test::selector::Bounded::bounds(&tab).center());
    let _ = ui.simulate([
        Event::Mouse(mouse::Event::ButtonPressed(middle)),
        Event::Mouse(mouse::Event::ButtonReleased(middle)),
    ]);
    let first = frame.tabs()[0].id();
    let messages: Vec<_> = ui.into_messages().collect();
    assert!(messages.iter().any(|message| matches!(message, Message::Close(id) if *id == first)), "{messages:?}");
}

#[test]
fn the_hosts_are_read_again_when_they_come_into_sight() {
    let mut frame = frame(1);
    assert!(matches!(frame.changed(Change::Focused), Action::None));
    press(&mut frame, Shortcut::NewTab);
    assert!(matches!(frame.changed(Change::Focused), Action::Ask(Request::Reload)));
}

#[test]
fn the_wheel_scrolls_tabs_that_do_not_fit() {
    use iced::{Event, mouse};
    let frame = frame(30);
    let library = library();
    let mut ui = simulator(frame.view(&library));
    let tab = ui.find("host-1").expect("the first tab");
    ui.point_at(iced_test::selector::Bounded::bounds(&tab).center());
    let delta = mouse::ScrollDelta::Lines { x: 0.0, y: -1.0 };
    let _ = ui.simulate([Event::Mouse(mouse::Event::WheelScrolled { delta })]);
    let messages: Vec<_> = ui.into_messages().collect();
    assert!(matches!(messages[..], [Message::ScrollTabs(distance)] if distance > 0.0), "{messages:?}");
}

#[test]
fn a_tab_moves_to_a_window_of_its_own_with_everything_in_it() {
    let mut frame = frame(2);
    let id = frame.tab().expect("a tab").id();
    let Action::Open(Some(tab), _) = frame.shortcut(Shortcut::TabToWindow, &library()) else { panic!("a window") };
    assert_eq!((tab.id(), titles(&frame)), (id, vec!["host-1"]));
    assert!(matches!(frame.shortcut(Shortcut::TabToWindow, &library()), Action::None), "the last one is alone already");
    let mut other = self::frame(0);
    let _ = other.adopt(*tab, None);
    assert_eq!(shown(&other), "host-2");
}

#[test]
fn a_pane_moves_to_a_tab_of_its_own() {
    let mut frame = frame(1);
    press(&mut frame, Shortcut::SplitRight);
    let pane = frame.tab().expect("a tab").pane().id();
    press(&mut frame, Shortcut::PaneToTab);
    assert_eq!(frame.tabs().len(), 2);
    assert_eq!(frame.tab().expect("a tab").pane().id(), pane);
    assert!(frame.tabs().iter().all(|tab| tab.panes().count() == 1));
    press(&mut frame, Shortcut::PaneToTab);
    assert_eq!(frame.tabs().len(), 2, "it is alone already");
}

#[test]
fn a_broadcast_is_begun_and_ended_by_its_key_and_ends_with_its_tab() {
    let mut frame = frame(1);
    press(&mut frame, Shortcut::Broadcast);
    assert!(!frame.is_broadcasting(), "there is no other pane");
    press(&mut frame, Shortcut::SplitRight);
    press(&mut frame, Shortcut::Broadcast);
    assert!(frame.is_broadcasting());
    {
        let library = library();
        let mut ui = simulator(frame.view(&library));
        assert!(shows(&mut ui, "What you type goes to 0 panes of this tab"));
    }
    press(&mut frame, Shortcut::Broadcast);
    assert!(!frame.is_broadcasting());
    press(&mut frame, Shortcut::Broadcast);
    press(&mut frame, Shortcut::CloseTab);
    frame.feed();
    assert!(!frame.is_broadcasting());
}

#[test]
fn a_window_that_fills_the_screen_knows_its_size_and_is_opened_next_time_as_large_as_before() {
    let mut frame = frame(1);
    let _ = frame.changed(Change::Size(Size::new(800.0, 500.0)));
    assert_eq!(frame.place(false).size, (800.0, 500.0));
    press(&mut frame, Shortcut::FullScreen);
    let _ = frame.changed(Change::Size(Size::new(1920.0, 1080.0)));
    assert_eq!(frame.size(), Size::new(1920.0, 1080.0));
    assert_eq!(frame.place(false).size, WindowState::default().size);
    press(&mut frame, Shortcut::FullScreen);
    let _ = frame.changed(Change::Size(Size::new(810.0, 510.0)));
    assert_eq!(frame.place(false), WindowState { size: (810.0, 510.0), ..WindowState::default() });
    let maximized = WindowState { maximized: true, ..WindowState::default() };
    assert_eq!(frame.place(true), maximized, "as large as it was opened");
}

#[test]
fn the_palette_leads_to_a_single_pane_of_a_tab() {
    let mut frame = frame(1);
    press(&mut frame, Shortcut::SplitRight);
    let tab = frame.tab().expect("a tab");
    let (tab, first) = (tab.id(), tab.panes().next().map(pane::Pane::id));
    press(&mut frame, Shortcut::NewTab);
    let library = library();
    press(&mut frame, Shortcut::Palette);
    let _ = frame.update(Message::Palette(palette::Message::Typed("pane 1 of 2".to_owned())), &library);
    let _ = frame.update(Message::Palette(palette::Message::Submitted), &library);
    assert_eq!(frame.tab().map(|tab| (tab.id(), Some(tab.pane().id()))), Some((tab, first)));
}

#[test]
fn a_window_is_told_from_others_by_its_number_and_its_tabs() {
    let summary = |tabs| {
        let frame = frame(tabs);
        frame.summary().replace(&frame.number().to_string(), "#")
    };
    assert_eq!(summary(0), "Window #, without tabs");
    assert!(summary(1).starts_with("Window #: host-") && summary(3).ends_with(" and 2 more"));
}

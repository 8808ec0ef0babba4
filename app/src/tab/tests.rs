use iced::mouse::{self, Button};
use iced::{Event, Point, Rectangle, Size};
use iced_test::{Simulator, simulator};
use term::ssh::Destination;

use super::*;
use crate::store::Secrets;
use crate::theme::Mode;
use crate::window::shortcut::Context;

fn tab() -> Tab {
    let services = Services {
        pool: std::sync::Arc::default(),
        secrets: Secrets::new(),
        palette: Mode::Dark.palette(),
        settings: Default::default(),
        schemes: Default::default(),
        permissions: Default::default(),
        bindings: Default::default(),
    };
    let destination = Destination { host: "host".to_owned(), user: None, port: None };
    // The task would connect.
    let (mut tab, _connect) = Tab::new(Target::typed(destination, Vec::new()), services);
    tab.set_shown(true);
    tab
}

/// A tab with so many panes side by side, the last of which has the keyboard.
fn row(panes: usize) -> Tab {
    let mut tab = tab();
    for _ in 1..panes {
        let _ = tab.shortcut(Shortcut::SplitRight);
    }
    tab
}

fn look() -> Look<'static> {
    let context = Context { tabs: 1, panes: 2, tab: true, ..Context::default() };
    Look { font_size: 14.0, scale: None, focused: true, place: Place::Alone, context, ahead: None }
}

fn ui(tab: &Tab) -> Simulator<'_, Message> {
    Simulator::with_size(iced::Settings::default(), Size::new(900.0, 500.0), tab.view(look()))
}

fn ids(tab: &Tab) -> Vec<u64> {
    tab.panes().map(|pane| pane.id().0).collect()
}

/// Where the panes lie, as fractions of the width.
fn edges(tab: &Tab) -> Vec<f32> {
    let regions = tab.panes.layout().pane_regions(0.0, 0.0, Size::new(1000.0, 1000.0));
    tab.panes.panes.keys().filter_map(|slot| regions.get(slot)).map(|region| region.x / 1000.0).collect()
}

#[test]
fn a_split_shows_another_shell_of_the_host_and_gives_it_the_keyboard() {
    let mut tab = tab();
    let first = tab.pane().id();
    assert!(matches!(tab.shortcut(Shortcut::SplitRight), Action::Run(_)));
    assert_eq!(tab.panes().count(), 2);
    assert_ne!(tab.pane().id(), first);
    assert_eq!(tab.pane().target().name, "host");
    assert!(matches!(tab.shortcut(Shortcut::PaneLeft), Action::None));
    assert_eq!(tab.pane().id(), first);
}

#[test]
fn the_arrows_go_from_pane_to_pane_and_stop_at_the_edges() {
    let mut tab = tab();
    let _ = tab.shortcut(Shortcut::SplitRight);
    let _ = tab.shortcut(Shortcut::SplitDown);
    let [left, above, below] = ids(&tab)[..] else { panic!("three panes") };
    let mut walk = |shortcut| {
        let _ = tab.shortcut(shortcut);
        tab.pane().id().0
    };
    assert_eq!(walk(Shortcut::PaneUp), above);
    assert_eq!(walk(Shortcut::PaneUp), above, "there is none above");
    assert_eq!(walk(Shortcut::PaneDown), below);
    assert_eq!(walk(Shortcut::PaneLeft), left);
    assert_eq!(walk(Shortcut::PaneRight), above);
}

#[test]
fn a_closed_pane_gives_way_to_its_neighbour_and_the_last_one_closes_the_tab() {
    let mut tab = row(2);
    let first = ids(&tab)[0];
    assert!(matches!(tab.shortcut(Shortcut::ClosePane), Action::Run(_)));
    assert_eq!(ids(&tab), [first]);
    assert_eq!(tab.pane().id().0, first);
    assert!(matches!(tab.shortcut(Shortcut::ClosePane), Action::Close));
}

#[test]
fn a_pane_that_closes_behind_the_others_takes_no_keyboard_away() {
    let mut tab = row(2);
    let (first, focused) = (tab.panes().next().map(Pane::id), tab.pane().id());
    let _ = tab.update(Message::Close(first.expect("a pane")));
    assert_eq!(tab.pane().id(), focused);
}

#[test]
fn a_zoomed_pane_is_alone_until_it_is_left() {
    let mut tab = row(2);
    let _ = tab.shortcut(Shortcut::ZoomPane);
    {
        let mut ui = ui(&tab);
        assert!(ui.find("Zoomed: 1 hidden").is_ok());
        let _ = ui.click("Zoomed: 1 hidden").expect("the way out");
        assert!(ui.into_messages().any(|message| matches!(message, Message::Zoom(_))));
    }
    let _ = tab.shortcut(Shortcut::ZoomPane);
    assert!(ui(&tab).find("Zoomed: 1 hidden").is_err());
    let _ = tab.shortcut(Shortcut::ZoomPane);
    let _ = tab.shortcut(Shortcut::PaneLeft);
    assert!(ui(&tab).find("Zoomed: 1 hidden").is_err(), "going elsewhere shows all of them");
}

#[test]
fn a_pane_too_small_to_be_halved_stays_whole_and_says_why() {
    let mut tab = tab();
    let size = term::terminal::Size { columns: 20, lines: 24, width: 0, height: 0 };
    tab.pane().terminal().resize(size);
    assert!(matches!(tab.shortcut(Shortcut::SplitRight), Action::None));
    assert_eq!(tab.panes().count(), 1);
    let told = "This pane is too small to be split. Make the window larger or close another pane.";
    assert!(ui(&tab).find(told).is_ok());
    assert!(matches!(tab.shortcut(Shortcut::SplitDown), Action::Run(_)), "there is room for lines");
}

#[test]
fn keys_move_the_line_between_panes_and_leave_something_of_each() {
    let mut tab = row(2);
    let before = edges(&tab)[1];
    let _ = tab.shortcut(Shortcut::PushLeft);
    assert!(edges(&tab)[1] < before - 0.04);
    for _ in 0..40 {
        let _ = tab.shortcut(Shortcut::PushLeft);
    }
    assert!(edges(&tab)[1] > 0.04);
    let _ = tab.shortcut(Shortcut::PushUp);
    assert!(edges(&tab)[1] > 0.04, "there is no line above");
}

#[test]
fn one_pane_has_no_bar_and_several_are_named() {
    let mut tab = tab();
    assert_eq!(bars(&tab), 0);
    let _ = tab.shortcut(Shortcut::SplitRight);
    assert_eq!(bars(&tab), 2);
}

/// How many of two panes side by side have a bar to be dragged by.
fn bars(tab: &Tab) -> usize {
    let mut ui = ui(tab);
    for x in [100.0, 600.0] {
        ui.point_at(Point::new(x, 12.0));
        let _ = ui.simulate([Event::Mouse(mouse::Event::ButtonPressed(Button::Left))]);
        let _ = ui.simulate([Event::Mouse(mouse::Event::ButtonReleased(Button::Left))]);
    }
    ui.into_messages().filter(|message| matches!(message, Message::Dragged(DragEvent::Picked { .. }))).count()
}

#[test]
fn a_click_into_a_pane_gives_it_the_keyboard() {
    let mut tab = row(2);
    let first = ids(&tab)[0];
    let messages: Vec<_> = {
        let mut ui = ui(&tab);
        ui.point_at(Point::new(100.0, 300.0));
        let _ = ui.simulate(simulator::click());
        ui.into_messages().collect()
    };
    assert!(messages.iter().any(|message| matches!(message, Message::Clicked(_))), "{messages:?}");
    for message in messages {
        let _ = tab.update(message);
    }
    assert_eq!(tab.pane().id().0, first);
}

#[test]
fn a_right_click_into_a_pane_gives_it_the_keyboard_too() {
    let mut tab = row(2);
    let first = tab.panes().next().expect("a pane").id();
    let menu = crate::widget::terminal::Action::Menu { at: Point::ORIGIN, shift: false };
    let _ = tab.update(Message::Pane(first, pane::Message::Terminal(menu)));
    assert_eq!(tab.pane().id(), first);
}

#[test]
fn a_bar_is_dragged_by_its_name_onto_another_pane() {
    let mut tab = row(2);
    let before = edges(&tab);
    let messages: Vec<_> = {
        let mut ui = ui(&tab);
        ui.point_at(Point::new(40.0, 12.0));
        let _ = ui.simulate([Event::Mouse(mouse::Event::ButtonPressed(Button::Left))]);
        ui.point_at(Point::new(675.0, 250.0));
        let _ = ui.simulate([Event::Mouse(mouse::Event::ButtonReleased(Button::Left))]);
        ui.into_messages().collect()
    };
    for message in messages {
        let _ = tab.update(message);
    }
    let after = edges(&tab);
    assert_eq!((after[0], after[1]), (before[1], before[0]), "they have changed places");
}

#[test]
fn what_happens_in_a_pane_reaches_no_other() {
    let mut tab = row(2);
    let title = |text: &str| pane::Message::Asked(vec![term::terminal::Event::Title(Some(text.to_owned()))]);
    let [first, second] = ids(&tab)[..] else { panic!("two panes") };
    let _ = tab.update(Message::Pane(pane::Id(first), title("left")));
    let _ = tab.update(Message::Pane(pane::Id(second), title("right")));
    let _ = tab.update(Message::Pane(pane::Id(0), title("nobody")));
    assert_eq!(tab.panes().map(Pane::title).collect::<Vec<_>>(), ["left", "right"]);
    assert_eq!(tab.title(), "right", "a tab is called as its pane with the keyboard");
}

#[test]
fn a_click_on_a_notification_brings_its_very_pane_out_from_behind_a_zoomed_one() {
    let mut tab = row(3);
    let told = tab.panes().next().expect("a pane").id();
    let _ = tab.shortcut(Shortcut::ZoomPane);
    let clicked = pane::Message::Notified(Ok(crate::notification::Outcome::Clicked));
    assert!(matches!(tab.update(Message::Pane(told, clicked)), Action::Show(id) if id == told));
    assert_eq!(tab.pane().id(), told);
    assert!(ui(&tab).find("Zoomed: 2 hidden").is_err());
}

#[test]
fn what_is_dropped_takes_the_half_at_the_nearest_edge() {
    let tab = row(2);
    let [left, right] = ids(&tab)[..] else { panic!("two panes") };
    let room = Rectangle { x: 10.0, y: 50.0, width: 806.0, height: 400.0 };
    let table = [
        ((30.0, 250.0), left, (10.0, 50.0, 200.0, 400.0)),
        ((390.0, 250.0), left, (210.0, 50.0, 200.0, 400.0)),
        ((210.0, 70.0), left, (10.0, 50.0, 400.0, 200.0)),
        ((620.0, 440.0), right, (416.0, 250.0, 400.0, 200.0)),
    ];
    for ((x, y), pane, (left, top, width, height)) in table {
        let landing = tab.landing(room, Point::new(x, y)).expect("a pane is there");
        assert_eq!(landing.pane.0, pane);
        assert_eq!(tab.half(room, landing), Some(Rectangle { x: left, y: top, width, height }), "{x} {y}");
    }
    assert!(tab.landing(room, Point::new(413.0, 250.0)).is_none(), "between the panes");
    assert!(tab.landing(room, Point::new(5.0, 250.0)).is_none(), "beside the tab");
}

#[test]
fn a_tab_that_joins_another_keeps_its_panes_as_they_lie_to_each_other() {
    let (mut tab, mut other) = (row(1), row(2));
    let _ = other.shortcut(Shortcut::PaneLeft);
    let own = tab.pane().id();
    let [left, right] = ids(&other)[..] else { panic!("two panes") };
    let room = Rectangle { x: 0.0, y: 0.0, width: 800.0, height: 400.0 };
    let landing = tab.landing(room, Point::new(10.0, 200.0)).expect("a pane is there");
    assert!(tab.join(landing, other).is_none(), "there is room");
    assert_eq!(tab.panes().count(), 3);
    assert_eq!(tab.pane().id().0, left, "the keyboard is where it was in the tab that came");
    let mut places: Vec<_> = tab.panes().map(|pane| pane.id().0).zip(edges(&tab)).collect();
    places.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    assert_eq!(places, [(left, 0.0), (right, 0.25), (own.0, 0.5)]);

    let gone = Landing { pane: pane::Id(0), ..landing };
    let back = tab.join(gone, row(1));
    assert_eq!(back.map(|tab| tab.panes().count()), Some(1), "a tab whose place is gone is given back");
}

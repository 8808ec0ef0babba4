use iced::Point;

use super::*;
use crate::theme::Hue;
use crate::widget::reorder::Act;

fn id(frame: &Frame, index: usize) -> tab::Id {
    frame.tabs()[index].id()
}

fn say(frame: &mut Frame, message: Message) -> Action {
    frame.update(message, &library())
}

/// What pressing `text` in the window says.
fn pressed(frame: &Frame, text: &str) -> Vec<Message> {
    let library = library();
    let mut ui = simulator(frame.view(&library));
    let _ = ui.click(text.to_owned()).unwrap_or_else(|error| panic!("{text}: {error}"));
    ui.into_messages().collect()
}

/// Chooses an entry of the menu of the tab at `index`.
fn choose(frame: &mut Frame, index: usize, entry: &str) -> Action {
    let _ = say(frame, Message::Bar(Act::Menu(index, Point::ORIGIN)));
    let message = pressed(frame, entry).into_iter().find(|message| matches!(message, Message::Menu(_)));
    say(frame, message.unwrap_or_else(|| panic!("{entry} says nothing")))
}

#[test]
fn a_tab_is_named_while_one_types_and_an_empty_name_gives_the_automatic_one_back() {
    let mut frame = frame(2);
    let _ = say(&mut frame, Message::Bar(Act::Rename(0)));
    let _ = say(&mut frame, Message::Label(tab_label::Message::Typed("build \u{202e}box\n".to_owned())));
    let _ = say(&mut frame, Message::Label(tab_label::Message::Color(Some(Hue::Green))));
    assert_eq!((titles(&frame), frame.tabs()[0].hue()), (vec!["build box", "host-2"], Some(Hue::Green)));
    let _ = say(&mut frame, Message::Label(tab_label::Message::Done));
    assert!(frame.above.is_none());

    press(&mut frame, Shortcut::Tab(1));
    assert_eq!(frame.title(), "build box — Tetherm");
    press(&mut frame, Shortcut::RenameTab);
    let _ = say(&mut frame, Message::Label(tab_label::Message::Typed("  ".to_owned())));
    assert_eq!(shown(&frame), "host-1");
    let _ = say(&mut frame, Message::Label(tab_label::Message::Left));
    assert_eq!((shown(&frame), frame.tabs()[0].hue()), ("build box", Some(Hue::Green)), "Esc brings back what was");
}

#[test]
fn the_menu_of_a_tab_does_what_it_says_with_that_tab() {
    let mut frame = frame(3);
    let _ = choose(&mut frame, 0, "Rename…");
    assert!(matches!(&frame.above, Some(Above::Label(label)) if label.tab() == id(&frame, 0)));
    let _ = say(&mut frame, Message::Label(tab_label::Message::Done));

    let _ = choose(&mut frame, 1, "Split right");
    assert_eq!((shown(&frame), frame.tabs()[1].panes().count()), ("host-2", 2), "it comes to the front");

    let Action::Open(Some(tab), _) = choose(&mut frame, 0, "Move to a new window") else { panic!("a window") };
    assert_eq!((tab.title(), titles(&frame)), ("host-1", vec!["host-2", "host-3"]));
    let _ = choose(&mut frame, 1, "Close");
    assert_eq!(titles(&frame), ["host-2"]);
}

#[test]
fn closing_several_tabs_asks_once_and_spares_the_others() {
    let mut frame = frame(4);
    let _ = choose(&mut frame, 1, "Close those to the right");
    assert_eq!(frame.tabs().len(), 4, "sessions would end");
    assert!(!pressed(&frame, "Keep them open").is_empty());
    let _ = say(&mut frame, Message::Closing(closing::Message::Confirmed));
    assert_eq!((titles(&frame), shown(&frame)), (vec!["host-1", "host-2"], "host-2"));

    let _ = choose(&mut frame, 0, "Close others");
    let action = say(&mut frame, Message::Closing(closing::Message::Confirmed));
    assert!(matches!(action, Action::Run(_)), "the window stays");
    assert_eq!(titles(&frame), ["host-1"]);
    assert!(pressed(&frame, "host-1").iter().any(|message| matches!(message, Message::Show(_))));
}

#[test]
fn a_dragged_tab_stands_where_it_was_let_go() {
    let mut frame = frame(3);
    let _ = say(&mut frame, Message::Bar(Act::Moved { from: 2, to: 0 }));
    assert_eq!((titles(&frame), shown(&frame)), (vec!["host-3", "host-1", "host-2"], "host-3"));
    let _ = say(&mut frame, Message::Bar(Act::Moved { from: 7, to: 0 }));
    assert_eq!(titles(&frame), ["host-3", "host-1", "host-2"], "a tab that is gone stays so");
}

#[test]
fn tabs_that_do_not_fit_are_listed() {
    let mut frame = frame(20);
    let _ = say(&mut frame, Message::ListTabs);
    let first = id(&frame, 0);
    {
        let library = library();
        let mut ui = simulator(frame.view(&library));
        let _ = ui.click(frame.home().expect("the first line of the list")).expect("the list");
        let said: Vec<_> = ui.into_messages().collect();
        assert!(matches!(said[..], [Message::Menu(tab_menu::Message::Show(id))] if id == first), "{said:?}");
    }
    let _ = frame.key(&[Shortcut::Escape], &library());
    assert!(frame.above.is_none());
}

#[test]
fn a_window_that_fills_the_screen_offers_the_mouse_a_way_out() {
    let mut frame = frame(1);
    press(&mut frame, Shortcut::FullScreen);
    assert!(frame.full_screen);
    let glyph = crate::widget::Icon::Maximize.glyph().to_string();
    {
        let library = library();
        let mut ui = simulator(frame.view(&library));
        let button = ui.find(glyph.clone()).expect("the button");
        // No font is loaded here that would give the icon a width.
        ui.point_at(iced_test::selector::Bounded::bounds(&button).center());
        let _ = ui.simulate(iced_test::simulator::click());
        assert!(matches!(ui.into_messages().collect::<Vec<_>>()[..], [Message::LeaveFullScreen]));
    }
    let _ = say(&mut frame, Message::LeaveFullScreen);
    assert!(!frame.full_screen);
    let library = library();
    assert!(!shows(&mut simulator(frame.view(&library)), &glyph));
}

#[test]
fn what_is_scrolled_stays_so_while_something_lies_over_the_window() {
    use iced::advanced::widget::Tree;

    // The window's own parts, as iced remembers them: the first child at each level.
    fn parts(tree: &Tree) -> Vec<iced::advanced::widget::tree::Tag> {
        std::iter::successors(Some(tree), |tree| tree.children.first()).map(|tree| tree.tag).collect()
    }
    let mut frame = frame(20);
    let library = library();
    let plain = parts(&Tree::new(frame.view(&library)));
    let _ = frame.update(Message::ListTabs, &library);
    assert_eq!(parts(&Tree::new(frame.view(&library))), plain);
    let _ = frame.update(Message::OpenPalette, &library);
    assert_eq!(parts(&Tree::new(frame.view(&library))), plain);
    assert!(plain.len() > 3, "the column and the bar are among them");
}

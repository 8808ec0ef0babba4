use iced_test::{Simulator, simulator};
use term::ssh::Destination;

use super::*;
use crate::pane::{Services, Target};
use crate::theme::Mode;
use crate::window::Shortcut;

fn tab(panes: usize) -> Tab {
    let services = Services {
        pool: Default::default(),
        secrets: crate::store::Secrets::new(),
        palette: Mode::Dark.palette(),
        settings: Default::default(),
        schemes: Default::default(),
        bindings: Default::default(),
        permissions: Default::default(),
    };
    let destination = Destination { host: "host".to_owned(), user: None, port: None };
    // The task would connect.
    let (mut tab, _connect) = Tab::new(Target::typed(destination, Vec::new()), services);
    for _ in 1..panes {
        let _ = tab.shortcut(Shortcut::SplitRight);
    }
    tab
}

fn shows(ui: &mut Simulator<'_, Message>, text: &str) -> bool {
    ui.find(text.to_owned()).is_ok()
}

#[test]
fn the_panes_of_the_tab_are_meant_and_those_of_all_tabs_where_it_has_only_one() {
    let (one, two) = (tab(1), tab(2));
    assert_eq!(Broadcast::new(&two).scope, Scope::Tab(two.id()));
    let all = Broadcast::new(&one);
    assert!(all.includes(one.id()) && all.includes(two.id()));
    assert!(!Broadcast::new(&two).includes(one.id()));
}

#[test]
fn it_is_over_when_its_tab_is_gone() {
    let (one, two) = (tab(2), tab(2));
    let broadcast = Broadcast::new(&one);
    assert!(!broadcast.is_over(&[one]));
    assert!(broadcast.is_over(&[two]));
}

#[test]
fn the_strip_names_every_pane_and_how_it_stands() {
    let tab = tab(2);
    let id = tab.id();
    let mut broadcast = Broadcast::new(&tab);
    let first = tab.panes().next().expect("a pane").id();
    broadcast.update(Message::Mute(first));
    let tabs = [tab];
    {
        let mut ui = simulator(broadcast.view(&tabs, id, "Stop".to_owned()));
        assert!(shows(&mut ui, "What you type goes to 0 panes of this tab"));
        assert!(shows(&mut ui, "1 \u{b7} host (left out)") && shows(&mut ui, "2 \u{b7} host (no shell)"));
        let _ = ui.click("1 \u{b7} host (left out)").expect("the name");
        let _ = ui.click("All tabs of the window").expect("the scope");
        let messages: Vec<_> = ui.into_messages().collect();
        assert!(matches!(messages[..], [Message::Mute(id), Message::Widen(Scope::Window)] if id == first));
    }
    broadcast.update(Message::Mute(first));
    let mut ui = simulator(broadcast.view(&tabs, id, "Stop".to_owned()));
    assert!(shows(&mut ui, "1 \u{b7} host (no shell)"));
}

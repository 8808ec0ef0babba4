use iced_test::{Simulator, simulator};

use super::*;
use crate::store::{Host, Hosts};
use crate::window::Bindings;
use crate::window::shortcut::{Context, Shortcut};
use crate::{pane, tab};

fn hosts() -> (tempfile::TempDir, Hosts) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let hosts = Hosts::none(folder.path().join("hosts.toml"));
    let hosts = hosts.save(&Host::new("web server", "www.example.org")).expect("saved");
    (folder, hosts)
}

fn palette(context: Context, recent: &[&str]) -> Palette {
    let (_folder, hosts) = hosts();
    let recent: Vec<_> = recent.iter().map(|name| (*name).to_owned()).collect();
    let sources = Sources {
        context,
        bindings: &Bindings::default(),
        tabs: vec![OpenTab {
            id: tab::Id(7),
            title: "ada@build".to_owned(),
            panes: vec![(pane::Id(8), "ada@build".to_owned()), (pane::Id(9), "top: ada@lab".to_owned())],
        }],
        hosts: &hosts,
        aliases: vec!["gateway"],
        recent: &recent,
    };
    Palette::new(&sources, 700.0)
}

fn terminal() -> Context {
    Context { tabs: 1, terminal: true, tab: true, ..Context::default() }
}

fn goal(palette: &mut Palette, query: &str) -> Option<Goal> {
    let _ = palette.update(Message::Typed(query.to_owned()));
    match palette.update(Message::Submitted) {
        Action::Go(goal) => Some(goal),
        _ => None,
    }
}

#[test]
fn a_few_letters_lead_to_commands_tabs_and_hosts() {
    let mut palette = palette(terminal(), &[]);
    assert_eq!(goal(&mut palette, "clscroll"), Some(Goal::Command(Shortcut::ClearScrollback)));
    assert_eq!(goal(&mut palette, "full"), Some(Goal::Command(Shortcut::FullScreen)));
    assert_eq!(goal(&mut palette, "build"), Some(Goal::Tab(tab::Id(7))));
    assert_eq!(goal(&mut palette, "top lab"), Some(Goal::Pane(pane::Id(9))), "a single pane of a tab");
    assert_eq!(goal(&mut palette, "pane 1 of 2"), Some(Goal::Pane(pane::Id(8))), "by its place");
    assert!(matches!(goal(&mut palette, "web"), Some(Goal::Host(_))));
    assert!(matches!(goal(&mut palette, "example.org"), Some(Goal::Host(_))), "by its address");
    assert_eq!(goal(&mut palette, "gatew"), Some(Goal::Alias("gateway".to_owned())));
    assert_eq!(goal(&mut palette, "xyzzy"), None);
}

#[test]
#[cfg(not(target_os = "macos"))]
fn a_command_is_found_by_its_chord() {
    let mut palette = palette(terminal(), &[]);
    assert_eq!(goal(&mut palette, "ctrl+shift+k"), Some(Goal::Command(Shortcut::ClearScrollback)));
}

#[test]
fn only_commands_that_apply_are_listed_and_the_recent_ones_come_first() {
    let mut hosts = palette(Context::default(), &[]);
    assert_eq!(goal(&mut hosts, "clear the scrollback"), None);
    let first = |palette: &mut Palette| goal(palette, "");
    assert_eq!(first(&mut hosts), Some(Goal::Command(Shortcut::NewTab)));
    let mut recent = palette(terminal(), &["paste", "no-such-command", "reconnect", "copy"]);
    assert_eq!(first(&mut recent), Some(Goal::Command(Shortcut::Paste)));
    let _ = recent.update(Message::Moved(1));
    assert!(matches!(recent.update(Message::Submitted), Action::Go(Goal::Command(Shortcut::Copy))));
    let twice = recent.entries.iter().filter(|entry| entry.goal == Goal::Command(Shortcut::Paste)).count();
    assert_eq!(twice, 1);
}

#[test]
fn the_arrow_keys_walk_around_the_ends() {
    let mut palette = palette(terminal(), &[]);
    let _ = palette.update(Message::Moved(-1));
    assert_eq!(palette.selected, palette.found.len() - 1);
    let _ = palette.update(Message::Moved(1));
    assert_eq!(palette.selected, 0);
    let _ = palette.update(Message::Moved(8));
    assert_eq!(palette.selected, 8);
    let _ = palette.update(Message::Moved(-80));
    assert_eq!(palette.selected, 0);
    let _ = palette.update(Message::Typed("nothing like it".to_owned()));
    let _ = palette.update(Message::Moved(1));
    assert!(matches!(palette.update(Message::Submitted), Action::Run(_)));
}

#[test]
fn it_shows_each_commands_keys_and_a_press_beside_it_closes_it() {
    let palette = palette(terminal(), &[]);
    let mut ui: Simulator<'_, Message> = simulator(palette.view());
    assert!(ui.find("New tab").is_ok() && ui.find("Connect to web server").is_ok());
    if cfg!(not(target_os = "macos")) {
        assert!(ui.find("Ctrl+Shift+T").is_ok());
    }
    let _ = ui.click("New tab").expect("it can be pressed");
    ui.point_at(iced::Point::new(3.0, 600.0));
    let _ = ui.simulate(iced_test::simulator::click());
    let messages: Vec<_> = ui.into_messages().collect();
    assert!(matches!(messages.as_slice(), [Message::Pressed(Goal::Command(Shortcut::NewTab)), Message::Left]));
}

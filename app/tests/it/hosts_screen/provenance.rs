//! Where the values of a host come from, and how those of `~/.ssh/config` are changed.

use std::path::Path;

use term::ssh::config::{Effective, Source};
use term::ssh::known_hosts::Place;
use tetherm::screen::hosts::alias_form::{self, Loaded};
use tetherm::screen::hosts::inherited::Inherited;
use tetherm::store::ssh_config::Block;

use super::*;

fn inherited() -> Inherited {
    let line = |keyword, value: &str, source| Effective { keyword, value: value.to_owned(), source };
    let at = |line| Source::File(Place { path: "/etc/ssh/ssh_config".into(), line });
    Inherited::new(vec![
        line("user", "deploy", at(3)),
        line("port", "22", Source::Default),
        line("forwardx11", "yes", Source::Option),
        line("compression", "yes", at(9)),
        line("proxyjump", "a-very-long-name-of-a-jump-host.in.a.very.long.domain.example.org", at(12)),
    ])
}

#[test]
fn a_saved_host_tells_which_values_it_takes_over_and_from_where() {
    let mut story = Story::typical();
    // High enough for the last section.
    story.size = Size::new(1024.0, 1000.0);
    let _ = story.send(Message::Edit(id("nas")));
    assert!(story.shows("look it up"));
    let _ = story.send(Message::Form(form::Message::Inherited("192.168.1.5".to_owned(), Ok(inherited()))));
    assert!(story.shows("Left empty, it is deploy, from /etc/ssh/ssh_config:3."));
    assert!(story.shows("3 settings"));
    let _ = story.click("From ~/.ssh/config");
    assert!(story.shows("compression yes") && story.shows("/etc/ssh/ssh_config:9"));
    assert!(!story.shows("forwardx11 yes"), "that one is the saved host's own");
    story.draw("inherited");
    // What was looked up for another address says nothing about this one.
    let _ = story.send(Message::Form(form::Message::Typed(host::Field::HostName, "other".to_owned())));
    assert!(!story.shows("compression yes") && story.shows("Look up what ~/.ssh/config says about this address"));
}

#[test]
fn a_configuration_that_cannot_be_used_is_told_in_the_form() {
    let mut story = Story::typical();
    // High enough for the last section.
    story.size = Size::new(1024.0, 1000.0);
    let _ = story.send(Message::Edit(id("nas")));
    let problem = "/home/me/.ssh/config: line 3: Bad configuration option: fowardx11; did you mean ForwardX11?";
    let _ = story.send(Message::Form(form::Message::Inherited("192.168.1.5".to_owned(), Err(problem.to_owned()))));
    assert!(story.shows("cannot be used"));
    let _ = story.click("From ~/.ssh/config");
    assert!(story.shows(problem) && story.shows("Look again"));
}

const FILE: &str = "Host gateway gw\n    HostName gateway.example.org\n    Port 2222\n";

fn open_alias(story: &mut Story, folder: &Path) {
    let path = folder.join("config");
    std::fs::write(&path, FILE).unwrap();
    let action = story.send(Message::EditAlias("gateway".to_owned()));
    assert!(matches!(action, Action::Run(_)), "the block is read");
    let loaded = Loaded::new(Block::read(&path, 1, "gateway").unwrap(), Ok(inherited()));
    let _ = story.send(Message::AliasForm(alias_form::Message::Read(Ok(Box::new(loaded)))));
}

#[test]
fn a_host_of_ssh_config_is_changed_in_a_form_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::typical();
    open_alias(&mut story, folder.path());
    assert!(story.shows("Edit gateway") && story.shows("These lines are also for gw"));
    assert!(story.shows("gateway.example.org") && story.shows("2222"));
    assert!(story.shows("Left empty, it is deploy, from /etc/ssh/ssh_config:3."));
    assert!(story.shows("compression yes"));
    story.draw("alias");
    story.size = Size::new(480.0, 360.0);
    story.draw("alias-small");
    story.size = Size::new(1024.0, 700.0);
    let _ = story.send(Message::AliasForm(alias_form::Message::Typed(2, "70000".to_owned())));
    let _ = story.send(Message::AliasForm(alias_form::Message::Save));
    assert!(story.shows("Bad port '70000'; a port is a number from 1 to 65535"));
    assert_eq!(std::fs::read_to_string(folder.path().join("config")).unwrap(), FILE);
    let _ = story.click("Cancel");
    assert!(story.shows("from ~/.ssh/config:5"), "the list again");
}

#[test]
fn a_block_that_cannot_be_read_or_written_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::typical();
    open_alias(&mut story, folder.path());
    let error = store::Error::Changed { path: folder.path().join("config") };
    let _ = story.send(Message::AliasForm(alias_form::Message::Saved(Err(error.clone()))));
    assert!(story.shows(&error.to_string()) && story.shows("Edit gateway"));
    let action = story.send(Message::AliasForm(alias_form::Message::Saved(Ok(()))));
    assert!(matches!(action, Action::Reload), "{action:?}");
    assert!(story.shows("nas"));
}

#[test]
fn a_new_host_can_be_written_to_ssh_config_instead() {
    let folder = tempfile::tempdir().unwrap();
    let mut story = Story::typical();
    let _ = story.click("New host");
    fill(&mut story, host::Field::HostName, "db.example.org");
    fill(&mut story, host::Field::User, "ada");
    let action = story.click("Write it to ~/.ssh/config instead");
    assert!(matches!(action, Action::Run(_)), "the file is read");
    let draft = Block::draft(&folder.path().join("config")).unwrap();
    let loaded = Loaded::new(draft, Ok(Inherited::default()));
    let _ = story.send(Message::AliasForm(alias_form::Message::Read(Ok(Box::new(loaded)))));
    assert!(story.shows("A new block in ~/.ssh/config – every other line stays as it is"));
    for text in ["db", "db.example.org", "ada", "Jump hosts"] {
        assert!(story.shows(text), "{text}");
    }
    story.draw("alias-new");
    for (name, problem) in [
        ("", "Give the host a name; it is what you type to go there"),
        ("db*", "A name has no * ? ! , \" # or \\: in a Host line they would mean something else"),
    ] {
        let _ = story.send(Message::AliasForm(alias_form::Message::Named(name.to_owned())));
        let _ = story.send(Message::AliasForm(alias_form::Message::Save));
        assert!(story.shows(problem), "{name}");
    }
    story.size = Size::new(480.0, 360.0);
    story.draw("alias-new-small");
    assert!(!folder.path().join("config").exists());
}

use std::path::PathBuf;

use iced::keyboard::key::Named;
use iced_test::{Simulator, simulator};
use term::session::Ended;
use term::ssh::Destination;
use term::ssh::prompt::{Answer, Question};
use tokio::sync::oneshot;

use super::*;
use crate::theme::Mode;
use crate::widget::Focus;
use crate::window::shortcut::Context;

fn services() -> Services {
    let palette = Mode::Dark.palette();
    Services {
        pool: Arc::default(),
        secrets: Secrets::new(),
        palette,
        settings: Default::default(),
        schemes: Default::default(),
        bindings: Arc::default(),
    }
}

fn pane() -> Pane {
    let destination = Destination { host: "example.org".to_owned(), user: Some("ada".to_owned()), port: None };
    // The task would connect; a test tells the pane by itself what happens.
    let (pane, _connect) = Pane::new(Target::typed(destination, Vec::new()), services());
    pane
}

fn look() -> Look<'static> {
    let context = Context { tabs: 1, panes: 1, tab: true, ..Context::default() };
    Look { font_size: 14.0, scale: None, focused: true, place: Place::Alone, context, ahead: None }
}

fn hear(pane: &mut Pane, event: worker::Event) -> Action {
    pane.update(Message::Worker(pane.attempt, event))
}

fn ask(pane: &mut Pane, question: Question) -> oneshot::Receiver<Answer> {
    let (prompt, answer) = ssh::Prompt::new("ada@example.org".to_owned(), question);
    let _ = hear(pane, worker::Event::Ssh(ssh::Event::Prompt(prompt)));
    answer
}

fn failure() -> worker::Event {
    let error = ssh::config::Error::Unreadable { path: PathBuf::from("/config"), message: "denied".to_owned() };
    worker::Event::Failed(Arc::new(Failure::Config(error)))
}

fn reason(pane: &Pane) -> Option<&Reason> {
    match pane.state() {
        State::Closed(reason) => Some(reason),
        _ => None,
    }
}

fn shows(ui: &mut Simulator<'_, Message>, text: &str) -> bool {
    ui.find(text.to_owned()).is_ok()
}

#[test]
fn a_new_pane_connects_and_says_what_it_is_doing() {
    let mut pane = pane();
    assert_eq!(pane.mark(), Mark::Connecting);
    assert_eq!(pane.title(), "ada@example.org");
    let _ = hear(&mut pane, worker::Event::Ssh(ssh::Event::Stage(ssh::connection::Stage::KeyExchange)));
    let mut ui = simulator(pane.view(look()));
    assert!(shows(&mut ui, "Agreeing on keys and checking the host key…"));
    let _ = ui.click("Cancel").expect("a way out");
    assert!(matches!(ui.into_messages().last(), Some(Message::Page(closed::Message::Cancel))));
}

#[test]
fn a_question_marks_the_pane_and_an_answer_reaches_who_asked() {
    let mut pane = pane();
    let mut answer = ask(&mut pane, Question::Password { retry: false });
    assert_eq!(pane.mark(), Mark::Asks);
    let _ = pane.update(Message::Prompt(prompt::Message::Typed(0, ssh::Secret::new("x".to_owned()))));
    let _ = pane.update(Message::Prompt(prompt::Message::Answered));
    assert!(matches!(answer.try_recv(), Ok(Answer::Secret(_))));
    assert_eq!(pane.mark(), Mark::Connecting);
}

#[test]
fn leaving_a_question_or_dropping_the_pane_means_no() {
    let mut left = pane();
    let mut answer = ask(&mut left, Question::Password { retry: false });
    let _ = left.shortcut(Shortcut::Escape);
    assert_eq!(left.mark(), Mark::Closed);
    assert!(matches!(answer.try_recv(), Err(oneshot::error::TryRecvError::Closed)));

    let mut dropped = pane();
    let mut answer = ask(&mut dropped, Question::Password { retry: false });
    drop(dropped);
    assert!(matches!(answer.try_recv(), Err(oneshot::error::TryRecvError::Closed)));
}

#[test]
fn a_failure_says_what_happened_and_what_to_do_and_offers_another_try() {
    let mut pane = pane();
    let _ = hear(&mut pane, failure());
    assert_eq!(pane.mark(), Mark::Closed);
    let mut ui = simulator(pane.view(look()));
    assert!(shows(&mut ui, "Could not connect") && shows(&mut ui, "ada@example.org"));
    let Some(Reason::Failed(failure)) = reason(&pane) else { panic!("a failure") };
    assert!(shows(&mut ui, &failure.to_string()));
    assert!(failure.to_string().contains("/config"));
    assert!(!shows(&mut ui, "Edit host"), "what was only typed has no saved host to edit");
    let _ = ui.click("Try again").expect("another try");
    assert!(matches!(ui.into_messages().last(), Some(Message::Page(closed::Message::Reconnect))));
}

#[test]
fn another_attempt_does_not_listen_to_the_last_one() {
    let mut pane = pane();
    let first = pane.attempt;
    let _ = hear(&mut pane, failure());
    let _ = pane.update(Message::Page(closed::Message::Reconnect));
    assert_eq!(pane.mark(), Mark::Connecting);
    let _ = pane.update(Message::Worker(first, failure()));
    assert_eq!(pane.mark(), Mark::Connecting);
}

#[test]
fn a_connection_that_waits_for_another_tab_says_so() {
    let mut pane = pane();
    let _ = hear(&mut pane, worker::Event::Waiting);
    let mut ui = simulator(pane.view(look()));
    assert!(shows(&mut ui, "Another tab is logging in to this host; its connection will be shared…"));
}

#[test]
fn a_title_of_the_remote_side_replaces_the_hosts_name_until_it_is_taken_back() {
    let mut pane = pane();
    let title = |text: Option<&str>| Message::Asked(vec![terminal::Event::Title(text.map(str::to_owned))]);
    let _ = pane.update(title(Some("vim")));
    assert_eq!(pane.title(), "vim");
    let _ = pane.update(title(Some("  ")));
    assert_eq!(pane.title(), "ada@example.org");
    let _ = pane.update(title(Some("top")));
    let _ = pane.update(title(None));
    assert_eq!(pane.title(), "ada@example.org");
}

#[test]
fn the_bell_lights_up_in_front_and_is_remembered_behind() {
    let mut pane = pane();
    let bell = || Message::Asked(vec![terminal::Event::Bell]);
    let _ = pane.update(bell());
    assert!(pane.rang && pane.bell.is_none());
    pane.set_shown(true);
    assert!(!pane.rang);
    let _ = pane.update(bell());
    assert!(pane.bell.is_some() && !pane.rang);
}

#[test]
fn a_password_is_not_kept_when_the_login_fails() {
    let mut pane = pane();
    let _answer = ask(&mut pane, Question::Password { retry: false });
    let _ = pane.update(Message::Prompt(prompt::Message::Remember(true)));
    let _ = pane.update(Message::Prompt(prompt::Message::Answered));
    let _ = hear(&mut pane, failure());
    assert!(pane.pending.is_empty());
}

#[test]
fn a_pane_that_failed_in_sight_gives_the_keyboard_to_what_tries_again() {
    let mut pane = pane();
    assert_eq!(pane.home(), None, "there is nothing to type into yet");
    assert!(matches!(hear(&mut pane, failure()), Action::None));
    let home = pane.home();
    let mut ui = simulator(Focus::new(pane.view(look())).home(home));
    assert!(shows(&mut ui, "Try again"));
    let _ = ui.tap_key(Named::Enter);
    let messages: Vec<_> = ui.into_messages().collect();
    assert!(matches!(messages[..], [Message::Page(closed::Message::Reconnect)]), "{messages:?}");
}

#[test]
fn a_closed_shell_says_with_what_status_it_ended() {
    let ended = Reason::Ended(Ended::Exited(0));
    assert_eq!(ended.headline(), "The shell ended with status 0");
    let mut ui = simulator(ended.strip());
    assert!(ui.find("Connection closed").is_ok());
    let detail = "The shell ended with status 0. Press Enter to connect again; the output below is kept.";
    assert!(ui.find(detail).is_ok());
}

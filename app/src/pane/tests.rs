use std::path::PathBuf;

use iced::Point;
use iced::keyboard::key::Named;
use iced_test::{Simulator, simulator};
use term::session::Ended;
use term::ssh::Destination;
use term::ssh::prompt::{Answer, Question};
use tokio::sync::oneshot;

use super::*;
use crate::store::Secrets;
use crate::store::host::Permission;
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
        permissions: Default::default(),
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
    let (prompt, answer) = ssh::Prompt::new(ssh::Hop::new("ada", "example.org", 22), question);
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

fn old_server() -> worker::Event {
    let error = ssh::Error::NoCommonAlgorithm {
        host: "old.example".to_owned(),
        kind: "key exchange",
        ours: vec!["curve25519-sha256".to_owned()],
        theirs: vec!["diffie-hellman-group14-sha1".to_owned()],
    };
    worker::Event::Failed(Arc::new(Failure::Ssh(Arc::new(error))))
}

#[test]
fn a_server_with_old_algorithms_only_is_allowed_with_one_press_that_names_the_weakness() {
    const BUTTON: &str = "Allow legacy algorithms for this host";
    let host = crate::store::Host::new("relic", "old.example");
    let mut pane = Pane::new((&host).into(), services()).0;
    let _ = hear(&mut pane, old_server());
    let mut ui = simulator(pane.view(look()));
    assert!(shows(&mut ui, "diffie-hellman-group14-sha1 rests on SHA-1, for which collisions can be bought."));
    let _ = ui.click(BUTTON).unwrap();
    let messages: Vec<_> = ui.into_messages().collect();
    let [Message::Page(closed::Message::AllowLegacy(None))] = messages[..] else { panic!("{messages:?}") };
    let action = pane.update(Message::Page(closed::Message::AllowLegacy(None)));
    assert!(matches!(action, Action::Permit(id, Permission::LegacyAlgorithms, _) if id == host.id));
    assert!(pane.target.options.contains(&"PubkeyAcceptedAlgorithms=+ssh-rsa".to_owned()));
    assert_eq!(pane.mark(), Mark::Connecting);
    // What did not help once is not offered again.
    let _ = hear(&mut pane, old_server());
    let mut ui = simulator(pane.view(look()));
    assert!(!shows(&mut ui, BUTTON) && shows(&mut ui, "Try again"));
}

#[test]
fn the_jump_host_that_has_old_algorithms_only_is_the_one_that_is_allowed() {
    const BUTTON: &str = "Allow legacy algorithms for this jump host";
    let host = crate::store::Host::new("inner", "inner.example");
    let mut pane = Pane::new((&host).into(), services()).0;
    let worker::Event::Failed(failure) = old_server() else { unreachable!() };
    let Failure::Ssh(error) = failure.as_ref() else { unreachable!() };
    let hop = ssh::Hop::new("me", "old.example", 2222);
    let failed = || {
        let (host, at) = ("inner.example".to_owned(), format!("jump host {hop}"));
        let error = Box::new(error.as_ref().clone());
        let error = ssh::Error::OnTheWay { host, at, hop: Some(Box::new(hop.clone())), error };
        worker::Event::Failed(Arc::new(Failure::Ssh(Arc::new(error))))
    };
    let _ = hear(&mut pane, failed());
    let mut ui = simulator(pane.view(look()));
    assert!(shows(
        &mut ui,
        "On the way, the jump host me@old.example:2222: its server has no key exchange algorithm that is still thought safe."
    ));
    let _ = ui.click(BUTTON).unwrap();
    let [Message::Page(message)] = &ui.into_messages().collect::<Vec<_>>()[..] else { panic!("one message") };
    let action = pane.update(Message::Page(message.clone()));
    let jump = "me@old.example:2222".to_owned();
    assert!(matches!(action, Action::Permit(_, Permission::LegacyJump(allowed), _) if allowed == jump));
    assert_eq!((&pane.target.legacy_jumps, pane.target.legacy), (&vec![jump], false));
    // What did not help once is not offered again; the host behind it has its own question.
    let _ = hear(&mut pane, failed());
    assert!(!shows(&mut simulator(pane.view(look())), BUTTON));
    let _ = hear(&mut pane, old_server());
    assert!(shows(&mut simulator(pane.view(look())), "Allow legacy algorithms for this host"));
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

/// A program in the pane's terminal prints this, and the pane hears of it as from the wake-ups.
fn prints(pane: &mut Pane, output: &str) -> Action {
    let _ = pane.terminal.advance(output.as_bytes());
    let events = pane.terminal.take_events();
    pane.update(Message::Asked(events))
}

const COPY: &str = "\x1b]52;c;aGVsbG8=\x07";

fn offers(pane: &mut Pane) -> bool {
    let _ = prints(pane, COPY);
    pane.strips.first().is_some()
}

#[test]
fn an_answer_about_the_clipboard_holds_for_the_host_in_all_its_panes() {
    let services = services();
    let open = |host: &str| {
        let destination = Destination { host: host.to_owned(), user: None, port: None };
        Pane::new(Target::typed(destination, Vec::new()), services.clone()).0
    };
    let mut first = open("one.example");
    assert!(offers(&mut first));
    let never = Message::Strip(strip::Message::Clipboard(strip::Permission::Never));
    assert!(matches!(first.update(never), Action::Run(_)));
    assert!(!offers(&mut first) && !offers(&mut open("one.example")), "it was answered for this host");
    assert!(offers(&mut open("two.example")), "and for no other");
}

#[test]
fn an_answer_about_a_saved_host_is_remembered_with_it_and_can_be_revoked() {
    let host = crate::store::Host::new("web", "web.example");
    let mut pane = Pane::new((&host).into(), services()).0;
    assert!(offers(&mut pane));
    let always = Message::Strip(strip::Message::Clipboard(strip::Permission::Always));
    assert!(matches!(pane.update(always), Action::Permit(id, Permission::Clipboard(true), _) if id == host.id));
    assert!(!offers(&mut pane), "it writes without asking");
    pane.set_clipboard_permission(None);
    assert!(offers(&mut pane), "the host's form took it back");
}

#[test]
fn a_notification_comes_only_from_what_is_out_of_sight_unless_the_user_wants_all_or_none() {
    use crate::store::settings::Notifications;
    let wanted = |setting, shown, focused| {
        let mut pane = pane();
        pane.services.settings.notifications = setting;
        pane.set_shown(shown);
        pane.set_window_focused(focused);
        let Action::Run(task) = prints(&mut pane, "\x1b]777;notify;Mail;you have some\x07") else { panic!() };
        task.units() > 0
    };
    let settings = [Notifications::Hidden, Notifications::Always, Notifications::Never];
    assert_eq!(settings.map(|setting| wanted(setting, true, true)), [false, true, false]);
    assert_eq!(settings.map(|setting| wanted(setting, true, false)), [true, true, false]);
    assert_eq!(settings.map(|setting| wanted(setting, false, true)), [true, true, false]);
}

#[test]
fn only_long_commands_are_told_of_and_none_if_the_user_wants_none() {
    let told = |after, seconds| {
        let mut pane = pane();
        pane.services.settings.command_finished_after = after;
        pane.command_ended(Some(1), std::time::Duration::from_secs(seconds)).units() > 0
    };
    assert_eq!([told(30, 29), told(30, 30), told(0, 9999)], [false, true, false]);
}

#[test]
fn progress_and_directory_are_those_of_the_shell_that_runs() {
    let mut pane = pane();
    let _ = prints(&mut pane, "\x1b]9;4;1;45\x07\x1b]7;file://host/srv/a%20b\x07");
    assert_eq!(pane.progress(), Some(terminal::Progress::Percent(45)));
    assert_eq!(pane.directory(), Some("/srv/a b"));
    pane.terminal.note("closed");
    let events = pane.terminal.take_events();
    let _ = pane.update(Message::Asked(events));
    assert_eq!((pane.progress(), pane.directory()), (None, None));
}

#[test]
fn a_clicked_notification_brings_its_pane_to_the_front() {
    let mut pane = pane();
    assert!(matches!(pane.update(Message::Notified(Ok(notification::Outcome::Clicked))), Action::Show));
    assert!(matches!(pane.update(Message::Notified(Ok(notification::Outcome::Closed))), Action::None));
}

#[test]
fn a_right_click_opens_the_menu_or_pastes_as_the_user_chose() {
    use crate::widget::terminal::Action::Menu;
    let click = |pane: &mut Pane, shift| {
        let _ = pane.update(Message::Terminal(Menu { at: Point::ORIGIN, shift }));
        pane.menu.is_some()
    };
    assert!(click(&mut pane(), false));
    let mut pasting = pane();
    let mut chosen = services();
    chosen.settings.right_click = settings::RightClick::Paste;
    pasting.configure(&chosen);
    assert!(!click(&mut pasting, false));
    assert!(click(&mut pasting, true), "with Shift the menu is still within reach");
}

/// A pane whose shell printed this and is over: its links can be opened all the same.
fn with_output(output: &str) -> Pane {
    let mut pane = pane();
    pane.was_open = true;
    pane.state = State::Closed(Reason::Ended(Ended::Exited(0)));
    let _ = pane.terminal.advance(output.as_bytes());
    pane
}

/// Types over the pane and says what that led to.
fn type_over(pane: &mut Pane, text: &str) -> Option<Action> {
    let mut ui = simulator(Focus::new(pane.view(look())).home(pane.home()));
    let _ = ui.typewrite(text);
    let messages: Vec<_> = ui.into_messages().collect();
    messages.into_iter().map(|message| pane.update(message)).find(|action| !matches!(action, Action::None))
}

#[test]
fn a_link_in_sight_is_opened_by_its_label_as_a_click_would_and_other_keys_leave() {
    let mut pane = with_output("ssh://ada@example.org and file:///x \x1b]8;;file:///y\x1b\\here\x1b]8;;\x1b\\");
    let _ = pane.shortcut(Shortcut::OpenLink);
    assert!(shows(
        &mut simulator(pane.view(look())),
        "Type a label to open its link · Shift: copy its address · Esc leaves"
    ));
    let action = type_over(&mut pane, "a");
    assert!(matches!(action, Some(Action::Prefill(address)) if address == "ssh://ada@example.org"));
    assert!(pane.link_keys.labels().is_none(), "the keys are the shell's again");

    // What no click would open is refused in the same words.
    let _ = pane.shortcut(Shortcut::OpenLink);
    assert!(type_over(&mut pane, "s").is_none());
    assert!(format!("{:?}", pane.strips).contains("this is a file on the remote host"));

    let _ = pane.shortcut(Shortcut::OpenLink);
    assert!(type_over(&mut pane, "q").is_none());
    assert!(pane.link_keys.labels().is_none());
}

#[test]
fn shift_copies_and_where_no_link_is_in_sight_that_is_said() {
    let mut pane = with_output("https://a.example/x");
    let _ = pane.shortcut(Shortcut::OpenLink);
    assert!(matches!(pane.update(Message::Link(link_keys::Key::Letter('a', true))), Action::Run(_)));
    assert!(pane.link_keys.labels().is_none());

    let mut pane = with_output("no address");
    let _ = pane.shortcut(Shortcut::OpenLink);
    assert!(shows(&mut simulator(pane.view(look())), "No link in sight"));
    let _ = pane.update(Message::Link(link_keys::Key::Said));
    assert!(!shows(&mut simulator(pane.view(look())), "No link in sight"));
}

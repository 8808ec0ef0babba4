use std::path::PathBuf;

use iced_test::{Simulator, simulator};
use term::ssh::known_hosts::OtherName;
use term::ssh::prompt::Challenge;
use tokio::sync::oneshot;

use super::*;
use crate::store::secrets::Status;

fn ask(question: Question) -> (Prompt, oneshot::Receiver<Answer>) {
    let (prompt, answer) = ssh::Prompt::new(ssh::Hop::new("ada", "example.org", 22), question);
    (Prompt::new(prompt), answer)
}

/// A jump host's question.
fn ask_on_the_way(question: Question) -> Prompt {
    let hop = ssh::Hop { toward: Some("web".to_owned()), ..ssh::Hop::new("ada", "bastion", 2222) };
    Prompt::new(ssh::Prompt::new(hop, question).0)
}

fn proxy_password() -> Question {
    Question::ProxyPassword { proxy: Box::new("http://ada@proxy:3128".parse().unwrap()), retry: true }
}

#[test]
fn a_question_of_a_jump_host_says_whose_it_is_whatever_it_asks() {
    let line = "Jump host ada@bastion:2222 on the way to web";
    for question in [host_key(), password(false), interactive(), proxy_password()] {
        assert!(shows(&mut simulator(ask_on_the_way(question.clone()).view(None)), line), "{question:?}");
        let (direct, _answer) = ask(question);
        assert!(!shows(&mut simulator(direct.view(None)), line));
    }
}

#[test]
fn a_proxys_password_goes_to_the_proxy_and_can_be_remembered() {
    let (mut prompt, mut answer) = ask(proxy_password());
    let keeper = keeper();
    let mut ui = simulator(prompt.view(Some(&keeper)));
    for text in ["Password for a proxy", "The proxy refused that password. Try again.", "Remember in GNOME Keyring"] {
        assert!(shows(&mut ui, text), "{text}");
    }
    drop(ui);
    let _ = prompt.update(Message::Typed(0, Secret::new("hunter2".to_owned())));
    let _ = prompt.update(Message::Remember(true));
    let Action::Answered(Some(kept)) = prompt.update(Message::Entered(0)) else { panic!("a secret to keep") };
    let Ok(Answer::Secret(secret)) = answer.try_recv() else { panic!("a secret") };
    assert_eq!((secret.expose(), kept.expose()), ("hunter2", "hunter2"));
}

fn host_key() -> Question {
    Question::UnknownHostKey {
        name: "example.org".to_owned(),
        key_type: "ED25519".to_owned(),
        fingerprint: "SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".to_owned(),
        randomart: "+--[ED25519 256]--+\n|     .           |\n+----[SHA256]-----+".to_owned(),
        path: PathBuf::from("/home/ada/.ssh/known_hosts"),
        address: Some("192.0.2.7".to_owned()),
        elsewhere: Vec::new(),
    }
}

fn password(retry: bool) -> Question {
    Question::Password { retry }
}

fn interactive() -> Question {
    let challenge = |text: &str, echo| Challenge { text: text.to_owned(), echo };
    Question::KeyboardInteractive {
        name: "Second factor".to_owned(),
        instruction: "Look at your token".to_owned(),
        challenges: vec![challenge("User name:", true), challenge("Code:", false)],
    }
}

fn keeper() -> Status {
    Status::Available { store: "GNOME Keyring".to_owned() }
}

fn shows(ui: &mut Simulator<'_, Message>, text: &str) -> bool {
    ui.find(text.to_owned()).is_ok()
}

#[test]
fn an_unknown_host_key_is_shown_in_full_and_has_three_answers() {
    let (prompt, _answer) = ask(host_key());
    let mut ui = simulator(prompt.view(None));
    for text in ["Is this the right server?", "Cancel", "Connect once", "Trust and save", "Copy"] {
        assert!(shows(&mut ui, text), "{text}");
    }
    assert!(shows(&mut ui, "SHA256:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"));
    assert!(shows(&mut ui, "ED25519 key fingerprint"));
    let _ = ui.click("Connect once").expect("the button");
    assert!(matches!(ui.into_messages().collect::<Vec<_>>()[..], [Message::Trusted { save: false }]));
}

#[test]
fn enter_alone_never_trusts_a_host_key() {
    let (mut prompt, mut answer) = ask(host_key());
    assert!(matches!(prompt.update(Message::Answered), Action::None));
    assert!(matches!(prompt.update(Message::Entered(0)), Action::None));
    assert!(answer.try_recv().is_err());
    // The control that has the focus first is the one that says no.
    let first = prompt.first.clone();
    let mut ui = simulator(prompt.view(None));
    let _ = ui.click(first).expect("the first control");
    assert!(matches!(ui.into_messages().collect::<Vec<_>>()[..], [Message::Cancelled]));
}

#[test]
fn trusting_a_host_key_is_answered_as_it_was_meant() {
    for (save, expected) in [(true, "TrustAndSave"), (false, "TrustOnce")] {
        let (mut prompt, mut answer) = ask(host_key());
        assert!(matches!(prompt.update(Message::Trusted { save }), Action::Answered(None)));
        assert_eq!(format!("{:?}", answer.try_recv().expect("an answer")), expected);
    }
}

#[test]
fn a_password_goes_to_the_connection_and_is_remembered_only_when_asked_to() {
    for remember in [false, true] {
        let (mut prompt, mut answer) = ask(password(false));
        let _ = prompt.update(Message::Typed(0, Secret::new("hunter2".to_owned())));
        let _ = prompt.update(Message::Remember(remember));
        let Action::Answered(kept) = prompt.update(Message::Entered(0)) else { panic!("an answer") };
        assert_eq!(kept.is_some(), remember);
        let Ok(Answer::Secret(secret)) = answer.try_recv() else { panic!("a secret") };
        assert_eq!(secret.expose(), "hunter2");
    }
}

#[test]
fn what_is_typed_appears_in_no_debug_output() {
    let (mut prompt, _answer) = ask(password(false));
    let message = Message::Typed(0, Secret::new("hunter2".to_owned()));
    assert!(!format!("{message:?}").contains("hunter2"));
    let _ = prompt.update(message);
    assert!(!format!("{prompt:?}").contains("hunter2"));
}

#[test]
fn a_refused_password_says_so_and_a_masked_field_shows_no_letter_of_it() {
    let (mut prompt, _answer) = ask(password(true));
    let _ = prompt.update(Message::Typed(0, Secret::new("hunter2".to_owned())));
    let keeper = keeper();
    let mut ui = simulator(prompt.view(Some(&keeper)));
    assert!(shows(&mut ui, "The server refused that password. Try again."));
    assert!(shows(&mut ui, "Remember in GNOME Keyring"));
    assert!(!shows(&mut ui, "hunter2"));
}

#[test]
fn remembering_says_what_it_can_and_waits_until_that_is_known() {
    let (prompt, _answer) = ask(password(false));
    let absent = Status::Absent { reason: "no D-Bus session".to_owned() };
    let mut ui = simulator(prompt.view(Some(&absent)));
    assert!(shows(&mut ui, "Remember until Tetherm ends"));
    assert!(shows(&mut ui, "There is no keyring") && !shows(&mut ui, "no D-Bus session"));
    let mut ui = simulator(prompt.view(None));
    let _ = ui.click("Remember (asking the keyring…)").expect("the checkbox");
    assert_eq!(ui.into_messages().count(), 0, "it cannot be chosen yet");
}

#[test]
fn a_passphrase_names_the_key_file_and_the_hop() {
    let path = PathBuf::from("/home/ada/.ssh/id_ed25519");
    let (prompt, _answer) = ask(Question::Passphrase { path, fingerprint: None, retry: false });
    let mut ui = simulator(prompt.view(None));
    assert!(shows(&mut ui, "The key /home/ada/.ssh/id_ed25519 is encrypted. It is to log in to ada@example.org."));
}

#[test]
fn the_servers_own_words_are_marked_as_its_own() {
    let (prompt, _answer) = ask(interactive());
    let mut ui = simulator(prompt.view(None));
    assert!(shows(&mut ui, "ada@example.org says:"));
    assert!(shows(&mut ui, "Look at your token"));
}

#[test]
fn enter_goes_from_question_to_question_and_answers_after_the_last() {
    let (mut prompt, mut answer) = ask(interactive());
    let _ = prompt.update(Message::Typed(0, Secret::new("ada".to_owned())));
    assert!(matches!(prompt.update(Message::Entered(0)), Action::Run(_)));
    assert!(answer.try_recv().is_err());
    let _ = prompt.update(Message::Typed(1, Secret::new("123456".to_owned())));
    assert!(matches!(prompt.update(Message::Entered(1)), Action::Answered(None)));
    let Ok(Answer::Responses(responses)) = answer.try_recv() else { panic!("responses") };
    assert_eq!(responses.iter().map(Secret::expose).collect::<Vec<_>>(), ["ada", "123456"]);
}

#[test]
fn the_other_names_of_an_unknown_key_are_told() {
    let place = |line| term::ssh::known_hosts::Place { path: PathBuf::from("/k"), line };
    let other = |line, names: Option<&str>| OtherName { place: place(line), names: names.map(str::to_owned) };
    let mut question = host_key();
    let Question::UnknownHostKey { elsewhere, .. } = &mut question else { panic!("a host key") };
    *elsewhere = vec![other(1, Some("old.example")), other(2, None), other(3, Some("b")), other(4, Some("c"))];
    let (prompt, _answer) = ask(question);
    let mut ui = simulator(prompt.view(None));
    for text in ["old.example (/k, line 1)", "a hashed name (/k, line 2)", "and 1 more"] {
        assert!(shows(&mut ui, text), "{text}");
    }
    let (prompt, _answer) = ask(host_key());
    assert!(!shows(&mut simulator(prompt.view(None)), "The same key is known under other names:"));
}

#[test]
fn questions_of_yes_or_no_are_answered_by_their_buttons_alone() {
    let updated = || Question::UpdatedHostKeys {
        name: "example.org".to_owned(),
        new: vec!["ECDSA SHA256:new".to_owned()],
        obsolete: vec!["RSA SHA256:old".to_owned()],
        path: PathBuf::from("/home/ada/.ssh/known_hosts"),
    };
    let agent = || Question::AddKeyToAgent { path: PathBuf::from("/k"), fingerprint: "SHA256:x".to_owned() };
    for (question, no, yes) in
        [(updated as fn() -> Question, "Not now", "Save"), (agent as fn() -> Question, "No", "Keep it")]
    {
        for (button, expected) in [(no, "No"), (yes, "Yes")] {
            let (mut prompt, mut answer) = ask(question());
            assert!(matches!(prompt.update(Message::Answered), Action::None), "Enter alone says nothing");
            let mut ui = simulator(prompt.view(None));
            let _ = ui.click(button.to_owned()).expect("the button");
            let messages: Vec<Message> = ui.into_messages().collect();
            for message in messages {
                assert!(matches!(prompt.update(message), Action::Answered(None)));
            }
            assert_eq!(format!("{:?}", answer.try_recv().expect("an answer")), expected);
        }
    }
    let (prompt, _answer) = ask(updated());
    let mut ui = simulator(prompt.view(None));
    assert!(shows(&mut ui, "ECDSA SHA256:new") && shows(&mut ui, "RSA SHA256:old") && shows(&mut ui, "Given up"));
}

#[test]
fn another_key_of_the_address_is_asked_about_with_both_fingerprints_and_no_first() {
    let place = |line| term::ssh::known_hosts::Place { path: "/home/me/.ssh/known_hosts".into(), line };
    let question = || Question::AddressKeyDiffers {
        name: "web".to_owned(),
        address: "192.0.2.7".to_owned(),
        key_type: "ED25519".to_owned(),
        fingerprint: "SHA256:shown".to_owned(),
        expected: "SHA256:known".to_owned(),
        place: place(2),
        matching: Some(place(1)),
    };
    let (prompt, _answer) = ask(question());
    let mut ui = simulator(prompt.view(None));
    for text in ["The address is known by another key", "SHA256:shown", "SHA256:known", "Connect all the same"] {
        assert!(shows(&mut ui, text), "{text}");
    }
    let _ = ui.click(prompt.first.clone()).expect("the first control");
    assert!(matches!(ui.into_messages().collect::<Vec<_>>()[..], [Message::Agreed(false)]));
    let (mut prompt, mut answer) = ask(question());
    assert!(matches!(prompt.update(Message::Agreed(true)), Action::Answered(None)));
    assert!(matches!(answer.try_recv(), Ok(Answer::Yes)));
}

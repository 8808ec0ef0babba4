//! What runs at the other end of a saved host, how far it is trusted, and what is weak about old algorithms.

use tetherm::screen::hosts::form::{Choice, Kerberos};

use x11::Trust;

use super::*;

fn choose(story: &mut Story, choice: Choice) {
    let _ = story.send(Message::Form(form::Message::Choose(choice)));
}

fn editing(section: &str) -> Story {
    let mut story = Story::typical();
    // High enough for every section.
    story.size = Size::new(1024.0, 1400.0);
    let _ = story.send(Message::Edit(id("nas")));
    let _ = story.click(section);
    story
}

fn saved(mut story: Story) -> Host {
    let _ = story.click("Save");
    assert_eq!(Hosts::load(story.hosts.path()).as_ref(), Ok(&story.hosts), "as the file has it");
    story.hosts.get(&id("nas")).unwrap().clone()
}

#[test]
fn legacy_algorithms_are_off_until_the_form_that_names_their_weakness_allows_them() {
    let mut story = editing("Legacy algorithms");
    assert!(!story.hosts.get(&id("nas")).unwrap().legacy_algorithms);
    for weak in [
        "• diffie-hellman-group14-sha1, diffie-hellman-group-exchange-sha1, hmac-sha1-etm@openssh.com, hmac-sha1: each \
         rests on SHA-1, for which collisions can be bought.",
        "• ssh-rsa signs with SHA-1: who can make collisions may pass for the server.",
    ] {
        assert!(story.shows(weak), "{weak}");
    }
    let _ = story.click("Allow legacy algorithms");
    story.draw("form-legacy");
    story.size = Size::new(480.0, 360.0);
    story.draw("form-legacy-small");
    let _ = story.click("Save");
    story.size = Size::new(1024.0, 1400.0);
    let host = story.hosts.get(&id("nas")).unwrap().clone();
    assert!(host.legacy_algorithms && host.options().contains(&"MACs=+hmac-sha1-etm@openssh.com,hmac-sha1".to_owned()));
    let _ = story.send(Message::Edit(id("nas")));
    assert!(story.shows("allowed"), "folded, the section says so");
    choose(&mut story, Choice::LegacyAlgorithms(false));
    assert!(!saved(story).legacy_algorithms);
}

#[test]
fn what_a_jump_host_is_allowed_is_seen_and_taken_back_in_the_form() {
    let mut story = Story::typical();
    let name = "me@bastion.example.org:2222".to_owned();
    story.hosts = story.hosts.permit(&id("nas"), host::Permission::LegacyJump(name.clone())).unwrap();
    story.size = Size::new(1024.0, 1400.0);
    let _ = story.send(Message::Edit(id("nas")));
    assert!(story.shows("allowed for a jump host"));
    let _ = story.click("Legacy algorithms");
    story.draw("form-legacy-jump");
    story.size = Size::new(360.0, 1400.0);
    story.draw("form-legacy-jump-narrow");
    let _ = story.click(&format!("Allow them for the jump host {name}"));
    assert!(!story.shows(&format!("Allow them for the jump host {name}")));
    assert!(saved(story).legacy_jumps.is_empty());
}

#[test]
fn agent_forwarding_is_off_until_it_is_chosen_and_says_what_the_server_can_do_with_it() {
    let mut story = editing("Agent forwarding");
    assert!(story.shows(
        "On, programs on this host can have your agent sign, and so log in elsewhere as you. Whoever is root there can \
         too, for as long as you are connected; your keys themselves never leave this machine. Each use is told in the \
         tab. For hosts that you trust; a jump host is the safer way on."
    ));
    story.draw("form-agent");
    let _ = story.click("On");
    let _ = story.click("Agent forwarding");
    assert!(story.shows("on: programs there can sign with your keys"));
    let host = saved(story);
    assert_eq!(host.forward_agent, Some(true));
    assert!(host.options().contains(&"ForwardAgent=\"yes\"".to_owned()), "{:?}", host.options());
}

#[test]
fn a_kerberos_ticket_logs_in_and_is_handed_on_where_that_is_chosen() {
    let mut story = editing("Connection");
    assert!(story.shows(
        "Where your organisation uses Kerberos: the ticket of kinit logs you in, and you are asked for nothing."
    ));
    let _ = story.click("Log in and hand on");
    assert!(story.shows(
        "Programs on this host can then use your ticket, and so be you elsewhere; root there can too, until it expires. For \
         hosts that you trust."
    ));
    story.draw("form-kerberos");
    story.size = Size::new(360.0, 1400.0);
    story.draw("form-kerberos-narrow");
    let host = saved(story);
    let resolved = term::ssh::Config::default().resolve(&host.destination(), &host.options()).unwrap();
    assert!(resolved.gssapi_authentication && resolved.gssapi_delegate_credentials);
    let mut story = editing("Connection");
    let _ = story.click("Log in");
    let host = saved(story);
    assert_eq!((host.gssapi_authentication, host.gssapi_delegate_credentials), (Some(true), Some(false)));
    let mut story = editing("Connection");
    choose(&mut story, Choice::Kerberos(Some(Kerberos::Off)));
    assert_eq!(saved(story).gssapi_authentication, Some(false));
}

#[test]
fn what_runs_there_is_a_shell_a_command_a_subsystem_or_nothing() {
    let mut story = editing("What runs there");
    fill(&mut story, host::Field::RemoteCommand, "tmux new -A -s \"main one\"");
    let _ = story.click("Always");
    story.draw("form-session");
    story.size = Size::new(480.0, 360.0);
    story.draw("form-session-small");
    let host = saved(story);
    assert_eq!(host.remote_command.as_deref(), Some("tmux new -A -s \"main one\""));
    assert_eq!(host.request_tty, Some(term::ssh::host::RequestTty::Force));
    let resolved = term::ssh::Config::default().resolve(&host.destination(), &host.options()).unwrap();
    assert_eq!(resolved.remote_command, host.remote_command);
    assert_eq!(Some(resolved.request_tty), host.request_tty);

    let mut story = editing("What runs there");
    let _ = story.click("Subsystem");
    let _ = story.click("Save");
    assert!(story.shows("Name the subsystem that is to run, such as netconf"), "it has no name yet");
    fill(&mut story, host::Field::RemoteCommand, "netconf");
    let host = saved(story);
    let resolved = term::ssh::Config::default().resolve(&host.destination(), &host.options()).unwrap();
    assert_eq!(resolved.session_type, term::ssh::host::SessionType::Subsystem);

    let mut story = editing("What runs there");
    let _ = story.click("Nothing");
    assert!(!story.shows("Command"), "what is not started has no command");
    story.draw("form-session-none");
    let _ = story.click("What runs there");
    assert!(story.shows("nothing: the connection is for forwardings alone"));
    assert_eq!(saved(story).session_type, Some(term::ssh::host::SessionType::None));
}

#[test]
fn x11_programs_are_guarded_until_another_level_is_chosen_and_each_says_what_it_means() {
    let mut story = editing("X11");
    choose(&mut story, Choice::ForwardX11(true));
    assert!(story.shows(Trust::Guarded.sentence()), "nothing is said, so it is guarded");
    story.draw("form-x11");
    for trust in [Trust::Guarded, Trust::Untrusted, Trust::Full] {
        let name = trust.name();
        let _ = story.click(&format!("{}{}", name[..1].to_uppercase(), &name[1..]));
        assert!(story.shows(trust.sentence()), "{name}");
    }
    story.size = Size::new(480.0, 360.0);
    story.draw("form-x11-small");
    story.size = Size::new(1024.0, 1400.0);
    let host = saved(story);
    assert_eq!((host.x11_trust, host.x11_trust_in_force()), (Some(Trust::Full), Some(Trust::Full)));
    let silent = Host { x11_trust: None, ..host };
    assert_eq!(silent.x11_trust_in_force(), Some(Trust::Guarded));
    // Where forwarding itself is said elsewhere, so is what it means.
    assert_eq!(Host { forward_x11: None, ..silent }.x11_trust_in_force(), None);
}

//! Decisions that a server on loopback cannot bring about: those about addresses.

use std::path::{Path, PathBuf};

use futures::FutureExt;
use tokio::sync::{mpsc, oneshot};

use super::*;
use crate::ssh::connection::Event;
use crate::ssh::connection::stream::Stream;
use crate::ssh::connection::wire::{Carrier, Line, Wire};

const ADDRESS: &str = "192.0.2.7";

fn key(folder: &Path, name: &str) -> PublicKey {
    let path = folder.join(name);
    let made =
        std::process::Command::new("ssh-keygen").args(["-q", "-N", "", "-t", "ed25519", "-f"]).arg(&path).status();
    assert!(made.unwrap().success());
    PublicKey::from_openssh(&std::fs::read_to_string(path.with_extension("pub")).unwrap()).unwrap()
}

fn host_key(folder: &Path, strict: StrictHostKeyChecking) -> (HostKey, PathBuf) {
    let path = folder.join("known_hosts");
    let mut host = Host::new("h.example", "me", folder);
    host.user_known_hosts_file = vec![path.clone()];
    host.global_known_hosts_file = Vec::new();
    host.strict_host_key_checking = strict;
    host.check_host_ip = true;
    (HostKey::of(&host).unwrap().at(Some(ADDRESS.parse().unwrap())), path)
}

/// The second half keeps the connection up.
async fn inquiry() -> (Inquiry, mpsc::Receiver<Event>, (oneshot::Sender<()>, tokio::net::TcpStream)) {
    let (events, receiver) = mpsc::channel(64);
    let (hold, hangup) = oneshot::channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    let hangup = hangup.shared();
    let stream = Stream::new(Wire::new(Line::Tcp(socket), Carrier::Network), Vec::new(), "", hangup.clone(), None);
    let host = Host::new("h.example", "me", Path::new("/nonexistent"));
    (Inquiry::new(&host, events, stream.watch(), hangup), receiver, (hold, server))
}

#[tokio::test]
async fn check_host_ip_saves_the_address_beside_the_name_and_refuses_another_key_there() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (key(folder.path(), "one"), key(folder.path(), "other"));
    let (host_key, path) = host_key(folder.path(), StrictHostKeyChecking::AcceptNew);
    let (inquiry, mut events, _hold) = inquiry().await;
    let check = async |key: &PublicKey| host_key.check(&key.clone().into(), &inquiry).await;
    assert_eq!(check(&one).await.unwrap(), Verdict::Trusted);
    let Some(Event::HostKey(told)) = events.recv().await else { panic!("what became of it") };
    let KeyTaken::Saved { name, address, asked, .. } = *told else { panic!("{told:?}") };
    assert_eq!((name.as_str(), address.as_deref(), asked), ("h.example", Some(ADDRESS), false));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("h.example ssh-ed25519") && text.contains("192.0.2.7 ssh-ed25519"), "{text}");
    // The name's key is the right one, the address is known by another.
    let line = |name: &str, key: &PublicKey| format!("{name} {}\n", key.to_openssh().unwrap());
    std::fs::write(&path, line("h.example", &one) + &line(ADDRESS, &other)).unwrap();
    let error = check(&one).await.unwrap_err();
    assert!(
        matches!(&error, Error::HostKeyChanged { name, place, .. } if name == ADDRESS && place.line == 2),
        "{error}"
    );
    // A known name at a new address: the address is saved.
    std::fs::write(&path, line("h.example", &one)).unwrap();
    assert_eq!(check(&one).await.unwrap(), Verdict::Known);
    let saved = KeyTaken::AddressSaved { address: ADDRESS.to_owned(), fingerprint: Fingerprint::of(&one) };
    assert!(matches!(events.recv().await, Some(Event::HostKey(told)) if *told == saved));
    assert!(std::fs::read_to_string(&path).unwrap().contains("192.0.2.7 ssh-ed25519"));
}

#[tokio::test]
async fn check_host_ip_asks_about_another_key_of_the_address_where_it_may_ask() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (key(folder.path(), "one"), key(folder.path(), "other"));
    let (mut host_key, path) = host_key(folder.path(), StrictHostKeyChecking::Ask);
    let (inquiry, mut events, _hold) = inquiry().await;
    let text = format!("h.example {}\n{ADDRESS} {}\n", one.to_openssh().unwrap(), other.to_openssh().unwrap());
    std::fs::write(&path, &text).unwrap();
    let presented = one.into();
    for (answer, goes_on) in [(Some(Answer::Yes), true), (Some(Answer::No), false), (None, false)] {
        let user = async {
            let Some(Event::Prompt(prompt)) = events.recv().await else { panic!("a question") };
            let Question::AddressKeyDiffers { name, address, place, matching, fingerprint, expected, .. } =
                prompt.question()
            else {
                panic!("{:?}", prompt.question())
            };
            assert_eq!((name.as_str(), address.as_str()), ("h.example", ADDRESS));
            assert_eq!((place.line, matching.as_ref().unwrap().line), (2, 1));
            assert_ne!(fingerprint, expected);
            match answer {
                Some(answer) => prompt.answer(answer),
                None => drop(prompt),
            }
        };
        let (verdict, ()) = tokio::join!(host_key.check(&presented, &inquiry), user);
        match verdict {
            Ok(verdict) => assert!(goes_on && verdict == Verdict::Known),
            Err(error) => assert!(!goes_on && matches!(error, Error::HostKeyChanged { .. }), "{error}"),
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "the file is left to the user");
    }
    host_key.batch = true;
    assert!(matches!(host_key.check(&presented, &inquiry).await, Err(Error::HostKeyChanged { .. })), "nobody to ask");
}

#[tokio::test]
async fn check_host_ip_with_strict_host_key_checking_no_tells_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (key(folder.path(), "one"), key(folder.path(), "other"));
    let (host_key, path) = host_key(folder.path(), StrictHostKeyChecking::No);
    let (inquiry, mut events, _hold) = inquiry().await;
    let text = format!("h.example {}\n{ADDRESS} {}\n", one.to_openssh().unwrap(), other.to_openssh().unwrap());
    std::fs::write(&path, text).unwrap();
    assert_eq!(host_key.check(&one.into(), &inquiry).await.unwrap(), Verdict::Trusted);
    let Some(Event::HostKey(told)) = events.recv().await else { panic!("what became of it") };
    assert!(matches!(&*told, KeyTaken::Unverified { name, of_address: true, .. } if name == ADDRESS), "{told:?}");
    assert!(told.notice().unwrap().contains("StrictHostKeyChecking no connects all the same"));
}

#[tokio::test]
async fn localhost_is_exempt_only_where_that_is_asked_for_and_the_host_has_no_alias() {
    let folder = tempfile::tempdir().unwrap();
    let one = key(folder.path(), "one");
    let (mut host_key, _) = host_key(folder.path(), StrictHostKeyChecking::Yes);
    let (inquiry, _events, _hold) = inquiry().await;
    host_key.except_localhost = true;
    let check = async |host_key: &HostKey| host_key.check(&one.clone().into(), &inquiry).await;
    assert!(matches!(check(&host_key).await, Err(Error::HostKeyRefused { .. })), "it is another machine");
    for address in ["127.0.0.1", "127.9.9.9", "::1"] {
        let local = host_key.clone().at(Some(address.parse().unwrap()));
        assert_eq!(check(&local).await.unwrap(), Verdict::Trusted);
    }
    let mut host = Host::new("h.example", "me", folder.path());
    host.no_host_authentication_for_localhost = true;
    assert!(HostKey::of(&host).unwrap().except_localhost);
    host.host_key_alias = Some("alias".into());
    assert!(!HostKey::of(&host).unwrap().except_localhost);
}

use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

const MIT: &[u8] = b"MIT-MAGIC-COOKIE-1";

fn entry(family: u16, address: &[u8], number: &str, protocol: &[u8], cookie: &[u8]) -> Vec<u8> {
    let mut bytes = family.to_be_bytes().to_vec();
    for field in [address, number.as_bytes(), protocol, cookie] {
        bytes.extend(u16::try_from(field.len()).unwrap().to_be_bytes());
        bytes.extend(field);
    }
    bytes
}

fn file(bytes: Vec<u8>) -> Xauthority {
    Xauthority::new(PathBuf::from("/home/me/.Xauthority"), bytes)
}

fn look_up(bytes: Vec<u8>, peer: Peer, number: u16) -> Option<String> {
    file(bytes).cookie(peer, number, b"here").unwrap().map(|cookie| cookie.to_hex())
}

#[test]
fn an_entry_fits_the_displays_that_libxau_gives_it_to() {
    let v4 = |a, b, c, d| Peer::Host(IpAddr::V4(Ipv4Addr::new(a, b, c, d)));
    let v6 = Peer::Host(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7)));
    let six = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7).octets();
    for (family, address, number, peer, fits) in [
        (LOCAL, &b"here"[..], "0", Peer::Local, true),
        (LOCAL, b"there", "0", Peer::Local, false),
        (LOCAL, b"here", "1", Peer::Local, false),
        (LOCAL, b"here", "", Peer::Local, true),
        (LOCAL, b"here", "0", v4(127, 0, 0, 1), true),
        (LOCAL, b"here", "0", Peer::Host(IpAddr::V6(Ipv6Addr::LOCALHOST)), true),
        (LOCAL, b"here", "0", v4(192, 0, 2, 1), false),
        (LOCAL_HOST, b"anything", "0", Peer::Local, true),
        (LOCAL_HOST, b"anything", "0", v4(192, 0, 2, 1), false),
        (INTERNET, &[192, 0, 2, 1], "0", v4(192, 0, 2, 1), true),
        (INTERNET, &[192, 0, 2, 2], "0", v4(192, 0, 2, 1), false),
        (INTERNET, &[192, 0, 2, 1], "0", Peer::Local, false),
        (INTERNET6, &six, "0", v6, true),
        (INTERNET6, &six, "0", v4(192, 0, 2, 1), false),
        (WILD, b"", "0", Peer::Local, true),
        (WILD, b"whatever", "", v6, true),
        (WILD, b"", "7", Peer::Local, false),
        (254, b"here", "0", Peer::Local, false),
    ] {
        let found = look_up(entry(family, address, number, MIT, &[0xab]), peer, 0);
        assert_eq!(found.is_some(), fits, "family {family}, address {address:?}, number '{number}', {peer:?}");
    }
}

#[test]
fn the_first_entry_that_fits_wins() {
    let bytes = [
        entry(LOCAL, b"here", "1", MIT, &[1]),
        entry(LOCAL, b"here", "0", b"XDM-AUTHORIZATION-1", &[2]),
        entry(LOCAL, b"here", "0", MIT, &[]),
        entry(LOCAL, b"here", "0", MIT, &[3]),
        entry(WILD, b"", "0", MIT, &[4]),
    ]
    .concat();
    assert_eq!(look_up(bytes, Peer::Local, 0).as_deref(), Some("03"));
}

#[test]
fn an_empty_file_holds_no_cookie() {
    assert_eq!(look_up(Vec::new(), Peer::Local, 0), None);
}

#[test]
fn a_file_cut_off_anywhere_is_an_error_that_names_the_place() {
    let first = entry(LOCAL, b"there", "0", MIT, &[1; 16]);
    let whole = [first.clone(), entry(LOCAL, b"here", "0", MIT, &[2; 16])].concat();
    for length in 0..whole.len() {
        let result = file(whole[..length].to_vec()).cookie(Peer::Local, 0, b"here");
        let begins = if length < first.len() { 0 } else { first.len() };
        if length == begins {
            assert!(matches!(result, Ok(None)), "cut at {length}");
        } else {
            assert!(matches!(result, Err(Error::Truncated { offset, .. }) if offset == begins), "cut at {length}");
        }
    }
}

#[test]
fn damage_behind_the_entry_that_fits_does_no_harm() {
    let bytes = [entry(LOCAL, b"here", "0", MIT, &[9]), vec![1, 0, 0xff]].concat();
    assert_eq!(look_up(bytes, Peer::Local, 0).as_deref(), Some("09"));
}

#[test]
fn random_bytes_are_an_answer_or_an_error_but_never_a_panic() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..2_000 {
        let bytes: Vec<u8> = (0..round % 97)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                // Mostly small values, so that lengths lead somewhere.
                if state & 3 == 0 { state.to_be_bytes()[0] } else { 0 }
            })
            .collect();
        let _ = file(bytes).cookie(Peer::Local, 0, b"here");
    }
}

#[test]
fn the_path_is_xauthority_or_lies_in_the_home_folder() {
    let home = || Some(PathBuf::from("/home/me"));
    assert_eq!(Xauthority::path(Some("/run/x".into()), home()), Some(PathBuf::from("/run/x")));
    assert_eq!(Xauthority::path(Some("".into()), home()), Some(PathBuf::from("/home/me/.Xauthority")));
    assert_eq!(Xauthority::path(None, home()), Some(PathBuf::from("/home/me/.Xauthority")));
    assert_eq!(Xauthority::path(None, None), None);
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let huge = folder.path().join("huge");
    File::create(&huge).unwrap().set_len(LIMIT + 1).unwrap();
    assert!(matches!(Xauthority::read(huge.clone()).await, Err(Error::TooLarge(path)) if path == huge));
    let is_folder = Xauthority::read(folder.path().to_owned()).await.unwrap_err();
    assert!(matches!(is_folder, Error::NotAFile(_)));
    assert!(is_folder.to_string().contains(&folder.path().display().to_string()));
}

#[tokio::test]
async fn a_missing_file_holds_no_cookie() {
    let folder = tempfile::tempdir().unwrap();
    let file = Xauthority::read(folder.path().join("absent")).await.unwrap();
    assert!(file.cookie(Peer::Local, 0, b"here").unwrap().is_none());
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_refused_instead_of_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(matches!(Xauthority::read(pipe).await, Err(Error::NotAFile(_))));
}

#[tokio::test]
async fn a_file_that_xauth_wrote_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Xauthority");
    let cookie = "00112233445566778899aabbccddeeff";
    for display in [":3", "192.0.2.9:4"] {
        let status = std::process::Command::new("xauth")
            .args(["-q", "-f"])
            .arg(&path)
            .args(["add", display, ".", cookie])
            .status();
        assert!(status.unwrap().success());
    }
    let file = Xauthority::read(path).await.unwrap();
    let hostname = gethostname::gethostname();
    let hostname = hostname.as_encoded_bytes();
    let found = |peer, number| file.cookie(peer, number, hostname).unwrap().map(|cookie| cookie.to_hex());
    assert_eq!(found(Peer::Local, 3).as_deref(), Some(cookie));
    assert_eq!(found(Peer::Host(IpAddr::V4(Ipv4Addr::LOCALHOST)), 3).as_deref(), Some(cookie));
    assert_eq!(found(Peer::Host(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9))), 4).as_deref(), Some(cookie));
    assert_eq!(found(Peer::Local, 4), None);
}

#[test]
fn the_cookies_are_not_shown_by_debug() {
    let shown = format!("{:?}", file(entry(WILD, b"", "0", MIT, b"secret-secret-16")));
    assert!(!shown.contains("secret") && !shown.contains("115"), "{shown}");
}

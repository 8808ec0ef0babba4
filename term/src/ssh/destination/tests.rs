use proptest::prelude::*;

use super::*;

fn destination(host: &str, user: Option<&str>, port: Option<u16>) -> Destination {
    Destination { host: host.into(), user: user.map(str::to_owned), port }
}

#[test]
fn every_way_of_writing_a_destination_is_read() {
    for (text, host, user, port) in [
        ("host", "host", None, None),
        ("host.example.com", "host.example.com", None, None),
        ("user@host", "host", Some("user"), None),
        ("user@host:2222", "host", Some("user"), Some(2222)),
        ("host:1", "host", None, Some(1)),
        ("host:65535", "host", None, Some(65535)),
        ("me@corp.example@host", "host", Some("me@corp.example"), None),
        ("DOMAIN\\me@host", "host", Some("DOMAIN\\me"), None),
        ("a b@host", "host", Some("a b"), None),
        ("::1", "::1", None, None),
        ("me@2001:db8::7", "2001:db8::7", Some("me"), None),
        ("fe80::1%eth0", "fe80::1%eth0", None, None),
        ("[::1]", "::1", None, None),
        ("[::1]:2222", "::1", None, Some(2222)),
        ("me@[fe80::1%eth0]:22", "fe80::1%eth0", Some("me"), Some(22)),
        ("[host]:22", "host", None, Some(22)),
        ("192.0.2.1:22", "192.0.2.1", None, Some(22)),
        ("пример.рф", "пример.рф", None, None),
        ("ssh://host", "host", None, None),
        ("SSH://host/", "host", None, None),
        ("ssh://user@host:2222/", "host", Some("user"), Some(2222)),
        ("ssh://[::1]:2222", "::1", None, Some(2222)),
        ("ssh://[fe80::1%25eth0]/", "fe80::1%eth0", None, None),
        ("ssh://me%40corp@host", "host", Some("me@corp"), None),
        ("ssh://a%3Ab@host", "host", Some("a:b"), None),
    ] {
        assert_eq!(Destination::parse(text), Ok(destination(host, user, port)), "{text}");
    }
}

#[test]
fn what_could_be_an_option_or_shell_code_is_refused() {
    for text in [
        "-oProxyCommand=touch x",
        "ssh://-oProxyCommand=touch%20x",
        "ssh://-oProxyCommand=x",
        "user@-host",
        "[-host]",
        "ssh://user@-h/",
        "ho;st",
        "`id`",
        "$(id)",
        "a b",
        "a\nb",
        "a\0b",
        "ssh://h%0Ab",
        "ssh://h%00",
        "a\u{85}b",
        "a'b",
        "a\"b",
        "a|b",
        "a\\b",
        "{a,b}",
    ] {
        assert!(matches!(Destination::parse(text), Err(Error::Host { .. })), "{text:?}");
    }
    for text in
        ["-l@host", "a;b@host", "`id`@host", "a\nb@host", "a -b@host", "a\\@host", "ssh://%2Dx@host", "ssh://a%0a@h"]
    {
        assert!(matches!(Destination::parse(text), Err(Error::User { .. })), "{text:?}");
    }
}

#[test]
fn a_bad_port_is_named() {
    for port in ["0", "65536", "99999999999999999999", "ssh", "", "+22", "-1", "2 2"] {
        for text in [format!("host:{port}"), format!("u@[::1]:{port}"), format!("ssh://host:{port}")] {
            let error = Destination::parse(&text).unwrap_err();
            assert_eq!(error, Error::Port { port: port.to_owned() }, "{text}");
            assert!(error.to_string().contains(&format!("{port:?}")), "{error}");
        }
    }
}

#[test]
fn what_is_missing_or_does_not_belong_is_said() {
    let parse = |text| Destination::parse(text).unwrap_err();
    assert_eq!(parse(""), Error::NoHost);
    assert_eq!(parse("user@"), Error::NoHost);
    assert_eq!(parse(":22"), Error::NoHost);
    assert_eq!(parse("ssh://"), Error::NoHost);
    assert_eq!(parse("@host"), Error::NoUser);
    assert_eq!(parse("ssh://@host"), Error::NoUser);
    assert_eq!(parse("a:b:c"), Error::Colons { host: "a:b:c".into() });
    assert_eq!(parse("[a:b]:22"), Error::Colons { host: "a:b".into() });
    assert_eq!(parse("[::1"), Error::Brackets { host: "[::1".into() });
    assert_eq!(parse("[::1]22"), Error::Brackets { host: "[::1]22".into() });
    assert_eq!(parse("ssh://host/etc"), Error::Path { rest: "/etc".into() });
    assert_eq!(parse("ssh://host?x"), Error::Path { rest: "?x".into() });
    assert_eq!(parse("ssh://u;fingerprint=ssh-ed25519-aa@h"), Error::Parameter { name: "fingerprint".into() });
    assert_eq!(parse("ssh://%zz@h"), Error::Encoding { text: "%zz".into() });
    assert_eq!(parse("ssh://%ff@h"), Error::Encoding { text: "%ff".into() });
}

#[test]
fn a_password_in_a_uri_is_refused_and_never_repeated() {
    for text in
        ["ssh://user:hunter2@host", "ssh://user:hunter2@host/x", "ssh://user:hunter2;x=y@host", "ssh://u:a/hunter2@h"]
    {
        let error = Destination::parse(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    assert_eq!(Destination::parse("ssh://user:hunter2@host"), Err(Error::Password));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Destination::parse(&text);
        let _ = Destination::parse(&format!("ssh://{text}"));
    }

    #[test]
    fn what_is_read_is_written_so_that_it_is_read_again(
        text in r"(ssh://)?([a-z:%@/\\]{0,4}@)?(\[?([a-z0-9.]{1,6}|::1|fe80::1%a)\]?)(:[0-9]{1,5})?/?",
    ) {
        if let Ok(read) = Destination::parse(&text) {
            prop_assert_eq!(Destination::parse(&read.to_string()), Ok(read.clone()), "{} {}", text, read);
        }
    }
}

//! What is opened, what is not, and what the user sees of it.

use super::*;

fn open(address: &str) -> Verdict {
    Verdict::Open(address.to_owned())
}

#[test]
fn only_the_schemes_on_the_list_are_opened() {
    assert_eq!(judge("https://example.org/a?b#c"), open("https://example.org/a?b#c"));
    assert_eq!(judge("HTTP://Example.org:8080"), open("http://example.org:8080"));
    assert_eq!(judge("ftp://[::1]:21/x"), open("ftp://[::1]:21/x"));
    assert_eq!(judge("mailto:ada@example.org?subject=x"), open("mailto:ada@example.org?subject=x"));
    assert_eq!(judge("ssh://ada@example.org:2200"), Verdict::Connect("ssh://ada@example.org:2200".to_owned()));
    assert_eq!(judge("file:///etc/passwd"), Verdict::Refused(Refusal::RemoteFile));
    for scheme in ["javascript", "data", "vscode", "smb", "tel", "x-man", "ms-msdt"] {
        let refused = Verdict::Refused(Refusal::Scheme(scheme.to_owned()));
        assert_eq!(judge(&format!("{scheme}:alert(1)")), refused);
        assert_eq!(judge(&format!("{}://host/", scheme.to_uppercase())), refused);
    }
}

#[test]
fn what_is_no_address_is_not_opened() {
    let incomplete = [
        "",
        "https",
        "https:",
        "https://",
        "https:/a",
        "://a",
        "-x:y",
        "https://:80",
        "https://a:b",
        "mailto:",
        "mailto:a@",
        "https://[::1",
        "https://[x]",
        "https://.",
        "--help",
        "/etc/passwd",
    ];
    for address in incomplete {
        assert_eq!(judge(address), Verdict::Refused(Refusal::Incomplete), "{address}");
    }
    let deceptive = [
        "https://a.example\\@b.example",
        "https://a b",
        "https://a\nb",
        "https://a\u{202e}b",
        "https://a\u{0}",
        "https://a%2eb/",
        "https://a/\"",
        "https://a;b",
        "https://a\u{200b}b",
        "https://a/`x`",
        "https://a⁄b.example",
    ];
    for address in deceptive {
        assert_eq!(judge(address), Verdict::Refused(Refusal::Deceptive), "{}", address.escape_debug());
    }
}

#[test]
fn other_letters_are_opened_in_ascii_and_the_host_is_seen_as_what_it_is() {
    let apple = "https://аррӏе.com/漢?x=é";
    assert_eq!(judge(apple), open("https://xn--80ak6aa92e.com/%E6%BC%A2?x=%C3%A9"));
    assert_eq!(shown(apple).host, "xn--80ak6aa92e.com");
}

#[test]
fn the_host_is_pointed_out_wherever_it_stands() {
    let parts = |address: &str| {
        let Shown { before, host, after } = shown(address);
        (before, host, after)
    };
    let owned = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    let table = [
        ("https://good.example@evil.example/x", owned("https://good.example@", "evil.example", "/x")),
        ("https://good.example:pw@evil.example:80?q", owned("https://good.example:pw@", "evil.example", ":80?q")),
        ("https://evil.example/@good.example", owned("https://", "evil.example", "/@good.example")),
        ("https://evil.example?@good.example", owned("https://", "evil.example", "?@good.example")),
        ("mailto:a@good.example,b@evil.example", owned("mailto:a@good.example,b@", "evil.example", "")),
        ("javascript:alert(1)", owned("", "", "javascript:alert(1)")),
        ("file:///etc/pass\u{202e}wd", owned("", "", "file:///etc/passwd")),
    ];
    for (address, expected) in table {
        assert_eq!(parts(address), expected, "{address}");
    }
}

#[test]
fn a_long_address_is_cut_short_in_its_middle_but_never_its_host() {
    let host = format!("{}.example", "a".repeat(100));
    let long = shown(&format!("https://{}@{host}/{}end", "u".repeat(500), "p".repeat(2000)));
    assert_eq!(long.host, host);
    assert_eq!((long.before.chars().count(), long.after.chars().count()), (49, 49));
    assert!(long.before.starts_with("https://u") && long.after.starts_with("/ppp") && long.after.ends_with("pend"));
}

//! Links that are marked, and addresses that are found.

use super::*;
use crate::terminal::links::text_of;

fn addresses(columns: u16, bytes: &str) -> Vec<String> {
    let terminal = terminal(columns, 6);
    let _ = terminal.advance(bytes.as_bytes());
    terminal.links().into_iter().map(|link| link.address).collect()
}

#[test]
fn addresses_end_where_the_sentence_goes_on() {
    let table: &[(&str, &[&str])] = &[
        ("see https://a.example/b?c=d#e.", &["https://a.example/b?c=d#e"]),
        ("(http://a.example/b_(c)), or", &["http://a.example/b_(c)"]),
        ("<https://a.example> \"http://b.example\"", &["https://a.example", "http://b.example"]),
        ("[x](https://a.example/y)", &["https://a.example/y"]),
        ("HTTPS://A.example:8080/%20", &["HTTPS://A.example:8080/%20"]),
        ("ssh://user@host:22, mailto:a@b.example!", &["ssh://user@host:22", "mailto:a@b.example"]),
        ("http://[::1]:80/", &["http://[::1]:80/"]),
        ("www.example.org/x and www.x", &["https://www.example.org/x"]),
        ("https://münchen.example/漢", &["https://münchen.example/漢"]),
        ("│https://a.example│", &["https://a.example"]),
        ("xhttp://no http:// mailto:x mailto:@b https://. ftp:///", &[]),
        ("file:///etc/passwd javascript:alert(1) /usr/bin", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(addresses(100, text), *expected, "{text}");
    }
}

#[test]
fn an_address_is_found_across_wrapped_lines_and_beyond_what_is_shown() {
    assert_eq!(addresses(10, "ab https://a.example/long/path cd"), ["https://a.example/long/path"]);
    assert_eq!(addresses(10, "ab https:\r\n//a.example"), [""; 0], "a line end ends it");
    let terminal = terminal(10, 2);
    let _ = terminal.advance(b"https://a.example/long/path/end");
    let link = terminal.link_at(Point { line: 0, column: 3 }).unwrap();
    assert_eq!(link.address, "https://a.example/long/path/end");
    let inner = terminal.inner.lock();
    let texts: Vec<_> = link.runs.iter().map(|run| text_of(&inner.emulator.term, *run)).collect();
    assert_eq!(texts, ["ng/path/en", "d"]);
}

#[test]
fn a_marked_link_leads_where_the_program_says_and_is_one_in_all_its_parts() {
    let terminal = terminal(30, 4);
    let open = |id: &str, uri: &str, text: &str| format!("\x1b]8;{id};{uri}\x1b\\{text}\x1b]8;;\x1b\\");
    let text = [
        open("id=1", "https://a.example", "one"),
        " https://x.example\r\n".to_owned(),
        open("id=1", "https://a.example", "漢 more"),
        open("", "https://b.example", "next"),
        open("", "https://b.example", "to"),
    ];
    let _ = terminal.advance(text.concat().as_bytes());
    let links = terminal.links();
    let addresses: Vec<_> = links.iter().map(|link| (link.address.as_str(), link.marked)).collect();
    let expected = [
        ("https://a.example", true),
        ("https://x.example", false),
        ("https://b.example", true),
        ("https://b.example", true),
    ];
    assert_eq!(addresses, expected);
    let link = terminal.link_at(Point { line: 1, column: 1 }).unwrap();
    assert_eq!(link.runs.iter().map(|run| (run.line, run.from, run.to)).collect::<Vec<_>>(), [(0, 0, 2), (1, 0, 6)]);
    assert_eq!(terminal.link_at(Point { line: 3, column: 0 }), None);
    assert_eq!(terminal.link_at(Point { line: 99, column: 99 }), None);
}

#[test]
fn hostile_texts_are_looked_through_in_bounded_time() {
    let terminal = terminal(500, 200);
    for text in ["https://a)", "http://", "www.!", "x(", "https://a.b/)))))))))))))", "\x1b]8;;http://a\x1b\\x"] {
        let _ = terminal.advance(text.repeat(200_000 / text.len()).as_bytes());
        let links = terminal.links();
        assert!(links.len() <= 4096 && links.iter().all(|link| link.address.chars().count() <= 2091), "{text}");
        let _ = terminal.link_at(Point { line: 100, column: 250 });
    }
}

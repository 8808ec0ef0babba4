use super::*;

/// Writes down what it is told.
#[derive(Default)]
struct Log(Vec<String>);

impl Perform for Log {
    fn print(&mut self, text: &str) {
        if let Some(last) = self.0.last_mut().filter(|last| last.starts_with("text ")) {
            last.push_str(text);
        } else if !text.is_empty() {
            self.0.push(format!("text {text}"));
        }
    }
    fn execute(&mut self, byte: u8) {
        self.0.push(format!("c0 {byte:02x}"));
    }
    fn escape(&mut self, intermediate: u8, action: u8) {
        self.0.push(format!("esc {intermediate} {}", char::from(action)));
    }
    fn control(&mut self, csi: &Csi<'_>) {
        let params: Vec<_> = csi.params.iter().map(|group| format!("{group:?}")).collect();
        let (private, action) = (csi.private, char::from(csi.action));
        self.0.push(format!("csi {private} {} {} {action}", params.join(""), csi.intermediate));
    }
    fn string(&mut self, kind: StringKind, data: &[u8], terminator: &str) {
        self.0.push(format!("{kind:?} {} {terminator:?}", String::from_utf8_lossy(data)));
    }
    fn begins_stream(&mut self, _kind: StringKind, head: &[u8]) -> Option<bool> {
        let begins = if head.len() < 2 { None } else { Some(head.starts_with(b"S:")) };
        if begins == Some(true) {
            self.0.push(format!("begin {}", String::from_utf8_lossy(head)));
        }
        begins
    }
    fn stream(&mut self, data: &[u8]) -> usize {
        self.0.push(format!("stream {}", data.len()));
        data.len()
    }
    fn end_stream(&mut self, complete: bool) {
        self.0.push(format!("end {complete}"));
    }
    fn paused(&self) -> bool {
        self.0.last().is_some_and(|last| last.ends_with(" p"))
    }
    fn eight_bit(&self) -> bool {
        self.0.iter().any(|told| told == "esc 32 G")
    }
}

fn parse(bytes: &[u8]) -> Vec<String> {
    let mut log = Log::default();
    assert_eq!(Parser::default().advance(&mut log, bytes), bytes.len());
    log.0
}

#[test]
fn sequences_are_told_apart() {
    let table: &[(&[u8], &[&str])] = &[
        (b"ab\r\n", &["text ab", "c0 0d", "c0 0a"]),
        (b"\x1b[1;31mx", &["csi 0 [1][31] 0 m", "text x"]),
        (b"\x1b[m", &["csi 0  0 m"]),
        (b"\x1b[;5H", &["csi 0 [0][5] 0 H"]),
        (b"\x1b[38:2::1:2:3m", &["csi 0 [38, 2, 0, 1, 2, 3] 0 m"]),
        (b"\x1b[?1049h", &["csi 63 [1049] 0 h"]),
        (b"\x1b[2 q", &["csi 0 [2] 32 q"]),
        (b"\x1b[?25$p", &["csi 63 [25] 36 p"]),
        (b"\x1b[99999999m", &["csi 0 [65535] 0 m"]),
        (b"\x1b(0", &["esc 40 0"]),
        (b"\x1b7", &["esc 0 7"]),
        (b"\x1b]0;t\x07x", &["Osc 0;t \"\\u{7}\"", "text x"]),
        (b"\x1b]0;t\x1b\\x", &["Osc 0;t \"\\u{1b}\\\\\"", "text x"]),
        (b"\x1bP$qm\x1b\\", &["Dcs $qm \"\\u{1b}\\\\\""]),
        (b"\x1b_Gx\x1b\\", &["Apc Gx \"\\u{1b}\\\\\""]),
        (b"\x1b^secret\x1b\\x", &["text x"]),
    ];
    for (bytes, expected) in table {
        assert_eq!(&parse(bytes), expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_control_inside_a_sequence_acts_at_once() {
    assert_eq!(parse(b"\x1b[3\r1m"), ["c0 0d", "csi 0 [31] 0 m"]);
}

#[test]
fn a_broken_sequence_is_skipped_to_its_final_byte() {
    assert_eq!(parse(b"\x1b[1?5hx"), ["text x"]);
    assert_eq!(parse(b"\x1b[1\x18x"), ["c0 18", "text x"]);
    assert_eq!(parse(b"\x1b]0;lost\x1b[1mx"), ["csi 0 [1] 0 m", "text x"]);
}

#[test]
fn malformed_utf8_becomes_replacement_characters() {
    assert_eq!(parse(b"a\xff\xc3(b"), ["text a\u{fffd}\u{fffd}(b"]);
    assert_eq!(parse(b"\xe2\x82\x1b[m"), ["text \u{fffd}", "csi 0  0 m"]);
}

#[test]
fn any_cut_of_the_stream_gives_the_same_result() {
    let stream = "é€𝄞\x1b[38;5;1mx\x1b]2;tï\x1b\\\x1bPq\x1b\\\u{1b}[?1h".as_bytes();
    let whole = parse(stream);
    for cut in 0..stream.len() {
        let (mut parser, mut log) = (Parser::default(), Log::default());
        for part in [&stream[..cut], &stream[cut..]] {
            assert_eq!(parser.advance(&mut log, part), part.len());
        }
        assert_eq!(log.0, whole, "cut at {cut}");
    }
}

#[test]
fn an_endless_string_takes_bounded_memory_and_is_dropped() {
    let (mut parser, mut log) = (Parser::default(), Log::default());
    let _ = parser.advance(&mut log, b"\x1b]0;");
    for _ in 0..1600 {
        let _ = parser.advance(&mut log, &[b'x'; 65536]);
        assert!(parser.string.capacity() <= 2 * STRING_LIMIT);
    }
    let _ = parser.advance(&mut log, b"\x07ok");
    assert_eq!(log.0, ["text ok"]);
    assert!(parser.string.capacity() <= 4096);
}

#[test]
fn parameters_beyond_the_limit_are_ignored() {
    let found = parse(format!("\x1b[{}7m", "1;".repeat(5000)).as_bytes());
    assert_eq!(found, [format!("csi 0 {} 0 m", "[1]".repeat(32))]);
}

#[test]
fn a_paused_performer_stops_the_parser() {
    let mut log = Log::default();
    assert_eq!(Parser::default().advance(&mut log, b"\x1b[1prest"), 4);
}

#[test]
fn a_string_that_is_wanted_as_it_comes_has_no_limit_and_is_not_kept() {
    let mut log = Log::default();
    let mut parser = Parser::default();
    for part in ["\x1bP", "S", ":ab", &"x".repeat(10_000_000), "\x1b", "\\"] {
        assert_eq!(parser.advance(&mut log, part.as_bytes()), part.len());
    }
    assert_eq!(log.0, ["begin S:ab", "stream 0", "stream 10000000", "stream 0", "end true"]);
    assert!(parser.string.capacity() < 10_000);
}

#[test]
fn a_wanted_string_that_is_broken_off_is_told_so() {
    for (end, after) in [("\x18", None), ("\x1bc", Some("esc 0 c")), ("\x1b[m", Some("csi 0  0 m"))] {
        let log = parse(format!("\x1b_S:x{end}").as_bytes());
        let expected: Vec<_> = ["begin S:x", "stream 0", "end false"].into_iter().chain(after).collect();
        assert_eq!(log, expected, "{end:?}");
    }
}

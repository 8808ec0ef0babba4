//! What the terminal answers by itself, and what it refuses to.

use super::*;

#[test]
fn questions_are_answered_in_their_order() {
    let table = [
        ("\x1b[c", "\x1b[?64;4;6;9;17;21;22;28c"),
        ("\x1b[>c", "\x1b[>41;10;0c"),
        ("\x1b[=c", "\x1bP!|00000000\x1b\\"),
        ("\x1b[>q", concat!("\x1bP>|Tetherm ", env!("CARGO_PKG_VERSION"), "\x1b\\")),
        ("\x1b[5n", "\x1b[0n"),
        ("\x1b[2;3H\x1b[6n", "\x1b[2;3R"),
        ("\x1b[2;3r\x1b[?6h\x1b[6n\x1b[?6n", "\x1b[1;1R\x1b[?1;1;1R"),
        ("\x1b[?996n", "\x1b[?997;1n"),
        ("\x1b[18t", "\x1b[8;4;10t"),
        ("\x1b[14t", "\x1b[4;64;80t"),
        ("\x1b[16t", "\x1b[6;16;8t"),
        ("\x1b[4$p\x1b[4h\x1b[4$p\x1b[99$p", "\x1b[4;2$y\x1b[4;1$y\x1b[99;0$y"),
        ("\x1b[?7$p\x1b[?2004$p\x1b[?2026$p\x1b[?9999$p", "\x1b[?7;1$y\x1b[?2004;2$y\x1b[?2026;2$y\x1b[?9999;0$y"),
        ("\x1b[?2026h\x1b[?2026$p\x1b[?2026l", "\x1b[?2026;1$y"),
        ("\x1b[?u\x1b[>5u\x1b[?u\x1b[<u\x1b[?u", "\x1b[?0u\x1b[?5u\x1b[?0u"),
        ("\x1b]4;1;?\x07", "\x1b]4;1;rgb:0101/0000/0000\x07"),
        ("\x1b]10;?;?\x1b\\", "\x1b]10;rgb:d0d0/d0d0/d0d0\x1b\\\x1b]11;rgb:1010/1010/1010\x1b\\"),
        (
            "\x1b]11;#ffffff\x07\x1b]11;?\x07\x1b]111\x07\x1b]11;?\x07",
            concat!("\x1b]11;rgb:ffff/ffff/ffff\x07", "\x1b]11;rgb:1010/1010/1010\x07"),
        ),
        ("\x1b]12;?\x07\x1b[c", "\x1b]12;rgb:ffff/cccc/0000\x07\x1b[?64;4;6;9;17;21;22;28c"),
    ];
    for (bytes, expected) in table {
        assert_eq!(answer(bytes), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn nothing_that_the_remote_side_chose_comes_back() {
    let asked = "\x1b]0;rm -rf ~\r\x07\x1b]52;c;cm0gLXJm\x07\x1b]2;x\x07\x05\x1b[20t\x1b[21t\x1b]52;c;?\x07\
        \x1b]50;?\x07\x1bP$qrm -rf\x1b\\\x1bP+q544e\x1b\\\x1b_Zrm\x1b\\\x1b]60;rm\x1b\\\x1b[?1;rm\
        \x1bP+q6d726d\x1b\\\x1b[1;1;1;1;1;1*y";
    // Titles are empty, settings and capabilities that are not known have no name, the screen has no checksum.
    let expected =
        "\x1b]L\x1b\\\x1b]l\x1b\\\x1bP0$r\x1b\\\x1bP1+r544E=787465726D2D323536636F6C6F72\x1b\\\x1bP0+r\x1b\\";
    assert_eq!(answer(asked), expected);
}

#[test]
fn a_flood_of_questions_gets_a_bounded_answer() {
    let terminal = terminal(80, 24);
    let replies = terminal.advance(&b"\x1b[c".repeat(20_000));
    assert!(replies.len() <= 64 * 1024, "{}", replies.len());
}

#[test]
fn titles_are_cleaned_and_only_the_newest_is_told() {
    let terminal = terminal(10, 4);
    for number in 0..1000 {
        let _ = terminal.advance(format!("\x1b]2;{number}\x07").as_bytes());
    }
    let _ = terminal.advance("\x1b]0; a\u{202e}b\u{9b}c;d\u{200f} \x07".as_bytes());
    assert_eq!(terminal.take_events(), [Event::Title(Some("abc;d".into()))]);
    assert_eq!(terminal.take_events(), []);
    let _ = terminal.advance(format!("\x1b]2;{}\x07", "é".repeat(5000)).as_bytes());
    assert_eq!(terminal.take_events(), [Event::Title(Some("é".repeat(256)))]);
    let _ = terminal.advance(b"\x1b]2;\x07");
    assert_eq!(terminal.take_events(), [Event::Title(None)]);
}

#[test]
fn a_saved_title_comes_back() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b]2;shell\x07\x1b[22;0t\x1b]2;vim\x07\x1b[23;0t");
    assert_eq!(terminal.take_events(), [Event::Title(Some("shell".into()))]);
    let _ = terminal.advance(&b"\x1b[22t".repeat(100_000));
    assert!(terminal.inner.lock().emulator.term.columns() == 10);
}

#[test]
fn the_bell_and_the_clipboard_reach_the_window_within_limits() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x07\x07\x1b]52;c;aGVsbG8=\x07\x1b]52;p;cHJp\x07");
    let clipboard = |primary, text: &str| Event::Clipboard { primary, text: text.into() };
    assert_eq!(terminal.take_events(), [Event::Bell, clipboard(false, "hello"), clipboard(true, "pri")]);
    let fits = "QUFB".repeat(33_333);
    let _ = terminal.advance(format!("\x1b]52;c;{fits}\x07").as_bytes());
    assert_eq!(terminal.take_events(), [clipboard(false, &"A".repeat(99_999))]);
    let _ = terminal.advance(format!("\x1b]52;c;{fits}QUFB\x07").as_bytes());
    assert_eq!(terminal.take_events(), []);
    let _ = terminal.advance(b"\x1b]52;c;not base64!\x07\x1b]52;q;aGk=\x07");
    assert_eq!(terminal.take_events(), []);
}

#[test]
fn modes_reach_the_encoders() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b[?1;1002;1006;1004;2004h\x1b=\x1b[20h\x1b[>3u\x1b[?1049h\x1b[>1u");
    let expected = Modes {
        application_cursor: true,
        application_keypad: true,
        line_feed: true,
        bracketed_paste: true,
        focus_reports: true,
        mouse: MouseReports::Drag,
        mouse_encoding: MouseEncoding::Sgr,
        alternate_scroll: true,
        alternate_screen: true,
        kitty_keyboard: 1,
        ..Modes::default()
    };
    assert_eq!(terminal.modes(), expected);
    // Each screen has its own keyboard flags.
    let _ = terminal.advance(b"\x1b[?1049l");
    assert_eq!(terminal.modes().kitty_keyboard, 3);
    let _ = terminal.advance(b"\x1bc");
    assert_eq!(terminal.modes(), Modes { alternate_scroll: true, ..Modes::default() });
}

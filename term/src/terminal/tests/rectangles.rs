//! Protected cells and rectangles, from the VT420 and VT510 manuals and xterm's ctlseqs.

use super::*;
use crate::terminal::content::Underline;

/// Four lines of letters, and the cursor at home.
const LETTERS: &str = "\x1b[Habcdefghij\r\nklmnopqrst\r\nuvwxyzABCD\r\nEFGHIJKLMN\x1b[H";

#[test]
fn selective_erasure_spares_what_is_protected() {
    // `b` and `d` are protected, by DECSCA first, then by SPA and EPA.
    let dec = "a\x1b[1\"qb\x1b[0\"qc\x1b[1\"qd\x1b[2\"qe";
    let iso = "a\x1bVb\x1bWc\x1bVd\x1bWe";
    let table = [
        (dec, "\r\x1b[?K", " b d"),
        (dec, "\x1b[3G\x1b[?1K", " b de"),
        (dec, "\x1b[?2J", " b d"),
        (dec, "\r\x1b[?J", " b d"),
        (dec, "\x1b[?1J", " b d"),
        (dec, "\x1b[1;1;1;5${", " b d"),
        (dec, "\r\x1b[K", ""),
        (dec, "\r\x1b[4X", "    e"),
        (dec, "\x1b[1;1;1;5$z", ""),
        (iso, "\r\x1b[K", " b d"),
        (dec, "\x1bW\r\x1b[K", ""),
        (iso, "\x1b[2J", " b d"),
        (iso, "\r\x1b[4X", " b de"),
        (iso, "\x1b[1;1;1;5${", ""),
        // What is written later is not protected; SGR 0 does not end protection, DECSTR and DECRC do.
        (dec, "\x1b[2GB\r\x1b[?K", "   d"),
        ("", "\x1b[1\"q\x1b[ma\r\x1b[?K", "a"),
        ("", "\x1b[1\"q\x1b[!pa\r\x1b[?K", ""),
        ("", "\x1b7\x1b[1\"q\x1b8a\r\x1b[?K", ""),
    ];
    for (text, erase, expected) in table {
        assert_eq!(shown(&format!("{text}{erase}"))[0], expected, "{} {}", text.escape_debug(), erase.escape_debug());
    }
}

#[test]
fn rectangles_are_filled_erased_and_copied() {
    let table: &[(&str, [&str; 4])] = &[
        ("\x1b[33;2;3;3;5$x", ["abcdefghij", "kl!!!pqrst", "uv!!!zABCD", "EFGHIJKLMN"]),
        ("\x1b[33$x", ["!!!!!!!!!!", "!!!!!!!!!!", "!!!!!!!!!!", "!!!!!!!!!!"]),
        ("\x1b[33;3;3;99;99$x", ["abcdefghij", "klmnopqrst", "uv!!!!!!!!", "EF!!!!!!!!"]),
        ("\x1b[33;3;3;2;2$x", ["abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[7;1;1;2;2$x", ["abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;3;3;5$z", ["abcdefghij", "kl   pqrst", "uv   zABCD", "EFGHIJKLMN"]),
        ("\x1b[1;1;2;3;1;3;4;1$v", ["abcdefghij", "klmnopqrst", "uvwabcABCD", "EFGklmKLMN"]),
        // Source and target may overlap; what does not fit is cut.
        ("\x1b[1;1;3;3;1;2;2;1$v", ["abcdefghij", "kabcopqrst", "uklmyzABCD", "EuvwIJKLMN"]),
        ("\x1b[1;1;2;3;1;4;9;1$v", ["abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLab"]),
        // In origin mode the margins are the page.
        ("\x1b[2;3r\x1b[?6h\x1b[33;1;1;9;2$x", ["abcdefghij", "!!mnopqrst", "!!wxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;3r\x1b[?6h\x1b[1;1;9;2;1;2;5;1$v", ["abcdefghij", "klmnopqrst", "uvwxklABCD", "EFGHIJKLMN"]),
        // Half a wide character goes.
        ("\x1b[1;2H漢\x1b[1;3;1;3$z", ["a  defghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(&format!("{LETTERS}{bytes}")), expected, "{}", bytes.escape_debug());
    }
}

/// Which cells of the first two lines satisfy `is`, as a picture.
fn picture(bytes: &str, is: impl Fn(&content::Cell) -> bool) -> [String; 2] {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(format!("{LETTERS}{bytes}").as_bytes());
    let content = content(&terminal);
    [0, 1].map(|line: usize| content.rows[line].cells.iter().map(|cell| if is(cell) { '#' } else { '.' }).collect())
}

#[test]
fn attributes_of_rectangles_and_of_streams_are_changed() {
    // DECSACE 2 is the rectangle, without it the stream of characters between the corners.
    assert_eq!(picture("\x1b[2*x\x1b[1;3;2;5;1$r", |cell| cell.bold), ["..###.....", "..###....."]);
    assert_eq!(picture("\x1b[2*x\x1b[!p\x1b[1;3;2;5;1$r", |cell| cell.bold), ["..###.....", "..###....."]);
    assert_eq!(picture("\x1b[1;3;2;5;1$r", |cell| cell.bold), ["..########", "#####....."]);
    let underlined = |cell: &content::Cell| cell.underline != Underline::None;
    assert_eq!(picture("\x1b[2*x\x1b[1;3;1;5;4$r\x1b[1;4;2;6;4$t", underlined), ["..#..#....", "...###...."]);
    assert_eq!(picture("\x1b[2*x\x1b[;;;;1;4$r\x1b[1;3;1;9;24$r", underlined), ["##.......#", "##########"]);
    assert_eq!(picture("\x1b[2*x\x1b[1;1;1;9;5$r\x1b[1;1;1;5;25$r", |cell| cell.blink), [".....####.", ".........."]);
    // 0 takes all away, and DECRARA with it turns all around; the text stays.
    assert_eq!(picture("\x1b[2*x\x1b[1;1;1;9;1$r\x1b[1;1;1;5;0$r", |cell| cell.bold), [".....####.", ".........."]);
    assert_eq!(picture("\x1b[1;1;1;2;0$t", |cell| cell.bold && underlined(cell)), ["##........", ".........."]);
}

#[test]
fn checksums_are_told_only_to_whom_the_user_permits_it() {
    assert_eq!(answer("ab\x1b[1;1;1;1;1;2*y"), "");
    let terminal = terminal(10, 4);
    terminal.permit(Permissions { read_screen: true, ..Permissions::default() });
    let answer = |bytes: &str| String::from_utf8(terminal.advance(bytes.as_bytes())).unwrap();
    // A VT420 negates the sum, and adds 80h for bold.
    assert_eq!(answer("ab\x1b[7;1;1;1;1;2*y"), format!("\x1bP7!~{:04X}\x1b\\", 0x10000 - 0x61 - 0x62));
    assert_eq!(answer("\x1b[1mc\x1b[1;1;1;3;1;3*y"), format!("\x1bP1!~{:04X}\x1b\\", 0x10000 - 0x63 - 0x80));
    // XTCHECKSUM: positive, without attributes.
    assert_eq!(answer("\x1b[3#y\x1b[2;1;1;1;1;3*y"), format!("\x1bP2!~{:04X}\x1b\\", 0x61 + 0x62 + 0x63));
    // With it goes the title, and without it never.
    assert_eq!(answer("\x1b]2;x\x07\x1b]1;y\x07\x1b[20t\x1b[21t"), "\x1b]Ly\x1b\\\x1b]lx\x1b\\");
    terminal.permit(Permissions::default());
    assert_eq!(answer("\x1b[2;1;1;1;1;3*y\x1b[21t"), "\x1b]l\x1b\\");
}

#[test]
fn rectangles_cannot_hold_the_lock_for_long() {
    let terminal = terminal(200, 60);
    let _ = terminal.advance("\x1b[33$x".repeat(10_000).as_bytes());
    assert!(terminal.visible_text().starts_with("!!!"));
    // The next chunk has room again.
    let _ = terminal.advance(b"\x1b[34$x");
    assert!(terminal.visible_text().starts_with("\"\"\""));
}

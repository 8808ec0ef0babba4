//! Left and right margins (DECLRMM, DECSLRM) and what else scrolls, written from the VT420 and VT510 manuals and from
//! xterm's ctlseqs.

use super::*;

/// A screen of 10x4 letters, then margins around columns 3 to 6 of lines 2 to 3.
const BOX: &str = "\x1b[Habcdefghij\r\nklmnopqrst\r\nuvwxyzABCD\r\nEFGHIJKLMN\x1b[?69h\x1b[3;6s\x1b[2;3r";

#[test]
fn editing_stays_between_the_margins() {
    let table: &[(&str, [&str; 4])] = &[
        // SU, SD, IL, DL move what is inside; IL and DL do nothing outside.
        ("\x1b[S", ["abcdefghij", "klwxyzqrst", "uv    ABCD", "EFGHIJKLMN"]),
        ("\x1b[T", ["abcdefghij", "kl    qrst", "uvmnopABCD", "EFGHIJKLMN"]),
        ("\x1b[9S", ["abcdefghij", "kl    qrst", "uv    ABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b[L", ["abcdefghij", "kl    qrst", "uvmnopABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b[M", ["abcdefghij", "klwxyzqrst", "uv    ABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b[L_", ["abcdefghij", "kl_   qrst", "uvmnopABCD", "EFGHIJKLMN"]),
        ("\x1b[2;1H\x1b[L", ["abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[1;4H\x1b[M", ["abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        // ICH and DCH end at the right margin and do nothing outside; ECH knows no margin.
        ("\x1b[2;4H\x1b[@", ["abcdefghij", "klm noqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b[P", ["abcdefghij", "klmop qrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b[99P", ["abcdefghij", "klm   qrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;8H\x1b[P", ["abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b[5X", ["abcdefghij", "klm     st", "uvwxyzABCD", "EFGHIJKLMN"]),
        // DECIC, DECDC, DECBI, DECFI.
        ("\x1b[2;4H\x1b[2'}", ["abcdefghij", "klm  nqrst", "uvw  xABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b['~", ["abcdefghij", "klmop qrst", "uvwyz ABCD", "EFGHIJKLMN"]),
        ("\x1b[2;3H\x1b6", ["abcdefghij", "kl mnoqrst", "uv wxyABCD", "EFGHIJKLMN"]),
        ("\x1b[2;6H\x1b9", ["abcdefghij", "klnop qrst", "uvxyz ABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1b6\x1b9\x1b9_", ["abcdefghij", "klmn_pqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        // SL and SR.
        ("\x1b[2;3H\x1b[2 @", ["abcdefghij", "klop  qrst", "uvyz  ABCD", "EFGHIJKLMN"]),
        ("\x1b[3;6H\x1b[ A", ["abcdefghij", "kl mnoqrst", "uv wxyABCD", "EFGHIJKLMN"]),
        ("\x1b[1;1H\x1b[ A", ["abcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        // A run wraps at the right margin and goes on at the left one; on the last line the box scrolls.
        ("\x1b[2;5H123456789", ["abcdefghij", "kl3456qrst", "uv789 ABCD", "EFGHIJKLMN"]),
        ("\x1b[2;5H漢字漢", ["abcdefghij", "klmn漢qrst", "uv字漢ABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H漢字", ["abcdefghij", "klm漢 qrst", "uv字yzABCD", "EFGHIJKLMN"]),
        // To the right of the right margin it goes on to the screen's edge.
        ("\x1b[1;8H123", ["abcdefg123", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[4h\x1b[1;1H_", ["_bcdefghij", "klmnopqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[1;6H\x1b9_\x1b[4;3H\x1b6_", ["abcde_ghij", "klmnopqrst", "uvwxyzABCD", "EF_HIJKLMN"]),
        ("\x1b[4h\x1b[2;4H_", ["abcdefghij", "klm_noqrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        // LF on the bottom margin scrolls the box, but not from outside of it.
        ("\x1b[3;4H\n_", ["abcdefghij", "klwxyzqrst", "uv _  ABCD", "EFGHIJKLMN"]),
        ("\x1b[3;1H\n_", ["abcdefghij", "klmnopqrst", "_vwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;4H\x1bM_", ["abcdefghij", "kl _  qrst", "uvmnopABCD", "EFGHIJKLMN"]),
        ("\x1b[2;8H\x1bM_", ["abcdefghij", "klmnopq_st", "uvwxyzABCD", "EFGHIJKLMN"]),
        // Half a wide character at a margin goes.
        ("\x1b[2;2H漢\x1b[2;4H\x1b[P", ["abcdefghij", "k漢op qrst", "uvwxyzABCD", "EFGHIJKLMN"]),
        ("\x1b[2;2H漢\x1b[S", ["abcdefghij", "k wxyzqrst", "uv    ABCD", "EFGHIJKLMN"]),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(&format!("{BOX}{bytes}")), expected, "{}", bytes.escape_debug());
    }
}

/// Where the cursor is after `bytes`, as `line;column`.
fn cursor(bytes: &str) -> String {
    let answer = answer(&format!("{bytes}\x1b[?6l\x1b7\x1b[6n"));
    answer.trim_start_matches("\x1b[").trim_end_matches('R').to_owned()
}

#[test]
fn the_cursor_minds_the_margins() {
    let table = [
        ("\x1b[2;5H\x1b[9D", "2;3"),
        ("\x1b[2;2H\x1b[9D", "2;1"),
        ("\x1b[2;5H\x1b[9C", "2;6"),
        ("\x1b[2;8H\x1b[9C", "2;10"),
        ("\x1b[2;5H\r", "2;3"),
        ("\x1b[2;2H\r", "2;1"),
        ("\x1b[2;5H\x1b[E", "3;3"),
        ("\x1b[3;5H\x1b[9F", "2;3"),
        ("\x1b[1;5H\x1b[9A", "1;5"),
        ("\x1b[4;5H\x1b[9B", "4;5"),
        ("\x1b[2;5H\x08\x08\x08\x08", "2;3"),
        ("\x1b[2;1H\t", "2;6"),
        ("\x1b[2;7H\t", "2;9"),
        ("\x1b[2;10H\x1b[2Z", "2;1"),
        // HPA, HPR, VPA, VPR are stopped by the screen alone.
        ("\x1b[2;5H\x1b[9`", "2;9"),
        ("\x1b[2;5H\x1b[3a", "2;8"),
        ("\x1b[2;5H\x1b[4d", "4;5"),
        ("\x1b[2;5H\x1b[9e", "4;5"),
        // Setting margins homes the cursor; so does origin mode.
        ("\x1b[4;9H\x1b[2;4r", "1;1"),
        ("\x1b[4;9H\x1b[2;5s", "1;1"),
        // Margins of one column or line are none.
        ("\x1b[4;9H\x1b[5;5s\x1b[2;2r\x1b[2;4H\x1b[9D", "2;3"),
    ];
    for (bytes, expected) in table {
        let answer = answer(&format!("{BOX}{bytes}\x1b[6n"));
        assert_eq!(answer, format!("\x1b[{}R", expected), "{}", bytes.escape_debug());
    }
}

#[test]
fn origin_mode_counts_from_the_margins_and_stays_inside() {
    let table = [
        ("\x1b[H", "1;1"),
        ("\x1b[2;3H", "2;3"),
        ("\x1b[99;99H", "2;4"),
        ("\x1b[99d\x1b[99G", "2;4"),
        ("\x1b[2;3H\x1b[1;1s\x1b[?69l", "2;5"),
    ];
    for (bytes, expected) in table {
        let answer = answer(&format!("{BOX}\x1b[?6h{bytes}\x1b[6n"));
        assert_eq!(answer, format!("\x1b[{expected}R"), "{}", bytes.escape_debug());
    }
    // CPR counts from the origin, and without it from the corner.
    assert_eq!(answer(&format!("{BOX}\x1b[?6h\x1b[2;2H\x1b7\x1b[?6l\x1b8\x1b[6n")), "\x1b[2;2R");
    assert_eq!(cursor(&format!("{BOX}\x1b[?6h\x1b[2;2H")), "1;1");
}

#[test]
fn reverse_wrap_goes_back_over_the_lines_edge() {
    let table = [
        // Without autowrap, or without the mode, BS stays.
        ("\x1b[2;1H\x08", "2;1"),
        ("\x1b[?1045h\x1b[?7l\x1b[2;1H\x08", "2;1"),
        // Mode 45 only into a line that wrapped, 1045 into any, from the top to the bottom.
        ("\x1b[?45h\x1b[2;1H\x08", "2;1"),
        ("\x1b[?45h0123456789ab\x1b[5D", "1;8"),
        ("\x1b[?1045h\x1b[2;1H\x08", "1;10"),
        ("\x1b[?1045h\x1b[1;1H\x08", "4;10"),
        ("\x1b[?1045h\x1b[2;3r\x1b[2;1H\x08", "3;10"),
        // The pending wrap is one column more.
        ("\x1b[?45h0123456789\x08", "1;10"),
        ("0123456789\x08", "1;9"),
        ("\x1b[?1045h\x1b[?69h\x1b[3;6s\x1b[2;3H\x08", "1;6"),
        ("\x1b[?1045h\x1b[?69h\x1b[3;6s\x1b[2;1H\x08", "1;6"),
        ("\x1b[?1045h\x1b[65535D", "1;1"),
    ];
    for (bytes, expected) in table {
        assert_eq!(answer(&format!("{bytes}\x1b[6n")), format!("\x1b[{expected}R"), "{}", bytes.escape_debug());
    }
}

#[test]
fn a_saved_cursor_has_its_sets_and_its_origin() {
    assert_eq!(shown("\x1b(0\x1b7\x1b(B\x1b8q"), ["─", "", "", ""]);
    assert_eq!(shown("\x1b[2;3r\x1b[?6h\x1b7\x1b[?6l\x1b8\x1b[Hx"), ["", "x", "", ""]);
    // A pending wrap is saved too; what was never saved is home without attributes.
    assert_eq!(shown("0123456789\x1b7\x1b[4H\x1b8x"), ["0123456789", "x", "", ""]);
    assert_eq!(shown("\x1b[2;3r\x1b[?6h\x1b(0\x1b8q"), ["q", "", "", ""]);
}

#[test]
fn tab_stops_outlive_a_change_of_the_size() {
    let terminal = terminal(20, 4);
    let _ = terminal.advance(b"\x1b[3g\x1b[1;5H\x1bH");
    terminal.resize(Size { columns: 30, lines: 4, width: 0, height: 0 });
    let answer = |bytes: &str| String::from_utf8(terminal.advance(bytes.as_bytes())).unwrap();
    assert_eq!(answer("\r\t\x1b[6n\t\x1b[6n\t\x1b[6n"), "\x1b[1;5R\x1b[1;25R\x1b[1;30R");
    assert_eq!(answer("\x1b[?5W\r\t\x1b[6n"), "\x1b[1;9R");
}

#[test]
fn sets_of_characters_are_designated_and_shifted_to() {
    let table = [
        ("\x1b(A#\x1b(B#", "£#"),
        ("\x1b)0\x0eq\x0fq", "─q"),
        ("\x1b*0\x1bNqq", "─q"),
        ("\x1b+0\x1bOqq\x1boq", "─q─"),
        ("\x1b-A\x0ea(\x0fa\x1b.A\x1bn$", "á¨a¤"),
        ("\x1b(0`a~_\x7f", "◆▒·"),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(bytes)[0], expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn a_region_that_scrolls_leaves_what_is_read_in_the_scrollback_where_it_is() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix");
    terminal.scroll(Scroll::Top);
    let before = content(&terminal);
    assert_eq!((before.scrolled, before.history), (2, 2));
    let _ = terminal.advance(b"\x1b[2;4r\x1b[9S\x1b[4;1H\n\n\n\x1b[2;1H\x1b[M");
    let after = content(&terminal);
    assert_eq!((after.scrolled, after.history, after.first_line), (2, 2, before.first_line));
    assert!(terminal.visible_text().starts_with("one\ntwo\n"), "{:?}", terminal.visible_text());
}

//! What programs find out about the terminal, and modes that are more than a switch.

use super::*;

#[test]
fn settings_and_capabilities_are_told_from_tables() {
    let table = [
        ("\x1bP$qm\x1b\\", "\x1bP1$r0m\x1b\\"),
        ("\x1b[1;4:3;31;48;5;200;58:2::1:2:3m\x1bP$qm\x1b\\", "\x1bP1$r0;1;4:3;31;48:5:200;58:2::1:2:3m\x1b\\"),
        ("\x1b[2;3;5;7;8;9;53;97;102m\x1bP$qm\x1b\\", "\x1bP1$r0;2;3;7;8;9;5;53;97;102m\x1b\\"),
        ("\x1b[2;3r\x1bP$qr\x1b\\", "\x1bP1$r2;3r\x1b\\"),
        ("\x1b[?69h\x1b[3;4s\x1bP$qs\x1b\\", "\x1bP1$r3;4s\x1b\\"),
        ("\x1bP$qt\x1b\\\x1bP$q*|\x1b\\\x1bP$q$|\x1b\\", "\x1bP1$r4t\x1b\\\x1bP1$r4*|\x1b\\\x1bP1$r10$|\x1b\\"),
        ("\x1b[5 q\x1bP$q q\x1b\\\x1b[4 q\x1bP$q q\x1b\\", "\x1bP1$r5 q\x1b\\\x1bP1$r4 q\x1b\\"),
        ("\x1b[1\"q\x1bP$q\"q\x1b\\", "\x1bP1$r1\"q\x1b\\"),
        ("\x1bP$q\"p\x1b\\\x1b[63;1\"p\x1bP$q\"p\x1b\\", "\x1bP1$r64;1\"p\x1b\\\x1bP1$r63;1\"p\x1b\\"),
        ("\x1b[2*x\x1bP$q*x\x1b\\", "\x1bP1$r2*x\x1b\\"),
        ("\x1bP$qz\x1b\\", "\x1bP0$r\x1b\\"),
        ("\x1bP+q436F\x1b\\", "\x1bP1+r436F=323536\x1b\\"),
        ("\x1bP+q5375;524742\x1b\\", "\x1bP1+r5375\x1b\\\x1bP1+r524742=382F382F38\x1b\\"),
        ("\x1bP+q7878;436f\x1b\\", "\x1bP0+r\x1b\\"),
    ];
    for (bytes, expected) in table {
        assert_eq!(answer(bytes), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn a_rendition_is_put_aside_and_comes_back() {
    let bytes = "\x1b[1;31m\x1b[#{\x1b[0;4m\x1b[#}\x1bP$qm\x1b\\";
    assert_eq!(answer(bytes), "\x1bP1$r0;1;31m\x1b\\");
    // Ten are kept, and what was never put aside does not come.
    let bytes = format!("{}\x1b[3m{}\x1bP$qm\x1b\\", "\x1b[#{".repeat(50), "\x1b[#}".repeat(60));
    assert_eq!(answer(&bytes), "\x1bP1$r0m\x1b\\");
}

#[test]
fn the_state_of_every_mode_is_told() {
    let ask = |mode: u16| answer(&format!("\x1b[?{mode}$p"));
    let known = [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 18, 19, 25, 40, 41, 42, 45, 47, 60, 66, 67, 69, 95, 1000, 1002, 1003, 1004,
        1005, 1006, 1007, 1015, 1016, 1036, 1039, 1042, 1045, 1047, 1048, 1049, 2004, 2026, 2027, 2031, 2048,
    ];
    for mode in known {
        assert_ne!(ask(mode), format!("\x1b[?{mode};0$y"));
    }
    for mode in [0, 10, 1001, 1037, 9999] {
        assert_eq!(ask(mode), format!("\x1b[?{mode};0$y"));
    }
    // Those that can be set are set and reset.
    for mode in
        [1, 4, 5, 6, 7, 9, 12, 25, 41, 45, 66, 67, 69, 1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 2004, 2027]
    {
        let bytes = format!("\x1b[?{mode}h\x1b[?{mode}$p\x1b[?{mode}l\x1b[?{mode}$p");
        assert_eq!(answer(&bytes), format!("\x1b[?{mode};1$y\x1b[?{mode};2$y"));
    }
    assert_eq!(answer("\x1b[2$p\x1b[12$p\x1b[13$p\x1b[99$p"), "\x1b[2;4$y\x1b[12;3$y\x1b[13;4$y\x1b[99;0$y");
}

#[test]
fn of_the_mouses_modes_the_last_one_set_holds() {
    let terminal = terminal(10, 4);
    let table = [
        ("\x1b[?9h", MouseReports::Press, MouseEncoding::X10),
        ("\x1b[?1002h\x1b[?1015h", MouseReports::Drag, MouseEncoding::Urxvt),
        ("\x1b[?1000h\x1b[?1016h", MouseReports::Click, MouseEncoding::SgrPixels),
        ("\x1b[?1003h\x1b[?1006h", MouseReports::Motion, MouseEncoding::Sgr),
        ("\x1b[?9h\x1b[?1005h", MouseReports::Press, MouseEncoding::Utf8),
        ("\x1b[?9l\x1b[?1005l", MouseReports::None, MouseEncoding::X10),
    ];
    for (bytes, reports, encoding) in table {
        let _ = terminal.advance(bytes.as_bytes());
        assert_eq!((terminal.modes().mouse, terminal.modes().mouse_encoding), (reports, encoding), "{bytes:?}");
    }
}

#[test]
fn private_modes_are_saved_and_restored() {
    assert_eq!(answer("\x1b[?7;25l\x1b[?7s\x1b[?7;25h\x1b[?7;25r\x1b[?7$p\x1b[?25$p"), "\x1b[?7;2$y\x1b[?25;1$y");
    assert_eq!(answer("\x1b[?1000h\x1b[?1000s\x1b[?1000l\x1b[?1000r\x1b[?1000$p"), "\x1b[?1000;1$y");
}

#[test]
fn other_keys_are_asked_for_and_told() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(b"\x1b[>4;2m\x1b[>4;1f");
    assert_eq!((terminal.modes().modify_other_keys, terminal.modes().format_other_keys), (2, 1));
    assert_eq!(terminal.advance(b"\x1b[?4m"), b"\x1b[>4;2m");
    let _ = terminal.advance(b"\x1b[>4m");
    assert_eq!(terminal.modes().modify_other_keys, 0);
    let _ = terminal.advance(b"\x1b[>4;1m\x1b[?67h");
    assert!(terminal.modes().backspace_sends_bs);
    // A program that died leaves none of it behind.
    terminal.note("closed");
    assert_eq!(terminal.modes(), Modes { alternate_scroll: true, ..Modes::default() });
}

#[test]
fn a_new_size_and_a_new_scheme_are_told_to_whom_wants_to_know() {
    let terminal = terminal(10, 4);
    let size = |columns| Size { columns, lines: 4, width: columns * 8, height: 64 };
    terminal.resize(size(12));
    let light = Palette { background: Rgb::hex(0xffffff), ..PALETTE };
    terminal.set_palette(light.clone());
    assert_eq!(terminal.take_reports(), b"");
    assert_eq!(terminal.advance(b"\x1b[?2048;2031h"), b"\x1b[48;4;12;64;96t");
    terminal.resize(size(14));
    terminal.resize(size(14));
    terminal.set_palette(PALETTE);
    terminal.set_palette(PALETTE);
    terminal.set_palette(light);
    let reports = String::from_utf8(terminal.take_reports()).unwrap();
    assert_eq!(reports, "\x1b[48;4;14;64;112t\x1b[?997;1n\x1b[?997;2n");
}

#[test]
fn no_program_changes_the_size_unless_the_user_permits_it() {
    let bytes = b"\x1b[8;10;40t\x1b[?40h\x1b[?3h\x1b[30t\x1b[50$|\x1b[9*|";
    let terminal = terminal(10, 4);
    let before = terminal.size();
    let _ = terminal.advance(bytes);
    assert_eq!(terminal.size(), before);
    terminal.permit(Permissions { resize: true, ..Permissions::default() });
    let _ = terminal.advance(b"\x1b[8;10;40t");
    assert_eq!(terminal.size(), Size { columns: 40, lines: 10, width: 320, height: 160 });
    let _ = terminal.advance(b"\x1b[8;;50t\x1b[30t");
    assert_eq!((terminal.size().columns, terminal.size().lines), (50, 30));
    let _ = terminal.advance(b"x\x1b[?3h");
    assert_eq!((terminal.size().columns, terminal.visible_text().trim()), (132, ""));
    let _ = terminal.advance(b"\x1b[?3l");
    assert_eq!(terminal.size().columns, 80);
    let _ = terminal.advance(b"\x1b[8;65535;65535t");
    assert_eq!(terminal.size().lines, 1024);
}

#[test]
fn what_a_vt420_is_asked_it_answers() {
    let table = [
        ("\x1b[?53n\x1b[?55n\x1b[?56n", "\x1b[?50n\x1b[?50n\x1b[?57;1n"),
        ("\x1b[?62n\x1b[?63;9n", "\x1b[0*{\x1bP9!~0000\x1b\\"),
        ("\x1b[?75n\x1b[?85n", "\x1b[?70n\x1b[?83n"),
        ("\x1b[11t\x1b[13t\x1b[15t\x1b[19t", "\x1b[1t\x1b[3;0;0t\x1b[5;64;80t\x1b[9;4;10t"),
        // DECSCL: a VT220 knows neither DECRQM nor rectangles nor left and right margins.
        ("\x1b[62;1\"p\x1b[4$p\x1b[?69h\x1b[3;4s\x1b[2;6H\x1b[9D\x1b[6n", "\x1b[2;1R"),
        // S8C1T: controls of answers are one byte, and such bytes are understood.
        ("\x1b[62;1\"p\x1b[5n", "\x1b[0n"),
    ];
    for (bytes, expected) in table {
        assert_eq!(answer(bytes), expected, "{}", bytes.escape_debug());
    }
    let terminal = terminal(10, 4);
    assert_eq!(terminal.advance(b"\x1b G\x9b5n\x90$qr\x9c\x1b F\x1b[5n"), b"\x9b0n\x901$r1;4r\x9c\x1b[0n");
    // In UTF-8 a C1 control is two bytes, which may come one by one.
    assert_eq!(terminal.advance("\u{9b}5n".as_bytes()), b"\x1b[0n");
    assert_eq!(terminal.advance(b"\xc2"), b"");
    assert_eq!(terminal.advance(b"\x9b5n"), b"\x1b[0n");
    assert_eq!(shown("é\u{85}x"), ["é", "x", "", ""]);
    // Without S8C1T a lone byte is no UTF-8.
    assert_eq!(terminal.advance(b"\x9b5n"), b"");
}

#[test]
fn the_presentation_is_told_and_comes_back() {
    let table = [
        ("\x1b[1$w", "\x1bP1$u1;1;1;@;@;@;0;2;@;BBBB\x1b\\"),
        (
            "\x1b[3;7H\x1b[1;4;7m\x1b[2;3r\x1b[?6h\x1b[1\"q\x1b)0\x0e\x1b.A\x1b(K\x1b[1$w",
            "\x1bP1$u1;1;1;K;A;A;1;2;D;K0AB\x1b\\",
        ),
        ("0123456789\x1b[1$w", "\x1bP1$u1;10;1;@;@;H;0;2;@;BBBB\x1b\\"),
        ("\x1b[2$w\x1b[3g\x1b[1;5H\x1bH\x1b[2$w", "\x1bP2$u1/9\x1b\\\x1bP2$u5\x1b\\"),
        ("\x1bP2$t3/7/99/0/x\x1b\\\x1b[2$w", "\x1bP2$u3/7\x1b\\"),
        ("\x1bP1$t2;5;1;C;A;H;1;2;B;0ABB\x1b\\\x1b[1$w", "\x1bP1$u2;5;1;C;A;H;1;2;B;0ABB\x1b\\"),
        ("\x1bP1$t2;5;1\x1b\\\x1bP1$tx;;;;;;;;;\x1b\\\x1b[6n\x1b[3$w", "\x1b[1;1R"),
        ("\x1b[\"v", "\x1b[4;10;1;1;1\"w"),
    ];
    for (bytes, expected) in table {
        assert_eq!(answer(bytes), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn colours_of_all_kinds_are_told_changed_and_reset() {
    let table = [
        ("\x1b]5;0;?\x07", "\x1b]5;0;rgb:d0d0/d0d0/d0d0\x07"),
        ("\x1b]5;1;#102030\x07\x1b]4;257;?\x07", "\x1b]4;257;rgb:1010/2020/3030\x07"),
        ("\x1b]5;1;#102030\x07\x1b]105;1\x07\x1b]5;1;?\x07", "\x1b]5;1;rgb:d0d0/d0d0/d0d0\x07"),
        ("\x1b]17;#102030\x07\x1b]17;?\x07", "\x1b]17;rgb:1010/2020/3030\x07"),
        ("\x1b]17;#102030\x07\x1b]117\x07\x1b]17;?\x07", "\x1b]17;rgb:3333/4444/5555\x07"),
        ("\x1b]13;?;?\x07", "\x1b]13;rgb:d0d0/d0d0/d0d0\x07\x1b]14;rgb:1010/1010/1010\x07"),
        ("\x1b]5;9;?\x07\x1b]4;999;?\x07", ""),
    ];
    for (bytes, expected) in table {
        assert_eq!(answer(bytes), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn the_other_screen_is_found_as_each_mode_leaves_it() {
    let table: &[(&str, [&str; 4])] = &[
        ("ab\x1b[?47h\x1b[2J\x1b[Hcd\x1b[?47l\x1b[?47h", ["cd", "", "", ""]),
        ("ab\x1b[?1047h\x1b[Hcd\x1b[?1047l\x1b[?1047h", ["", "", "", ""]),
        ("ab\x1b[?47h\x1b[Hcd\x1b[?47l\x1b[?1049h", ["", "", "", ""]),
        // 1049 saves the cursor of the main screen, whatever is saved on the other.
        ("ab\x1b[?1049h\x1b[4;4H\x1b7\x1b[?1049lc", ["abc", "", "", ""]),
        ("\x1b[2;2H\x1b7\x1b[H\x1b[?1049lx", ["", " x", "", ""]),
        // Each screen has its own saved cursor, which changing screens leaves alone.
        ("\x1b[2;2H\x1b7\x1b[4;4H\x1b[?47h\x1b7\x1b[?47l\x1b8x", ["", " x", "", ""]),
        ("ab\x1b[?47h\x1b[3;3H\x1b[?1049lx", ["xb", "", "", ""]),
        ("ab\x1b[?1049hcd\x1b[?1049he", ["    e", "", "", ""]),
        ("ab\x1b[?1049h\x1b[?1049h\x1b[H\x1b[?1049l\x1b[?1049lc", ["abc", "", "", ""]),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(bytes), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn a_vt52_is_driven_by_its_own_sequences() {
    let table: &[(&str, [&str; 4])] = &[
        ("\x1b[?2l\x1bY\"$x\x1bHy\x1bBz", ["y", " z", "    x", ""]),
        ("\x1b[?2labc\x1bD\x1bD\x1bK_", ["a_", "", "", ""]),
        ("\x1b[?2l1\r\n2\x1bH\x1bJ3\x1bI4", [" 4", "3", "", ""]),
        ("\x1b[?2l\x1bFq\x1bGq", ["─q", "", "", ""]),
        // Places that are not on the screen change nothing of the kind.
        ("\x1b[?2lab\x1bY~!x", ["ax", "", "", ""]),
        ("\x1b[?2l\x1b<\x1b[2;2Hx", ["", " x", "", ""]),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(bytes), expected, "{}", bytes.escape_debug());
    }
    assert_eq!(answer("\x1b[?2l\x1bZ"), "\x1b/Z");
}

#[test]
fn national_sets_replace_ascii_only_when_asked_for() {
    assert_eq!(shown("\x1b(K[]{}\x1b[?42h[]{}"), ["[]{}ÄÜäü", "", "", ""]);
    assert_eq!(shown("\x1b[?42h\x1b(R#@\x1b(5|\x1b(Z\\\x1b(=_"), ["£àöÑè", "", "", ""]);
}

#[test]
fn emoji_are_one_cluster_when_a_program_counts_them_so() {
    let column = |text: &str| answer(&format!("\x1b[?2027h{text}\x1b[6n"));
    for text in ["👨\u{200d}👩\u{200d}👧", "👍\u{1f3fd}", "🇩🇪", "☺\u{fe0f}", "漢"] {
        assert_eq!(column(text), "\x1b[1;3R", "{text}");
    }
    assert_eq!(column("a\u{fe0f}"), "\x1b[1;2R");
    assert_eq!(column("🇩🇪🇫🇷"), "\x1b[1;5R");
    // Without the mode each character has its own width, as the C library says.
    assert_eq!(answer("👍\u{1f3fd}☺\u{fe0f}\x1b[6n"), "\x1b[1;6R");
    assert_eq!(shown("\x1b[?2027h012345678☺\u{fe0f}x")[1], "x");
}

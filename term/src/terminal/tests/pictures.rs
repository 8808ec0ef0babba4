//! Pictures: sixel, the kitty graphics protocol, iTerm2's inline files. A cell is 8 by 16 pixels.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::image::file::tests::encode;
use super::super::image::{Layer, MEMORY, Piece};
use super::*;

/// A red sixel picture.
fn sixel(width: u32, height: u32) -> String {
    let mut data = format!("\x1bPq\"1;1;{width};{height}#1;2;100;0;0#1");
    for band in 0..height.div_ceil(6) {
        let rows = (height - band * 6).min(6);
        let bits = char::from(b'?' + (1_u8 << rows).wrapping_sub(1).min(63));
        data.push_str(&format!("!{width}{bits}-"));
    }
    data + "\x1b\\"
}

/// A kitty command with pixels of one colour.
fn kitty(keys: &str, width: u32, height: u32) -> String {
    let data = STANDARD.encode([7_u8, 8, 9, 255].repeat((width * height) as usize));
    format!("\x1b_G{keys},s={width},v={height};{data}\x1b\\")
}

/// In which cells pictures are seen: for each line the columns, as `from-end`.
fn seen(terminal: &Terminal) -> Vec<String> {
    let row = |pieces: &[Piece]| {
        let columns: Vec<_> =
            pieces.iter().map(|piece| format!("{}-{}", piece.columns.start, piece.columns.end)).collect();
        columns.join(" ")
    };
    content(terminal).rows.iter().map(|content| row(&content.pieces)).collect()
}

fn after(bytes: &str) -> Vec<String> {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(bytes.as_bytes());
    seen(&terminal)
}

fn cursor_after(bytes: &str) -> String {
    answer(&format!("{bytes}\x1b[6n")).replace('\x1b', "")
}

#[test]
fn a_sixel_picture_takes_the_cells_it_touches() {
    assert_eq!(after(&sixel(16, 16)), ["0-2", "", "", ""]);
    assert_eq!(after(&format!("\x1b[2;3H{}", sixel(17, 33))), ["", "2-5", "2-5", "2-5"]);
    // It is cut at the right edge.
    assert_eq!(after(&format!("\x1b[1;9H{}", sixel(100, 16))), ["8-10", "", "", ""]);
    // What is only announced takes its room, but shows nothing.
    assert_eq!(after("\x1bP0;1q\"1;1;16;16\x1b\\"), ["", "", "", ""]);
    assert_eq!(after("\x1bPq\"1;1;16;16\x1b\\"), ["0-2", "", "", ""]);
    assert_eq!(after("\x1bPq\x1b\\"), ["", "", "", ""]);
    // A string that is broken off shows nothing.
    assert_eq!(after("\x1bPq~~\x18"), ["", "", "", ""]);
}

#[test]
fn the_cursor_ends_where_xterm_puts_it() {
    let table = [
        ("", 6, 10, "[2;3R"),
        ("", 16, 10, "[2;3R"),
        ("", 17, 10, "[3;3R"),
        ("", 33, 10, "[4;3R"),
        ("\x1b[?8452h", 6, 10, "[2;5R"),
        ("\x1b[?8452h", 17, 8, "[3;4R"),
        ("\x1b[?8452h", 16, 64, "[3;1R"),
        ("\x1b[?80h", 33, 10, "[2;3R"),
    ];
    for (modes, height, width, cursor) in table {
        let placed = cursor_after(&format!("{modes}\x1b[2;3H{}", sixel(width, height)));
        assert_eq!(placed, cursor, "{} {width}x{height}", modes.escape_debug());
    }
    assert_eq!(cursor_after("\x1b[2;3H\x1bP0;1q\"1;1;16;32\x1b\\"), "[3;3R");
    assert_eq!(cursor_after("\x1b[2;3H\x1bPq\x1b\\"), "[2;3R");
}

#[test]
fn a_sixel_picture_scrolls_the_screen_and_stays_with_its_lines() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(format!("a\r\nb\r\nc\r\n{}", sixel(16, 48)).as_bytes());
    assert_eq!(seen(&terminal), ["", "0-2", "0-2", "0-2"]);
    assert_eq!(terminal.visible_text(), "c\n\n\n\n");
    let _ = terminal.advance(b"\r\n\r\n");
    assert_eq!(seen(&terminal), ["0-2", "0-2", "", ""]);
    let tops = |terminal: &Terminal| {
        let content = content(terminal);
        content.rows.iter().flat_map(|row| row.pieces.iter().map(|piece| piece.frame.top)).collect::<Vec<_>>()
    };
    assert_eq!(tops(&terminal), [-16, -32]);
    terminal.scroll(Scroll::Lines(2));
    assert_eq!(seen(&terminal), ["", "0-2", "0-2", "0-2"]);
    assert_eq!(tops(&terminal), [0, -16, -32]);
}

#[test]
fn in_display_mode_nothing_scrolls() {
    let shown = after(&format!("\x1b[?80h\x1b[3;3H{}", sixel(16, 200)));
    assert_eq!(shown, ["0-2", "0-2", "0-2", "0-2"]);
}

#[test]
fn text_and_erasing_take_the_cells_of_a_sixel_picture_back() {
    let picture = sixel(48, 64);
    let table = [
        ("\x1b[2;3Hx", ["0-6", "0-2 3-6", "0-6", "0-6"]),
        ("\x1b[2;3H漢", ["0-6", "0-2 4-6", "0-6", "0-6"]),
        ("\x1b[2;3H\x1b[K", ["0-6", "0-2", "0-6", "0-6"]),
        ("\x1b[2;3H\x1b[1K", ["0-6", "3-6", "0-6", "0-6"]),
        ("\x1b[2;3H\x1b[2X", ["0-6", "0-2 4-6", "0-6", "0-6"]),
        ("\x1b[2;3H\x1b[2P", ["0-6", "0-2 2-4", "0-6", "0-6"]),
        ("\x1b[2;3H\x1b[2@", ["0-6", "0-2 4-8", "0-6", "0-6"]),
        ("\x1b[2;3H\x1b[J", ["0-6", "0-2", "", ""]),
        ("\x1b[2H\x1b[M", ["0-6", "0-6", "0-6", ""]),
        ("\x1b[2H\x1b[L", ["0-6", "", "0-6", "0-6"]),
        ("\x1b[2J", ["", "", "", ""]),
        ("\x1bc", ["", "", "", ""]),
        ("\x1b[!p", ["0-6", "0-6", "0-6", "0-6"]),
    ];
    for (bytes, expected) in table {
        let terminal = terminal(10, 4);
        let _ = terminal.advance(format!("{picture}{bytes}").as_bytes());
        assert_eq!(seen(&terminal), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn pictures_of_the_alternate_screen_go_with_it() {
    for picture in [sixel(16, 16), kitty("a=T", 16, 16)] {
        let terminal = terminal(10, 4);
        let _ = terminal.advance(format!("{picture}\x1b[?1049h").as_bytes());
        assert_eq!(seen(&terminal), ["", "", "", ""]);
        let _ = terminal.advance(format!("\x1b[2H{picture}").as_bytes());
        assert_eq!(seen(&terminal), ["", "0-2", "", ""]);
        let _ = terminal.advance(b"\x1b[?1049l");
        assert_eq!(seen(&terminal), ["0-2", "", "", ""]);
        assert_eq!(terminal.inner.lock().emulator.graphics.images.bytes() / 1024, 1);
    }
}

#[test]
fn pictures_of_the_kitty_protocol_move_with_the_text_and_are_cut_where_it_ends() {
    // Two lines high, on the third and fourth of six lines.
    let table = [
        // On the alternate screen nothing is kept of what scrolls away.
        ("\x1b[?1049h", "\x1b[S", ["", "0-2", "0-2", "", "", ""]),
        ("\x1b[?1049h", "\x1b[3S", ["0-2", "", "", "", "", ""]),
        ("\x1b[?1049h", "\x1b[3S\x1b[9T", ["", "", "", "", "", ""]),
        ("\x1b[?1049h", "\x1b[6H\n\n", ["0-2", "0-2", "", "", "", ""]),
        ("\x1b[?1049h", "\x1b[H\x1bM\x1bM\x1bM", ["", "", "", "", "", "0-2"]),
        ("\x1b[?1049h", "\x1b[3T\x1b[S", ["", "", "", "", "0-2", ""]),
        // Inserted and deleted lines, on both screens.
        ("", "\x1b[2H\x1b[L", ["", "", "", "0-2", "0-2", ""]),
        ("", "\x1b[2H\x1b[3L\x1b[H\x1b[2M", ["", "", "", "0-2", "", ""]),
        ("", "\x1b[3H\x1b[M", ["", "", "0-2", "", "", ""]),
        ("\x1b[?1049h", "\x1b[5H\x1b[L", ["", "", "0-2", "0-2", "", ""]),
        // Margins: what reaches beyond them stays where it is.
        ("", "\x1b[2;5r\x1b[S", ["", "0-2", "0-2", "", "", ""]),
        ("", "\x1b[2;5r\x1b[2S", ["", "0-2", "", "", "", ""]),
        ("", "\x1b[2;5r\x1b[2T", ["", "", "", "", "0-2", ""]),
        ("", "\x1b[4;6r\x1b[S", ["", "", "0-2", "0-2", "", ""]),
        ("\x1b[?1049h", "\x1b[4;6r\x1b[S", ["", "", "0-2", "0-2", "", ""]),
        ("", "\x1b[?69h\x1b[1;5s\x1b[S", ["", "0-2", "0-2", "", "", ""]),
        ("", "\x1b[?69h\x1b[2;5s\x1b[S", ["", "", "0-2", "0-2", "", ""]),
        // Lines that scroll into the scrollback above others that stay.
        ("", "\x1b[1;2r\x1b[S", ["", "", "0-2", "0-2", "", ""]),
        ("", "\x1b[1;5r\x1b[S", ["", "0-2", "0-2", "", "", ""]),
    ];
    for (screen, bytes, expected) in table {
        let terminal = terminal(10, 6);
        let _ = terminal.advance(format!("{screen}\x1b[3H{}{bytes}", kitty("a=T,C=1", 16, 32)).as_bytes());
        assert_eq!(seen(&terminal), expected, "{} {}", screen.escape_debug(), bytes.escape_debug());
    }
    // The upper part is what was cut off, not the lower one.
    let terminal = terminal(10, 6);
    let _ = terminal.advance(format!("\x1b[?1049h\x1b[3H{}\x1b[3S", kitty("a=T,C=1", 16, 32)).as_bytes());
    assert_eq!(content(&terminal).rows[0].pieces[0].frame.top, -16);
    // What has scrolled away takes no room.
    let _ = terminal.advance(b"\x1b[S");
    assert!(terminal.inner.lock().emulator.graphics.images.is_empty());
}

#[test]
fn a_narrower_window_cuts_pictures_and_a_wider_one_shows_them_again() {
    for picture in [sixel(48, 32), kitty("a=T", 48, 32)] {
        let terminal = terminal(10, 4);
        let _ = terminal.advance(format!("{picture}\r\nend").as_bytes());
        let size = |columns| Size { columns, lines: 4, width: columns * 8, height: 64 };
        let before = seen(&terminal);
        assert_eq!(before[..2], ["0-6", "0-6"]);
        terminal.resize(size(4));
        assert_eq!(seen(&terminal), ["0-4", "0-4", "", ""]);
        terminal.resize(size(12));
        assert_eq!(seen(&terminal), before);
        assert!(terminal.visible_text().contains("end"));
    }
}

#[test]
fn copied_text_has_no_trace_of_pictures() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(format!("ab\x1b[1;2H{}\x1b[2Hc\u{10eeee}\u{305}\u{305}d", sixel(16, 16)).as_bytes());
    terminal.select(SelectionKind::Lines, Point { line: 0, column: 0 }, Side::Left);
    terminal.extend_selection(Point { line: 1, column: 9 }, Side::Right);
    assert_eq!(terminal.selected_text().as_deref(), Some("ab\nc d"));
    assert_eq!(terminal.visible_text(), "ab\nc d\n\n\n");
    let cells = content(&terminal).rows.remove(0).cells;
    assert_eq!((cells[1].character, cells[1].combining.as_deref()), ('b', None));
}

#[test]
fn a_selection_is_seen_on_pictures() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(sixel(48, 16).as_bytes());
    terminal.select(SelectionKind::Simple, Point { line: 0, column: 2 }, Side::Left);
    terminal.extend_selection(Point { line: 0, column: 3 }, Side::Right);
    let row = content(&terminal).rows.remove(0);
    let tints: Vec<_> = row.pieces.iter().map(|piece| (piece.columns.clone(), piece.tint)).collect();
    assert_eq!(tints, [(0..2, None), (2..4, Some(PALETTE.selection)), (4..6, None)]);
}

#[test]
fn a_row_has_a_new_revision_when_its_pictures_change_and_only_then() {
    let terminal = terminal(10, 4);
    let mut content = content(&terminal);
    let mut revisions = |bytes: &str| {
        let _ = terminal.advance(bytes.as_bytes());
        terminal.snapshot(&mut content);
        content.rows.iter().map(|row| row.revision).collect::<Vec<_>>()
    };
    let empty = revisions("");
    let shown = revisions(&sixel(16, 16));
    assert_ne!(empty[0], shown[0]);
    assert_eq!(empty[1..], shown[1..]);
    assert_eq!(revisions("\x1b[4Hx\x1b[4H "), shown);
    assert_eq!(revisions(&kitty("a=t,i=1,q=2", 8, 8)), shown);
    let placed = revisions("\x1b[2H\x1b_Ga=p,i=1,q=2\x1b\\");
    assert!(placed[0] == shown[0] && placed[1] != shown[1] && placed[2..] == shown[2..]);
    let deleted = revisions("\x1b_Ga=d,d=i,i=1\x1b\\");
    assert!(deleted[0] == shown[0] && deleted[1] != placed[1]);
}

#[test]
fn registers_are_private_unless_the_mode_says_otherwise() {
    let red_defined = "\x1bPq#5;2;100;0;0@\x1b\\";
    let pixel = |bytes: &str| {
        let terminal = terminal(10, 4);
        let _ = terminal.advance(bytes.as_bytes());
        content(&terminal).rows[0].pieces[0].picture.pixels()[..3].to_vec()
    };
    assert_eq!(pixel(&format!("{red_defined}\x1b[H\x1bPq#5@\x1b\\")), [51, 204, 204]);
    assert_eq!(pixel(&format!("\x1b[?1070l{red_defined}\x1b[H\x1bPq#5@\x1b\\")), [255, 0, 0]);
}

#[test]
fn what_pictures_can_be_shown_is_answered() {
    let table = [
        ("\x1b[c", "\x1b[?64;4;6;9;17;21;22;28c"),
        ("\x1b[?1;1;0S", "\x1b[?1;0;1024S"),
        ("\x1b[?1;2S", "\x1b[?1;0;1024S"),
        ("\x1b[?1;3;256S", "\x1b[?1;0;1024S"),
        ("\x1b[?1;3;4096S", "\x1b[?1;3S"),
        ("\x1b[?1;4S", "\x1b[?1;0;1024S"),
        ("\x1b[?1;9S", "\x1b[?1;2S"),
        ("\x1b[?2;1S", "\x1b[?2;0;80;64S"),
        ("\x1b[?2;4S", "\x1b[?2;0;4096;2048S"),
        ("\x1b[?2;3;9;9S", "\x1b[?2;3S"),
        ("\x1b[?3;1S", "\x1b[?3;1S"),
        ("\x1b[14t", "\x1b[4;64;80t"),
        ("\x1b[16t", "\x1b[6;16;8t"),
        ("\x1b[?80$p", "\x1b[?80;2$y"),
        ("\x1b[?8452h\x1b[?8452$p", "\x1b[?8452;1$y"),
        ("\x1b[?1070$p", "\x1b[?1070;1$y"),
        ("\x1b[?1070l\x1b[?1070$p", "\x1b[?1070;2$y"),
        ("\x1b[?1070l\x1bc\x1b[?1070$p", "\x1b[?1070;1$y"),
    ];
    for (bytes, expected) in table {
        assert_eq!(answer(bytes), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn kitty_commands_are_answered() {
    let table = [
        ("i=31,s=1,v=1,a=q,f=24;AAAA", "i=31;OK"),
        ("i=3,s=1,v=1,f=24;AAAA", "i=3;OK"),
        ("i=3,p=7,s=1,v=1,f=24,a=T;AAAA", "i=3,p=7;OK"),
        ("I=9,s=1,v=1,f=24;AAAA", "i=2147483648,I=9;OK"),
        ("s=1,v=1,f=24;AAAA", ""),
        ("i=3,q=1,s=1,v=1,f=24;AAAA", ""),
        ("i=3,q=1,s=2,v=1,f=24;AAAA", "i=3;ENODATA:insufficient image data"),
        ("i=3,q=2,s=2,v=1,f=24;AAAA", ""),
        ("i=3,a=p", "i=3;ENOENT:no such image"),
        ("i=3,a=f,s=1,v=1;AAAA", "i=3;ENOENT:no such image"),
        ("i=3,a=a,s=3", "i=3;ENOENT:no such image"),
        ("i=3,a=c,r=1,c=2", "i=3;ENOENT:no such image"),
        ("i=3,a=z", "i=3;ENOTSUP:no such action"),
        ("i=3,I=4,s=1,v=1,f=24;AAAA", "i=3,I=4;EINVAL:both i and I are given"),
        (
            "i=3,t=f,f=100;L2V0Yy9wYXNzd2Q=",
            "i=3;EINVAL:only direct transmission (t=d) is supported: files would be looked for on another machine",
        ),
        ("i=3,s=99999,v=99999;AAAA", "i=3;EFBIG:the image is too large"),
        ("i=3,f=100;AAAA", "i=3;EBADPNG:the data is no PNG image"),
        ("nonsense", ""),
        ("a=d", ""),
    ];
    for (command, expected) in table {
        let expected = if expected.is_empty() { String::new() } else { format!("\x1b_G{expected}\x1b\\") };
        assert_eq!(answer(&format!("\x1b_G{command}\x1b\\")), expected, "{command}");
    }
    // A query keeps nothing.
    assert_eq!(after("\x1b_Gi=31,s=1,v=1,a=q,f=24;AAAA\x1b\\\x1b_Ga=p,i=31,q=2\x1b\\"), ["", "", "", ""]);
}

#[test]
fn a_png_in_parts_is_shown() {
    let file = encode(16, 16, png::ColorType::Rgb, png::BitDepth::Eight, &[9; 16 * 16 * 3]);
    let data = STANDARD.encode(file);
    let mut command = String::from("\x1b_Ga=T,f=100,i=5,m=1;\x1b\\");
    for part in data.as_bytes().chunks(16) {
        command.push_str(&format!("\x1b_Gm=1;{}\x1b\\", std::str::from_utf8(part).unwrap()));
    }
    command.push_str("\x1b_Gm=0;\x1b\\");
    let terminal = terminal(10, 4);
    // However the bytes come.
    let replies: Vec<u8> = command.as_bytes().chunks(7).flat_map(|chunk| terminal.advance(chunk)).collect();
    assert_eq!(replies, b"\x1b_Gi=5;OK\x1b\\");
    assert_eq!(content(&terminal).rows[0].pieces[0].picture.pixels()[..4], [9, 9, 9, 255]);
}

#[test]
fn placements_fill_cells_and_move_the_cursor() {
    let table = [
        ("a=T", "[2;4R", ["", "1-3", "", ""]),
        ("a=T,c=3,r=2", "[3;5R", ["", "1-4", "1-4", ""]),
        ("a=T,c=4", "[3;6R", ["", "1-5", "1-5", ""]),
        ("a=T,X=7,Y=15", "[3;5R", ["", "1-4", "1-4", ""]),
        ("a=T,C=1,r=2", "[2;2R", ["", "1-5", "1-5", ""]),
        ("a=T,c=9", "[4;1R", ["1-10", "1-10", "1-10", ""]),
        ("a=T,c=20,r=1", "[3;1R", ["", "1-10", "", ""]),
    ];
    for (keys, cursor, expected) in table {
        let bytes = format!("\x1b[2;2H{}", kitty(keys, 16, 16));
        assert_eq!(cursor_after(&bytes), cursor, "{keys}");
        if keys != "a=T,c=9" {
            assert_eq!(after(&bytes), expected, "{keys}");
        }
    }
}

#[test]
fn text_does_not_touch_placements_and_clearing_the_screen_does() {
    let picture = kitty("a=T,C=1", 48, 32);
    for (bytes, expected) in [
        ("xyz\x1b[2K\x1b[5X", ["0-6", "0-6", "", ""]),
        ("\x1b[J", ["0-6", "0-6", "", ""]),
        ("\x1b[2J", ["", "", "", ""]),
        ("\x1bc", ["", "", "", ""]),
        ("\x1b[4H\n\n", ["", "", "", ""]),
        ("\x1b[4H\n", ["0-6", "", "", ""]),
    ] {
        assert_eq!(after(&format!("{picture}{bytes}")), expected, "{}", bytes.escape_debug());
    }
}

#[test]
fn placements_stay_with_their_lines_until_those_are_gone() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(format!("a\r\n{}\r\n", kitty("a=T,i=1,q=2", 16, 32)).as_bytes());
    assert_eq!(seen(&terminal), ["", "0-2", "0-2", ""]);
    let _ = terminal.advance("\n".repeat(50).as_bytes());
    assert_eq!(seen(&terminal), ["", "", "", ""]);
    terminal.scroll(Scroll::Top);
    assert_eq!(seen(&terminal), ["", "0-2", "0-2", ""]);
    // One hundred lines of history are kept.
    let _ = terminal.advance("\n".repeat(52).as_bytes());
    terminal.scroll(Scroll::Top);
    assert_eq!(seen(&terminal)[0], "0-2");
    let _ = terminal.advance("\n".as_bytes());
    terminal.scroll(Scroll::Top);
    assert_eq!(seen(&terminal), ["", "", "", ""]);
}

#[test]
fn z_says_what_lies_above() {
    let terminal = terminal(10, 4);
    let low = i32::MIN / 2 - 1;
    let pictures = [("1", 5), ("2", -1), ("3", low), ("4", 0)];
    let _ = terminal.advance(b"\x1b[1;2H\x1b[41m \x1b[m\x1b[H");
    for (id, z) in pictures {
        let _ = terminal.advance(kitty(&format!("a=T,C=1,q=2,i={id},z={z}"), 24, 16).as_bytes());
    }
    let row = content(&terminal).rows.remove(0);
    let seen: Vec<_> = row.pieces.iter().map(|piece| (piece.columns.clone(), piece.layer)).collect();
    use Layer::{Above, Below};
    assert_eq!(seen, [(0..1, Below), (2..3, Below), (0..3, Below), (0..3, Above), (0..3, Above)]);
}

#[test]
fn placeholders_in_the_text_show_parts_of_a_picture() {
    let terminal = terminal(10, 4);
    let virtually = kitty("a=T,U=1,i=66051,c=3,r=2,q=2", 48, 32);
    // 66051 is 0x010203.
    let text = "\x1b[38;2;1;2;3m\u{10eeee}\u{305}\u{305}\u{10eeee}\u{305}\u{30d}\u{10eeee}\r\n\
                \u{10eeee}\u{30d}\u{10eeee}\x1b[39m\u{10eeee}\r\n\x1b[38;2;1;2;3m\u{10eeee}\u{305}\u{30e}";
    let _ = terminal.advance(format!("{virtually}{text}").as_bytes());
    assert_eq!(seen(&terminal), ["0-3", "0-2", "0-1", ""]);
    let content = content(&terminal);
    let frame = |line: usize| content.rows[line].pieces[0].frame;
    // 48x32 pixels fit into 24x32 at half their size, in the middle.
    assert_eq!((frame(0).left, frame(0).top, frame(0).width, frame(0).height), (0, 8, 24, 16));
    assert_eq!((frame(1).left, frame(1).top), (0, -8));
    assert_eq!((frame(2).left, frame(2).top), (-16, 8));
    assert_eq!(content.rows[0].cells[0].character, ' ');
    let _ = terminal.advance(b"\x1b_Ga=d,d=I,i=66051\x1b\\");
    assert_eq!(seen(&terminal), ["", "", "", ""]);
}

#[test]
fn an_inline_file_is_shown_in_the_cells() {
    let file = encode(16, 16, png::ColorType::Rgb, png::BitDepth::Eight, &[9; 16 * 16 * 3]);
    let data = STANDARD.encode(file);
    let inline = |keys: &str| format!("\x1b]1337;File={keys}:{data}\x07");
    assert_eq!(after(&inline("inline=1")), ["0-2", "", "", ""]);
    assert_eq!(after(&inline("name=eA==;inline=1;width=3")), ["0-3", "0-3", "", ""]);
    assert_eq!(cursor_after(&inline("inline=1;width=3")), "[2;4R");
    assert_eq!(after(&inline("inline=0")), ["", "", "", ""]);
    assert_eq!(after("\x1b]1337;File=inline=1:AAAA\x07x"), ["", "", "", ""]);
    assert_eq!(shown("\x1b]1337;File=inline=1:AAAA\x07x\x1b]1337;File\x07y\x1b]1337;SetMark\x07z")[0], "xyz");
}

#[test]
fn pictures_take_no_more_memory_than_they_may() {
    let big = sixel(1000, 1000);
    let terminal = terminal(10, 4);
    let bytes = || terminal.inner.lock().emulator.graphics.images.bytes();
    for round in 0..18 {
        let _ = terminal.advance(big.as_bytes());
        assert!(bytes() <= MEMORY, "round {round}: {}", bytes());
    }
    for id in 1..=18 {
        let keys = format!("a=T,f=32,o=z,q=2,i={id},s=1000,v=1000");
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, &[1; 4_000_000]).unwrap();
        let data = STANDARD.encode(encoder.finish().unwrap());
        let _ = terminal.advance(format!("\x1b_G{keys};{data}\x1b\\").as_bytes());
        assert!(bytes() <= MEMORY, "kitty {id}: {}", bytes());
    }
    // Nor do cells keep marks of pictures that are gone.
    let inner = terminal.inner.lock();
    let (emulator, images) = (&inner.emulator, &inner.emulator.graphics.images);
    let lines = -i32::try_from(emulator.term.grid().history_size()).unwrap()..4;
    let rows = lines.map(|line| &emulator.term.grid()[alacritty_terminal::index::Line(line)]);
    let marks = rows.flat_map(|row| row.into_iter().flat_map(image::cells::marks));
    let dropped = marks.filter(|mark| images.slot(mark.slot).is_none()).count();
    assert_eq!(dropped, 0);
    drop(inner);
    // The newest is there.
    assert_ne!(seen(&terminal), ["", "", "", ""]);
    let _ = terminal.advance(b"\x1bc");
    assert_eq!(bytes(), 0);
}

#[test]
fn pictures_that_nothing_shows_go_before_older_ones_that_are_seen() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(format!("\x1b[4H{}", sixel(8, 16)).as_bytes());
    // A film: each picture replaces the one before.
    for _ in 0..5000 {
        let _ = terminal.advance(format!("\x1b[H{}", sixel(8, 16)).as_bytes());
    }
    assert_eq!(seen(&terminal), ["0-1", "", "", "0-1"]);
}

#[test]
fn hostile_pictures_are_bounded() {
    let terminal = terminal(10, 4);
    let hostile = [
        "\x1bPq\"1;1;4294967295;4294967295~\x1b\\".to_owned(),
        "\x1bPq\"1;1;2896;2896\x1b\\".repeat(3),
        format!("\x1bPq{}\x1b\\", "!9999~$".repeat(1000)),
        format!("\x1bPq{}\x1b\\", "!9999~-".repeat(500)),
        format!("\x1bPq{}\x1b\\", "#1;2;3;4;5".repeat(20_000)),
        format!("\x1b_Gs=4000000000,v=4000000000,a=T;{}\x1b\\", "A".repeat(100_000)),
        format!("\x1b_G{}\x1b\\", "a=".repeat(500_000)),
        format!("\x1b_Gf=100,a=T,m=1;{}\x1b\\", "A".repeat(1_000_000)),
        "\x1b_Ga=p,i=1,c=4294967295,r=4294967295,q=2\x1b\\".repeat(9000),
        format!("\x1b]1337;File={}", "inline=1;".repeat(100_000)),
    ];
    let _ = terminal.advance(kitty("a=t,i=1,q=2", 8, 8).as_bytes());
    for bytes in hostile {
        let _ = terminal.advance(bytes.as_bytes());
        let _ = (seen(&terminal), terminal.visible_text());
        assert!(terminal.inner.lock().emulator.graphics.images.bytes() <= MEMORY);
        let _ = terminal.advance(b"\x1b\\\x1b[H");
    }
}

#[test]
fn a_picture_in_a_synchronized_update_is_shown_at_its_end() {
    let terminal = terminal(10, 4);
    let _ = terminal.advance(format!("\x1b[?2026h{}\r\n{}x", sixel(16, 16), kitty("a=T,i=1", 8, 8)).as_bytes());
    assert_eq!(seen(&terminal), ["", "", "", ""]);
    assert_eq!(terminal.advance(b"\x1b[?2026l\x1b[6n"), b"\x1b_Gi=1;OK\x1b\\\x1b[2;3R");
    assert_eq!(seen(&terminal), ["0-2", "0-1", "", ""]);
    let _ = terminal.advance(format!("\x1b[?2026h{}", kitty("a=T", 8, 8)).as_bytes());
    terminal.note("over");
    assert!(terminal.visible_text().contains("over"));
}

#[test]
fn the_lock_is_given_away_while_pictures_are_painted() {
    let terminal = terminal(10, 4);
    let data = format!("\x1bPq{}\x1b\\", "!9999~$".repeat(300));
    let mut inner = terminal.inner.lock();
    let used = inner.advance(data.as_bytes(), Instant::now());
    assert!(used < data.len() / 4, "{used} of {}", data.len());
    // A picture that must be decoded stops it as well, and is decoded without the lock.
    inner.parser = Parser::default();
    let command = format!("{}abc", kitty("a=T", 8, 8));
    assert_eq!(inner.advance(command.as_bytes(), Instant::now()), command.len() - 3);
    assert!(inner.emulator.graphics.take_job().is_some());
}

//! Animations of the kitty graphics protocol. A cell is 8 by 16 pixels.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

/// A command with pixels of one grey.
fn grey(keys: &str, (width, height): (u32, u32), grey: u8) -> String {
    let data = STANDARD.encode([grey, grey, grey, 255].repeat((width * height) as usize));
    format!("\x1b_G{keys},s={width},v={height};{data}\x1b\\")
}

/// A terminal that shows picture 1 in its first cell, with frames of the greys 10, 20 and 30.
fn with_frames() -> Arc<Terminal> {
    let terminal = terminal(10, 4);
    let frames = [
        grey("a=T,i=1,q=2", (8, 16), 10),
        grey("a=f,i=1,q=2,z=50", (8, 16), 20),
        grey("a=f,i=1,q=2,z=100", (8, 16), 30),
    ];
    let _ = terminal.advance(frames.concat().as_bytes());
    terminal
}

/// The grey of the first pixel that is shown, and whether a next frame is to be drawn.
fn looked_at(terminal: &Terminal, now: Instant, content: &mut Content) -> (Option<u8>, bool) {
    terminal.snapshot_at(now, content);
    let pieces = content.rows.iter().flat_map(|row| &row.pieces);
    (pieces.map(|piece| piece.picture.pixels()[0]).next(), content.next_frame.is_some())
}

fn shown(terminal: &Terminal) -> Option<u8> {
    looked_at(terminal, Instant::now(), &mut Content::default()).0
}

#[test]
fn frames_follow_each_other_while_they_are_seen() {
    let terminal = with_frames();
    let (begin, mut content) = (Instant::now(), Content::default());
    let mut at = |time| looked_at(&terminal, begin + Duration::from_millis(time), &mut content);
    assert_eq!([at(0), at(500)], [(Some(10), false); 2], "it was not started");
    let _ = terminal.advance(b"\x1b_Ga=a,i=1,s=3,r=1,z=30\x1b\\");
    assert_eq!([at(1000), at(1029), at(1030), at(1080), at(1179)], [10, 10, 20, 30, 30].map(|grey| (Some(grey), true)));
    assert_eq!(at(1180), (Some(10), true));
    let _ = terminal.advance(b"\x1b_Ga=a,i=1,s=1\x1b\\");
    assert_eq!([at(2000), at(3000)], [(Some(10), false); 2]);
}

#[test]
fn a_row_is_drawn_anew_for_each_frame_and_nothing_for_what_is_out_of_sight() {
    let terminal = with_frames();
    let _ = terminal.advance(b"\x1b_Ga=a,i=1,s=3,r=1,z=30\x1b\\");
    let (begin, mut content) = (Instant::now(), Content::default());
    let _ = looked_at(&terminal, begin, &mut content);
    let before: Vec<_> = content.rows.iter().map(|row| row.revision).collect();
    assert_eq!(content.next_frame, Some(begin + Duration::from_millis(30)));
    let _ = looked_at(&terminal, begin + Duration::from_millis(30), &mut content);
    let after: Vec<_> = content.rows.iter().map(|row| row.revision).collect();
    assert!(before[0] != after[0] && before[1..] == after[1..]);
    // Scrolled away, and on the other screen.
    let _ = terminal.advance(b"\r\n\n\n\n\n\n");
    assert_eq!(looked_at(&terminal, begin + Duration::from_secs(1), &mut content), (None, false));
    terminal.scroll(Scroll::Top);
    assert!(looked_at(&terminal, begin + Duration::from_secs(2), &mut content).1);
    let _ = terminal.advance(b"\x1b[?1049h");
    assert_eq!(looked_at(&terminal, begin + Duration::from_secs(3), &mut content), (None, false));
}

#[test]
fn a_program_may_choose_the_frame_and_edit_it() {
    let table = [
        ("a=a,i=1,c=2".to_owned(), Some(20)),
        ("a=a,i=1,c=9".to_owned(), Some(10)),
        // One frame onto another.
        ("a=c,i=1,r=3,c=1".to_owned(), Some(30)),
        ("a=c,i=1,r=3,c=1,w=1,h=1,x=1".to_owned(), Some(10)),
        ("a=d,d=f,i=1,r=1".to_owned(), Some(20)),
        ("a=d,d=F,i=1,r=1".to_owned(), Some(20)),
    ];
    for (command, expected) in table {
        let terminal = with_frames();
        let _ = terminal.advance(format!("\x1b_G{command}\x1b\\").as_bytes());
        assert_eq!(shown(&terminal), expected, "{command}");
    }
    let terminal = with_frames();
    let _ = terminal.advance(grey("a=f,i=1,r=1", (1, 1), 77).as_bytes());
    assert_eq!(shown(&terminal), Some(77));
    let _ = terminal.advance(b"\x1b_Ga=d,d=F,i=1\x1b\\".repeat(3).as_slice());
    assert_eq!(shown(&terminal), None, "the last frame takes the picture along");
    assert!(terminal.inner.lock().emulator.graphics.images.is_empty());
}

#[test]
fn a_frame_may_be_a_part_on_top_of_another_frame_or_of_a_colour() {
    let pixels = |keys: &str| {
        let terminal = with_frames();
        let _ = terminal.advance(format!("{}\x1b_Ga=a,i=1,c=4\x1b\\", grey(keys, (2, 1), 99)).as_bytes());
        let content = content(&terminal);
        content.rows[0].pieces[0].picture.pixels()[..12].to_vec()
    };
    assert_eq!(pixels("a=f,i=1,c=2,x=1"), [[20, 20, 20, 255], [99, 99, 99, 255], [99, 99, 99, 255]].concat());
    assert_eq!(pixels("a=f,i=1,x=2,Y=67305985"), [[4, 3, 2, 1], [4, 3, 2, 1], [99, 99, 99, 255]].concat());
    assert_eq!(pixels("a=f,i=1,x=2"), [[0; 4], [0; 4], [99, 99, 99, 255]].concat());
}

#[test]
fn frames_are_answered() {
    let table = [
        (grey("a=f,i=1", (8, 16), 1), "i=1;OK"),
        (grey("a=f,i=1,r=2", (8, 16), 1), "i=1,r=2;OK"),
        (grey("a=f,i=1,q=1", (8, 16), 1), ""),
        (grey("a=f,i=1", (9, 16), 1), "i=1;EINVAL:the frame is larger than the image"),
        (grey("a=f,i=1,c=4", (8, 16), 1), "i=1;ENOENT:no such frame"),
        ("\x1b_Ga=c,i=1,r=1,c=2\x1b\\".to_owned(), "i=1;OK"),
        ("\x1b_Ga=c,i=1,r=1,c=9\x1b\\".to_owned(), "i=1;ENOENT:no such frame"),
        ("\x1b_Ga=c,i=1,r=1,c=2,w=9\x1b\\".to_owned(), "i=1;EINVAL:the area lies outside the image"),
        ("\x1b_Ga=c,i=1,r=1,c=1\x1b\\".to_owned(), "i=1;EINVAL:source and destination overlap"),
        ("\x1b_Ga=a,i=1,s=3\x1b\\".to_owned(), ""),
    ];
    for (command, expected) in table {
        let expected = if expected.is_empty() { String::new() } else { format!("\x1b_G{expected}\x1b\\") };
        let answer = String::from_utf8(with_frames().advance(command.as_bytes())).unwrap();
        assert_eq!(answer, expected, "{}", command.chars().take(20).collect::<String>().escape_debug());
    }
}

#[test]
fn frames_share_the_memory_of_pictures_and_what_has_no_room_is_refused() {
    let terminal = terminal(10, 4);
    // A megabyte each, as little data: one pixel on an empty canvas.
    let _ = terminal.advance(grey("a=T,i=1,q=2,C=1", (512, 512), 10).as_bytes());
    let _ = terminal.advance(grey("a=t,i=2,q=2", (512, 512), 10).as_bytes());
    let answers = terminal.advance(grey("a=f,i=1", (1, 1), 1).repeat(80).as_bytes());
    let answers = String::from_utf8(answers).unwrap();
    assert_eq!(answers.matches("OK").count(), 47);
    assert_eq!(answers.matches("ENOSPC:no room for another frame").count(), 33);
    let bytes = || terminal.inner.lock().emulator.graphics.images.bytes();
    assert!(bytes() <= crate::terminal::image::MEMORY, "{}", bytes());
    // Others make room, and it is they that go.
    let _ = terminal.advance(grey("a=t,i=3,q=2", (512, 512), 10).repeat(3).as_bytes());
    assert_eq!(shown(&terminal), Some(10));
    // Of small frames there are not many without end.
    let _ = terminal.advance(grey("a=T,i=4,q=2", (1, 1), 10).as_bytes());
    let answers = String::from_utf8(terminal.advance(grey("a=f,i=4", (1, 1), 1).repeat(1500).as_bytes())).unwrap();
    assert_eq!(answers.matches("OK").count(), 1023);
}

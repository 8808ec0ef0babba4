//! Placements of the kitty graphics protocol that lie relative to others. A cell is 8 by 16 pixels.

use super::*;

/// In which cells picture 2 is seen, which is as large as a cell: lines and columns.
fn child(terminal: &Terminal) -> Vec<(usize, u16)> {
    let rows = content(terminal).rows;
    let lines = rows.iter().enumerate();
    let pieces = lines.flat_map(|(line, row)| row.pieces.iter().map(move |piece| (line, piece)));
    let small = pieces.filter(|(_, piece)| piece.picture.width() == 8);
    small.map(|(line, piece)| (line, piece.columns.start)).collect()
}

/// Picture 1, two cells large, on the third line of six; picture 2 was sent.
fn with_parent() -> Arc<Terminal> {
    let terminal = terminal(10, 6);
    let data = |pixels: usize| "A".repeat(pixels * 4);
    let parent = format!("\x1b_Ga=T,q=2,i=1,p=1,f=24,s=16,v=16,C=1;{}\x1b\\", data(16 * 16));
    let child = format!("\x1b_Ga=t,q=2,i=2,f=24,s=8,v=16;{}\x1b\\", data(8 * 16));
    let _ = terminal.advance(format!("\x1b[3;4H{parent}{child}\x1b[H").as_bytes());
    terminal
}

fn answer_to(terminal: &Terminal, keys: &str) -> String {
    let answer = String::from_utf8(terminal.advance(format!("\x1b_Ga=p,{keys}\x1b\\").as_bytes())).unwrap();
    answer.trim_start_matches("\x1b_G").trim_end_matches("\x1b\\").to_owned()
}

#[test]
fn a_placement_lies_beside_its_parent_and_the_cursor_stays() {
    let table = [("", vec![(2, 3)]), (",H=2,V=1", vec![(3, 5)]), (",H=-3,V=-2", vec![(0, 0)]), (",H=-4", vec![])];
    for (keys, expected) in table {
        let terminal = with_parent();
        assert_eq!(answer_to(&terminal, &format!("i=2,P=1,Q=1{keys}")), "i=2;OK");
        assert_eq!(child(&terminal), expected, "{keys}");
        assert_eq!(content(&terminal).cursor.map(|cursor| (cursor.line, cursor.column)), Some((0, 0)));
    }
}

#[test]
fn it_moves_with_its_parent_and_goes_with_it() {
    let terminal = with_parent();
    let _ = answer_to(&terminal, "i=2,P=1,H=1,V=1,q=2");
    assert_eq!(child(&terminal), [(3, 4)]);
    // Scrolled, between margins in which the child is not, and placed elsewhere.
    for (bytes, expected) in
        [("\x1b[L", (4, 4)), ("\x1b[1;4r\x1b[S", (3, 4)), ("\x1b[r\x1b[2;2H\x1b_Ga=p,i=1,p=1\x1b\\", (2, 2))]
    {
        let _ = terminal.advance(bytes.as_bytes());
        assert_eq!(child(&terminal), [expected], "{}", bytes.escape_debug());
    }
    // A grandchild goes as well.
    let _ = answer_to(&terminal, "i=2,p=3,P=2,H=1,q=2");
    assert_eq!(child(&terminal), [(2, 2), (2, 3)]);
    let _ = terminal.advance(b"\x1b_Ga=d,d=i,i=1,p=1\x1b\\");
    assert_eq!(child(&terminal), []);
    assert_eq!(answer_to(&terminal, "i=2"), "i=2;ENOENT:no such image", "it went with its last placement");
}

#[test]
fn what_cannot_be_relative_is_refused() {
    let terminal = with_parent();
    assert_eq!(answer_to(&terminal, "i=2,P=9"), "i=2;ENOPARENT:no such parent");
    assert_eq!(answer_to(&terminal, "i=2,P=1,Q=7"), "i=2;ENOPARENT:no such parent");
    let placeless = "EINVAL:placeholders have no part in relative placement";
    assert_eq!(answer_to(&terminal, "i=2,U=1,P=1"), format!("i=2;{placeless}"));
    let _ = answer_to(&terminal, "i=2,p=9,U=1,q=2");
    assert_eq!(answer_to(&terminal, "i=1,p=2,P=2,Q=9"), format!("i=1,p=2;{placeless}"));
    let _ = answer_to(&terminal, "i=2,p=1,P=1,Q=1,q=2");
    assert_eq!(answer_to(&terminal, "i=1,p=1,P=2,Q=1"), "i=1,p=1;ECYCLE:the placement would lie relative to itself");
    let answers: Vec<String> =
        (2..12).map(|id| answer_to(&terminal, &format!("i=2,p={id},P=2,Q={}", id - 1))).collect();
    assert_eq!(answers.iter().filter(|answer| answer.ends_with(";OK")).count(), 7, "{answers:?}");
    assert!(answers[7].ends_with("ETOODEEP:too many placements relative to each other"), "{answers:?}");
}

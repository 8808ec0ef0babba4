//! Pictures of remote programs in the real window.

use testbed::{Deadline, Screenshot};

use super::desk::Desk;

#[test]
fn a_sixel_picture_is_seen_where_the_program_drew_it() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    // Sixty lines of red, eighty pixels wide: ten bands of six.
    desk.type_text("clear; printf '\\eP0;1q\"1;1;80;60#1;2;100;0;0'; for i in 1 2 3 4 5 6 7 8 9 0; do printf '#1!80~-'; done; printf '\\e\\\\\\ndr''awn\\n'\n");
    desk.wait_for_text("drawn");
    let red = |desk: &Desk| {
        let now = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
        let points = (0..now.height()).flat_map(|y| (0..now.width()).map(move |x| (x, y)));
        points.filter(|(x, y)| now.pixel(*x, *y) == Some([255, 0, 0])).count()
    };
    Deadline::generous().wait_until("a red rectangle", || red(&desk) >= 80 * 60).unwrap();
    desk.type_text("clear\n");
    Deadline::generous().wait_until("it to go with the text", || red(&desk) == 0).unwrap();
}

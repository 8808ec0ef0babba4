//! Pictures as text: a letter for each pixel.

use super::*;

/// `.` is transparent, `k` black, `r`, `g` and `b` are full colours, `?` is another one.
fn drawn(transparent: bool, data: &str) -> Vec<String> {
    let mut sixel = Sixel::new(transparent, Registers::default(), Spares::default());
    let mut work = usize::MAX;
    assert_eq!(sixel.advance(data.as_bytes(), &mut work), data.len());
    let Some(picture) = sixel.finish(&mut work).picture else { return Vec::new() };
    let letter = |pixel: &[u8; 4]| match pixel {
        [_, _, _, 0] => '.',
        [0, 0, 0, _] => 'k',
        [255, 0, 0, _] => 'r',
        [0, 255, 0, _] => 'g',
        [0, 0, 255, _] => 'b',
        _ => '?',
    };
    let pixels: Vec<char> = picture.pixels().as_chunks::<4>().0.iter().map(letter).collect();
    pixels.chunks(picture.width() as usize).map(|row| row.iter().collect()).collect()
}

const RED: &str = "#1;2;100;0;0";
const BLUE: &str = "#2;1;0;50;100";

#[test]
fn sixels_are_painted_from_the_top_bit_by_bit() {
    assert_eq!(drawn(true, &format!("{RED}@A~")), ["r.r", ".rr", "..r", "..r", "..r", "..r"]);
    assert_eq!(drawn(true, &format!("{RED}@$?{BLUE}A")), ["r.", ".b"]);
    assert_eq!(drawn(true, &format!("{RED}@-@")), ["r", ".", ".", ".", ".", ".", "r"]);
    assert_eq!(drawn(true, &format!("{RED}!4@{BLUE}!2?@")), ["rrrr..b"]);
    assert_eq!(drawn(true, &format!("{RED}!0@!1@!;@")), ["rrr"]);
    // A register keeps what was painted before it was defined again.
    assert_eq!(drawn(true, &format!("{RED}@#1;2;0;0;100@#1@")), ["rbb"]);
    // Other bytes mean nothing.
    assert_eq!(drawn(true, &format!("{RED}\n@ \u{e9}&%@")), ["rr"]);
}

#[test]
fn the_announced_size_is_the_least_one_and_is_filled_with_register_0() {
    assert_eq!(drawn(false, &format!("\"1;1;3;2{RED}@")), ["rkk", "kkk"]);
    assert_eq!(drawn(true, &format!("\"1;1;3;2{RED}@")), ["r..", "..."]);
    assert_eq!(drawn(false, &format!("\"2;1;1;1{RED}@@-@")), ["rr", "..", "..", "..", "..", "..", "r."]);
    assert_eq!(drawn(false, "#0;2;100;0;0\"1;1;2;1#0"), ["rr"]);
    // Without one nothing is filled.
    assert_eq!(drawn(false, &format!("{RED}@?@")), ["r.r"]);
    // In the middle it is too late.
    assert_eq!(drawn(true, &format!("{RED}@\"1;1;9;9@")), ["rr"]);
}

#[test]
fn a_picture_without_a_pixel_is_none_but_has_its_size() {
    assert_eq!(drawn(true, ""), Vec::<String>::new());
    assert_eq!(drawn(true, "!500?-!9?"), Vec::<String>::new());
    let mut sixel = Sixel::new(true, Registers::default(), Spares::default());
    let mut work = usize::MAX;
    let _ = sixel.advance(b"\"1;1;30;60", &mut work);
    let Finished { picture, size, .. } = sixel.finish(&mut work);
    assert_eq!((picture, size), (None, (30, 60)));
}

#[test]
fn no_claim_and_no_repetition_makes_a_picture_too_large() {
    let huge = [
        "\"1;1;4294967295;4294967295@".to_owned(),
        "\"1;1;10000;10000@".to_owned(),
        "!99999999999999@".to_owned(),
        format!("!10000@{}!10000@", "-".repeat(900)),
        format!("{}@!10000@", "-".repeat(100_000)),
        "!10000~-".repeat(2000),
        "~-".repeat(2000),
    ];
    for data in huge {
        let mut sixel = Sixel::new(false, Registers::default(), Spares::default());
        let mut work = usize::MAX;
        let _ = sixel.advance(data.as_bytes(), &mut work);
        assert!(sixel.sheet.pixels.len() <= LARGEST as usize * 4, "{data:.20}");
        let Finished { picture, size: (width, height), .. } = sixel.finish(&mut work);
        assert!(width <= LONGEST && height <= LONGEST && width * height <= LARGEST, "{data:.20}: {width}x{height}");
        assert!(picture.is_none_or(|picture| (picture.width(), picture.height()) == (width, height)));
    }
}

#[test]
fn work_is_counted_in_pixels_and_stops_the_reading() {
    let mut sixel = Sixel::new(true, Registers::default(), Spares::default());
    let data = "!1000~$".repeat(10);
    let mut work = 14_000;
    let read = sixel.advance(data.as_bytes(), &mut work);
    assert_eq!((read, work), (7 * 2 + 6, 0));
    let mut more = usize::MAX;
    assert_eq!(sixel.advance(data.get(read..).unwrap().as_bytes(), &mut more), data.len() - read);
    assert_eq!(usize::MAX - more, 7 * 6000);
}

#[test]
fn a_picture_in_the_memory_of_another_shows_nothing_of_it() {
    let old = || {
        let mut spares = Spares::default();
        spares.keep(Picture::new(40, 40, vec![7; 6400]).expect("a picture"), 10_000);
        spares
    };
    for data in ["\"1;1;9;8#1;2;100;0;0@-@", "#1;2;100;0;0@-@", "#1;2;100;0;0@\"1;1;9;8@-@", "\"1;1;3;3#1!9~-!9~"] {
        for transparent in [false, true] {
            let read = |spares: Spares| {
                let mut sixel = Sixel::new(transparent, Registers::default(), spares);
                let mut work = usize::MAX;
                let _ = sixel.advance(data.as_bytes(), &mut work);
                sixel.finish(&mut work).picture.expect("a picture")
            };
            let (now, alone) = (read(old()), read(Spares::default()));
            assert_eq!(
                (now.width(), now.height(), now.opaque()),
                (alone.width(), alone.height(), alone.opaque()),
                "{data}"
            );
            assert!(now.pixels() == alone.pixels(), "{data}");
            let opaque = now.pixels().as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255);
            assert_eq!(now.opaque(), opaque, "{data}");
        }
    }
}

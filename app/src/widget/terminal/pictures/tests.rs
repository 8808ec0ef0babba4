use term::terminal::Rgb;
use term::terminal::image::{Area, Frame, Picture};

use super::*;

const CELL: Size<u32> = Size::new(4, 6);

/// A picture whose pixels tell their place: red is the column, green the row.
fn numbered(width: u32, height: u32) -> Arc<Picture> {
    let pixel = |index: u32| [(index % width) as u8, (index / width) as u8, 7, 255];
    Picture::new(width, height, (0..width * height).flat_map(pixel).collect()).expect("a picture")
}

/// The slice that lies `above` lines below the top of a picture, shown in the cells that it needs.
fn piece(picture: &Arc<Picture>, size: (u32, u32), above: i32) -> Piece {
    let cell = (CELL.width as u16, CELL.height as u16);
    Piece {
        picture: Arc::clone(picture),
        source: Area { x: 0, y: 0, width: picture.width(), height: picture.height() },
        frame: Frame { left: 0, top: -above * CELL.height as i32, width: size.0, height: size.1, cell },
        columns: 0..size.0.div_ceil(CELL.width) as u16,
        layer: Layer::Above,
        tint: None,
    }
}

fn above(pieces: &[Piece], cell: Size<u32>) -> Arc<Bitmap> {
    let mut pictures = Pictures::default();
    pictures.begin(cell);
    pictures.layers(pieces).above.expect("a bitmap")
}

fn at(bitmap: &Bitmap, x: u32, y: u32) -> [u8; 4] {
    bitmap.pixels().as_chunks::<4>().0[(y * bitmap.width() + x) as usize]
}

#[test]
fn a_picture_at_its_own_size_is_shown_pixel_by_pixel() {
    let picture = numbered(10, 14);
    for line in 0..3 {
        let bitmap = above(&[piece(&picture, (10, 14), line)], CELL);
        assert_eq!((bitmap.left(), bitmap.width(), bitmap.height()), (0, 12, 6));
        for (x, y) in (0..12).flat_map(|x| (0..6).map(move |y| (x, y))) {
            let row = line as u32 * 6 + y;
            let expected = if x < 10 && row < 14 { [x as u8, row as u8, 7, 255] } else { [0; 4] };
            assert_eq!(at(&bitmap, x, y), expected, "{x},{y} of line {line}");
        }
    }
}

#[test]
fn slices_join_without_a_seam_at_every_scale() {
    let row = |y: u32| (0..24).flat_map(move |_| [y as u8 * 10, 0, 0, 255]);
    let picture = Picture::new(24, 18, (0..18).flat_map(row).collect()).expect("a picture");
    for cell in [Size::new(4, 6), Size::new(5, 7), Size::new(6, 9), Size::new(8, 12), Size::new(3, 4)] {
        let mut reds = Vec::new();
        for line in 0..3 {
            let bitmap = above(&[piece(&picture, (24, 18), line)], cell);
            assert_eq!(bitmap.width(), 6 * cell.width);
            assert!(bitmap.pixels().as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255), "{cell:?}");
            reds.extend((0..cell.height).map(|y| i32::from(at(&bitmap, cell.width, y)[0])));
        }
        let step = 180 / reds.len() as i32;
        let even = reds.windows(2).all(|pair| (0..=step * 2 + 2).contains(&(pair[1] - pair[0])));
        assert!(even, "{cell:?}: {reds:?}");
    }
}

#[test]
fn shrinking_is_the_mean_and_reads_a_smaller_copy() {
    let checks = |index: u32| if (index % 512 + index / 512).is_multiple_of(2) { [255; 4] } else { [0, 0, 0, 255] };
    let picture = Picture::new(512, 512, (0..512 * 512).flat_map(checks).collect()).expect("a picture");
    let bitmap = above(&[piece(&picture, (4, 6), 0)], CELL);
    for pixel in bitmap.pixels().as_chunks::<4>().0 {
        assert!(pixel[..3].iter().all(|channel| (120..=136).contains(channel)), "{pixel:?}");
    }
}

#[test]
fn a_part_of_a_picture_is_shown_without_its_surroundings() {
    let pixel = |index: u32| if (2..4).contains(&(index % 6)) { [200, 0, 0, 255] } else { [0, 200, 0, 255] };
    let picture = Picture::new(6, 1, (0..6).flat_map(pixel).collect()).expect("a picture");
    let mut part = piece(&picture, (8, 6), 0);
    part.source = Area { x: 2, y: 0, width: 2, height: 1 };
    let bitmap = above(&[part], CELL);
    assert!(bitmap.pixels().as_chunks::<4>().0.iter().all(|pixel| *pixel == [200, 0, 0, 255]));
}

#[test]
fn only_the_columns_of_a_piece_are_touched() {
    let picture = numbered(12, 6);
    let cut = Piece { columns: 1..2, ..piece(&picture, (12, 6), 0) };
    let bitmap = above(&[cut], CELL);
    assert_eq!((bitmap.left(), bitmap.width()), (4, 4));
    assert_eq!(at(&bitmap, 0, 0), [4, 0, 7, 255]);
    // Two pieces of one line share a bitmap.
    let ends = [
        Piece { columns: 0..1, ..piece(&picture, (12, 6), 0) },
        Piece { columns: 2..3, ..piece(&picture, (12, 6), 0) },
    ];
    let bitmap = above(&ends, CELL);
    assert_eq!((at(&bitmap, 3, 0), at(&bitmap, 5, 0), at(&bitmap, 8, 0)), ([3, 0, 7, 255], [0; 4], [8, 0, 7, 255]));
}

#[test]
fn what_lies_above_is_mixed_with_what_lies_below() {
    let plain = |pixel: [u8; 4]| Picture::new(4, 6, pixel.repeat(24)).expect("a picture");
    let (half, red) = (plain([0, 0, 200, 128]), plain([200, 0, 0, 255]));
    let bitmap = above(&[piece(&red, (4, 6), 0), piece(&half, (4, 6), 0)], CELL);
    assert_eq!(at(&bitmap, 1, 1), [100, 0, 100, 255]);
    let tinted = Piece { tint: Some(Rgb::hex(0x0000_ff00)), ..piece(&red, (4, 6), 0) };
    let pixel = at(&above(&[tinted], CELL), 1, 1);
    assert!(pixel[0] > 90 && pixel[1] > 90 && pixel[3] == 255, "{pixel:?}");
}

#[test]
fn a_line_is_scaled_once_as_long_as_it_is_shown() {
    let picture = numbered(40, 40);
    let line = [piece(&picture, (20, 20), 0)];
    let mut pictures = Pictures::default();
    let mut ids = Vec::new();
    for _ in 0..5 {
        pictures.begin(CELL);
        ids.push(pictures.layers(&line).above.expect("a bitmap").id());
    }
    assert_eq!(pictures.scaled(), 1);
    assert!(ids.iter().all(|id| *id == ids[0]));
    for _ in 0..5 {
        pictures.begin(CELL);
    }
    assert!(pictures.kept.is_empty());
    pictures.begin(Size::new(8, 12));
    let _ = pictures.layers(&line);
    assert_eq!(pictures.scaled(), 2);
}

#[test]
fn no_frame_is_too_strange_to_draw() {
    let picture = numbered(3, 3);
    let strange = [
        Frame { left: i32::MIN, top: i32::MIN, width: u32::MAX, height: u32::MAX, cell: (1, 1) },
        Frame { left: i32::MAX, top: i32::MAX, width: 1, height: 1, cell: (u16::MAX, u16::MAX) },
        Frame { left: 0, top: 0, width: u32::MAX, height: 1, cell: (0, 0) },
        Frame { left: -5, top: -5, width: 640_000, height: 640_000, cell: (10, 20) },
    ];
    for frame in strange {
        let backwards = std::ops::Range { start: 5, end: 2 };
        for columns in [0..0, 0..3, 0..u16::MAX, backwards] {
            let mut pictures = Pictures::default();
            pictures.begin(CELL);
            let _ = pictures.layers(&[Piece { frame, columns, ..piece(&picture, (3, 3), 0) }]);
        }
    }
}

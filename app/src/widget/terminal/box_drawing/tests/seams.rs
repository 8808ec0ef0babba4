//! What must hold for every cell size: neighbours touch at the same pixels, weights are the same on both sides.

use super::*;

/// Every cell from 4 to 40 pixels wide and high, with the thickness a font of that size has.
fn cells() -> impl Iterator<Item = Cell> {
    (4..=40).flat_map(|width| {
        (4..=40).map(move |height| Cell { width, height, thickness: (width / 8).min(height / 4).max(1) })
    })
}

/// The cells of usual proportions, for shapes that cost more to draw.
fn usual() -> impl Iterator<Item = Cell> {
    (4..=40).step_by(4).flat_map(|width| {
        [2 * width, 2 * width + 1, 9 * width / 4].map(|height| Cell { width, height, thickness: (width / 8).max(1) })
    })
}

/// The coverage along one edge: top, right, bottom or left.
fn rim(mask: &Mask, side: usize) -> Vec<u8> {
    let (width, height) = (mask.width(), mask.height());
    match side {
        0 => (0..width).map(|x| mask.at(x, 0)).collect(),
        1 => (0..height).map(|y| mask.at(width - 1, y)).collect(),
        2 => (0..width).map(|x| mask.at(x, height - 1)).collect(),
        _ => (0..height).map(|y| mask.at(0, y)).collect(),
    }
}

/// The straight line whose end an arm of this weight must look like.
fn straight(weight: u8, side: usize) -> Option<char> {
    let upright = side.is_multiple_of(2);
    Some(match (weight, upright) {
        (b'1', true) => '│',
        (b'1', false) => '─',
        (b'2', true) => '┃',
        (b'2', false) => '━',
        (b'3', true) => '║',
        (b'3', false) => '═',
        _ => return None,
    })
}

/// Whether all covered pixels hang together.
fn is_connected(mask: &Mask) -> bool {
    let inked = |x: u32, y: u32| x < mask.width() && y < mask.height() && mask.at(x, y) > 0;
    let all: Vec<(u32, u32)> =
        (0..mask.height()).flat_map(|y| (0..mask.width()).map(move |x| (x, y))).filter(|&(x, y)| inked(x, y)).collect();
    let mut seen = std::collections::HashSet::new();
    let mut next: Vec<(u32, u32)> = all.first().copied().into_iter().collect();
    while let Some((x, y)) = next.pop() {
        if inked(x, y) && seen.insert((x, y)) {
            next.extend([(x + 1, y), (x, y + 1), (x.wrapping_sub(1), y), (x, y.wrapping_sub(1))]);
        }
    }
    seen.len() == all.len()
}

#[test]
fn every_arm_ends_like_a_straight_line_of_its_weight_in_every_cell() {
    for cell in cells() {
        // The two strokes of a double line reach the edges of a cell that is hardly wider than them.
        let tiny = cell.width.min(cell.height) <= 4 * cell.thickness;
        for (character, arms) in lines::arms().filter(|(_, arms)| !(tiny && arms.contains(&b'3'))) {
            let mask = mask(character, cell);
            for (side, weight) in arms.iter().enumerate() {
                let expected = straight(*weight, side).map(|line| rim(&super::mask(line, cell), side));
                match expected {
                    Some(expected) => assert_eq!(rim(&mask, side), expected, "{character} in {cell:?}, side {side}"),
                    // Where a line is as thick as the cell there is nothing to tell arms by.
                    None if cell.width > 8 * cell.thickness && cell.height > 8 * cell.thickness => {
                        assert!(rim(&mask, side).iter().all(|ink| *ink == 0), "{character} in {cell:?}, side {side}");
                    }
                    None => {}
                }
            }
        }
    }
}

#[test]
fn single_lines_hang_together_in_every_cell() {
    for cell in cells().filter(|cell| cell.width % 3 == 0) {
        for (character, arms) in lines::arms().filter(|(_, arms)| !arms.contains(&b'3')) {
            assert!(is_connected(&mask(character, cell)), "{character} ({arms:?}) in {cell:?}");
        }
    }
}

#[test]
fn mirrored_lines_are_mirror_images_where_the_middle_is_a_pixel_line() {
    // An even number of pixels has no middle for an odd line.
    let centred = |cell: &Cell| (cell.width - cell.thickness).is_multiple_of(2) && cell.thickness == 1;
    for cell in cells().filter(centred) {
        for (one, other) in ["┌┐", "└┘", "├┤", "╔╗", "╚╝", "╠╣", "╒╕", "╓╖", "╞╡", "╭╮", "╰╯"].map(|pair| {
            let mut pair = pair.chars();
            (pair.next().expect("one"), pair.next().expect("other"))
        }) {
            if matches!(one, '╭' | '╰') && cell.width * 2 != cell.height + 1 {
                continue;
            }
            let (one_mask, other_mask) = (mask(one, cell), mask(other, cell));
            for y in 0..cell.height {
                for x in 0..cell.width {
                    let difference = one_mask.at(x, y).abs_diff(other_mask.at(cell.width - 1 - x, y));
                    assert!(difference <= 8, "{one}{other} at {x},{y} in {cell:?}");
                }
            }
        }
    }
}

#[test]
fn curves_meet_the_straight_lines_exactly() {
    for cell in usual() {
        for (curve, sides) in [('╭', [1, 2]), ('╮', [3, 2]), ('╰', [1, 0]), ('╯', [3, 0])] {
            for side in sides {
                let line = straight(b'1', side).expect("a line");
                assert_eq!(rim(&mask(curve, cell), side), rim(&mask(line, cell), side), "{curve} in {cell:?}");
            }
        }
    }
}

#[test]
fn dashes_are_as_thick_as_lines_and_leave_the_same_gap_across_a_seam() {
    for cell in cells().filter(|cell| cell.width >= 8 && cell.height >= 8) {
        for (dashed, line, side) in
            [('┄', '─', 0), ('┅', '━', 0), ('┈', '─', 0), ('╌', '─', 0), ('┆', '│', 1), ('╏', '┃', 1)]
        {
            let (dashed, line) = (mask(dashed, cell), mask(line, cell));
            for (dash, line) in dashed.coverage().iter().zip(line.coverage()) {
                assert!(*dash == 0 || dash == line, "only part of the line");
            }
            let along = |at| {
                if side == 0 {
                    (0..cell.height).any(|y| dashed.at(at, y) > 0)
                } else {
                    (0..cell.width).any(|x| dashed.at(x, at) > 0)
                }
            };
            let size = if side == 0 { cell.width } else { cell.height };
            // Twice the pattern, as it is seen over two cells: no gap is more than a pixel longer than another.
            let run: Vec<bool> = (0..2 * size).map(|at| along(at % size)).collect();
            let start = run.iter().position(|ink| *ink).expect("a dash");
            let gaps: Vec<usize> = run[start..start + size as usize]
                .split(|ink| *ink)
                .map(<[bool]>::len)
                .filter(|length| *length > 0)
                .collect();
            let (shortest, longest) = (gaps.iter().min().expect("a gap"), gaps.iter().max().expect("a gap"));
            assert!(longest - shortest <= 2, "{gaps:?} in {cell:?}");
        }
    }
}

#[test]
fn complementary_shapes_tile_every_cell() {
    let wedges = (0x1fb3c..=0x1fb51).map(|code| (code, code + 0x16));
    let triangles = (0x1fb68..=0x1fb6b).map(|code| (code, code + 4));
    let others = [
        (0x2580, 0x2584),
        (0x258c, 0x2590),
        (0x1fb95, 0x1fb96),
        (0x1fb9a, 0x1fb9b),
        (0xe0b8, 0xe0be),
        (0xe0ba, 0xe0bc),
    ];
    let pairs: Vec<(u32, u32)> = wedges.chain(triangles).chain(others).collect();
    for cell in usual() {
        for &(one, other) in &pairs {
            let of = |code| mask(char::from_u32(code).expect("a character"), cell);
            for (a, b) in of(one).coverage().iter().zip(of(other).coverage()) {
                let sum = u16::from(*a) + u16::from(*b);
                assert!((254..=255).contains(&sum), "U+{one:04X} and U+{other:04X} in {cell:?}: {sum}");
            }
        }
    }
}

#[test]
fn wedges_end_where_the_sextants_have_their_corners() {
    for cell in usual() {
        // 🬼 rises from the lower third of the left edge; 🬏 (sextant 5) fills that third.
        for (wedge, sextant) in [('\u{1fb3c}', '\u{1fb0f}'), ('\u{1fb48}', '\u{1fb1e}')] {
            let side = if wedge == '\u{1fb3c}' { 3 } else { 1 };
            let (wedge, sextant) = (rim(&mask(wedge, cell), side), rim(&mask(sextant, cell), side));
            let (slope, block) = (wedge.iter().position(|ink| *ink > 0), sextant.iter().position(|ink| *ink > 0));
            let (slope, block) = (slope.expect("ink"), block.expect("ink"));
            assert!(slope >= block && slope <= block + 2 + cell.height as usize / 12, "{slope} {block} in {cell:?}");
        }
    }
}

#[test]
fn fills_and_blocks_go_on_into_the_next_cell() {
    for cell in usual() {
        // A pattern whose period divides the cell begins anew just where it ended.
        let checks = mask('\u{1fb95}', cell);
        for y in 0..cell.height {
            assert_ne!(checks.at(0, y), checks.at(cell.width - 1, y), "{cell:?}");
        }
        for scan in '\u{23ba}'..='\u{23bd}' {
            let mask = mask(scan, cell);
            assert_eq!(rim(&mask, 1), rim(&mask, 3));
            assert_eq!(rim(&mask, 1).iter().filter(|ink| **ink == 255).count(), cell.thickness as usize);
        }
    }
}

#[test]
fn every_octant_pattern_that_exists_nowhere_else_is_drawn_once() {
    let cell = Cell { width: 8, height: 16, thickness: 1 };
    let mut seen = std::collections::HashSet::new();
    for code in (0x1cd00..=0x1cde5_u32).chain(0x2596..=0x259f) {
        let mask = mask(char::from_u32(code).expect("a character"), cell);
        assert!(seen.insert(mask.coverage().to_vec()), "U+{code:04X} looks like another");
    }
    // BLOCK OCTANT-3 is the first, BLOCK OCTANT-2345678 the last.
    let first = mask('\u{1cd00}', cell);
    assert!(first.at(0, 4) == 255 && first.at(4, 4) == 0 && first.at(0, 0) == 0 && first.at(0, 8) == 0);
    let last = mask('\u{1cde5}', cell);
    assert_eq!(last.coverage().iter().filter(|ink| **ink == 0).count(), 16, "all but the upper left");
    assert_eq!(last.at(0, 0), 0);
    assert_eq!(draw('\u{1cde6}', cell), None);
}

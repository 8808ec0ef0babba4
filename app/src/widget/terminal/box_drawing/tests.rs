mod seams;

use super::*;

const CELLS: [Cell; 4] = [
    Cell { width: 8, height: 18, thickness: 1 },
    Cell { width: 11, height: 23, thickness: 1 },
    Cell { width: 17, height: 37, thickness: 2 },
    Cell { width: 26, height: 55, thickness: 3 },
];

/// The covered pixels of one edge of a cell: top, right, bottom or left.
fn edge(mask: &Mask, edge: usize) -> Vec<u32> {
    let (width, height) = (mask.width(), mask.height());
    match edge {
        0 => (0..width).filter(|&x| mask.at(x, 0) > 127).collect(),
        1 => (0..height).filter(|&y| mask.at(width - 1, y) > 127).collect(),
        2 => (0..width).filter(|&x| mask.at(x, height - 1) > 127).collect(),
        _ => (0..height).filter(|&y| mask.at(0, y) > 127).collect(),
    }
}

fn mask(character: char, cell: Cell) -> Mask {
    draw(character, cell).expect("a character drawn here")
}

#[test]
fn lines_of_equal_weight_meet_at_the_same_pixels() {
    for cell in CELLS {
        for (straight, others, edges) in [
            ('─', "┌└├┬┴┼╭╰┄┈╌", [1]),
            ('─', "┐┘┤┬┴┼╮╯╼", [3]),
            ('│', "└┘├┤┴┼╰╯╽", [0]),
            ('│', "┌┐├┤┬┼╭╮╿", [2]),
            ('━', "┏┗┣┳┻╋╼", [1]),
            ('┃', "┗┛┣┫┻╋╿", [0]),
            ('═', "╔╚╠╦╩╬╒╘╞", [1]),
            ('═', "╗╝╣╦╩╬╕╛╡", [3]),
            ('║', "╚╝╠╣╩╬╙╜╟", [0]),
            ('║', "╔╗╠╣╦╬╓╖╥", [2]),
        ] {
            for other in others.chars().filter(|other| !"┄┈╌".contains(*other)) {
                for side in edges {
                    let expected = edge(&mask(straight, cell), side);
                    assert!(!expected.is_empty());
                    assert_eq!(edge(&mask(other, cell), side), expected, "{other} in {cell:?}, edge {side}");
                }
            }
        }
    }
}

#[test]
fn a_line_touches_only_the_edges_it_has_arms_for() {
    for cell in CELLS {
        for (character, arms) in [
            ('─', "0101"),
            ('└', "1100"),
            ('┤', "1011"),
            ('╔', "0110"),
            ('╝', "1001"),
            ('╞', "1110"),
            ('╥', "0111"),
            ('╨', "1101"),
            ('╴', "0001"),
            ('╻', "0010"),
            ('╮', "0011"),
        ] {
            let mask = mask(character, cell);
            let touched: String = (0..4).map(|side| if edge(&mask, side).is_empty() { '0' } else { '1' }).collect();
            assert_eq!(touched, arms, "{character} in {cell:?}");
        }
    }
}

#[test]
fn a_double_corner_has_two_strokes_and_a_hollow_between() {
    let cell = Cell { width: 9, height: 9, thickness: 1 };
    let mask = mask('╔', cell);
    let picture: Vec<String> =
        (0..9).map(|y| (0..9).map(|x| if mask.at(x, y) > 127 { '#' } else { '.' }).collect()).collect();
    let expected = [
        ".........",
        ".........",
        ".........",
        "...######",
        "...#.....",
        "...#.####",
        "...#.#...",
        "...#.#...",
        "...#.#...",
    ];
    assert_eq!(picture, expected);
}

#[test]
fn complementary_blocks_tile_the_cell() {
    for cell in CELLS {
        for (one, other) in
            [('▀', '▄'), ('▌', '▐'), ('▘', '▟'), ('▝', '▙'), ('▚', '▞'), ('▇', '▔'), ('▉', '▕'), ('🬂', '🬹')]
        {
            let (one, other) = (mask(one, cell), mask(other, cell));
            for (a, b) in one.coverage().iter().zip(other.coverage()) {
                assert_eq!(a ^ b, 255, "every pixel belongs to exactly one of the two in {cell:?}");
            }
        }
        assert!(mask('█', cell).coverage().iter().all(|&coverage| coverage == 255));
    }
}

#[test]
fn braille_has_one_dot_for_each_bit() {
    let cell = Cell { width: 8, height: 16, thickness: 1 };
    assert!(mask('\u{2800}', cell).coverage().iter().all(|&coverage| coverage == 0));
    let dots = |character| mask(character, cell).coverage().iter().filter(|&&coverage| coverage > 0).count();
    let one = dots('\u{2801}');
    for code in 0x2800..=0x28ff_u32 {
        let character = char::from_u32(code).expect("Braille");
        assert_eq!(dots(character), one * (code & 0xff).count_ones() as usize, "{character}");
    }
}

#[test]
fn powerline_triangles_mirror_each_other_and_reach_the_full_height() {
    for cell in CELLS {
        let (right, left) = (mask('\u{e0b0}', cell), mask('\u{e0b2}', cell));
        for y in 0..cell.height {
            for x in 0..cell.width {
                let difference = right.at(x, y).abs_diff(left.at(cell.width - 1 - x, y));
                assert!(difference <= 8, "{difference} at {x},{y} in {cell:?}");
            }
        }
        assert!(right.at(0, cell.height / 2) == 255 && right.at(0, 1) > 0 && right.at(0, cell.height - 2) > 0);
    }
}

#[test]
fn every_character_of_the_blocks_is_drawn_and_not_blank() {
    let ranges = [
        0x23ba..=0x23bd,
        0x2500..=0x259f,
        0x2801..=0x28ff,
        0xe0b0..=0xe0c8,
        0xe0cc..=0xe0d2,
        0x1cd00..=0x1cde5,
        0x1fb00..=0x1fb92,
        0x1fb94..=0x1fbaf,
    ];
    for code in ranges.into_iter().flatten() {
        let character = char::from_u32(code).expect("a character");
        for cell in CELLS {
            assert!(mask(character, cell).coverage().iter().any(|&coverage| coverage > 0), "U+{code:04X} in {cell:?}");
        }
    }
    assert_eq!(draw('a', CELLS[0]), None);
}

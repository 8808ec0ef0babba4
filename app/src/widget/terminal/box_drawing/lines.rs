//! U+2500 to U+257F.

use super::{Cell, Mask};

/// The arms of U+2500 to U+257F in the order up, right, down, left: 0 none, 1 light, 2 heavy, 3 double. The dashed
/// lines, arcs and diagonals are `0000` here and drawn on their own.
const ARMS: [&[u8; 4]; 128] = [
    b"0101", b"0202", b"1010", b"2020", b"0000", b"0000", b"0000", b"0000", // 2500
    b"0000", b"0000", b"0000", b"0000", b"0110", b"0210", b"0120", b"0220", // 2508
    b"0011", b"0012", b"0021", b"0022", b"1100", b"1200", b"2100", b"2200", // 2510
    b"1001", b"1002", b"2001", b"2002", b"1110", b"1210", b"2110", b"1120", // 2518
    b"2120", b"2210", b"1220", b"2220", b"1011", b"1012", b"2011", b"1021", // 2520
    b"2021", b"2012", b"1022", b"2022", b"0111", b"0112", b"0211", b"0212", // 2528
    b"0121", b"0122", b"0221", b"0222", b"1101", b"1102", b"1201", b"1202", // 2530
    b"2101", b"2102", b"2201", b"2202", b"1111", b"1112", b"1211", b"1212", // 2538
    b"2111", b"1121", b"2121", b"2112", b"2211", b"1122", b"1221", b"2212", // 2540
    b"1222", b"2122", b"2221", b"2222", b"0000", b"0000", b"0000", b"0000", // 2548
    b"0303", b"3030", b"0310", b"0130", b"0330", b"0013", b"0031", b"0033", // 2550
    b"1300", b"3100", b"3300", b"1003", b"3001", b"3003", b"1310", b"3130", // 2558
    b"3330", b"1013", b"3031", b"3033", b"0313", b"0131", b"0333", b"1303", // 2560
    b"3101", b"3303", b"1313", b"3131", b"3333", b"0000", b"0000", b"0000", // 2568
    b"0000", b"0000", b"0000", b"0000", b"0001", b"1000", b"0100", b"0010", // 2570
    b"0002", b"2000", b"0200", b"0020", b"0201", b"1020", b"0102", b"2010", // 2578
];

/// The characters that are nothing but arms, with their arms.
#[cfg(test)]
pub(super) fn arms() -> impl Iterator<Item = (char, &'static [u8; 4])> {
    ('\u{2500}'..='\u{257f}').zip(ARMS).filter(|(_, arms)| *arms != b"0000")
}

/// The weight of an arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    None,
    Light,
    Heavy,
    Double,
}

impl Weight {
    fn new(digit: u8) -> Self {
        match digit {
            b'1' => Self::Light,
            b'2' => Self::Heavy,
            b'3' => Self::Double,
            _ => Self::None,
        }
    }

    /// Thickness of a single stroke of this weight.
    fn thickness(self, light: i32) -> i32 {
        match self {
            Self::None => 0,
            Self::Light | Self::Double => light,
            Self::Heavy => light * 2,
        }
    }
}

/// Draws one of U+2500 to U+257F.
pub(super) fn draw(character: char, cell: Cell) -> Option<Mask> {
    match character {
        '╭' | '╮' | '╯' | '╰' => Some(arc(character, cell)),
        '╱' => Some(diagonals(cell, true, false)),
        '╲' => Some(diagonals(cell, false, true)),
        '╳' => Some(diagonals(cell, true, true)),
        '┄' | '┅' | '┆' | '┇' => Some(dashes(character, cell, 3)),
        '┈' | '┉' | '┊' | '┋' => Some(dashes(character, cell, 4)),
        '╌' | '╍' | '╎' | '╏' => Some(dashes(character, cell, 2)),
        _ => {
            let arms = ARMS.get((character as u32).checked_sub(0x2500)? as usize)?;
            Some(junction(arms.map(Weight::new), cell))
        }
    }
}

/// A mask seen either as it is or with its axes swapped, so that one piece of code draws all four arms: `along` runs
/// in the direction of the arm's line, `across` at right angles to it.
struct Axis<'a> {
    mask: &'a mut Mask,
    vertical: bool,
    along: i32,
    across: i32,
    light: i32,
}

impl Axis<'_> {
    fn fill(&mut self, from: i32, to: i32, start: i32, thickness: i32) {
        if self.vertical {
            self.mask.cover(start, from, start + thickness, to, 255);
        } else {
            self.mask.cover(from, start, to, start + thickness, 255);
        }
    }

    /// Where a light line at right angles to this one begins.
    fn middle(&self) -> i32 {
        (self.along - self.light) / 2
    }

    /// Draws the arm that runs from the middle to the far end (right or down) when `forward`, else to the near end.
    /// `before` and `after` are the arms at right angles on the near and far side, `opposite` the one in line.
    fn arm(&mut self, forward: bool, weight: Weight, opposite: Weight, before: Weight, after: Weight) {
        if weight == Weight::None {
            return;
        }
        if weight == Weight::Double {
            let line = (self.across - self.light) / 2;
            let near = self.double_reach(opposite, before, after);
            let far = self.double_reach(opposite, after, before);
            self.stroke(forward, near, line - self.light, self.light);
            self.stroke(forward, far, line + self.light, self.light);
        } else {
            let thickness = weight.thickness(self.light);
            let reach = self.single_reach(opposite, before, after);
            self.stroke(forward, reach, (self.across - thickness) / 2, thickness);
        }
    }

    /// Draws from `reach` pixels before the middle line's near edge (as seen from the arm's end) to the end.
    fn stroke(&mut self, forward: bool, reach: i32, start: i32, thickness: i32) {
        let middle = self.middle();
        if forward {
            self.fill(middle - reach, self.along, start, thickness);
        } else {
            self.fill(0, middle + self.light + reach, start, thickness);
        }
    }

    /// How far one stroke of a double arm reaches past the middle line; `inner` is the arm at right angles on the
    /// stroke's own side, `outer` the one on the other side.
    fn double_reach(&self, opposite: Weight, inner: Weight, outer: Weight) -> i32 {
        match (inner, outer) {
            (Weight::Double, _) => -self.light,
            (Weight::None, Weight::Double) if opposite == Weight::None => self.light,
            _ => 0,
        }
    }

    /// How far a single arm reaches past the middle line.
    fn single_reach(&self, opposite: Weight, before: Weight, after: Weight) -> i32 {
        if opposite != Weight::None {
            return 0;
        }
        match (before, after) {
            (Weight::Double, Weight::Double) => -self.light,
            (Weight::Double, _) | (_, Weight::Double) => self.light,
            // To the far edge of a heavy line, so that the corner is whole.
            _ => {
                let thickest = before.thickness(self.light).max(after.thickness(self.light));
                (thickest - self.light).max(0).div_euclid(2) + (thickest - self.light).max(0).rem_euclid(2)
            }
        }
    }
}

fn junction([up, right, down, left]: [Weight; 4], cell: Cell) -> Mask {
    let (width, height, light) = (cell.width as i32, cell.height as i32, cell.thickness.max(1) as i32);
    let mut mask = Mask::new(cell.width, cell.height);
    let mut axis = Axis { mask: &mut mask, vertical: false, along: width, across: height, light };
    axis.arm(true, right, left, up, down);
    axis.arm(false, left, right, up, down);
    let mut axis = Axis { mask: &mut mask, vertical: true, along: height, across: width, light };
    axis.arm(true, down, up, left, right);
    axis.arm(false, up, down, left, right);
    mask
}

/// `count` dashes, evenly spread, with half a gap at each end so that lines of them stay even.
fn dashes(character: char, cell: Cell, count: i32) -> Mask {
    let code = character as u32;
    let (heavy, vertical) = (code & 1 == 1, code & 2 == 2);
    let light = cell.thickness.max(1) as i32;
    let thickness = if heavy { light * 2 } else { light };
    let (width, height) = (cell.width as i32, cell.height as i32);
    let (along, across) = if vertical { (height, width) } else { (width, height) };
    let mut mask = Mask::new(cell.width, cell.height);
    let mut axis = Axis { mask: &mut mask, vertical, along, across, light };
    for dash in 0..count {
        let (from, to) = (along * dash / count, along * (dash + 1) / count);
        let gap = ((to - from) / 3).max(1);
        axis.fill(from + gap / 2, to - (gap - gap / 2), (across - thickness) / 2, thickness);
    }
    mask
}

/// A quarter circle that joins two arms.
fn arc(character: char, cell: Cell) -> Mask {
    let light = cell.thickness.max(1);
    let (width, height, half) = (cell.width as f32, cell.height as f32, light as f32 / 2.0);
    let (x, y) =
        (((cell.width - light.min(cell.width)) / 2) as f32, ((cell.height - light.min(cell.height)) / 2) as f32);
    let (x, y) = (x + half, y + half);
    let right = matches!(character, '╭' | '╰');
    let down = matches!(character, '╭' | '╮');
    // The last pixel is straight, so that it is the very pixel in which the neighbouring line begins.
    let radius = (if right { width - x } else { x }.min(if down { height - y } else { y }) - 1.0).max(half);
    let center = (if right { x + radius } else { x - radius }, if down { y + radius } else { y - radius });
    Mask::sampled(cell.width, cell.height, |px, py| {
        let beyond_x = if right { px >= center.0 } else { px <= center.0 };
        let beyond_y = if down { py >= center.1 } else { py <= center.1 };
        match (beyond_x, beyond_y) {
            (true, true) => false,
            (true, false) => (py - y).abs() < half,
            (false, true) => (px - x).abs() < half,
            (false, false) => ((px - center.0).hypot(py - center.1) - radius).abs() < half,
        }
    })
}

/// Lines from corner to corner: `rising` from the bottom left, `falling` from the top left.
fn diagonals(cell: Cell, rising: bool, falling: bool) -> Mask {
    let (width, height) = (cell.width as f32, cell.height as f32);
    let half = cell.thickness.max(1) as f32 / 2.0;
    let length = width.hypot(height);
    let distance = |x: f32, y: f32| ((height * x - width * y) / length).abs();
    Mask::sampled(cell.width, cell.height, |x, y| {
        (falling && distance(x, y) < half) || (rising && distance(x, height - y) < half)
    })
}

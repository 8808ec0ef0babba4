//! What is drawn for one line: the list that both painters follow, so that they look the same.

use term::terminal::Rgb;
use term::terminal::content::{Cell, CursorShape, Row, Underline, Width};

use super::decoration;
use super::glyphs::{Glyphs, Id};

/// A filled rectangle, in physical pixels from the top left of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// Left edge.
    pub x: i32,
    /// Top edge.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// Colour.
    pub color: Rgb,
}

/// A glyph at a cell, in physical pixels from the left of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which glyph.
    pub glyph: Id,
    /// The left edge of its cell.
    pub x: i32,
    /// The colour of its mask.
    pub color: Rgb,
}

/// How the cursor looks on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The column it stands in.
    pub column: u16,
    /// Its shape.
    pub shape: CursorShape,
    /// Only the outline of a block: the keyboard is elsewhere.
    pub hollow: bool,
    /// It stands on a wide character.
    pub wide: bool,
    /// Its colour.
    pub color: Rgb,
    /// The colour of the text under a filled block.
    pub text: Rgb,
}

/// A line that is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Its cells.
    pub row: &'a Row,
    /// How many of them.
    pub columns: u16,
    /// The cursor, if it is here.
    pub cursor: Option<Cursor>,
    /// Blinking text is in the dark half of its period.
    pub dark: bool,
}

impl Line<'_> {
    /// Whether some of its text blinks.
    #[must_use]
    pub fn blinks(&self) -> bool {
        self.row.cells.iter().any(|cell| cell.blink)
    }
}

/// One line's drawing list, in drawing order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Backgrounds; together they cover the line.
    pub backgrounds: Vec<Fill>,
    /// Straight underlines, below the letters.
    pub underlines: Vec<Fill>,
    /// Curly underlines, then letters.
    pub glyphs: Vec<Placed>,
    /// Strikeout lines and cursors that are no filled block, above everything.
    pub overlays: Vec<Fill>,
}

impl Plan {
    /// Plans a line.
    pub fn fill(&mut self, line: Line<'_>, glyphs: &mut Glyphs) {
        let Line { row, columns, cursor, dark } = line;
        self.backgrounds.clear();
        self.underlines.clear();
        self.glyphs.clear();
        self.overlays.clear();
        for (column, cell) in row.cells.iter().take(usize::from(columns)).enumerate() {
            let under = cursor.filter(|cursor| cursor.covers(column));
            self.cell(cell, column as u32, under, dark, glyphs);
        }
        if let Some(cursor) = cursor {
            self.outline(cursor, glyphs);
        }
    }

    fn cell(&mut self, cell: &Cell, column: u32, cursor: Option<Cursor>, dark: bool, glyphs: &mut Glyphs) {
        let metrics = glyphs.metrics();
        let x = (column * metrics.width) as i32;
        let block = cursor.filter(|cursor| cursor.shape == CursorShape::Block && !cursor.hollow);
        let background = block.map_or(cell.background, |cursor| cursor.color);
        self.background(x, metrics.width, metrics.height, background);
        if cell.width != Width::Spacer && !(dark && cell.blink) {
            let recolored;
            let cell = match block {
                None => cell,
                Some(cursor) => {
                    recolored = Cell { foreground: cursor.text, underline_color: cursor.text, ..cell.clone() };
                    &recolored
                }
            };
            self.ink(cell, x, glyphs);
        }
    }

    /// Text and lines of a cell.
    fn ink(&mut self, cell: &Cell, x: i32, glyphs: &mut Glyphs) {
        let metrics = glyphs.metrics();
        let width = if cell.width == Width::Wide { metrics.width * 2 } else { metrics.width };
        if cell.underline == Underline::Curly {
            let glyph = glyphs.curl();
            let color = cell.underline_color;
            self.glyphs.push(Placed { glyph, x, color });
            if cell.width == Width::Wide {
                self.glyphs.push(Placed { glyph, x: x + metrics.width as i32, color });
            }
        } else if cell.underline != Underline::None {
            decoration::underline(cell, metrics, x, width, &mut self.underlines);
        }
        if let Some(glyph) = glyphs.of(cell) {
            self.glyphs.push(Placed { glyph, x, color: cell.foreground });
        }
        self.overlays.extend(decoration::strikeout(cell, metrics, x, width));
        self.underlines.extend(decoration::overline(cell, metrics, x, width));
    }

    /// Adds a background, growing the one before where the colour goes on.
    fn background(&mut self, x: i32, width: u32, height: u32, color: Rgb) {
        match self.backgrounds.last_mut() {
            Some(last) if last.color == color => last.width += width,
            _ => self.backgrounds.push(Fill { x, y: 0, width, height, color }),
        }
    }

    /// The cursors that are drawn over the text.
    fn outline(&mut self, cursor: Cursor, glyphs: &Glyphs) {
        let metrics = glyphs.metrics();
        let (width, height) = (metrics.width * if cursor.wide { 2 } else { 1 }, metrics.height);
        let x = (u32::from(cursor.column) * metrics.width) as i32;
        let line = metrics.thickness.max(1);
        let mut fill = |x: i32, y: u32, width: u32, height: u32| {
            self.overlays.push(Fill { x, y, width, height, color: cursor.color });
        };
        match cursor.shape {
            CursorShape::Block if cursor.hollow => {
                let line = line.min(width).min(height);
                fill(x, 0, width, line);
                fill(x, height - line, width, line);
                fill(x, line, line, height.saturating_sub(2 * line));
                fill(x + (width - line) as i32, line, line, height.saturating_sub(2 * line));
            }
            CursorShape::Block => {}
            CursorShape::Underline => {
                let line = (2 * line).min(height);
                fill(x, height - line, width, line);
            }
            CursorShape::Beam => fill(x, 0, (metrics.width / 6).max(line), height),
        }
    }
}

impl Cursor {
    fn covers(&self, column: usize) -> bool {
        let start = usize::from(self.column);
        column == start || (self.wide && column == start + 1)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const WHITE: Rgb = Rgb { r: 255, g: 255, b: 255 };
    pub(crate) const BLACK: Rgb = Rgb { r: 0, g: 0, b: 0 };

    /// A plain white cell on black.
    pub(crate) fn cell(character: char) -> Cell {
        Cell {
            character,
            combining: None,
            foreground: WHITE,
            background: BLACK,
            width: Width::Narrow,
            bold: false,
            italic: false,
            strikeout: false,
            overline: false,
            blink: false,
            underline: Underline::None,
            underline_color: WHITE,
        }
    }

    fn plan(cells: Vec<Cell>, cursor: Option<Cursor>) -> Plan {
        let mut glyphs = Glyphs::new(14.0);
        let mut plan = Plan::default();
        let columns = cells.len() as u16;
        let row = Row { cells, revision: 0 };
        plan.fill(Line { row: &row, columns, cursor, dark: false }, &mut glyphs);
        plan
    }

    fn cursor(shape: CursorShape, hollow: bool) -> Cursor {
        let color = Rgb::hex(0x00ff_0000);
        Cursor { column: 1, shape, hollow, wide: false, color, text: BLACK }
    }

    #[test]
    fn equal_backgrounds_are_one_fill_and_spaces_draw_nothing() {
        let plan = plan(vec![cell('a'), cell(' '), cell('b')], None);
        assert_eq!(plan.backgrounds.len(), 1);
        assert_eq!(plan.backgrounds[0].width, 24);
        assert_eq!(plan.glyphs.iter().map(|placed| placed.x).collect::<Vec<_>>(), [0, 16]);
    }

    #[test]
    fn a_block_cursor_recolours_its_cell_and_a_hollow_one_outlines_it() {
        let cells = vec![cell('a'), cell('b'), cell('c')];
        let block = plan(cells.clone(), Some(cursor(CursorShape::Block, false)));
        assert_eq!(block.backgrounds[1].color, Rgb::hex(0x00ff_0000));
        assert_eq!(block.glyphs[1].color, BLACK);
        assert!(block.overlays.is_empty());
        let hollow = plan(cells, Some(cursor(CursorShape::Block, true)));
        assert_eq!(hollow.backgrounds.len(), 1);
        assert_eq!(hollow.glyphs[1].color, WHITE);
        assert_eq!(hollow.overlays.len(), 4);
        assert!(hollow.overlays.iter().all(|fill| fill.x >= 8 && fill.x + fill.width as i32 <= 16));
    }

    #[test]
    fn blinking_text_and_its_lines_are_gone_in_the_dark_half() {
        let mut glyphs = Glyphs::new(14.0);
        let blinking = Cell { blink: true, underline: Underline::Single, overline: true, strikeout: true, ..cell('a') };
        let row = Row { cells: vec![blinking, cell('b')], revision: 0 };
        let mut count = |dark| {
            let mut plan = Plan::default();
            plan.fill(Line { row: &row, columns: 2, cursor: None, dark }, &mut glyphs);
            (plan.backgrounds.len(), plan.glyphs.len(), plan.underlines.len() + plan.overlays.len())
        };
        assert_eq!(count(false), (1, 2, 3));
        assert_eq!(count(true), (1, 1, 0));
    }

    #[test]
    fn the_second_half_of_a_wide_character_draws_no_text_of_its_own() {
        let wide = Cell { width: Width::Wide, underline: Underline::Single, ..cell('漢') };
        let spacer = Cell { width: Width::Spacer, ..cell(' ') };
        let plan = plan(vec![wide, spacer], None);
        assert_eq!(plan.glyphs.len(), 1);
        assert_eq!(plan.underlines.len(), 1);
        assert_eq!(plan.underlines[0].width, 16);
    }
}

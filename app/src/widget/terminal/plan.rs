//! What is drawn for one line: the list that both painters follow, so that they look the same.

use std::ops::Range;

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
    /// The cursor once more, where pictures would hide it.
    pub raised: Option<Box<Plan>>,
}

impl Plan {
    /// Plans a line.
    pub fn fill(&mut self, line: Line<'_>, glyphs: &mut Glyphs) {
        let Line { row, columns, cursor, dark } = line;
        self.backgrounds.clear();
        self.underlines.clear();
        self.glyphs.clear();
        self.overlays.clear();
        self.raised = None;
        let cells = row.cells.get(..usize::from(columns)).unwrap_or(&row.cells);
        let mut joined = 0..0;
        for (column, cell) in cells.iter().enumerate() {
            let under = cursor.filter(|cursor| cursor.covers(column));
            if !joined.contains(&column) && glyphs.may_join(cell) {
                joined = self.join(cells, column, line, glyphs);
            }
            let alone = !joined.contains(&column);
            self.cell(cell, column as u32, under, Part { dark, alone }, glyphs);
        }
        if let Some(cursor) = cursor {
            self.outline(cursor, glyphs);
            if !row.pieces.is_empty() {
                self.raised = Some(Box::new(Self::raised(line, cursor, glyphs)));
            }
        }
    }

    /// What the cursor alone draws: a block with the text in it, or its lines.
    fn raised(line: Line<'_>, cursor: Cursor, glyphs: &mut Glyphs) -> Self {
        let mut plan = Self::default();
        if cursor.is_block() {
            let cells = line.row.cells.iter().take(line.columns.into()).enumerate();
            for (column, cell) in cells.filter(|(column, _)| cursor.covers(*column)) {
                let part = Part { dark: line.dark, alone: true };
                plan.cell(cell, column as u32, Some(cursor), part, glyphs);
            }
        }
        plan.outline(cursor, glyphs);
        plan
    }

    /// Places the text of the cells that are drawn as one with that of `column`, and returns which ones that are.
    fn join(&mut self, cells: &[Cell], column: usize, line: Line<'_>, glyphs: &mut Glyphs) -> Range<usize> {
        let at = line.cursor.map(|cursor| usize::from(cursor.column));
        // Signs come apart at the cursor, so that one sees which it is on. Others make no sense in parts.
        let apart = cells.get(column).is_some_and(|cell| cell.character.is_ascii());
        let end = match at {
            Some(at) if apart && at == column => column + 1,
            Some(at) if apart && at > column => at,
            _ => cells.len(),
        };
        let Some(joined) = cells.get(column..end).and_then(|cells| glyphs.joined(cells)) else {
            return 0..0;
        };
        let range = column..column + joined.cells;
        let Some(first) = cells.get(column).filter(|cell| !(line.dark && cell.blink)) else {
            return range;
        };
        let block = line.cursor.filter(|cursor| cursor.is_block() && range.clone().any(|column| cursor.covers(column)));
        let width = glyphs.metrics().width;
        for &(offset, glyph) in joined.glyphs.iter() {
            let column = column as u32 + offset;
            let under = block.filter(|cursor| cursor.covers(column as usize));
            let color = under.map_or(first.foreground, |cursor| cursor.text);
            self.glyphs.push(Placed { glyph, x: (column * width) as i32, color });
        }
        range
    }

    fn cell(&mut self, cell: &Cell, column: u32, cursor: Option<Cursor>, part: Part, glyphs: &mut Glyphs) {
        let metrics = glyphs.metrics();
        let x = (column * metrics.width) as i32;
        let block = cursor.filter(Cursor::is_block);
        let background = block.map_or(cell.background, |cursor| cursor.color);
        self.background(x, metrics.width, metrics.height, background);
        if cell.width != Width::Spacer && !(part.dark && cell.blink) {
            let recolored;
            let cell = match block {
                None => cell,
                Some(cursor) => {
                    recolored = Cell { foreground: cursor.text, underline_color: cursor.text, ..cell.clone() };
                    &recolored
                }
            };
            self.ink(cell, x, part.alone, glyphs);
        }
    }

    /// Text and lines of a cell.
    fn ink(&mut self, cell: &Cell, x: i32, text: bool, glyphs: &mut Glyphs) {
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
        if text && let Some(glyph) = glyphs.of(cell) {
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

/// What of a cell is drawn.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Nothing of it if it blinks.
    dark: bool,
    /// Its text too: it was not drawn as one with others.
    alone: bool,
}

impl Cursor {
    fn is_block(&self) -> bool {
        self.shape == CursorShape::Block && !self.hollow
    }

    fn covers(&self, column: usize) -> bool {
        let start = usize::from(self.column);
        column == start || (self.wide && column == start + 1)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::font::Font;
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
        let row = Row { cells, ..Row::default() };
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
    fn joined_signs_come_apart_at_the_cursor() {
        let mut glyphs = Glyphs::of_font(Font { ligatures: true, ..Font::bundled(28.0) });
        let row = Row { cells: "a->b".chars().map(cell).collect(), ..Row::default() };
        let mut placed = |column: Option<u16>| {
            let cursor = column.map(|column| Cursor { column, ..cursor(CursorShape::Beam, false) });
            let mut plan = Plan::default();
            plan.fill(Line { row: &row, columns: 4, cursor, dark: false }, &mut glyphs);
            plan.glyphs.iter().map(|placed| placed.glyph).collect::<Vec<_>>()
        };
        let joined = placed(None);
        assert_eq!((placed(Some(0)), placed(Some(3))), (joined.clone(), joined.clone()));
        let apart = placed(Some(1));
        assert_ne!(apart, joined);
        assert_eq!((apart.len(), placed(Some(2))), (4, apart));
    }

    #[test]
    fn blinking_text_and_its_lines_are_gone_in_the_dark_half() {
        let mut glyphs = Glyphs::new(14.0);
        let blinking = Cell { blink: true, underline: Underline::Single, overline: true, strikeout: true, ..cell('a') };
        let row = Row { cells: vec![blinking, cell('b')], ..Row::default() };
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

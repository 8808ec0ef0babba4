//! The visible cells for one frame, copied by damage.

mod pictures;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use alacritty_terminal::grid::{Dimensions, Row as GridRow};
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::selection::SelectionRange;
use alacritty_terminal::term::cell::{Cell as GridCell, Flags};
use alacritty_terminal::term::{TermDamage, TermMode};
use alacritty_terminal::vte::ansi::{Color, CursorShape as Shape, NamedColor};

use super::attributes::Attributes;
use super::color::{Slot, dim, is_of_palette};
use super::content::{Cell, Content, Cursor, CursorShape, Row, Width};
use super::emulator::Emulator;
use super::image::kitty::placeholder;
use super::image::{Piece, cells};
use super::legibility::{self, PALETTE_CONTRAST, contrast, readable};
use super::search::Highlight;
use super::{Modes, Rgb};

/// Revisions are drawn from one counter, so that a `Content` that was filled by another terminal is not taken for ours.
static REVISION: AtomicU64 = AtomicU64::new(1);

/// The least contrast of the cursor and what it stands on.
const CURSOR_CONTRAST: f32 = 1.5;

/// What the last snapshot left behind.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// The revisions of the rows it gave out.
    revisions: Vec<u64>,
    selection: Option<SelectionRange>,
    /// What a search found in the visible rows, from the top.
    highlights: Vec<Highlight>,
    damaged: Vec<bool>,
    /// The pictures in those rows, by revision, of those that have any.
    pieces: HashMap<u64, Vec<Piece>>,
    /// Cells of rows that went out of use, kept for their memory.
    spare: Vec<Vec<Cell>>,
}

impl Snapshot {
    /// Brings `content` up to date.
    pub(super) fn take(
        &mut self,
        emulator: &mut Emulator,
        modes: Modes,
        highlights: Vec<Highlight>,
        now: Instant,
        content: &mut Content,
    ) {
        let found = highlights != self.highlights;
        self.highlights = highlights;
        let all = self.collect_damage(emulator) || found;
        let old = std::mem::take(&mut content.rows);
        content.rows = self.rows(emulator, old, all);
        content.next_frame = self.attach_pictures(emulator, &mut content.rows, now);
        content.size = emulator.size();
        content.cursor = cursor(emulator);
        content.scrolled = emulator.term.grid().display_offset();
        content.history = emulator.term.grid().history_size();
        content.first_line = emulator.line_number(Line(0) - content.scrolled);
        content.prompts = emulator.commands.marks();
        content.modes = modes;
        content.background = emulator.background();
    }

    /// The rows as they are now; those that did not change are taken from `old`.
    fn rows(&mut self, emulator: &Emulator, old: Vec<Row>, all: bool) -> Vec<Row> {
        let painter = Painter::new(emulator, self.selection, &self.highlights);
        let mut moved = Moved::new(all);
        let mut kept = vec![false; old.len()];
        let mut rows = Vec::with_capacity(emulator.size().lines.into());
        for line in 0..usize::from(emulator.size().lines) {
            let before = old.get(line).filter(|row| self.revisions.get(line) == Some(&row.revision));
            let untouched = !all && before.is_some() && self.damaged.get(line) == Some(&false);
            let cells = if untouched { Vec::new() } else { painter.row(line, self.spare.pop().unwrap_or_default()) };
            if untouched || before.is_some_and(|row| row.cells == cells) {
                // `finish` moves the old row here.
                mark(&mut kept, line);
                rows.push(Row::default());
                if !untouched {
                    self.spare.push(cells);
                }
                continue;
            }
            let known = moved.origin(&old, line, &cells).and_then(|from| self.known_revision(&old, from));
            let revision = known.unwrap_or_else(|| REVISION.fetch_add(1, Ordering::Relaxed));
            rows.push(Row { cells, revision, ..Row::default() });
        }
        self.finish(old, &kept, &mut rows);
        rows
    }

    /// The revision of an old row, if this terminal gave it out.
    fn known_revision(&self, old: &[Row], line: usize) -> Option<u64> {
        let revision = old.get(line)?.revision;
        (self.revisions.get(line) == Some(&revision)).then_some(revision)
    }

    /// Moves the rows that stayed to their places and keeps the memory of the others.
    fn finish(&mut self, old: Vec<Row>, kept: &[bool], rows: &mut [Row]) {
        for (line, row) in old.into_iter().enumerate() {
            match rows.get_mut(line) {
                Some(place) if kept.get(line) == Some(&true) => *place = row,
                _ => self.spare.push(row.cells),
            }
        }
        self.spare.truncate(rows.len() + 1);
        self.revisions.clear();
        self.revisions.extend(rows.iter().map(|row| row.revision));
    }

    /// Notes which lines changed; true if all did.
    fn collect_damage(&mut self, emulator: &mut Emulator) -> bool {
        let selection = emulator.term.selection.as_ref().and_then(|selection| selection.to_range(&emulator.term));
        let mut all = std::mem::take(&mut emulator.redraw) || selection != self.selection;
        self.selection = selection;
        self.damaged.clear();
        self.damaged.resize(emulator.size().lines.into(), false);
        let scrolled = emulator.term.grid().display_offset();
        for (line, touched) in emulator.touched.iter_mut().enumerate() {
            if std::mem::take(touched) {
                mark(&mut self.damaged, line + scrolled);
            }
        }
        match emulator.term.damage() {
            TermDamage::Full => all = true,
            TermDamage::Partial(lines) => lines.for_each(|bounds| mark(&mut self.damaged, bounds.line)),
        }
        emulator.term.reset_damage();
        all
    }
}

/// How far lines moved since the last snapshot: a line that scrolled keeps its revision.
struct Moved {
    by: isize,
    /// How many more times all old rows may be looked through.
    searches: u8,
}

impl Moved {
    /// Only if everything is drawn anew did anything move.
    fn new(all: bool) -> Self {
        Self { by: 0, searches: if all { 4 } else { 0 } }
    }

    /// Which of the `old` rows is the one that now stands in `line`.
    fn origin(&mut self, old: &[Row], line: usize, cells: &[Cell]) -> Option<usize> {
        let same = |from: &usize| old.get(*from).is_some_and(|row| row.cells == cells);
        let guessed = line.checked_add_signed(self.by).filter(same);
        if guessed.is_some() || self.searches == 0 {
            return guessed;
        }
        self.searches -= 1;
        let found = (0..old.len()).find(same)?;
        self.by = found.wrapping_sub(line).cast_signed();
        Some(found)
    }
}

fn mark(flags: &mut [bool], line: usize) {
    if let Some(flag) = flags.get_mut(line) {
        *flag = true;
    }
}

/// The colours of cells of one style.
#[derive(Clone, Copy)]
struct Look {
    /// Of text.
    text: Rgb,
    /// Of lines and blocks, as the program wanted it.
    ink: Rgb,
    background: Rgb,
}

/// Turns rows of the grid into rows of the frame.
pub(super) struct Painter<'a> {
    emulator: &'a Emulator,
    selection: Option<SelectionRange>,
    highlights: &'a [Highlight],
    /// The background of cells that have none.
    background: Rgb,
}

/// The attributes that decide a cell's colours.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Style {
    foreground: Color,
    background: Color,
    flags: Flags,
    selected: bool,
    found: Option<Found>,
}

/// A match of a search: the one that the user looks at, or another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Current,
    Other,
}

impl Found {
    /// Text and background. One is dark on light and one light on dark, so that they are told apart without seeing
    /// colours; both have more than 5:1 of contrast on every scheme.
    fn colors(self) -> (Rgb, Rgb) {
        match self {
            Self::Current => (Rgb::hex(0x00ff_ffff), Rgb::hex(0x00b4_3c00)),
            Self::Other => (Rgb::hex(0x0000_0000), Rgb::hex(0x00ff_d54a)),
        }
    }
}

impl<'a> Painter<'a> {
    pub(super) fn new(emulator: &'a Emulator, selection: Option<SelectionRange>, highlights: &'a [Highlight]) -> Self {
        Self { emulator, selection, highlights, background: emulator.background() }
    }

    /// Foreground and background of cells that have none.
    pub(super) fn plain(&self) -> (Rgb, Rgb) {
        let colors = &self.emulator.colors;
        let foreground = colors.get(if self.emulator.is_reversed() { Slot::Background } else { Slot::Foreground });
        (foreground, self.background)
    }

    /// The visible line `line`, written into `cells`.
    fn row(&self, line: usize, cells: Vec<Cell>) -> Vec<Cell> {
        let offset = self.emulator.term.grid().display_offset();
        self.line(Line(i32::try_from(line).unwrap_or(0)) - offset, cells)
    }

    /// A line of the grid, written into `cells`.
    pub(super) fn line(&self, line: Line, mut cells: Vec<Cell>) -> Vec<Cell> {
        let grid = self.emulator.term.grid();
        let row = &grid[line];
        let selected = self.selected_columns(line);
        let first = self.highlights.partition_point(|highlight| highlight.line < line);
        let highlights = self.highlights.get(first..).unwrap_or_default();
        let highlights =
            highlights.get(..highlights.partition_point(|highlight| highlight.line == line)).unwrap_or_default();
        cells.clear();
        cells.reserve(grid.columns());
        let mut memo: Option<(Style, Look)> = None;
        for (column, cell) in row.into_iter().enumerate() {
            let style = Style {
                foreground: cell.fg,
                background: cell.bg,
                flags: cell.flags & (Flags::INVERSE | Flags::BOLD | Flags::DIM | Flags::HIDDEN),
                selected: selected.is_some_and(|columns| is_selected(row, column, columns)),
                found: found(row, column, highlights),
            };
            let look = match memo {
                Some((known, look)) if known == style => look,
                _ => self.look(style),
            };
            memo = Some((style, look));
            cells.push(self.cell(cell, look));
        }
        cells
    }

    fn cell(&self, cell: &GridCell, look: Look) -> Cell {
        let attributes = Attributes::of(cell.flags);
        let picture = look.text != look.ink && legibility::is_picture(cell.c);
        let foreground = if picture { look.ink } else { look.text };
        let placeholder = cell.c == placeholder::CHARACTER;
        let combining = cell.zerowidth().filter(|marks| !marks.is_empty() && !placeholder);
        let combining = combining.map(|_| cells::combining(cell).collect::<String>());
        let underline_color = cell.underline_color().map(|color| self.emulator.colors.resolve(color, false));
        let hidden = cell.flags.contains(Flags::HIDDEN);
        Cell {
            character: if cell.c.is_control() || placeholder { ' ' } else { cell.c },
            combining: combining.filter(|marks| !marks.is_empty()).map(Arc::from),
            foreground,
            background: look.background,
            width: width(cell.flags),
            bold: cell.flags.contains(Flags::BOLD),
            italic: cell.flags.contains(Flags::ITALIC),
            strikeout: cell.flags.contains(Flags::STRIKEOUT),
            overline: attributes.overline,
            blink: attributes.blink,
            underline: attributes.underline,
            underline_color: underline_color.filter(|_| !hidden).unwrap_or(foreground),
        }
    }

    /// The colours, with reverse video, dim, hidden, the selection and the wanted contrast worked in.
    fn look(&self, style: Style) -> Look {
        let (colors, legibility) = (&self.emulator.colors, self.emulator.legibility);
        let bold = style.flags.contains(Flags::BOLD) && legibility.bold_is_bright;
        let mut ink = self.screen(style.foreground, colors.resolve(style.foreground, bold));
        let mut background = self.screen(style.background, colors.resolve(style.background, false));
        let dimmed = style.flags.contains(Flags::DIM);
        if dimmed {
            ink = dim(ink, background);
        }
        if style.flags.contains(Flags::INVERSE) {
            std::mem::swap(&mut ink, &mut background);
        }
        if let Some(found) = style.found.filter(|_| !style.selected) {
            (ink, background) = found.colors();
        }
        if style.selected {
            background = colors.selection();
        }
        if style.flags.contains(Flags::HIDDEN) {
            return Look { text: background, ink: background, background };
        }
        // Equal colours are a program's way to hide text, and dim text is meant to be hard to see.
        let of_palette = is_of_palette(style.foreground) && is_of_palette(style.background) && !dimmed;
        let on_color = background != self.background && ink != background && of_palette;
        let floor = if style.selected || on_color { PALETTE_CONTRAST } else { 1.0 };
        let text = readable(ink, background, legibility.minimum_contrast.max(floor));
        Look { text, ink, background }
    }

    /// DECSCNM swaps the two default colours.
    fn screen(&self, color: Color, resolved: Rgb) -> Rgb {
        let colors = &self.emulator.colors;
        match color {
            Color::Named(NamedColor::Background) => self.background,
            Color::Named(NamedColor::Foreground) if self.emulator.is_reversed() => colors.get(Slot::Background),
            _ => resolved,
        }
    }

    /// The first and last selected column of `line`.
    fn selected_columns(&self, line: Line) -> Option<(usize, usize)> {
        let range = self.selection.filter(|range| (range.start.line..=range.end.line).contains(&line))?;
        let from = if range.is_block || line == range.start.line { range.start.column.0 } else { 0 };
        let to = if range.is_block || line == range.end.line { range.end.column.0 } else { usize::MAX };
        Some((from, to))
    }
}

/// Which match a cell belongs to.
fn found(row: &GridRow<GridCell>, column: usize, highlights: &[Highlight]) -> Option<Found> {
    let hit = highlights.iter().find(|part| is_selected(row, column, (part.from, part.to)))?;
    Some(if hit.current { Found::Current } else { Found::Other })
}

/// A wide character is selected as a whole.
fn is_selected(row: &GridRow<GridCell>, column: usize, (from, to): (usize, usize)) -> bool {
    let inside = |column: usize| (from..=to).contains(&column);
    let flags = row[Column(column)].flags;
    inside(column)
        || (flags.contains(Flags::WIDE_CHAR) && inside(column + 1))
        || (flags.contains(Flags::WIDE_CHAR_SPACER) && column > 0 && inside(column - 1))
}

fn width(flags: Flags) -> Width {
    if flags.contains(Flags::WIDE_CHAR) {
        Width::Wide
    } else if flags.contains(Flags::WIDE_CHAR_SPACER) {
        Width::Spacer
    } else {
        Width::Narrow
    }
}

/// The cursor, if it shows.
fn cursor(emulator: &Emulator) -> Option<Cursor> {
    let term = &emulator.term;
    let point = term.grid().cursor.point;
    let line = usize::try_from(point.line.0).ok()? + term.grid().display_offset();
    if !term.mode().contains(TermMode::SHOW_CURSOR) || line >= term.screen_lines() {
        return None;
    }
    let flags = term.grid()[point].flags;
    let column =
        if flags.contains(Flags::WIDE_CHAR_SPACER) { point.column.0.saturating_sub(1) } else { point.column.0 };
    let style = term.cursor_style();
    let (color, text_color) = cursor_colors(emulator, &term.grid()[point]);
    Some(Cursor {
        line: u16::try_from(line).ok()?,
        column: u16::try_from(column).ok()?,
        shape: match style.shape {
            Shape::Underline => CursorShape::Underline,
            Shape::Beam => CursorShape::Beam,
            Shape::Block => CursorShape::Block,
            Shape::HollowBlock | Shape::Hidden => emulator.cursor_shape,
        },
        blinking: style.blinking,
        wide: flags.intersects(Flags::WIDE_CHAR | Flags::WIDE_CHAR_SPACER),
        color,
        text_color,
    })
}

/// The colours of the cursor and of text under it. A cursor that would not stand out from the cell that it is on takes
/// the colour of the text there.
fn cursor_colors(emulator: &Emulator, cell: &GridCell) -> (Rgb, Rgb) {
    let (color, text) = (emulator.colors.get(Slot::Cursor), emulator.colors.cursor_text());
    let flags = cell.flags & (Flags::INVERSE | Flags::BOLD | Flags::DIM);
    let style = Style { foreground: cell.fg, background: cell.bg, flags, selected: false, found: None };
    let look = Painter::new(emulator, None, &[]).look(style);
    if contrast(color, look.background) < CURSOR_CONTRAST {
        let color = readable(look.text, look.background, CURSOR_CONTRAST);
        return (color, readable(look.background, color, PALETTE_CONTRAST));
    }
    (color, readable(text, color, PALETTE_CONTRAST))
}

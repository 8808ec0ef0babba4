//! Which parts of pictures are seen in which rows.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::Cell as GridCell;
use alacritty_terminal::vte::ansi::Color;

use super::super::content::Row;
use super::super::emulator::Emulator;
use super::super::image::kitty::placeholder::{self, Part};
use super::super::image::kitty::{Anchor, Placement, Screen};
use super::super::image::{Area, Frame, Layer, Picture, Piece, cells};
use super::{Painter, REVISION, Snapshot};

/// How many times a row may be covered with pictures; what lies below that is not drawn.
const DEPTH: usize = 8;

/// Placements with a lower z lie below backgrounds that are not the default one.
const BELOW_BACKGROUNDS: i32 = i32::MIN / 2;

impl Snapshot {
    /// Gives each row its parts of pictures, of animations what they show `now`; a row that got others has another
    /// revision. Returns when one of them is to show its next frame.
    pub(super) fn attach_pictures(
        &mut self,
        emulator: &mut Emulator,
        rows: &mut [Row],
        now: Instant,
    ) -> Option<Instant> {
        if emulator.graphics.images.is_empty() && self.pieces.is_empty() {
            return None;
        }
        emulator.graphics.images.kitty.advance(now);
        let emulator = &*emulator;
        let painter = Painter::new(emulator, self.selection, &self.highlights);
        let pictures = Pictures::new(emulator, rows.len());
        let before = std::mem::take(&mut self.pieces);
        for (line, row) in rows.iter_mut().enumerate() {
            let mut pieces = pictures.row(line, row);
            if let Some(selected) = painter.selected_columns(pictures.grid_line(line)) {
                pieces = select(pieces, selected, emulator.colors.selection());
            }
            bound(&mut pieces, row.cells.len());
            if before.get(&row.revision).map_or(&[][..], Vec::as_slice) != pieces {
                row.revision = REVISION.fetch_add(1, Ordering::Relaxed);
                if let Some(revision) = self.revisions.get_mut(line) {
                    *revision = row.revision;
                }
            }
            if !pieces.is_empty() {
                let _ = self.pieces.insert(row.revision, pieces.clone());
            }
            row.pieces = pieces;
        }
        let shown = |picture: &Picture| {
            rows.iter().any(|row| row.pieces.iter().any(|piece| piece.picture.id() == picture.id()))
        };
        emulator.graphics.images.kitty.due(shown)
    }
}

/// What is placed on the screen by line numbers, and what the cells show.
struct Pictures<'a> {
    emulator: &'a Emulator,
    offset: i32,
    /// Placements that touch each visible line, each with the line of it that is there.
    placed: Vec<Vec<(&'a Placement, &'a Arc<Picture>, u32)>>,
}

/// Neighbouring cells that show neighbouring parts of a picture.
struct Run<Of> {
    of: Of,
    /// The first column of the screen, and of the picture.
    from: (usize, u16),
    /// One past the last column of the screen.
    end: usize,
}

/// What a placeholder stands for: picture, placement, line and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    colors: (Color, Option<Color>),
    line: u16,
    column: u16,
    high: u8,
}

impl<'a> Pictures<'a> {
    fn new(emulator: &'a Emulator, lines: usize) -> Self {
        let offset = i32::try_from(emulator.term.grid().display_offset()).unwrap_or(0);
        let view = emulator.graphics_view();
        let mut placed = vec![Vec::new(); lines];
        for (placement, picture) in emulator.graphics.images.kitty.placed(view.screen) {
            let (first, shown) = match (placement.anchor, placement.shown()) {
                (Anchor::Main(number), Some(shown)) => {
                    let top = view.top.cast_signed() - i64::from(offset);
                    (number - top, shown.start - top..shown.end - top)
                }
                (Anchor::Alternate(line), Some(shown)) => (line, shown),
                _ => continue,
            };
            for line in shown.start.max(0)..shown.end.min(lines as i64) {
                let inside = u32::try_from(line - first).unwrap_or(0);
                if let Some(placed) = usize::try_from(line).ok().and_then(|line| placed.get_mut(line)) {
                    placed.push((placement, picture, inside));
                }
            }
        }
        debug_assert!(view.screen == Screen::Main || offset == 0, "the alternate screen has no scrollback");
        Self { emulator, offset, placed }
    }

    fn grid_line(&self, line: usize) -> Line {
        Line(i32::try_from(line).unwrap_or(0) - self.offset)
    }

    /// The parts of pictures in a visible row, from the lowest to the highest.
    fn row(&self, line: usize, row: &Row) -> Vec<Piece> {
        let cells = &self.emulator.term.grid()[self.grid_line(line)];
        let columns = row.cells.len();
        let mut pieces = self.in_cells(cells.into_iter().enumerate());
        pieces.extend(self.in_text(cells.into_iter().enumerate()));
        let placed = self.placed.get(line).into_iter().flatten();
        pieces.extend(placed.flat_map(|(placement, picture, inside)| {
            let piece = piece(placement, picture, *inside, columns);
            if placement.z < BELOW_BACKGROUNDS { self.below_backgrounds(piece, row) } else { vec![piece] }
        }));
        pieces.retain(|piece| !piece.columns.is_empty());
        pieces
    }

    /// What marks in the cells show.
    fn in_cells<'c>(&self, row: impl Iterator<Item = (usize, &'c GridCell)>) -> Vec<Piece> {
        let mut runs: Vec<Run<(u32, u16)>> = Vec::new();
        for (column, cell) in row {
            for mark in cells::marks(cell) {
                join(&mut runs, (mark.slot, mark.line), column, mark.column);
            }
        }
        let piece = |run: Run<(u32, u16)>| {
            let (slot, line) = run.of;
            let slot = self.emulator.graphics.images.slot(slot)?;
            let (left, top) = corner(&run, line, slot.cell);
            let frame = Frame { left, top, width: slot.size.0, height: slot.size.1, cell: slot.cell };
            let source = Area { x: 0, y: 0, width: slot.picture.width(), height: slot.picture.height() };
            let picture = Arc::clone(&slot.picture);
            Some(Piece { picture, source, frame, columns: range(run.from.0, run.end), layer: Layer::Above, tint: None })
        };
        runs.into_iter().filter_map(piece).collect()
    }

    /// What placeholders in the text show.
    fn in_text<'c>(&self, row: impl Iterator<Item = (usize, &'c GridCell)>) -> Vec<Piece> {
        let mut runs: Vec<Run<(u32, u32, u16)>> = Vec::new();
        let mut left = None;
        for (column, cell) in row {
            left = (cell.c == placeholder::CHARACTER).then(|| place(cell, left));
            if let Some(place) = left {
                let image = u32::from(place.high) << 24 | number(place.colors.0);
                let of = (image, place.colors.1.map_or(0, number), place.line);
                join(&mut runs, of, column, place.column);
            }
        }
        let piece = |run: Run<(u32, u32, u16)>| {
            let (image, id, line) = run.of;
            let (placement, picture) = self.emulator.graphics.images.kitty.in_text(image, id)?;
            let (left, top) = corner(&run, line, placement.cell);
            let frame = fit(placement, (left, top));
            let (picture, columns) = (Arc::clone(picture), range(run.from.0, run.end));
            Some(Piece { picture, source: placement.source, frame, columns, layer: layer(placement), tint: None })
        };
        runs.into_iter().filter_map(piece).collect()
    }

    /// Leaves out the cells whose background is not the default one.
    fn below_backgrounds(&self, piece: Piece, row: &Row) -> Vec<Piece> {
        let background = self.emulator.background();
        let is_open =
            |column: &u16| row.cells.get(usize::from(*column)).is_some_and(|cell| cell.background == background);
        let mut pieces: Vec<Piece> = Vec::new();
        for column in piece.columns.clone().filter(is_open) {
            match pieces.last_mut() {
                Some(last) if last.columns.end == column => last.columns.end += 1,
                _ => pieces.push(Piece { columns: column..column + 1, ..piece.clone() }),
            }
        }
        pieces
    }
}

/// Joins a cell to the run that ends to its left, or begins one.
fn join<Of: PartialEq>(runs: &mut Vec<Run<Of>>, of: Of, column: usize, part: u16) {
    let goes_on = |run: &&mut Run<Of>| {
        run.end == column && run.of == of && usize::from(run.from.1) + (column - run.from.0) == usize::from(part)
    };
    match runs.iter_mut().rev().find(goes_on) {
        Some(run) => run.end += 1,
        None => runs.push(Run { of, from: (column, part), end: column + 1 }),
    }
}

/// Where a picture would have its top left corner, seen from the row's, in pixels of its cells.
fn corner<Of>(run: &Run<Of>, line: u16, cell: (u16, u16)) -> (i32, i32) {
    let column = i32::try_from(run.from.0).unwrap_or(0) - i32::from(run.from.1);
    (column * i32::from(cell.0), -i32::from(line) * i32::from(cell.1))
}

fn range(from: usize, end: usize) -> std::ops::Range<u16> {
    let number = |column| u16::try_from(column).unwrap_or(u16::MAX);
    number(from)..number(end)
}

fn layer(placement: &Placement) -> Layer {
    if placement.z < 0 { Layer::Below } else { Layer::Above }
}

/// A line of a placement.
fn piece(placement: &Placement, picture: &Arc<Picture>, line: u32, columns: usize) -> Piece {
    let pixels = |cells: u32, cell: u16| i32::try_from(cells.saturating_mul(cell.into())).unwrap_or(i32::MAX);
    let offset = |pixels: u32| i32::try_from(pixels).unwrap_or(0);
    let frame = Frame {
        left: placement.column.saturating_mul(placement.cell.0.into()).saturating_add(offset(placement.offset.0)),
        top: offset(placement.offset.1) - pixels(line, placement.cell.1),
        width: placement.size.0,
        height: placement.size.1,
        cell: placement.cell,
    };
    let within = |column: i64| usize::try_from(column.max(0)).unwrap_or(usize::MAX).min(columns);
    let from = within(placement.column.into());
    let end = within(i64::from(placement.column) + i64::from(placement.cells.0));
    let (picture, columns) = (Arc::clone(picture), range(from.min(end), end));
    Piece { picture, source: placement.source, frame, columns, layer: layer(placement), tint: None }
}

/// The frame of a picture that placeholders show: as large as its cells allow, and in their middle.
fn fit(placement: &Placement, (left, top): (i32, i32)) -> Frame {
    let cell = placement.cell;
    let room = (u64::from(placement.cells.0) * u64::from(cell.0), u64::from(placement.cells.1) * u64::from(cell.1));
    let source = (u64::from(placement.source.width), u64::from(placement.source.height));
    let (width, height) = if source.0 * room.1 > source.1 * room.0 {
        (room.0, (source.1 * room.0 / source.0).max(1))
    } else {
        ((source.0 * room.1 / source.1).max(1), room.1)
    };
    let middle = |room: u64, size: u64| i32::try_from(room.saturating_sub(size) / 2).unwrap_or(0);
    let number = |pixels: u64| u32::try_from(pixels).unwrap_or(u32::MAX);
    Frame {
        left: left.saturating_add(middle(room.0, width)),
        top: top.saturating_add(middle(room.1, height)),
        width: number(width),
        height: number(height),
        cell,
    }
}

/// What a placeholder stands for; what it does not say goes on from the one to its left.
fn place(cell: &GridCell, left: Option<Place>) -> Place {
    let colors = (cell.fg, cell.underline_color());
    let part = Part::read(cells::combining(cell));
    let left = left.filter(|left| left.colors == colors && part.line.is_none_or(|line| line == left.line));
    let left = left.filter(|left| part.column.is_none_or(|column| Some(column) == left.column.checked_add(1)));
    Place {
        colors,
        line: part.line.or(left.map(|left| left.line)).unwrap_or(0),
        column: part.column.or(left.map(|left| left.column.saturating_add(1))).unwrap_or(0),
        high: part.high.or(left.map(|left| left.high)).unwrap_or(0),
    }
}

/// The number that a colour stands for.
fn number(color: Color) -> u32 {
    match color {
        Color::Spec(rgb) => u32::from_be_bytes([0, rgb.r, rgb.g, rgb.b]),
        Color::Indexed(index) => index.into(),
        // The default foreground and its like name nothing.
        Color::Named(color) => u32::try_from(color as usize).ok().filter(|number| *number < 16).unwrap_or(0),
    }
}

/// Tints what lies between the first and the last selected column.
fn select(pieces: Vec<Piece>, selected: (usize, usize), color: crate::terminal::Rgb) -> Vec<Piece> {
    let selected = range(selected.0, selected.1.saturating_add(1));
    let parts = |piece: Piece| {
        let std::ops::Range { start, end } = piece.columns;
        let inside = selected.start.clamp(start, end)..selected.end.clamp(start, end);
        [(start..inside.start, None), (inside.clone(), Some(color)), (inside.end..end, None)]
            .map(|(columns, tint)| Piece { columns, tint, ..piece.clone() })
    };
    pieces.into_iter().flat_map(parts).filter(|piece| !piece.columns.is_empty()).collect()
}

/// Leaves out what lies too deep: what is drawn is bounded, however many pictures lie on each other.
fn bound(pieces: &mut Vec<Piece>, columns: usize) {
    let mut room = DEPTH * columns;
    let mut kept = 0;
    for piece in pieces.iter().rev() {
        match room.checked_sub(piece.columns.len()) {
            Some(left) => room = left,
            None => break,
        }
        kept += 1;
    }
    let surplus = pieces.len() - kept;
    drop(pieces.drain(..surplus));
}

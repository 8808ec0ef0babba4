//! Rectangles (VT420: DECFRA, DECERA, DECSERA, DECCRA, DECCARA, DECRARA, DECSACE, DECRQCRA).

use std::ops::Range;

use alacritty_terminal::index::Column;
use alacritty_terminal::term::cell::{Cell, Flags};
use unicode_width::UnicodeWidthChar as _;

use super::super::attributes::Attributes;
use super::super::content::Underline;
use super::erase::Erase;
use super::protection::{Protection, is_protected};
use super::scroll::grid_line;
use super::{Emulator, Params};

/// A part of the screen: lines and columns from 0.
#[derive(Debug, Clone)]
struct Area {
    lines: Range<usize>,
    columns: Range<usize>,
}

/// DECSACE: what DECCARA and DECRARA change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Extent {
    /// All cells from the first corner to the second, line after line.
    #[default]
    Stream,
    /// The cells of the rectangle.
    Rectangle,
}

/// How a checksum is made, in the bits of XTCHECKSUM; 0 is what a VT420 does.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Checksum(pub(super) u16);

impl Checksum {
    fn has(self, bit: u16) -> bool {
        self.0 & (1 << bit) != 0
    }

    fn cell(self, cell: &Cell) -> u16 {
        let character = if cell.flags.contains(Flags::WIDE_CHAR_SPACER) { 0 } else { u32::from(cell.c) };
        let mut value = (if self.has(4) { character & 0xffff } else { character & 0xff }) as u16;
        if self.has(4) {
            for mark in cell.zerowidth().unwrap_or_default() {
                value = value.wrapping_add((u32::from(*mark) & 0xffff) as u16);
            }
        }
        if !self.has(1) {
            let flags = cell.flags;
            let weights =
                [(Flags::HIDDEN, 0x08), (Flags::UNDERLINE, 0x10), (Flags::INVERSE, 0x20), (Flags::BOLD, 0x80)];
            let weight: u16 = weights.iter().filter(|(flag, _)| flags.contains(*flag)).map(|(_, weight)| weight).sum();
            value = value.wrapping_add(weight + if is_protected(cell.flags) { 0x04 } else { 0 });
        }
        value
    }

    /// The whole, as it is reported.
    fn finish(self, sum: u16) -> u16 {
        if self.has(0) { sum } else { sum.wrapping_neg() }
    }
}

impl Emulator {
    /// The four parameters that begin at `first`: top, left, bottom, right, as CUP counts. `None` if the rectangle is
    /// none, or if this chunk of output changed rectangles of many screens' size already.
    fn area(&mut self, params: &Params, first: usize) -> Option<Area> {
        let (height, width) = (usize::from(self.size.lines), usize::from(self.size.columns));
        let (mut lines, mut columns) = (0..height, 0..width);
        if self.in_origin_mode() {
            lines = self.margins.top..self.margins.bottom + 1;
            columns = self.margins.left..self.margins.right + 1;
        }
        let lines = between(params.get(first), params.get(first + 2), &lines)?;
        let columns = between(params.get(first + 1), params.get(first + 3), &columns)?;
        let cells = lines.len() * columns.len();
        self.areas = self.areas.checked_sub(cells)?;
        Some(Area { lines, columns })
    }

    /// DECFRA.
    pub(super) fn fill_area(&mut self, params: &Params) {
        let character = char::from_u32(params.get(0).into()).filter(|c| c.width() == Some(1));
        let Some((c, area)) = character.zip(self.area(params, 1)) else { return };
        self.touch_extras();
        let cell = Cell { c, ..self.term.grid().cursor.template.clone() };
        for line in area.lines {
            self.cells(line, area.columns.clone()).fill(cell.clone());
            self.mend_both(line, &area.columns);
        }
    }

    /// DECERA and DECSERA.
    pub(super) fn erase_area(&mut self, params: &Params, how: Erase) {
        let Some(area) = self.area(params, 0) else { return };
        // As with xterm, what SPA and EPA guard is not protected from these.
        let how = if self.protection == Protection::Iso { Erase::Ordinary } else { how };
        for line in area.lines {
            match how {
                Erase::Ordinary => self.blank(line, area.columns.clone()),
                Erase::Selective => self.erase_cells(line, area.columns.clone(), how),
            }
        }
    }

    /// DECCRA; there is one page.
    pub(super) fn copy_area(&mut self, params: &Params) {
        let Some(from) = self.area(params, 0) else { return };
        let (mut top, mut left) = (usize::from(params.count(5)) - 1, usize::from(params.count(6)) - 1);
        let (mut bottom, mut right) = (usize::from(self.size.lines), usize::from(self.size.columns));
        if self.in_origin_mode() {
            (top, left) = (top + self.margins.top, left + self.margins.left);
            (bottom, right) = (self.margins.bottom + 1, self.margins.right + 1);
        }
        let width = from.columns.len().min(right.saturating_sub(left));
        let columns = Column(from.columns.start)..Column(from.columns.start + width);
        let grid = self.term.grid();
        let height = from.lines.len().min(bottom.saturating_sub(top));
        let rows = from.lines.take(height).map(|line| grid[grid_line(line)][columns.clone()].to_vec());
        // The two may overlap: all is read before any is written.
        let rows: Vec<Vec<Cell>> = rows.collect();
        let columns = left..left + width;
        self.graphics.images.note_moved();
        for (line, row) in (top..).zip(rows).filter(|(_, row)| !row.is_empty()) {
            self.cells(line, columns.clone()).clone_from_slice(&row);
            self.mend_both(line, &columns);
        }
    }

    /// DECCARA and DECRARA: `change` turns the attributes of a cell into others, by the numbers of SGR.
    pub(super) fn change_area(&mut self, params: &Params, change: fn(Flags, u16) -> Flags) {
        let Some(area) = self.area(params, 0) else { return };
        let codes: Vec<u16> = params.numbers().skip(4).collect();
        let codes = if codes.is_empty() { vec![0] } else { codes };
        let (first, last) = (area.lines.start, area.lines.end - 1);
        for line in area.lines {
            let mut columns = area.columns.clone();
            if self.extent == Extent::Stream {
                columns.start = if line == first { columns.start } else { 0 };
                columns.end = if line == last { columns.end } else { self.size.columns.into() };
            }
            for cell in self.cells(line, columns) {
                cell.flags = codes.iter().fold(cell.flags, |flags, code| change(flags, *code));
            }
        }
    }

    /// DECSACE.
    pub(super) fn select_extent(&mut self, what: u16) {
        match what {
            0 | 1 => self.extent = Extent::Stream,
            2 => self.extent = Extent::Rectangle,
            _ => {}
        }
    }

    /// DECRQCRA: only where the user lets programs read the screen.
    pub(super) fn report_checksum(&mut self, params: &Params) {
        if !self.permissions.read_screen {
            return;
        }
        let mut sum = 0_u16;
        if let Some(area) = self.area(params, 2) {
            let columns = Column(area.columns.start)..Column(area.columns.end);
            for line in area.lines {
                let cells = &self.term.grid()[grid_line(line)][columns.clone()];
                sum = cells.iter().fold(sum, |sum, cell| sum.wrapping_add(self.checksum.cell(cell)));
            }
        }
        let (id, sum) = (params.get(0), self.checksum.finish(sum));
        self.reply(&format!("\x1bP{id}!~{sum:04X}\x1b\\"));
    }

    fn mend_both(&mut self, line: usize, columns: &Range<usize>) {
        self.mend(line, columns.start);
        self.mend(line, columns.end);
    }
}

/// DECCARA: attributes that are set or taken away.
pub(super) fn changed(flags: Flags, code: u16) -> Flags {
    let mut flags = flags;
    match code {
        0 => return [22, 24, 25, 27, 28].into_iter().fold(flags, changed),
        1 | 22 => flags.set(Flags::BOLD, code == 1),
        4 | 24 => {
            let underline = if code == 4 { Underline::Single } else { Underline::None };
            Attributes { underline, ..Attributes::of(flags) }.write(&mut flags);
        }
        5 | 25 => Attributes { blink: code == 5, ..Attributes::of(flags) }.write(&mut flags),
        7 | 27 => flags.set(Flags::INVERSE, code == 7),
        8 | 28 => flags.set(Flags::HIDDEN, code == 8),
        _ => {}
    }
    flags
}

/// DECRARA: attributes that are turned into their opposite.
pub(super) fn reversed(flags: Flags, code: u16) -> Flags {
    let attributes = Attributes::of(flags);
    match code {
        0 => [1, 4, 5, 7, 8].into_iter().fold(flags, reversed),
        1 => changed(flags, if flags.contains(Flags::BOLD) { 22 } else { 1 }),
        4 => changed(flags, if attributes.underline == Underline::None { 4 } else { 24 }),
        5 => changed(flags, if attributes.blink { 25 } else { 5 }),
        7 => changed(flags, if flags.contains(Flags::INVERSE) { 27 } else { 7 }),
        8 => changed(flags, if flags.contains(Flags::HIDDEN) { 28 } else { 8 }),
        _ => flags,
    }
}

/// What two parameters, counted from 1 with 0 for "to the edge", take of `whole`.
fn between(first: u16, last: u16, whole: &Range<usize>) -> Option<Range<usize>> {
    let start = whole.start + usize::from(first.max(1)) - 1;
    let end = if last == 0 { whole.end } else { (whole.start + usize::from(last)).min(whole.end) };
    (start < end).then_some(start..end)
}

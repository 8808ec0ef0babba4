//! Pictures: what is read as it comes (sixel, kitty graphics, iTerm2's inline files), and where it is placed.

mod inline_file;
mod kitty;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use alacritty_terminal::grid::{Dimensions as _, Grid, GridCell as _};
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::Cell;

use super::super::image::cells::{self, Mark};
use super::super::image::images::{Images, Place};
use super::super::image::kitty::{Anchor, Command, Failure, Receiver, Screen, View, Work};
use super::super::image::sixel::{Finished, Sixel};
use super::super::image::{Picture, file};
use super::super::lines;
use super::super::parser::StringKind;
use super::modes::{CURSOR_RIGHT_OF_PICTURES, DISPLAY_PICTURES, PRIVATE_REGISTERS};
use super::scroll::grid_line;
use super::{Emulator, Params};

pub(in crate::terminal) use inline_file::InlineFile;

/// Pixels that are painted under one lock, so that drawing gets its turn.
const WORK: usize = 4 * 1024 * 1024;

/// A cell where the window has not said how large one is: the VT340's.
const CELL: (u16, u16) = (10, 20);

/// Lines of the scrollback in which a picture is looked for when room is needed; older ones lose theirs.
const LOOKED_THROUGH: usize = 20_000;

/// The beginning of iTerm2's command.
const INLINE_FILE: &[u8] = b"1337;File=";

/// The string that is being read.
#[derive(Debug, Default)]
enum Incoming {
    #[default]
    Nothing,
    Sixel(Box<Sixel>),
    Kitty,
    InlineFile(InlineFile),
}

/// What must be decoded before anything else is parsed; done without the lock.
#[derive(Debug)]
pub(in crate::terminal) enum Job {
    /// A picture or a frame of the kitty protocol.
    Kitty(Command, Work),
    /// A file of iTerm2's.
    InlineFile(InlineFile),
}

/// A [`Job`] that was done.
#[derive(Debug)]
pub(in crate::terminal) enum Decoded {
    /// A picture or a frame of the kitty protocol.
    Kitty(Command, Result<Arc<Picture>, Failure>),
    /// A file of iTerm2's.
    InlineFile(InlineFile, Option<Arc<Picture>>),
}

impl Job {
    /// Decodes the picture.
    pub(in crate::terminal) fn run(self) -> Decoded {
        match self {
            Self::Kitty(command, work) => Decoded::Kitty(command, work.run()),
            Self::InlineFile(file) => {
                let picture = file::decode_png(file.bytes()).ok();
                Decoded::InlineFile(file, picture)
            }
        }
    }
}

/// The pictures of a terminal and what is on its way to become one.
#[derive(Debug)]
pub(in crate::terminal) struct Graphics {
    pub(in crate::terminal) images: Images,
    incoming: Incoming,
    receiver: Receiver,
    job: Option<Job>,
    /// Pixels that may still be painted under this lock.
    work: usize,
}

impl Default for Graphics {
    fn default() -> Self {
        let images = Images::default();
        Self { images, incoming: Incoming::Nothing, receiver: Receiver::default(), job: None, work: WORK }
    }
}

impl Graphics {
    /// The lock was taken anew.
    pub(super) fn begin_chunk(&mut self) {
        self.work = WORK;
    }

    /// Placements are looked through for a line that moves: with very many of them it is work that counts.
    pub(super) fn spend_on_placements(&mut self) {
        self.work = self.work.saturating_sub(self.images.kitty.weight());
    }

    /// Whether parsing must stop: there is a picture to decode, or the lock was held for long enough.
    pub(in crate::terminal) fn must_pause(&self) -> bool {
        self.job.is_some() || self.work == 0
    }

    /// Takes what is to be decoded.
    pub(in crate::terminal) fn take_job(&mut self) -> Option<Job> {
        self.job.take()
    }
}

/// Whether a string that begins with `head` is a picture; `None` if more of it must come to tell.
pub(super) fn is_picture(kind: StringKind, head: &[u8]) -> Option<bool> {
    match kind {
        StringKind::Dcs => head.iter().find(|byte| !matches!(byte, b'0'..=b'9' | b';')).map(|byte| *byte == b'q'),
        StringKind::Apc => head.first().map(|byte| *byte == b'G'),
        StringKind::Osc if head.len() < INLINE_FILE.len() && INLINE_FILE.starts_with(head) => None,
        StringKind::Osc => Some(head.starts_with(INLINE_FILE)),
        StringKind::Other => Some(false),
    }
}

/// The lines of a screen and its scrollback.
fn all_lines(grid: &Grid<Cell>) -> impl Iterator<Item = Line> + use<> {
    let number = |lines: usize| i32::try_from(lines).unwrap_or(i32::MAX);
    (-number(grid.history_size())..number(grid.screen_lines())).map(Line)
}

impl Emulator {
    /// A string for which [`is_picture`] holds begins with `head`.
    pub(super) fn begin_picture(&mut self, kind: StringKind, head: &[u8]) {
        match kind {
            StringKind::Dcs => {
                let numbers = head.split(|byte| *byte == b'q').next().unwrap_or_default();
                let background = numbers.split(|byte| *byte == b';').nth(1).unwrap_or_default();
                let private = self.modes.has(PRIVATE_REGISTERS);
                let registers = if private { Default::default() } else { self.graphics.images.registers.clone() };
                let spares = std::mem::take(&mut self.graphics.images.spares);
                let mut sixel = Sixel::new(background == b"1", registers, spares);
                // A head is short enough to be read whole, however long the lock was held before.
                let mut work = usize::MAX;
                let begun = head.get(numbers.len() + 1..).unwrap_or_default();
                let _ = sixel.advance(begun, &mut work);
                self.graphics.work = self.graphics.work.saturating_sub(usize::MAX - work);
                self.graphics.incoming = Incoming::Sixel(Box::new(sixel));
            }
            StringKind::Apc => {
                self.graphics.incoming = Incoming::Kitty;
                self.graphics.receiver.begin();
                let _ = self.picture_data(head.get(1..).unwrap_or_default());
            }
            StringKind::Osc => {
                self.graphics.incoming = Incoming::InlineFile(InlineFile::default());
                let _ = self.picture_data(head.get(INLINE_FILE.len()..).unwrap_or_default());
            }
            StringKind::Other => {}
        }
    }

    /// More of it; returns how many bytes were read, which is less than all only if parsing must stop.
    pub(super) fn picture_data(&mut self, data: &[u8]) -> usize {
        let graphics = &mut self.graphics;
        match &mut graphics.incoming {
            Incoming::Nothing => data.len(),
            Incoming::Sixel(sixel) => sixel.advance(data, &mut graphics.work),
            Incoming::Kitty => {
                graphics.receiver.push(data);
                data.len()
            }
            Incoming::InlineFile(file) => {
                file.push(data);
                data.len()
            }
        }
    }

    /// The end of it, or its breaking off.
    pub(super) fn end_picture(&mut self, complete: bool) {
        match (std::mem::take(&mut self.graphics.incoming), complete) {
            (Incoming::Sixel(sixel), true) => self.place_sixel(*sixel),
            (Incoming::Kitty, true) => self.kitty_command(),
            (Incoming::Kitty, false) => self.graphics.receiver.cancel(),
            (Incoming::InlineFile(mut file), true) => {
                file.end();
                if file.is_shown() {
                    self.graphics.job = Some(Job::InlineFile(file));
                }
            }
            _ => {}
        }
    }

    /// Shows what was decoded.
    pub(in crate::terminal) fn show_decoded(&mut self, decoded: Decoded) {
        match decoded {
            Decoded::Kitty(command, picture) if command.is_frame() => self.kitty_frame(&command, picture),
            Decoded::Kitty(command, picture) => self.kitty_picture(&command, picture),
            Decoded::InlineFile(file, Some(picture)) => {
                let size = file.size(&picture, self.cell_pixels(), (self.size.columns, self.size.lines));
                self.place_in_cells(picture, size, true);
            }
            Decoded::InlineFile(_, None) => log::debug!("an inline file is no PNG picture"),
        }
    }

    /// A cell's size in pixels.
    pub(super) fn cell_pixels(&self) -> (u16, u16) {
        let size = self.size;
        match (size.width / size.columns.max(1), size.height / size.lines.max(1)) {
            (0, _) | (_, 0) => CELL,
            cell => cell,
        }
    }

    fn place_sixel(&mut self, sixel: Sixel) {
        let Finished { picture, size, registers, spares } = sixel.finish(&mut self.graphics.work);
        self.graphics.images.spares = spares;
        let cursor_right = self.modes.has(CURSOR_RIGHT_OF_PICTURES);
        if !self.modes.has(PRIVATE_REGISTERS) {
            self.graphics.images.registers = registers;
        }
        if size.0 == 0 || size.1 == 0 {
            return;
        }
        match picture {
            Some(picture) => self.place_in_cells(picture, size, cursor_right),
            None => self.pass_picture(None, size, cursor_right),
        }
    }

    /// Shows a picture in the cells from the cursor on, as text would be.
    fn place_in_cells(&mut self, picture: Arc<Picture>, size: (u32, u32), cursor_right: bool) {
        self.make_room(picture.pixels().len());
        let transparent = !picture.opaque();
        self.count_lines();
        let (cell, top) = (self.cell_pixels(), self.span().top);
        let display = self.modes.has(DISPLAY_PICTURES);
        let (line, column) = if display { (0, 0) } else { (self.cursor_line(), self.cursor_column()) };
        let place = Place { alternate: self.on_alternate_screen(), top, line: top + line as u64, column };
        let slot = self.graphics.images.add(picture, size, cell, place);
        self.pass_picture(Some((slot, transparent)), size, cursor_right);
        self.redraw = true;
    }

    /// Goes over the cells of a picture and marks them; ends where the modes say.
    fn pass_picture(&mut self, slot: Option<(u32, bool)>, size: (u32, u32), cursor_right: bool) {
        let cell = self.cell_pixels();
        let columns = size.0.div_ceil(cell.0.into()) as usize;
        let lines = size.1.div_ceil(cell.1.into()) as usize;
        let display = self.modes.has(DISPLAY_PICTURES);
        let before = (self.cursor_line(), self.cursor_column());
        if display {
            self.place(0, 0);
        }
        let left = self.cursor_column();
        for line in 0..lines {
            if let Some((slot, transparent)) = slot {
                self.mark_cells(slot, (line, left, columns), transparent);
            }
            match line + 1 < lines {
                true if display && self.cursor_line() + 1 == usize::from(self.size.lines) => break,
                true if display => self.place(self.cursor_line() + 1, left),
                true => self.index(),
                false => {}
            }
        }
        if display {
            self.place(before.0, before.1);
        } else if cursor_right && left + columns >= self.right_end(left) {
            self.index();
            self.carriage_return();
        } else if cursor_right {
            self.place(self.cursor_line(), left + columns);
        } else {
            self.place(self.cursor_line(), left);
        }
    }

    /// Marks one row of a picture, on the cursor's line.
    fn mark_cells(&mut self, slot: u32, (line, left, columns): (usize, usize, usize), transparent: bool) {
        self.touch_extras();
        let end = (left + columns).min(self.right_end(left));
        let at = grid_line(self.cursor_line());
        let row = &mut self.term.grid_mut()[at];
        let Ok(line) = u16::try_from(line) else { return };
        for (column, number) in (left..end).zip(0..=u16::MAX) {
            cells::mark(&mut row[Column(column)], Mark { slot, line, column: number }, transparent);
        }
    }

    /// Drops pictures until one of `bytes` has room.
    fn make_room(&mut self, bytes: usize) {
        if !self.graphics.images.has_room(bytes) {
            let shown = self.shown_slots();
            let alternate = self.on_alternate_screen();
            let end = self.graphics.images.make_room(bytes, alternate, &shown);
            self.clear_stale_marks(end);
            self.redraw = true;
        }
    }

    /// Takes the marks of dropped pictures out of the cells: each takes more memory than the cell. On the main screen they
    /// are all before line `end`.
    fn clear_stale_marks(&mut self, end: u64) {
        let mut lines = self.marked_lines();
        if !self.on_alternate_screen() {
            let end = i64::try_from(end).unwrap_or(i64::MAX).saturating_sub(self.span().top.cast_signed());
            lines.end = lines.end.min(i32::try_from(end).unwrap_or(i32::MAX));
        }
        let images = &self.graphics.images;
        let grid = self.term.grid_mut();
        for line in lines.map(Line) {
            let marked = grid[line][..].iter_mut().filter(|cell| cells::marks(cell).next().is_some());
            for cell in marked.filter(|cell| cells::marks(cell).all(|mark| images.slot(mark.slot).is_none())) {
                cells::clear(cell);
            }
        }
        if !self.on_alternate_screen() {
            self.graphics.images.note_cleared();
        }
    }

    /// The lines of the screen that is shown, and of its scrollback, in which cells may show pictures: a scrollback is large
    /// beside what all pictures cover.
    fn marked_lines(&mut self) -> Range<i32> {
        let end = i32::from(self.size.lines);
        if self.on_alternate_screen() {
            return 0..end;
        }
        self.count_lines();
        let span = self.span();
        let first = self.graphics.images.first_marked().unwrap_or(span.top).max(span.oldest);
        i32::try_from(first.cast_signed() - span.top.cast_signed()).unwrap_or(i32::MIN).min(0)..end
    }

    /// The pictures that cells show, of the screen that is shown.
    fn shown_slots(&mut self) -> HashSet<u32> {
        if let Some(all) = self.all_in_place() {
            return all;
        }
        let lines = self.marked_lines();
        let grid = self.term.grid();
        let above = i32::try_from(LOOKED_THROUGH).unwrap_or(i32::MAX);
        let rows = (lines.start.max(-above)..lines.end).map(|line| &grid[Line(line)]);
        rows.flat_map(|row| row.into_iter().flat_map(cells::marks)).map(|mark| mark.slot).collect()
    }

    /// The pictures of the main screen, if each is still seen where it came to be: as good as always, and known without a
    /// look at thousands of cells.
    fn all_in_place(&self) -> Option<HashSet<u32>> {
        if self.on_alternate_screen() {
            return None;
        }
        let (grid, span) = (self.term.grid(), self.span());
        let first = span.oldest.max(span.top.saturating_sub(LOOKED_THROUGH as u64));
        let in_place = |(slot, number, column): (u32, u64, usize)| {
            let line = i32::try_from(number.cast_signed() - span.top.cast_signed()).ok();
            let line = line.filter(|_| (first..span.end).contains(&number))?;
            let cell = (column < grid.columns()).then(|| &grid[Line(line)][Column(column)])?;
            cells::marks(cell).any(|mark| mark.slot == slot).then_some(slot)
        };
        self.graphics.images.places().map(in_place).collect()
    }

    /// The scrollback was dropped, and pictures with it.
    pub(super) fn drop_unseen_pictures(&mut self) {
        if !self.graphics.images.is_empty() {
            let shown = self.shown_slots();
            let alternate = self.on_alternate_screen();
            self.graphics.images.keep(alternate, &shown);
            self.graphics.images.kitty.trim(self.span().oldest);
        }
    }

    /// The main screen gets fewer columns: what pictures show beyond them is cut off, so that it is not wrapped as text.
    pub(super) fn cut_pictures(&mut self, columns: u16) {
        if columns >= self.size.columns || self.graphics.images.is_empty() {
            return;
        }
        lines::with_main(&mut self.term, |grid| {
            for line in all_lines(grid) {
                grid[line][Column(columns.into())..].iter_mut().for_each(cells::clear);
            }
        });
    }

    /// The main screen got more columns: pictures that end where it ended go on.
    pub(super) fn mend_pictures(&mut self, columns: u16) {
        let before = self.size.columns;
        let images = &self.graphics.images;
        if columns <= before || images.is_empty() {
            return;
        }
        lines::with_main(&mut self.term, |grid| {
            for line in all_lines(grid) {
                let (known, new) = grid[line][..].split_at_mut(before.into());
                let last = known.last().into_iter().flat_map(cells::marks);
                // Only the lowest one: others are seen through nothing.
                let Some((mark, slot)) = last.take(1).find_map(|mark| Some((mark, images.slot(mark.slot)?))) else {
                    continue;
                };
                let end = slot.size.0.div_ceil(slot.cell.0.into());
                let rest = u32::from(mark.column) + 1..end.min(u16::MAX.into());
                for (cell, column) in new.iter_mut().take_while(|cell| cell.is_empty()).zip(rest) {
                    let column = u16::try_from(column).unwrap_or(u16::MAX);
                    cells::mark(cell, Mark { column, ..mark }, false);
                }
            }
        });
    }

    /// Where placements of the kitty protocol are looked for.
    pub(in crate::terminal) fn graphics_view(&self) -> View {
        let number = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        let cursor = (number(self.cursor_column()), number(self.cursor_line()));
        let (screen, top) =
            if self.on_alternate_screen() { (Screen::Alternate, 0) } else { (Screen::Main, self.span().top) };
        View { screen, top, lines: self.size.lines, cursor }
    }

    /// The cursor's place, as placements count.
    fn anchor(&self) -> Anchor {
        let line = i64::try_from(self.cursor_line()).unwrap_or(i64::MAX);
        if self.on_alternate_screen() {
            Anchor::Alternate(line)
        } else {
            Anchor::Main(self.span().top.cast_signed() + line)
        }
    }

    /// XTSMGRAPHICS: item, action, value. Only the number of registers and the size of a picture can be asked for.
    pub(super) fn graphics_attribute(&mut self, params: &Params) {
        let (item, action) = (params.get(0), params.get(1));
        let value = match (item, action) {
            // Read, reset, set, maximum: there are as many registers as there are.
            (1, 1 | 2 | 4) => "0;1024".to_owned(),
            (1, 3) if (1..=1024).contains(&params.get(2)) => "0;1024".to_owned(),
            (2, 1) => {
                let cell = self.cell_pixels();
                let (width, height) =
                    (cell.0.saturating_mul(self.size.columns), cell.1.saturating_mul(self.size.lines));
                format!("0;{};{}", width.min(4096), height.min(2048))
            }
            (2, 4) => "0;4096;2048".to_owned(),
            (1 | 2, 1..=4) => "3".to_owned(),
            (1 | 2, _) => "2".to_owned(),
            _ => "1".to_owned(),
        };
        self.reply(&format!("\x1b[?{item};{value}S"));
    }
}

//! A search under way: what was found, up to where, and which match the user looks at.
//!
//! ```text
//!   oldest ─────── low ═══════════════ high ┄┄┄┄┄┄┄┄ end
//!    not looked through    `settled`       `live`: the screen, looked through again after each output
//!           ◄── backward slices       forward slices ──►
//! ```
//!
//! Text is read in slices under the terminal's lock and matched off it. The newest lines come first: that is where the
//! user is.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::Flags;

use super::super::emulator::Emulator;
use super::super::lines::{Reflow, Span};
use super::passage::Passage;
use super::{Direction, Pattern, Status};

/// Rows that one slice reads: a millisecond or two of holding the lock.
const SLICE: u64 = 1_000;

/// Rows of one line that are joined; a longer line is looked through in pieces.
const LONGEST: u64 = 1_024;

/// Rows above and below the visible ones that are looked at for the rest of a match that shows only in part.
const AROUND: u64 = 64;

/// Matches that are remembered, 16 bytes each. Older ones are not looked for.
const LIMIT: usize = 1_000_000;

/// The cell at which a match begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Place {
    /// The line's number; on the alternate screen, counted from its top.
    pub(in super::super) line: u64,
    pub(in super::super) column: u16,
}

/// A match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Found {
    pub(in super::super) start: Place,
    /// How many lines further down it ends.
    rows: u16,
    /// The column of its last character.
    last: u16,
}

impl Found {
    /// The cell at which its last character begins.
    pub(in super::super) fn end(&self) -> Place {
        Place { line: self.start.line + u64::from(self.rows), column: self.last }
    }
}

/// The part of a visible row that matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Highlight {
    pub(in super::super) line: Line,
    pub(in super::super) from: usize,
    pub(in super::super) to: usize,
    /// It belongs to the match that the user looks at.
    pub(in super::super) current: bool,
}

/// Lines to be looked through off the lock.
#[derive(Debug)]
pub(in super::super) struct Slice {
    epoch: u64,
    pattern: Arc<Pattern>,
    passages: Vec<(u64, Passage)>,
    what: What,
}

#[derive(Debug, Clone, Copy)]
enum What {
    /// Up to this line; lines before `settled` will not change any more.
    Forward { upto: u64, settled: u64 },
    /// Down from this line.
    Backward { low: u64 },
}

impl Slice {
    /// The matches in it from the top.
    pub(in super::super) fn search(&self) -> Vec<Found> {
        self.passages.iter().flat_map(|(line, passage)| matches(&self.pattern, *line, passage)).collect()
    }
}

/// See the module.
#[derive(Debug)]
pub(in super::super) struct Finder {
    pattern: Arc<Pattern>,
    /// Another one whenever slices that were taken are void.
    epoch: u64,
    alternate: bool,
    low: u64,
    high: u64,
    settled: VecDeque<Found>,
    live: Vec<Found>,
    /// There is output that was not looked through.
    dirty: bool,
    /// More was found than is remembered.
    truncated: bool,
    /// Where the user looked when the search began.
    anchor: Place,
    current: Option<Place>,
}

impl Finder {
    pub(in super::super) fn new(pattern: Pattern, emulator: &Emulator, before: Option<&Self>) -> Self {
        let mut finder = Self {
            pattern: Arc::new(pattern),
            epoch: 0,
            alternate: false,
            low: 0,
            high: 0,
            settled: VecDeque::new(),
            live: Vec::new(),
            dirty: true,
            truncated: false,
            anchor: last_shown(emulator),
            current: None,
        };
        finder.restart(emulator);
        // What is typed next narrows the search: it stays where it is, if that still matches.
        if let Some(before) = before.filter(|before| before.alternate == finder.alternate) {
            finder.anchor = before.current.unwrap_or(before.anchor);
        }
        finder
    }

    /// Forgets what was found: the text is another one, or wrapped otherwise.
    pub(in super::super) fn restart(&mut self, emulator: &Emulator) {
        static EPOCH: AtomicU64 = AtomicU64::new(1);
        self.epoch = EPOCH.fetch_add(1, Ordering::Relaxed);
        self.alternate = emulator.on_alternate_screen();
        let span = ground(emulator);
        self.high = begin(emulator, span.top, LONGEST);
        self.low = self.high;
        self.settled.clear();
        self.live.clear();
        self.dirty = true;
        self.truncated = false;
        self.anchor = last_shown(emulator);
        self.current = None;
    }

    /// The text was wrapped anew.
    pub(in super::super) fn reflow(&mut self, reflow: &Reflow, emulator: &Emulator) {
        let moved = self.current.and_then(|place| reflow.translate(place.line, place.column.into()));
        self.restart(emulator);
        if let Some((line, column)) = moved {
            self.anchor = Place { line, column: u16::try_from(column).unwrap_or(u16::MAX - 1) };
        }
    }

    /// There is new output.
    pub(in super::super) fn touch(&mut self) {
        self.dirty = true;
    }

    /// The next lines to look through; `None` once all were.
    pub(in super::super) fn slice(&mut self, emulator: &Emulator) -> Option<Slice> {
        self.follow(emulator);
        let span = ground(emulator);
        let (from, to, what) = if std::mem::take(&mut self.dirty) {
            let settled = begin(emulator, span.top, LONGEST).max(self.high);
            let far = span.end.saturating_sub(self.high) > SLICE + 2 * LONGEST;
            let upto = if far { begin(emulator, self.high + SLICE + LONGEST, LONGEST) } else { span.end };
            self.dirty = upto < span.end;
            (self.high, upto, What::Forward { upto, settled: settled.min(upto) })
        } else if self.low > span.oldest && !self.truncated {
            let low = begin(emulator, self.low.saturating_sub(SLICE).max(span.oldest), LONGEST);
            (low, self.low, What::Backward { low })
        } else {
            return None;
        };
        let passages = read(emulator, from, to);
        Some(Slice { epoch: self.epoch, pattern: Arc::clone(&self.pattern), passages, what })
    }

    /// Takes in what a slice held. Returns whether the user has a match to look at now and had none before.
    pub(in super::super) fn take_in(&mut self, slice: &Slice, found: Vec<Found>, emulator: &Emulator) -> bool {
        if slice.epoch != self.epoch {
            return false;
        }
        match slice.what {
            What::Forward { upto, settled } => {
                let split = found.partition_point(|found| found.start.line < settled);
                let (done, live) = found.split_at_checked(split).unwrap_or((&found, &[]));
                self.settled.extend(done);
                self.live.retain(|found| found.start.line >= upto);
                self.live.splice(..0, live.iter().copied()).for_each(drop);
                self.high = settled.max(self.high);
            }
            What::Backward { low } => {
                found.into_iter().rev().for_each(|found| self.settled.push_front(found));
                self.low = low;
            }
        }
        if self.settled.len() > LIMIT {
            self.truncated = true;
            drop(self.settled.drain(..self.settled.len() - LIMIT));
        }
        self.follow(emulator);
        self.choose(emulator)
    }

    /// Follows what happened to the lines since the last look.
    fn follow(&mut self, emulator: &Emulator) {
        if self.alternate != emulator.on_alternate_screen() {
            return self.restart(emulator);
        }
        let span = ground(emulator);
        if self.high < span.oldest || self.low > span.end {
            self.settled.clear();
            self.live.clear();
            (self.low, self.high, self.dirty) = (span.oldest, span.oldest, true);
        }
        self.low = self.low.max(span.oldest);
        while self.settled.front().is_some_and(|found| found.start.line < span.oldest) {
            let _gone = self.settled.pop_front();
        }
        // A screen that grew took lines back from the scrollback.
        let live = begin(emulator, span.top, LONGEST);
        if live < self.high {
            while self.settled.back().is_some_and(|found| found.start.line >= live) {
                let _moved = self.settled.pop_back();
            }
            (self.high, self.low, self.dirty) = (live, self.low.min(live), true);
        }
    }

    /// Chooses what the user looks at first: the newest match above where they look, else the oldest below.
    fn choose(&mut self, emulator: &Emulator) -> bool {
        if self.current.is_some() || (self.low > self.anchor.line && self.low > ground(emulator).oldest) {
            return false;
        }
        let after = self.rank(Place { column: self.anchor.column.saturating_add(1), ..self.anchor });
        let chosen = match after.checked_sub(1) {
            Some(index) => self.get(index),
            None if self.is_complete(emulator) => self.get(0),
            None => None,
        };
        self.current = chosen.map(|found| found.start);
        self.current.is_some()
    }

    /// Goes to the next match in a direction, from the last one on to the first. Returns whether there is one.
    pub(in super::super) fn go(&mut self, direction: Direction) -> bool {
        let from = self.current.unwrap_or(self.anchor);
        let total = self.total();
        let index = match direction {
            Direction::Older => self.rank(from).checked_sub(1).or(total.checked_sub(1)),
            Direction::Newer => {
                let after = self.rank(Place { column: from.column.saturating_add(1), ..from });
                (total > 0).then_some(if after < total { after } else { 0 })
            }
        };
        let chosen = index.and_then(|index| self.get(index));
        self.current = chosen.map(|found| found.start).or(self.current);
        chosen.is_some()
    }

    /// The match that the user looks at, if it is still there.
    pub(in super::super) fn current(&self) -> Option<Found> {
        let place = self.current?;
        self.get(self.rank(place)).filter(|found| found.start == place)
    }

    /// How it stands.
    pub(in super::super) fn status(&self, emulator: &Emulator) -> Status {
        let current = self.current().map(|found| self.total() - self.rank(found.start));
        let (complete, truncated) = (self.is_complete(emulator), self.truncated);
        Status { total: self.total(), current, complete, truncated, row: None }
    }

    fn is_complete(&self, emulator: &Emulator) -> bool {
        !self.dirty && (self.truncated || self.low <= ground(emulator).oldest)
    }

    fn total(&self) -> usize {
        self.settled.len() + self.live.len()
    }

    fn get(&self, index: usize) -> Option<Found> {
        let live = index.checked_sub(self.settled.len());
        live.map_or_else(|| self.settled.get(index), |index| self.live.get(index)).copied()
    }

    /// How many matches begin before `place`.
    fn rank(&self, place: Place) -> usize {
        let before = |found: &Found| found.start < place;
        let settled = self.settled.partition_point(before);
        if settled < self.settled.len() { settled } else { settled + self.live.partition_point(before) }
    }

    /// Which of `parts` equal parts of all lines, from the oldest, have a match, and which has the current one.
    pub(in super::super) fn marks(&self, emulator: &Emulator, parts: usize) -> (Vec<bool>, Option<usize>) {
        let span = ground(emulator);
        let lines = (span.end - span.oldest).max(1);
        let edge = |part: usize| Place { line: span.oldest + part as u64 * lines / parts.max(1) as u64, column: 0 };
        let mut rank = self.rank(edge(0));
        let mut part = |index: usize| {
            let before = std::mem::replace(&mut rank, self.rank(edge(index + 1)));
            rank > before
        };
        let marks = (0..parts).map(&mut part).collect();
        let current = self.current().and_then(|found| found.start.line.checked_sub(span.oldest));
        (marks, current.map(|offset| usize::try_from(offset * parts as u64 / lines).unwrap_or(0)))
    }

    /// What matches in the visible rows, found anew: what is on the screen may have changed since the last slice.
    pub(in super::super) fn visible(&self, emulator: &Emulator) -> Vec<Highlight> {
        if self.alternate != emulator.on_alternate_screen() {
            return Vec::new();
        }
        let span = ground(emulator);
        let offset = emulator.term.grid().display_offset() as u64;
        let (top, bottom) = (span.top.saturating_sub(offset), span.end.saturating_sub(offset));
        let first = begin(emulator, top, AROUND);
        let passages = read(emulator, first, (bottom + AROUND).min(span.end));
        let visible = |line: u64| (top..bottom).contains(&line);
        let found = passages.iter().take_while(|(line, _)| *line < bottom);
        let found = found.flat_map(|(line, passage)| matches(&self.pattern, *line, passage));
        found
            .flat_map(|found| self.parts(emulator, found))
            .filter(|(line, _)| visible(*line))
            .map(|(_, part)| part)
            .collect()
    }

    /// A match row by row.
    fn parts(&self, emulator: &Emulator, found: Found) -> impl Iterator<Item = (u64, Highlight)> {
        let current = self.current == Some(found.start);
        let (span, last) = (ground(emulator), emulator.term.columns() - 1);
        let (start, end) = (found.start, found.end());
        (start.line..=end.line).map(move |number| {
            let from = if number == start.line { usize::from(start.column) } else { 0 };
            let to = if number == end.line { usize::from(end.column) } else { last };
            (number, Highlight { line: line_of(span, number), from, to, current })
        })
    }
}

/// The lines that can be looked through. The alternate screen has no numbers; they are counted from its top.
fn ground(emulator: &Emulator) -> Span {
    if emulator.on_alternate_screen() {
        return Span { oldest: 0, top: 0, end: emulator.term.screen_lines() as u64 };
    }
    emulator.span()
}

fn line_of(span: Span, number: u64) -> Line {
    Line(i32::try_from(number.wrapping_sub(span.top).cast_signed()).unwrap_or(0))
}

/// The line of the grid that a place is on.
pub(in super::super) fn line(emulator: &Emulator, place: Place) -> Option<Line> {
    let span = ground(emulator);
    span.contains(place.line).then(|| line_of(span, place.line))
}

/// The place of a cell of the grid.
pub(in super::super) fn place(emulator: &Emulator, line: Line, column: usize) -> Place {
    let number = ground(emulator).top.saturating_add_signed(line.0.into());
    Place { line: number, column: u16::try_from(column).unwrap_or(u16::MAX) }
}

/// The last cell that is shown.
fn last_shown(emulator: &Emulator) -> Place {
    let shown = emulator.term.grid().display_offset() as u64;
    Place { line: ground(emulator).end.saturating_sub(shown + 1), column: u16::MAX - 1 }
}

/// The row at which the line that `number` is part of begins, at most `limit` rows up.
pub(in super::super) fn begin(emulator: &Emulator, number: u64, limit: u64) -> u64 {
    let span = ground(emulator);
    let mut first = number;
    while first > span.oldest && number - first < limit && wraps(emulator, span, first - 1) {
        first -= 1;
    }
    first
}

fn wraps(emulator: &Emulator, span: Span, number: u64) -> bool {
    let grid = emulator.term.grid();
    grid[line_of(span, number)][grid.last_column()].flags.contains(Flags::WRAPLINE)
}

/// The lines that begin from row `from` on, up to row `to` (exclusive), which must be rows that exist.
pub(in super::super) fn read(emulator: &Emulator, from: u64, to: u64) -> Vec<(u64, Passage)> {
    let span = ground(emulator);
    let mut passages: Vec<(u64, Passage)> = Vec::new();
    let mut open = false;
    for number in from.max(span.oldest)..to.min(span.end) {
        let wrapped = wraps(emulator, span, number) && number + 1 < span.end;
        if !open {
            passages.push((number, Passage::default()));
        }
        if let Some((_, passage)) = passages.last_mut() {
            passage.push(&emulator.term.grid()[line_of(span, number)], !wrapped);
            open = wrapped && (passage.rows() as u64) < LONGEST;
        }
    }
    passages
}

/// The matches in a passage that begins at `line`.
fn matches<'a>(pattern: &'a Pattern, line: u64, passage: &'a Passage) -> impl Iterator<Item = Found> + 'a {
    pattern.find(passage.text()).map(move |range| {
        let (start, end) = (passage.position(range.start), passage.position(range.end - 1));
        Found {
            start: Place { line: line + start.row as u64, column: start.column },
            rows: u16::try_from(end.row - start.row).unwrap_or(u16::MAX),
            last: end.column,
        }
    })
}

//! The commands of a shell that marks its prompts (OSC 133, FinalTerm's; many shells can, with a few lines of set-up).
//!
//! ```text
//!   133;A ► prompt $ ◄ 133;B  ls -l ⏎   133;C ► output … ◄ 133;D;0
//! ```
//!
//! A mark belongs to the line on which the prompt begins ([`super::lines`]), and moves with its text where lines are
//! inserted, deleted or scrolled within margins. A prompt that is drawn again on its line,
//! or above others after the screen was erased in place, takes the place of what stood there.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::lines::{Reflow, Span};

/// How many commands are remembered; the oldest make room.
const LIMIT: usize = 4096;

/// How it stands with a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// None was run yet: it is being typed, or Enter was pressed on an empty line.
    Prompt,
    /// It runs.
    Running,
    /// It is over.
    Ended {
        /// Its exit status, if the shell told.
        status: Option<i32>,
        /// How long it took.
        duration: Duration,
    },
}

impl Outcome {
    /// Whether the command ended with another status than 0.
    #[must_use]
    pub fn failed(self) -> bool {
        matches!(self, Self::Ended { status: Some(status), .. } if status != 0)
    }
}

/// A prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The number of the line on which it begins.
    pub line: u64,
    /// What came of its command.
    pub outcome: Outcome,
}

/// A line's number and a column.
pub(super) type Place = (u64, usize);

#[derive(Debug)]
struct Command {
    prompt: u64,
    output: Option<Place>,
    end: Option<Place>,
    began: Option<Instant>,
    outcome: Outcome,
}

/// The prompts and commands in order.
#[derive(Debug, Default)]
pub(super) struct Commands {
    list: VecDeque<Command>,
    /// The marks as they were given out last, until something changes.
    marks: Option<Arc<[Mark]>>,
}

impl Commands {
    /// `A`: a prompt begins.
    pub(super) fn prompt(&mut self, line: u64) {
        self.marks = None;
        while self.list.back().is_some_and(|last| last.prompt >= line) {
            let _overwritten = self.list.pop_back();
        }
        self.push(line);
    }

    fn push(&mut self, line: u64) {
        if self.list.len() == LIMIT {
            let _oldest = self.list.pop_front();
        }
        self.list.push_back(Command { prompt: line, output: None, end: None, began: None, outcome: Outcome::Prompt });
    }

    /// `C`: output begins. A shell that marks no prompts has its command's mark here.
    pub(super) fn output(&mut self, place: Place, now: Instant) {
        self.marks = None;
        if self.list.back().is_none_or(|last| last.outcome != Outcome::Prompt) {
            self.prompt(place.0);
        }
        if let Some(last) = self.list.back_mut() {
            last.output = Some(place);
            last.began = Some(now);
            last.outcome = Outcome::Running;
        }
    }

    /// `D`: the command is over. `None` if none ran, as after Enter on an empty line.
    pub(super) fn end(&mut self, place: Place, status: Option<i32>, now: Instant) -> Option<Duration> {
        let last = self.list.back_mut().filter(|last| last.outcome == Outcome::Running)?;
        self.marks = None;
        let duration = last.began.map(|began| now.saturating_duration_since(began)).unwrap_or_default();
        last.end = Some(place);
        last.outcome = Outcome::Ended { status, duration };
        Some(duration)
    }

    /// The shell is gone: nothing runs any more.
    pub(super) fn abandon(&mut self, place: Place, now: Instant) {
        let _ = self.end(place, None, now);
    }

    /// Nothing is left of what there was.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets the commands whose prompts are no longer there.
    pub(super) fn prune(&mut self, span: Span) {
        while self.list.front().is_some_and(|first| first.prompt < span.oldest) {
            let _gone = self.list.pop_front();
            self.marks = None;
        }
        while self.list.back().is_some_and(|last| last.prompt >= span.end) {
            let _gone = self.list.pop_back();
            self.marks = None;
        }
    }

    /// Follows the lines through a change of columns.
    pub(super) fn reflow(&mut self, reflow: &Reflow) {
        self.marks = None;
        self.list.retain_mut(|command| {
            let Some((prompt, _)) = reflow.translate(command.prompt, 0) else { return false };
            command.prompt = prompt;
            for place in [&mut command.output, &mut command.end] {
                *place = place.and_then(|(line, column)| reflow.translate(line, column));
            }
            true
        });
    }

    /// The text of the lines in `region` moves down by so many lines, up if negative; each has `columns` cells. A prompt
    /// that leaves the region is gone, but for that of a command that runs: its end will be told.
    pub(super) fn scroll(&mut self, region: &Range<u64>, by: i64, columns: usize) {
        let moved = |line: u64| line.checked_add_signed(by).filter(|line| region.contains(line));
        let first = self.list.partition_point(|command| command.prompt < region.start);
        // The output of a prompt above may be in the region.
        let begin = first.saturating_sub(1);
        let mut gone = Vec::new();
        for (index, command) in self.list.iter_mut().enumerate().skip(begin) {
            if command.prompt >= region.end {
                break;
            }
            if region.contains(&command.prompt) {
                self.marks = None;
                match moved(command.prompt) {
                    Some(line) => command.prompt = line,
                    None if command.outcome != Outcome::Running => gone.push(index),
                    None if by < 0 => command.prompt = region.start,
                    None => command.prompt = region.end - 1,
                }
            }
            command.output = command.output.and_then(|place| carry(place, region, by, columns, false));
            command.end = command.end.and_then(|place| carry(place, region, by, columns, true));
        }
        for index in gone.into_iter().rev() {
            let _ = self.list.remove(index);
        }
    }

    /// So many lines entered the history, and those from line `first` on stay where they are on the screen.
    pub(super) fn stay(&mut self, first: u64, lines: u64) {
        for command in self.list.iter_mut().rev() {
            for place in [&mut command.output, &mut command.end].into_iter().flatten() {
                place.0 += if place.0 >= first { lines } else { 0 };
            }
            if command.prompt < first {
                break;
            }
            command.prompt += lines;
            self.marks = None;
        }
    }

    /// All marks, oldest first.
    pub(super) fn marks(&mut self) -> Arc<[Mark]> {
        let list = &self.list;
        let marks = || list.iter().map(|command| Mark { line: command.prompt, outcome: command.outcome }).collect();
        self.marks.get_or_insert_with(marks).clone()
    }

    /// The last prompt above `line`.
    pub(super) fn before(&self, line: u64) -> Option<u64> {
        let index = self.list.partition_point(|command| command.prompt < line);
        self.list.get(index.checked_sub(1)?).map(|command| command.prompt)
    }

    /// The first prompt below `line`.
    pub(super) fn after(&self, line: u64) -> Option<u64> {
        let index = self.list.partition_point(|command| command.prompt <= line);
        self.list.get(index).map(|command| command.prompt)
    }

    /// From where to where the output goes of the command that `line` belongs to; the end is `None` while it runs.
    pub(super) fn output_at(&self, line: u64) -> Option<(Place, Option<Place>)> {
        let index = self.list.partition_point(|command| command.prompt <= line);
        Self::extent(self.list.get(index.checked_sub(1)?)?)
    }

    /// The same of the last command that has output.
    pub(super) fn last_output(&self) -> Option<(Place, Option<Place>)> {
        self.list.iter().rev().find_map(Self::extent)
    }

    fn extent(command: &Command) -> Option<(Place, Option<Place>)> {
        let output = command.output?;
        match command.outcome {
            Outcome::Ended { .. } => Some((output, Some(command.end.filter(|end| *end != output)?))),
            _ => Some((output, None)),
        }
    }
}

/// Where a place of a region is after its text moved. What left it at the top is where the region begins; what left it at
/// the bottom is gone, or, if it is an `end`, where the region ends.
fn carry(place: Place, region: &Range<u64>, by: i64, columns: usize, end: bool) -> Option<Place> {
    let (line, column) = place;
    if !region.contains(&line) {
        return Some(place);
    }
    match line.checked_add_signed(by) {
        Some(line) if region.contains(&line) => Some((line, column)),
        Some(line) if line >= region.end => end.then(|| (region.end - 1, columns)),
        _ => Some((region.start, 0)),
    }
}

//! Links in what is shown: marked by the program (OSC 8), or addresses found in the text.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use alacritty_terminal::event::VoidListener;
use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::Term;
use alacritty_terminal::term::cell::{Cell, Flags, Hyperlink};

use super::Point;

/// The longest address that is found in text, in characters; OSC 8 has the same limit in bytes.
const LIMIT: usize = 2083;

/// How many lines of a wrapped text are looked at beyond what is shown, on either side.
const BEYOND: i32 = 64;

/// The most links of one screen.
const MOST: usize = 4096;

/// What an address in text begins with, and whether a host follows.
const SCHEMES: [(&str, bool); 6] =
    [("https://", true), ("http://", true), ("ftp://", true), ("ssh://", true), ("mailto:", false), ("www.", true)];

/// A part of a line that belongs to a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Visible line from the top.
    pub line: u16,
    /// The first column.
    pub from: u16,
    /// The last column.
    pub to: u16,
}

/// A link that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads: what the remote side says, unchecked.
    pub address: String,
    /// Whether the program marked the text as a link (OSC 8), so that the text need not be the address.
    pub marked: bool,
    /// Where it stands, in reading order; the parts that are out of sight are left out.
    pub runs: Vec<Run>,
}

impl Link {
    /// Whether the cell belongs to it.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        self.runs.iter().any(|run| run.line == point.line && (run.from..=run.to).contains(&point.column))
    }
}

/// All links in sight, in reading order.
pub(super) fn visible(term: &Term<VoidListener>) -> Vec<Link> {
    Search::new(term).links(0..=term.screen_lines() - 1)
}

/// The link at a cell in sight.
pub(super) fn at(term: &Term<VoidListener>, point: Point) -> Option<Link> {
    let line = usize::from(point.line);
    if line >= term.screen_lines() || usize::from(point.column) >= term.columns() {
        return None;
    }
    let search = Search::new(term);
    let found = search.links(line..=line).into_iter().find(|link| link.contains(point))?;
    if !found.marked {
        return Some(found);
    }
    // Its other parts may be anywhere.
    search.links(0..=term.screen_lines() - 1).into_iter().find(|link| link.contains(point))
}

/// A character of a wrapped text and where it stands.
#[derive(Clone, Copy)]
struct Letter {
    c: char,
    line: Line,
    column: usize,
    width: usize,
}

struct Search<'a> {
    term: &'a Term<VoidListener>,
    offset: i32,
}

impl<'a> Search<'a> {
    fn new(term: &'a Term<VoidListener>) -> Self {
        Self { term, offset: i32::try_from(term.grid().display_offset()).unwrap_or(i32::MAX) }
    }

    /// The links of these visible lines, each with all that is in sight of a wrapped address.
    fn links(&self, lines: RangeInclusive<usize>) -> Vec<Link> {
        let [first, last] =
            [*lines.start(), *lines.end()].map(|line| Line(i32::try_from(line).unwrap_or(0) - self.offset));
        let mut links = self.marked(first, last);
        let mut line = self.begin(first);
        while line <= last && links.len() < MOST {
            let end = self.end(line, last);
            self.detect(line, end, &mut links);
            line = end + 1;
        }
        links.retain(|link| !link.runs.is_empty());
        links.truncate(MOST);
        links.sort_by_key(|link| link.runs.first().map(|run| (run.line, run.from)));
        links
    }

    fn row(&self, line: Line) -> &'a [Cell] {
        &self.term.grid()[line][..]
    }

    fn wraps(&self, line: Line) -> bool {
        self.row(line).last().is_some_and(|cell| cell.flags.contains(Flags::WRAPLINE))
    }

    /// The line on which the text of `line` begins, as far as one looks.
    fn begin(&self, line: Line) -> Line {
        let farthest = (line - BEYOND as usize).max(self.term.topmost_line());
        let mut begin = line;
        while begin > farthest && self.wraps(begin - 1_usize) {
            begin -= 1_usize;
        }
        begin
    }

    /// The line on which the text of `line` ends, as far as one looks below `last`.
    fn end(&self, line: Line, last: Line) -> Line {
        let farthest = (last + BEYOND as usize).min(self.term.bottommost_line());
        let mut end = line;
        while end < farthest && self.wraps(end) {
            end += 1_usize;
        }
        end
    }

    /// Adds the columns to a link's runs, if they are in sight.
    fn add(&self, runs: &mut Vec<Run>, line: Line, from: usize, to: usize) {
        let visible = usize::try_from(line.0 + self.offset).ok().filter(|line| *line < self.term.screen_lines());
        let numbers = (visible.map(u16::try_from), u16::try_from(from), u16::try_from(to));
        let (Some(Ok(line)), Ok(from), Ok(to)) = numbers else { return };
        match runs.last_mut() {
            Some(run) if run.line == line && run.to + 1 == from => run.to = to,
            _ => runs.push(Run { line, from, to }),
        }
    }

    /// The links that the program marked.
    fn marked(&self, first: Line, last: Line) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        let mut known: HashMap<Hyperlink, usize> = HashMap::new();
        for line in (first.0..=last.0).map(Line) {
            for (column, cell) in self.row(line).iter().enumerate() {
                let Some(hyperlink) = cell.hyperlink() else { continue };
                let index = *known.entry(hyperlink).or_insert_with_key(|link| {
                    links.push(Link { address: link.uri().to_owned(), marked: true, runs: Vec::new() });
                    links.len() - 1
                });
                if let Some(link) = links.get_mut(index) {
                    self.add(&mut link.runs, line, column, column);
                }
            }
        }
        links
    }

    /// The addresses in the text of the lines.
    fn detect(&self, first: Line, last: Line, links: &mut Vec<Link>) {
        let letters = self.letters(first, last);
        let mut from = 0;
        while let Some(rest) = letters.get(from..).filter(|rest| !rest.is_empty()) {
            let begins = from == 0 || letters.get(from - 1).is_none_or(|before| !before.c.is_alphanumeric());
            let Some((length, address)) = begins.then(|| address(rest)).flatten() else {
                from += 1;
                continue;
            };
            let mut runs = Vec::new();
            for letter in rest.iter().take(length) {
                self.add(&mut runs, letter.line, letter.column, letter.column + letter.width - 1);
            }
            links.push(Link { address, marked: false, runs });
            from += length;
        }
    }

    /// The characters of the lines; a marked link counts as a blank.
    fn letters(&self, first: Line, last: Line) -> Vec<Letter> {
        let mut letters = Vec::new();
        for line in (first.0..=last.0).map(Line) {
            for (column, cell) in self.row(line).iter().enumerate() {
                if cell.flags.intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER) {
                    continue;
                }
                let width = if cell.flags.contains(Flags::WIDE_CHAR) { 2 } else { 1 };
                let c = if cell.hyperlink().is_some() { ' ' } else { cell.c };
                letters.push(Letter { c, line, column, width });
            }
        }
        letters
    }
}

/// The address with which `letters` begin, and how many of them it has.
fn address(letters: &[Letter]) -> Option<(usize, String)> {
    let begins = |scheme: &str| {
        letters.len() > scheme.len()
            && scheme.chars().zip(letters).all(|(c, letter)| c == letter.c.to_ascii_lowercase())
    };
    let (scheme, has_host) = SCHEMES.iter().find(|(scheme, _)| begins(scheme))?;
    let text: String = letters.iter().take(LIMIT).map(|letter| letter.c).take_while(|c| may_stand(*c)).collect();
    let text = trim(&text);
    let rest = text.get(scheme.len()..)?;
    let whole = match *scheme {
        "www." => rest.split(['/', '?', '#', ':']).next().is_some_and(|host| host.trim_matches('.').contains('.')),
        "mailto:" => rest.find('@').is_some_and(|at| at > 0 && at + 1 < rest.len()),
        _ => true,
    };
    let host = !has_host || rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    let address = if *scheme == "www." { format!("https://{text}") } else { text.to_owned() };
    (whole && host).then(|| (text.chars().count(), address))
}

/// Whether a character may stand in an address (RFC 3986 section 2, RFC 3987 for what is beyond ASCII).
fn may_stand(c: char) -> bool {
    c.is_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}

/// Without what belongs to the sentence around it: points and marks at the end, brackets that were opened before.
fn trim(text: &str) -> &str {
    let count = |bracket: char| text.matches(bracket).count();
    let (mut round, mut square) = ((count('('), count(')')), (count('['), count(']')));
    let mut kept = text.len();
    for (at, c) in text.char_indices().rev() {
        let count = match c {
            '(' => Some(&mut round.0),
            '[' => Some(&mut square.0),
            ')' if round.1 > round.0 => Some(&mut round.1),
            ']' if square.1 > square.0 => Some(&mut square.1),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' => None,
            _ => break,
        };
        if let Some(count) = count {
            *count -= 1;
        }
        kept = at;
    }
    text.get(..kept).unwrap_or_default()
}

/// The text of a run.
#[cfg(test)]
pub(super) fn text_of(term: &Term<VoidListener>, run: Run) -> String {
    let line = Line(i32::from(run.line)) - term.grid().display_offset();
    let cells = term.grid()[line].into_iter().take(usize::from(run.to) + 1).skip(run.from.into());
    cells.filter(|cell| !cell.flags.contains(Flags::WIDE_CHAR_SPACER)).map(|cell| cell.c).collect()
}

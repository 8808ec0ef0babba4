//! Which neighbouring cells are drawn as one: emoji of several characters, scripts whose letters change shape beside each
//! other, and the ligatures of programming fonts. The cells stay what they are; only their drawing is joined.
//!
//! Text that runs from right to left keeps the order in which it came, cell by cell, as in xterm. Reordering would put
//! letters under other columns than those that programs, the cursor and the selection count in, and would turn around
//! what programs with an algorithm of their own (editors, `fribidi`) send in the order of the screen. Since joined Arabic
//! letters are only right in that order, each is drawn in its isolated form; presentation forms are drawn as they are.

use term::terminal::content::{Cell, Width};

/// The most cells that are drawn as one.
const MOST: usize = 48;

/// What joins cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A picture of several characters, or of one that asks for more room than its cell and has a blank beside it.
    Picture,
    /// Letters of a script that joins or reorders them.
    Script,
    /// Signs that a programming font joins.
    Signs,
}

/// What the first of `cells` is drawn as one with, and how many cells that are.
#[must_use]
pub fn find(cells: &[Cell], ligatures: bool) -> Option<(Kind, usize)> {
    let first = cells.first()?;
    if first.character.is_ascii() && first.combining.is_none() {
        return (ligatures && is_sign(first))
            .then(|| run(cells, is_sign))
            .filter(|count| *count > 1)
            .map(|count| (Kind::Signs, count));
    }
    if is_joining_script(first.character) && first.width == Width::Narrow {
        let script = |cell: &Cell| is_joining_script(cell.character) && cell.width == Width::Narrow;
        let count = run(cells, script);
        return (count > 1).then_some((Kind::Script, count));
    }
    picture(cells).map(|count| (Kind::Picture, count))
}

/// How many cells from the first on are such and look alike.
fn run(cells: &[Cell], is_such: impl Fn(&Cell) -> bool) -> usize {
    let alike =
        |a: &Cell, b: &Cell| (a.foreground, a.bold, a.italic, a.blink) == (b.foreground, b.bold, b.italic, b.blink);
    let Some(first) = cells.first() else {
        return 0;
    };
    cells.iter().take(MOST).take_while(|cell| is_such(cell) && alike(first, cell)).count()
}

fn is_sign(cell: &Cell) -> bool {
    cell.character.is_ascii_punctuation() && cell.combining.is_none()
}

/// The scripts of India and its neighbours, whose letters are joined or change their order.
fn is_joining_script(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{a8e0}'..='\u{a8ff}')
}

/// Whether a script's letters hang from a line that runs through the word.
#[must_use]
pub fn has_headline(character: char) -> bool {
    matches!(character, '\u{900}'..='\u{97f}' | '\u{980}'..='\u{9ff}' | '\u{a00}'..='\u{a7f}')
}

/// The cells of a flag, of an emoji with a skin colour, of several that a joiner joins, or of one with a blank beside it.
fn picture(cells: &[Cell]) -> Option<usize> {
    let first = cells.first()?;
    if is_regional(first.character) {
        return cells.get(1).is_some_and(|next| is_regional(next.character)).then_some(2);
    }
    let mut count = columns(first);
    while let (Some(last), Some(next)) = (cells.get(..count).and_then(last_character), cells.get(count)) {
        let joined = last.combining.as_deref().is_some_and(|marks| marks.ends_with('\u{200d}'));
        let colored = matches!(next.character, '\u{1f3fb}'..='\u{1f3ff}') && is_pictorial(last.character);
        if !(joined && is_pictorial(next.character) || colored) || count + columns(next) > MOST {
            break;
        }
        count += columns(next);
    }
    if count > columns(first) {
        return Some(count);
    }
    let blank = cells
        .get(1)
        .is_some_and(|next| next.character == ' ' && next.combining.is_none() && next.width == Width::Narrow);
    (first.width == Width::Narrow && blank && wants_room(first)).then_some(2)
}

/// The last of `cells` that is no second half.
fn last_character(cells: &[Cell]) -> Option<&Cell> {
    cells.iter().rev().find(|cell| cell.width != Width::Spacer)
}

fn columns(cell: &Cell) -> usize {
    if cell.width == Width::Wide { 2 } else { 1 }
}

fn is_regional(character: char) -> bool {
    matches!(character, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Characters that sequences of emoji are made of.
fn is_pictorial(character: char) -> bool {
    matches!(character, '\u{1f300}'..='\u{1faff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}')
}

/// Pictures in one cell, which is too small for them: emoji by a variation selector, keycaps, icons of private use.
fn wants_room(cell: &Cell) -> bool {
    cell.combining.as_deref().is_some_and(|marks| marks.contains('\u{fe0f}'))
        || matches!(cell.character, '\u{e000}'..='\u{e09f}' | '\u{e0d8}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}')
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::cell;
    use super::*;

    /// The cells of a text in which `_` is the second half of the character before, and marks join their letter.
    fn cells(text: &str) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::new();
        for character in text.chars() {
            match character {
                '_' => {
                    if let Some(last) = cells.last_mut() {
                        last.width = Width::Wide;
                    }
                    cells.push(Cell { width: Width::Spacer, ..cell(' ') });
                }
                '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{94d}' => {
                    if let Some(last) = cells.iter_mut().rev().find(|cell| cell.width != Width::Spacer) {
                        let marks = format!("{}{character}", last.combining.as_deref().unwrap_or_default());
                        last.combining = Some(marks.into());
                    }
                }
                _ => cells.push(cell(character)),
            }
        }
        cells
    }

    #[test]
    fn what_belongs_together_is_found() {
        use Kind::{Picture, Script, Signs};
        let table = [
            ("ab", None),
            ("漢_字_", None),
            ("👍_x", None),
            ("👍_🏽_", Some((Picture, 4))),
            ("👩_\u{200d}💻_", Some((Picture, 4))),
            ("❤\u{fe0f}\u{200d}🔥_", Some((Picture, 3))),
            ("👨_\u{200d}👩_\u{200d}👧_x", Some((Picture, 6))),
            ("👩_\u{200d}x", None),
            ("🇩🇪🇫🇷", Some((Picture, 2))),
            ("🇩x", None),
            ("☂\u{fe0f} ", Some((Picture, 2))),
            ("☂\u{fe0f}x", None),
            ("☂ x", None),
            ("1\u{fe0f}\u{20e3} ", Some((Picture, 2))),
            ("\u{e0b0} ", None),
            ("\u{f07b} ", Some((Picture, 2))),
            ("क्षि ", Some((Script, 3))),
            ("क ", None),
            ("->x", Some((Signs, 2))),
            ("===", Some((Signs, 3))),
            ("- >", None),
        ];
        for (text, expected) in table {
            assert_eq!(find(&cells(text), true), expected, "{text}");
        }
        assert_eq!(find(&cells("->"), false), None, "only where the user wants it");
        let mut colored = cells("!=");
        colored[1].bold = true;
        assert_eq!(find(&colored, true), None, "only what looks alike");
    }
}

//! Unicode placeholders: characters in the text that show parts of a picture, for programs such as tmux that know of
//! text only. The colour of the text names the picture; combining characters say which part.

/// The character that stands for a part of a picture.
pub(in crate::terminal) const CHARACTER: char = '\u{10eeee}';

/// The combining characters that count, from 0 on, as ranges (the protocol's rowcolumn-diacritics.txt).
const COUNTERS: [(char, char); 114] = [
    ('\u{305}', '\u{305}'),
    ('\u{30d}', '\u{30d}'),
    ('\u{30e}', '\u{30e}'),
    ('\u{310}', '\u{310}'),
    ('\u{312}', '\u{312}'),
    ('\u{33d}', '\u{33d}'),
    ('\u{33e}', '\u{33e}'),
    ('\u{33f}', '\u{33f}'),
    ('\u{346}', '\u{346}'),
    ('\u{34a}', '\u{34a}'),
    ('\u{34b}', '\u{34b}'),
    ('\u{34c}', '\u{34c}'),
    ('\u{350}', '\u{350}'),
    ('\u{351}', '\u{351}'),
    ('\u{352}', '\u{352}'),
    ('\u{357}', '\u{357}'),
    ('\u{35b}', '\u{35b}'),
    ('\u{363}', '\u{36f}'),
    ('\u{483}', '\u{487}'),
    ('\u{592}', '\u{595}'),
    ('\u{597}', '\u{599}'),
    ('\u{59c}', '\u{5a1}'),
    ('\u{5a8}', '\u{5a8}'),
    ('\u{5a9}', '\u{5a9}'),
    ('\u{5ab}', '\u{5ab}'),
    ('\u{5ac}', '\u{5ac}'),
    ('\u{5af}', '\u{5af}'),
    ('\u{5c4}', '\u{5c4}'),
    ('\u{610}', '\u{617}'),
    ('\u{657}', '\u{65b}'),
    ('\u{65d}', '\u{65d}'),
    ('\u{65e}', '\u{65e}'),
    ('\u{6d6}', '\u{6dc}'),
    ('\u{6df}', '\u{6e2}'),
    ('\u{6e4}', '\u{6e4}'),
    ('\u{6e7}', '\u{6e7}'),
    ('\u{6e8}', '\u{6e8}'),
    ('\u{6eb}', '\u{6eb}'),
    ('\u{6ec}', '\u{6ec}'),
    ('\u{730}', '\u{730}'),
    ('\u{732}', '\u{732}'),
    ('\u{733}', '\u{733}'),
    ('\u{735}', '\u{735}'),
    ('\u{736}', '\u{736}'),
    ('\u{73a}', '\u{73a}'),
    ('\u{73d}', '\u{73d}'),
    ('\u{73f}', '\u{741}'),
    ('\u{743}', '\u{743}'),
    ('\u{745}', '\u{745}'),
    ('\u{747}', '\u{747}'),
    ('\u{749}', '\u{749}'),
    ('\u{74a}', '\u{74a}'),
    ('\u{7eb}', '\u{7f1}'),
    ('\u{7f3}', '\u{7f3}'),
    ('\u{816}', '\u{819}'),
    ('\u{81b}', '\u{823}'),
    ('\u{825}', '\u{827}'),
    ('\u{829}', '\u{82d}'),
    ('\u{951}', '\u{951}'),
    ('\u{953}', '\u{953}'),
    ('\u{954}', '\u{954}'),
    ('\u{f82}', '\u{f82}'),
    ('\u{f83}', '\u{f83}'),
    ('\u{f86}', '\u{f86}'),
    ('\u{f87}', '\u{f87}'),
    ('\u{135d}', '\u{135f}'),
    ('\u{17dd}', '\u{17dd}'),
    ('\u{193a}', '\u{193a}'),
    ('\u{1a17}', '\u{1a17}'),
    ('\u{1a75}', '\u{1a7c}'),
    ('\u{1b6b}', '\u{1b6b}'),
    ('\u{1b6d}', '\u{1b73}'),
    ('\u{1cd0}', '\u{1cd2}'),
    ('\u{1cda}', '\u{1cda}'),
    ('\u{1cdb}', '\u{1cdb}'),
    ('\u{1ce0}', '\u{1ce0}'),
    ('\u{1dc0}', '\u{1dc0}'),
    ('\u{1dc1}', '\u{1dc1}'),
    ('\u{1dc3}', '\u{1dc9}'),
    ('\u{1dcb}', '\u{1dcb}'),
    ('\u{1dcc}', '\u{1dcc}'),
    ('\u{1dd1}', '\u{1de6}'),
    ('\u{1dfe}', '\u{1dfe}'),
    ('\u{20d0}', '\u{20d0}'),
    ('\u{20d1}', '\u{20d1}'),
    ('\u{20d4}', '\u{20d7}'),
    ('\u{20db}', '\u{20db}'),
    ('\u{20dc}', '\u{20dc}'),
    ('\u{20e1}', '\u{20e1}'),
    ('\u{20e7}', '\u{20e7}'),
    ('\u{20e9}', '\u{20e9}'),
    ('\u{20f0}', '\u{20f0}'),
    ('\u{2cef}', '\u{2cf1}'),
    ('\u{2de0}', '\u{2dff}'),
    ('\u{a66f}', '\u{a66f}'),
    ('\u{a67c}', '\u{a67c}'),
    ('\u{a67d}', '\u{a67d}'),
    ('\u{a6f0}', '\u{a6f0}'),
    ('\u{a6f1}', '\u{a6f1}'),
    ('\u{a8e0}', '\u{a8f1}'),
    ('\u{aab0}', '\u{aab0}'),
    ('\u{aab2}', '\u{aab2}'),
    ('\u{aab3}', '\u{aab3}'),
    ('\u{aab7}', '\u{aab7}'),
    ('\u{aab8}', '\u{aab8}'),
    ('\u{aabe}', '\u{aabe}'),
    ('\u{aabf}', '\u{aabf}'),
    ('\u{aac1}', '\u{aac1}'),
    ('\u{fe20}', '\u{fe26}'),
    ('\u{10a0f}', '\u{10a0f}'),
    ('\u{10a38}', '\u{10a38}'),
    ('\u{1d185}', '\u{1d189}'),
    ('\u{1d1aa}', '\u{1d1ad}'),
    ('\u{1d242}', '\u{1d244}'),
];

/// What the combining characters of a placeholder say; what is missing goes on from the cell to the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::terminal) struct Part {
    /// Cells from the picture's top.
    pub(in crate::terminal) line: Option<u16>,
    /// Cells from the picture's left.
    pub(in crate::terminal) column: Option<u16>,
    /// The highest eight bits of the picture's name.
    pub(in crate::terminal) high: Option<u8>,
}

impl Part {
    /// Reads the combining characters of a placeholder.
    pub(in crate::terminal) fn read(mut combining: impl Iterator<Item = char>) -> Self {
        let mut next = || combining.next().and_then(count);
        Self { line: next(), column: next(), high: next().and_then(|count| u8::try_from(count).ok()) }
    }
}

fn count(c: char) -> Option<u16> {
    let mut before = 0;
    for (first, last) in COUNTERS {
        let (first, last, c) = (u32::from(first), u32::from(last), u32::from(c));
        if (first..=last).contains(&c) {
            return u16::try_from(before + c - first).ok();
        }
        before += last - first + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combining_characters_count() {
        let table = [('\u{305}', 0), ('\u{30d}', 1), ('\u{363}', 17), ('\u{36f}', 29), ('\u{1d244}', 296)];
        for (c, number) in table {
            assert_eq!(count(c), Some(number), "{c:?}");
        }
        assert_eq!(count('\u{301}'), None);
        assert_eq!(count('a'), None);
    }

    #[test]
    fn what_is_missing_is_left_open() {
        let read = |text: &str| Part::read(text.chars());
        assert_eq!(read(""), Part::default());
        assert_eq!(read("\u{30d}"), Part { line: Some(1), ..Part::default() });
        assert_eq!(read("\u{305}\u{30e}\u{30d}"), Part { line: Some(0), column: Some(2), high: Some(1) });
    }
}

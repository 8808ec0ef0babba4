//! The text that the terminals are given: the same bytes on every machine and in every run.

use std::io::{self, Write};

/// Kinds of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ASCII in lines of up to 120 characters, as logs and sources are.
    Plain,
    /// A colour or another attribute every few characters.
    Color,
    /// Ideographs and emoji, with some Latin and combining characters between them.
    Wide,
    /// ASCII in lines of thousands of characters, which wrap.
    Long,
    /// Lines of one character: nothing but scrolling.
    Scroll,
    /// Screens of 200 by 50 cells, drawn from the top, each cell in colours of its own.
    Cells,
    /// Sixel pictures of many sizes, one below the other.
    Sixel,
}

impl Kind {
    /// What is printed and judged.
    pub(super) const JUDGED: [Self; 4] = [Self::Plain, Self::Color, Self::Wide, Self::Long];
    /// What is printed beside it.
    pub(super) const OTHERS: [Self; 2] = [Self::Scroll, Self::Cells];

    /// What the table calls it, and its file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Color => "color",
            Self::Wide => "wide",
            Self::Long => "long",
            Self::Scroll => "scroll",
            Self::Cells => "cells",
            Self::Sixel => "sixel",
        }
    }

    /// Bytes to be had of it, in megabytes: less of what is slow and not judged.
    pub(super) fn megabytes(self) -> usize {
        if Self::OTHERS.contains(&self) { 20 } else { 100 }
    }

    /// Writes whole lines of this kind until there are `bytes` or a few more.
    ///
    /// # Errors
    /// The writer's.
    pub(super) fn write(self, bytes: usize, out: &mut impl Write) -> io::Result<()> {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut written = 0;
        let mut line = Vec::new();
        while written < bytes {
            line.clear();
            self.line(&mut random, &mut line);
            out.write_all(&line)?;
            written += line.len();
        }
        out.flush()
    }

    fn line(self, random: &mut Random, line: &mut Vec<u8>) {
        match self {
            Self::Plain => words(random, line, 20, 120),
            Self::Color => colored(random, line),
            Self::Wide => wide(random, line),
            Self::Long => words(random, line, 2_000, 9_000),
            Self::Scroll => line.push(b'y'),
            Self::Cells => cells(random, line),
            Self::Sixel => sixel(random, line),
        }
        if self != Self::Cells {
            line.push(b'\n');
        }
    }
}

/// Words of lower-case letters, digits and punctuation, `least` to `most` bytes of them.
fn words(random: &mut Random, line: &mut Vec<u8>, least: u64, most: u64) {
    const LETTERS: &[u8] = b"etaoinshrdlcumwfgypbvkjxqz0123456789._/-:=";
    let end = line.len() + random.between(least, most) as usize;
    while line.len() < end {
        for _ in 0..random.between(2, 10) {
            line.push(random.of(LETTERS));
        }
        line.push(b' ');
    }
    line.truncate(end);
}

/// A line with a change of attributes every one to six characters.
fn colored(random: &mut Random, line: &mut Vec<u8>) {
    for _ in 0..random.between(10, 40) {
        attribute(random, line);
        words(random, line, 1, 6);
    }
    line.extend_from_slice(b"\x1b[m");
}

fn attribute(random: &mut Random, line: &mut Vec<u8>) {
    let (a, b, c) = (random.between(0, 255), random.between(0, 255), random.between(0, 255));
    let sequence = match random.between(0, 5) {
        0 => format!("\x1b[{}m", 31 + a % 7),
        1 => format!("\x1b[38;5;{a}m"),
        2 => format!("\x1b[48;5;{b}m"),
        3 => format!("\x1b[38;2;{a};{b};{c}m"),
        4 => format!("\x1b[1;{};{}m", 31 + a % 7, 40 + b % 8),
        _ => format!("\x1b[0;4;{}m", 91 + c % 7),
    };
    line.extend_from_slice(sequence.as_bytes());
}

/// A line of ideographs, emoji and letters, some with marks.
fn wide(random: &mut Random, line: &mut Vec<u8>) {
    let mut text = String::new();
    for _ in 0..random.between(8, 30) {
        match random.between(0, 9) {
            0..=5 => (0..random.between(1, 6)).for_each(|_| text.extend(character(random, 0x4e00, 0x6fff))),
            6 | 7 => text.extend(character(random, 0x1f600, 0x1f64f)),
            8 => text.push_str("e\u{301}te\u{301} "),
            _ => text.push_str("kana \u{30ab}\u{30bf} "),
        }
    }
    line.extend_from_slice(text.as_bytes());
}

fn character(random: &mut Random, first: u64, last: u64) -> Option<char> {
    u32::try_from(random.between(first, last)).ok().and_then(char::from_u32)
}

fn cells(random: &mut Random, screen: &mut Vec<u8>) {
    screen.extend_from_slice(b"\x1b[H");
    for _ in 0..200 * 50 {
        let (foreground, background) = (random.between(16, 231), random.between(16, 231));
        screen.extend_from_slice(format!("\x1b[38;5;{foreground};48;5;{background}m").as_bytes());
        screen.push(random.of(b"abcdefghijklmnopqrstuvwxyz"));
    }
}

/// A picture of two colours, up to 2,000 by 1,200 pixels.
fn sixel(random: &mut Random, line: &mut Vec<u8>) {
    let (width, bands) = (random.between(40, 2_000), random.between(4, 200));
    let (red, green, blue) = (random.between(0, 100), random.between(0, 100), random.between(0, 100));
    line.extend_from_slice(
        format!("\x1bPq\"1;1;{width};{}#1;2;{red};{green};{blue}#2;2;50;0;{red}", bands * 6).as_bytes(),
    );
    for _ in 0..bands {
        line.extend_from_slice(format!("#1!{width}~$#2!{}C-", width / 2).as_bytes());
    }
    line.extend_from_slice(b"\x1b\\\r");
}

/// Marsaglia's xorshift64: no more than a sequence that looks like none.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number from `first` to `last`, both included.
    fn between(&mut self, first: u64, last: u64) -> u64 {
        first + (self.next() >> 16) % (last - first + 1)
    }

    fn of(&mut self, bytes: &[u8]) -> u8 {
        let index = self.between(0, bytes.len().max(1) as u64 - 1);
        bytes.get(index as usize).copied().unwrap_or(b' ')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(kind: Kind) -> Vec<u8> {
        let mut bytes = Vec::new();
        kind.write(50_000, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn the_same_bytes_come_every_time_and_end_with_a_line() {
        for kind in Kind::JUDGED.into_iter().chain(Kind::OTHERS).chain([Kind::Sixel]) {
            let bytes = sample(kind);
            assert!(bytes.len() >= 50_000, "{}", kind.name());
            assert_eq!(bytes, sample(kind));
            assert!(std::str::from_utf8(&bytes).is_ok(), "{}", kind.name());
            assert!(kind == Kind::Cells || bytes.ends_with(b"\n"));
        }
    }

    #[test]
    fn each_kind_is_what_it_is_called() {
        let printable = |byte: &u8| (0x20..0x7f).contains(byte) || *byte == b'\n';
        assert!(sample(Kind::Plain).iter().all(printable) && sample(Kind::Long).iter().all(printable));
        let longest = |kind| sample(kind).split(|byte| *byte == b'\n').map(<[u8]>::len).max();
        assert!(longest(Kind::Plain) <= Some(120) && longest(Kind::Long) > Some(4_000));
        let escapes = sample(Kind::Color).iter().filter(|byte| **byte == 0x1b).count();
        assert!(escapes > 3_000, "{escapes}");
        let wide = String::from_utf8(sample(Kind::Wide)).unwrap();
        let count = |range: std::ops::RangeInclusive<char>| wide.chars().filter(|c| range.contains(c)).count();
        assert!(count('\u{4e00}'..='\u{6fff}') > 8_000 && count('\u{1f600}'..='\u{1f64f}') > 500);
        assert!(wide.contains('\u{301}'));
    }
}

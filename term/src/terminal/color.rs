//! The colours in force: the palette, xterm's cube and greys, and what the program changed (OSC 4, 10, 11, 12).

use std::collections::BTreeMap;

use alacritty_terminal::vte::ansi::{Color, NamedColor};

use super::{Palette, Rgb};

/// A colour that a program can ask for and change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// OSC 4.
    Indexed(u8),
    /// OSC 10.
    Foreground,
    /// OSC 11.
    Background,
    /// OSC 12.
    Cursor,
    /// OSC 5: the colours of bold, underlined, blinking, reversed and italic text, 0 to 4. Kept for programs that ask;
    /// as with xterm's own settings, such text has the colour it is printed with.
    Special(u8),
    /// OSC 13 to 19: the pointer, Tektronix and highlight colours. Only the highlight's (17) shows.
    Other(u8),
}

/// The first of the special colours as OSC 4 counts: past the 256.
pub(super) const SPECIAL: u16 = 256;

impl Slot {
    /// The colour that OSC 4 names with `index`.
    pub(super) fn indexed(index: u16) -> Option<Self> {
        match u8::try_from(index) {
            Ok(index) => Some(Self::Indexed(index)),
            Err(_) => u8::try_from(index - SPECIAL).ok().and_then(Self::special),
        }
    }

    /// The colour that OSC 5 names with `index`.
    pub(super) fn special(index: u8) -> Option<Self> {
        (index <= 4).then_some(Self::Special(index))
    }

    /// The colour that OSC `number` names, 10 to 19.
    pub(super) fn dynamic(number: u8) -> Option<Self> {
        match number {
            10 => Some(Self::Foreground),
            11 => Some(Self::Background),
            12 => Some(Self::Cursor),
            13..=19 => Some(Self::Other(number)),
            _ => None,
        }
    }
}

/// The colours in force.
#[derive(Debug, Clone)]
pub(super) struct Colors {
    palette: Palette,
    indexed: [Rgb; 256],
    foreground: Rgb,
    background: Rgb,
    cursor: Option<Rgb>,
    /// Special and other colours that were changed, by their numbers in OSC 4 and OSC 13 to 19.
    others: BTreeMap<u16, Rgb>,
}

impl Colors {
    /// The colours of `palette`, none changed.
    pub(super) fn new(palette: Palette) -> Self {
        let mut colors = Self {
            indexed: [Rgb::default(); 256],
            foreground: palette.foreground,
            background: palette.background,
            cursor: None,
            others: BTreeMap::new(),
            palette,
        };
        for (index, color) in (0..=u8::MAX).zip(colors.indexed.iter_mut()) {
            *color = default_indexed(&colors.palette, index);
        }
        colors
    }

    /// Changes the palette; what the program changed goes with the old one.
    pub(super) fn set_palette(&mut self, palette: Palette) {
        *self = Self::new(palette);
    }

    /// Undoes all that the program changed.
    pub(super) fn reset_all(&mut self) {
        *self = Self::new(self.palette.clone());
    }

    /// The colour in `slot`.
    pub(super) fn get(&self, slot: Slot) -> Rgb {
        match slot {
            Slot::Indexed(index) => self.indexed(index),
            Slot::Foreground => self.foreground,
            Slot::Background => self.background,
            Slot::Cursor => self.cursor.unwrap_or(self.palette.cursor),
            Slot::Special(index) => self.other(SPECIAL + u16::from(index)).unwrap_or(self.foreground),
            Slot::Other(17) => self.selection(),
            Slot::Other(number) => self.other(number.into()).unwrap_or(match number {
                14 | 16 => self.background,
                18 => self.get(Slot::Cursor),
                _ => self.foreground,
            }),
        }
    }

    fn other(&self, number: u16) -> Option<Rgb> {
        self.others.get(&number).copied()
    }

    fn set_other(&mut self, number: u16, color: Option<Rgb>) {
        let _ = match color {
            Some(color) => self.others.insert(number, color),
            None => self.others.remove(&number),
        };
    }

    /// Changes the colour in `slot`, or undoes a change.
    pub(super) fn set(&mut self, slot: Slot, color: Option<Rgb>) {
        match slot {
            Slot::Indexed(index) => {
                let color = color.unwrap_or_else(|| default_indexed(&self.palette, index));
                if let Some(entry) = self.indexed.get_mut(usize::from(index)) {
                    *entry = color;
                }
            }
            Slot::Foreground => self.foreground = color.unwrap_or(self.palette.foreground),
            Slot::Background => self.background = color.unwrap_or(self.palette.background),
            Slot::Cursor => self.cursor = color,
            Slot::Special(index) => self.set_other(SPECIAL + u16::from(index), color),
            Slot::Other(number) => self.set_other(number.into(), color),
        }
    }

    /// The colour of text under a block cursor: the palette's, unless the program chose its own cursor colour, on
    /// which the background is what shows.
    pub(super) fn cursor_text(&self) -> Rgb {
        if self.cursor.is_some() { self.background } else { self.palette.cursor_text }
    }

    /// The background of selected text.
    pub(super) fn selection(&self) -> Rgb {
        self.other(17).unwrap_or(self.palette.selection)
    }

    /// Whether the background is dark.
    pub(super) fn is_dark(&self) -> bool {
        let Rgb { r, g, b } = self.background;
        299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) < 128_000
    }

    /// What `color` looks like; bold brightens the first eight, as xterm's `boldColors` does.
    pub(super) fn resolve(&self, color: Color, bold: bool) -> Rgb {
        match color {
            Color::Spec(rgb) => Rgb { r: rgb.r, g: rgb.g, b: rgb.b },
            Color::Indexed(index @ 0..8) if bold => self.indexed(index + 8),
            Color::Indexed(index) => self.indexed(index),
            Color::Named(NamedColor::Background) => self.background,
            Color::Named(name) => match u8::try_from(name as usize) {
                Ok(index @ 0..8) if bold => self.indexed(index + 8),
                Ok(index) => self.indexed(index),
                Err(_) => self.foreground,
            },
        }
    }

    fn indexed(&self, index: u8) -> Rgb {
        self.indexed.get(usize::from(index)).copied().unwrap_or_default()
    }
}

/// Whether `color` is one that a scheme chooses: the default colours and the first sixteen.
pub(super) fn is_of_palette(color: Color) -> bool {
    !matches!(color, Color::Spec(_) | Color::Indexed(16..))
}

/// Faint text: two thirds of the way from the background, which on black is xterm's rule and works on white too.
pub(super) fn dim(color: Rgb, background: Rgb) -> Rgb {
    let mix = |a: u8, b: u8| u8::try_from((2 * u16::from(a) + u16::from(b)) / 3).unwrap_or(u8::MAX);
    Rgb { r: mix(color.r, background.r), g: mix(color.g, background.g), b: mix(color.b, background.b) }
}

/// The 256 colours of xterm (256colres.h): 16 of the palette, a 6x6x6 cube, 24 greys.
fn default_indexed(palette: &Palette, index: u8) -> Rgb {
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    match index {
        0..16 => palette.ansi.get(usize::from(index)).copied().unwrap_or_default(),
        16..232 => {
            let cube = index - 16;
            Rgb { r: level(cube / 36), g: level(cube / 6 % 6), b: level(cube % 6) }
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            Rgb { r: grey, g: grey, b: grey }
        }
    }
}

/// A colour as `XParseColor` reads it: `rgb:r/g/b` with 1 to 4 digits each, or `#` and 3, 6, 9 or 12 digits.
pub(super) fn parse(text: &str) -> Option<Rgb> {
    if let Some(parts) = text.strip_prefix("rgb:") {
        let mut parts = parts.split('/').map(scaled);
        let color = Rgb { r: parts.next()??, g: parts.next()??, b: parts.next()?? };
        return parts.next().is_none().then_some(color);
    }
    let digits = text.strip_prefix('#')?;
    let length = digits.len() / 3;
    if digits.len() % 3 != 0 || !(1..=4).contains(&length) {
        return None;
    }
    let part = |index: usize| leading(digits.get(index * length..(index + 1) * length)?);
    Some(Rgb { r: part(0)?, g: part(1)?, b: part(2)? })
}

/// `f` is all of the scale, like `ff` and `ffff`.
fn scaled(digits: &str) -> Option<u8> {
    if !(1..=4).contains(&digits.len()) || digits.starts_with('+') {
        return None;
    }
    let largest = (1_u32 << (4 * digits.len())) - 1;
    u8::try_from(u32::from_str_radix(digits, 16).ok()? * 255 / largest).ok()
}

/// After `#`, digits are the most significant ones: `f` is 0xf0.
fn leading(digits: &str) -> Option<u8> {
    if digits.starts_with('+') {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    u8::try_from((value << 16 >> (4 * digits.len())) >> 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_x_reads_them() {
        let table = [
            ("rgb:ff/80/00", Some(0xff8000)),
            ("rgb:f/8/0", Some(0xff8800)),
            ("rgb:ffff/8080/0000", Some(0xff8000)),
            ("#f80", Some(0xf08000)),
            ("#ff8000", Some(0xff8000)),
            ("#fff800000", Some(0xff8000)),
            ("#ffff80000000", Some(0xff8000)),
            ("rgb:ff/80", None),
            ("rgb:ff/80/00/00", None),
            ("rgb:+f/80/00", None),
            ("#ff80", None),
            ("#é", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), expected.map(Rgb::hex), "{text}");
        }
    }
}

//! Select graphic rendition (ctlseqs, `CSI Pm m`).

use alacritty_terminal::vte::ansi::{Attr, Color, Handler, NamedColor, Rgb};

use super::super::attributes::Attributes;
use super::super::content::Underline;
use super::{Emulator, Params};

/// The first eight colours and their bright versions, in the order of their numbers.
pub(super) const NAMED: [NamedColor; 16] = [
    NamedColor::Black,
    NamedColor::Red,
    NamedColor::Green,
    NamedColor::Yellow,
    NamedColor::Blue,
    NamedColor::Magenta,
    NamedColor::Cyan,
    NamedColor::White,
    NamedColor::BrightBlack,
    NamedColor::BrightRed,
    NamedColor::BrightGreen,
    NamedColor::BrightYellow,
    NamedColor::BrightBlue,
    NamedColor::BrightMagenta,
    NamedColor::BrightCyan,
    NamedColor::BrightWhite,
];

impl Emulator {
    /// Sets the attributes of what is printed next.
    pub(super) fn select_graphic_rendition(&mut self, params: &Params) {
        // Protection is no rendition: SGR 0 keeps it.
        let protects = self.protects();
        self.change_rendition(params);
        self.protect(protects);
    }

    fn change_rendition(&mut self, params: &Params) {
        if params.is_empty() {
            return self.term.terminal_attribute(Attr::Reset);
        }
        let mut groups = params.iter();
        while let Some(group) = groups.next() {
            if self.select_line(group) {
                continue;
            }
            let attribute = match group {
                [code @ (38 | 48 | 58)] => separate_color(&mut groups).map(|color| colored(*code, color)),
                [code @ (38 | 48 | 58), rest @ ..] => joined_color(rest).map(|color| colored(*code, color)),
                [code, ..] => simple(*code),
                [] => None,
            };
            if let Some(attribute) = attribute {
                self.term.terminal_attribute(attribute);
            }
        }
    }

    /// Underline, overline and blink, which share bits of a cell. Returns whether it was one of them.
    fn select_line(&mut self, group: &[u16]) -> bool {
        let mut attributes = Attributes::of(self.term.grid().cursor.template.flags);
        match group {
            [4, style, ..] => match underline(*style) {
                Some(underline) => attributes.underline = underline,
                None => return true,
            },
            [4] => attributes.underline = Underline::Single,
            [21, ..] => attributes.underline = Underline::Double,
            [24, ..] => attributes.underline = Underline::None,
            [5 | 6, ..] => attributes.blink = true,
            [25, ..] => attributes.blink = false,
            [53, ..] => attributes.overline = true,
            [55, ..] => attributes.overline = false,
            _ => return false,
        }
        attributes.write(&mut self.term.grid_mut().cursor.template.flags);
        true
    }
}

fn colored(code: u16, color: Color) -> Attr {
    match code {
        38 => Attr::Foreground(color),
        48 => Attr::Background(color),
        _ => Attr::UnderlineColor(Some(color)),
    }
}

fn underline(style: u16) -> Option<Underline> {
    Some(match style {
        0 => Underline::None,
        1 => Underline::Single,
        2 => Underline::Double,
        3 => Underline::Curly,
        4 => Underline::Dotted,
        5 => Underline::Dashed,
        _ => return None,
    })
}

fn simple(code: u16) -> Option<Attr> {
    Some(match code {
        0 => Attr::Reset,
        1 => Attr::Bold,
        2 => Attr::Dim,
        3 => Attr::Italic,
        7 => Attr::Reverse,
        8 => Attr::Hidden,
        9 => Attr::Strike,
        22 => Attr::CancelBoldDim,
        23 => Attr::CancelItalic,
        27 => Attr::CancelReverse,
        28 => Attr::CancelHidden,
        29 => Attr::CancelStrike,
        30..=37 => Attr::Foreground(named(code - 30)?),
        39 => Attr::Foreground(Color::Named(NamedColor::Foreground)),
        40..=47 => Attr::Background(named(code - 40)?),
        49 => Attr::Background(Color::Named(NamedColor::Background)),
        59 => Attr::UnderlineColor(None),
        90..=97 => Attr::Foreground(named(code - 90 + 8)?),
        100..=107 => Attr::Background(named(code - 100 + 8)?),
        _ => return None,
    })
}

fn named(index: u16) -> Option<Color> {
    NAMED.get(usize::from(index)).copied().map(Color::Named)
}

/// `38;5;n` and `38;2;r;g;b`: the colour takes the parameters that follow.
fn separate_color<'a>(groups: &mut impl Iterator<Item = &'a [u16]>) -> Option<Color> {
    let mut next = || groups.next().and_then(|group| group.first().copied());
    match next()? {
        5 => Some(Color::Indexed(u8::try_from(next()?).ok()?)),
        2 => {
            let (r, g, b) = (next()?, next()?, next()?);
            rgb(r, g, b)
        }
        _ => None,
    }
}

/// `38:5:n`, `38:2:r:g:b` and, as ITU T.416 has it, `38:2:colourspace:r:g:b`.
fn joined_color(parts: &[u16]) -> Option<Color> {
    match parts {
        [5, index, ..] => Some(Color::Indexed(u8::try_from(*index).ok()?)),
        [2, r, g, b] | [2, _, r, g, b, ..] => rgb(*r, *g, *b),
        _ => None,
    }
}

fn rgb(r: u16, g: u16, b: u16) -> Option<Color> {
    let part = |value| u8::try_from(value).ok();
    Some(Color::Spec(Rgb { r: part(r)?, g: part(g)?, b: part(b)? }))
}

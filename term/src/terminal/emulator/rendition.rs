//! The rendition in force as a value: told (DECRQSS), kept and brought back (XTPUSHSGR, XTPOPSGR).

use std::fmt::Write as _;

use alacritty_terminal::term::cell::Flags;
use alacritty_terminal::vte::ansi::{Color, Rgb};

use super::super::attributes::Attributes;
use super::super::content::Underline;
use super::Emulator;
use super::sgr::NAMED;

/// How many renditions XTPUSHSGR keeps, as xterm does.
const DEPTH: usize = 10;

/// Attributes with a bit of their own, and their numbers.
const NUMBERS: [(Flags, u8); 6] = [
    (Flags::BOLD, 1),
    (Flags::DIM, 2),
    (Flags::ITALIC, 3),
    (Flags::INVERSE, 7),
    (Flags::HIDDEN, 8),
    (Flags::STRIKEOUT, 9),
];

impl Emulator {
    /// XTPUSHSGR: all attributes; choosing some of them is what nobody does.
    pub(super) fn push_rendition(&mut self) {
        if self.renditions.len() < DEPTH {
            self.renditions.push(self.term.grid().cursor.template.clone());
        }
    }

    /// XTPOPSGR.
    pub(super) fn pop_rendition(&mut self) {
        let Some(rendition) = self.renditions.pop() else { return };
        let link = self.term.grid().cursor.template.hyperlink();
        let protects = self.protects();
        let template = &mut self.term.grid_mut().cursor.template;
        *template = rendition;
        template.set_hyperlink(link);
        self.protect(protects);
    }

    /// The parameters of the SGR that sets what is in force.
    pub(super) fn rendition(&self) -> String {
        let template = &self.term.grid().cursor.template;
        let mut text = String::from("0");
        for (_, number) in NUMBERS.iter().filter(|(flag, _)| template.flags.contains(*flag)) {
            let _ = write!(text, ";{number}");
        }
        let attributes = Attributes::of(template.flags);
        text.push_str(match attributes.underline {
            Underline::None => "",
            Underline::Single => ";4",
            Underline::Double => ";4:2",
            Underline::Curly => ";4:3",
            Underline::Dotted => ";4:4",
            Underline::Dashed => ";4:5",
        });
        text.push_str(if attributes.blink { ";5" } else { "" });
        text.push_str(if attributes.overline { ";53" } else { "" });
        push_color(&mut text, template.fg, 30);
        push_color(&mut text, template.bg, 40);
        if let Some(color) = template.underline_color() {
            push_color(&mut text, color, 50);
        }
        text
    }
}

/// Appends a colour; `base` is 30, 40 or 50 for text, background or underline.
fn push_color(text: &mut String, color: Color, base: u16) {
    let _ = match color {
        Color::Named(name) => match (0_u16..).zip(NAMED).find(|(_, known)| *known == name) {
            Some((index @ 0..8, _)) => write!(text, ";{}", base + index),
            Some((index, _)) => write!(text, ";{}", base + 60 + index - 8),
            None => Ok(()),
        },
        Color::Indexed(index) => write!(text, ";{}:5:{index}", base + 8),
        Color::Spec(Rgb { r, g, b }) => write!(text, ";{}:2::{r}:{g}:{b}", base + 8),
    };
}

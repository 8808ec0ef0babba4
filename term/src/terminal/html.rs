//! The selection as HTML, with its colours and styles as they are on the screen.

use std::fmt::Write as _;

use alacritty_terminal::index::Line;

use super::Rgb;
use super::content::{Cell, Underline, Width};
use super::emulator::Emulator;
use super::snapshot::Painter;
use super::text::Span;

/// The look of a run of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    foreground: Rgb,
    background: Rgb,
    bold: bool,
    italic: bool,
    strikeout: bool,
    underline: Underline,
    underline_color: Rgb,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        Self {
            foreground: cell.foreground,
            background: cell.background,
            bold: cell.bold,
            italic: cell.italic,
            strikeout: cell.strikeout,
            underline: cell.underline,
            // Without an underline its colour is of no matter.
            underline_color: if cell.underline == Underline::None { cell.foreground } else { cell.underline_color },
        }
    }
}

/// A document in the making: one `<pre>` element. Nothing in it is markup of the remote side's: its text is escaped, and
/// a style is made of numbers and our own words.
pub(super) struct Page {
    html: String,
    /// The look of what needs no span.
    plain: (Rgb, Rgb),
    open: Option<Look>,
}

impl Page {
    pub(super) fn new(emulator: &Emulator) -> Self {
        let plain = Painter::new(emulator, None, &[]).plain();
        let (text, background) = (hex(plain.0), hex(plain.1));
        let html = format!("<pre style=\"font-family:monospace;color:{text};background-color:{background}\">");
        Self { html, plain, open: None }
    }

    /// Adds parts of rows.
    pub(super) fn push(&mut self, emulator: &Emulator, spans: &[Span]) {
        let painter = Painter::new(emulator, None, &[]);
        let mut cells = Vec::new();
        for span in spans {
            cells = painter.line(Line(span.line), cells);
            self.line(&cells, span);
        }
    }

    pub(super) fn finish(mut self) -> String {
        self.close();
        self.html.push_str("</pre>");
        self.html
    }

    fn line(&mut self, cells: &[Cell], span: &Span) {
        let chosen = cells.get(span.from..=span.to).unwrap_or_default();
        let kept = if span.wrapped { chosen.len() } else { used(chosen) };
        for cell in chosen.iter().take(kept).filter(|cell| cell.width != Width::Spacer) {
            self.style(Look::of(cell));
            self.escape(cell.character);
            for mark in cell.combining.as_deref().unwrap_or_default().chars() {
                self.escape(mark);
            }
        }
        if span.ends {
            self.close();
            self.html.push('\n');
        }
    }

    fn style(&mut self, look: Look) {
        if self.open == Some(look) {
            return;
        }
        self.close();
        self.open = Some(look);
        let css = self.css(look);
        if !css.is_empty() {
            let _ = write!(self.html, "<span style=\"{css}\">");
        }
    }

    fn close(&mut self) {
        if let Some(look) = self.open.take()
            && !self.css(look).is_empty()
        {
            self.html.push_str("</span>");
        }
    }

    /// What differs from plain text.
    fn css(&self, look: Look) -> String {
        let mut css = String::new();
        let mut declare = |property: &str, value: &str| {
            let _ = write!(css, "{}{property}:{value}", if css.is_empty() { "" } else { ";" });
        };
        if look.foreground != self.plain.0 {
            declare("color", &hex(look.foreground));
        }
        if look.background != self.plain.1 {
            declare("background-color", &hex(look.background));
        }
        if look.bold {
            declare("font-weight", "bold");
        }
        if look.italic {
            declare("font-style", "italic");
        }
        let underline = match look.underline {
            Underline::None => None,
            Underline::Single => Some("solid"),
            Underline::Double => Some("double"),
            Underline::Curly => Some("wavy"),
            Underline::Dotted => Some("dotted"),
            Underline::Dashed => Some("dashed"),
        };
        match (underline, look.strikeout) {
            (Some(_), true) => declare("text-decoration-line", "underline line-through"),
            (Some(_), false) => declare("text-decoration-line", "underline"),
            (None, true) => declare("text-decoration-line", "line-through"),
            (None, false) => {}
        }
        if let Some(style) = underline {
            declare("text-decoration-style", style);
            if look.underline_color != look.foreground {
                declare("text-decoration-color", &hex(look.underline_color));
            }
        }
        css
    }

    fn escape(&mut self, character: char) {
        match character {
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            '&' => self.html.push_str("&amp;"),
            '"' => self.html.push_str("&quot;"),
            character => self.html.push(character),
        }
    }
}

/// How many cells there are without the blanks at the end.
fn used(cells: &[Cell]) -> usize {
    cells.iter().rposition(|cell| cell.character != ' ' || cell.combining.is_some()).map_or(0, |last| last + 1)
}

fn hex(color: Rgb) -> String {
    format!("#{:02x}{:02x}{:02x}", color.r, color.g, color.b)
}

//! The marks of commands: beside their prompts, and in the scrollbar.
//!
//! They differ by shape and not by colour alone: a dot is a prompt, a ring a running command, a larger dot one that
//! ended well, a bar as high as the line one that failed.

use iced::advanced::Renderer as _;
use iced::advanced::renderer::Quad;
use iced::{Border, Color, Rectangle, color};
use term::terminal::commands::Mark;
use term::terminal::{self, Content, Outcome};

use super::grid::Grid;
use super::scrollbar::Scrollbar;

/// The colours of marks on one kind of background.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Inks {
    neutral: Color,
    good: Color,
    bad: Color,
}

const ON_DARK: Inks = Inks { neutral: color!(0x8b95a5), good: color!(0x4fb36b), bad: color!(0xff6b60) };
const ON_LIGHT: Inks = Inks { neutral: color!(0x6b7280), good: color!(0x1f7a3d), bad: color!(0xc62828) };

fn inks(dark: bool) -> Inks {
    if dark { ON_DARK } else { ON_LIGHT }
}

/// The mark of the visible line, if a prompt begins on it.
pub(super) fn mark_at(content: &Content, line: u16) -> Option<Mark> {
    let number = content.first_line? + u64::from(line);
    let index = content.prompts.binary_search_by_key(&number, |mark| mark.line).ok()?;
    content.prompts.get(index).copied()
}

/// Draws the marks of the visible prompts into the padding to the left of the text.
pub(super) fn draw(renderer: &mut iced::Renderer, grid: &Grid, content: &Content, dark: bool) {
    let Some(first) = content.first_line else { return };
    let begin = content.prompts.partition_point(|mark| mark.line < first);
    for mark in content.prompts.iter().skip(begin) {
        let Ok(line) = u16::try_from(mark.line - first) else { return };
        if line >= content.size.lines {
            return;
        }
        let cell = grid.rectangle(terminal::Point { line, column: 0 }, 1);
        let quad = shape(mark.outcome, cell, grid.scale(), inks(dark));
        renderer.fill_quad(quad.0, quad.1);
    }
}

/// What a mark looks like beside the first cell of its line.
fn shape(outcome: Outcome, cell: Rectangle, scale: f32, inks: Inks) -> (Quad, Color) {
    let round = |length: f32| (length * scale).round() / scale;
    let dot = |size: f32| {
        let bounds = Rectangle {
            x: round(cell.x - 1.0 - 2.5 - size / 2.0),
            y: round(cell.y + (cell.height - size) / 2.0),
            width: size,
            height: size,
        };
        Quad { bounds, border: Border { radius: (size / 2.0).into(), ..Border::default() }, ..Quad::default() }
    };
    match outcome {
        Outcome::Prompt => (dot(3.0), inks.neutral),
        Outcome::Running => {
            let ring = dot(6.0);
            let border = Border { color: inks.neutral, width: 1.5, ..ring.border };
            (Quad { border, ..ring }, Color::TRANSPARENT)
        }
        outcome if outcome.failed() => {
            let bounds = Rectangle { x: round(cell.x - 1.0 - 4.0), width: 3.0, ..cell };
            (Quad { bounds, ..Quad::default() }, inks.bad)
        }
        Outcome::Ended { status: None, .. } => (dot(5.0), inks.neutral),
        Outcome::Ended { .. } => (dot(5.0), inks.good),
    }
}

/// Draws all marks into the scrollbar: a short line for a prompt, a whole one for a command that failed.
pub(super) fn draw_in(renderer: &mut iced::Renderer, bar: &Scrollbar, content: &Content, dark: bool) {
    let Some(first) = content.first_line else { return };
    let oldest = (first + content.scrolled as u64).saturating_sub(content.history as u64);
    let inks = inks(dark);
    let mut last = None;
    for mark in content.prompts.iter() {
        let failed = mark.outcome.failed();
        let bounds = bar.tick(mark.line.saturating_sub(oldest), content, failed);
        // Thousands of prompts are no more than there are lines of pixels.
        let place = ((bounds.y * 2.0).round(), failed);
        if last.replace(place) != Some(place) {
            renderer.fill_quad(Quad { bounds, ..Quad::default() }, if failed { inks.bad } else { inks.neutral });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_outcome_has_a_shape_of_its_own_left_of_the_text() {
        let cell = Rectangle { x: 8.0, y: 8.0, width: 8.0, height: 18.0 };
        let ended = |status| Outcome::Ended { status, duration: Duration::ZERO };
        let outcomes = [Outcome::Prompt, Outcome::Running, ended(Some(0)), ended(Some(1))];
        for scale in [1.0, 1.25, 2.0] {
            let shapes = outcomes.map(|outcome| shape(outcome, cell, scale, ON_DARK).0);
            for (index, shape) in shapes.iter().enumerate() {
                assert!(shape.bounds.x >= 0.0 && shape.bounds.x + shape.bounds.width <= cell.x, "{shape:?}");
                let others = shapes.iter().skip(index + 1);
                assert!(others.into_iter().all(|other| other.bounds.size() != shape.bounds.size()), "{shape:?}");
            }
        }
    }

    #[test]
    fn a_line_has_the_mark_of_its_prompt() {
        let mark = |line| Mark { line, outcome: Outcome::Prompt };
        let content = Content { first_line: Some(10), prompts: [3, 10, 12].map(mark).into(), ..Content::default() };
        assert_eq!([0, 1, 2].map(|line| mark_at(&content, line)), [Some(mark(10)), None, Some(mark(12))]);
        assert_eq!(mark_at(&Content { first_line: None, ..content }, 0), None);
    }
}

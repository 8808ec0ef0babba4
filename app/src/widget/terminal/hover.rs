//! What the pointer rests on: a link, or the mark that stands before a command.

use iced::advanced::renderer::Quad;
use iced::advanced::{Renderer as _, Shell, mouse};
use iced::{Color, Point, Rectangle};
use term::terminal::{self, CommandAt, Link, Outcome};

use super::prompts::mark_at;
use super::state::State;
use super::{Action, Terminal};

/// Something that can be said about where the pointer rests.
#[derive(Debug, Clone, PartialEq)]
pub struct Hover {
    /// Where in the window it stands: the part of the link under the pointer, or the mark.
    pub place: Rectangle,
    /// What it is.
    pub target: Target,
}

/// What the pointer rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// A link, unchecked as the remote side gave it.
    Link(Link),
    /// The mark of a command.
    Command(Outcome),
}

impl Hover {
    /// The link's address, if it is one.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match &self.target {
            Target::Link(link) => Some(&link.address),
            Target::Command(_) => None,
        }
    }
}

impl<Message> Terminal<'_, Message> {
    /// Looks at what lies under the pointer, and tells when it is something else than before.
    pub(super) fn look(&self, state: &mut State, shell: &mut Shell<'_, Message>) {
        let hover = self.under_pointer(state);
        if hover != state.hover {
            state.hover.clone_from(&hover);
            shell.request_redraw();
            self.act(Action::Hover(hover), shell);
        }
    }

    fn under_pointer(&self, state: &State) -> Option<Hover> {
        let grid = state.grid.as_ref().filter(|_| state.pointer.is_over && state.pointer.is_free())?;
        let at = state.pointer.at;
        let (cell, _) = grid.hit(at);
        let area = grid.area();
        if at.y < area.y || at.y >= area.y + area.height {
            return None;
        }
        if at.x < area.x {
            let outcome = mark_at(&state.content, cell.line)?.outcome;
            let line = grid.rectangle(terminal::Point { line: cell.line, column: 0 }, 1);
            let place = Rectangle { width: 1.0, ..line };
            return Some(Hover { place, target: Target::Command(outcome) });
        }
        // A program that has the mouse has the click on its links too; Shift takes the mouse back.
        if at.x >= area.x + area.width || state.reports_mouse() {
            return None;
        }
        let link = self.terminal.link_at(cell)?;
        let run = link.runs.iter().find(|run| run.line == cell.line && (run.from..=run.to).contains(&cell.column))?;
        let place = grid.rectangle(terminal::Point { line: run.line, column: run.from }, run.to + 1 - run.from);
        Some(Hover { place, target: Target::Link(link) })
    }

    /// A press on a link with Ctrl, or on a command's mark; false if it is neither.
    pub(super) fn press_hovered(&self, state: &mut State, point: Point, shell: &mut Shell<'_, Message>) -> bool {
        match state.hover.as_ref().map(|hover| &hover.target) {
            Some(Target::Link(link)) if state.modifiers.command() => {
                state.pointer.link = Some(link.address.clone());
                true
            }
            Some(Target::Command(_)) => {
                let line = state.grid.as_ref().map(|grid| grid.hit(point).0.line);
                state.selected |= line.is_some_and(|line| self.terminal.select_output(CommandAt::Line(line)));
                shell.request_redraw();
                true
            }
            _ => false,
        }
    }

    /// The end of such a press: on the same link it opens it.
    pub(super) fn release_hovered(&self, state: &mut State, shell: &mut Shell<'_, Message>) {
        let Some(pressed) = state.pointer.link.take() else { return };
        if state.hover.as_ref().and_then(Hover::address) == Some(pressed.as_str()) {
            self.act(Action::OpenLink(pressed), shell);
        }
    }
}

impl State {
    /// Whether a click opens what the pointer rests on.
    pub(super) fn is_over_link(&self) -> bool {
        self.modifiers.command() && self.hover.as_ref().and_then(Hover::address).is_some()
    }

    /// Underlines the link that the pointer rests on.
    pub(super) fn draw_link(&self, renderer: &mut iced::Renderer, ink: Color) {
        let (Some(grid), Some(Target::Link(link))) = (&self.grid, self.hover.as_ref().map(|hover| &hover.target))
        else {
            return;
        };
        for run in &link.runs {
            let cells = grid.rectangle(terminal::Point { line: run.line, column: run.from }, run.to + 1 - run.from);
            let thickness = (cells.height / 16.0).round().max(1.0) / grid.scale().max(1.0);
            let bounds = Rectangle { y: cells.y + cells.height - thickness, height: thickness, ..cells };
            renderer.fill_quad(Quad { bounds, ..Quad::default() }, ink);
        }
    }
}

/// The pointer over a link that a click would open.
pub(super) const OVER_LINK: mouse::Interaction = mouse::Interaction::Pointer;

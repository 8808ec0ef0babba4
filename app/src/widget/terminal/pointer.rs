//! The mouse: reported to programs that ask for it, else it selects, scrolls and pastes.

use std::time::{Duration, Instant};

use iced::advanced::Shell;
use iced::advanced::mouse::{Click, click};
use iced::mouse::{self, Cursor, ScrollDelta};
use iced::{Point, Rectangle};
use term::terminal::{self, MouseEncoding, MouseReports, Scroll, SelectionKind};

use super::mouse::{Button, Kind, Report, encode, wheel_as_arrows};
use super::scrollbar::Scrollbar;
use super::state::State;
use super::{Action, Terminal};

/// Lines that one notch of the wheel scrolls.
const NOTCH: f32 = 3.0;

/// The pace at which a selection dragged beyond the edge scrolls.
const PACE: Duration = Duration::from_millis(40);

/// What a held button is doing.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Drag {
    /// Growing the selection.
    Selection,
    /// Reported to the program.
    Report(Button),
    /// Moving the scrollbar's thumb, held this far below its top.
    Scrollbar(f32),
}

/// The mouse as the widget knows it.
#[derive(Debug, Default)]
pub(super) struct Pointer {
    drag: Option<Drag>,
    click: Option<Click>,
    /// The cell of the last motion report; motion within a cell is not reported, unless in pixels.
    cell: Option<terminal::Point>,
    pixel: Option<(u32, u32)>,
    /// Parts of a line that the wheel turned, positive upwards and leftwards.
    turned: (f32, f32),
    pub(super) at: Point,
    scrolled_at: Option<Instant>,
    pub(super) near_scrollbar: bool,
    /// Whether it is over the terminal.
    pub(super) is_over: bool,
    /// The link that was pressed to be opened.
    pub(super) link: Option<String>,
}

impl Pointer {
    /// Whether no button holds anything.
    pub(super) fn is_free(&self) -> bool {
        self.drag.is_none() && !self.near_scrollbar
    }

    pub(super) fn drags_scrollbar(&self) -> bool {
        matches!(self.drag, Some(Drag::Scrollbar(_)))
    }
}

impl<Message> Terminal<'_, Message> {
    pub(super) fn point(
        &self,
        state: &mut State,
        event: mouse::Event,
        bounds: Rectangle,
        cursor: Cursor,
        shell: &mut Shell<'_, Message>,
    ) {
        match event {
            mouse::Event::ButtonPressed(button) => self.press(state, button, bounds, cursor, shell),
            mouse::Event::ButtonReleased(button) => self.release(state, button, shell),
            mouse::Event::CursorMoved { position } => {
                state.pointer.at = cursor.position().unwrap_or(position);
                self.hover(state, Scrollbar::is_near(bounds, state.pointer.at), shell);
                self.motion(state, bounds, cursor, shell);
                state.pointer.is_over = cursor.is_over(bounds);
                self.look(state, shell);
            }
            mouse::Event::CursorLeft => {
                self.hover(state, false, shell);
                state.pointer.is_over = false;
                self.look(state, shell);
            }
            mouse::Event::WheelScrolled { delta } if cursor.is_over(bounds) && !shell.is_event_captured() => {
                self.wheel(state, delta, shell);
                shell.capture_event();
            }
            mouse::Event::CursorEntered | mouse::Event::WheelScrolled { .. } => {}
        }
    }

    fn hover(&self, state: &mut State, near: bool, shell: &mut Shell<'_, Message>) {
        if std::mem::replace(&mut state.pointer.near_scrollbar, near) != near {
            shell.request_redraw();
        }
    }

    fn press(
        &self,
        state: &mut State,
        button: mouse::Button,
        bounds: Rectangle,
        cursor: Cursor,
        shell: &mut Shell<'_, Message>,
    ) {
        let Some(point) = cursor.position_over(bounds).filter(|_| !shell.is_event_captured()) else {
            self.take_focus(state, false, shell);
            return;
        };
        self.take_focus(state, true, shell);
        shell.capture_event();
        state.pointer.at = point;
        if button == mouse::Button::Left && state.below.is_hit(bounds, &state.content, point) {
            self.terminal.scroll(Scroll::Bottom);
            shell.request_redraw();
        } else if button == mouse::Button::Left
            && state.scrollbar_is_near(bounds, cursor)
            && state.scrollbar_is_visible()
        {
            if let Some(bar) = Scrollbar::new(bounds, &state.content) {
                let grab = bar.grab(point);
                state.pointer.drag = Some(Drag::Scrollbar(grab));
                self.drag_scrollbar(state, bar, grab, shell);
            }
        } else if let Some(button) = reported(button).filter(|_| state.reports_mouse()) {
            state.pointer.drag = Some(Drag::Report(button));
            self.report(state, Kind::Press, Some(button));
        } else if button != mouse::Button::Left || !self.press_hovered(state, point, shell) {
            match button {
                mouse::Button::Left => self.begin_selection(state, point, shell),
                mouse::Button::Middle => self.act(Action::PastePrimary, shell),
                mouse::Button::Right => self.open_menu(state, point, shell),
                _ => {}
            }
        }
    }

    fn open_menu(&self, state: &State, point: Point, shell: &mut Shell<'_, Message>) {
        if let Some(grid) = &state.grid {
            self.act(Action::PointAt(grid.hit(point).0), shell);
        }
        self.act(Action::Menu { at: point, shift: state.modifiers.shift() }, shell);
    }

    fn take_focus(&self, state: &mut State, focused: bool, shell: &mut Shell<'_, Message>) {
        use iced::advanced::widget::operation::Focusable;
        if state.focus.is_focused() != focused {
            if focused {
                state.focus.focus()
            } else {
                state.focus.unfocus()
            }
            shell.request_redraw();
        }
    }

    fn release(&self, state: &mut State, button: mouse::Button, shell: &mut Shell<'_, Message>) {
        if button == mouse::Button::Left {
            self.release_hovered(state, shell);
        }
        match state.pointer.drag {
            Some(Drag::Selection) if button == mouse::Button::Left => {
                state.pointer.drag = None;
                if let Some(text) = self.terminal.selected_text().filter(|text| !text.is_empty()) {
                    self.act(Action::SelectPrimary(text), shell);
                }
            }
            Some(Drag::Report(held)) if reported(button) == Some(held) => {
                state.pointer.drag = None;
                self.report(state, Kind::Release, Some(held));
            }
            Some(Drag::Scrollbar(_)) if button == mouse::Button::Left => {
                state.pointer.drag = None;
                shell.request_redraw();
            }
            _ => {}
        }
    }

    fn motion(&self, state: &mut State, bounds: Rectangle, cursor: Cursor, shell: &mut Shell<'_, Message>) {
        match state.pointer.drag {
            Some(Drag::Selection) => self.extend(state, shell),
            Some(Drag::Scrollbar(grab)) => {
                if let Some(bar) = Scrollbar::new(bounds, &state.content) {
                    self.drag_scrollbar(state, bar, grab, shell);
                }
            }
            Some(Drag::Report(button)) => self.report_motion(state, Some(button)),
            None if cursor.is_over(bounds) && state.reports_mouse() => self.report_motion(state, None),
            None => {}
        }
    }

    /// Begins a selection, or moves the end of the one there is with Shift.
    fn begin_selection(&self, state: &mut State, point: Point, shell: &mut Shell<'_, Message>) {
        let Some(grid) = &state.grid else {
            return;
        };
        let (cell, side) = grid.hit(point);
        let click = Click::new(point, mouse::Button::Left, state.pointer.click);
        state.pointer.click = Some(click);
        state.pointer.drag = Some(Drag::Selection);
        if state.modifiers.shift() && state.selected {
            self.terminal.extend_selection(cell, side);
        } else {
            let kind = match click.kind() {
                click::Kind::Single if state.modifiers.alt() => SelectionKind::Block,
                click::Kind::Single => SelectionKind::Simple,
                click::Kind::Double => SelectionKind::Semantic,
                click::Kind::Triple => SelectionKind::Lines,
            };
            self.terminal.select(kind, cell, side);
        }
        state.selected = true;
        shell.request_redraw();
    }

    fn extend(&self, state: &State, shell: &mut Shell<'_, Message>) {
        if let Some(grid) = &state.grid {
            let (cell, side) = grid.hit(state.pointer.at);
            self.terminal.extend_selection(cell, side);
            shell.request_redraw();
        }
    }

    /// Scrolls, frame by frame, while a selection is dragged beyond the edge; faster the farther beyond.
    pub(super) fn scroll_while_dragging(&self, state: &mut State, now: Instant, shell: &mut Shell<'_, Message>) {
        let beyond = state.grid.as_ref().map_or(0, |grid| grid.beyond(state.pointer.at));
        if state.pointer.drag != Some(Drag::Selection) || beyond == 0 {
            state.pointer.scrolled_at = None;
            return;
        }
        let due = state.pointer.scrolled_at.is_none_or(|last| now.saturating_duration_since(last) >= PACE);
        if due {
            state.pointer.scrolled_at = Some(now);
            self.terminal.scroll(Scroll::Lines(-beyond));
            self.extend(state, shell);
        }
        shell.request_redraw_at(now + PACE);
    }

    fn drag_scrollbar(&self, state: &mut State, bar: Scrollbar, grab: f32, shell: &mut Shell<'_, Message>) {
        let target = bar.scrolled_at(state.pointer.at, grab);
        let lines = target as i64 - state.content.scrolled as i64;
        if lines != 0 {
            self.terminal.scroll(Scroll::Lines(i32::try_from(lines).unwrap_or(0)));
            // The next motion may come before the next frame.
            state.content.scrolled = target;
        }
        shell.request_redraw();
    }

    fn report(&self, state: &State, kind: Kind, button: Option<Button>) {
        let Some(grid) = &state.grid else {
            return;
        };
        let (point, _) = grid.hit(state.pointer.at);
        let pixel = grid.pixel(state.pointer.at);
        let report = Report { kind, button, point, pixel, modifiers: state.modifiers };
        if let Some(bytes) = encode(report, state.content.modes) {
            self.input(bytes);
        }
    }

    fn report_motion(&self, state: &mut State, button: Option<Button>) {
        let cell = state.grid.as_ref().map(|grid| grid.hit(state.pointer.at).0);
        let pixel = state.grid.as_ref().map(|grid| grid.pixel(state.pointer.at));
        let in_pixels = state.content.modes.mouse_encoding == MouseEncoding::SgrPixels;
        let moved = std::mem::replace(&mut state.pointer.cell, cell) != cell;
        let moved_within = std::mem::replace(&mut state.pointer.pixel, pixel) != pixel;
        if moved || (moved_within && in_pixels) {
            self.report(state, Kind::Motion, button);
        }
    }

    fn wheel(&self, state: &mut State, delta: ScrollDelta, shell: &mut Shell<'_, Message>) {
        let line = state.grid.as_ref().map_or(1.0, |grid| grid.line_height().max(1.0));
        // A notch is one report or one step of zoom, and several lines of scrolling.
        let scrolls = !state.reports_mouse() && !state.modifiers.control();
        let (x, y) = match delta {
            ScrollDelta::Lines { x, y } if scrolls => (x * NOTCH, y * NOTCH),
            ScrollDelta::Lines { x, y } => (x, y),
            ScrollDelta::Pixels { x, y } => (x / line, y / line),
        };
        let lines = whole(&mut state.pointer.turned.1, y);
        let columns = whole(&mut state.pointer.turned.0, x);
        if state.modifiers.control() && state.content.modes.mouse == MouseReports::None {
            for _ in 0..lines.abs().min(10) {
                self.act(Action::FontSize(lines.signum() as i8), shell);
            }
        } else if state.reports_mouse() {
            let vertical = if lines > 0 { Button::WheelUp } else { Button::WheelDown };
            let horizontal = if columns > 0 { Button::WheelLeft } else { Button::WheelRight };
            for (count, button) in [(lines, vertical), (columns, horizontal)] {
                (0..count.abs().min(100)).for_each(|_| self.report(state, Kind::Press, Some(button)));
            }
        } else if lines != 0 {
            match wheel_as_arrows(lines, state.content.modes) {
                Some(bytes) => self.input(bytes),
                None => self.terminal.scroll(Scroll::Lines(lines)),
            }
            shell.request_redraw();
        }
    }
}

/// Adds to the parts of a line turned so far and takes out the whole lines. Turning back begins anew.
fn whole(turned: &mut f32, by: f32) -> i32 {
    if *turned * by < 0.0 {
        *turned = 0.0;
    }
    *turned += by;
    let lines = turned.trunc();
    *turned -= lines;
    lines as i32
}

fn reported(button: mouse::Button) -> Option<Button> {
    match button {
        mouse::Button::Left => Some(Button::Left),
        mouse::Button::Middle => Some(Button::Middle),
        mouse::Button::Right => Some(Button::Right),
        mouse::Button::Back => Some(Button::Back),
        mouse::Button::Forward => Some(Button::Forward),
        mouse::Button::Other(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_lines_add_up_and_turning_back_is_felt_at_once() {
        let mut turned = 0.0;
        let lines: Vec<i32> = [0.4, 0.4, 0.4, -0.5, -0.5, 3.0].into_iter().map(|by| whole(&mut turned, by)).collect();
        assert_eq!(lines, [0, 0, 1, 0, -1, 3]);
    }
}

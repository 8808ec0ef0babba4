//! Control sequences (ctlseqs, "Functions using CSI").

use alacritty_terminal::index::Line;
use alacritty_terminal::vte::ansi::{ClearMode, CursorShape, CursorStyle, Handler, LineClearMode, TabulationClearMode};

use super::{Csi, Emulator, Params, TITLE_DEPTH};

impl Emulator {
    /// Does what `csi` says.
    pub(super) fn control_sequence(&mut self, csi: &Csi<'_>) {
        let Csi { private, params, intermediate, action } = csi;
        match (private, intermediate) {
            (0, 0) => self.plain(*action, params),
            (b'?', 0) => self.private(*action, params),
            _ => self.rare((*private, *intermediate, *action), params),
        }
    }

    fn plain(&mut self, action: u8, params: &Params) {
        let count = params.count(0);
        let many = usize::from(count);
        match action {
            b'@' => self.term.insert_blank(many),
            b'A' => self.term_move_up(many),
            b'B' => self.term_move_down(many),
            b'C' | b'a' => self.term.move_forward(many),
            b'D' => self.term.move_backward(many),
            b'E' => {
                self.term_move_down(many);
                self.term.carriage_return();
            }
            b'F' => {
                self.term_move_up(many);
                self.term.carriage_return();
            }
            b'G' | b'`' => self.go_to_column(many - 1),
            b'H' | b'f' => self.term.goto(i32::from(count) - 1, usize::from(params.count(1)) - 1),
            b'I' => self.term.move_forward_tabs(count),
            b'J' => self.erase_display(params.get(0)),
            b'K' => self.erase_line(params.get(0)),
            b'L' => self.term.insert_blank_lines(many),
            b'M' => self.term.delete_lines(many),
            b'P' => self.term.delete_chars(many),
            b'S' => self.term.scroll_up(many),
            // With five parameters this is xterm's highlight tracking, which nobody may start from outside.
            b'T' if params.numbers().count() <= 1 => self.term.scroll_down(many),
            b'^' => self.term.scroll_down(many),
            b'X' => self.term.erase_chars(many),
            b'Z' => self.term.move_backward_tabs(count),
            b'b' => self.repeat(count),
            b'd' => self.go_to_line(i32::from(count) - 1),
            b'e' => self.move_down_unbounded(many),
            _ => self.settings(action, params),
        }
    }

    fn settings(&mut self, action: u8, params: &Params) {
        match action {
            b'c' if params.get(0) == 0 => self.report_attributes(),
            b'g' => match params.get(0) {
                0 => self.term.clear_tabs(TabulationClearMode::Current),
                3 => self.term.clear_tabs(TabulationClearMode::All),
                _ => {}
            },
            b'h' => params.numbers().for_each(|mode| self.set_mode(mode, true)),
            b'l' => params.numbers().for_each(|mode| self.set_mode(mode, false)),
            b'm' => self.select_graphic_rendition(params),
            b'n' => self.report_status(params.get(0)),
            b'r' => self.set_margins(params),
            b's' => self.term.save_cursor_position(),
            b't' => self.window_operation(params),
            b'u' => self.term.restore_cursor_position(),
            _ => log::debug!("control sequence {:?} is not known", char::from(action)),
        }
    }

    fn private(&mut self, action: u8, params: &Params) {
        match action {
            b'h' => params.numbers().for_each(|mode| self.set_private_mode(mode, true)),
            b'l' => params.numbers().for_each(|mode| self.set_private_mode(mode, false)),
            b'n' => self.report_private_status(params.get(0)),
            b'u' => self.report_keyboard(),
            b'J' => self.erase_display(params.get(0)),
            b'K' => self.erase_line(params.get(0)),
            b'W' if params.get(0) == 5 => self.term.set_tabs(8),
            _ => log::debug!("private control sequence {:?} is not known", char::from(action)),
        }
    }

    fn rare(&mut self, (private, intermediate, action): (u8, u8, u8), params: &Params) {
        match (private, intermediate, action) {
            (0, b' ', b'q') => self.set_cursor_style(params.get(0)),
            (0, b'!', b'p') => self.soft_reset(),
            (0, b'$', b'p') => self.report_mode(params.get(0)),
            (b'?', b'$', b'p') => self.report_private_mode(params.get(0)),
            (b'>', 0, b'c') if params.get(0) == 0 => self.report_version_attributes(),
            (b'=', 0, b'c') if params.get(0) == 0 => self.reply("\x1bP!|00000000\x1b\\"),
            (b'>', 0, b'q') if params.get(0) == 0 => self.report_name(),
            (b'>', 0, b'u') => self.keyboard().push(params.get(0)),
            (b'<', 0, b'u') => self.keyboard().pop(params.count(0)),
            (b'=', 0, b'u') => self.keyboard().set(params.get(0), params.get(1)),
            _ => log::debug!("control sequence {:?} with a marker is not known", char::from(action)),
        }
    }

    /// CUU stops at the top margin if it began below it; `Term` knows only the screen's edge.
    fn term_move_up(&mut self, count: usize) {
        let (top, _) = self.margins();
        let from = self.cursor_line();
        let edge = if from >= top { top } else { 0 };
        self.move_to_line(from.saturating_sub(count).max(edge));
    }

    /// CUD stops at the bottom margin if it began above it.
    fn term_move_down(&mut self, count: usize) {
        let (_, bottom) = self.margins();
        let from = self.cursor_line();
        let last = usize::from(self.size.lines) - 1;
        let edge = if from <= bottom { bottom } else { last };
        self.move_to_line((from + count).min(edge));
    }

    /// VPR.
    fn move_down_unbounded(&mut self, count: usize) {
        let last = usize::from(self.size.lines) - 1;
        self.move_to_line((self.cursor_line() + count).min(last));
    }

    pub(super) fn cursor_line(&self) -> usize {
        usize::try_from(self.term.grid().cursor.point.line.0).unwrap_or(0)
    }

    /// Goes to a line of the screen, whatever the origin mode.
    fn move_to_line(&mut self, line: usize) {
        let column = self.term.grid().cursor.point.column;
        let line = i32::try_from(line).unwrap_or(0) - self.origin();
        self.term.goto(line, column.0);
    }

    /// CHA: the line stays, whatever the origin mode (`Term` would add the origin to it).
    fn go_to_column(&mut self, column: usize) {
        let line = self.term.grid().cursor.point.line.0 - self.origin();
        self.term.goto(line, column);
    }

    /// VPA.
    fn go_to_line(&mut self, line: i32) {
        let column = self.term.grid().cursor.point.column;
        self.term.goto(line, column.0);
    }

    /// The first line of the screen that the cursor may address: the top margin in origin mode.
    pub(super) fn origin(&self) -> i32 {
        use alacritty_terminal::term::TermMode;
        let (top, _) = self.margins();
        if self.term.mode().contains(TermMode::ORIGIN) { i32::try_from(top).unwrap_or(0) } else { 0 }
    }

    fn erase_display(&mut self, what: u16) {
        match what {
            0 => self.term.clear_screen(ClearMode::Below),
            1 => {
                // `Term` leaves the first line alone when the cursor is on the second.
                if self.cursor_line() == 1 {
                    self.term.grid_mut().reset_region(..Line(1));
                }
                self.term.clear_screen(ClearMode::Above);
            }
            2 => self.term.clear_screen(ClearMode::All),
            3 => self.clear_history(),
            _ => {}
        }
    }

    fn erase_line(&mut self, what: u16) {
        match what {
            0 => self.term.clear_line(LineClearMode::Right),
            1 => self.term.clear_line(LineClearMode::Left),
            2 => self.term.clear_line(LineClearMode::All),
            _ => {}
        }
    }

    /// DECSTBM; margins that leave less than two lines are ignored.
    fn set_margins(&mut self, params: &Params) {
        let lines = self.size.lines;
        let bottom = match params.get(1) {
            0 => lines,
            bottom => bottom.min(lines),
        };
        if params.count(0) < bottom {
            self.margins = (usize::from(params.count(0)) - 1, usize::from(bottom) - 1);
            self.term.set_scrolling_region(params.count(0).into(), Some(bottom.into()));
        }
    }

    /// DECSCUSR.
    fn set_cursor_style(&mut self, style: u16) {
        let shape = match style {
            0 => return self.term.set_cursor_style(None),
            1 | 2 => CursorShape::Block,
            3 | 4 => CursorShape::Underline,
            5 | 6 => CursorShape::Beam,
            _ => return,
        };
        self.term.set_cursor_style(Some(CursorStyle { shape, blinking: style % 2 == 1 }));
    }

    /// XTWINOPS: only what tells nothing that the remote side chose (a reported title could carry a command) and
    /// moves no window.
    fn window_operation(&mut self, params: &Params) {
        match params.get(0) {
            14 => self.report_pixels(),
            16 => self.report_cell_pixels(),
            18 => self.report_size(8),
            19 => self.report_size(9),
            22 if params.get(1) != 1 && self.titles.len() < TITLE_DEPTH => self.titles.push(self.title.clone()),
            23 if params.get(1) != 1 => {
                if let Some(title) = self.titles.pop() {
                    self.set_title(title);
                }
            }
            _ => {}
        }
    }
}

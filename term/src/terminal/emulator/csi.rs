//! Control sequences (ctlseqs, "Functions using CSI").

use alacritty_terminal::vte::ansi::{CursorShape, CursorStyle, Handler};

use super::tabs::Tabs;
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
        let (line, column) = self.addressed();
        match action {
            b'@' => self.insert_characters(many),
            b'A' => self.move_up(many),
            b'B' => self.move_down(many),
            b'C' => self.move_forward(many),
            b'D' => self.move_back(many),
            b'E' => {
                self.move_down(many);
                self.carriage_return();
            }
            b'F' => {
                self.move_up(many);
                self.carriage_return();
            }
            b'G' | b'`' => self.address(line, many - 1),
            b'a' => self.address(line, column + many),
            b'd' => self.address(many - 1, column),
            b'e' => self.address(line + many, column),
            b'H' | b'f' => self.address(many - 1, usize::from(params.count(1)) - 1),
            b'I' => self.tab(count),
            b'Z' => self.back_tab(count),
            b'J' => self.erase_display(params.get(0)),
            b'K' => self.erase_line(params.get(0)),
            b'L' => self.insert_lines(many),
            b'M' => self.delete_lines(many),
            b'P' => self.delete_characters(many),
            b'S' => self.scroll_up(self.margins.top, many),
            // With five parameters this is xterm's highlight tracking, which nobody may start from outside.
            b'T' if params.numbers().count() <= 1 => self.scroll_down(self.margins.top, many),
            b'^' => self.scroll_down(self.margins.top, many),
            b'X' => self.erase_characters(many),
            b'b' => self.repeat(count),
            _ => self.settings(action, params),
        }
    }

    fn settings(&mut self, action: u8, params: &Params) {
        match action {
            b'c' if params.get(0) == 0 => self.report_attributes(),
            b'g' => self.clear_tabs(params.get(0)),
            b'h' => params.numbers().for_each(|mode| self.set_mode(mode, true)),
            b'l' => params.numbers().for_each(|mode| self.set_mode(mode, false)),
            b'm' => self.select_graphic_rendition(params),
            b'n' => self.report_status(params.get(0)),
            b'r' => self.set_top_and_bottom(params),
            b's' if self.has_side_margins => self.set_left_and_right(params),
            b's' => self.save_cursor(),
            b't' => self.window_operation(params),
            b'u' => self.restore_cursor(),
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
            b'W' if params.get(0) == 5 => self.tabs = Tabs::new(self.size.columns.into()),
            _ => log::debug!("private control sequence {:?} is not known", char::from(action)),
        }
    }

    fn rare(&mut self, (private, intermediate, action): (u8, u8, u8), params: &Params) {
        match (private, intermediate, action) {
            (0, b' ', b'q') => self.set_cursor_style(params.get(0)),
            (0, b'\'', b'}') => self.insert_columns(params.count(0).into()),
            (0, b'\'', b'~') => self.delete_columns(params.count(0).into()),
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

//! Control sequences (ctlseqs, "Functions using CSI").

use alacritty_terminal::vte::ansi::{CursorShape, CursorStyle, Handler};

use super::erase::Erase;
use super::rectangle::{changed, reversed};
use super::tabs::Tabs;
use super::{Csi, Emulator, LEVEL, OtherKeys, Params};

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
            b'J' => self.erase_display(params.get(0), Erase::Ordinary),
            b'K' => self.erase_line(params.get(0), Erase::Ordinary),
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
            b's' if self.has_side_margins && self.level >= 4 => self.set_left_and_right(params),
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
            b'n' => self.report_private_status(params),
            b'u' => self.report_keyboard(),
            b'J' => self.erase_display(params.get(0), Erase::Selective),
            b'K' => self.erase_line(params.get(0), Erase::Selective),
            b'S' => self.graphics_attribute(params),
            b'm' if params.get(0) == 4 => self.report_other_keys(),
            b'r' => params.numbers().for_each(|mode| self.restore_private_mode(mode)),
            b's' => params.numbers().for_each(|mode| self.save_private_mode(mode)),
            b'W' if params.get(0) == 5 => self.tabs = Tabs::new(self.size.columns.into()),
            _ => log::debug!("private control sequence {:?} is not known", char::from(action)),
        }
    }

    fn rare(&mut self, (private, intermediate, action): (u8, u8, u8), params: &Params) {
        match (private, intermediate, action) {
            (0, b' ', b'@') => self.scroll_left(params.count(0).into()),
            (0, b' ', b'A') => self.scroll_right(params.count(0).into()),
            (0, b' ', b'q') => self.set_cursor_style(params.get(0)),
            (0, b'!', b'p') => self.soft_reset(),
            (0, b'"', b'p') => self.select_level(params),
            (0, b'"', b'v') => self.report_displayed_extent(),
            (0, b'$', b'w') if self.level >= 3 => self.report_presentation(params.get(0)),
            (0, b'"', b'q') => self.select_protection(params.get(0)),
            (0, b'#', b'{' | b'p') => self.push_rendition(),
            (0, b'#', b'}' | b'q') => self.pop_rendition(),
            (0, b'#', b'y') => self.checksum.0 = params.get(0),
            (0, b'$', b'p') if self.level >= 3 => self.report_mode(params.get(0)),
            (0, b'$', b'|') => self.take_size(Some(params.get(0)), None),
            (0, b'\'', b'}') => self.insert_columns(params.count(0).into()),
            (0, b'\'', b'~') => self.delete_columns(params.count(0).into()),
            (0, b'*', b'|') => self.take_size(None, Some(params.get(0))),
            (0, b'$' | b'*', _) if self.level >= 4 => self.rectangle((intermediate, action), params),
            (b'?', b'$', b'p') if self.level >= 3 => self.report_private_mode(params.get(0)),
            (b'>', 0, _) => self.secondary(action, params),
            (b'=', 0, b'c') if params.get(0) == 0 => self.reply("\x1bP!|00000000\x1b\\"),
            (b'<', 0, b'u') => self.keyboard().pop(params.count(0)),
            (b'=', 0, b'u') => self.keyboard().set(params.get(0), params.get(1)),
            _ => log::debug!("control sequence {:?} with a marker is not known", char::from(action)),
        }
    }

    /// Sequences that begin with `CSI >`.
    fn secondary(&mut self, action: u8, params: &Params) {
        match action {
            b'c' if params.get(0) == 0 => self.report_version_attributes(),
            b'f' if params.get(0) == 4 => self.other_keys.format = u8::from(params.get(1) == 1),
            b'm' if params.is_empty() => self.other_keys = OtherKeys::default(),
            b'm' if params.get(0) == 4 => self.other_keys.modify = u8::try_from(params.get(1).min(2)).unwrap_or(0),
            b'n' if params.get(0) == 4 => self.other_keys.modify = 0,
            b'q' if params.get(0) == 0 => self.report_name(),
            b'u' => self.keyboard().push(params.get(0)),
            _ => log::debug!("control sequence > {:?} is not known", char::from(action)),
        }
    }

    /// The rectangles of a VT420.
    fn rectangle(&mut self, what: (u8, u8), params: &Params) {
        match what {
            (b'$', b'r') => self.change_area(params, changed),
            (b'$', b't') => self.change_area(params, reversed),
            (b'$', b'v') => self.copy_area(params),
            (b'$', b'x') => self.fill_area(params),
            (b'$', b'z') => self.erase_area(params, Erase::Ordinary),
            (b'$', b'{') => self.erase_area(params, Erase::Selective),
            (b'*', b'x') => self.select_extent(params.get(0)),
            (b'*', b'y') => self.report_checksum(params),
            _ => {}
        }
    }

    /// DECSCL: the level of a VT100 to VT500, and whether controls are answered with eight bits. A full reset, as with the
    /// VT300 and later.
    fn select_level(&mut self, params: &Params) {
        let level = params.get(0);
        if (61..=65).contains(&level) {
            self.reset();
            self.level = u8::try_from(level - 60).unwrap_or(LEVEL).min(LEVEL);
            self.eight_bit = self.level > 1 && params.numbers().nth(1).is_some_and(|bits| bits != 1);
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
}

//! What the parser finds, and who does it.

use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::Flags;
use alacritty_terminal::vte::ansi::Handler as _;

use super::Emulator;
use super::charset::Charset;
use super::graphics;
use super::margins::Margins;
use super::vt52::Vt52;
use crate::terminal::parser::{Csi, Perform, StringKind};

impl Perform for Emulator {
    fn print(&mut self, text: &str) {
        let text = if self.vt52 == Vt52::Off { text } else { self.take_address(text) };
        self.print_text(text);
    }

    fn execute(&mut self, byte: u8) {
        self.last = None;
        match byte {
            0x07 => self.pending.bell = true,
            0x08 => self.move_back(1),
            b'\t' => self.tab(1),
            b'\n' | 0x0b | 0x0c => self.new_line(),
            b'\r' => self.carriage_return(),
            0x0e => self.charsets.shift(1),
            0x0f => self.charsets.shift(0),
            // ENQ among them: an answerback string is what an attacker would like to choose.
            _ => {}
        }
    }

    fn escape(&mut self, intermediate: u8, action: u8) {
        self.last = None;
        if self.vt52 != Vt52::Off && intermediate == 0 {
            return self.escape_vt52(action);
        }
        match (intermediate, action) {
            (0, b'6') => self.back_index(),
            (0, b'7') => self.save_cursor(),
            (0, b'8') => self.restore_cursor(),
            (0, b'9') => self.forward_index(),
            (0, b'=') => self.term.set_keypad_application_mode(),
            (0, b'>') => self.term.unset_keypad_application_mode(),
            (0, b'D') => self.index(),
            (0, b'E') => {
                self.index();
                self.carriage_return();
            }
            (0, b'H') => self.tabs.set(self.cursor_column(), true),
            (0, b'M') => self.reverse_index(),
            (0, b'N') => self.charsets.shift_once(2),
            (0, b'O') => self.charsets.shift_once(3),
            (0, b'V') => self.guard(true),
            (0, b'W') => self.guard(false),
            (0, b'Z') => self.report_attributes(),
            (0, b'c') => self.reset(),
            (0, b'n') => self.charsets.shift(2),
            (0, b'o') => self.charsets.shift(3),
            (b' ', b'F') => self.eight_bit = false,
            (b' ', b'G') => self.eight_bit = true,
            (b'#', b'8') => self.align_screen(),
            (b'(' | b')' | b'*' | b'+', _) => self.designate(intermediate - b'(', Charset::named(action)),
            (b'-' | b'.' | b'/', _) => self.designate(intermediate - b',', Charset::named_of_96(action)),
            _ => log::debug!("escape sequence {intermediate:#04x} {action:#04x} is not known"),
        }
    }

    fn control(&mut self, csi: &Csi<'_>) {
        self.control_sequence(csi);
        self.last = None;
    }

    fn string(&mut self, kind: StringKind, data: &[u8], terminator: &str) {
        match kind {
            StringKind::Osc => self.operating_system_command(data, terminator),
            StringKind::Dcs => self.device_control_string(data),
            // No application program command is known: nothing of them is answered.
            StringKind::Apc | StringKind::Other => {}
        }
    }

    fn begins_stream(&mut self, kind: StringKind, head: &[u8]) -> Option<bool> {
        let begins = graphics::is_picture(kind, head)?;
        if begins {
            self.begin_picture(kind, head);
        }
        Some(begins)
    }

    fn stream(&mut self, data: &[u8]) -> usize {
        self.picture_data(data)
    }

    fn end_stream(&mut self, complete: bool) {
        self.end_picture(complete);
    }

    fn paused(&self) -> bool {
        self.sync_begun || self.graphics.must_pause()
    }

    fn eight_bit(&self) -> bool {
        self.eight_bit
    }
}

impl Emulator {
    /// LF, VT, FF; in LNM also CR.
    fn new_line(&mut self) {
        self.index();
        if self.term.mode().contains(TermMode::LINE_FEED_NEW_LINE) {
            self.carriage_return();
        }
    }

    /// SCS: makes `charset` the set G`index`.
    fn designate(&mut self, index: u8, charset: Charset) {
        self.charsets.designate(index.into(), charset);
    }

    /// DECALN: a screen of E, no margins, no attributes but colours (as with xterm), the cursor home.
    fn align_screen(&mut self) {
        self.term.decaln();
        let protects = self.protects();
        self.term.grid_mut().cursor.template.flags = Flags::empty();
        self.protect(protects);
        self.margins = Margins::whole(self.size);
        self.set_private_mode(6, false);
    }
}

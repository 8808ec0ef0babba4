//! What the terminal answers by itself. Nothing in an answer is text that the remote side chose.

use super::{Emulator, Params};

impl Emulator {
    /// DA1: a VT420 with sixel graphics, selective erase, national character sets, terminal state interrogation, horizontal
    /// scrolling, colour and rectangles. Nothing that is not there: no printer, no locator, no second width.
    pub(super) fn report_attributes(&mut self) {
        self.reply("\x1b[?64;4;6;9;17;21;22;28c");
    }

    /// DA2: a VT420, and a version that no program takes for another terminal's.
    pub(super) fn report_version_attributes(&mut self) {
        self.reply("\x1b[>41;10;0c");
    }

    /// XTVERSION.
    pub(super) fn report_name(&mut self) {
        self.reply(concat!("\x1bP>|Tetherm ", env!("CARGO_PKG_VERSION"), "\x1b\\"));
    }

    /// DSR.
    pub(super) fn report_status(&mut self, what: u16) {
        match what {
            5 => self.reply("\x1b[0n"),
            6 => {
                let (line, column) = self.reported_cursor();
                self.reply(&format!("\x1b[{line};{column}R"));
            }
            _ => {}
        }
    }

    /// DECDSR.
    pub(super) fn report_private_status(&mut self, params: &Params) {
        match params.get(0) {
            6 => {
                let (line, column) = self.reported_cursor();
                self.reply(&format!("\x1b[?{line};{column};1R"));
            }
            // No printer, user-defined keys locked, a North American keyboard.
            15 => self.reply("\x1b[?13n"),
            25 => self.reply("\x1b[?21n"),
            26 => self.reply("\x1b[?27;1;0;0n"),
            // No locator; it would be a mouse.
            53 | 55 => self.reply("\x1b[?50n"),
            56 => self.reply("\x1b[?57;1n"),
            // No room for macros, and of those there are none the checksum.
            62 => self.reply("\x1b[0*{"),
            63 => {
                let id = params.get(1);
                self.reply(&format!("\x1bP{id}!~0000\x1b\\"));
            }
            // No errors, and no second session.
            75 => self.reply("\x1b[?70n"),
            85 => self.reply("\x1b[?83n"),
            996 => self.report_scheme(),
            _ => {}
        }
    }

    /// Contour's and kitty's "dark or light?", also told by itself in mode 2031.
    pub(super) fn report_scheme(&mut self) {
        let scheme = if self.colors.is_dark() { 1 } else { 2 };
        self.reply(&format!("\x1b[?997;{scheme}n"));
    }

    /// XTQMODKEYS: modifyOtherKeys.
    pub(super) fn report_other_keys(&mut self) {
        let modify = self.other_keys.modify;
        self.reply(&format!("\x1b[>4;{modify}m"));
    }

    /// The cursor as CPR counts: from 1, in origin mode from the margins.
    fn reported_cursor(&self) -> (usize, usize) {
        let (line, column) = self.addressed();
        (line + 1, column + 1)
    }

    /// The flags of the kitty keyboard protocol.
    pub(super) fn report_keyboard(&mut self) {
        let flags = self.keyboard_flags();
        self.reply(&format!("\x1b[?{flags}u"));
    }
}

//! What the terminal answers by itself. Nothing in an answer is text that the remote side chose.

use super::Emulator;

impl Emulator {
    /// DA1: a VT220 with ANSI colours.
    pub(super) fn report_attributes(&mut self) {
        self.reply("\x1b[?62;22c");
    }

    /// DA2: a VT220, and a version that no program takes for another terminal's.
    pub(super) fn report_version_attributes(&mut self) {
        self.reply("\x1b[>1;10;0c");
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
    pub(super) fn report_private_status(&mut self, what: u16) {
        match what {
            6 => {
                let (line, column) = self.reported_cursor();
                self.reply(&format!("\x1b[?{line};{column};1R"));
            }
            // No printer, user-defined keys locked, a North American keyboard.
            15 => self.reply("\x1b[?13n"),
            25 => self.reply("\x1b[?21n"),
            26 => self.reply("\x1b[?27;1;0;0n"),
            // Contour's and kitty's "dark or light?".
            996 => {
                let scheme = if self.colors.is_dark() { 1 } else { 2 };
                self.reply(&format!("\x1b[?997;{scheme}n"));
            }
            _ => {}
        }
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

    /// Lines and columns of the text area (8) or of the screen (9).
    pub(super) fn report_size(&mut self, code: u8) {
        let size = self.size();
        self.reply(&format!("\x1b[{code};{};{}t", size.lines, size.columns));
    }

    /// The text area in pixels; no answer before the window knows it.
    pub(super) fn report_pixels(&mut self) {
        let size = self.size();
        if size.width != 0 && size.height != 0 {
            self.reply(&format!("\x1b[4;{};{}t", size.height, size.width));
        }
    }

    /// A cell in pixels.
    pub(super) fn report_cell_pixels(&mut self) {
        let size = self.size();
        if size.width != 0 && size.height != 0 {
            self.reply(&format!("\x1b[6;{};{}t", size.height / size.lines, size.width / size.columns));
        }
    }
}

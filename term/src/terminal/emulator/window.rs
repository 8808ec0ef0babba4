//! What programs ask of the window (XTWINOPS) and of its size (DECSLPP, DECSNLS, DECSCPP, DECCOLM).
//!
//! The window is the user's: no program moves, hides or resizes it. Only where the user permits it does the terminal
//! take another size.

use super::super::Size;
use super::{Emulator, Params};

impl Emulator {
    /// XTWINOPS.
    pub(super) fn window_operation(&mut self, params: &Params) {
        let given = |index: usize| params.numbers().nth(index);
        match params.get(0) {
            4 => self.take_pixels(given(1), given(2)),
            8 => self.take_size(given(2), given(1)),
            // Not iconified, in the corner of the screen.
            11 => self.reply("\x1b[1t"),
            13 => self.reply("\x1b[3;0;0t"),
            14 => self.report_pixels(4),
            15 => self.report_pixels(5),
            16 => self.report_cell_pixels(),
            18 => self.report_size(8),
            19 => self.report_size(9),
            20 => self.report_title('L'),
            21 => self.report_title('l'),
            22 => self.push_titles(),
            23 => self.pop_titles(params),
            lines @ 24.. => self.take_size(None, Some(lines)),
            _ => {}
        }
    }

    /// Takes another size: omitted stays, 0 is the largest, which is what the window has now.
    pub(super) fn take_size(&mut self, columns: Option<u16>, lines: Option<u16>) {
        if !self.permissions.resize {
            return;
        }
        let now = self.size;
        let (wide, high) = (now.width / now.columns, now.height / now.lines);
        let wanted = |given: Option<u16>, now: u16| given.filter(|given| *given != 0).unwrap_or(now);
        let size = Size { columns: wanted(columns, now.columns), lines: wanted(lines, now.lines), ..now }.clamped();
        let (width, height) = (wide.saturating_mul(size.columns), high.saturating_mul(size.lines));
        let _ = self.resize(Size { width, height, ..size });
    }

    fn take_pixels(&mut self, height: Option<u16>, width: Option<u16>) {
        let size = self.size;
        let cells = |pixels: Option<u16>, all: u16, count: u16| {
            let cell = (all / count).max(1);
            pixels.filter(|pixels| *pixels != 0).map(|pixels| pixels / cell)
        };
        let (columns, lines) = (cells(width, size.width, size.columns), cells(height, size.height, size.lines));
        self.take_size(columns, lines);
    }

    /// Lines and columns of the text area (8) or of the screen (9).
    fn report_size(&mut self, code: u8) {
        let size = self.size();
        self.reply(&format!("\x1b[{code};{};{}t", size.lines, size.columns));
    }

    /// The text area (4) or the screen (5) in pixels; no answer before the window knows it.
    fn report_pixels(&mut self, code: u8) {
        let size = self.size();
        if size.width != 0 && size.height != 0 {
            self.reply(&format!("\x1b[{code};{};{}t", size.height, size.width));
        }
    }

    /// A cell in pixels.
    fn report_cell_pixels(&mut self) {
        let size = self.size();
        if size.width != 0 && size.height != 0 {
            self.reply(&format!("\x1b[6;{};{}t", size.height / size.lines, size.width / size.columns));
        }
    }

    /// Mode 2048: the size, in cells and in pixels.
    pub(super) fn report_size_in_band(&mut self) {
        let Size { columns, lines, width, height } = self.size();
        self.reply(&format!("\x1b[48;{lines};{columns};{height};{width}t"));
    }
}

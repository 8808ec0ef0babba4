//! The VT52 (DECANM reset; VT102 User Guide, "VT52 Mode Escape Sequences").

use alacritty_terminal::vte::ansi::Handler as _;

use super::Emulator;
use super::charset::Charset;
use super::erase::Erase;

/// Whether the terminal is a VT52, and which part of a direct cursor address comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Vt52 {
    /// It is none.
    #[default]
    Off,
    /// It is one.
    On,
    /// After `ESC Y`: the line comes next.
    Line,
    /// The line was this; the column comes next.
    Column(usize),
}

impl Emulator {
    /// DECANM reset.
    pub(super) fn enter_vt52(&mut self) {
        self.vt52 = Vt52::On;
        self.charsets.reset();
    }

    /// An escape sequence of the VT52.
    pub(super) fn escape_vt52(&mut self, action: u8) {
        match action {
            b'A' => self.move_up(1),
            b'B' => self.move_down(1),
            b'C' => self.move_forward(1),
            b'D' => self.move_back(1),
            b'F' => self.charsets.designate(0, Charset::Drawing),
            b'G' => self.charsets.designate(0, Charset::Ascii),
            b'H' => self.address(0, 0),
            b'I' => self.reverse_index(),
            b'J' => self.erase_display(0, Erase::Ordinary),
            b'K' => self.erase_line(0, Erase::Ordinary),
            b'Y' => self.vt52 = Vt52::Line,
            b'Z' => self.reply("\x1b/Z"),
            b'=' => self.term.set_keypad_application_mode(),
            b'>' => self.term.unset_keypad_application_mode(),
            b'<' => self.vt52 = Vt52::Off,
            _ => log::debug!("VT52 sequence {action:#04x} is not known"),
        }
    }

    /// Takes the rest of a direct cursor address off the front of `text`: two characters, each 31 more than the line or
    /// column it names, counted from 1. A column that is not on the screen changes nothing.
    pub(super) fn take_address<'a>(&mut self, text: &'a str) -> &'a str {
        let mut rest = text.chars();
        loop {
            let (line, column) = (self.cursor_line(), self.cursor_column());
            match self.vt52 {
                Vt52::Off | Vt52::On => return rest.as_str(),
                Vt52::Line => {
                    let Some(c) = rest.next() else { return "" };
                    let wanted = (u32::from(c) as usize).checked_sub(32);
                    let on_screen = wanted.filter(|wanted| *wanted < usize::from(self.size.lines));
                    self.vt52 = Vt52::Column(on_screen.unwrap_or(line));
                }
                Vt52::Column(line) => {
                    let Some(c) = rest.next() else { return "" };
                    let wanted = (u32::from(c) as usize).checked_sub(32);
                    let on_screen = wanted.filter(|wanted| *wanted < usize::from(self.size.columns));
                    self.place(line, on_screen.unwrap_or(column));
                    self.vt52 = Vt52::On;
                }
            }
        }
    }
}

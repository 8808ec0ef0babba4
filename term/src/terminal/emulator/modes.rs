//! Modes: SM, RM, DECSET, DECRST, DECRQM.

use alacritty_terminal::term::TermMode;
use alacritty_terminal::vte::ansi::{Handler, Mode, NamedMode, NamedPrivateMode, PrivateMode};

use super::Emulator;

/// The private modes that `Term` keeps, by number, with the flag that says whether one is set.
const KEPT: [(u16, NamedPrivateMode, TermMode); 13] = [
    (1, NamedPrivateMode::CursorKeys, TermMode::APP_CURSOR),
    (6, NamedPrivateMode::Origin, TermMode::ORIGIN),
    (7, NamedPrivateMode::LineWrap, TermMode::LINE_WRAP),
    (25, NamedPrivateMode::ShowCursor, TermMode::SHOW_CURSOR),
    (1000, NamedPrivateMode::ReportMouseClicks, TermMode::MOUSE_REPORT_CLICK),
    (1002, NamedPrivateMode::ReportCellMouseMotion, TermMode::MOUSE_DRAG),
    (1003, NamedPrivateMode::ReportAllMouseMotion, TermMode::MOUSE_MOTION),
    (1004, NamedPrivateMode::ReportFocusInOut, TermMode::FOCUS_IN_OUT),
    (1005, NamedPrivateMode::Utf8Mouse, TermMode::UTF8_MOUSE),
    (1006, NamedPrivateMode::SgrMouse, TermMode::SGR_MOUSE),
    (1007, NamedPrivateMode::AlternateScroll, TermMode::ALTERNATE_SCROLL),
    (1042, NamedPrivateMode::UrgencyHints, TermMode::URGENCY_HINTS),
    (2004, NamedPrivateMode::BracketedPaste, TermMode::BRACKETED_PASTE),
];

impl Emulator {
    /// SM and RM.
    pub(super) fn set_mode(&mut self, mode: u16, on: bool) {
        let mode = match mode {
            4 => Mode::from(NamedMode::Insert),
            20 => NamedMode::LineFeedNewLine.into(),
            _ => return,
        };
        if on { self.term.set_mode(mode) } else { self.term.unset_mode(mode) }
    }

    /// DECSET and DECRST.
    pub(super) fn set_private_mode(&mut self, mode: u16, on: bool) {
        match mode {
            3 if self.allow_columns => {
                self.margins = (0, usize::from(self.size.lines) - 1);
                self.set_named(NamedPrivateMode::ColumnMode.into(), on);
            }
            5 => {
                self.reverse_screen = on;
                self.redraw = true;
            }
            12 => self.set_named(NamedPrivateMode::BlinkingCursor.into(), on),
            40 => self.allow_columns = on,
            47 | 1047 => self.show_alternate(on),
            66 if on => self.term.set_keypad_application_mode(),
            66 => self.term.unset_keypad_application_mode(),
            1048 if on => self.term.save_cursor_position(),
            1048 => self.term.restore_cursor_position(),
            // `Term` saves the cursor when it leaves the main screen, and each screen keeps its own.
            1049 if self.on_alternate_screen() != on => self.swap_screens(),
            2026 if on => self.sync_begun = !self.sync_held,
            _ => {
                if let Some((_, named, _)) = KEPT.iter().find(|(number, ..)| *number == mode) {
                    self.set_named((*named).into(), on);
                }
            }
        }
    }

    fn set_named(&mut self, mode: PrivateMode, on: bool) {
        if on { self.term.set_private_mode(mode) } else { self.term.unset_private_mode(mode) }
    }

    /// Modes 47 and 1047: the two screens share one cursor.
    fn show_alternate(&mut self, on: bool) {
        if self.on_alternate_screen() == on {
            return;
        }
        let cursor = self.term.grid().cursor.clone();
        self.swap_screens();
        self.term.grid_mut().cursor = cursor;
    }

    /// DECRQM.
    pub(super) fn report_mode(&mut self, mode: u16) {
        let state = match mode {
            4 => state(self.term.mode().contains(TermMode::INSERT)),
            20 => state(self.term.mode().contains(TermMode::LINE_FEED_NEW_LINE)),
            _ => 0,
        };
        self.reply(&format!("\x1b[{mode};{state}$y"));
    }

    /// DECRQM of a private mode: 0 not known, 1 set, 2 reset, 3 always set, 4 always reset.
    pub(super) fn report_private_mode(&mut self, mode: u16) {
        let state = match mode {
            3 => 2,
            5 => state(self.reverse_screen),
            // Keys repeat as the desktop says.
            8 => 3,
            12 => state(self.term.cursor_style().blinking),
            40 => state(self.allow_columns),
            47 | 1047 | 1049 => state(self.on_alternate_screen()),
            66 => state(self.term.mode().contains(TermMode::APP_KEYPAD)),
            1048 => 1,
            2026 => state(self.sync_held),
            _ => KEPT
                .iter()
                .find(|(number, ..)| *number == mode)
                .map_or(0, |(_, _, flag)| state(self.term.mode().contains(*flag))),
        };
        self.reply(&format!("\x1b[?{mode};{state}$y"));
    }
}

fn state(set: bool) -> u8 {
    if set { 1 } else { 2 }
}

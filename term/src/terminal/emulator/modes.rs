//! Modes: SM, RM, DECSET, DECRST, DECRQM.

use std::collections::BTreeSet;

use alacritty_terminal::term::TermMode;
use alacritty_terminal::vte::ansi::{Handler, Mode, NamedMode, NamedPrivateMode, PrivateMode};

use super::Emulator;
use super::margins::Margins;

/// DECSCNM: default foreground and background are swapped.
pub(super) const REVERSE_SCREEN: u16 = 5;
/// DECCOLM may clear the screen.
const ALLOW_COLUMNS: u16 = 40;
/// A tab in a full line wraps first: works around a bug of the first more(1) and curses.
pub(super) const MORE_FIX: u16 = 41;
/// BS at the left margin goes back to the line that wrapped into this one.
pub(super) const REVERSE_WRAP: u16 = 45;
/// DECLRMM.
const SIDE_MARGINS: u16 = 69;
/// As 45, whether the line above wrapped or not.
pub(super) const REVERSE_WRAP_ALL: u16 = 1045;

/// The private modes that are kept as a number alone: who acts on one asks [`PrivateModes::has`].
const OWN: [u16; 6] = [REVERSE_SCREEN, ALLOW_COLUMNS, MORE_FIX, REVERSE_WRAP, SIDE_MARGINS, REVERSE_WRAP_ALL];

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

/// The private modes of [`OWN`] that are set.
#[derive(Debug, Default)]
pub(super) struct PrivateModes(BTreeSet<u16>);

impl PrivateModes {
    /// Whether `mode` is set.
    pub(super) fn has(&self, mode: u16) -> bool {
        self.0.contains(&mode)
    }

    /// Sets or resets `mode`; one that is not known is ignored.
    pub(super) fn set(&mut self, mode: u16, on: bool) {
        let known = OWN.contains(&mode);
        let _ = if on && known { self.0.insert(mode) } else { self.0.remove(&mode) };
    }

    /// DECSTR.
    pub(super) fn reset_softly(&mut self) {
        [REVERSE_WRAP, REVERSE_WRAP_ALL, SIDE_MARGINS].iter().for_each(|mode| self.set(*mode, false));
    }
}

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
        self.modes.set(mode, on);
        match mode {
            3 if self.modes.has(ALLOW_COLUMNS) => self.change_columns(),
            REVERSE_SCREEN => self.redraw = true,
            6 => {
                self.set_named(NamedPrivateMode::Origin.into(), on);
                self.address(0, 0);
            }
            7 if !on => {
                self.set_named(NamedPrivateMode::LineWrap.into(), on);
                self.term.grid_mut().cursor.input_needs_wrap = false;
            }
            12 => self.set_named(NamedPrivateMode::BlinkingCursor.into(), on),
            47 | 1047 => self.show_alternate(on),
            66 if on => self.term.set_keypad_application_mode(),
            66 => self.term.unset_keypad_application_mode(),
            SIDE_MARGINS => self.allow_left_and_right(on),
            1048 if on => self.save_cursor(),
            1048 => self.restore_cursor(),
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

    /// DECCOLM: the window stays as wide as the user made it, all else happens.
    fn change_columns(&mut self) {
        self.margins = Margins::whole(self.size);
        self.term.grid_mut().reset_region(..);
        self.redraw = true;
        self.address(0, 0);
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
            // Keys repeat as the desktop says.
            8 => 3,
            12 => state(self.term.cursor_style().blinking),
            47 | 1047 | 1049 => state(self.on_alternate_screen()),
            66 => state(self.term.mode().contains(TermMode::APP_KEYPAD)),
            1048 => 1,
            2026 => state(self.sync_held),
            own if OWN.contains(&own) => state(self.modes.has(own)),
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

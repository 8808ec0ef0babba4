//! Modes: SM, RM, DECSET, DECRST, DECRQM, XTSAVE, XTRESTORE.

use std::collections::BTreeSet;

use alacritty_terminal::grid::{Dimensions as _, Row};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::Cell;
use alacritty_terminal::vte::ansi::{Handler, Mode, NamedMode, NamedPrivateMode, PrivateMode};

use super::Emulator;
use super::erase::Erase;
use super::margins::Margins;

/// DECCOLM: 132 columns.
pub(super) const COLUMNS: u16 = 3;
/// DECSCNM: default foreground and background are swapped.
pub(super) const REVERSE_SCREEN: u16 = 5;
/// X10's mouse: presses alone.
pub(in crate::terminal) const PRESSES: u16 = 9;
/// DECCOLM may clear the screen, and may change its width where the user permits that.
const ALLOW_COLUMNS: u16 = 40;
/// A tab in a full line wraps first: works around a bug of the first more(1) and curses.
pub(super) const MORE_FIX: u16 = 41;
/// DECNRCM: national character sets replace ASCII.
pub(super) const NATIONAL: u16 = 42;
/// BS at the left margin goes back to the line that wrapped into this one.
pub(super) const REVERSE_WRAP: u16 = 45;
/// DECBKM: Backspace sends BS.
pub(in crate::terminal) const BACKSPACE: u16 = 67;
/// DECLRMM.
const SIDE_MARGINS: u16 = 69;
/// DECNCSM: DECCOLM clears nothing (VT510).
const KEEP_SCREEN: u16 = 95;
/// urxvt's mouse encoding.
pub(in crate::terminal) const URXVT_MOUSE: u16 = 1015;
/// SGR's mouse encoding in pixels.
pub(in crate::terminal) const PIXEL_MOUSE: u16 = 1016;
/// DECSDM: a sixel picture begins at the top left of the screen, and nothing scrolls.
pub(super) const DISPLAY_PICTURES: u16 = 80;
/// Each sixel picture has colour registers of its own.
pub(super) const PRIVATE_REGISTERS: u16 = 1070;
/// The cursor ends to the right of a sixel picture.
pub(super) const CURSOR_RIGHT_OF_PICTURES: u16 = 8452;
/// As 45, whether the line above wrapped or not.
pub(super) const REVERSE_WRAP_ALL: u16 = 1045;
/// Grapheme clusters take the width that Unicode gives them as a whole.
pub(super) const CLUSTERS: u16 = 2027;
/// A change between light and dark is told.
pub(super) const SCHEME_REPORTS: u16 = 2031;
/// A change of the size is told.
pub(super) const SIZE_REPORTS: u16 = 2048;

/// The private modes that are kept as a number alone: who acts on one asks [`PrivateModes::has`]. Smooth scrolling (4) and
/// printing (18, 19) change nothing here; a program that sets one finds it set.
const OWN: [u16; 22] = [
    4,
    REVERSE_SCREEN,
    PRESSES,
    18,
    19,
    ALLOW_COLUMNS,
    MORE_FIX,
    NATIONAL,
    REVERSE_WRAP,
    BACKSPACE,
    SIDE_MARGINS,
    KEEP_SCREEN,
    URXVT_MOUSE,
    PIXEL_MOUSE,
    REVERSE_WRAP_ALL,
    CLUSTERS,
    SCHEME_REPORTS,
    SIZE_REPORTS,
    COLUMNS,
    DISPLAY_PICTURES,
    PRIVATE_REGISTERS,
    CURSOR_RIGHT_OF_PICTURES,
];

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

/// The modes of which at most one is set: what sets one resets the others.
const EXCLUSIVE: [&[u16]; 2] = [&[PRESSES, 1000, 1002, 1003], &[1005, 1006, URXVT_MOUSE, PIXEL_MOUSE]];

/// The private modes of [`OWN`] that are set, and what XTSAVE kept of any.
#[derive(Debug)]
pub(super) struct PrivateModes {
    set: BTreeSet<u16>,
    saved: BTreeSet<(u16, bool)>,
}

impl Default for PrivateModes {
    fn default() -> Self {
        Self { set: BTreeSet::from([PRIVATE_REGISTERS]), saved: BTreeSet::new() }
    }
}

impl PrivateModes {
    /// Whether `mode` is set.
    pub(super) fn has(&self, mode: u16) -> bool {
        self.set.contains(&mode)
    }

    /// Sets or resets `mode`; one that is not known is ignored.
    fn put(&mut self, mode: u16, on: bool) {
        let known = OWN.contains(&mode);
        let _ = if on && known { self.set.insert(mode) } else { self.set.remove(&mode) };
    }

    /// DECSTR.
    pub(super) fn reset_softly(&mut self) {
        [REVERSE_WRAP, REVERSE_WRAP_ALL, SIDE_MARGINS, NATIONAL].iter().for_each(|mode| self.put(*mode, false));
    }
}

/// What DECRQM answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown = 0,
    Set = 1,
    Reset = 2,
    AlwaysSet = 3,
    AlwaysReset = 4,
}

impl From<bool> for State {
    fn from(set: bool) -> Self {
        if set { Self::Set } else { Self::Reset }
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
        if on {
            self.end_rivals(mode);
        }
        if mode != COLUMNS {
            self.modes.put(mode, on);
        }
        match mode {
            2 if !on => self.enter_vt52(),
            COLUMNS if self.modes.has(ALLOW_COLUMNS) => self.change_columns(on),
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
            47 | 1047 => self.show_alternate(mode, on),
            66 if on => self.term.set_keypad_application_mode(),
            66 => self.term.unset_keypad_application_mode(),
            SIDE_MARGINS => self.allow_left_and_right(on),
            1048 if on => self.save_cursor(),
            1048 => self.restore_cursor(),
            1049 => self.show_alternate_and_save(on),
            2026 if on => self.sync_begun = !self.sync_held,
            SIZE_REPORTS if on => self.report_size_in_band(),
            _ => {
                if let Some((_, named, _)) = KEPT.iter().find(|(number, ..)| *number == mode) {
                    self.set_named((*named).into(), on);
                }
            }
        }
    }

    fn end_rivals(&mut self, mode: u16) {
        for rivals in EXCLUSIVE.iter().filter(|modes| modes.contains(&mode)) {
            for rival in rivals.iter().filter(|rival| **rival != mode) {
                self.modes.put(*rival, false);
                if let Some((_, named, _)) = KEPT.iter().find(|(number, ..)| number == rival) {
                    self.set_named((*named).into(), false);
                }
            }
        }
    }

    fn set_named(&mut self, mode: PrivateMode, on: bool) {
        if on { self.term.set_private_mode(mode) } else { self.term.unset_private_mode(mode) }
    }

    /// DECCOLM: 132 or 80 columns where the user lets programs change the size. The window stays as wide as it is else,
    /// and all else happens.
    fn change_columns(&mut self, wide: bool) {
        self.modes.put(COLUMNS, wide);
        self.take_size(Some(if wide { 132 } else { 80 }), None);
        self.margins = Margins::whole(self.size);
        self.allow_left_and_right(false);
        self.modes.put(SIDE_MARGINS, false);
        if !self.modes.has(KEEP_SCREEN) || self.level < 5 {
            self.term.grid_mut().reset_region(..);
        }
        self.redraw = true;
        self.address(0, 0);
    }

    /// Modes 47 and 1047: the two screens share one cursor. The first finds the alternate screen as it was left, the
    /// second clears it when it leaves.
    fn show_alternate(&mut self, mode: u16, on: bool) {
        if self.on_alternate_screen() == on {
            return;
        }
        if !on {
            let lines = (0..self.size.lines).map(|line| self.term.grid()[Line(line.into())].clone());
            self.alternate = if mode == 47 { lines.collect() } else { Vec::new() };
        }
        let cursor = self.term.grid().cursor.clone();
        self.swap_screens();
        self.alternate_saved = false;
        if on {
            self.bring_back();
        }
        self.term.grid_mut().cursor = cursor;
    }

    /// `Term` clears the alternate screen when it shows it.
    fn bring_back(&mut self) {
        let columns = self.term.columns();
        for (line, mut row) in (0..i32::from(self.size.lines)).zip(std::mem::take(&mut self.alternate)) {
            row.grow(columns);
            let _: Option<Vec<Cell>> = Row::shrink(&mut row, columns);
            self.term.grid_mut()[Line(line)] = row;
        }
    }

    /// Mode 1049: as 1047, with the cursor of the main screen saved, and restored at the end. Begun twice it clears again,
    /// ended twice it restores again, as with xterm.
    fn show_alternate_and_save(&mut self, on: bool) {
        self.alternate = Vec::new();
        let shown = self.on_alternate_screen();
        match (on, shown) {
            (true, false) => {
                self.save_cursor();
                self.swap_screens();
                self.alternate_saved = true;
            }
            (true, true) => {
                self.save_cursor();
                self.erase_display(2, Erase::Ordinary);
            }
            // The main screen's own cursor is where it was, and followed its line if the window changed its size.
            (false, true) if self.alternate_saved => {
                self.swap_screens();
                self.restore_all_but_the_place();
            }
            (false, true) => {
                self.swap_screens();
                self.restore_cursor();
            }
            (false, false) => self.restore_cursor(),
        }
    }

    /// DECRQM.
    pub(super) fn report_mode(&mut self, mode: u16) {
        let state = match mode {
            // The keyboard is never locked, and what is typed is never shown by itself.
            2 => State::AlwaysReset,
            12 => State::AlwaysSet,
            4 => self.term.mode().contains(TermMode::INSERT).into(),
            20 => self.term.mode().contains(TermMode::LINE_FEED_NEW_LINE).into(),
            // ECMA-48's modes that no terminal has.
            1 | 5 | 7 | 10 | 11 | 13..=19 => State::AlwaysReset,
            _ => State::Unknown,
        };
        self.reply(&format!("\x1b[{mode};{}$y", state as u8));
    }

    /// DECRQM of a private mode.
    pub(super) fn report_private_mode(&mut self, mode: u16) {
        let state = self.private_mode(mode);
        self.reply(&format!("\x1b[?{mode};{}$y", state as u8));
    }

    fn private_mode(&self, mode: u16) -> State {
        match mode {
            // Keys repeat as the desktop says, Alt sends ESC, BEL asks for attention.
            8 | 1036 | 1039 => State::AlwaysSet,
            2 => State::Set,
            12 => self.term.cursor_style().blinking.into(),
            47 | 1047 | 1049 => self.on_alternate_screen().into(),
            // Horizontal cursor coupling has no meaning where the whole page shows.
            60 => State::AlwaysReset,
            66 => self.term.mode().contains(TermMode::APP_KEYPAD).into(),
            1048 => State::Set,
            2026 => self.sync_held.into(),
            own if OWN.contains(&own) => self.modes.has(own).into(),
            _ => {
                let kept = KEPT.iter().find(|(number, ..)| *number == mode);
                kept.map_or(State::Unknown, |(.., flag)| self.term.mode().contains(*flag).into())
            }
        }
    }

    /// XTSAVE.
    pub(super) fn save_private_mode(&mut self, mode: u16) {
        let on = match self.private_mode(mode) {
            State::Set => true,
            State::Reset => false,
            _ => return,
        };
        let _ = self.modes.saved.remove(&(mode, !on));
        let _ = self.modes.saved.insert((mode, on));
    }

    /// XTRESTORE; a mode that was not saved stays.
    pub(super) fn restore_private_mode(&mut self, mode: u16) {
        for on in [false, true] {
            if self.modes.saved.contains(&(mode, on)) {
                return self.set_private_mode(mode, on);
            }
        }
    }
}

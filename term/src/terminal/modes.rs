//! The modes that decide how keys, mouse and pasted text are encoded.

use alacritty_terminal::term::TermMode;

use super::emulator::{Emulator, modes as private};

/// The private modes that decide how keys, mouse and pasted text are encoded (ctlseqs, "DEC Private Mode").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Modes {
    /// DECCKM.
    pub application_cursor: bool,
    /// DECNKM, DECKPAM.
    pub application_keypad: bool,
    /// LNM: Enter sends CR LF.
    pub line_feed: bool,
    /// 2004.
    pub bracketed_paste: bool,
    /// 1004.
    pub focus_reports: bool,
    /// Which mouse events are reported.
    pub mouse: MouseReports,
    /// How they are encoded.
    pub mouse_encoding: MouseEncoding,
    /// 1007: the wheel sends arrow keys on the alternate screen.
    pub alternate_scroll: bool,
    /// The alternate screen is shown: it has no scrollback.
    pub alternate_screen: bool,
    /// The flags of the kitty keyboard protocol in force (bits 0 to 4), 0 when off.
    pub kitty_keyboard: u8,
    /// xterm's modifyOtherKeys: 0 off, 1 keys that have no other code, 2 all keys with modifiers.
    pub modify_other_keys: u8,
    /// xterm's formatOtherKeys: 1 for `CSI code ; modifiers u` instead of `CSI 27 ; modifiers ; code ~`.
    pub format_other_keys: u8,
    /// DECBKM: Backspace sends BS, and Ctrl+Backspace DEL.
    pub backspace_sends_bs: bool,
    /// DECANM reset: keys are sent as a VT52 does.
    pub vt52: bool,
}

/// Which mouse events are reported (ctlseqs, "Mouse Tracking").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MouseReports {
    /// None: the mouse selects.
    #[default]
    None,
    /// 9: presses, without modifiers.
    Press,
    /// 1000: presses and releases.
    Click,
    /// 1002: also motion while a button is held.
    Drag,
    /// 1003: all motion.
    Motion,
}

/// How mouse events are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MouseEncoding {
    /// `CSI M` and three bytes.
    #[default]
    X10,
    /// 1005.
    Utf8,
    /// 1006.
    Sgr,
    /// 1016: as 1006, with pixels instead of cells.
    SgrPixels,
    /// 1015: `CSI` and three numbers.
    Urxvt,
}

/// The modes that programs set in `emulator`.
pub(super) fn of(emulator: &Emulator) -> Modes {
    let mode = emulator.term.mode();
    Modes {
        application_cursor: mode.contains(TermMode::APP_CURSOR),
        application_keypad: mode.contains(TermMode::APP_KEYPAD),
        line_feed: mode.contains(TermMode::LINE_FEED_NEW_LINE),
        bracketed_paste: mode.contains(TermMode::BRACKETED_PASTE),
        focus_reports: mode.contains(TermMode::FOCUS_IN_OUT),
        mouse: mouse_reports(emulator),
        mouse_encoding: mouse_encoding(emulator),
        alternate_scroll: mode.contains(TermMode::ALTERNATE_SCROLL),
        alternate_screen: mode.contains(TermMode::ALT_SCREEN),
        kitty_keyboard: emulator.keyboard_flags(),
        modify_other_keys: emulator.other_keys.modify,
        format_other_keys: emulator.other_keys.format,
        backspace_sends_bs: emulator.has_mode(private::BACKSPACE),
        vt52: emulator.is_vt52(),
    }
}

fn mouse_reports(emulator: &Emulator) -> MouseReports {
    let mode = emulator.term.mode();
    if mode.contains(TermMode::MOUSE_MOTION) {
        MouseReports::Motion
    } else if mode.contains(TermMode::MOUSE_DRAG) {
        MouseReports::Drag
    } else if mode.contains(TermMode::MOUSE_REPORT_CLICK) {
        MouseReports::Click
    } else if emulator.has_mode(private::PRESSES) {
        MouseReports::Press
    } else {
        MouseReports::None
    }
}

fn mouse_encoding(emulator: &Emulator) -> MouseEncoding {
    let mode = emulator.term.mode();
    if mode.contains(TermMode::SGR_MOUSE) {
        MouseEncoding::Sgr
    } else if emulator.has_mode(private::PIXEL_MOUSE) {
        MouseEncoding::SgrPixels
    } else if emulator.has_mode(private::URXVT_MOUSE) {
        MouseEncoding::Urxvt
    } else if mode.contains(TermMode::UTF8_MOUSE) {
        MouseEncoding::Utf8
    } else {
        MouseEncoding::X10
    }
}

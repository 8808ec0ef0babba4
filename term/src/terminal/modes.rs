//! The modes that decide how keys, mouse and pasted text are encoded.

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

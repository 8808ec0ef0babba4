//! The names that rules speak of, as the numbers that a display has for them.

/// Atoms with the same number on every display ("Predefined Atoms").
pub(crate) const PRIMARY: u32 = 1;
pub(crate) const SECONDARY: u32 = 2;
pub(crate) const CUT_BUFFERS: std::ops::RangeInclusive<u32> = 9..=16;
pub(crate) const WM_CLASS: u32 = 67;

/// Of a window that is not the program's own, what may be read: how it takes part in the desktop, and nothing of what it
/// shows or receives. WM_HINTS, WM_NORMAL_HINTS, WM_SIZE_HINTS and WM_TRANSIENT_FOR.
const READABLE: [u32; 4] = [35, 40, 41, 68];

/// A name that a rule speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Atom {
    Clipboard,
    XdndSelection,
    XdndEnter,
    XdndPosition,
    XdndDrop,
    WmProtocols,
    NetWmPing,
    NetWmName,
    NetSupportingWmCheck,
}

/// The names of [`Atom`], in its order, and behind them [`OTHERS`].
const NAMED: [&str; 9] = [
    "CLIPBOARD",
    "XdndSelection",
    "XdndEnter",
    "XdndPosition",
    "XdndDrop",
    "WM_PROTOCOLS",
    "_NET_WM_PING",
    "_NET_WM_NAME",
    "_NET_SUPPORTING_WM_CHECK",
];

/// More properties that may be read.
const PROPERTIES: [&str; 24] = [
    "WM_PROTOCOLS",
    "WM_STATE",
    "WM_CLIENT_LEADER",
    "WM_COLORMAP_WINDOWS",
    "_NET_SUPPORTING_WM_CHECK",
    "_NET_FRAME_EXTENTS",
    "_NET_WM_ALLOWED_ACTIONS",
    "_NET_WM_DESKTOP",
    "_NET_WM_STATE",
    "_NET_WM_STRUT",
    "_NET_WM_STRUT_PARTIAL",
    "_NET_WM_USER_TIME",
    "_NET_WM_WINDOW_TYPE",
    "_NET_SYSTEM_TRAY_ORIENTATION",
    "_NET_SYSTEM_TRAY_VISUAL",
    "_MOTIF_DRAG_RECEIVER_INFO",
    "_MOTIF_WM_HINTS",
    "_MOTIF_WM_INFO",
    "_XEMBED_INFO",
    "_XSETTINGS_SETTINGS",
    "XdndAware",
    "XdndProxy",
    "XdndActionList",
    "XdndTypeList",
];

/// Messages that programs on one desktop send each other's windows, and that make nobody do anything that the user sees.
const MESSAGES: [&str; 11] = [
    "XdndStatus",
    "XdndFinished",
    "XdndLeave",
    "_XEMBED",
    "_NET_SYSTEM_TRAY_OPCODE",
    "_NET_SYSTEM_TRAY_MESSAGE_DATA",
    "_XIM_XCONNECT",
    "_XIM_PROTOCOL",
    "_XIM_MOREDATA",
    "_MOTIF_DRAG_AND_DROP_MESSAGE",
    "_NET_STARTUP_INFO",
];

/// A property that no window has.
const NOTHING: &str = "_TETHERM_NOT_THERE";

const NAMES: usize = NAMED.len() + PROPERTIES.len() + MESSAGES.len() + 1;

/// The numbers that a display has for the names.
#[derive(Debug, Clone)]
pub(crate) struct Atoms([u32; NAMES]);

impl Atoms {
    /// All names, in the order in which [`Atoms::new`] wants their numbers.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        NAMED.into_iter().chain(PROPERTIES).chain(MESSAGES).chain([NOTHING])
    }

    /// Takes a number for each name; `None` where there are fewer or more.
    pub(crate) fn new(numbers: &[u32]) -> Option<Self> {
        numbers.try_into().ok().map(Self)
    }

    /// Whether `number` is that of `atom`. None is 0.
    pub(crate) fn is(&self, number: u32, atom: Atom) -> bool {
        number != 0 && self.0.get(atom as usize) == Some(&number)
    }

    /// Whether this property of others' windows may be read.
    pub(crate) fn is_readable(&self, property: u32) -> bool {
        READABLE.contains(&property) || self.part(NAMED.len(), PROPERTIES.len()).contains(&property)
    }

    /// Whether others' windows may be sent this message.
    pub(crate) fn is_harmless(&self, message: u32) -> bool {
        message != 0 && self.part(NAMED.len() + PROPERTIES.len(), MESSAGES.len()).contains(&message)
    }

    /// The property of the root window that names the window manager's own window (EWMH).
    pub(crate) fn supporting_wm_check(&self) -> u32 {
        self.0.get(Atom::NetSupportingWmCheck as usize).copied().unwrap_or_default()
    }

    /// A property that no window has.
    pub(crate) fn nothing(&self) -> u32 {
        self.0.last().copied().unwrap_or_default()
    }

    fn part(&self, begin: usize, length: usize) -> &[u32] {
        self.0.get(begin..begin + length).unwrap_or_default()
    }
}

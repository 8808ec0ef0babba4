//! The extensions that a guarded program may see. All others do not exist for it.

/// An extension of the X server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Extension {
    BigRequests,
    Composite,
    Damage,
    DoubleBuffer,
    GenericEvent,
    Glx,
    Present,
    RandR,
    Render,
    Shape,
    Sync,
    XcMisc,
    XFixes,
    Xinerama,
    XInput,
    Xkb,
}

use Extension::{
    BigRequests, Composite, Damage, DoubleBuffer, GenericEvent, Glx, Present, RandR, Render, Shape, Sync, XFixes,
    XInput, XcMisc, Xinerama, Xkb,
};

/// How many there are.
pub(crate) const COUNT: usize = 16;

/// Each with its name on the wire and the last of its requests that the rules know. A server may know newer ones: nobody
/// has thought about them yet.
pub(crate) const ALL: [(Extension, &str, u8); COUNT] = [
    (BigRequests, "BIG-REQUESTS", 0),
    (Composite, "Composite", 8),
    (Damage, "DAMAGE", 4),
    (DoubleBuffer, "DOUBLE-BUFFER", 7),
    (GenericEvent, "Generic Event Extension", 0),
    (Glx, "GLX", 35),
    (Present, "Present", 4),
    (RandR, "RANDR", 46),
    (Render, "RENDER", 36),
    (Shape, "SHAPE", 8),
    (Sync, "SYNC", 19),
    (XcMisc, "XC-MISC", 2),
    (XFixes, "XFIXES", 35),
    (Xinerama, "XINERAMA", 5),
    (XInput, "XInputExtension", 61),
    (Xkb, "XKEYBOARD", 25),
];

/// Extensions that no level shows. They hand memory or descriptors of this machine to the server, which cannot work from
/// another one: programs would probe them, fail, and fall back.
pub(crate) const LOCAL: [&str; 3] = ["MIT-SHM", "DRI2", "DRI3"];

impl Extension {
    /// Whether the rules know this request of it. OpenGL's commands that have answers are numbered from 101.
    pub(crate) fn knows(self, minor: u8) -> bool {
        let last = ALL.get(self as usize).map_or(0, |(_, _, last)| *last);
        minor <= last || (self == Glx && (101..=176).contains(&minor))
    }
}

/// Whether an extension of this name is shown to a guarded program.
pub(crate) fn is_shown(name: &[u8]) -> bool {
    ALL.iter().any(|(_, known, _)| known.as_bytes() == name)
}

/// Whether an extension of this name works on one machine only.
pub(crate) fn is_local(name: &[u8]) -> bool {
    LOCAL.iter().any(|known| known.as_bytes() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_names() {
        for (at, (extension, name, _)) in ALL.iter().enumerate() {
            assert_eq!(*extension as usize, at, "{name}");
            assert!(is_shown(name.as_bytes()) && !is_local(name.as_bytes()));
        }
    }
}

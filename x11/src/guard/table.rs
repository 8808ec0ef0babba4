//! The rule table: every request that is not simply passed, with the place of what decides.
//!
//! Offsets count from the beginning of a request as in the protocols' texts. What stands nowhere here is passed, with two
//! exceptions: an extension that [`super::extension`] does not show, and a request newer than those it knows.

use std::sync::LazyLock;

use super::extension::{COUNT, Extension};
use super::rule::Rule;
use crate::stream::Request;

use Check::{Always, Own, OwnOr, OwnOrRoot, Source, Special as S, Values};
use Extension::{Composite, Damage, DoubleBuffer, Glx, Present, RandR, Render, Shape, Sync, XFixes, XInput, Xkb};
use How::{Error, InvalidTime, Nothing};
use Special::{
    Attributes, ClearAutoReset, ConvertSelection, CreatePicture, CreatePixmap, CreateWindow, Destroy, ForgetPicture,
    GetProperty, Grab, Property, SelectXInput, SelectXkb, SelectionOwner, SendEvent, VendorPrivate,
};

/// One row: requests, what of them is looked at, and what happens where it is not as it should be.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) rule: Rule,
    of: Option<Extension>,
    opcodes: &'static [u8],
    pub(super) check: Check,
    pub(super) how: How,
}

/// What must hold for a request to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// It never does.
    Always,
    /// The id at this place belongs to a program of this connection.
    Own(usize),
    /// The same, or is at most this number: None, PointerRoot, CopyFromParent.
    OwnOr(usize, u32),
    /// The same, or is a root window.
    OwnOrRoot(usize),
    /// The picture at this place is of its own, and no window's: that may be covered by others, which it would show. (Of
    /// what GetImage reads from a window, servers themselves leave out what is covered.)
    Source(usize),
    /// Of the values whose mask is at the first place and which begin at the second, those with these bits are ids of
    /// its own, None, or 1 (ParentRelative).
    Values(usize, usize, &'static [u32]),
    /// Something of its own kind.
    Special(Special),
}

/// Checks of their own kind; [`super::judge`] and [`super::selection`] have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    CreateWindow,
    Attributes,
    Destroy,
    CreatePixmap,
    CreatePicture,
    ForgetPicture,
    Property,
    GetProperty,
    SelectionOwner,
    ConvertSelection,
    SendEvent,
    Grab,
    SelectXInput,
    SelectXkb,
    ClearAutoReset,
    VendorPrivate,
}

/// What becomes of a request that does not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// The server answers `BadRequest`: for what has an answer, and for what a person should hear of.
    Error,
    /// It does nothing, silently: programs do these things in passing, and an error would end many of them.
    Nothing,
    /// Its time, which is at this place, is made one that the server refuses (`GrabInvalidTime`).
    InvalidTime(usize),
}

const fn core(rule: Rule, opcodes: &'static [u8], check: Check, how: How) -> Row {
    Row { rule, of: None, opcodes, check, how }
}

const fn of(extension: Extension, rule: Rule, opcodes: &'static [u8], check: Check, how: How) -> Row {
    Row { rule, of: Some(extension), opcodes, check, how }
}

const ROWS: &[Row] = &[
    // Windows.
    core(Rule::Windows, &[1], S(CreateWindow), Error),
    core(Rule::Windows, &[2], S(Attributes), Nothing),
    core(Rule::Windows, &[4, 5, 6, 7, 8, 9, 10, 11, 12, 13], Own(4), Nothing),
    core(Rule::Windows, &[4], S(Destroy), Nothing),
    core(Rule::Windows, &[7], OwnOrRoot(8), Nothing),
    core(Rule::Windows, &[113], Own(4), Nothing),
    // Properties and selections.
    core(Rule::Properties, &[18, 19, 114], S(Property), Nothing),
    core(Rule::Titles, &[20], S(GetProperty), Nothing),
    core(Rule::Desktop, &[22], S(SelectionOwner), Nothing),
    core(Rule::Clipboard, &[24], S(ConvertSelection), Error),
    // Input.
    core(Rule::Input, &[25], S(SendEvent), Nothing),
    core(Rule::Grabs, &[26], S(Grab), InvalidTime(20)),
    core(Rule::Keystrokes, &[28, 33], Own(4), Nothing),
    core(Rule::Grabs, &[31], S(Grab), InvalidTime(8)),
    core(Rule::Desktop, &[36], Always, Nothing),
    core(Rule::Keystrokes, &[39], Own(4), Error),
    core(Rule::Input, &[41], Own(8), Nothing),
    core(Rule::Input, &[42], OwnOr(4, 1), Nothing),
    core(Rule::Keystrokes, &[44], Always, Error),
    // Drawing. FreePixmap and the like: an id is no secret, and the server lets everybody free it.
    core(Rule::Drawing, &[46, 54, 56, 58, 59, 60, 61, 79, 95, 96], Own(4), Nothing),
    core(Rule::Drawing, &[53], S(CreatePixmap), Nothing),
    core(Rule::Screen, &[55], Values(12, 16, &[10, 11, 19]), Error),
    core(Rule::Screen, &[56], Values(8, 12, &[10, 11, 19]), Nothing),
    core(Rule::Screen, &[57], Own(4), Nothing),
    core(Rule::Drawing, &[57], Own(8), Nothing),
    core(Rule::Screen, &[62, 63], Own(4), Nothing),
    core(Rule::Drawing, &[62, 63], Own(8), Nothing),
    core(Rule::Drawing, &[64, 65, 66, 67, 68, 69, 70, 71, 72, 74, 75, 76, 77], Own(4), Nothing),
    core(Rule::Screen, &[73], Own(4), Error),
    core(Rule::Screen, &[93], Own(8), Error),
    core(Rule::Screen, &[93], OwnOr(12, 0), Error),
    // The display as a whole.
    core(Rule::Devices, &[51, 100, 116, 118], Always, Error),
    core(Rule::Devices, &[81, 82], Own(4), Nothing),
    core(Rule::Devices, &[102, 105, 107, 115], Always, Nothing),
    core(Rule::Access, &[109, 111], Always, Error),
    core(Rule::Access, &[112], Always, Nothing),
    // A redirected window begins with a copy of what was on the screen. GTK 2 redirects, and ends where it may not; a window
    // that is not redirected shows itself.
    of(Composite, Rule::Desktop, &[1, 2, 3, 4], Always, Nothing),
    of(Composite, Rule::Screen, &[5], Own(8), Error),
    of(Composite, Rule::Screen, &[6, 7, 8], Always, Error),
    of(Damage, Rule::Screen, &[1], Own(8), Error),
    of(Damage, Rule::Drawing, &[2, 3, 4], Own(4), Nothing),
    of(DoubleBuffer, Rule::Drawing, &[1], Own(4), Error),
    of(Glx, Rule::Screen, &[3, 34], OwnOr(16, 0), Error),
    of(Glx, Rule::Screen, &[5], OwnOr(4, 0), Error),
    of(Glx, Rule::Drawing, &[11], Own(8), Nothing),
    of(Glx, Rule::Screen, &[13, 22, 31], Own(12), Error),
    of(Glx, Rule::Screen, &[16, 17], S(VendorPrivate), Error),
    of(Glx, Rule::Screen, &[24], OwnOr(20, 0), Error),
    of(Glx, Rule::Screen, &[26], OwnOr(8, 0), Error),
    of(Glx, Rule::Screen, &[26], OwnOr(12, 0), Error),
    // ReadPixels: a window on the screen may be covered by others, which it would show.
    of(Glx, Rule::Screen, &[111], Always, Error),
    of(Present, Rule::Drawing, &[1, 2], Own(4), Nothing),
    of(Present, Rule::Screen, &[1], Own(8), Nothing),
    of(Present, Rule::Screen, &[3], Own(8), Nothing),
    of(
        RandR,
        Rule::Devices,
        &[2, 7, 12, 13, 14, 16, 17, 18, 19, 21, 24, 26, 29, 30, 34, 35, 38, 39, 40, 43, 44, 45, 46],
        Always,
        Error,
    ),
    of(Render, Rule::Screen, &[4], Own(8), Error),
    of(Render, Rule::Screen, &[4], Values(16, 20, &[1, 6]), Error),
    of(Render, Rule::Screen, &[4], S(CreatePicture), Nothing),
    of(Render, Rule::Drawing, &[5, 6, 7, 19, 20, 22, 28, 30, 32], Own(4), Nothing),
    of(Render, Rule::Screen, &[5], Values(8, 12, &[1, 6]), Nothing),
    of(Render, Rule::Screen, &[8, 10, 11, 12, 13, 23, 24, 25], Source(8), Nothing),
    of(Render, Rule::Screen, &[8], Source(12), Nothing),
    of(Render, Rule::Drawing, &[8], Own(16), Nothing),
    of(Render, Rule::Drawing, &[10, 11, 12, 13, 23, 24, 25], Own(12), Nothing),
    of(Render, Rule::Screen, &[18], Own(8), Error),
    of(Render, Rule::Drawing, &[26], Own(8), Nothing),
    of(Render, Rule::Screen, &[27], Source(8), Error),
    of(Render, Rule::Screen, &[7, 33, 34, 35, 36], S(ForgetPicture), Nothing),
    of(Shape, Rule::Windows, &[1, 2, 3, 4], Own(8), Nothing),
    of(Shape, Rule::Screen, &[2], OwnOr(16, 0), Nothing),
    of(Shape, Rule::Screen, &[3], Own(16), Nothing),
    of(Sync, Rule::Windows, &[3, 4, 6, 9, 11, 15, 16, 17], Own(4), Nothing),
    of(Sync, Rule::Devices, &[12], Always, Nothing),
    of(XFixes, Rule::Windows, &[1], Own(8), Nothing),
    of(XFixes, Rule::Screen, &[4, 25], Always, Error),
    of(XFixes, Rule::Screen, &[6], Own(8), Error),
    of(XFixes, Rule::Drawing, &[20, 21, 22, 23, 29, 30], Own(4), Nothing),
    of(XFixes, Rule::Drawing, &[26, 27], Always, Nothing),
    of(XFixes, Rule::Input, &[31, 32], Always, Nothing),
    of(XInput, Rule::Devices, &[5, 11, 12, 23, 25, 27, 29, 33, 35, 43], Always, Error),
    of(XInput, Rule::Keystrokes, &[6], Own(4), Error),
    of(XInput, Rule::Keystrokes, &[8], Own(4), Nothing),
    of(XInput, Rule::Keystrokes, &[10, 13, 15, 17, 30], Always, Error),
    of(XInput, Rule::Input, &[21, 49], OwnOr(4, 1), Nothing),
    of(XInput, Rule::Input, &[31], Always, Nothing),
    of(XInput, Rule::Devices, &[37, 38, 44, 57, 58], Always, Nothing),
    of(XInput, Rule::Input, &[41], Own(8), Nothing),
    of(XInput, Rule::Drawing, &[42], Own(4), Nothing),
    of(XInput, Rule::Keystrokes, &[46], S(SelectXInput), Error),
    of(XInput, Rule::Grabs, &[51], S(Grab), InvalidTime(8)),
    of(XInput, Rule::Keystrokes, &[54], Own(8), Error),
    of(Xkb, Rule::Keystrokes, &[1], S(SelectXkb), Error),
    of(Xkb, Rule::Devices, &[5, 7, 14], Always, Nothing),
    of(Xkb, Rule::Devices, &[9, 11, 16, 18, 20, 23, 25], Always, Error),
    of(Xkb, Rule::Devices, &[21], S(ClearAutoReset), Nothing),
];

/// Requests of the core protocol.
const CORE: usize = 128;

/// More than any extension has.
const MINORS: usize = 128;

/// The rows by what they are about, so that a request finds its own at once.
static INDEX: LazyLock<Vec<Vec<&'static Row>>> = LazyLock::new(|| {
    let mut index: Vec<Vec<&'static Row>> = vec![Vec::new(); CORE + COUNT * MINORS];
    for row in ROWS {
        for opcode in row.opcodes {
            if let Some(rows) = index.get_mut(place(row.of, *opcode)) {
                rows.push(row);
            }
        }
    }
    index
});

fn place(of: Option<Extension>, opcode: u8) -> usize {
    of.map_or(0, |extension| CORE + extension as usize * MINORS) + usize::from(opcode)
}

/// The rows about a request of this extension, or of the core protocol.
pub(super) fn rows(of: Option<Extension>, request: &Request<'_>) -> &'static [&'static Row] {
    let opcode = if of.is_some() { request.minor() } else { request.opcode() };
    INDEX.get(place(of, opcode)).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_extension_has_more_requests_than_the_index_holds() {
        for row in ROWS {
            for opcode in row.opcodes {
                assert!(place(row.of, *opcode) < INDEX.len());
                assert!(row.of.is_none_or(|extension| extension.knows(*opcode)), "{row:?}");
            }
        }
    }

    #[test]
    fn every_rule_has_a_row() {
        for rule in Rule::ALL {
            // What is not in the table cannot be: those extensions are not shown.
            assert!(rule == Rule::Extensions || ROWS.iter().any(|row| row.rule == rule), "{rule}");
        }
    }
}

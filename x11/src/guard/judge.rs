//! Judges a request by its rows.

use std::time::Instant;

use super::atom::{Atom, Atoms, CUT_BUFFERS, WM_CLASS};
use super::extension::{Extension, is_shown};
use super::kin::Member;
use super::ledger::Entry;
use super::presence::Presence;
use super::rule::Rule;
use super::table::{Check, How, Row, Special, rows};
use crate::stream::{Greeting, Replacement, Request, Verdict};

/// The first major opcode of extensions.
const EXTENSION: u8 = 128;

const QUERY_EXTENSION: u8 = 98;

/// Bits of an event mask that tell of keys and of the mouse, and those with which a program takes other windows over:
/// keys, buttons, motion, the state of the keys, ResizeRedirect, SubstructureRedirect and OwnerGrabButton.
const LISTENING: u32 = 0x0000_000f | 0x0000_3fc0 | 0x0000_4000;
const PRESSES: u32 = 0x0000_000f;
const REDIRECTION: u32 = 0x0004_0000 | 0x0010_0000 | 0x0100_0000;

/// Bits of a mask of window attributes.
const BACK_PIXMAP: u32 = 1 << 0;
const BACK_PIXEL: u32 = 1 << 1;
const EVENT_MASK: u32 = 1 << 11;

/// The attributes that are pixmaps: of the background and of the border.
const PIXMAPS: [u32; 2] = [0, 2];

/// What a guard knows of its display beforehand.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    /// Which extension each major opcode from 128 on is.
    pub(crate) extensions: [Option<Extension>; 128],
    pub(crate) atoms: Atoms,
    /// The window with which the window manager says its name (EWMH).
    pub(crate) wm_check: u32,
}

/// Judges the requests of one program.
pub(crate) struct Guard<'a> {
    pub(crate) known: &'a Known,
    pub(crate) greeting: &'a Greeting,
    pub(crate) member: &'a Member<'a>,
    pub(crate) presence: &'a Presence,
    pub(crate) entry: &'a Entry<'a>,
}

/// How a row finds a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// As it may be, or made so where nobody misses what is gone.
    Good,
    /// It was made milder, which is counted.
    Milder,
    /// The same, by another rule than the row's.
    MilderBy(Rule),
    /// It is not as it may be.
    Bad,
    /// The same, by another rule than the row's.
    BadBy(Rule),
    /// Another one must take its place, which is counted.
    Answered(Replacement),
    /// Another one must take its place, which is nothing to speak of.
    Replaced(Replacement),
}

use Finding::{Answered, Bad, BadBy, Good, Milder, MilderBy, Replaced};

impl Known {
    /// The major opcode of BIG-REQUESTS.
    pub(crate) fn big_requests(&self) -> Option<u8> {
        self.major(Extension::BigRequests)
    }

    /// The major opcode of an extension.
    pub(super) fn major(&self, extension: Extension) -> Option<u8> {
        (EXTENSION..).zip(self.extensions).find(|(_, other)| *other == Some(extension)).map(|(major, _)| major)
    }
}

impl Guard<'_> {
    /// Judges a request, and alters it where that is the judgement.
    pub(crate) fn judge(&self, request: &mut Request<'_>, now: Instant) -> Verdict {
        let opcode = request.opcode();
        let extension = match opcode.checked_sub(EXTENSION) {
            None => None,
            Some(at) => match self.known.extensions.get(usize::from(at)).copied().flatten() {
                Some(extension) if extension.knows(request.minor()) => Some(extension),
                _ => return self.deny(Rule::Extensions, How::Error, request),
            },
        };
        if opcode == QUERY_EXTENSION {
            self.hide(request);
        }
        for row in rows(extension, request) {
            if self.entry.is_allowed(row.rule) && !row.is_bookkeeping() {
                continue;
            }
            match self.examine(row, request, now) {
                Good => {}
                Milder => self.entry.count(row.rule),
                MilderBy(rule) => self.entry.count(rule),
                Bad => return self.deny(row.rule, row.how, request),
                BadBy(rule) => return self.deny(rule, row.how, request),
                Answered(with) => {
                    self.entry.count(row.rule);
                    return Verdict::Replace(with);
                }
                Replaced(with) => return Verdict::Replace(with),
            }
        }
        Verdict::Pass
    }

    fn deny(&self, rule: Rule, how: How, request: &mut Request<'_>) -> Verdict {
        self.entry.count(rule);
        match how {
            How::Error => request.fail(),
            How::Nothing => request.drop(),
            // Long before any time, or long after it, as the server sees it; CurrentTime is 0.
            How::InvalidTime(at) => request.put_long(at, u32::MAX),
        }
        Verdict::Pass
    }

    /// Lets the server itself say that an extension is not there, by asking it for another.
    fn hide(&self, request: &mut Request<'_>) {
        let length = usize::from(request.short(4).unwrap_or_default());
        let name = request.from(8).get(..length).unwrap_or_default();
        if is_shown(name) {
            return;
        }
        // Not counted: programs ask for all they know, and that is no wish yet.
        request.put_byte(8, b'-');
    }

    fn examine(&self, row: &Row, request: &mut Request<'_>, now: Instant) -> Finding {
        let own = |at| request.long(at).is_some_and(|id| self.member.owns(id));
        let good = match row.check {
            Check::Always => false,
            Check::Own(at) => own(at),
            Check::OwnOr(at, most) => request.long(at).is_some_and(|id| id <= most) || own(at),
            Check::OwnOrRoot(at) => request.long(at).is_some_and(|id| self.is_root(id)) || own(at),
            // A program that reads its own windows so means no harm, most likely.
            Check::Source(at) if request.long(at).is_some_and(|id| self.member.is_window_picture(id)) => {
                return BadBy(Rule::Drawing);
            }
            Check::Source(at) => request.long(at) == Some(0) || own(at),
            Check::Values(mask, values, bits) => self.are_own(request, mask, values, bits),
            Check::Special(special) => return self.examine_special(special, request, now),
        };
        if good { Good } else { Bad }
    }

    fn examine_special(&self, special: Special, request: &mut Request<'_>, now: Instant) -> Finding {
        match special {
            Special::CreateWindow => self.create_window(request),
            Special::Attributes => self.attributes(request),
            Special::Destroy => self.note(request, |id| self.member.no_window(id)),
            Special::CreatePixmap => self.note(request, |id| self.member.no_window(id)),
            Special::CreatePicture => self.create_picture(request),
            Special::ForgetPicture => self.note(request, |id| self.member.no_picture(id)),
            Special::Property => self.property(request),
            Special::GetProperty => self.get_property(request, now),
            Special::SelectionOwner => self.selection_owner(request),
            Special::ConvertSelection => self.convert_selection(request, now),
            Special::SendEvent => self.send_event(request, now),
            Special::Grab => good(self.is_own(request, 4) && self.presence.is_used(now)),
            Special::SelectXInput => self.select_xinput(request),
            Special::SelectXkb => select_xkb(request),
            Special::ClearAutoReset => {
                // Controls that are put back to something else when the program ends.
                let changes = request.long(8).unwrap_or_default();
                request.put_long(8, changes & !(1 << 2));
                Good
            }
            // BindTexImageEXT and CopySubBufferMESA name a drawable; MakeCurrentReadSGI and
            // CreateGLXPixmapWithConfigSGIX have names without letters, which everybody uses.
            Special::VendorPrivate => match request.long(4) {
                Some(1330 | 5154) => good(self.is_own(request, 12)),
                Some(65537 | 65542) | None => Bad,
                Some(_) => Good,
            },
        }
    }

    pub(super) fn is_root(&self, id: u32) -> bool {
        self.greeting.roots.contains(&id)
    }

    pub(super) fn is_own(&self, request: &Request<'_>, at: usize) -> bool {
        request.long(at).is_some_and(|id| self.member.owns(id))
    }

    fn note(&self, request: &Request<'_>, note: impl FnOnce(u32)) -> Finding {
        if let Some(id) = request.long(4) {
            note(id);
        }
        Good
    }

    /// Whether those of a list of values that are ids are of this connection, or none.
    fn are_own(&self, request: &Request<'_>, mask_at: usize, values_at: usize, bits: &[u32]) -> bool {
        let Some(mask) = request.long(mask_at) else { return false };
        bits.iter().filter(|bit| mask & (1 << **bit) != 0).all(|bit| {
            let id = request.long(place(mask, values_at, *bit));
            id.is_some_and(|id| id <= 1 || self.member.owns(id))
        })
    }

    /// A window must lie on the desktop or in an own one: in another's it would hear that one's keys. And it must have a
    /// background: one that has none begins as a picture of what lies below it.
    fn create_window(&self, request: &mut Request<'_>) -> Finding {
        const INPUT_ONLY: u16 = 2;
        let (Some(id), Some(parent), Some(class), Some(mask)) =
            (request.long(4), request.long(8), request.short(22), request.long(28))
        else {
            return Bad;
        };
        if !(self.is_root(parent) || self.member.owns(parent)) || !self.are_own(request, 28, 32, &PIXMAPS) {
            return Bad;
        }
        // A class that is copied from the parent counts as one that can be seen; an InputOnly one, which has none of the
        // attributes, is nearly always said so.
        if class != INPUT_ONLY && !self.member.window(id) {
            return Bad;
        }
        if class == INPUT_ONLY || mask & BACK_PIXEL != 0 {
            return Good;
        }
        if mask & BACK_PIXMAP != 0 {
            fill_background(request, 28, 32);
            return Good;
        }
        with_background(request, mask).map_or(Bad, Replaced)
    }

    /// Of others' windows, a program may hear how they move and change, and change nothing.
    fn attributes(&self, request: &mut Request<'_>) -> Finding {
        let Some(mask) = request.long(8) else { return Bad };
        if self.is_own(request, 4) {
            if !self.are_own(request, 8, 12, &PIXMAPS) {
                return Bad;
            }
            if mask & (BACK_PIXMAP | BACK_PIXEL) == BACK_PIXMAP {
                fill_background(request, 8, 12);
            }
            return Good;
        }
        if mask & !EVENT_MASK != 0 {
            return Bad;
        }
        let events = request.long(12).unwrap_or_default();
        if self.entry.is_allowed(Rule::Keystrokes) {
            return Good;
        }
        request.put_long(12, events & !(LISTENING | REDIRECTION));
        match events {
            _ if events & REDIRECTION != 0 => Milder,
            // Many programs select all that there is and wait for something else.
            _ if events & PRESSES != 0 => MilderBy(Rule::Keystrokes),
            _ => Good,
        }
    }

    fn create_picture(&self, request: &Request<'_>) -> Finding {
        let (Some(picture), Some(drawable)) = (request.long(4), request.long(8)) else { return Bad };
        if self.member.is_window(drawable) {
            return good(self.member.picture(picture));
        }
        self.member.no_picture(picture);
        Good
    }

    /// Properties of others are changed only where they asked for it: to be given what was copied.
    fn property(&self, request: &Request<'_>) -> Finding {
        let Some(window) = request.long(4) else { return Bad };
        if !self.member.owns(window) {
            return good(self.presence.has_asked(window));
        }
        if request.opcode() == 18 && request.long(8) == Some(WM_CLASS) {
            let length = request.long(20).and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
            self.entry.is_called(request.from(24).get(..length).unwrap_or_default());
        }
        Good
    }

    fn get_property(&self, request: &mut Request<'_>, now: Instant) -> Finding {
        let (Some(window), Some(property)) = (request.long(4), request.long(8)) else { return Bad };
        if self.member.owns(window) {
            return Good;
        }
        // Nothing of others is deleted by reading it.
        request.put_byte(1, 0);
        let readable = if self.is_root(window) {
            !CUT_BUFFERS.contains(&property) || self.presence.is_used(now)
        } else {
            self.known.atoms.is_readable(property)
                || self.presence.has_asked(window)
                || (window == self.known.wm_check && self.known.atoms.is(property, Atom::NetWmName))
        };
        if readable {
            return Good;
        }
        request.put_long(8, self.known.atoms.nothing());
        Milder
    }

    /// XISelectEvents: no raw events, which tell of all windows, and of others' windows none of keys and the mouse. How the
    /// mouse moves is told (bit 17): everybody may ask where it is.
    fn select_xinput(&self, request: &mut Request<'_>) -> Finding {
        // Bits 13 to 16 and 22 to 24; then 2 to 8, 18 to 21 and the gestures and barriers behind.
        const RAW: [u8; 4] = [0x00, 0xe0, 0xc1, 0x01];
        const FOREIGN: [u8; 4] = [0xfc, 0xe1, 0xfd, 0xff];
        const KEYS: [u8; 4] = [0x7c, 0xe0, 0xfd, 0x01];
        let own = self.is_own(request, 4);
        let Some(count) = request.short(8).filter(|_| request.is_whole()) else { return Bad };
        let (mut at, mut heard) = (12, false);
        for _ in 0..count {
            let Some(length) = request.short(at + 2) else { return Bad };
            let length = usize::from(length) * 4;
            let Some(mask) = request.from(at + 4).get(..length) else { return Bad };
            let listening = if own { RAW } else { KEYS };
            heard |= mask.iter().zip(listening).any(|(mask, bits)| mask & bits != 0);
            let cleared = if own { RAW } else { FOREIGN };
            request.clear(at + 4, cleared.get(..length.min(4)).unwrap_or_default());
            at += 4 + length;
        }
        if heard { Milder } else { Good }
    }
}

impl Row {
    /// Whether the row, too, notes things that others rely on.
    fn is_bookkeeping(&self) -> bool {
        matches!(
            self.check,
            Check::Special(
                Special::CreateWindow
                    | Special::Destroy
                    | Special::CreatePixmap
                    | Special::CreatePicture
                    | Special::ForgetPicture
                    | Special::Property
            )
        )
    }
}

fn good(good: bool) -> Finding {
    if good { Good } else { Bad }
}

/// Where the value with this bit is in a list of values.
fn place(mask: u32, values_at: usize, bit: u32) -> usize {
    values_at + 4 * (mask & ((1 << bit) - 1)).count_ones() as usize
}

/// A background of None becomes the pixel 0: black, or transparent where there is that.
fn fill_background(request: &mut Request<'_>, mask_at: usize, values_at: usize) {
    if request.long(values_at) == Some(0) {
        let mask = request.long(mask_at).unwrap_or_default();
        request.put_long(mask_at, mask & !BACK_PIXMAP | BACK_PIXEL);
    }
}

/// A CreateWindow that says nothing of a background, with one.
fn with_background(request: &Request<'_>, mask: u32) -> Option<Replacement> {
    let order = request.order();
    let (fixed, values) = (request.from(4).get(..28)?, request.from(32));
    let mut bytes = [0; 128];
    let length = 36 + values.len();
    bytes.get_mut(4..32)?.copy_from_slice(fixed);
    bytes.get_mut(36..length)?.copy_from_slice(values);
    order.put_long(&mut bytes, 28, mask | BACK_PIXEL);
    let [opcode, depth, ..] = &mut bytes;
    (*opcode, *depth) = (request.opcode(), request.minor());
    order.put_short(&mut bytes, 2, u16::try_from(length / 4).ok()?);
    Replacement::new(bytes.get(..length)?)
}

/// XkbSelectEvents: AccessXNotify and ActionMessage tell which keys are pressed in other windows.
fn select_xkb(request: &mut Request<'_>) -> Finding {
    const TELLING: u16 = 0x0600;
    let (Some(which), Some(clear), Some(all)) = (request.short(6), request.short(8), request.short(10)) else {
        return Bad;
    };
    let wanted = which & TELLING & !clear;
    if wanted == 0 {
        return Good;
    }
    // What is in neither list has details of its own further on, which cannot be taken out.
    if wanted & !all != 0 {
        return Bad;
    }
    let mut lists = [0; 4];
    request.order().put_short(&mut lists, 0, clear | wanted);
    request.order().put_short(&mut lists, 2, all & !wanted);
    for (at, byte) in (8..).zip(lists) {
        request.put_byte(at, byte);
    }
    Milder
}

#[cfg(test)]
mod tests;

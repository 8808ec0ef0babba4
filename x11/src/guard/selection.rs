//! Judges what programs tell and give each other: selections, and events that they send.

use std::time::Instant;

use super::atom::{Atom, PRIMARY, SECONDARY};
use super::judge::{Finding, Guard};
use super::rule::Rule;
use crate::stream::{Replacement, Request};

use Finding::{Answered, Bad, BadBy, Good};

/// Events, by their codes.
const KEY_PRESS: u8 = 2;
const MOTION_NOTIFY: u8 = 6;
const UNMAP_NOTIFY: u8 = 18;
const CONFIGURE_REQUEST: u8 = 23;
const SELECTION_REQUEST: u8 = 30;
const SELECTION_NOTIFY: u8 = 31;
const CLIENT_MESSAGE: u8 = 33;

const SEND_EVENT: u8 = 25;

impl Guard<'_> {
    fn is_selection(&self, atom: u32) -> bool {
        atom == PRIMARY || atom == SECONDARY || self.known.atoms.is(atom, Atom::Clipboard)
    }

    /// A program may have something selected or copied; all other selections are roles on the desktop.
    pub(super) fn selection_owner(&self, request: &Request<'_>) -> Finding {
        let selection = request.long(8).unwrap_or_default();
        let good = self.is_selection(selection) || self.known.atoms.is(selection, Atom::XdndSelection);
        if good { Good } else { Bad }
    }

    /// What was copied is given to a program whose user is there to have asked for it. Others get the answer that its owner
    /// gives who will not.
    pub(super) fn convert_selection(&self, request: &Request<'_>, now: Instant) -> Finding {
        let Some(selection) = request.long(8) else { return Bad };
        let good = if self.is_selection(selection) {
            self.presence.is_used(now)
        } else if self.known.atoms.is(selection, Atom::XdndSelection) {
            self.presence.is_used(now) || self.presence.is_dropped_on(now)
        } else {
            // Those of the desktop's parts: the settings, input methods, a clipboard manager that is to keep something.
            true
        };
        if good { Good } else { refusal(request).map_or(Bad, Answered) }
    }

    /// What a program sends to windows of others must not be taken for the user's keys, and must ask for nothing but what
    /// concerns its own windows.
    pub(super) fn send_event(&self, request: &mut Request<'_>, now: Instant) -> Finding {
        let (Some(window), Some(kind)) = (request.long(4), request.byte(12)) else { return Bad };
        let kind = kind & 0x7f;
        let is_input = (KEY_PRESS..=MOTION_NOTIFY).contains(&kind);
        let own = self.member.owns(window);
        let good = match kind {
            // Its owner would give the requestor what is selected, as it does to those whom the display asks for.
            SELECTION_REQUEST if !own => return BadBy(Rule::Clipboard),
            CLIENT_MESSAGE => self.message(request, window, own, now),
            _ if own => {
                if is_input {
                    // Else it would go up to windows of others.
                    request.put_byte(1, 0);
                }
                true
            }
            SELECTION_NOTIFY => true,
            // How a program withdraws or moves its own window (ICCCM 4.1.4, 4.1.5).
            UNMAP_NOTIFY | CONFIGURE_REQUEST => self.is_root(window) && self.is_own(request, 20),
            _ => false,
        };
        match good {
            true => Good,
            false if is_input => Bad,
            false => BadBy(Rule::Windows),
        }
    }

    fn message(&self, request: &Request<'_>, to: u32, own: bool, now: Instant) -> bool {
        let atoms = &self.known.atoms;
        let message = request.long(20).unwrap_or_default();
        // The words of a drag entitle who hears them, so they are said by a user only.
        if [Atom::XdndEnter, Atom::XdndPosition, Atom::XdndDrop].iter().any(|atom| atoms.is(message, *atom)) {
            return self.presence.is_used(now);
        }
        if own || atoms.is_harmless(message) {
            return true;
        }
        let ping = atoms.is(message, Atom::WmProtocols)
            && request.long(24).is_some_and(|protocol| atoms.is(protocol, Atom::NetWmPing));
        self.is_root(to) && (ping || self.is_own(request, 16))
    }
}

/// A SendEvent in place of a ConvertSelection: SelectionNotify with no property, to the window that asks.
fn refusal(request: &Request<'_>) -> Option<Replacement> {
    const LENGTH: u16 = 44;
    let order = request.order();
    let (requestor, selection, target, time) =
        (request.long(4)?, request.long(8)?, request.long(12)?, request.long(20)?);
    let mut bytes = [0; LENGTH as usize];
    let [opcode, ..] = &mut bytes;
    *opcode = SEND_EVENT;
    order.put_short(&mut bytes, 2, LENGTH / 4);
    order.put_long(&mut bytes, 4, requestor);
    if let Some(kind) = bytes.get_mut(12) {
        *kind = SELECTION_NOTIFY;
    }
    for (at, number) in (16..).step_by(4).zip([time, requestor, selection, target, 0]) {
        order.put_long(&mut bytes, at, number);
    }
    Replacement::new(&bytes)
}

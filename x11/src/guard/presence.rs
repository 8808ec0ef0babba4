//! Whether somebody is at a program's windows: what the server tells a program of its user.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::atom::Atom;
use super::extension::Extension;
use super::judge::Known;
use crate::setup::ByteOrder;

/// For how long a key, a click or a drop in one of its windows entitles a program. A menu that opens, a paste over a slow
/// line: those take seconds.
pub(crate) const ENTITLED: Duration = Duration::from_secs(10);

/// For how long a button that went down is taken to be held. Its release may go to somebody else.
const HELD: Duration = Duration::from_secs(60);

/// From how many windows a program may be asked for its selection at once.
const REQUESTORS: usize = 64;

/// Events, by their codes.
const KEY_PRESS: u8 = 2;
const BUTTON_PRESS: u8 = 4;
const BUTTON_RELEASE: u8 = 5;
const SELECTION_REQUEST: u8 = 30;
const CLIENT_MESSAGE: u8 = 33;
const GENERIC: u8 = 35;

/// Events of XInput 2.
const XI_KEY_PRESS: u16 = 2;
const XI_BUTTON_PRESS: u16 = 4;
const XI_BUTTON_RELEASE: u16 = 5;
const XI_TOUCH_BEGIN: u16 = 18;
const XI_TOUCH_END: u16 = 20;

/// What a program's events tell of its user.
#[derive(Debug, Default)]
pub(crate) struct Presence(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// The last key or button.
    input: Option<Instant>,
    /// A button is held, as in a drag.
    held: bool,
    /// The last word of a drag that came over one of the program's windows.
    drag: Option<Instant>,
    /// Windows of others that asked for what the program has selected, the newest last.
    requestors: Vec<u32>,
}

impl Presence {
    /// Learns from an event, of which `event` has the first 32 bytes.
    pub(crate) fn see(&self, order: ByteOrder, event: &[u8], known: &Known, now: Instant) {
        let Some(&[kind, detail, ..]) = event.first_chunk::<2>() else { return };
        match kind {
            // Without the bit that says that another client made it up.
            KEY_PRESS | BUTTON_PRESS => self.touched(now, kind == BUTTON_PRESS),
            BUTTON_RELEASE => self.touched(now, false),
            GENERIC if known.major(Extension::XInput) == Some(detail) => match order.short(event, 8) {
                Some(XI_KEY_PRESS) => self.touched(now, false),
                Some(XI_BUTTON_PRESS | XI_TOUCH_BEGIN) => self.touched(now, true),
                Some(XI_BUTTON_RELEASE | XI_TOUCH_END) => self.touched(now, false),
                _ => {}
            },
            SELECTION_REQUEST => self.asked(order.long(event, 12).unwrap_or_default()),
            // A message always comes from a client.
            _ if kind & 0x7f == CLIENT_MESSAGE => {
                let message = order.long(event, 8).unwrap_or_default();
                if [Atom::XdndEnter, Atom::XdndPosition, Atom::XdndDrop]
                    .iter()
                    .any(|atom| known.atoms.is(message, *atom))
                {
                    self.lock().drag = Some(now);
                }
            }
            _ => {}
        }
    }

    fn touched(&self, now: Instant, held: bool) {
        let mut seen = self.lock();
        seen.input = Some(now);
        seen.held = held;
    }

    fn asked(&self, window: u32) {
        let mut seen = self.lock();
        seen.requestors.retain(|other| *other != window);
        if seen.requestors.len() == REQUESTORS {
            let _ = seen.requestors.remove(0);
        }
        seen.requestors.push(window);
    }

    /// Whether the user has just used a window of the program, or is dragging from it.
    pub(crate) fn is_used(&self, now: Instant) -> bool {
        let seen = self.lock();
        is_within(seen.input, now, if seen.held { HELD } else { ENTITLED })
    }

    /// Whether something has just been dropped on a window of the program, or is held over it.
    pub(crate) fn is_dropped_on(&self, now: Instant) -> bool {
        is_within(self.lock().drag, now, ENTITLED)
    }

    /// Whether this window has asked for what the program has selected.
    pub(crate) fn has_asked(&self, window: u32) -> bool {
        self.lock().requestors.contains(&window)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_within(moment: Option<Instant>, now: Instant, limit: Duration) -> bool {
    moment.is_some_and(|moment| now.saturating_duration_since(moment) < limit)
}

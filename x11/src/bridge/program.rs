//! One program that was let in: what is known of it, and what its requests and the display's answers are held against.

use std::sync::OnceLock;
use std::time::Instant;

use crate::guard::{Entry, Guard, Kin, Known, Ledger, Member, Presence, is_local, is_shown};
use crate::setup::ByteOrder;
use crate::stream::{Answer, Greeting, Request, Requests, Verdict, Wanted};

const QUERY_EXTENSION: u8 = 98;
const LIST_EXTENSIONS: u8 = 99;

/// A program that was let in.
#[derive(Debug)]
pub(super) struct Program<'a> {
    order: ByteOrder,
    guarded: Option<Guarded<'a>>,
    wanted: Wanted,
}

/// What is known of a program that is guarded.
#[derive(Debug)]
struct Guarded<'a> {
    known: Known,
    presence: Presence,
    entry: Entry<'a>,
    kin: &'a Kin,
    greeted: OnceLock<(Greeting, Member<'a>)>,
}

impl<'a> Program<'a> {
    /// A program that may do what the display lets it.
    pub(super) fn free(order: ByteOrder) -> Self {
        Self { order, guarded: None, wanted: Wanted::default() }
    }

    /// A program that is guarded.
    pub(super) fn guarded(order: ByteOrder, known: Known, kin: &'a Kin, ledger: &'a Ledger) -> Self {
        let (presence, entry, greeted) = (Presence::default(), ledger.open(), OnceLock::new());
        Self { order, guarded: Some(Guarded { known, presence, entry, kin, greeted }), wanted: Wanted::default() }
    }

    pub(super) fn order(&self) -> ByteOrder {
        self.order
    }

    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The display has let it in.
    pub(super) fn greet(&self, greeting: Greeting) {
        if let Some(guarded) = &self.guarded {
            let member = guarded.kin.join(greeting.base, greeting.mask);
            let _ = guarded.greeted.set((greeting, member));
        }
    }

    /// Its ids are nobody's any more. Before the connection ends: then they may be another's.
    pub(super) fn leave(&self) {
        if let Some((_, member)) = self.guarded.as_ref().and_then(|guarded| guarded.greeted.get()) {
            member.leave();
        }
    }

    /// The stream of its requests, from the first.
    pub(super) fn requests(&self) -> Requests {
        let requests = Requests::new(self.order);
        match &self.guarded {
            Some(guarded) => match guarded.known.big_requests() {
                Some(major) => requests.with_big_requests(major),
                None => requests,
            },
            // What is not judged need not be read as the display reads it.
            None => requests.with_long(),
        }
    }

    /// Judges a request, and alters it where that is the judgement.
    pub(super) fn judge(&self, request: &mut Request<'_>, now: Instant) -> Verdict {
        match request.opcode() {
            // Too many at once, and the display's answer would show what is hidden.
            LIST_EXTENSIONS if !self.wanted.want(request.number) => request.fail(),
            QUERY_EXTENSION => {
                let length = usize::from(request.short(4).unwrap_or_default());
                if request.from(8).get(..length).is_some_and(is_local) {
                    request.put_byte(8, b'-');
                }
            }
            _ => {}
        }
        let Some(guarded) = &self.guarded else { return Verdict::Pass };
        let Some((greeting, member)) = guarded.greeted.get() else {
            // Requests are not read before the display's greeting.
            request.fail();
            return Verdict::Pass;
        };
        let Guarded { known, presence, entry, .. } = guarded;
        Guard { known, greeting, member, presence, entry }.judge(request, now)
    }

    /// Sees an answer of the display.
    pub(super) fn see(&self, answer: Answer<'_>, now: Instant) {
        match answer {
            Answer::Reply(reply) => self.hide(reply),
            Answer::Event(event) => {
                if let Some(Guarded { known, presence, .. }) = &self.guarded {
                    presence.see(self.order, event, known, now);
                }
            }
        }
    }

    /// Takes the names of extensions that are not shown out of a reply to ListExtensions.
    fn hide(&self, reply: &mut [u8]) {
        let guarded = self.guarded.is_some();
        let Some((head, names)) = reply.split_first_chunk_mut::<32>() else { return };
        let [_, count, ..] = head;
        let (mut from, mut to, mut kept) = (0, 0, 0);
        for _ in 0..*count {
            let Some(length) = names.get(from).map(|length| usize::from(*length) + 1) else { break };
            let Some(name) = names.get(from + 1..from + length) else { break };
            if !is_local(name) && (!guarded || is_shown(name)) {
                names.copy_within(from..from + length, to);
                (to, kept) = (to + length, kept + 1);
            }
            from += length;
        }
        *count = kept;
        names.get_mut(to..).unwrap_or_default().fill(0);
    }
}

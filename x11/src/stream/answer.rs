//! The server's replies, events and errors ("Reply Format", "Error Format", "Event Format").

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::Error;
use crate::setup::ByteOrder;

/// What every answer has at least.
const HEAD: usize = 32;

/// A `GenericEvent`, which may be longer than other events.
const GENERIC: u8 = 35;

/// The replies that are wanted as a whole, by the sequence numbers of their requests.
#[derive(Debug, Default)]
pub(crate) struct Wanted(Mutex<VecDeque<u64>>);

/// How many replies can be wanted at once. A program asks once.
const WANTED: usize = 16;

/// An answer of the server.
#[derive(Debug)]
pub(crate) enum Answer<'a> {
    /// A wanted reply, as a whole.
    Reply(&'a mut [u8]),
    /// An event: its first 32 bytes.
    Event(&'a [u8]),
}

/// Where a server's stream of answers is.
#[derive(Debug)]
pub(crate) struct Answers {
    order: ByteOrder,
    /// Bytes of the answer before that are still to come.
    body: u64,
}

impl Wanted {
    /// Wants the reply to a request; false where too many are wanted already.
    pub(crate) fn want(&self, number: u64) -> bool {
        let mut wanted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = wanted.len() < WANTED;
        if room {
            wanted.push_back(number);
        }
        room
    }

    /// Whether the answer with this sequence number is to the request whose reply is wanted next. Only the low half of a
    /// number is told, so a client that has 65,536 requests under way can deceive itself here, and nobody else.
    fn is_next(&self, number: u16) -> bool {
        let wanted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.front().is_some_and(|next| next & 0xffff == u64::from(number))
    }

    fn done(&self) {
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    }
}

impl Answers {
    pub(crate) fn new(order: ByteOrder) -> Self {
        Self { order, body: 0 }
    }

    /// Follows `bytes`, of which at most `room` can be there at once, and says how many of them can go on: when none can,
    /// more must come first.
    ///
    /// # Errors
    /// [`Error::TooLong`] for a wanted reply that is longer than `room`.
    pub(crate) fn advance(
        &mut self,
        bytes: &mut [u8],
        room: usize,
        wanted: &Wanted,
        mut see: impl FnMut(Answer<'_>),
    ) -> Result<usize, Error> {
        let mut at = 0;
        loop {
            let rest = bytes.get_mut(at..).unwrap_or_default();
            let body = usize::try_from(self.body).unwrap_or(usize::MAX).min(rest.len());
            self.body -= body as u64;
            at += body;
            let rest = rest.get_mut(body..).unwrap_or_default();
            let Some(head) = rest.first_chunk::<HEAD>() else { return Ok(at) };
            let [kind, ..] = *head;
            let extra = match kind & 0x7f {
                1 | GENERIC => u64::from(self.order.long(head, 4).unwrap_or_default()) * 4,
                _ => 0,
            };
            let mut passed = HEAD;
            if kind <= 1 && wanted.is_next(self.order.short(head, 2).unwrap_or_default()) {
                if kind == 1 {
                    let whole = usize::try_from(extra).ok().and_then(|extra| extra.checked_add(HEAD));
                    let Some(whole) = whole.filter(|whole| *whole <= room) else {
                        // What was seen goes on before the stream ends.
                        return if at > 0 { Ok(at) } else { Err(Error::TooLong) };
                    };
                    let Some(reply) = rest.get_mut(..whole) else { return Ok(at) };
                    see(Answer::Reply(reply));
                    passed = whole;
                }
                wanted.done();
            } else if kind > 1 {
                see(Answer::Event(head));
            }
            at += passed;
            self.body = extra - (passed - HEAD) as u64;
        }
    }
}

#[cfg(test)]
mod tests;

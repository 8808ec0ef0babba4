//! Who hears what a connection says by itself, long after it was opened.
//!
//! Several sessions share a connection, and the one that opened it may be the first to go. What concerns them all is
//! told to each that is still there.

use std::collections::HashSet;
use std::mem::Discriminant;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Event, Events};

/// Who hears what a connection says by itself.
#[derive(Debug)]
pub(super) struct Audience(Mutex<Vec<Listener>>);

#[derive(Debug)]
struct Listener {
    events: Events,
    /// It asked for X11 forwarding.
    x11: bool,
    /// The kinds of X11 failures that it was told of.
    x11_failures: HashSet<Discriminant<x11::bridge::Error>>,
}

impl Audience {
    /// Begins with whoever opens the connection.
    pub(super) fn new(events: Events) -> Self {
        Self(Mutex::new(vec![Listener::new(events)]))
    }

    /// Adds who has opened a session, with X11 forwarding or without; the same one is not added twice.
    pub(super) fn join(&self, events: &Events, x11: bool) {
        let mut listeners = self.living();
        match listeners.iter_mut().find(|listener| listener.events.same_channel(events)) {
            Some(listener) => listener.x11 |= x11,
            None => listeners.push(Listener { x11, ..Listener::new(events.clone()) }),
        }
    }

    /// Tells everyone something without waiting: who does not keep up misses a banner or a notice, never a question.
    pub(super) fn tell(&self, event: &Event) {
        for listener in self.living().iter() {
            listener.tell(event.clone());
        }
    }

    /// Tells who asked for X11 forwarding why a program did not get through, once for each kind of reason: a server may
    /// open channels by the thousand.
    pub(super) fn x11_failed(&self, error: &x11::bridge::Error) {
        // A program that goes away by itself, as one does that was interrupted, lacks nothing.
        if matches!(error, x11::bridge::Error::Ended) {
            return;
        }
        let kind = std::mem::discriminant(error);
        for listener in self.living().iter_mut().filter(|listener| listener.x11) {
            if listener.x11_failures.insert(kind) {
                listener.tell(Event::Notice(format!("X11 forwarding: {error}.")));
            }
        }
    }

    /// Who is still there. The list is whole even if a thread panicked beside it.
    fn living(&self) -> MutexGuard<'_, Vec<Listener>> {
        let mut listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| !listener.events.is_closed());
        listeners
    }
}

impl Listener {
    fn new(events: Events) -> Self {
        Self { events, x11: false, x11_failures: HashSet::new() }
    }

    fn tell(&self, event: Event) {
        let _ = self.events.try_send(event);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    fn notice(text: &str) -> Event {
        Event::Notice(text.to_owned())
    }

    fn heard(events: &mut mpsc::Receiver<Event>) -> Vec<String> {
        std::iter::from_fn(|| events.try_recv().ok())
            .map(|event| match event {
                Event::Notice(text) => text,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn who_is_still_there_is_told_and_nobody_is_waited_for() {
        let (first, gone) = mpsc::channel(1);
        let (second, mut here) = mpsc::channel(1);
        let audience = Audience::new(first);
        audience.join(&second, false);
        audience.join(&second, false);
        drop(gone);
        audience.tell(&notice("one"));
        // The queue is full: this one is lost, and nothing hangs.
        audience.tell(&notice("two"));
        assert_eq!(heard(&mut here), ["one"]);
        drop(here);
        audience.tell(&notice("nobody hears it"));
    }

    #[test]
    fn x11_failures_reach_each_who_asked_for_x11_once() {
        let (first, mut opener) = mpsc::channel(9);
        let (second, mut later) = mpsc::channel(9);
        let audience = Audience::new(first.clone());
        audience.x11_failed(&x11::bridge::Error::TooMany(1));
        assert!(heard(&mut opener).is_empty(), "it did not ask for X11");
        audience.join(&first, true);
        audience.x11_failed(&x11::bridge::Error::TooMany(1));
        audience.join(&second, true);
        for _ in 0..3 {
            audience.x11_failed(&x11::bridge::Error::TooMany(1));
            audience.x11_failed(&x11::bridge::Error::Ended);
        }
        assert_eq!((heard(&mut opener).len(), heard(&mut later).len()), (1, 1));
    }
}

//! From output to a redraw.

use std::sync::Arc;

use futures::stream;
use iced::Task;
use iced_runtime::{Action, task, window};
use term::terminal::Event;

use super::shown;
use crate::allocator;

/// Redraws whenever `terminal` has something new to show, and yields what the remote program asked of the window, if
/// it asked for anything. Runs until it is aborted: keep the handle of [`Task::abortable`] with the tab.
///
/// A redraw is no message, so nothing is updated and no view rebuilt. Many chunks of output are one wake-up, and a
/// terminal that no widget shows causes none. Where `matters` says that what changed is more than a picture, no event
/// at all is yielded, so that the window looks at it.
pub fn wakes(
    terminal: Arc<term::Terminal>,
    matters: impl Fn(&term::Terminal) -> bool + Send + 'static,
) -> Task<Vec<Event>> {
    Task::stream(stream::unfold((terminal, matters), |(terminal, matters)| async move {
        terminal.changed().await;
        allocator::note(1);
        let (events, redraw) = (terminal.take_events(), shown::contains(&terminal));
        let matters_now = matters(&terminal);
        Some((Wake { events, redraw, matters: matters_now }, (terminal, matters)))
    }))
    .then(|wake| {
        let redraw = if wake.redraw { task::effect(Action::Window(window::Action::RedrawAll)) } else { Task::none() };
        if wake.events.is_empty() && !wake.matters { redraw } else { redraw.chain(Task::done(wake.events)) }
    })
}

struct Wake {
    events: Vec<Event>,
    redraw: bool,
    matters: bool,
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, Stream, StreamExt};

    use super::super::shown::Shown;
    use super::super::stories::terminal;
    use super::*;

    /// What is there to take now. A task gives way to others once before each stream, so one look is not enough.
    fn next(wakes: &mut (impl Stream<Item = Action<Vec<Event>>> + Unpin)) -> Option<Action<Vec<Event>>> {
        (0..4).find_map(|_| wakes.next().now_or_never().flatten())
    }

    #[test]
    fn many_chunks_of_output_are_few_redraws_and_no_message() {
        let terminal = terminal("");
        let _shown = Shown::new(&terminal);
        let mut wakes = task::into_stream(wakes(terminal.clone(), |_| false)).expect("a stream");
        let mut next = || next(&mut wakes);
        // Making the terminal was a change too.
        assert!(matches!(next(), Some(Action::Window(window::Action::RedrawAll))));
        assert!(next().is_none());
        for _ in 0..100 {
            let _ = terminal.advance(b"chunk\r\n");
        }
        // One for the waiter and one for what came after it was woken, however much that was.
        let wakes: Vec<_> = std::iter::from_fn(next).collect();
        assert!((1..=2).contains(&wakes.len()), "{}", wakes.len());
        assert!(wakes.iter().all(|wake| matches!(wake, Action::Window(window::Action::RedrawAll))));
    }

    #[test]
    fn what_the_program_asks_is_a_message_also_while_nothing_is_shown() {
        let terminal = terminal("");
        let mut wakes = task::into_stream(wakes(terminal.clone(), |_| false)).expect("a stream");
        let mut next = || next(&mut wakes);
        assert!(next().is_none(), "nobody looks at it");
        let _ = terminal.advance(b"\x07");
        assert!(matches!(next(), Some(Action::Output(events)) if events == [Event::Bell]));
        assert!(next().is_none());
    }

    #[test]
    fn a_change_that_matters_is_a_message_without_an_event() {
        let terminal = terminal("");
        let asks = |terminal: &term::Terminal| terminal.cursor_line().ends_with("Password: ");
        let mut wakes = task::into_stream(wakes(terminal.clone(), asks)).expect("a stream");
        let mut next = || next(&mut wakes);
        assert!(next().is_none());
        let _ = terminal.advance(b"Password: ");
        assert!(matches!(next(), Some(Action::Output(events)) if events.is_empty()));
        assert!(next().is_none());
    }
}

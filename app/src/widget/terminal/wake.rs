//! From output to a redraw.

use std::sync::Arc;

use futures::stream;
use iced::Task;
use iced_runtime::{Action, task, window};
use term::terminal::Event;

use super::shown;

/// Redraws whenever `terminal` has something new to show, and yields what the remote program asked of the window, if
/// it asked for anything. Runs until it is aborted: keep the handle of [`Task::abortable`] with the tab.
///
/// A redraw is no message, so nothing is updated and no view rebuilt. Many chunks of output are one wake-up, and a
/// terminal that no widget shows causes none.
pub fn wakes(terminal: Arc<term::Terminal>) -> Task<Vec<Event>> {
    Task::stream(stream::unfold(terminal, |terminal| async move {
        terminal.changed().await;
        let wake = Wake { events: terminal.take_events(), redraw: shown::contains(&terminal) };
        Some((wake, terminal))
    }))
    .then(|wake| {
        let redraw = if wake.redraw { task::effect(Action::Window(window::Action::RedrawAll)) } else { Task::none() };
        if wake.events.is_empty() { redraw } else { redraw.chain(Task::done(wake.events)) }
    })
}

struct Wake {
    events: Vec<Event>,
    redraw: bool,
}

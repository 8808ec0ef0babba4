//! What is said of a link or a command's mark while the pointer rests on it.

use std::time::Duration;

use iced::widget::{Column, column, container, float, row, text};
use iced::{Element, Length, Rectangle, Vector};
use term::terminal::Outcome;

use super::Message;
use crate::link::{self, Shown, Verdict};
use crate::theme::space;
use crate::widget::terminal::Hover;
use crate::widget::terminal::hover::Target;
use crate::widget::{card, label};

/// Wider than this a label breaks its lines, in logical pixels.
const WIDTH: f32 = 480.0;

/// What opens a link.
const OPENS: &str = if cfg!(target_os = "macos") { "Command+click" } else { "Ctrl+click" };

/// The label, below what it is about or above it where there is no room.
pub(super) fn view(hover: &Hover) -> Element<'_, Message> {
    let content = match &hover.target {
        Target::Link(link) => address(&link.address),
        Target::Command(outcome) => column![label::body(told(*outcome)), label::hint("Click to select the output")],
    };
    let card = container(content.spacing(space::XS)).padding([space::XS, space::S]).max_width(WIDTH);
    let place = hover.place;
    let card = float(card.style(card::floating)).translate(move |bounds, window| shift(place, bounds, window));
    container(card).width(Length::Fill).height(Length::Fill).into()
}

fn address<'a>(address: &str) -> Column<'a, Message> {
    let Shown { before, host, after } = link::shown(address);
    let part = |text: String| label::muted(text).wrapping(text::Wrapping::Glyph);
    let host = label::strong(host).wrapping(text::Wrapping::Glyph);
    let what = match link::judge(address) {
        Verdict::Open(_) => format!("{OPENS} to open"),
        Verdict::Connect(_) => format!("{OPENS} to fill the quick-connect field; nothing connects by itself"),
        Verdict::Refused(refusal) => format!("Not opened: {refusal}"),
    };
    column![row![part(before), host, part(after)].wrap(), label::hint(what)]
}

/// How a command ended.
fn told(outcome: Outcome) -> String {
    match outcome {
        Outcome::Prompt => "No command was run here".to_owned(),
        Outcome::Running => "Running".to_owned(),
        Outcome::Ended { status: Some(0), duration } => format!("Succeeded after {}", time(duration)),
        Outcome::Ended { status: Some(status), duration } => format!("Exit status {status} after {}", time(duration)),
        Outcome::Ended { status: None, duration } => format!("Ended after {}", time(duration)),
    }
}

/// A time as one says it.
pub(super) fn time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..10 => format!("{:.1} s", duration.as_secs_f32()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// From where the label was laid out to where it belongs, inside of the window.
fn shift(place: Rectangle, bounds: Rectangle, window: Rectangle) -> Vector {
    let below = place.y + place.height + space::XS;
    let above = place.y - bounds.height - space::XS;
    let fits = below + bounds.height <= window.y + window.height;
    let y = if fits { below } else { above.max(window.y) };
    let x = place.x.min(window.x + window.width - bounds.width - space::XS).max(window.x + space::XS);
    Vector::new(x - bounds.x, y - bounds.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_one_says_them() {
        let table =
            [(40, "40 ms"), (2_340, "2.3 s"), (59_000, "59 s"), (61_000, "1 min 1 s"), (7_260_000, "2 h 1 min")];
        for (milliseconds, expected) in table {
            assert_eq!(time(Duration::from_millis(milliseconds)), expected);
        }
    }

    #[test]
    fn an_exit_status_is_said_in_words() {
        let ended = |status| told(Outcome::Ended { status, duration: Duration::from_secs(3) });
        assert_eq!(ended(Some(0)), "Succeeded after 3.0 s");
        assert_eq!(ended(Some(127)), "Exit status 127 after 3.0 s");
        assert_eq!(ended(None), "Ended after 3.0 s");
    }

    #[test]
    fn the_label_hides_nothing_of_what_it_is_about_and_stays_in_the_window() {
        let window = Rectangle { x: 0.0, y: 0.0, width: 480.0, height: 360.0 };
        let bounds = Rectangle { x: 0.0, y: 44.0, width: 300.0, height: 50.0 };
        for (x, y) in [(8.0, 52.0), (470.0, 52.0), (8.0, 340.0), (470.0, 340.0)] {
            let place = Rectangle { x, y, width: 8.0, height: 18.0 };
            let at = bounds + shift(place, bounds, window);
            assert!(at.x >= 0.0 && at.x + at.width <= window.width && at.y >= 0.0 && at.y + at.height <= window.height);
            assert!(at.y >= place.y + place.height || at.y + at.height <= place.y, "{at:?}");
        }
    }
}

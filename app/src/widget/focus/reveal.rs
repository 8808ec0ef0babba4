//! Brings what has the keyboard into sight, where it lies in something that scrolls.

use iced::advanced::widget::operation::{Operation, focusable, scrollable};
use iced::widget::Id;
use iced::widget::scrollable::AbsoluteOffset;
use iced::{Rectangle, Vector};

use crate::theme::space;

/// Scrolls everything around what has the keyboard as far as is needed; `operate` runs an operation on the widgets.
pub(super) fn reveal(mut operate: impl FnMut(&mut dyn Operation)) {
    let mut seek = Seek::default();
    operate(&mut seek);
    if let Some((bounds, around)) = seek.found {
        operate(&mut Scroll { bounds, around, seen: 0 });
    }
}

/// Looks for what has the keyboard.
#[derive(Default)]
struct Seek {
    /// How many things that scroll were met.
    seen: usize,
    /// The one whose content comes next.
    entered: Option<usize>,
    /// Those around what comes next.
    around: Vec<usize>,
    /// Where what has the keyboard lies in its content, and what scrolls around it.
    found: Option<(Rectangle, Vec<usize>)>,
}

impl Operation for Seek {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        let depth = self.around.len();
        self.around.extend(self.entered.take());
        operate(self);
        self.around.truncate(depth);
    }

    fn scrollable(
        &mut self,
        _id: Option<&Id>,
        _bounds: Rectangle,
        _content: Rectangle,
        _translation: Vector,
        _state: &mut dyn scrollable::Scrollable,
    ) {
        self.entered = Some(self.seen);
        self.seen += 1;
    }

    fn focusable(&mut self, _id: Option<&Id>, bounds: Rectangle, state: &mut dyn focusable::Focusable) {
        if state.is_focused() {
            self.found = Some((bounds, self.around.clone()));
        }
    }
}

/// Scrolls what was met around it.
struct Scroll {
    bounds: Rectangle,
    around: Vec<usize>,
    seen: usize,
}

impl Operation for Scroll {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn scrollable(
        &mut self,
        _id: Option<&Id>,
        bounds: Rectangle,
        content: Rectangle,
        translation: Vector,
        state: &mut dyn scrollable::Scrollable,
    ) {
        if self.around.contains(&self.seen) {
            let shown = bounds + translation;
            let x = distance(self.bounds.x, self.bounds.width, shown.x, shown.width);
            let y = distance(self.bounds.y, self.bounds.height, shown.y, shown.height);
            if x != 0.0 || y != 0.0 {
                state.scroll_by(AbsoluteOffset { x, y }, bounds, content);
            }
        }
        self.seen += 1;
    }
}

/// How far to scroll so that what begins at `start` is shown, with a little around it; its beginning before its end.
fn distance(start: f32, length: f32, shown: f32, room: f32) -> f32 {
    let (before, after) = (start - space::S - shown, start + length + space::S - shown - room);
    if before < 0.0 { before } else { after.clamp(0.0, before) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_scrolls_no_further_than_is_needed() {
        for (start, length, expected) in [
            (100.0, 20.0, 0.0),
            (5.0, 20.0, -15.0 - space::S),
            (290.0, 20.0, 10.0 + space::S),
            // Higher than the room: its beginning is what is shown.
            (120.0, 900.0, 100.0 - space::S),
        ] {
            let told = distance(start, length, 20.0, 280.0);
            assert!((told - expected).abs() < 0.01, "{start} {length}: {told} {expected}");
        }
    }
}

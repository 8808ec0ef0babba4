//! The sign that there is new output below what a user who has scrolled back sees. Pressing it goes there.

use iced::advanced::renderer::Quad;
use iced::advanced::text::{self, Renderer as _, Text};
use iced::advanced::{Renderer as _, renderer};
use iced::{Border, Pixels, Point, Rectangle, Size, alignment, color};
use term::terminal::Content;

use crate::widget::{Icon, icon};

/// Its side in logical pixels.
const SIDE: f32 = 28.0;

/// Its distance from the right edge, beside the scrollbar, and from the lower one.
const INSET: (f32, f32) = (22.0, 10.0);

/// What the user has seen.
#[derive(Debug, Default)]
pub(super) struct Below {
    /// One past the last line that was shown.
    seen: u64,
    new: bool,
}

impl Below {
    /// Looks at what is shown in a frame.
    pub(super) fn observe(&mut self, content: &Content) {
        let Some(first) = content.first_line else {
            self.new = false;
            return;
        };
        // The screen's first line counts: it moves when a line comes, its height also when the window changes.
        let top = first + content.scrolled as u64;
        if content.scrolled == 0 {
            self.seen = top;
        }
        self.new = content.scrolled > 0 && top > self.seen;
        // A screen that grew, or text that was wrapped anew, shows what was seen under other numbers.
        self.seen = self.seen.min(top);
    }

    fn place(bounds: Rectangle) -> Rectangle {
        let corner = Point::new(bounds.x + bounds.width - INSET.0 - SIDE, bounds.y + bounds.height - INSET.1 - SIDE);
        Rectangle::new(corner, Size::new(SIDE, SIDE))
    }

    /// Whether a press at `point` is on it.
    pub(super) fn is_hit(&self, bounds: Rectangle, content: &Content, point: Point) -> bool {
        self.new && content.scrolled > 0 && Self::place(bounds).contains(point)
    }

    pub(super) fn draw(&self, renderer: &mut iced::Renderer, bounds: Rectangle, content: &Content, clip: Rectangle) {
        if !self.new || content.scrolled == 0 {
            return;
        }
        let place = Self::place(bounds);
        let border = Border { color: color!(0xffffff), width: 1.0, radius: (SIDE / 2.0).into() };
        let quad = Quad { bounds: place, border, ..renderer::Quad::default() };
        renderer.fill_quad(quad, color!(0x0f766e));
        let arrow = Text {
            content: Icon::ArrowDown.glyph().to_string(),
            bounds: place.size(),
            size: Pixels(16.0),
            line_height: text::LineHeight::Relative(1.0),
            font: icon::FONT,
            align_x: text::Alignment::Center,
            align_y: alignment::Vertical::Center,
            shaping: text::Shaping::Basic,
            wrapping: text::Wrapping::None,
        };
        renderer.fill_text(arrow, place.center(), color!(0xffffff), clip);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_output_that_came_while_scrolled_back_is_told_of() {
        let mut below = Below::default();
        let mut after = |top: u64, scrolled: usize| {
            let first_line = Some(top - scrolled as u64);
            below.observe(&Content { first_line, scrolled, ..Content::default() });
            below.new
        };
        let steps = [((100, 0), false), ((100, 5), false), ((103, 8), true), ((103, 2), true), ((103, 0), false)];
        for ((top, scrolled), expected) in steps {
            assert_eq!(after(top, scrolled), expected, "{top} {scrolled}");
        }
        assert!(!after(90, 3), "the screen grew");
        assert!(after(91, 4));
    }
}

//! The thin bar on the right that shows where in the scrollback the screen is.

use iced::advanced::Renderer as _;
use iced::advanced::renderer::Quad;
use iced::{Point, Rectangle, color};
use term::terminal::Content;
use term::terminal::search::Marks;

use super::state::MARK;

/// Width of the bar in logical pixels.
const WIDTH: f32 = 6.0;

/// Free space on both sides of the bar.
const MARGIN: f32 = 1.0;

/// How close to the right edge the pointer makes it appear.
const NEAR: f32 = 14.0;

/// The shortest thumb that can be caught.
const SHORTEST: f32 = 24.0;

/// Where the bar lies for one frame, in logical pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scrollbar {
    /// The part that stands for the screen.
    pub(super) thumb: Rectangle,
    track: Rectangle,
    history: usize,
}

impl Scrollbar {
    /// `None` when there is no scrollback.
    pub(super) fn new(bounds: Rectangle, content: &Content) -> Option<Self> {
        if content.history == 0 || content.modes.alternate_screen {
            return None;
        }
        let track = Rectangle {
            x: bounds.x + bounds.width - WIDTH - MARGIN,
            y: bounds.y + MARGIN,
            width: WIDTH,
            height: (bounds.height - 2.0 * MARGIN).max(1.0),
        };
        let lines = f32::from(content.size.lines.max(1));
        let share = lines / (lines + content.history as f32);
        let height = (track.height * share).max(SHORTEST.min(track.height));
        let down = 1.0 - content.scrolled.min(content.history) as f32 / content.history as f32;
        let thumb = Rectangle { y: track.y + (track.height - height) * down, height, ..track };
        Some(Self { thumb, track, history: content.history })
    }

    /// Where in the bar the line stands that is this far below the oldest; half as wide as the bar, or all of it.
    pub(super) fn tick(&self, line: u64, content: &Content, whole: bool) -> Rectangle {
        let lines = self.history as f32 + f32::from(content.size.lines.max(1));
        let share = (line as f32 / lines).min(1.0);
        let width = if whole { WIDTH } else { WIDTH / 2.0 };
        Rectangle {
            x: self.track.x + WIDTH - width,
            y: self.track.y + (self.track.height - 2.0) * share,
            width,
            height: 2.0,
        }
    }

    /// Shows where a search has found something: across the whole bar, which prompts never are, the match that the user
    /// looks at beyond both its edges.
    pub(super) fn draw_matches(&self, renderer: &mut iced::Renderer, marks: &Marks, dark: bool) {
        let parts = marks.parts.len().max(1) as f32;
        let room = (self.track.height - MARK).max(0.0);
        let at = |part: usize| Rectangle { y: self.track.y + room * part as f32 / parts, height: MARK, ..self.track };
        let ink = if dark { color!(0xffd54a) } else { color!(0x9a6700) };
        for part in marks.parts.iter().enumerate().filter(|(_, lit)| **lit).map(|(part, _)| part) {
            renderer.fill_quad(Quad { bounds: at(part), ..Quad::default() }, ink);
        }
        if let Some(part) = marks.current {
            let mark = at(part);
            let bounds = Rectangle { x: mark.x - 6.0, width: mark.width + 6.0, height: MARK + 1.0, ..mark };
            renderer.fill_quad(Quad { bounds, ..Quad::default() }, color!(0xe8590c));
        }
    }

    /// Whether the pointer is near enough to want the bar.
    pub(super) fn is_near(bounds: Rectangle, point: Point) -> bool {
        bounds.contains(point) && point.x >= bounds.x + bounds.width - NEAR
    }

    /// Where on the thumb it is held: the point itself on it, its middle when the track is clicked.
    pub(super) fn grab(&self, point: Point) -> f32 {
        let within = point.y - self.thumb.y;
        if (0.0..=self.thumb.height).contains(&within) { within } else { self.thumb.height / 2.0 }
    }

    /// How far the screen is scrolled back when the thumb, held at `grab`, is dragged to `point`.
    pub(super) fn scrolled_at(&self, point: Point, grab: f32) -> usize {
        let room = self.track.height - self.thumb.height;
        if room <= 0.0 {
            return 0;
        }
        let down = ((point.y - grab - self.track.y) / room).clamp(0.0, 1.0);
        ((1.0 - down) * self.history as f32).round() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Rectangle = Rectangle { x: 0.0, y: 0.0, width: 400.0, height: 302.0 };

    fn content(scrolled: usize, history: usize) -> Content {
        let mut content = Content { scrolled, history, ..Content::default() };
        content.size.lines = 20;
        content
    }

    #[test]
    fn the_thumb_is_at_the_bottom_when_nothing_is_scrolled_and_at_the_top_at_the_oldest_line() {
        let bottom = Scrollbar::new(BOUNDS, &content(0, 80)).expect("a bar");
        assert_eq!((bottom.thumb.height, bottom.thumb.y + bottom.thumb.height), (60.0, 301.0));
        let top = Scrollbar::new(BOUNDS, &content(80, 80)).expect("a bar");
        assert_eq!(top.thumb.y, 1.0);
        assert_eq!(Scrollbar::new(BOUNDS, &content(0, 0)), None);
    }

    #[test]
    fn a_lines_tick_is_where_the_thumb_is_when_it_is_shown() {
        for scrolled in [0, 100, 980] {
            let content = content(scrolled, 980);
            let bar = Scrollbar::new(BOUNDS, &content).expect("a bar");
            let first = 980 - scrolled as u64;
            let (top, bottom) = (bar.tick(first, &content, true), bar.tick(first + 19, &content, false));
            assert!(top.y >= bar.thumb.y - 2.0 && bottom.y + 2.0 <= bar.thumb.y + bar.thumb.height, "{scrolled}");
            assert!(top.width > bottom.width);
        }
    }

    #[test]
    fn dragging_to_where_the_thumb_is_changes_nothing() {
        for scrolled in [0, 1, 17, 500, 9_999, 10_000] {
            let bar = Scrollbar::new(BOUNDS, &content(scrolled, 10_000)).expect("a bar");
            let point = Point::new(396.0, bar.thumb.y + 5.0);
            assert!(bar.scrolled_at(point, bar.grab(point)).abs_diff(scrolled) <= 1);
        }
    }
}

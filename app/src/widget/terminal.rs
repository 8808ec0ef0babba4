//! The terminal widget: shows a [`term::Terminal`] and sends it what is typed.
//!
//! ```text
//!   key, wheel, click ──► Terminal::update ──► encoded bytes ──► on_input, straight to the channel
//!   output ──► term::Terminal::changed ──► wakes ──► one redraw ──► snapshot ──► Content
//!                        Content ──► Plan (per line) ──┬──► RowPainter: lines as images, drawn in software
//!                                                      └──► GpuPainter: quads and a glyph atlas
//! ```
//!
//! Output never travels in a message and rebuilds no view: [`wakes`] turns it into redraws, and the widget copies the
//! visible cells when it is asked to draw.

pub mod ahead;
mod below;
pub mod blink;
pub mod box_drawing;
pub mod canvas;
mod composing;
pub mod contrast;
pub mod decoration;
pub mod faces;
pub mod font;
pub mod glyph;
pub mod glyphs;
pub mod gpu_painter;
pub mod grid;
pub mod hover;
pub mod joined;
mod keyboard;
pub mod keys;
pub mod link_labels;
pub mod mask;
pub mod metrics;
pub mod missing;
pub mod mouse;
pub mod painter;
pub mod paste;
pub mod picture;
pub mod pictures;
pub mod plan;
mod pointer;
pub mod preedit;
mod prompts;
pub mod row_painter;
mod scrollbar;
mod shown;
mod state;
mod wake;

use std::sync::Arc;
use std::time::Instant;

use iced::advanced::layout::{self, Layout};
use iced::advanced::widget::{self, Id, Operation, Tree, tree};
use iced::advanced::{Clipboard, Shell, Widget, renderer};
use iced::mouse::{Cursor, Interaction};
use iced::{Element, Event, Length, Point, Rectangle, Size, window};
use term::terminal;

pub use hover::Hover;
pub use keyboard::Typed;
pub use wake::wakes;

use ahead::Ahead;
use link_labels::LinkLabels;
use state::State;

use crate::store::settings::CursorBlink;

/// What only the window can do for the terminal.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Put text on the clipboard.
    Copy(String),
    /// Put text into PRIMARY: it was selected with the mouse.
    SelectPrimary(String),
    /// Fetch PRIMARY and paste it.
    PastePrimary,
    /// Fetch the clipboard and paste it.
    Paste,
    /// Make the font larger (1), smaller (-1), or as large as the settings say (0).
    FontSize(i8),
    /// A right click: open the context menu at this point of the window.
    Menu {
        /// The point.
        at: Point,
        /// Whether Shift was held.
        shift: bool,
    },
    /// The pointer came to rest on something, or left it.
    Hover(Option<Hover>),
    /// Open the link with this address, unchecked as the remote side gave it.
    OpenLink(String),
    /// The cell that the next [`Action::Menu`] is asked for at.
    PointAt(terminal::Point),
}

/// Maps a key event and what the terminal shows to the message of a shortcut.
type Shortcut<'a, Message> = Box<dyn Fn(&iced::keyboard::Event, &terminal::Content) -> Option<Message> + 'a>;

/// Is told what was typed, and may have something to tell for it.
type OnTyped<'a, Message> = Box<dyn Fn(&Typed<'_>) -> Option<Message> + 'a>;

/// A [`term::Terminal`] that fills its place.
#[expect(missing_debug_implementations, reason = "holds closures")]
pub struct Terminal<'a, Message> {
    terminal: &'a Arc<term::Terminal>,
    id: Option<Id>,
    font_family: Arc<str>,
    font_size: f32,
    padding: f32,
    ligatures: bool,
    scale: Option<f32>,
    ahead: Option<&'a Ahead>,
    focused: Option<bool>,
    live: bool,
    cursor_blink: CursorBlink,
    blinking_text: bool,
    bell: Option<Instant>,
    searching: bool,
    link_labels: Option<&'a LinkLabels>,
    scroll_on_key: bool,
    on_input: Option<Box<dyn Fn(Vec<u8>) + 'a>>,
    on_resize: Option<Box<dyn Fn(terminal::Size) + 'a>>,
    on_typed: Option<OnTyped<'a, Message>>,
    shortcut: Option<Shortcut<'a, Message>>,
    on_action: Option<Box<dyn Fn(Action) -> Message + 'a>>,
}

impl<'a, Message> Terminal<'a, Message> {
    /// Shows `terminal`.
    #[must_use]
    pub fn new(terminal: &'a Arc<term::Terminal>) -> Self {
        Self {
            terminal,
            id: None,
            font_family: Arc::from(""),
            font_size: 14.0,
            padding: 8.0,
            ligatures: false,
            scale: None,
            ahead: None,
            focused: None,
            live: true,
            cursor_blink: CursorBlink::default(),
            blinking_text: true,
            bell: None,
            searching: false,
            link_labels: None,
            scroll_on_key: true,
            on_input: None,
            on_resize: None,
            on_typed: None,
            shortcut: None,
            on_action: None,
        }
    }

    /// Names the widget, for focus tasks.
    #[must_use]
    pub fn id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The font's family, one of the system's; empty for the bundled one, which also stands in for one that is not there.
    #[must_use]
    pub fn font_family(mut self, family: &str) -> Self {
        self.font_family = Arc::from(family);
        self
    }

    /// Joins signs where the font has a drawing for that, as for `->`; off by default.
    #[must_use]
    pub fn ligatures(mut self, joined: bool) -> Self {
        self.ligatures = joined;
        self
    }

    /// The font's size in logical pixels to the em, 4 to 200; 14 by default.
    #[must_use]
    pub fn font_size(mut self, size: f32) -> Self {
        self.font_size = if size.is_finite() { size.clamp(4.0, 200.0) } else { 14.0 };
        self
    }

    /// The space around the cells in logical pixels, 0 to 64; 8 by default.
    #[must_use]
    pub fn padding(mut self, padding: f32) -> Self {
        self.padding = if padding.is_finite() { padding.clamp(0.0, 64.0) } else { 8.0 };
        self
    }

    /// Physical pixels to the logical one in the window, including a zoom of the program's own. No widget is told it
    /// when a window opens, only when it changes later: ask [`iced::window::scale_factor`].
    #[must_use]
    pub fn scale_factor(mut self, scale: f32) -> Self {
        self.scale = Some(scale);
        self
    }

    /// A way to show what was typed before its frame is drawn; only for a terminal that nothing lies over.
    #[must_use]
    pub fn ahead(mut self, ahead: Option<&'a Ahead>) -> Self {
        self.ahead = ahead;
        self
    }

    /// Decides whether the terminal has the keyboard. Without this the widget is focused and unfocused by clicks and
    /// by focus tasks, as text fields are, and begins focused.
    #[must_use]
    pub fn focused(mut self, focused: bool) -> Self {
        self.focused = Some(focused);
        self
    }

    /// Whether a shell takes what is typed; without one the cursor is an outline, as where the keyboard is elsewhere.
    #[must_use]
    pub fn live(mut self, live: bool) -> Self {
        self.live = live;
        self
    }

    /// Whether the cursor blinks; as the program asks for by default. It stops while the terminal is not focused and
    /// after ten seconds without a key, because it wakes the machine twice a second.
    #[must_use]
    pub fn cursor_blink(mut self, blink: CursorBlink) -> Self {
        self.cursor_blink = blink;
        self
    }

    /// Whether text that a program wants to blink (SGR 5) does; it does by default, while the window has the keyboard
    /// and until half a minute after the last of it came.
    #[must_use]
    pub fn blinking_text(mut self, blinks: bool) -> Self {
        self.blinking_text = blinks;
        self
    }

    /// Whether text is looked for: the scrollbar shows where it is.
    #[must_use]
    pub fn searching(mut self, searching: bool) -> Self {
        self.searching = searching;
        self
    }

    /// Letters to draw over the links in sight.
    #[must_use]
    pub fn link_labels(mut self, labels: Option<&'a LinkLabels>) -> Self {
        self.link_labels = labels;
        self
    }

    /// Whether typing shows the newest line; it does by default.
    #[must_use]
    pub fn scroll_on_key(mut self, scrolls: bool) -> Self {
        self.scroll_on_key = scrolls;
        self
    }

    /// When the bell last rang, for a short flash.
    #[must_use]
    pub fn bell(mut self, rung: Option<Instant>) -> Self {
        self.bell = rung;
        self
    }

    /// Takes what is typed, pasted by an input method or reported for the mouse, as bytes for the channel. Called from
    /// the event handler itself, without the detour of a message.
    #[must_use]
    pub fn on_input(mut self, on_input: impl Fn(Vec<u8>) + 'a) -> Self {
        self.on_input = Some(Box::new(on_input));
        self
    }

    /// Told what was typed by keys and input methods, before it becomes this terminal's bytes: for other terminals that
    /// are to get it too.
    #[must_use]
    pub fn on_typed(mut self, on_typed: impl Fn(&Typed<'_>) -> Option<Message> + 'a) -> Self {
        self.on_typed = Some(Box::new(on_typed));
        self
    }

    /// Told the size whenever another number of cells fits, also the first time. The terminal has that size already;
    /// the server wants to know.
    #[must_use]
    pub fn on_resize(mut self, on_resize: impl Fn(terminal::Size) + 'a) -> Self {
        self.on_resize = Some(Box::new(on_resize));
        self
    }

    /// The program's own shortcuts, asked before anything else: a key for which this returns `None` goes to the shell.
    #[must_use]
    pub fn shortcut(
        mut self,
        shortcut: impl Fn(&iced::keyboard::Event, &terminal::Content) -> Option<Message> + 'a,
    ) -> Self {
        self.shortcut = Some(Box::new(shortcut));
        self
    }

    /// Takes what only the window can do.
    #[must_use]
    pub fn on_action(mut self, on_action: impl Fn(Action) -> Message + 'a) -> Self {
        self.on_action = Some(Box::new(on_action));
        self
    }

    fn input(&self, bytes: Vec<u8>) {
        if let Some(on_input) = &self.on_input
            && !bytes.is_empty()
        {
            on_input(bytes);
        }
    }

    fn act(&self, action: Action, shell: &mut Shell<'_, Message>) {
        if let Some(on_action) = &self.on_action {
            shell.publish(on_action(action));
        }
    }
}

impl<Message, Theme> Widget<Message, Theme, iced::Renderer> for Terminal<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::new(self.terminal))
    }

    fn diff(&self, tree: &mut Tree) {
        tree.state.downcast_mut::<State>().show(self.terminal);
    }

    fn size(&self) -> Size<Length> {
        Size::new(Length::Fill, Length::Fill)
    }

    fn layout(&mut self, _tree: &mut Tree, _renderer: &iced::Renderer, limits: &layout::Limits) -> layout::Node {
        layout::atomic(limits, Length::Fill, Length::Fill)
    }

    fn operate(
        &mut self,
        tree: &mut Tree,
        layout: Layout<'_>,
        _renderer: &iced::Renderer,
        operation: &mut dyn Operation,
    ) {
        let state = tree.state.downcast_mut::<State>();
        operation.focusable(self.id.as_ref(), layout.bounds(), &mut state.focus);
    }

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: Cursor,
        renderer: &iced::Renderer,
        _clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let state = tree.state.downcast_mut::<State>();
        let bounds = layout.bounds();
        if !matches!(event, Event::Window(window::Event::RedrawRequested(_))) {
            // What is typed and pointed at is encoded as the program wants it now, and not as it did in the last frame.
            state.content.modes = self.terminal.modes();
        }
        match event {
            Event::Window(event) => {
                self.window(state, event, bounds, renderer, shell);
                let uncovered = is_whole(bounds, viewport) && !is_elsewhere(cursor, bounds, viewport);
                if matches!(event, window::Event::RedrawRequested(_)) && uncovered {
                    self.show_ahead(state);
                }
            }
            Event::Keyboard(event) => self.key(state, event, shell),
            Event::InputMethod(event) => self.input_method(state, event, shell),
            Event::Mouse(event) => self.point(state, *event, bounds, cursor, shell),
            Event::Touch(_) => {}
        }
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: Cursor,
        _viewport: &Rectangle,
        _renderer: &iced::Renderer,
    ) -> Interaction {
        let state = tree.state.downcast_ref::<State>();
        if !cursor.is_over(layout.bounds()) {
            Interaction::None
        } else if state.is_over_link() {
            hover::OVER_LINK
        } else if state.reports_mouse() || state.scrollbar_is_near(layout.bounds(), cursor) {
            Interaction::Idle
        } else {
            Interaction::Text
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut iced::Renderer,
        _theme: &Theme,
        _style: &renderer::Style,
        layout: Layout<'_>,
        _cursor: Cursor,
        viewport: &Rectangle,
    ) {
        if let Some(clip) = layout.bounds().intersection(viewport) {
            let state = tree.state.downcast_ref::<State>();
            state.draw(renderer, layout.bounds(), clip);
            if let (Some(labels), Some(grid)) = (self.link_labels, &state.grid) {
                labels.draw(renderer, grid, &self.terminal.links(), clip);
            }
        }
    }
}

impl<'a, Message: 'a, Theme: 'a> From<Terminal<'a, Message>> for Element<'a, Message, Theme, iced::Renderer> {
    fn from(terminal: Terminal<'a, Message>) -> Self {
        Element::new(terminal)
    }
}

/// Whether all of `bounds` is seen through `viewport`, but for what rounding takes.
fn is_whole(bounds: Rectangle, viewport: &Rectangle) -> bool {
    let seen = bounds.intersection(viewport).unwrap_or_default();
    bounds.width - seen.width < 0.5 && bounds.height - seen.height < 0.5
}

/// Whether the pointer is over something else in the window, which may have opened a hint that lies over the terminal.
fn is_elsewhere(cursor: Cursor, bounds: Rectangle, viewport: &Rectangle) -> bool {
    match cursor {
        Cursor::Available(point) => viewport.contains(point) && !bounds.contains(point),
        Cursor::Levitating(_) => true,
        Cursor::Unavailable => false,
    }
}

/// A focus task that gives the keyboard to the terminal named `id`.
pub fn focus<T: Send + 'static>(id: impl Into<Id>) -> iced::Task<T> {
    widget::operate(widget::operation::focusable::focus(id.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_whole_up_to_the_edge_of_the_window_and_not_beyond() {
        let window = Rectangle::with_size(Size::new(800.3, 600.7));
        let bounds = Rectangle { x: 0.1, y: 40.4, width: 800.2, height: 560.3 };
        assert!(is_whole(bounds, &window));
        assert!(!is_whole(Rectangle { y: 45.0, ..bounds }, &window));
        assert!(!is_whole(Rectangle { x: 900.0, ..bounds }, &window));
    }

    #[test]
    fn a_pointer_elsewhere_in_the_window_may_have_opened_something_over_the_terminal() {
        let bounds = Rectangle { x: 0.0, y: 40.0, width: 800.0, height: 560.0 };
        let window = Rectangle::with_size(Size::new(800.0, 600.0));
        for (cursor, elsewhere) in [
            (Cursor::Unavailable, false),
            (Cursor::Available(Point::new(10.0, 50.0)), false),
            (Cursor::Available(Point::new(10.0, 20.0)), true),
            (Cursor::Available(Point::new(900.0, 50.0)), false),
            (Cursor::Levitating(Point::new(10.0, 50.0)), true),
        ] {
            assert_eq!(is_elsewhere(cursor, bounds, &window), elsewhere, "{cursor:?}");
        }
    }
}

#[cfg(test)]
mod pixels;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod stories;

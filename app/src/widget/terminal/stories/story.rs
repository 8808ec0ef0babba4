//! A window with nothing but a terminal in it, and what a user does to it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use iced::advanced::input_method;
use iced::keyboard::key::{Code, Named, Physical};
use iced::keyboard::{self, Key, Location, Modifiers};
use iced::mouse::{self, ScrollDelta};
use iced::{Event, Point, Settings, Theme, window};
use iced_test::Simulator;
use term::terminal::{Palette, Rgb, Size};

use super::super::{Action, Terminal};

/// Padding is 8, a cell 8 by 18: exactly 40 columns and 10 lines.
pub(super) const WINDOW: iced::Size = iced::Size::new(336.0, 196.0);

fn palette() -> Palette {
    Palette {
        foreground: Rgb::hex(0x00d8_dee9),
        background: Rgb::hex(0x001e_222a),
        cursor: Rgb::hex(0x00e0_af68),
        cursor_text: Rgb::hex(0x001e_222a),
        selection: Rgb::hex(0x003b_5b8c),
        ansi: [Rgb::hex(0x0080_8080); 16],
    }
}

/// A terminal that shows `output`.
pub(in super::super) fn terminal(output: &str) -> Arc<term::Terminal> {
    let terminal = term::Terminal::new(Size { columns: 40, lines: 10, width: 0, height: 0 }, 1000, palette());
    let _ = terminal.advance(output.as_bytes());
    terminal
}

pub(super) type Log<T> = Rc<RefCell<Vec<T>>>;

/// A window with nothing but a terminal in it.
pub(super) struct Story<'a> {
    ui: Simulator<'a, Action, Theme>,
    input: Log<u8>,
    pub(super) sizes: Log<Size>,
}

impl<'a> Story<'a> {
    pub(super) fn new(terminal: &'a Arc<term::Terminal>) -> Self {
        Self::with(terminal, |widget| widget)
    }

    pub(super) fn with(
        terminal: &'a Arc<term::Terminal>,
        build: impl FnOnce(Terminal<'a, Action>) -> Terminal<'a, Action>,
    ) -> Self {
        let (input, sizes): (Log<u8>, Log<Size>) = Default::default();
        let (bytes, fits) = (input.clone(), sizes.clone());
        let widget = Terminal::new(terminal)
            .on_input(move |typed| bytes.borrow_mut().extend(typed))
            .on_resize(move |size| fits.borrow_mut().push(size))
            .on_action(|action| action);
        let mut ui = simulator(build(widget));
        ui.point_at(Point::new(20.0, 20.0));
        let mut story = Self { ui, input, sizes };
        let _ = story.frame();
        story
    }

    pub(super) fn does(&mut self, event: impl Into<Does>) -> &mut Self {
        let event = match event.into() {
            Does::Key(event) => Event::Keyboard(event),
            Does::Mouse(event) => Event::Mouse(event),
            Does::Window(event) => Event::Window(event),
            Does::InputMethod(event) => Event::InputMethod(event),
        };
        let _ = self.ui.simulate([event]);
        self
    }

    pub(super) fn frame(&mut self) -> &mut Self {
        self.frame_at(Instant::now())
    }

    pub(super) fn frame_at(&mut self, now: Instant) -> &mut Self {
        self.does(window::Event::RedrawRequested(now))
    }

    pub(super) fn points(&mut self, x: f32, y: f32) -> &mut Self {
        let position = Point::new(x, y);
        self.ui.point_at(position);
        self.does(mouse::Event::CursorMoved { position })
    }

    pub(super) fn presses(&mut self, button: mouse::Button) -> &mut Self {
        self.does(mouse::Event::ButtonPressed(button))
    }

    pub(super) fn releases(&mut self, button: mouse::Button) -> &mut Self {
        self.does(mouse::Event::ButtonReleased(button))
    }

    pub(super) fn turns(&mut self, y: f32) -> &mut Self {
        self.does(mouse::Event::WheelScrolled { delta: ScrollDelta::Lines { x: 0.0, y } })
    }

    pub(super) fn holds(&mut self, modifiers: Modifiers) -> &mut Self {
        self.does(keyboard::Event::ModifiersChanged(modifiers))
    }

    /// What was sent since the last call.
    pub(super) fn sent(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.input.borrow_mut())).expect("UTF-8 in these stories")
    }

    pub(super) fn actions(self) -> Vec<Action> {
        self.ui.into_messages().collect()
    }
}

pub(super) enum Does {
    Key(keyboard::Event),
    Mouse(mouse::Event),
    Window(window::Event),
    InputMethod(input_method::Event),
}

impl From<keyboard::Event> for Does {
    fn from(event: keyboard::Event) -> Self {
        Self::Key(event)
    }
}

impl From<mouse::Event> for Does {
    fn from(event: mouse::Event) -> Self {
        Self::Mouse(event)
    }
}

impl From<window::Event> for Does {
    fn from(event: window::Event) -> Self {
        Self::Window(event)
    }
}

impl From<input_method::Event> for Does {
    fn from(event: input_method::Event) -> Self {
        Self::InputMethod(event)
    }
}

/// One at a time: the renderer for tests is chosen by an environment variable when it is made.
fn simulator<'a>(widget: Terminal<'a, Action>) -> Simulator<'a, Action, Theme> {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    Simulator::with_size(Settings::default(), WINDOW, widget)
}

pub(super) fn press(key: Key, modifiers: Modifiers, text: Option<&str>) -> keyboard::Event {
    keyboard::Event::KeyPressed {
        modified_key: key.clone(),
        key,
        physical_key: Physical::Code(Code::KeyA),
        location: Location::Standard,
        modifiers,
        text: text.map(Into::into),
        repeat: false,
    }
}

pub(super) fn letter(text: &str) -> keyboard::Event {
    press(Key::Character(text.into()), Modifiers::empty(), Some(text))
}

/// The key of `press` goes up.
pub(super) fn release(key: Key) -> keyboard::Event {
    keyboard::Event::KeyReleased {
        modified_key: key.clone(),
        key,
        physical_key: Physical::Code(Code::KeyA),
        location: Location::Standard,
        modifiers: Modifiers::empty(),
    }
}

pub(super) fn named(named: Named, modifiers: Modifiers) -> keyboard::Event {
    press(Key::Named(named), modifiers, None)
}

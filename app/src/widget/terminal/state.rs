//! What the widget remembers between events and frames.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use iced::advanced::renderer::Quad;
use iced::advanced::widget::operation::Focusable;
use iced::advanced::{Renderer as _, Shell, mouse};
use iced::keyboard::Modifiers;
use iced::{Color, Rectangle, window};
use term::terminal::search::Marks;
use term::terminal::{self, Content, MouseReports, Rgb};

use super::Terminal;
use super::below::Below;
use super::blink::{self, Phase, cursor_blinks};
use super::font::Font;
use super::glyphs::Glyphs;
use super::grid::Grid;
use super::hover::Hover;
use super::keyboard::Held;
use super::keys::NumLock;
use super::painter::{Painter, Scene};
use super::plan::Cursor;
use super::pointer::Pointer;
use super::preedit::{Composed, Preedit};
use super::prompts;
use super::scrollbar::Scrollbar;
use super::shown::Shown;
use crate::allocator;

/// How often it is looked whether more fonts are known, while a character is shown as missing.
const FONTS: Duration = Duration::from_millis(50);

/// The height of a match's mark in the scrollbar, in logical pixels.
pub(super) const MARK: f32 = 2.0;

/// How long the bell is seen.
const FLASH: Duration = Duration::from_millis(120);

/// Who has the keyboard.
#[derive(Debug, Clone, Copy)]
pub(super) struct Focus {
    /// The widget, by clicks and focus tasks.
    widget: bool,
    /// The window.
    window: bool,
    /// The remote program was told so, or would have been.
    told: bool,
}

impl Focusable for Focus {
    fn is_focused(&self) -> bool {
        self.widget
    }

    fn focus(&mut self) {
        self.widget = true;
    }

    fn unfocus(&mut self) {
        self.widget = false;
    }
}

/// The state behind a terminal widget.
#[derive(Debug)]
pub(super) struct State {
    shown: Shown,
    pub(super) content: Content,
    glyphs: Option<Rc<RefCell<Glyphs>>>,
    painter: Painter,
    pub(super) grid: Option<Grid>,
    reported: Option<terminal::Size>,
    /// The scale factor the window told of, when the widget's owner tells of none.
    scale: f32,
    pub(super) focus: Focus,
    pub(super) modifiers: Modifiers,
    pub(super) num_lock: NumLock,
    pub(super) held: Held,
    pub(super) pointer: Pointer,
    /// What the pointer rests on.
    pub(super) hover: Option<Hover>,
    /// There may be a selection, which typing drops.
    pub(super) selected: bool,
    /// What an input method is composing, and the line it is shown in.
    pub(super) preedit: Option<Preedit>,
    pub(super) composed: Option<Composed>,
    /// Where the cursor was last seen: programs hide it while they draw.
    pub(super) last_cursor: (u16, u16),
    /// When a key was last typed: the cursor's blinking begins anew.
    pub(super) typed: Instant,
    blinking: blink::Text,
    flash: bool,
    /// Where in the scrollback a search has found something.
    matches: Option<Marks>,
    pub(super) below: Below,
}

impl State {
    pub(super) fn new(terminal: &Arc<term::Terminal>) -> Self {
        Self {
            shown: Shown::new(terminal),
            content: Content::default(),
            glyphs: None,
            painter: Painter::default(),
            grid: None,
            reported: None,
            scale: 1.0,
            focus: Focus { widget: true, window: true, told: true },
            modifiers: Modifiers::empty(),
            num_lock: NumLock::default(),
            held: Held::default(),
            pointer: Pointer::default(),
            hover: None,
            selected: false,
            preedit: None,
            composed: None,
            last_cursor: (0, 0),
            typed: Instant::now(),
            blinking: blink::Text::default(),
            flash: false,
            matches: None,
            below: Below::default(),
        }
    }

    /// Shows `terminal`, which may be another one than before: iced keeps the state of a widget that took another's
    /// place, as when tabs are switched.
    pub(super) fn show(&mut self, terminal: &Arc<term::Terminal>) {
        if !self.shown.is(terminal) {
            let before = std::mem::replace(self, Self::new(terminal));
            self.focus = before.focus;
            self.modifiers = before.modifiers;
            self.num_lock = before.num_lock;
            self.scale = before.scale;
            self.glyphs = before.glyphs;
        }
    }

    /// Whether the mouse belongs to the remote program; Shift takes it back.
    pub(super) fn reports_mouse(&self) -> bool {
        self.content.modes.mouse != MouseReports::None && !self.modifiers.shift()
    }

    pub(super) fn scrollbar_is_near(&self, bounds: Rectangle, cursor: mouse::Cursor) -> bool {
        self.content.history > 0
            && !self.content.modes.alternate_screen
            && cursor.position().is_some_and(|point| Scrollbar::is_near(bounds, point))
    }

    pub(super) fn scrollbar_is_visible(&self) -> bool {
        self.content.scrolled > 0
            || self.matches.is_some()
            || self.pointer.near_scrollbar
            || self.pointer.drags_scrollbar()
    }

    pub(super) fn draw(&self, renderer: &mut iced::Renderer, bounds: Rectangle, clip: Rectangle) {
        let background = color(self.content.background, 1.0);
        let fill = |renderer: &mut iced::Renderer, bounds: Rectangle| {
            renderer.fill_quad(Quad { bounds, ..Quad::default() }, background);
        };
        match &self.grid {
            Some(grid) => {
                for band in self.painter.bands(grid, clip) {
                    renderer.with_layer(band.layer, |renderer| {
                        // Lines are opaque. tiny-skia goes through all pixels of a quad that any damage touches, so one
                        // below the lines would cost a screenful for each character.
                        let within = |bounds: Rectangle| bounds.intersection(&band.layer);
                        let surroundings = grid.surroundings(bounds).into_iter().filter_map(within);
                        surroundings.chain(self.painter.gaps(grid, &band)).for_each(|bounds| fill(renderer, bounds));
                        self.painter.draw(renderer, grid, clip, band);
                    });
                }
            }
            None => renderer.with_layer(clip, |renderer| fill(renderer, bounds)),
        }
        // Always a layer, also an empty one: tiny-skia redraws everything when their number changes.
        renderer.with_layer(clip, |renderer| {
            let ink = contrasting(self.content.background);
            let dark = ink != Rgb::hex(0);
            if let Some(grid) = &self.grid {
                prompts::draw(renderer, grid, &self.content, dark);
            }
            self.draw_link(renderer, color(ink, 0.85));
            if let Some(bar) = Scrollbar::new(bounds, &self.content).filter(|_| self.scrollbar_is_visible()) {
                let mut quad = Quad { bounds: bar.thumb, ..Quad::default() };
                quad.border.radius = (bar.thumb.width / 2.0).into();
                renderer.fill_quad(quad, color(ink, if self.pointer.drags_scrollbar() { 0.55 } else { 0.35 }));
                prompts::draw_in(renderer, &bar, &self.content, dark);
                if let Some(marks) = &self.matches {
                    bar.draw_matches(renderer, marks, dark);
                }
            }
            self.below.draw(renderer, bounds, &self.content, clip);
            if self.flash {
                renderer.fill_quad(Quad { bounds, ..Quad::default() }, color(ink, 0.18));
            }
        });
    }
}

fn color(color: Rgb, alpha: f32) -> Color {
    Color { a: alpha, ..Color::from_rgb8(color.r, color.g, color.b) }
}

/// White on dark, black on light.
pub(super) fn contrasting(background: Rgb) -> Rgb {
    let luma = 2126 * u32::from(background.r) + 7152 * u32::from(background.g) + 722 * u32::from(background.b);
    if luma < 1_275_000 { Rgb::hex(0x00ff_ffff) } else { Rgb::hex(0) }
}

impl<Message> Terminal<'_, Message> {
    /// Whether keys come here.
    pub(super) fn has_keyboard(&self, state: &State) -> bool {
        state.focus.window && self.focused.unwrap_or(state.focus.widget)
    }

    pub(super) fn window(
        &self,
        state: &mut State,
        event: &window::Event,
        bounds: Rectangle,
        renderer: &iced::Renderer,
        shell: &mut Shell<'_, Message>,
    ) {
        match event {
            window::Event::RedrawRequested(now) => self.frame(state, *now, bounds, renderer, shell),
            window::Event::Rescaled(scale) => {
                state.scale = *scale;
                shell.request_redraw();
            }
            window::Event::Focused => {
                state.focus.window = true;
                state.typed = Instant::now();
                shell.request_redraw();
            }
            window::Event::Unfocused => {
                state.focus.window = false;
                // Their releases go to another window.
                state.modifiers = Modifiers::empty();
                state.held.forget();
                shell.request_redraw();
            }
            _ => {}
        }
    }

    /// Gets everything ready to be drawn.
    fn frame(
        &self,
        state: &mut State,
        now: Instant,
        bounds: Rectangle,
        renderer: &iced::Renderer,
        shell: &mut Shell<'_, Message>,
    ) {
        if bounds.width < 1.0 || bounds.height < 1.0 {
            return;
        }
        self.fit(state, bounds);
        self.scroll_while_dragging(state, now, shell);
        self.terminal.snapshot(&mut state.content);
        if let Some(next) = state.content.next_frame {
            shell.request_redraw_at(next);
        }
        self.look(state, shell);
        state.below.observe(&state.content);
        // A pixel is the least that a mark can move.
        let parts = (bounds.height / MARK).max(1.0) as usize;
        state.matches = if self.searching { self.terminal.search_marks(parts) } else { None };
        self.tell_focus(state);
        let cursor = self.cursor(state, now, shell);
        self.compose(state);
        let dark = self.text_phase(state, now).dark;
        if let Some(glyphs) = &state.glyphs {
            let mut glyphs = glyphs.borrow_mut();
            glyphs.begin_frame();
            let composed = state.composed.as_ref();
            let cursor = composed.map_or(cursor, |composed| composed.cursor.map(|cursor| (composed.line, cursor)));
            let composed = composed.map(|composed| (composed.line, &composed.row));
            let scene = Scene { cursor, dark, composed, content: &state.content };
            state.painter.prepare(renderer, scene, &mut glyphs);
            if glyphs.is_behind() || state.painter.is_behind() {
                shell.request_redraw();
            } else if glyphs.is_waiting() {
                shell.request_redraw_at(now + FONTS);
            }
        }
        state.blinking.observe(state.painter.blinking(), now);
        if let Some(next) = self.text_phase(state, now).next {
            shell.request_redraw_at(next);
        }
        state.flash = self.bell.is_some_and(|rung| {
            let over = rung + FLASH;
            if over > now {
                shell.request_redraw_at(over);
            }
            over > now
        });
        if self.has_keyboard(state) {
            shell.request_input_method(&self.input_method_place(state));
        }
    }

    /// Shows what changed before the frame is drawn, if nothing else is drawn over it.
    pub(super) fn show_ahead(&self, state: &State) {
        if let (Some(ahead), Some(grid)) = (self.ahead, &state.grid)
            && !state.flash
            && !state.scrollbar_is_visible()
            && state.hover.is_none()
        {
            state.painter.show_ahead(ahead, grid);
        }
    }

    /// Fits the terminal into its place.
    fn fit(&self, state: &mut State, bounds: Rectangle) {
        let scale = self.scale.unwrap_or(state.scale);
        let size = self.font_size * if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        let font = Font { family: self.font_family.clone(), size, ligatures: self.ligatures };
        let fits = |glyphs: &Rc<RefCell<Glyphs>>| *glyphs.borrow().font() == font;
        let glyphs = match state.glyphs.take().filter(fits) {
            Some(glyphs) => glyphs,
            None => Glyphs::shared(&font),
        };
        let grid = Grid::new(bounds, self.padding, scale, glyphs.borrow().metrics());
        state.glyphs = Some(glyphs);
        state.grid = Some(grid);
        if state.reported != Some(grid.size()) {
            state.reported = Some(grid.size());
            self.terminal.resize(grid.size());
            allocator::note(allocator::MUCH);
            if let Some(on_resize) = &self.on_resize {
                on_resize(grid.size());
            }
        }
    }

    /// Tells a program that asked for it (mode 1004) that the keyboard came or went.
    fn tell_focus(&self, state: &mut State) {
        let focused = self.has_keyboard(state);
        if state.focus.told != focused {
            state.focus.told = focused;
            if let Some(bytes) = super::mouse::focus(focused, state.content.modes) {
                self.input(bytes.to_vec());
            }
        }
    }

    /// The cursor's line and look, `None` while it is hidden or in the dark half of its blinking.
    fn cursor(&self, state: &State, now: Instant, shell: &mut Shell<'_, Message>) -> Option<(u16, Cursor)> {
        let cursor = state.content.cursor?;
        let focused = self.live && self.has_keyboard(state);
        if focused && cursor_blinks(self.cursor_blink, cursor.blinking) {
            let phase = Phase::of_cursor(state.typed, now);
            if let Some(next) = phase.next {
                shell.request_redraw_at(next);
            }
            if phase.dark {
                return None;
            }
        }
        // A terminal that takes no keys shows the outline of a block, whatever shape the program chose.
        let shape = if focused { cursor.shape } else { terminal::content::CursorShape::Block };
        let look = Cursor {
            column: cursor.column,
            shape,
            hollow: !focused,
            wide: cursor.wide,
            color: cursor.color,
            text: cursor.text_color,
        };
        Some((cursor.line, look))
    }

    /// The half of its period in which blinking text is; it rests where nobody looks.
    fn text_phase(&self, state: &State, now: Instant) -> Phase {
        let looked_at = self.blinking_text && state.focus.window;
        if looked_at { state.blinking.phase(state.typed, now) } else { Phase::STEADY }
    }
}

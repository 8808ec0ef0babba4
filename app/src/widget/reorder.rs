//! A row whose items the mouse takes to other places.
//!
//! An item is dragged once the pointer has moved a few pixels with the button down, so that a click stays a click. While
//! it is dragged a line shows where it would go; Esc leaves it where it was. One that is taken out of reach is another's
//! to place: the row only says where the pointer is.

mod ground;

use iced::advanced::renderer::{self, Quad, Renderer as _};
use iced::advanced::widget::operation::{Focusable, Operation};
use iced::advanced::widget::tree::{self, Tree};
use iced::advanced::widget::{Id, Widget};
use iced::advanced::{Clipboard, Layout, Shell, mouse};
use iced::keyboard::{self, Key, key::Named};
use iced::{Background, Border, Element, Event, Point, Rectangle, Renderer, Theme, Vector};

use super::delegate::{child, delegate};
use crate::theme::{Colors, radius};

pub use ground::Ground;

/// How far the pointer moves before an item moves with it, in logical pixels.
const THRESHOLD: f32 = 6.0;
/// Width of the line that shows where an item goes, in logical pixels.
const LINE: f32 = 3.0;
/// How far beyond the row's visible part it scrolls with each movement of the pointer, in logical pixels.
const STEP: f32 = 16.0;

/// What the mouse, or a key, does with the items; they are numbered from the left, from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    /// The item at `from` is to stand at `to`, which may be where it stands.
    Moved {
        /// Where it was.
        from: usize,
        /// Where it goes.
        to: usize,
    },
    /// The item is out of reach, with the pointer at this point of the window.
    Carried(usize, Point),
    /// It came back.
    Returned,
    /// It was let go of out of reach, at this point of the window.
    Dropped(usize, Point),
    /// A menu for an item was asked for at this point of the window.
    Menu(usize, Point),
    /// An item was double clicked, or F2 was pressed on it.
    Rename(usize),
    /// The row is to be scrolled by so many logical pixels, for an item to be taken further.
    Scroll(f32),
}

/// The row, which may be what a [`Scrollable`](iced::widget::Scrollable) scrolls.
#[expect(missing_debug_implementations, reason = "holds an element")]
pub struct Reorder<'a, Message> {
    row: Element<'a, Message>,
    act: Box<dyn Fn(Act) -> Message + 'a>,
    ground: Option<Ground>,
    reach: Option<Rectangle>,
    incoming: Option<usize>,
}

impl<'a, Message> Reorder<'a, Message> {
    /// Lets the items of `row`, a [`Row`](iced::widget::Row), be dragged.
    pub fn new(row: impl Into<Element<'a, Message>>, act: impl Fn(Act) -> Message + 'a) -> Self {
        Self { row: row.into(), act: Box::new(act), ground: None, reach: None, incoming: None }
    }

    /// Notes in `ground` where the items are.
    #[must_use]
    pub fn ground(mut self, ground: Ground) -> Self {
        self.ground = Some(ground);
        self
    }

    /// Lets items be taken out of this part of the window.
    #[must_use]
    pub fn reach(mut self, reach: Rectangle) -> Self {
        self.reach = Some(reach);
        self
    }

    /// Shows where an item that comes from elsewhere would go.
    #[must_use]
    pub fn incoming(mut self, incoming: Option<usize>) -> Self {
        self.incoming = incoming;
        self
    }

    /// What the mouse does beside pressing what is in the items. Returns whether the items are not to hear of it.
    fn pointer(
        &self,
        state: &mut State,
        event: mouse::Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) -> bool {
        let shift = Vector::new(viewport.x - layout.bounds().x, 0.0);
        match event {
            mouse::Event::ButtonPressed(button) => {
                let Some(point) = cursor.position_over(layout.bounds()) else { return false };
                let Some(item) = item_at(layout, point) else { return false };
                self.pressed(state, button, item, point, point - shift, shell)
            }
            // Beside the row too: the pointer is followed wherever it goes with the button down.
            mouse::Event::CursorMoved { position } => {
                self.moved(state, position, shift, layout, shell, viewport);
                false
            }
            mouse::Event::ButtonReleased(mouse::Button::Left) => {
                let held = std::mem::take(&mut state.held);
                let Some(Held { item, at: Some(at), out, .. }) = held else { return false };
                let act = match out {
                    Some(point) => Act::Dropped(item, point),
                    None => Act::Moved { from: item, to: place(layout, item, at.x) },
                };
                shell.publish((self.act)(act));
                shell.request_redraw();
                true
            }
            _ => false,
        }
    }

    fn pressed(
        &self,
        state: &mut State,
        button: mouse::Button,
        item: usize,
        point: Point,
        in_window: Point,
        shell: &mut Shell<'_, Message>,
    ) -> bool {
        match button {
            mouse::Button::Left => {
                let click = mouse::Click::new(point, button, state.click);
                let double = click.kind() == mouse::click::Kind::Double;
                state.click = Some(click);
                state.held = (!double).then_some(Held { item, from: point, at: None, out: None });
                if double {
                    shell.publish((self.act)(Act::Rename(item)));
                    shell.capture_event();
                }
                double
            }
            mouse::Button::Right => {
                shell.publish((self.act)(Act::Menu(item, in_window)));
                shell.capture_event();
                true
            }
            _ => false,
        }
    }

    fn moved(
        &self,
        state: &mut State,
        in_window: Point,
        shift: Vector,
        layout: Layout<'_>,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        let Some(held) = &mut state.held else { return };
        let point = in_window + shift;
        let out = self.reach.is_some_and(|reach| !reach.contains(in_window));
        if held.at.is_none() && (point.x - held.from.x).abs() < THRESHOLD && !out {
            return;
        }
        held.at = Some(point);
        let was_out = std::mem::replace(&mut held.out, out.then_some(in_window)).is_some();
        if out {
            shell.publish((self.act)(Act::Carried(held.item, in_window)));
            return shell.request_redraw();
        }
        if was_out {
            shell.publish((self.act)(Act::Returned));
        }
        let visible = viewport.x..viewport.x + viewport.width;
        let whole = layout.bounds();
        if point.x < visible.start && visible.start > whole.x {
            shell.publish((self.act)(Act::Scroll(-STEP)));
        } else if point.x > visible.end && visible.end < whole.x + whole.width {
            shell.publish((self.act)(Act::Scroll(STEP)));
        }
        shell.request_redraw();
    }

    /// Esc leaves a dragged item where it was; F2 renames the item that has the keyboard.
    fn key(
        &mut self,
        tree: &mut Tree,
        event: &keyboard::Event,
        layout: Layout<'_>,
        renderer: &Renderer,
        shell: &mut Shell<'_, Message>,
    ) {
        let keyboard::Event::KeyPressed { key: Key::Named(key), modifiers, .. } = event else { return };
        let state = tree.state.downcast_mut::<State>();
        match (key, &state.held) {
            (Named::Escape, Some(Held { item, at: Some(_), out, .. })) => {
                if out.is_some() {
                    shell.publish((self.act)(Act::Returned));
                }
                // Where it stands: so that the keyboard goes back from here.
                shell.publish((self.act)(Act::Moved { from: *item, to: *item }));
                state.held = None;
                shell.capture_event();
                shell.request_redraw();
            }
            (Named::F2, _) if modifiers.is_empty() => {
                let mut focused = Focused(None);
                self.row.as_widget_mut().operate(child(tree), layout, renderer, &mut focused);
                if let Some(item) = focused.0.and_then(|bounds| item_at(layout, bounds.center())) {
                    shell.publish((self.act)(Act::Rename(item)));
                    shell.capture_event();
                }
            }
            _ => {}
        }
    }
}

/// What is known between events.
#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    click: Option<mouse::Click>,
}

/// An item with the button down on it.
#[derive(Debug)]
struct Held {
    item: usize,
    /// Where the button went down.
    from: Point,
    /// Where the pointer is, once the item goes with it.
    at: Option<Point>,
    /// The same in the window, while the item is out of reach.
    out: Option<Point>,
}

/// Finds what has the keyboard.
struct Focused(Option<Rectangle>);

impl Operation for Focused {
    fn traverse(&mut self, operate: &mut dyn FnMut(&mut dyn Operation)) {
        operate(self);
    }

    fn focusable(&mut self, _id: Option<&Id>, bounds: Rectangle, state: &mut dyn Focusable) {
        if state.is_focused() {
            self.0 = Some(bounds);
        }
    }
}

/// The item at a point.
fn item_at(layout: Layout<'_>, point: Point) -> Option<usize> {
    layout.children().position(|item| item.bounds().contains(point))
}

/// Where the item `from` goes when it is let go of at `x`: beyond those whose middle it has passed.
fn place(layout: Layout<'_>, from: usize, x: f32) -> usize {
    let others = layout.children().enumerate().filter(|(index, _)| *index != from);
    others.filter(|(_, item)| item.bounds().center_x() < x).count()
}

/// The line where an item that goes to `to` would begin; `from` is where it is, if it is in the row.
fn line(layout: Layout<'_>, from: Option<usize>, to: usize) -> Option<Rectangle> {
    let last = layout.children().count().checked_sub(1)?;
    let after = from.map_or(to > last, |from| to > from);
    let index = to.min(last);
    let item = layout.children().nth(index)?.bounds();
    let edge = if after { item.x + item.width } else { item.x };
    let row = layout.bounds();
    // Half in the gap beside it; at the ends there is none.
    let x = (edge - LINE / 2.0 + if after { 2.0 } else { -2.0 }).clamp(row.x, (row.x + row.width - LINE).max(row.x));
    Some(Rectangle { x, y: item.y, width: LINE, height: item.height })
}

impl<Message> Widget<Message, Theme, Renderer> for Reorder<'_, Message> {
    fn tag(&self) -> tree::Tag {
        tree::Tag::of::<State>()
    }

    fn state(&self) -> tree::State {
        tree::State::new(State::default())
    }

    delegate!(row, parent: children, diff, size, layout, operate, overlay);

    fn update(
        &mut self,
        tree: &mut Tree,
        event: &Event,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        renderer: &Renderer,
        clipboard: &mut dyn Clipboard,
        shell: &mut Shell<'_, Message>,
        viewport: &Rectangle,
    ) {
        if let Some(ground) = &self.ground {
            let shift = Vector::new(viewport.x - layout.bounds().x, 0.0);
            ground.note(layout.children().map(|item| item.bounds() - shift));
        }
        let taken = match event {
            Event::Mouse(event) => {
                let state = tree.state.downcast_mut::<State>();
                // An item that closed by itself is no longer dragged.
                let _gone = state.held.take_if(|held| held.item >= layout.children().count());
                self.pointer(state, *event, layout, cursor, shell, viewport)
            }
            Event::Keyboard(event) => {
                self.key(tree, event, layout, renderer, shell);
                false
            }
            _ => false,
        };
        // What was pressed in an item is let go of elsewhere: a drag is no click.
        let cursor = if taken { mouse::Cursor::Unavailable } else { cursor };
        if !shell.is_event_captured() {
            let row = self.row.as_widget_mut();
            row.update(child(tree), event, layout, cursor, renderer, clipboard, shell, viewport);
        }
    }

    fn draw(
        &self,
        tree: &Tree,
        renderer: &mut Renderer,
        theme: &Theme,
        style: &renderer::Style,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
    ) {
        if let Some(child) = tree.children.first() {
            self.row.as_widget().draw(child, renderer, theme, style, layout, cursor, viewport);
        }
        let accent = Colors::of(theme).accent_text;
        if let Some(bounds) = self.incoming.and_then(|to| line(layout, None, to)) {
            renderer.with_layer(*viewport, |renderer| {
                renderer.fill_quad(Quad { bounds, ..Quad::default() }, Background::Color(accent));
            });
        }
        let held = &tree.state.downcast_ref::<State>().held;
        let Some(Held { item, from, at: Some(at), out }) = held else { return };
        if out.is_some() {
            // It is elsewhere; this is the place that it left.
            if let Some(left) = layout.children().nth(*item) {
                let border = Border { color: accent, width: 1.0, radius: radius::CONTROL.into() };
                renderer.with_layer(*viewport, |renderer| {
                    let place = Quad { bounds: left.bounds(), border, ..Quad::default() };
                    renderer.fill_quad(place, accent.scale_alpha(0.15));
                });
            }
            return;
        }
        let border = Border { color: accent, width: 1.0, radius: radius::CONTROL.into() };
        renderer.with_layer(*viewport, |renderer| {
            if let Some(dragged) = layout.children().nth(*item) {
                let bounds = dragged.bounds() + Vector::new(at.x - from.x, 0.0);
                renderer.fill_quad(Quad { bounds, border, ..Quad::default() }, accent.scale_alpha(0.15));
            }
            if let Some(bounds) = line(layout, Some(*item), place(layout, *item, at.x)) {
                renderer.fill_quad(Quad { bounds, ..Quad::default() }, Background::Color(accent));
            }
        });
    }

    fn mouse_interaction(
        &self,
        tree: &Tree,
        layout: Layout<'_>,
        cursor: mouse::Cursor,
        viewport: &Rectangle,
        renderer: &Renderer,
    ) -> mouse::Interaction {
        match (&tree.state.downcast_ref::<State>().held, tree.children.first()) {
            (Some(Held { at: Some(_), .. }), _) => mouse::Interaction::Grabbing,
            (_, Some(child)) => self.row.as_widget().mouse_interaction(child, layout, cursor, viewport, renderer),
            (_, None) => mouse::Interaction::default(),
        }
    }
}

impl<'a, Message: 'a> From<Reorder<'a, Message>> for Element<'a, Message> {
    fn from(reorder: Reorder<'a, Message>) -> Self {
        Self::new(reorder)
    }
}

#[cfg(test)]
mod tests;

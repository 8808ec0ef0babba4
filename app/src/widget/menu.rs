//! Menus that open where they are asked for.

use iced::widget::{Column, Container, container, float, mouse_area, opaque, row, space as blank};
use iced::{Alignment, Element, Length, Padding, Point, Rectangle, Vector};

use crate::theme::space;
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, card, elided, label, scroll};

/// The menu over everything that shows it, `width` logical pixels wide and with a corner at `at`; a press beside it means
/// `dismissed`.
pub fn over<'a, Message: Clone + 'a>(
    at: Point,
    width: f32,
    entries: Column<'a, Message>,
    dismissed: Message,
) -> Element<'a, Message> {
    let menu = float(surface(width, entries)).translate(move |bounds, viewport| shift(at, bounds, viewport));
    layer(container(menu).width(Length::Fill).height(Length::Fill), dismissed)
}

/// The same, at the right edge and `top` logical pixels below the upper one.
pub fn at_right<'a, Message: Clone + 'a>(
    top: f32,
    width: f32,
    entries: Column<'a, Message>,
    dismissed: Message,
) -> Element<'a, Message> {
    let around = Padding { top, bottom: space::S, left: space::S, right: space::S };
    layer(container(surface(width, entries)).align_right(Length::Fill).height(Length::Fill).padding(around), dismissed)
}

fn surface<'a, Message: 'a>(width: f32, entries: Column<'a, Message>) -> Element<'a, Message> {
    // It may be higher than what shows it. Presses between the entries must not close it.
    opaque(container(scroll::beside(entries)).padding(space::XS).width(width).style(card::floating))
}

fn layer<'a, Message: Clone + 'a>(layer: Container<'a, Message>, dismissed: Message) -> Element<'a, Message> {
    opaque(mouse_area(layer).on_press(dismissed.clone()).on_right_press(dismissed))
}

/// From where it was laid out to where it was asked for, but inside of the window.
fn shift(at: Point, bounds: Rectangle, viewport: Rectangle) -> Vector {
    let right = viewport.x + viewport.width - bounds.width - space::XS;
    let bottom = viewport.y + viewport.height - bounds.height - space::XS;
    let x = at.x.min(right).max(viewport.x);
    let y = at.y.min(bottom).max(viewport.y);
    Vector::new(x - bounds.x, y - bounds.y)
}

/// A line between groups of entries.
pub fn line<'a, Message: 'a>() -> Element<'a, Message> {
    let line = container(blank().height(1)).width(Length::Fill).style(card::hairline);
    container(line).padding([space::XS, 0.0]).into()
}

/// An entry with the keys that do the same; without a message it cannot be chosen.
pub fn entry<'a, Message: Clone + 'a>(
    icon: Icon,
    name: &'a str,
    key: String,
    message: Option<Message>,
) -> Button<'a, Message> {
    let name = elided::body(name);
    let name = if message.is_some() { name } else { name.style(label::muted_style) };
    // A menu in a narrow pane is narrow too: the key is what its reader came to learn.
    let name = container(name).width(Length::Fill);
    let content = row![icon.text().style(label::muted_style), name, label::hint(key)]
        .spacing(space::S)
        .align_y(Alignment::Center);
    Button::new(content)
        .kind(Kind::Item { selected: false })
        .width(Length::Fill)
        .padding([space::XS + 2.0, space::S])
        .on_press_maybe(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_opens_where_it_was_asked_for_and_stays_inside_of_its_window() {
        let viewport = Rectangle { x: 0.0, y: 0.0, width: 800.0, height: 600.0 };
        let bounds = Rectangle { x: 0.0, y: 44.0, width: 250.0, height: 160.0 };
        let corner = |x, y| bounds.position() + shift(Point::new(x, y), bounds, viewport);
        assert_eq!(corner(10.0, 70.0), Point::new(10.0, 70.0));
        let last = corner(799.0, 599.0);
        assert!(last.x + 250.0 <= 800.0 && last.y + 160.0 <= 600.0, "{last:?}");
    }
}

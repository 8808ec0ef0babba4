//! One of a few words, side by side: a choice that can be seen whole and made with one press.

use iced::Element;
use iced::widget::{Row, container};

use super::button::{Button, Kind};
use super::{card, label};
use crate::theme::space;

/// The words in their order, the chosen one outlined; `choose` says what pressing one means. They wrap where they do not fit.
pub fn segments<'a, T: Copy + PartialEq + 'a, Message: Clone + 'a>(
    words: impl IntoIterator<Item = (T, &'a str)>,
    chosen: T,
    choose: impl Fn(T) -> Message,
) -> Element<'a, Message> {
    let buttons = words.into_iter().map(|(value, word)| {
        Button::new(label::body(word))
            .kind(if value == chosen { Kind::Secondary } else { Kind::Item { selected: false } })
            .padding([space::XS, space::S])
            .on_press(choose(value))
            .into()
    });
    container(Row::with_children(buttons).spacing(2).wrap()).padding(2).style(card::inset).into()
}

//! The tab bar: the hosts, the tabs, and the way to another one.

use iced::widget::{column, container, mouse_area, responsive, row};
use iced::{Alignment, Element, Length, Padding};

use super::frame::Message;
use crate::tab::{self, Tab};
use crate::theme::{size, space};
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, card, label, scroll, tooltip};

/// Height of the bar in logical pixels.
pub(super) const HEIGHT: f32 = 44.0;
/// Widest and narrowest that a tab gets, in logical pixels; beyond that the bar scrolls.
const WIDEST: f32 = 220.0;
const NARROWEST: f32 = 104.0;
/// Room for the two buttons beside the tabs.
const BUTTONS: f32 = 96.0;
/// How many characters of a title reach a tab at most; what does not fit is clipped.
const TITLE: usize = 80;

/// The bar for these tabs.
pub(super) fn view(tabs: &[Tab], shown: Option<tab::Id>) -> Element<'_, Message> {
    let bar = responsive(move |available| {
        let width = width(available.width, tabs.len());
        let tabs = tabs.iter().map(|tab| item(tab, shown == Some(tab.id()), width));
        let tabs = scroll::horizontal(iced::widget::Row::with_children(tabs).spacing(space::XS));
        let hosts = Button::icon(Icon::Server).kind(Kind::Item { selected: shown.is_none() }).on_press(Message::Home);
        let new = Button::icon(Icon::Plus).on_press(Message::New);
        row![tooltip::below(hosts, "Hosts"), tabs, tooltip::below(new, "New tab (Ctrl+Shift+T)")]
            .spacing(space::XS)
            .align_y(Alignment::Center)
            .height(Length::Fill)
            .into()
    });
    let bar = container(bar).height(HEIGHT).width(Length::Fill).padding([0.0, space::S]).style(card::bar);
    let line = container(iced::widget::space().height(1)).width(Length::Fill).style(card::hairline);
    column![bar, line].into()
}

/// How wide each of so many tabs is.
fn width(available: f32, tabs: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "nobody opens so many tabs that an f32 miscounts them")]
    let share = (available - BUTTONS) / tabs.max(1) as f32 - space::XS;
    share.clamp(NARROWEST, WIDEST)
}

fn item(tab: &Tab, selected: bool, width: f32) -> Element<'_, Message> {
    let id = tab.id();
    let title: String = tab.title().chars().take(TITLE).collect();
    let title =
        container(label::body(title).wrapping(iced::widget::text::Wrapping::None)).width(Length::Fill).clip(true);
    let close =
        Button::new(Icon::X.sized(size::BODY)).kind(Kind::Ghost).padding(space::XS).on_press(Message::Close(id));
    let content = row![tab.mark().icon(), title, close].spacing(space::S).align_y(Alignment::Center);
    let button = Button::new(content)
        .kind(Kind::Item { selected })
        .padding(Padding { left: space::S, right: space::XS, top: space::XS, bottom: space::XS })
        .width(width)
        .on_press(Message::Show(id));
    let tip = format!("{}\n{}", tab.title(), tab.mark().meaning());
    tooltip::below(mouse_area(button).on_middle_release(Message::Close(id)), tip).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_shrink_to_fit_and_no_further() {
        assert!((width(1000.0, 1) - WIDEST).abs() < f32::EPSILON);
        let six = width(1000.0, 6);
        assert!(six < WIDEST && six > NARROWEST && 6.0 * (six + space::XS) + BUTTONS <= 1000.0);
        assert!((width(1000.0, 40) - NARROWEST).abs() < f32::EPSILON);
        assert!((width(0.0, 0) - NARROWEST).abs() < f32::EPSILON);
    }
}

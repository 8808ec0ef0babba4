//! The tab bar: the hosts, the tabs, and the way to another one.

use iced::mouse::ScrollDelta;
use iced::widget::{Id, column, container, mouse_area, operation, responsive, row, scrollable};
use iced::{Alignment, Element, Length, Padding, Task};

use term::terminal::Progress;

use super::frame::Message;
use super::{Bindings, Shortcut};
use crate::tab::{self, Tab};
use crate::theme::{size, space};
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, card, elided, label, scroll, tooltip};

/// Height of the bar in logical pixels.
pub(super) const HEIGHT: f32 = 44.0;
/// Widest and narrowest that a tab gets, in logical pixels; beyond that the bar scrolls.
const WIDEST: f32 = 220.0;
const NARROWEST: f32 = 132.0;
/// Room for the four buttons beside the tabs.
const BUTTONS: f32 = 180.0;
/// How many characters of a title are looked at; no tab shows more.
const TITLE: usize = 120;

/// What is shown below the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The hosts.
    Hosts,
    /// A tab.
    Tab(tab::Id),
    /// The settings.
    Settings,
}

/// The bar of one window.
#[derive(Debug)]
pub(super) struct TabBar {
    /// What scrolls the tabs.
    id: Id,
}

impl TabBar {
    pub(super) fn new() -> Self {
        Self { id: Id::unique() }
    }

    /// The bar for these tabs.
    pub(super) fn view<'a>(&self, tabs: &'a [Tab], shown: Shown, bindings: &'a Bindings) -> Element<'a, Message> {
        let id = self.id.clone();
        let bar = responsive(move |available| {
            let width = width(available.width, tabs.len());
            let tabs = tabs.iter().map(|tab| item(tab, shown == Shown::Tab(tab.id()), width));
            // The wheel turns up and down, the tabs lie side by side.
            let tabs = mouse_area(iced::widget::Row::with_children(tabs).spacing(space::XS))
                .on_scroll(|delta| Message::ScrollTabs(distance(delta)));
            let tabs = scroll::horizontal(tabs).id(id.clone());
            let hosts =
                Button::icon(Icon::Server).kind(Kind::Item { selected: shown == Shown::Hosts }).on_press(Message::Home);
            let new = Button::icon(Icon::Plus).on_press(Message::New);
            // The tabs take what they need, up to what the buttons beside them leave.
            let tabs = container(tabs).max_width((available.width - BUTTONS).max(0.0));
            let settings = Button::icon(Icon::Settings)
                .kind(Kind::Item { selected: shown == Shown::Settings })
                .on_press(Message::OpenSettings);
            let new = tooltip::below(new, bindings.label(Shortcut::NewTab, "New tab"));
            let commands = Button::icon(Icon::Menu).on_press(Message::OpenPalette);
            let commands = tooltip::below(commands, bindings.label(Shortcut::Palette, "All commands"));
            let settings = tooltip::below(settings, bindings.label(Shortcut::Settings, "Settings"));
            row![tooltip::below(hosts, "Hosts"), tabs, new, iced::widget::space::horizontal(), commands, settings]
                .spacing(space::XS)
                .align_y(Alignment::Center)
                .height(Length::Fill)
                .into()
        });
        let bar = container(bar).height(HEIGHT).width(Length::Fill).padding([0.0, space::S]).style(card::bar);
        let line = container(iced::widget::space().height(1)).width(Length::Fill).style(card::hairline);
        column![bar, line].into()
    }

    /// Scrolls the tabs by so many logical pixels.
    pub(super) fn scroll<T: Send + 'static>(&self, distance: f32) -> Task<T> {
        operation::scroll_by(self.id.clone(), scrollable::AbsoluteOffset { x: distance, y: 0.0 })
    }

    /// Scrolls the tab at `position` of `tabs` into sight, in a window of this width.
    pub(super) fn reveal<T: Send + 'static>(&self, position: usize, tabs: usize, window: f32) -> Task<T> {
        let x = offset(position, tabs, window - 2.0 * space::S);
        operation::scroll_to(self.id.clone(), scrollable::AbsoluteOffset { x, y: 0.0 })
    }
}

/// How far the bar is to be scrolled so that the tab at `position` is in its middle, or as near as its ends allow.
#[expect(clippy::cast_precision_loss, reason = "nobody opens so many tabs that an f32 miscounts them")]
fn offset(position: usize, tabs: usize, available: f32) -> f32 {
    let width = width(available, tabs);
    let step = width + space::XS;
    let visible = (available - BUTTONS).max(0.0);
    let whole = tabs as f32 * step - space::XS;
    (position as f32 * step + (width - visible) / 2.0).clamp(0.0, (whole - visible).max(0.0))
}

/// How far a turn of the wheel scrolls, in logical pixels; downwards is to the right, and so is sideways.
fn distance(delta: ScrollDelta) -> f32 {
    match delta {
        ScrollDelta::Lines { x, y } => -(x + y) * NARROWEST / 2.0,
        ScrollDelta::Pixels { x, y } => -(x + y),
    }
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
    let title = container(elided::body(title)).width(Length::Fill);
    let close =
        Button::new(Icon::X.sized(size::BODY)).kind(Kind::Ghost).padding(space::XS).on_press(Message::Close(id));
    let fed = tab.is_fed().then(|| Icon::Zap.sized(size::BODY).style(label::warning_style));
    let content = row![tab.mark().icon(), fed, title, tab.pane().progress().map(progress), close]
        .spacing(space::S)
        .align_y(Alignment::Center);
    let button = Button::new(content)
        .kind(Kind::Item { selected })
        .padding(Padding { left: space::S, right: space::XS, top: space::XS, bottom: space::XS })
        .width(width)
        .on_press(Message::Show(id));
    let directory = tab.pane().directory().map(|directory| format!("\nin {directory}")).unwrap_or_default();
    let tip = format!("{}\n{}{directory}", tab.title(), tab.mark().meaning());
    tooltip::below(mouse_area(button).on_middle_release(Message::Close(id)), tip).into()
}

/// How far a program in a tab is.
fn progress<'a>(progress: Progress) -> Element<'a, Message> {
    match progress {
        Progress::Percent(percent) => label::hint(format!("{percent} %")).into(),
        Progress::Indeterminate => Icon::Loader.sized(size::SMALL).style(label::muted_style).into(),
        Progress::Failed => Icon::CircleAlert.sized(size::SMALL).style(label::danger_style).into(),
        Progress::Paused => label::hint("paused").into(),
    }
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

    #[test]
    fn the_tab_in_front_is_in_sight_wherever_it_stands() {
        let (window, tabs) = (700.0, 20);
        let (visible, step) = (window - BUTTONS, NARROWEST + space::XS);
        for position in 0..tabs {
            let left = f32::from(u8::try_from(position).unwrap_or_default()) * step - offset(position, tabs, window);
            assert!(left >= 0.0 && left + NARROWEST <= visible, "{position}: {left}");
        }
        assert!(offset(0, tabs, window).abs() < f32::EPSILON && offset(2, 3, 1000.0).abs() < f32::EPSILON);
    }
}

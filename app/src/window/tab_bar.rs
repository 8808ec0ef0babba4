//! The tab bar: the hosts, the tabs, and the way to another one.

use iced::mouse::ScrollDelta;
use iced::widget::{Id, column, container, mouse_area, operation, responsive, row, scrollable};
use iced::{Alignment, Background, Border, Element, Length, Padding, Rectangle, Task};

use term::terminal::Progress;

use super::frame::Message;
use super::{Bindings, Shortcut};
use crate::pane::Pane;
use crate::tab::{self, Tab};
use crate::theme::{Hue, size, space};
use crate::widget::button::{Button, Kind};
use crate::widget::reorder::{Ground, Reorder};
use crate::widget::{Icon, card, elided, label, scroll, tooltip};

/// Height of the bar in logical pixels.
pub(super) const HEIGHT: f32 = 44.0;
/// Widest and narrowest that a tab gets, in logical pixels; beyond that the bar scrolls.
const WIDEST: f32 = 220.0;
const NARROWEST: f32 = 132.0;
/// Room for the four buttons that are always beside the tabs, and for each more.
const BUTTONS: f32 = 180.0;
const BUTTON: f32 = 40.0;
/// How far beyond the bar a tab is taken before it leaves it, in logical pixels.
const SLACK: f32 = 24.0;
/// Height of the line that shows a tab's colour, in logical pixels.
const COLOR: f32 = 3.0;
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
    /// Where the tabs are.
    ground: Ground,
}

impl TabBar {
    pub(super) fn new() -> Self {
        Self { id: Id::unique(), ground: Ground::default() }
    }

    /// Where the tabs are.
    pub(super) fn ground(&self) -> &Ground {
        &self.ground
    }

    /// The bar for these tabs.
    pub(super) fn view<'a>(
        &self,
        tabs: &'a [Tab],
        shown: Shown,
        full_screen: bool,
        incoming: Option<usize>,
        bindings: &'a Bindings,
    ) -> Element<'a, Message> {
        let (id, ground) = (self.id.clone(), self.ground.clone());
        let bar = responsive(move |available| {
            let room = Room::new(available.width, tabs.len(), full_screen);
            let items = tabs.iter().map(|tab| item(tab, shown == Shown::Tab(tab.id()), room.width));
            let reach =
                Rectangle { x: 0.0, y: -SLACK, width: available.width + 2.0 * space::S, height: HEIGHT + 2.0 * SLACK };
            let items = Reorder::new(iced::widget::Row::with_children(items).spacing(space::XS), Message::Bar);
            let items = items.ground(ground.clone()).reach(reach).incoming(incoming);
            // The wheel turns up and down, the tabs lie side by side.
            let items = mouse_area(items).on_scroll(|delta| Message::ScrollTabs(distance(delta)));
            // The tabs take what they need, up to what the buttons beside them leave.
            let items = container(scroll::horizontal(items).id(id.clone())).max_width(room.visible);
            let button = |icon, message, tip: String| tooltip::below(Button::icon(icon).on_press(message), tip);
            let place = |icon, selected, message, tip: String| {
                tooltip::below(Button::icon(icon).kind(Kind::Item { selected }).on_press(message), tip)
            };
            let list = room.overflows.then(|| {
                let tip = format!("All {} tabs", tabs.len());
                button(Icon::ChevronDown, Message::ListTabs, bindings.label(Shortcut::ListTabs, &tip))
            });
            let leave = full_screen.then(|| {
                let tip = bindings.label(Shortcut::FullScreen, "Leave full screen");
                place(Icon::Maximize, true, Message::LeaveFullScreen, tip)
            });
            // Nobody could see a line between tabs where there are none.
            let first =
                (incoming.is_some() && tabs.is_empty()).then(|| label::hint("Drop it here").style(label::accent_style));
            row![
                place(Icon::Server, shown == Shown::Hosts, Message::Home, "Hosts".to_owned()),
                items,
                first,
                list,
                button(Icon::Plus, Message::New, bindings.label(Shortcut::NewTab, "New tab")),
                iced::widget::space::horizontal(),
                leave,
                button(Icon::Menu, Message::OpenPalette, bindings.label(Shortcut::Palette, "All commands")),
                place(
                    Icon::Settings,
                    shown == Shown::Settings,
                    Message::OpenSettings,
                    bindings.label(Shortcut::Settings, "Settings")
                ),
            ]
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
    pub(super) fn reveal<T: Send + 'static>(
        &self,
        position: usize,
        tabs: usize,
        full_screen: bool,
        window: f32,
    ) -> Task<T> {
        let x = Room::new(window - 2.0 * space::S, tabs, full_screen).offset(position, tabs);
        operation::scroll_to(self.id.clone(), scrollable::AbsoluteOffset { x, y: 0.0 })
    }
}

/// What room the tabs have in a bar.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// How much of them can be seen, in logical pixels.
    visible: f32,
    /// How wide each is, in logical pixels.
    width: f32,
    /// Whether they do not fit.
    overflows: bool,
}

impl Room {
    /// That of so many tabs in a bar of this width; a window that fills the screen has one more button.
    #[expect(clippy::cast_precision_loss, reason = "nobody opens so many tabs that an f32 miscounts them")]
    fn new(available: f32, tabs: usize, full_screen: bool) -> Self {
        let visible = available - BUTTONS - if full_screen { BUTTON } else { 0.0 };
        let share = |visible: f32| visible / tabs.max(1) as f32 - space::XS;
        let overflows = tabs > 0 && share(visible) < NARROWEST;
        let visible = if overflows { visible - BUTTON } else { visible };
        Self { visible: visible.max(0.0), width: share(visible).clamp(NARROWEST, WIDEST), overflows }
    }

    /// How far the bar is to be scrolled so that the tab at `position` is in its middle, or as near as its ends allow.
    #[expect(clippy::cast_precision_loss, reason = "nobody opens so many tabs that an f32 miscounts them")]
    fn offset(self, position: usize, tabs: usize) -> f32 {
        let step = self.width + space::XS;
        let whole = tabs as f32 * step - space::XS;
        let centred = position as f32 * step + (self.width - self.visible) / 2.0;
        centred.clamp(0.0, (whole - self.visible).max(0.0))
    }
}

/// How far a turn of the wheel scrolls, in logical pixels; downwards is to the right, and so is sideways.
fn distance(delta: ScrollDelta) -> f32 {
    match delta {
        ScrollDelta::Lines { x, y } => -(x + y) * NARROWEST / 2.0,
        ScrollDelta::Pixels { x, y } => -(x + y),
    }
}

fn item(tab: &Tab, selected: bool, width: f32) -> Element<'_, Message> {
    let id = tab.id();
    let title: String = tab.title().chars().take(TITLE).collect();
    let title = container(elided::body(title)).width(Length::Fill);
    let close =
        Button::new(Icon::X.sized(size::BODY)).kind(Kind::Ghost).padding(space::XS).on_press(Message::Close(id));
    let logged = tab.logged().next();
    let fed = tab.is_fed().then(|| Icon::Zap.sized(size::BODY).style(label::warning_style));
    let content =
        row![tab.mark().icon(), fed, logged.map(|_| log_mark(id)), title, tab.pane().progress().map(progress), close]
            .spacing(space::S)
            .align_y(Alignment::Center);
    let button = Button::new(content)
        .kind(Kind::Item { selected })
        .padding(Padding { left: space::S, right: space::XS, top: space::XS, bottom: space::XS })
        .width(width)
        .on_press(Message::Show(id));
    let directory = tab.pane().directory().map(|directory| format!("\nin {directory}")).unwrap_or_default();
    let log = logged.and_then(log_file).unwrap_or_default();
    let tip = format!("{}\n{}{directory}{log}", tab.title(), tab.mark().meaning());
    let button = tooltip::below(mouse_area(button).on_middle_release(Message::Close(id)), tip);
    column![button, color(tab.hue())].align_x(Alignment::Center).width(width).into()
}

/// Says that a session is logged, and leads to what can be done about it. The tab's tooltip explains it: two would lie
/// over each other.
fn log_mark<'a>(id: tab::Id) -> Button<'a, Message> {
    let dot = label::body("●").size(size::SMALL).style(label::danger_style);
    Button::new(dot).kind(Kind::Ghost).padding(0.0).on_press(Message::LogMark(id))
}

/// What the tooltip says of a log.
fn log_file(pane: &Pane) -> Option<String> {
    Some(format!(
        "\nLogging to {}\nPress the red dot to stop it, or to show it in its folder",
        pane.log_file()?.display()
    ))
}

/// The line below a tab that shows its colour; without one it takes its room all the same.
fn color<'a>(hue: Option<Hue>) -> Element<'a, Message> {
    let line = container(iced::widget::space().height(COLOR)).width(Length::Fill);
    let line = line.style(move |_| container::Style {
        background: hue.map(|hue| Background::Color(hue.color())),
        border: Border { radius: (COLOR / 2.0).into(), ..Border::default() },
        ..container::Style::default()
    });
    container(line).padding([0.0, space::S]).into()
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
        let width = |available, tabs| Room::new(available, tabs, false).width;
        assert!((width(1000.0, 1) - WIDEST).abs() < f32::EPSILON);
        let six = width(1000.0, 6);
        assert!(six < WIDEST && six > NARROWEST && 6.0 * (six + space::XS) + BUTTONS <= 1000.0);
        assert!((width(1000.0, 40) - NARROWEST).abs() < f32::EPSILON);
        assert!((width(0.0, 0) - NARROWEST).abs() < f32::EPSILON);
    }

    #[test]
    fn a_list_is_offered_where_tabs_do_not_fit_and_finds_room_beside_them() {
        assert!(!Room::new(1000.0, 6, false).overflows && !Room::new(0.0, 0, false).overflows);
        for (tabs, full_screen) in [(7, false), (6, true), (40, false)] {
            let room = Room::new(1000.0, tabs, full_screen);
            let buttons = BUTTONS + BUTTON + if full_screen { BUTTON } else { 0.0 };
            assert!(room.overflows && room.visible + buttons <= 1000.0, "{tabs}: {room:?}");
        }
    }

    #[test]
    fn the_tab_in_front_is_in_sight_wherever_it_stands() {
        let (tabs, room) = (20, Room::new(700.0, 20, false));
        let step = NARROWEST + space::XS;
        for position in 0..tabs {
            let left = f32::from(u8::try_from(position).unwrap_or_default()) * step - room.offset(position, tabs);
            assert!(left >= 0.0 && left + NARROWEST <= room.visible, "{position}: {left}");
        }
        let wide = Room::new(1000.0, 3, false);
        assert!(room.offset(0, tabs).abs() < f32::EPSILON && wide.offset(2, 3).abs() < f32::EPSILON);
    }
}

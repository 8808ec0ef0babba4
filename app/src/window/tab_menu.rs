//! The menus of the tab bar: what can be done with a tab, and the list of all tabs.

use iced::widget::{Column, Id, Row, column, container, row, space as blank};
use iced::{Alignment, Background, Border, Element, Length, Point};

use super::tab_bar::HEIGHT;
use super::{Bindings, Shortcut};
use crate::tab::{self, Tab};
use crate::theme::{Colors, Hue, size, space};
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, elided, menu, tooltip};

/// Width of a tab's menu and of the list, in logical pixels.
const MENU: f32 = 250.0;
const LIST: f32 = 320.0;
/// How many characters of a title are looked at.
const TITLE: usize = 120;

/// An open menu.
#[derive(Debug, Clone)]
pub struct TabMenu {
    what: What,
    /// Its first entry, where the keyboard belongs.
    first: Id,
}

/// What a menu is about.
#[derive(Debug, Clone, Copy)]
enum What {
    /// A tab, at this point of the window.
    Tab(tab::Id, Point),
    /// All tabs.
    All,
}

/// What is chosen.
#[derive(Debug, Clone)]
pub enum Message {
    /// This command is to be done with this tab.
    Command(tab::Id, Shortcut),
    /// The tab gets this colour.
    Color(tab::Id, Option<Hue>),
    /// The tab comes to the front.
    Show(tab::Id),
    /// Nothing.
    Dismissed,
}

impl TabMenu {
    /// The menu of a tab, with its corner at this point of the window.
    pub fn of(tab: tab::Id, at: Point) -> Self {
        Self { what: What::Tab(tab, at), first: Id::unique() }
    }

    /// The list of all tabs.
    pub fn all() -> Self {
        Self { what: What::All, first: Id::unique() }
    }

    /// Where the keyboard belongs.
    pub fn home(&self) -> Id {
        self.first.clone()
    }

    /// The menu over the window of these tabs, one of which may be in front.
    pub fn view<'a>(&self, tabs: &'a [Tab], shown: Option<tab::Id>, bindings: &Bindings) -> Element<'a, Message> {
        match self.what {
            What::Tab(id, at) => {
                let position = tabs.iter().position(|tab| tab.id() == id).unwrap_or_default();
                let hue = tabs.get(position).and_then(Tab::hue);
                let entries = self.entries(id, hue, tabs.len(), position + 1 < tabs.len(), bindings);
                menu::over(at, MENU, entries, Message::Dismissed)
            }
            What::All => {
                let entries = tabs.iter().enumerate().map(|(index, tab)| {
                    let entry = listed(tab, shown == Some(tab.id()));
                    if index == 0 { entry.id(self.first.clone()).into() } else { entry.into() }
                });
                menu::at_right(HEIGHT, LIST, Column::with_children(entries), Message::Dismissed)
            }
        }
    }

    fn entries<'a>(
        &self,
        id: tab::Id,
        hue: Option<Hue>,
        tabs: usize,
        to_the_right: bool,
        bindings: &Bindings,
    ) -> Column<'a, Message> {
        let entry = |icon, name, shortcut, applies: bool| {
            menu::entry(icon, name, bindings.hint(shortcut), applies.then_some(Message::Command(id, shortcut)))
        };
        let several = tabs > 1;
        column![
            entry(Icon::Pencil, "Rename…", Shortcut::RenameTab, true).id(self.first.clone()),
            container(colors(hue, move |hue| Message::Color(id, hue))).padding([space::XS, space::XS]),
            menu::line(),
            entry(Icon::Columns2, "Split right", Shortcut::SplitRight, true),
            entry(Icon::Rows2, "Split down", Shortcut::SplitDown, true),
            entry(Icon::AppWindow, "Move to a new window", Shortcut::TabToWindow, several),
            menu::line(),
            entry(Icon::X, "Close", Shortcut::CloseTab, true),
            entry(Icon::X, "Close others", Shortcut::CloseOtherTabs, several),
            entry(Icon::X, "Close those to the right", Shortcut::CloseTabsToRight, to_the_right),
        ]
    }
}

/// A line of the list.
fn listed(tab: &Tab, shown: bool) -> Button<'_, Message> {
    let title: String = tab.title().chars().take(TITLE).collect();
    let title = container(elided::body(title)).width(Length::Fill);
    let content = row![tab.mark().icon(), title, tab.hue().map(|hue| dot(Some(hue)))];
    Button::new(content.spacing(space::S).align_y(Alignment::Center))
        .kind(Kind::Item { selected: shown })
        .width(Length::Fill)
        .padding([space::XS + 2.0, space::S])
        .on_press(Message::Show(tab.id()))
}

/// The colours to choose from, the first of which is none.
pub fn colors<'a, M: Clone + 'a>(chosen: Option<Hue>, choose: impl Fn(Option<Hue>) -> M + 'a) -> Row<'a, M> {
    let all = std::iter::once(None).chain(Hue::ALL.map(Some));
    let dots = all.map(|hue| {
        let button = Button::new(dot(hue)).padding(space::XS).kind(Kind::Item { selected: hue == chosen });
        tooltip::below(button.on_press(choose(hue)), hue.map_or("No colour", Hue::name)).into()
    });
    Row::with_children(dots).spacing(2)
}

/// A colour as a dot; none is an empty ring.
fn dot<'a, M: 'a>(hue: Option<Hue>) -> Element<'a, M> {
    let side = size::BODY + 2.0;
    container(blank().width(side).height(side))
        .style(move |theme| {
            let ring = Border { color: Colors::of(theme).outline, width: 1.0, radius: (side / 2.0).into() };
            let background = hue.map(|hue| Background::Color(hue.color()));
            let border = if hue.is_some() { Border { width: 0.0, ..ring } } else { ring };
            container::Style { background, border, ..container::Style::default() }
        })
        .into()
}

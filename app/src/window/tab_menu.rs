//! The menus of the tab bar: what can be done with a tab, and the list of all tabs.

use iced::widget::{Column, Id, Row, column, container, row, space as blank};
use iced::{Alignment, Background, Border, Element, Length, Point, window};

use super::tab_bar::HEIGHT;
use super::{Bindings, Shortcut};
use crate::tab::{self, Tab};
use crate::theme::{Colors, Hue, size, space};
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, elided, label, menu, tooltip};

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
#[derive(Debug, Clone)]
enum What {
    /// A tab, at this point of the window.
    Tab(tab::Id, Point),
    /// All tabs.
    All,
    /// The windows that a tab can go to, at this point of the window.
    Windows(tab::Id, Point, Vec<(window::Id, String)>),
    /// The tabs that one can be split with, at this point of the window.
    Others(tab::Id, Point),
}

/// What the entries of a tab's menu depend on.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// How many tabs the window has.
    tabs: usize,
    /// Whether there are any to the right.
    to_the_right: bool,
    /// How many windows there are.
    windows: usize,
    /// Whether a session of the tab is logged.
    logs: bool,
}

/// What is chosen.
#[derive(Debug, Clone)]
pub enum Message {
    /// This command is to be done with this tab.
    Command(tab::Id, Shortcut),
    /// The tab gets this colour.
    Color(tab::Id, Option<Hue>),
    /// The tab goes to this window.
    Give(tab::Id, window::Id),
    /// The first tab shows the other one beside what it shows.
    Join(tab::Id, tab::Id),
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

    /// The list of the windows that a tab can go to, by their titles.
    pub fn windows(tab: tab::Id, at: Point, windows: Vec<(window::Id, String)>) -> Self {
        Self { what: What::Windows(tab, at, windows), first: Id::unique() }
    }

    /// The list of the tabs that one can be split with.
    pub fn others(tab: tab::Id, at: Point) -> Self {
        Self { what: What::Others(tab, at), first: Id::unique() }
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
    pub fn view<'a>(
        &'a self,
        tabs: &'a [Tab],
        shown: Option<tab::Id>,
        windows: usize,
        bindings: &Bindings,
    ) -> Element<'a, Message> {
        match &self.what {
            What::Tab(id, at) => {
                let (id, at) = (*id, *at);
                let position = tabs.iter().position(|tab| tab.id() == id).unwrap_or_default();
                let hue = tabs.get(position).and_then(Tab::hue);
                let logs = tabs.get(position).is_some_and(|tab| tab.logged().next().is_some());
                let facts = Facts { tabs: tabs.len(), to_the_right: position + 1 < tabs.len(), windows, logs };
                menu::over(at, MENU, self.entries(id, hue, facts, bindings), Message::Dismissed)
            }
            What::All => {
                let entries = tabs.iter().enumerate().map(|(index, tab)| {
                    let entry = listed(tab, index, shown == Some(tab.id()), bindings, Message::Show(tab.id()));
                    if index == 0 { entry.id(self.first.clone()).into() } else { entry.into() }
                });
                menu::at_right(HEIGHT, LIST, Column::with_children(entries), Message::Dismissed)
            }
            What::Others(id, at) => {
                let others = tabs.iter().enumerate().filter(|(_, tab)| tab.id() != *id);
                let entries = others.enumerate().map(|(line, (index, tab))| {
                    let entry = listed(tab, index, false, bindings, Message::Join(*id, tab.id()));
                    if line == 0 { entry.id(self.first.clone()).into() } else { entry.into() }
                });
                let head = container(label::hint("Split with the tab")).padding([space::XS, space::S]);
                let entries = Column::with_children(std::iter::once(head.into()).chain(entries));
                menu::over(*at, LIST, entries, Message::Dismissed)
            }
            What::Windows(tab, at, windows) => {
                let entries = windows.iter().enumerate().map(|(index, (window, title))| {
                    let title = container(elided::body(title.as_str())).width(Length::Fill);
                    let content = row![Icon::AppWindow.text(), title].spacing(space::S).align_y(Alignment::Center);
                    let entry = Button::new(content)
                        .kind(Kind::Item { selected: false })
                        .width(Length::Fill)
                        .padding([space::XS + 2.0, space::S])
                        .on_press(Message::Give(*tab, *window));
                    if index == 0 { entry.id(self.first.clone()).into() } else { entry.into() }
                });
                let head = container(label::hint("Move the tab to the window")).padding([space::XS, space::S]);
                let entries = Column::with_children(std::iter::once(head.into()).chain(entries));
                menu::over(*at, LIST, entries, Message::Dismissed)
            }
        }
    }

    fn entries<'a>(&self, id: tab::Id, hue: Option<Hue>, facts: Facts, bindings: &Bindings) -> Column<'a, Message> {
        let entry = |icon, name, shortcut, applies: bool| {
            menu::entry(icon, name, bindings.hint(shortcut), applies.then_some(Message::Command(id, shortcut)))
        };
        let several = facts.tabs > 1;
        let log = facts.logs.then(|| {
            column![
                entry(Icon::FileText, "Stop the log", Shortcut::LogSession, true),
                entry(Icon::Folder, "Show the log in its folder", Shortcut::LogFolder, true),
                menu::line(),
            ]
        });
        column![
            entry(Icon::Pencil, "Rename…", Shortcut::RenameTab, true).id(self.first.clone()),
            container(colors(hue, move |hue| Message::Color(id, hue))).padding([space::XS, space::XS]),
            menu::line(),
            log,
            entry(Icon::Columns2, "Split right", Shortcut::SplitRight, true),
            entry(Icon::Rows2, "Split down", Shortcut::SplitDown, true),
            entry(Icon::Columns2, "Split with another tab…", Shortcut::SplitWithTab, several),
            entry(Icon::AppWindow, "Move to a new window", Shortcut::TabToWindow, several),
            (facts.windows > 1).then(|| entry(
                Icon::AppWindow,
                "Move to another window…",
                Shortcut::TabElsewhere,
                true
            )),
            menu::line(),
            entry(Icon::X, "Close", Shortcut::CloseTab, true),
            entry(Icon::X, "Close others", Shortcut::CloseOtherTabs, several),
            entry(Icon::X, "Close those to the right", Shortcut::CloseTabsToRight, facts.to_the_right),
        ]
    }
}

/// A line of the list. The keys that lead to the tab tell those of one host apart.
fn listed<'a>(tab: &'a Tab, index: usize, shown: bool, bindings: &Bindings, means: Message) -> Button<'a, Message> {
    let title: String = tab.title().chars().take(TITLE).collect();
    let title = container(elided::body(title)).width(Length::Fill);
    let number = u8::try_from(index + 1).ok().filter(|number| *number < 9);
    let keys = number.map(|number| label::hint(bindings.hint(Shortcut::Tab(number))));
    let content = row![tab.mark().icon(), title, tab.hue().map(|hue| dot(Some(hue))), keys];
    Button::new(content.spacing(space::S).align_y(Alignment::Center))
        .kind(Kind::Item { selected: shown })
        .width(Length::Fill)
        .padding([space::XS + 2.0, space::S])
        .on_press(means)
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

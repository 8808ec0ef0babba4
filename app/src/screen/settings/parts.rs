//! What the settings screen looks like.

use iced::widget::{Column, column, container, responsive, row};
use iced::{Alignment, Element, Length, Padding, Size};

use super::picker::{self, Item, Picker};
use super::{Data, List, Message, Page, Settings, keys, matches, row as setting_row};
use crate::store::Error;
use crate::store::schemes::Ground;
use crate::store::settings::table::{ALL, Section, Setting};
use crate::theme::space;
use crate::widget::banner::Kind;
use crate::widget::swatch::swatch;
use crate::widget::{Banner, Button, Icon, button, card, elided, field, label, scroll, tooltip};

/// Wider than this lines become hard to follow.
const WIDTH: f32 = 760.0;
/// Width of the list of sections.
const SIDE: f32 = 180.0;
/// Below this width everything stands in one column.
const NARROW: f32 = 720.0;
/// Below this height there is room for a list and nothing beside it.
const LOW: f32 = 460.0;

/// The lists, with what leads to them.
const LISTS: [(List, Icon, &str); 4] = [
    (List::Section(Section::Appearance), Icon::Eye, "Appearance"),
    (List::Section(Section::Terminal), Icon::SquareTerminal, "Terminal"),
    (List::Section(Section::Behaviour), Icon::Bell, "Behaviour"),
    (List::Keys, Icon::Key, "Keys"),
];

impl Settings {
    /// The screen.
    pub fn view<'a>(&'a self, data: Data<'a>) -> Element<'a, Message> {
        responsive(move |size| match &self.page {
            Page::List => self.lists(data, size.width < NARROW),
            Page::Scheme(ground, picker) => self.schemes(*ground, picker, data, size),
            Page::Family(picker) => self.families(picker, data, size),
        })
        .into()
    }

    fn lists<'a>(&'a self, data: Data<'a>, narrow: bool) -> Element<'a, Message> {
        let search = field::field("Search the settings", &self.query).id(self.field.clone()).on_input(Message::Typed);
        let close = Button::icon(Icon::X).on_press(Message::Back);
        let head = row![label::title("Settings"), search, tooltip::below(close, "Close (Esc)")]
            .spacing(space::L)
            .align_y(Alignment::Center);
        let banner = data.problem.map(|problem| self::problem(problem, narrow));
        let page = column![banner, self.list(data, narrow)].spacing(space::L);
        let page = container(page).padding(Padding::default().right(space::M).bottom(space::XL));
        let page = scroll::vertical(page).width(Length::Fill).height(Length::Fill);
        let body: Element<'a, Message> = if narrow {
            column![self.sections(true), page].spacing(space::M).into()
        } else {
            row![container(self.sections(false)).width(SIDE), page].spacing(space::L).into()
        };
        let width = if narrow { WIDTH } else { WIDTH + SIDE };
        frame(column![head, body].spacing(space::L).into(), width, narrow)
    }

    /// What leads to the lists: beside them, or above where there is no room.
    fn sections<'a>(&self, narrow: bool) -> Element<'a, Message> {
        let searching = !self.query.trim().is_empty();
        let item = |(list, icon, name): (List, Icon, &'static str)| {
            let content = row![icon.text().style(label::muted_style), label::strong(name)].spacing(space::S);
            Button::new(content.align_y(Alignment::Center))
                .kind(button::Kind::Item { selected: !searching && list == self.list })
                .padding([space::S, space::M])
                .width(if narrow { Length::Shrink } else { Length::Fill })
                .on_press(Message::Show(list))
                .into()
        };
        let items = LISTS.into_iter().map(item);
        if narrow {
            iced::widget::Row::with_children(items).spacing(space::XS).wrap().into()
        } else {
            let file = Button::labelled(Icon::FileText, "Open the file").ghost().on_press(Message::OpenFile);
            let file = tooltip::at(file, "settings.toml in a text editor", tooltip::Position::Top);
            column![Column::with_children(items).spacing(space::XS), iced::widget::space::vertical(), file].into()
        }
    }

    fn list<'a>(&'a self, data: Data<'a>, narrow: bool) -> Element<'a, Message> {
        let words: Vec<_> = self.query.split_whitespace().map(str::to_lowercase).collect();
        if words.is_empty() {
            return match self.list {
                List::Section(section) => {
                    let settings: Vec<_> = ALL.iter().filter(|setting| setting.section == section).collect();
                    self.card(settings, data, narrow)
                }
                List::Keys => self.keys.view(data, &[], narrow).map(Message::Keys),
            };
        }
        let found: Vec<_> = ALL.iter().filter(|setting| matches(setting, &words)).collect();
        let commands =
            keys::Editor::finds(&words, data).then(|| self.keys.view(data, &words, narrow).map(Message::Keys));
        if found.is_empty() && commands.is_none() {
            return label::muted("No setting and no command matches.").into();
        }
        let found = (!found.is_empty()).then(|| self.card(found, data, narrow));
        column![found, commands].spacing(space::L).into()
    }

    /// Settings below each other, with lines between them.
    fn card<'a>(&'a self, settings: Vec<&'static Setting>, data: Data<'a>, narrow: bool) -> Element<'a, Message> {
        let rows = settings.into_iter().enumerate().flat_map(|(index, setting)| {
            let draft = self.drafts.get(&setting.path()).map(String::as_str);
            let line = (index > 0).then(hairline);
            [line, Some(container(setting_row::view(setting, data, draft, narrow)).padding([space::M, 0.0]).into())]
        });
        let content = Column::with_children(rows.flatten());
        container(content).padding([space::S, space::L]).width(Length::Fill).style(card::style).into()
    }

    fn schemes<'a>(&'a self, ground: Ground, picker: &'a Picker, data: Data<'a>, size: Size) -> Element<'a, Message> {
        let title = match ground {
            Ground::Dark => "Dark colours",
            Ground::Light => "Light colours",
        };
        let line = move |item: &'a Item| -> Element<'a, picker::Message> {
            let scheme = data.schemes.get(&item.name);
            let swatch = scheme.map(|scheme| swatch(&scheme.palette));
            let kind = scheme.map(|scheme| match (scheme.own, scheme.ground) {
                (true, _) => "yours",
                (false, Ground::Dark) => "dark",
                (false, Ground::Light) => "light",
            });
            let chosen = (item.name == picker.before()).then(|| Icon::Check.sized(14.0).style(label::accent_style));
            let title = container(elided::body(item.title.clone())).width(Length::Fill);
            row![swatch, title, chosen, kind.map(label::hint)].spacing(space::M).align_y(Alignment::Center).into()
        };
        let list = picker.view("Search the schemes", line).map(Message::Picker);
        self.choice(title, list, Some(self.import_row(data, size)), data, size)
    }

    fn families<'a>(&'a self, picker: &'a Picker, data: Data<'a>, size: Size) -> Element<'a, Message> {
        let line = move |item: &'a Item| -> Element<'a, picker::Message> {
            let chosen = (item.name == picker.before()).then(|| Icon::Check.sized(14.0).style(label::accent_style));
            let title = container(elided::body(item.title.clone())).width(Length::Fill);
            row![title, chosen].spacing(space::M).align_y(Alignment::Center).into()
        };
        let list = picker.view("Search the fonts", line).map(Message::Picker);
        let looking =
            data.families.is_none().then(|| label::hint("Looking for the monospace fonts of this system…").into());
        self.choice("Font", list, looking, data, size)
    }

    /// A list to choose from beside what the choice looks like.
    fn choice<'a>(
        &'a self,
        title: &'a str,
        list: Element<'a, Message>,
        below: Option<Element<'a, Message>>,
        data: Data<'a>,
        size: Size,
    ) -> Element<'a, Message> {
        let narrow = size.width < NARROW;
        let back = Button::icon(Icon::ChevronLeft).on_press(Message::Back);
        let hint = label::hint("Arrow keys try, Enter chooses, Esc goes back");
        let head =
            row![tooltip::below(back, "Back (Esc)"), label::heading(title), iced::widget::space::horizontal(), hint]
                .spacing(space::S)
                .align_y(Alignment::Center);
        let family = match &self.page {
            Page::Family(picker) => picker.selected(),
            Page::List | Page::Scheme(..) => &data.settings.terminal.font_family,
        };
        let sample = self.sample.view(&data.settings.terminal, family);
        let list = column![list, below].spacing(space::S);
        let body: Element<'a, Message> = if narrow && size.height < LOW {
            // The list itself shows the colours; the sample would leave it no room.
            list.into()
        } else if narrow {
            column![container(sample).height(Length::FillPortion(2)), list.height(Length::FillPortion(3))]
                .spacing(space::M)
                .into()
        } else {
            row![list.width(Length::FillPortion(5)), container(sample).width(Length::FillPortion(6))]
                .spacing(space::L)
                .into()
        };
        frame(column![head, body].spacing(space::M).into(), 1100.0, narrow)
    }

    fn import_row<'a>(&'a self, data: Data<'a>, size: Size) -> Element<'a, Message> {
        let input = field::field("Import: path of an Alacritty or iTerm2 scheme", &self.source)
            .on_input(Message::Source)
            .on_submit(Message::Import);
        // One button at a time: a narrow list has no room for two beside the path.
        let button = if self.source.trim().is_empty() {
            Button::labelled(Icon::Folder, "Browse…").on_press(Message::Browse)
        } else {
            Button::labelled(Icon::Download, "Import").on_press(Message::Import)
        };
        let no_chooser = self.no_chooser.as_ref().map(|error| {
            label::error(format!("Type the path instead, or drop the file onto the window: {error}.")).into()
        });
        let said = match data.imported {
            _ if no_chooser.is_some() => no_chooser,
            Some(Ok(name)) => Some(label::hint(format!("Imported as {name}.")).into()),
            Some(Err(error)) => Some(Element::from(label::error(error.to_string()))),
            None => data.schemes.problems().first().map(|error| label::error(error.to_string()).into()),
        };
        let drop = || label::hint("A file can be dropped onto the window as well.").into();
        let said = said.or_else(|| (size.height >= LOW).then(drop));
        column![row![input, button].spacing(space::S).align_y(Alignment::Center), said].spacing(space::XS).into()
    }
}

/// A page in the middle of the window.
fn frame(content: Element<'_, Message>, width: f32, narrow: bool) -> Element<'_, Message> {
    let side = if narrow { space::M } else { space::XL };
    let content = container(content).max_width(width).width(Length::Fill).height(Length::Fill);
    container(content)
        .center_x(Length::Fill)
        .height(Length::Fill)
        .padding(Padding { top: space::L, bottom: space::M, left: side, right: side })
        .into()
}

pub(super) fn hairline<'a, Message: 'a>() -> Element<'a, Message> {
    container(iced::widget::space().width(Length::Fill).height(1)).style(card::hairline).into()
}

/// What is wrong with the settings' file, and the ways to mend it.
fn problem<'a>(problem: &Error, narrow: bool) -> Element<'a, Message> {
    let text = match problem {
        Error::Malformed { .. } => "The settings' file has a mistake. What you change here lasts until Tetherm ends.",
        _ => "The settings cannot be saved. What you change here lasts until Tetherm ends.",
    };
    let open = Button::text("Open the file").on_press(Message::OpenFile);
    let again = Button::text("Read it again").on_press(Message::Reload);
    let banner = Banner::new(Kind::Error, text).detail(problem.to_string());
    if narrow {
        return column![banner, row![open, again].spacing(space::S)].spacing(space::S).into();
    }
    banner.action(open).action(again).into()
}

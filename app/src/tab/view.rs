//! What a tab looks like: its panes in their places.
//!
//! With one pane there is nothing else to see. Several have a bar each, which names them and by which they are dragged,
//! and a line around the one that has the keyboard.

use iced::widget::pane_grid::{self, Content, Highlight, Line, Pane as Slot, PaneGrid, TitleBar};
use iced::widget::{column, container, row, text};
use iced::{Alignment, Background, Border, Color, Element, Length, Padding, Theme};

use super::{Message, Tab};
use crate::pane::Pane;
use crate::theme::{Colors, size, space};
use crate::widget::button::{Button, Kind};
use crate::widget::{Handle, Icon, elided, label, tooltip};

pub use crate::pane::{Look, Place};

/// Width of the gap between panes, by which they are resized, in logical pixels.
pub(super) const GAP: f32 = 6.0;
/// The smallest that a pane gets on either axis, in logical pixels.
pub(super) const SMALLEST: f32 = 72.0;
/// Height of a pane's bar in logical pixels.
const BAR: f32 = 26.0;
/// Side of a button in such a bar, in logical pixels.
const BUTTON: f32 = 22.0;
/// Room for the buttons of a zoomed pane, in logical pixels.
const ZOOMED: f32 = 160.0;
/// How many characters of a title are looked at; no bar shows more.
const TITLE: usize = 200;

impl Tab {
    /// The panes. `look` is that of the one with the keyboard.
    pub fn view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        let several = self.panes.len() > 1;
        let bars = several || self.is_fed();
        let grid = PaneGrid::new(&self.panes, |slot, pane, zoomed| {
            let (id, focused) = (pane.id(), slot == self.focused);
            let look = Look { focused: look.focused && focused, place: self.place(zoomed), ..look };
            let body = pane.view(look).map(move |message| Message::Pane(id, message));
            if !bars {
                return Content::new(body);
            }
            let body = outlined(body, focused, pane.is_fed() && !pane.asks_secret());
            Content::new(body).title_bar(self.bar(slot, pane, zoomed))
        });
        if several {
            grid.spacing(GAP)
                .min_size(SMALLEST)
                .on_click(Message::Clicked)
                .on_resize(0, Message::Resized)
                .on_drag(Message::Dragged)
                .style(lines)
                .into()
        } else {
            grid.into()
        }
    }

    fn place(&self, zoomed: bool) -> Place {
        match self.panes.len() {
            0 | 1 => Place::Alone,
            _ if zoomed => Place::Zoomed,
            _ => Place::Beside,
        }
    }

    fn bar<'a>(&self, slot: Slot, pane: &'a Pane, zoomed: bool) -> TitleBar<'a, Message> {
        let focused = slot == self.focused;
        let title: String = pane.title().chars().take(TITLE).collect();
        let title = elided::hint(title);
        let title = if focused { title.style(|_| text::Style::default()) } else { title };
        let hidden = self.panes.len().saturating_sub(1);
        let icon = if pane.asks_secret() { Icon::Lock } else { Icon::Zap };
        let fed = pane.is_fed().then(|| icon.sized(size::SMALL).style(label::warning_style));
        let zoom = if zoomed {
            let name =
                row![Icon::Maximize.sized(size::SMALL), text(format!("Zoomed: {hidden} hidden")).size(size::SMALL)];
            let button = Button::new(name.spacing(space::XS).align_y(Alignment::Center));
            let button = button.kind(Kind::Secondary).padding([1.0, space::S]).on_press(Message::Zoom(slot));
            tooltip::below(button, "Show all panes of this tab again (Ctrl+Shift+Z)")
        } else {
            tooltip::below(small(Icon::Maximize, Message::Zoom(slot)), "Show this pane alone (Ctrl+Shift+Z)")
        };
        let close = tooltip::below(small(Icon::X, Message::Close(pane.id())), "Close this pane (Ctrl+Shift+W)");
        let buttons = row![zoom, close].spacing(2).align_y(Alignment::Center);
        let room = if zoomed { ZOOMED } else { 2.0 * BUTTON + 2.0 };
        let log = pane.log_file().map(|file| {
            let dot = label::hint("●").style(label::danger_style);
            tooltip::below(dot, format!("Logging to {}", file.display()))
        });
        let name = row![pane.mark().icon(), fed, log, title].spacing(space::S).align_y(Alignment::Center);
        let name = container(name).padding(Padding { right: room + space::XS, ..Padding::ZERO }).center_y(BUTTON);
        TitleBar::new(Handle::new(name))
            .controls(pane_grid::Controls::new(buttons))
            .always_show_controls()
            .padding(Padding { left: space::S, right: 2.0, top: (BAR - BUTTON) / 2.0, bottom: (BAR - BUTTON) / 2.0 })
            .style(bar)
    }
}

fn small<'a>(icon: Icon, message: Message) -> Button<'a, Message> {
    let icon = container(icon.sized(size::SMALL)).center(BUTTON);
    Button::new(icon).kind(Kind::Ghost).padding(0).width(Length::Shrink).on_press(message)
}

fn bar(theme: &Theme) -> container::Style {
    container::Style { background: Some(Background::Color(Colors::of(theme).surface)), ..container::Style::default() }
}

/// A line around a pane: in the accent's colour where the keyboard is, a warning around all that get what is typed.
///
/// Four strips and no quad with a border: tiny-skia goes through all pixels of a quad, also of one without a background,
/// for each character that changes over it.
fn outlined<'a>(body: Element<'a, Message>, focused: bool, fed: bool) -> Element<'a, Message> {
    let strip = |width: Length, height: Length| {
        let line = move |theme: &Theme| {
            let colors = Colors::of(theme);
            let color = match (focused, fed) {
                (true, _) => colors.accent_text,
                (false, true) => colors.warning_text,
                (false, false) => colors.border,
            };
            container::Style { background: Some(Background::Color(color)), ..container::Style::default() }
        };
        container(iced::widget::space()).width(width).height(height).style(line)
    };
    let (thin, all) = (Length::Fixed(1.0), Length::Fill);
    column![strip(all, thin), row![strip(thin, all), body, strip(thin, all)], strip(all, thin)].into()
}

/// The half of a pane that something takes which is let go of over it.
#[must_use]
pub fn landing_style(theme: &Theme) -> container::Style {
    let Highlight { background, border } = landing(Colors::of(theme));
    container::Style { background: Some(background), border, ..container::Style::default() }
}

fn landing(colors: &Colors) -> Highlight {
    Highlight {
        background: Background::Color(colors.accent_text.scale_alpha(0.25)),
        border: Border { color: colors.accent_text, width: 2.0, ..Border::default() },
    }
}

fn lines(theme: &Theme) -> pane_grid::Style {
    let colors = Colors::of(theme);
    let line = |color: Color| Line { color, width: 2.0 };
    pane_grid::Style {
        hovered_region: landing(colors),
        hovered_split: line(colors.outline),
        picked_split: line(colors.accent_text),
    }
}

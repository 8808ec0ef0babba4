//! What a pane looks like.

use iced::keyboard::{self, key::Key, key::Named};
use iced::widget::{column, container, stack};
use iced::{Element, Length};

use super::{Message, Pane, State, caret, closed, hover, link_keys};
use crate::store::settings::Bell;
use crate::widget::terminal::ahead::Ahead;
use crate::widget::{card, terminal};
use crate::window::shortcut::{Bindings, Context};

/// How a pane shares the room of its tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It has all of it.
    Alone,
    /// Others lie beside it.
    Beside,
    /// Others are hidden for it.
    Zoomed,
}

/// How a pane is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Size of the terminal's text in logical pixels.
    pub font_size: f32,
    /// Physical pixels to the logical one; `None` until the system has told.
    pub scale: Option<f32>,
    /// Whether it may have the keyboard: no other pane and nothing before the window has it.
    pub focused: bool,
    /// How it shares the room of its tab.
    pub place: Place,
    /// Where keys are pressed.
    pub context: Context,
    /// A way to show what is typed before its frame; `None` where something may lie over the pane.
    pub ahead: Option<&'a Ahead>,
}

impl Pane {
    /// The pane.
    pub fn view<'a>(&'a self, look: Look<'a>) -> Element<'a, Message> {
        match &self.state {
            State::Connecting(connecting) => {
                let page = connecting.view(&self.target.name, self.keeper.as_ref());
                // The terminal lies below, so that the shell is asked for in the size that it will have.
                let page = container(page).width(Length::Fill).height(Length::Fill).style(card::background);
                let below = self.terminal_view(look, false);
                match self.strips.view(&self.target.name, &self.services.bindings) {
                    Some(strips) => column![strips.map(Message::Strip), stack![below, page]].into(),
                    None => stack![below, page].into(),
                }
            }
            State::Closed(reason) if !self.was_open || reason.is_page() => {
                reason.page(&self.target, self.focus.clone()).map(Message::Page)
            }
            State::Closed(reason) => {
                let strip = container(reason.strip()).padding(crate::theme::space::S);
                column![Element::from(strip).map(Message::Page), self.terminal_view(look, true)].into()
            }
            State::Open(_) => {
                let terminal = self.terminal_view(look, true);
                match self.strips.view(&self.target.name, &self.services.bindings) {
                    Some(strips) => column![strips.map(Message::Strip), terminal].into(),
                    None => terminal,
                }
            }
        }
    }

    fn terminal_view<'a>(&'a self, look: Look<'a>, takes_keys: bool) -> Element<'a, Message> {
        let session = match &self.state {
            State::Open(session) => Some(session.clone()),
            _ => None,
        };
        let writer = session.clone();
        let terminal = self.terminal.clone();
        let context = look.context;
        let bindings = self.services.bindings.clone();
        let closed = matches!(self.state, State::Closed(_));
        let selects = self.selects;
        let link_labels = self.link_keys.labels().filter(|_| takes_keys && look.focused);
        let mut grid = terminal::Terminal::new(&self.terminal)
            .id(self.focus.clone())
            .font_family(&self.services.settings.font_family)
            .font_size(look.font_size)
            .padding(self.services.settings.padding as f32)
            .ligatures(self.services.settings.ligatures)
            .live(!closed)
            .bell(self.bell.filter(|_| self.services.settings.bell == Bell::Visual && self.shown))
            .searching(self.find.is_some())
            .link_labels(link_labels)
            .scroll_on_key(self.services.settings.scroll_on_key)
            .cursor_blink(self.services.settings.cursor_blink)
            .blinking_text(self.services.settings.blinking_text)
            .on_input(move |bytes| {
                if let Some(session) = &writer {
                    session.write(&bytes);
                }
            })
            .on_resize(move |size| match &session {
                Some(session) => session.resize(size),
                None => terminal.resize(size),
            })
            .shortcut(move |event, content| {
                let alternate_screen = content.modes.alternate_screen;
                let context = Context { alternate_screen, prompts: !content.prompts.is_empty(), ..context };
                if link_labels.is_some() && !matches!(event, keyboard::Event::ModifiersChanged(_)) {
                    let key = || Message::Link(link_keys::key(event));
                    return Some(shortcut(event, &bindings, context, false).unwrap_or_else(key));
                }
                if selects && let Some(key) = caret::key(event) {
                    return Some(Message::Select(key));
                }
                shortcut(event, &bindings, context, closed)
            })
            .on_action(Message::Terminal);
        if let Some(feed) = &self.feed {
            grid = grid.on_typed(move |typed| feed.send(&self.terminal, typed).then_some(Message::Held));
        }
        if let Some(scale) = look.scale {
            grid = grid.scale_factor(scale);
        }
        if !takes_keys || !look.focused {
            grid = grid.focused(false);
        }
        let find =
            self.find.as_ref().filter(|_| takes_keys).map(|find| find.view(&self.services.bindings).map(Message::Find));
        let menu = self
            .menu
            .as_ref()
            .map(|menu| menu.view(look.place, look.context.tabs, &self.services.bindings).map(Message::Menu));
        let selecting = self.selects.then(caret::hint);
        let choosing = self.link_keys.view();
        let log = self.log.view().map(|bar| bar.map(Message::Log));
        let hover = self.hover.as_ref().filter(|_| menu.is_none()).map(hover::view);
        let covered = self.selects || choosing.is_some();
        let uncovered = takes_keys && !covered && find.is_none() && menu.is_none() && hover.is_none();
        grid = grid.ahead(look.ahead.filter(|_| uncovered));
        // Always a stack: the terminal's widget keeps its state when something comes to lie over it.
        let terminal = stack![grid].extend(find).extend(choosing.or(selecting)).extend(menu).extend(hover);
        // Always a column, for the same reason.
        column![terminal].push(log).into()
    }
}

/// What a key over the terminal is to the window; `None` leaves it to the shell.
fn shortcut(event: &keyboard::Event, bindings: &Bindings, context: Context, closed: bool) -> Option<Message> {
    if let keyboard::Event::KeyPressed { key: Key::Named(Named::Enter), modifiers, repeat: false, .. } = event
        && closed
        && modifiers.is_empty()
    {
        return Some(Message::Page(closed::Message::Reconnect));
    }
    bindings.find(event, context).map(Message::Shortcut)
}

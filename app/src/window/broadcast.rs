//! Broadcast input: what is typed in one pane goes to several.
//!
//! ```text
//!   Broadcast (which panes) ──► pane::Feed, given to each of them ──► the terminal widget, at each key
//! ```
//!
//! A strip above the panes names those that get it and why others do not. It stays for as long as it lasts.

use std::collections::BTreeSet;
use std::sync::Arc;

use iced::widget::{Row, column, container, row, space as blank};
use iced::{Alignment, Element, Length};

use crate::pane::{self, Feed, Pane, feed::Member};
use crate::tab::{self, Tab};
use crate::theme::{size, space};
use crate::widget::banner::Kind as Tint;
use crate::widget::button::{Button, Kind};
use crate::widget::{Icon, elided, label, scroll, tooltip};

/// Height of the names in logical pixels, beyond which they scroll.
const NAMES: f32 = 76.0;
/// Widest that a name gets, in logical pixels.
const NAME: f32 = 300.0;
/// How many characters of a name are looked at.
const TITLE: usize = 120;

/// Which panes get what is typed in one of them.
#[derive(Debug)]
pub struct Broadcast {
    scope: Scope,
    /// Those that the user took out.
    muted: BTreeSet<pane::Id>,
    /// Those that the user wants fed although they seem to ask for a secret.
    allowed: BTreeSet<pane::Id>,
}

/// Where the panes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In one tab.
    Tab(tab::Id),
    /// In all tabs of the window.
    Window,
}

/// What happens in the strip.
#[derive(Debug, Clone)]
pub enum Message {
    /// A pane is to be taken out, or in again.
    Mute(pane::Id),
    /// A pane is to be fed although it seems to ask for a secret.
    Allow(pane::Id),
    /// The panes of all tabs are meant, or those of this one.
    Widen(Scope),
    /// It is over.
    Stop,
}

/// How it stands with a pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It gets what is typed.
    Fed,
    /// The user took it out.
    Muted,
    /// It seems to ask for a secret.
    Held,
    /// No shell runs in it, or its connection asks.
    Away,
}

impl Broadcast {
    /// To the panes of a tab; to those of all tabs where it has only one.
    pub fn new(tab: &Tab) -> Self {
        let scope = if tab.panes().count() > 1 { Scope::Tab(tab.id()) } else { Scope::Window };
        Self { scope, muted: BTreeSet::new(), allowed: BTreeSet::new() }
    }

    /// Handles what happened in the strip, [`Message::Stop`] excepted.
    pub fn update(&mut self, message: Message) {
        match message {
            Message::Mute(id) => {
                if !self.muted.remove(&id) {
                    let _new = self.muted.insert(id);
                }
            }
            Message::Allow(id) => {
                let _new = self.allowed.insert(id);
            }
            Message::Widen(scope) => self.scope = scope,
            Message::Stop => {}
        }
    }

    /// Whether it means this tab.
    pub fn includes(&self, tab: tab::Id) -> bool {
        self.scope == Scope::Window || self.scope == Scope::Tab(tab)
    }

    /// Whether there is nobody left to feed.
    pub fn is_over(&self, tabs: &[Tab]) -> bool {
        !tabs.iter().any(|tab| self.includes(tab.id()))
    }

    fn standing(&self, pane: &Pane) -> Standing {
        match pane.state() {
            _ if self.muted.contains(&pane.id()) => Standing::Muted,
            pane::State::Open(_) if self.allowed.contains(&pane.id()) => Standing::Fed,
            pane::State::Open(_) if pane.asks_secret() => Standing::Held,
            pane::State::Open(_) => Standing::Fed,
            pane::State::Connecting(_) | pane::State::Closed(_) => Standing::Away,
        }
    }

    /// Tells the panes of `tabs` where else goes what is typed in them.
    pub fn feed<'a>(&mut self, tabs: impl Iterator<Item = &'a mut Tab>) {
        let mut tabs: Vec<_> = tabs.collect();
        let scope = self.scope;
        let meant = |tab: &Tab| scope == Scope::Window || scope == Scope::Tab(tab.id());
        // What was allowed was one question: the next one is held again.
        let asking = tabs.iter().flat_map(|tab| tab.panes()).filter(|pane| pane.asks_secret());
        let asking: BTreeSet<_> = asking.map(Pane::id).collect();
        self.allowed.retain(|id| asking.contains(id));
        let panes = tabs.iter().filter(|tab| meant(tab)).flat_map(|tab| tab.panes());
        let members = panes.filter_map(|pane| self.member(pane)).collect();
        let feed = Arc::new(Feed::new(members));
        for tab in &mut tabs {
            let meant = meant(tab);
            for pane in tab.panes_mut() {
                let fed = meant && matches!(self.standing(pane), Standing::Fed | Standing::Held);
                pane.set_feed(fed.then(|| feed.clone()));
            }
        }
    }

    fn member(&self, pane: &Pane) -> Option<Member> {
        let standing = self.standing(pane);
        let pane::State::Open(session) = pane.state() else { return None };
        matches!(standing, Standing::Fed | Standing::Held).then(|| Member {
            id: pane.id(),
            terminal: pane.terminal().clone(),
            session: session.clone(),
            held: standing == Standing::Held,
            allowed: self.allowed.contains(&pane.id()),
        })
    }

    /// The strip above the panes of `shown`.
    pub fn view<'a>(&self, tabs: &'a [Tab], shown: tab::Id, stop: String) -> Element<'a, Message> {
        let panes: Vec<_> = tabs.iter().filter(|tab| self.includes(tab.id())).flat_map(Tab::panes).collect();
        let fed = panes.iter().filter(|pane| self.standing(pane) == Standing::Fed).count();
        let (place, other, widen) = match self.scope {
            Scope::Tab(_) => ("this tab", "All tabs of the window", Scope::Window),
            Scope::Window => ("all tabs of this window", "Only this tab", Scope::Tab(shown)),
        };
        let noun = if fed == 1 { "pane" } else { "panes" };
        let icon = Icon::Zap.text().style(label::warning_style);
        let title = label::strong(format!("What you type goes to {fed} {noun} of {place}")).width(Length::Fill);
        let scope = Button::text(other).padding([space::XS, space::S]).on_press(Message::Widen(widen));
        let stop_button = Button::labelled(Icon::X, "Stop").padding([space::XS, space::S]).on_press(Message::Stop);
        let head = row![icon, title, scope, tooltip::below(stop_button, stop)];
        let names = panes.into_iter().enumerate().map(|(index, pane)| self.name(index + 1, pane));
        let names = Row::with_children(names).spacing(space::XS).width(Length::Fill).wrap();
        let names = container(scroll::vertical(container(names).width(Length::Fill))).max_height(NAMES);
        let content = column![head.spacing(space::S).align_y(Alignment::Center), names].spacing(space::S);
        container(content).padding([space::S, space::M]).width(Length::Fill).style(Tint::Warning.style()).into()
    }

    /// A pane by its number and name, with how it stands; pressed, it is taken out or in again.
    fn name<'a>(&self, number: usize, pane: &'a Pane) -> Element<'a, Message> {
        let standing = self.standing(pane);
        let (icon, why) = match standing {
            Standing::Fed => (Icon::Check, "Gets what you type. Press to leave it out."),
            Standing::Muted => (Icon::EyeOff, "Left out. Press to have it get what you type."),
            Standing::Held => (Icon::Lock, "Seems to ask for a password, so it gets nothing. Press to leave it out."),
            Standing::Away => (Icon::Unplug, "No shell takes input there."),
        };
        let title: String = pane.title().chars().take(TITLE).collect();
        let state = match standing {
            Standing::Fed => "",
            Standing::Muted => " (left out)",
            Standing::Held => " (asks for a password)",
            Standing::Away => " (no shell)",
        };
        let text = container(elided::hint(format!("{number} · {title}{state}"))).max_width(NAME);
        let content = row![icon.sized(size::SMALL), text, blank().width(0)].spacing(space::XS);
        let press = (standing != Standing::Away).then(|| Message::Mute(pane.id()));
        let button = Button::new(content.align_y(Alignment::Center)).padding([2.0, space::S]).on_press_maybe(press);
        let button = tooltip::below(button, why);
        match standing {
            Standing::Held => {
                let send = Button::new(label::hint("Send anyway")).kind(Kind::Secondary).padding([2.0, space::S]);
                row![button, send.on_press(Message::Allow(pane.id()))].spacing(2).into()
            }
            _ => button.into(),
        }
    }
}

#[cfg(test)]
mod tests;

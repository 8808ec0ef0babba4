//! The parts of the form that say what runs at the other end, and how far it is trusted.

use iced::Element;
use iced::widget::{Column, column};
use term::ssh::host::{RequestTty, SessionType};
use term::ssh::legacy;

use super::section::{self, Section};
use super::{Choice, Form, Kerberos, Message};
use crate::store::host::Field;
use crate::theme::space;
use crate::widget::checkbox::checkbox;
use crate::widget::segments::segments;
use crate::widget::{field, label};

/// What a choice is called that leaves a value to the configuration.
const INHERITED: &str = "As in ~/.ssh/config";

impl Form {
    pub(super) fn session(&self) -> Element<'_, Message> {
        let body = || {
            let kinds = [
                (None, INHERITED),
                (Some(SessionType::Default), "Shell or command"),
                (Some(SessionType::Subsystem), "Subsystem"),
                (Some(SessionType::None), "Nothing"),
            ];
            let wanted = [
                (None, INHERITED),
                (Some(RequestTty::Auto), "For a shell"),
                (Some(RequestTty::Yes), "Yes"),
                (Some(RequestTty::Force), "Always"),
                (Some(RequestTty::No), "No"),
            ];
            let chosen = self.input.session_type;
            let (name, hint) = match chosen {
                Some(SessionType::Subsystem) => ("Name of the subsystem", "Such as netconf."),
                _ => ("Command", "Runs in place of the login shell, such as tmux new -A -s main."),
            };
            let command = (chosen != Some(SessionType::None))
                .then(|| self.inheriting(Field::RemoteCommand, name, "remotecommand", "", hint));
            let tty = (chosen != Some(SessionType::None)).then(|| {
                let choose = |wanted| Message::Choose(Choice::RequestTty(wanted));
                field::labelled("Give it a terminal", segments(wanted, self.input.request_tty, choose))
                    .push(self.said("requesttty", TTY))
            });
            let choose = |kind| Message::Choose(Choice::SessionType(kind));
            let start = field::labelled("Start", segments(kinds, chosen, choose)).push(self.said("sessiontype", NONE));
            column![start, command, tty].spacing(space::M)
        };
        section::view(Section::Session, self.is_open(Section::Session), self.input.session_summary(), body)
    }

    pub(super) fn agent(&self) -> Element<'_, Message> {
        let body = || {
            let words = [(None, INHERITED), (Some(false), "Off"), (Some(true), "On")];
            let choose = |on| Message::Choose(Choice::ForwardAgent(on));
            column![
                segments(words, self.input.forward_agent, choose),
                label::hint(
                    "On, programs on this host can have your agent sign, and so log in elsewhere as you. Whoever is root \
                     there can too, for as long as you are connected; your keys themselves never leave this machine. \
                     Each use is told in the tab. For hosts that you trust; a jump host is the safer way on."
                ),
            ]
            .spacing(space::M)
        };
        let said = self.fallback("forwardagent").filter(|_| self.input.forward_agent.is_none());
        let said = said.map(|(value, place)| format!("{}, from {place}", if value == "no" { "off" } else { "on" }));
        let summary = said.unwrap_or_else(|| self.input.agent_summary().to_owned());
        section::view(Section::Agent, self.is_open(Section::Agent), summary, body)
    }

    pub(super) fn legacy(&self) -> Element<'_, Message> {
        let body = || {
            let on = self.input.legacy_algorithms;
            let lines = weaknesses().map(|line| label::hint(line).into());
            let jumps = self.input.legacy_jumps.iter().map(|jump| {
                let forbid = Message::Choose(Choice::ForbidLegacyJump(jump.clone()));
                checkbox(true, format!("Allow them for the jump host {jump}")).on_press(forbid).into()
            });
            column![
                checkbox(on, "Allow legacy algorithms").on_press(Message::Choose(Choice::LegacyAlgorithms(!on))),
                Column::with_children(jumps).spacing(space::S),
                label::hint(
                    "For a server that has no others. They come last: one that can do better is not harmed. Weak are:"
                ),
                Column::with_children(lines).spacing(space::XS),
            ]
            .spacing(space::S)
        };
        let summary = match (self.input.legacy_algorithms, self.input.legacy_jumps.is_empty()) {
            (true, _) => "allowed",
            (false, true) => "not allowed",
            (false, false) => "allowed for a jump host",
        };
        section::view(Section::Legacy, self.is_open(Section::Legacy), summary.to_owned(), body)
    }

    pub(super) fn kerberos(&self) -> Element<'_, Message> {
        let words = [
            (None, INHERITED),
            (Some(Kerberos::Off), "Off"),
            (Some(Kerberos::LogIn), "Log in"),
            (Some(Kerberos::HandOn), "Log in and hand on"),
        ];
        let chosen = Kerberos::of(self.input.kerberos);
        let choose = |purpose| Message::Choose(Choice::Kerberos(purpose));
        let hint = match chosen {
            None => self.said("gssapiauthentication", TICKET),
            Some(Kerberos::HandOn) => label::hint(HANDED_ON),
            Some(_) => label::hint(TICKET),
        };
        field::labelled("Kerberos ticket", segments(words, chosen, choose)).push(hint).into()
    }

    /// What a choice falls back to, and where that is said; else what it means.
    fn said<'a>(&self, keyword: &str, meaning: &'a str) -> iced::widget::Text<'a> {
        match self.fallback(keyword) {
            Some((value, place)) => label::hint(format!("Left to ~/.ssh/config, it is {value}, from {place}.")),
            None => label::hint(meaning),
        }
    }
}

const NONE: &str = "Nothing: the tab keeps the connection up for its forwardings alone (ssh -N).";

const TICKET: &str =
    "Where your organisation uses Kerberos: the ticket of kinit logs you in, and you are asked for nothing.";

const HANDED_ON: &str = "Programs on this host can then use your ticket, and so be you elsewhere; root there can too, until it \
                         expires. For hosts that you trust.";

const TTY: &str = "Without one, what you type is sent a line at a time, as with ssh -T. A command gets none unless you \
                   say so; full-screen programs need one.";

/// What is weak, one line for each reason.
fn weaknesses() -> impl Iterator<Item = String> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for weak in legacy::WEAK {
        match reasons.iter_mut().find(|(why, _)| *why == weak.why) {
            Some((_, names)) => names.push(weak.name),
            None => reasons.push((weak.why, vec![weak.name])),
        }
    }
    reasons.into_iter().map(|(why, names)| match names.as_slice() {
        [one] => format!("• {one} {why}."),
        several => format!("• {}: each {why}.", several.join(", ")),
    })
}

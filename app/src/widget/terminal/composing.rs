//! Input methods: what is being composed is shown in the cells, what is committed is typed.

use iced::advanced::Shell;
use iced::advanced::input_method::{self, InputMethod, Purpose};
use term::terminal;

use super::Terminal;
use super::keyboard::Typed;
use super::preedit::Preedit;
use super::state::State;

impl<Message> Terminal<'_, Message> {
    /// Gets the line ready in which text is being composed.
    pub(super) fn compose(&self, state: &mut State) {
        if let Some(cursor) = state.content.cursor {
            state.last_cursor = (cursor.line, cursor.column);
        }
        let caret = state
            .content
            .cursor
            .map_or_else(|| super::state::contrasting(state.content.background), |cursor| cursor.color);
        let preedit = state.preedit.as_ref();
        state.composed = preedit.and_then(|preedit| preedit.compose(&state.content, state.last_cursor, caret));
    }

    /// Where an input method puts its window. What is composed is drawn by us, in the cells, so iced is told none of it.
    pub(super) fn input_method_place(&self, state: &State) -> InputMethod<&'static str> {
        let Some(grid) = &state.grid else {
            return InputMethod::Disabled;
        };
        let (line, column) =
            state.composed.as_ref().map_or(state.last_cursor, |composed| (composed.line, composed.column));
        let cursor = grid.rectangle(terminal::Point { line, column }, 1);
        InputMethod::Enabled { cursor, purpose: Purpose::Terminal, preedit: None }
    }

    pub(super) fn input_method(&self, state: &mut State, event: &input_method::Event, shell: &mut Shell<'_, Message>) {
        if !self.has_keyboard(state) || shell.is_event_captured() {
            state.preedit = None;
            return;
        }
        match event {
            input_method::Event::Opened | input_method::Event::Closed => state.preedit = None,
            input_method::Event::Preedit(text, selection) => {
                let preedit = || Preedit { text: text.clone(), selection: selection.clone() };
                state.preedit = (!text.is_empty()).then(preedit);
            }
            input_method::Event::Commit(text) => {
                state.preedit = None;
                self.tell_typed(&Typed::Text(text), shell);
                self.type_bytes(state, text.clone().into_bytes(), shell);
                shell.capture_event();
            }
        }
        shell.request_redraw();
    }
}

//! Back to the start: RIS, DECSTR, and what a program leaves behind that died.

use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::vte::ansi::{Attr, Handler as _, NamedMode, NamedPrivateMode};

use super::charset::Charsets;
use super::margins::Margins;
use super::modes::{self, PrivateModes};
use super::protection::Protection;
use super::tabs::Tabs;
use super::vt52::Vt52;
use super::{Emulator, Keyboard, LEVEL, OtherKeys, lines, rectangle};

impl Emulator {
    /// RIS: everything as it was at the start.
    pub(super) fn reset(&mut self) {
        if self.modes.has(modes::COLUMNS) {
            self.take_size(Some(80), None);
        }
        let lines = &mut self.lines;
        lines::with_main(&mut self.term, |grid| lines.forget_history(grid));
        self.term.reset_state();
        self.lines.forget_screen(self.term.screen_lines());
        self.charsets = Charsets::default();
        self.saved = Default::default();
        self.margins = Margins::whole(self.size);
        self.has_side_margins = false;
        self.modes = PrivateModes::default();
        self.tabs = Tabs::new(self.size.columns.into());
        self.commands.clear();
        self.graphics.images.reset();
        self.set_progress(None);
        self.colors.reset_all();
        self.keyboards = Default::default();
        self.alternate = Vec::new();
        self.alternate_saved = false;
        self.protection = Protection::default();
        self.extent = rectangle::Extent::default();
        self.renditions.clear();
        self.vt52 = Vt52::Off;
        self.level = LEVEL;
        self.eight_bit = false;
        self.other_keys = OtherKeys::default();
        let titled = std::mem::take(&mut self.titles).window.is_some();
        self.last = None;
        self.redraw = true;
        if titled {
            self.set_title(None);
        }
    }

    /// DECSTR: modes, margins, attributes and character sets as at the start; the screen stays.
    pub(super) fn soft_reset(&mut self) {
        self.term.unset_mode(NamedMode::Insert.into());
        self.term.unset_private_mode(NamedPrivateMode::CursorKeys.into());
        self.term.unset_private_mode(NamedPrivateMode::Origin.into());
        self.term.set_private_mode(NamedPrivateMode::LineWrap.into());
        self.term.set_private_mode(NamedPrivateMode::ShowCursor.into());
        self.term.unset_keypad_application_mode();
        self.term.terminal_attribute(Attr::Reset);
        self.term.set_hyperlink(None);
        self.charsets = Charsets::default();
        self.term.set_cursor_style(None);
        self.margins = Margins::whole(self.size);
        self.has_side_margins = false;
        self.modes.reset_softly();
        self.forget_saved_cursor();
        *self.keyboard() = Keyboard::default();
        self.protection = Protection::default();
        self.vt52 = Vt52::Off;
        self.other_keys = OtherKeys::default();
        self.redraw = true;
    }

    /// What a program that died may have left behind: alternate screen, mouse and paste modes, a hidden cursor.
    pub(in crate::terminal) fn release(&mut self) {
        if self.on_alternate_screen() {
            self.swap_screens();
        }
        self.soft_reset();
        self.modes = PrivateModes::default();
        self.level = LEVEL;
        self.eight_bit = false;
        let left = [
            NamedPrivateMode::ReportMouseClicks,
            NamedPrivateMode::ReportCellMouseMotion,
            NamedPrivateMode::ReportAllMouseMotion,
            NamedPrivateMode::SgrMouse,
            NamedPrivateMode::Utf8Mouse,
            NamedPrivateMode::ReportFocusInOut,
            NamedPrivateMode::BracketedPaste,
        ];
        for mode in left {
            self.term.unset_private_mode(mode.into());
        }
        self.term.unset_mode(NamedMode::LineFeedNewLine.into());
        self.set_progress(None);
        self.pending.directory |= self.directory.take().is_some();
        let point = self.term.grid().cursor.point;
        if let Some(line) = self.line_number(point.line) {
            self.commands.abandon((line, point.column.0), self.now);
        }
    }
}

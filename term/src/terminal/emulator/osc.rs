//! Operating system commands (ctlseqs, "Operating System Commands").

use std::str;

use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::vte::ansi::{Handler, Hyperlink};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::color::{self, Slot};
use super::super::directory::WorkingDirectory;
use super::super::event::Progress;
use super::scroll::grid_line;
use super::{Emulator, lines};

/// The most text that OSC 52 may put on a clipboard, in bytes.
const CLIPBOARD_LIMIT: usize = 100_000;

/// The longest link that OSC 8 may attach, in bytes (VTE's limit).
const LINK_LIMIT: usize = 2083;

/// After how many bytes of new links it is looked what those on the screen take, and how much that may be.
const LINKS_LIMIT: usize = 16 * 1024 * 1024;

impl Emulator {
    /// Does what the command says; a malformed one is ignored.
    pub(super) fn operating_system_command(&mut self, data: &[u8], terminator: &str) {
        let Ok(text) = str::from_utf8(data) else { return };
        let (command, rest) = text.split_once(';').unwrap_or((text, ""));
        match command {
            "0" | "1" | "2" => self.title_command(command, rest),
            "4" => self.indexed_colors(rest, terminator),
            "104" => self.reset_indexed(rest),
            "5" => self.special_colors(rest, terminator),
            "105" => self.reset_special(rest),
            "10" | "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" => {
                self.dynamic_colors(command.parse().unwrap_or(0), rest, terminator);
            }
            "110" | "111" | "112" | "113" | "114" | "115" | "116" | "117" | "118" | "119" => {
                let number = command.parse::<u8>().unwrap_or(0).saturating_sub(100);
                if let Some(slot) = Slot::dynamic(number) {
                    self.set_color(slot, None);
                }
            }
            "8" => self.link(rest),
            "52" => self.clipboard(rest),
            "7" => self.working_directory(rest),
            "9" => self.notification_or_progress(rest),
            "777" => {
                if let Some(("notify", rest)) = rest.split_once(';') {
                    let (title, body) = rest.split_once(';').unwrap_or((rest, ""));
                    self.pending.notify(title, body);
                }
            }
            // 633 is what Visual Studio Code's shell integration sends, with the same letters.
            "133" | "633" => self.command_mark(rest),
            _ => log::debug!("an operating system command of {} bytes is not known", data.len()),
        }
    }

    /// `index;colour` pairs; a colour of `?` asks.
    fn indexed_colors(&mut self, pairs: &str, terminator: &str) {
        let mut parts = pairs.split(';');
        while let (Some(index), Some(color)) = (parts.next(), parts.next()) {
            let Some(slot) = index.parse().ok().and_then(Slot::indexed) else { continue };
            let prefix = format!("4;{}", index.parse().unwrap_or(0_u16));
            self.color(slot, &prefix, color, terminator);
        }
    }

    fn reset_indexed(&mut self, indices: &str) {
        if indices.is_empty() {
            (0..=u8::MAX).for_each(|index| self.set_color(Slot::Indexed(index), None));
        }
        for slot in indices.split(';').filter_map(|index| index.parse().ok().and_then(Slot::indexed)) {
            self.set_color(slot, None);
        }
    }

    /// OSC 5: `index;colour` pairs of the special colours.
    fn special_colors(&mut self, pairs: &str, terminator: &str) {
        let mut parts = pairs.split(';');
        while let (Some(index), Some(color)) = (parts.next(), parts.next()) {
            let index = index.parse().unwrap_or(u8::MAX);
            let Some(slot) = Slot::special(index) else { continue };
            self.color(slot, &format!("5;{index}"), color, terminator);
        }
    }

    fn reset_special(&mut self, indices: &str) {
        let all = indices.is_empty();
        for index in 0..=4_u8 {
            if all || indices.split(';').any(|wanted| wanted.parse() == Ok(index)) {
                self.set_color(Slot::Special(index), None);
            }
        }
    }

    /// The colours from OSC `first` on; each may be `?`.
    fn dynamic_colors(&mut self, first: u8, colors: &str, terminator: &str) {
        for (number, color) in (first..).zip(colors.split(';')) {
            let Some(slot) = Slot::dynamic(number) else { return };
            self.color(slot, &number.to_string(), color, terminator);
        }
    }

    fn color(&mut self, slot: Slot, prefix: &str, color: &str, terminator: &str) {
        if color == "?" {
            let crate::terminal::Rgb { r, g, b } = self.colors.get(slot);
            self.reply(&format!("\x1b]{prefix};rgb:{r:02x}{r:02x}/{g:02x}{g:02x}/{b:02x}{b:02x}{terminator}"));
        } else if let Some(color) = color::parse(color) {
            self.set_color(slot, Some(color));
        }
    }

    fn set_color(&mut self, slot: Slot, color: Option<crate::terminal::Rgb>) {
        self.colors.set(slot, color);
        self.redraw = true;
    }

    /// `parameters;address`; an empty address ends the link.
    fn link(&mut self, rest: &str) {
        let Some((parameters, uri)) = rest.split_once(';') else { return };
        if uri.is_empty() || uri.len() > LINK_LIMIT {
            return self.term.set_hyperlink(None);
        }
        let id = parameters.split(':').find_map(|parameter| parameter.strip_prefix("id="));
        let id = id.filter(|id| id.len() <= 256).map(str::to_owned);
        self.links += uri.len() + id.as_ref().map_or(0, String::len);
        if self.links > LINKS_LIMIT {
            self.thin_links();
        }
        self.term.set_hyperlink(Some(Hyperlink { id, uri: uri.to_owned() }));
    }

    /// Looks what the links on the screen take. Where that is more than any program needs it is a flood: they become text.
    fn thin_links(&mut self) {
        self.links = 0;
        let grid = self.term.grid_mut();
        if lines::extras_of_screen(grid) > LINKS_LIMIT {
            for line in 0..grid.screen_lines() {
                (&mut grid[grid_line(line)]).into_iter().for_each(|cell| cell.set_hyperlink(None));
            }
            self.redraw = true;
        }
    }

    fn working_directory(&mut self, uri: &str) {
        let directory = WorkingDirectory::parse(uri);
        if directory != self.directory {
            self.directory = directory;
            self.pending.directory = true;
        }
    }

    /// `4;state;percent` is ConEmu's progress, another number something that only ConEmu does, a text iTerm's
    /// notification.
    fn notification_or_progress(&mut self, rest: &str) {
        let (number, parameters) = rest.split_once(';').unwrap_or((rest, ""));
        if number.parse::<u8>().is_err() {
            return self.pending.notify("", rest);
        }
        let (state, percent) = parameters.split_once(';').unwrap_or((parameters, ""));
        let progress = match (number, state) {
            ("4", "0") => None,
            ("4", "1") => Some(Progress::Percent(percent.parse().unwrap_or(0).min(100))),
            ("4", "2") => Some(Progress::Failed),
            ("4", "3") => Some(Progress::Indeterminate),
            ("4", "4") => Some(Progress::Paused),
            _ => return,
        };
        self.set_progress(progress);
    }

    pub(super) fn set_progress(&mut self, progress: Option<Progress>) {
        if self.progress != progress {
            self.progress = progress;
            self.pending.progress = Some(progress);
        }
    }

    /// Prompts and commands of the main screen; `parameters` follow the letter.
    fn command_mark(&mut self, rest: &str) {
        let (kind, parameters) = rest.split_once(';').unwrap_or((rest, ""));
        let point = self.term.grid().cursor.point;
        let Some(line) = self.line_number(point.line) else { return };
        let place = (line, point.column.0);
        match kind {
            // The second and later lines of a command (`k=s`, `k=c`) and what is at the right (`k=r`) are no new prompt.
            "A" | "N" if parameters.split(';').any(|parameter| matches!(parameter, "k=s" | "k=c" | "k=r")) => {}
            "A" | "N" => self.commands.prompt(line),
            "C" => self.commands.output(place, self.now),
            "D" => {
                let status = parameters.split(';').next().and_then(|status| status.parse().ok());
                if let Some(duration) = self.commands.end(place, status, self.now) {
                    self.pending.ended = Some((status, duration));
                }
            }
            _ => {}
        }
    }

    /// `selections;base64`. Reading the clipboard is refused without an answer.
    fn clipboard(&mut self, rest: &str) {
        let Some((selections, encoded)) = rest.split_once(';') else { return };
        if encoded == "?" {
            return;
        }
        let Ok(bytes) = STANDARD.decode(encoded) else { return };
        let Ok(text) = String::from_utf8(bytes) else { return };
        if text.len() > CLIPBOARD_LIMIT {
            log::debug!("the remote side offered {} bytes for the clipboard: too many", text.len());
            return;
        }
        match selections.chars().next() {
            Some('p' | 's') => self.pending.primary = Some(text),
            Some('c') | None => self.pending.clipboard = Some(text),
            Some(_) => {}
        }
    }
}

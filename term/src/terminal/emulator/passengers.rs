//! What is remembered by line, and moves along when the text does: prompts, and pictures of the kitty protocol. (Those of
//! sixel and iTerm2 are in the cells.)

use super::super::image::kitty::{Region, Screen};
use super::Emulator;

impl Emulator {
    /// The lines from `top` to `bottom` are about to move up by `count`.
    pub(super) fn carry_up(&mut self, top: usize, bottom: usize, count: usize) {
        if top > 0 || self.on_alternate_screen() {
            return self.carry(top, bottom, -signed(count));
        }
        // What moves enters the history and keeps its numbers: those of the lines below grow.
        if bottom + 1 < usize::from(self.size.lines) {
            self.graphics.images.note_moved();
            let first = self.span().top + bottom as u64 + 1;
            self.commands.stay(first, count as u64);
            self.graphics.spend_on_placements();
            self.graphics.images.kitty.stay(first.cast_signed(), signed(count));
        }
    }

    /// The lines from `top` to `bottom` are about to move down by `count`.
    pub(super) fn carry_down(&mut self, top: usize, bottom: usize, count: usize) {
        self.carry(top, bottom, signed(count));
    }

    fn carry(&mut self, top: usize, bottom: usize, by: i64) {
        let span = self.span();
        if !self.on_alternate_screen() {
            let region = span.top + top as u64..span.top + bottom as u64 + 1;
            self.commands.scroll(&region, by, self.size.columns.into());
        }
        self.carry_pictures(top, bottom, by);
    }

    /// What is placed between the margins moves down by so many lines, up if negative.
    pub(super) fn carry_pictures(&mut self, top: usize, bottom: usize, by: i64) {
        self.graphics.spend_on_placements();
        self.graphics.images.note_moved();
        let view = self.graphics_view();
        let first = view.top.cast_signed();
        let lines = first + signed(top)..first + signed(bottom) + 1;
        let mut reach = lines.clone();
        if bottom + 1 == usize::from(self.size.lines) {
            reach.end = i64::MAX;
        }
        // Above the main screen is its scrollback.
        if top == 0 && view.screen == Screen::Alternate {
            reach.start = i64::MIN;
        }
        let whole = self.scrolls_whole_lines();
        let columns =
            if whole { i64::MIN..i64::MAX } else { signed(self.margins.left)..signed(self.margins.right) + 1 };
        let region = Region { screen: view.screen, lines, reach, columns };
        self.graphics.images.kitty.scroll(&region, by);
    }
}

fn signed(lines: usize) -> i64 {
    i64::try_from(lines).unwrap_or(i64::MAX)
}

//! What commands of the kitty graphics protocol do.

use std::sync::Arc;

use super::super::super::image::Picture;
use super::super::super::image::kitty::{Anchor, Command, Failure, Request, Work};
use super::super::Emulator;
use super::Job;

impl Emulator {
    /// A command is complete.
    pub(super) fn kitty_command(&mut self) {
        match self.graphics.receiver.end() {
            Some(Request::Command(command)) => self.kitty_do(&command),
            Some(Request::Data(command, data)) => {
                let canvas = command.is_frame().then(|| self.graphics.images.kitty.canvas(&command));
                self.graphics.job = Some(Job::Kitty(command, Work::Decode(data, canvas)));
            }
            None => {}
        }
    }

    fn kitty_do(&mut self, command: &Command) {
        match command.action {
            b'p' => {
                let placed = self.find_and_place(command);
                self.kitty_answer(command, None, placed);
            }
            b'd' => {
                let view = self.graphics_view();
                self.graphics.images.kitty.delete(command, view);
                self.redraw = true;
            }
            b'a' => {
                // What is done is not answered, as with kitty.
                if let Err(failure) = self.graphics.images.kitty.control(command) {
                    self.kitty_answer(command, None, Err(failure));
                }
                self.redraw = true;
            }
            b'c' => match self.graphics.images.kitty.composition(command) {
                Ok((canvas, source, part)) => {
                    let work = Work::Compose(canvas, source, part);
                    self.graphics.job = Some(Job::Kitty(command.clone(), work));
                }
                Err(failure) => self.kitty_answer(command, None, Err(failure)),
            },
            _ => self.kitty_answer(command, None, Err(Failure::Unsupported)),
        }
    }

    fn find_and_place(&mut self, command: &Command) -> Result<(), Failure> {
        let key = self.graphics.images.kitty.find(command).ok_or(Failure::Unknown)?;
        self.kitty_place(key, command)
    }

    /// A transmission was decoded.
    pub(super) fn kitty_picture(&mut self, command: &Command, picture: Result<Arc<Picture>, Failure>) {
        let both = command.image != 0 && command.number != 0;
        let picture = if both { Err(Failure::TwoNames) } else { picture };
        let (mut given, done) = (None, picture.map(|picture| (command.action != b'q').then_some(picture)));
        let done = done.and_then(|picture| {
            let Some(picture) = picture else { return Ok(()) };
            self.make_room(picture.pixels().len());
            let age = self.graphics.images.tick();
            let (key, name) = self.graphics.images.kitty.add(command, picture, age);
            given = name;
            self.redraw = true;
            if command.action == b'T' { self.kitty_place(key, command) } else { Ok(()) }
        });
        self.kitty_answer(command, given, done);
    }

    /// A frame was worked out.
    pub(super) fn kitty_frame(&mut self, command: &Command, picture: Result<Arc<Picture>, Failure>) {
        let done = picture.and_then(|picture| {
            if command.action == b'f'
                && let Some(bytes) = self.graphics.images.kitty.begin_frame(command)?
            {
                self.make_room(bytes);
            }
            self.redraw = true;
            self.graphics.images.kitty.end_frame(command, picture)
        });
        self.kitty_answer(command, None, done);
    }

    /// Places a picture at the cursor, and moves the cursor behind it.
    fn kitty_place(&mut self, key: u64, command: &Command) -> Result<(), Failure> {
        let column = u16::try_from(self.cursor_column()).unwrap_or(u16::MAX);
        let at = if command.placeholders { (Anchor::Text, 0) } else { (self.anchor(), column) };
        let cell = self.cell_pixels();
        if self.graphics.images.kitty.is_full() {
            self.graphics.images.kitty.make_room();
        }
        let (columns, lines) = self.graphics.images.kitty.place(key, command, at, cell)?;
        self.graphics.spend_on_placements();
        self.redraw = true;
        if !command.cursor_stays && !command.placeholders && command.parent.0 == 0 {
            self.kitty_move(columns as usize, lines as usize);
        }
        Ok(())
    }

    /// Moves to the cell right of the last row of a placement, scrolling where there is no room.
    fn kitty_move(&mut self, columns: usize, lines: usize) {
        let column = self.cursor_column() + columns;
        // A picture can be taller than the scrollback; what scrolls out of it twice is gone.
        (1..lines).for_each(|_| self.index());
        if column >= self.right_end(self.cursor_column()) {
            self.index();
            self.carriage_return();
        } else {
            self.place(self.cursor_line(), column);
        }
    }

    /// Answers a command that names something, as it wants to be answered.
    fn kitty_answer(&mut self, command: &Command, given: Option<u32>, done: Result<(), Failure>) {
        let wanted = match done {
            Ok(()) => command.quiet == 0,
            Err(_) => command.quiet < 2,
        };
        if !wanted || (command.image == 0 && command.number == 0) {
            return;
        }
        let given = given.map(|given| format!("i={given},")).unwrap_or_default();
        let message = done.map_or_else(|failure| failure.to_string(), |()| "OK".to_owned());
        self.reply(&format!("\x1b_G{given}{};{message}\x1b\\", command.names()));
    }
}

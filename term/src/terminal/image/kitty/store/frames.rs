//! Pictures of several frames.

use std::sync::Arc;
use std::time::Instant;

use super::super::super::{Area, MEMORY, Picture};
use super::super::animation::{self, Animation};
use super::super::canvas::{self, Canvas};
use super::super::{Command, Failure};
use super::{Named, Store};

/// What the frames of one picture may take: other pictures must have room beside them.
const FRAMES: usize = MEMORY / 4 * 3;

impl Store {
    /// What a frame that is sent for a picture is laid onto.
    pub(in crate::terminal) fn canvas(&self, command: &Command) -> Result<Canvas, Failure> {
        let named = self.named(command)?;
        let (below, changed) = command.cells;
        let base = match (changed, below) {
            // A number beyond the last frame makes a new one.
            (1.., _) if named.frame(changed).is_some() => named.frame(changed).cloned(),
            (_, 0) => None,
            _ => Some(named.frame(below).cloned().ok_or(Failure::NoFrame)?),
        };
        let size = (named.picture.width(), named.picture.height());
        let (replaces, color) = (command.offset.0 == 1, command.offset.1.to_be_bytes());
        Ok(Canvas { size, base, color, at: command.from, replaces })
    }

    /// The source of a composition, the part of it, and what that is laid onto.
    pub(in crate::terminal) fn composition(&self, command: &Command) -> Result<(Canvas, Arc<Picture>, Area), Failure> {
        let named = self.named(command)?;
        let (target, source) = command.cells;
        let (Some(base), Some(source)) = (named.frame(target), named.frame(source)) else {
            return Err(Failure::NoFrame);
        };
        let size = (named.picture.width(), named.picture.height());
        let (part, at) = canvas::rectangles(command, size)?;
        let base = Some(Arc::clone(base));
        Ok((Canvas { size, base, color: [0; 4], at, replaces: command.cursor_stays }, Arc::clone(source), part))
    }

    /// Whether the frame that `command` sends is one more, for which there must be room; how large it is.
    pub(in crate::terminal) fn begin_frame(&mut self, command: &Command) -> Result<Option<usize>, Failure> {
        let key = self.find(command).ok_or(Failure::Unknown)?;
        let named = self.named(command)?;
        if named.frame(command.cells.1).is_some() {
            return Ok(None);
        }
        let bytes = named.picture.pixels().len();
        let frames = named.animation.as_ref().map_or(1, |animation| animation.len());
        if named.bytes() + bytes > FRAMES || frames >= animation::MOST {
            return Err(Failure::Full);
        }
        self.growing = Some(key);
        Ok(Some(bytes))
    }

    /// Keeps a frame: in the place of the one that `command` names, or as one more.
    pub(in crate::terminal) fn end_frame(&mut self, command: &Command, picture: Arc<Picture>) -> Result<(), Failure> {
        self.growing = None;
        let number = if command.action == b'c' { command.cells.0 } else { command.cells.1 };
        let gap = if command.action == b'c' { 0 } else { command.z };
        self.animate(command, |animation| {
            if animation.frame(number).is_some() {
                animation.replace(number, picture);
                animation.set_gap(number, gap);
            } else {
                animation.push(picture, gap);
            }
        })
    }

    /// `a=a`: says how a picture's frames are shown.
    pub(in crate::terminal) fn control(&mut self, command: &Command) -> Result<(), Failure> {
        self.animate(command, |animation| {
            animation.set_gap(command.cells.1, command.z);
            animation.go_to(command.cells.0);
            animation.play(command.size.0, command.size.1);
        })
    }

    /// `d=f`: takes out a frame; of the last one the picture, if it is to be freed.
    pub(super) fn delete_frame(&mut self, command: &Command, free: bool) {
        let mut last = false;
        let found = self.animate(command, |animation| last = !animation.remove(command.cells.1));
        if let (Some(key), Ok(()), true) = (self.find(command), found, last && free) {
            self.forget(key);
        }
    }

    /// Goes to the frames that are to be shown now.
    pub(in crate::terminal) fn advance(&mut self, now: Instant) {
        for named in self.pictures.values_mut() {
            if let Some(animation) = &mut named.animation
                && animation.advance(now)
                && let Some(picture) = animation.shown()
            {
                named.picture = Arc::clone(picture);
            }
        }
    }

    /// When the next frame of one of the pictures is due that `is_shown`.
    pub(in crate::terminal) fn due(&self, is_shown: impl Fn(&Picture) -> bool) -> Option<Instant> {
        let moving = self.pictures.values().filter_map(|named| Some((named, named.animation.as_ref()?.due()?)));
        moving.filter(|(named, _)| is_shown(&named.picture)).map(|(_, due)| due).min()
    }

    fn named(&self, command: &Command) -> Result<&Named, Failure> {
        self.find(command).and_then(|key| self.pictures.get(&key)).ok_or(Failure::Unknown)
    }

    fn animate(&mut self, command: &Command, change: impl FnOnce(&mut Animation)) -> Result<(), Failure> {
        let key = self.find(command).ok_or(Failure::Unknown)?;
        let named = self.pictures.get_mut(&key).ok_or(Failure::Unknown)?;
        let animation = named.animation.get_or_insert_with(|| Box::new(Animation::new(Arc::clone(&named.picture))));
        change(animation);
        if let Some(picture) = animation.shown() {
            named.picture = Arc::clone(picture);
        }
        Ok(())
    }
}

impl Named {
    /// A frame, counted from 1.
    fn frame(&self, number: u32) -> Option<&Arc<Picture>> {
        match &self.animation {
            Some(animation) => animation.frame(number),
            None => (number == 1).then_some(&self.picture),
        }
    }
}

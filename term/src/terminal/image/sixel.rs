//! Sixel graphics (DEC STD 070, "Sixel graphics"), read as xterm reads them: pixels are square whatever aspect ratio is
//! announced, and the announced size is the least one and what the background fills.
//!
//! One thing differs: a colour register is looked up when a sixel is painted. A picture that defines a register again
//! half way down may so have more colours than registers, as libsixel and others make them.

mod registers;
mod spares;

use std::sync::Arc;

pub(in crate::terminal) use registers::Registers;
pub(in crate::terminal) use spares::Spares;

use super::{LARGEST, LONGEST, Picture};

/// Pixels in a sixel.
const BAND: u32 = 6;

/// How often a picture may become wider; by doubling, fourteen times make any of it.
const WIDENINGS: u8 = 20;

/// Which numbers are being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Data,
    /// `!`: how often the next sixel comes.
    Repeat,
    /// `#`: a register, perhaps with its colour.
    Color,
    /// `"`: aspect ratio and size.
    Raster,
}

/// A sixel picture on its way.
#[derive(Debug)]
pub(in crate::terminal) struct Sixel {
    state: State,
    numbers: [u32; 5],
    /// How many of them were begun.
    count: usize,
    registers: Registers,
    ink: [u8; 4],
    repeat: u32,
    /// Where the next sixel goes.
    x: u32,
    y: u32,
    /// What is painted or announced.
    width: u32,
    height: u32,
    /// Where nothing is painted, the announced area shows register 0 instead of what lies below.
    filled: bool,
    painted: bool,
    sheet: Sheet,
}

/// Pixels that grow as they are painted.
#[derive(Debug, Default)]
struct Sheet {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
    /// How often it was made wider, which copies all of it.
    widened: u8,
    /// Every pixel of it was filled to begin with.
    filled: bool,
    spares: Spares,
}

impl Sixel {
    /// Begins a picture, in one of `spares` if it fits; the background is filled unless `transparent`.
    pub(in crate::terminal) fn new(transparent: bool, registers: Registers, spares: Spares) -> Self {
        Self {
            state: State::Data,
            numbers: [0; 5],
            count: 0,
            ink: registers.ink(0),
            registers,
            repeat: 1,
            x: 0,
            y: 0,
            width: 0,
            height: 0,
            filled: !transparent,
            painted: false,
            sheet: Sheet { spares, ..Sheet::default() },
        }
    }

    /// Reads `data` until its end or until `work` pixels are painted; returns how many bytes were read.
    pub(in crate::terminal) fn advance(&mut self, data: &[u8], work: &mut usize) -> usize {
        for (index, byte) in data.iter().enumerate() {
            if *work == 0 {
                return index;
            }
            self.byte(*byte, work);
        }
        data.len()
    }

    fn byte(&mut self, byte: u8, work: &mut usize) {
        match byte {
            b'0'..=b'9' if self.state != State::Data => self.digit(byte - b'0'),
            b';' if self.state != State::Data => self.count = (self.count + 1).min(self.numbers.len()),
            b'!' => self.begin(State::Repeat, work),
            b'#' => self.begin(State::Color, work),
            b'"' => self.begin(State::Raster, work),
            b'?'..=b'~' => {
                self.begin(State::Data, work);
                self.paint(byte - b'?', work);
            }
            b'$' => {
                self.begin(State::Data, work);
                self.x = 0;
            }
            b'-' => {
                self.begin(State::Data, work);
                self.x = 0;
                self.y = self.y.saturating_add(BAND).min(LONGEST);
            }
            _ => {}
        }
    }

    fn digit(&mut self, digit: u8) {
        if let Some(number) = self.numbers.get_mut(self.count) {
            *number = number.saturating_mul(10).saturating_add(digit.into());
        }
    }

    /// Does what the numbers read so far say, and begins to read others.
    fn begin(&mut self, next: State, work: &mut usize) {
        match self.state {
            State::Data => {}
            State::Repeat => self.repeat = self.number(0).max(1),
            State::Color => self.color(),
            State::Raster => self.raster(work),
        }
        if next != State::Data {
            self.numbers = [0; 5];
            self.count = 0;
        }
        self.state = next;
    }

    fn number(&self, index: usize) -> u32 {
        self.numbers.get(index).copied().unwrap_or(0)
    }

    fn color(&mut self) {
        let register = self.number(0);
        if self.count >= 4 {
            self.registers.define(register, self.number(1), [self.number(2), self.number(3), self.number(4)]);
        }
        self.ink = self.registers.ink(register);
    }

    /// The size is announced before the first sixel, and counts only there.
    fn raster(&mut self, work: &mut usize) {
        let (width, height) = (self.number(2), self.number(3));
        if self.painted || !super::fits(width, height) {
            return;
        }
        (self.width, self.height) = (self.width.max(width), self.height.max(height));
        if !self.filled {
            let _ = self.sheet.cover(width, height, work);
            return;
        }
        *work = work.saturating_sub((width * height) as usize);
        let ink = self.registers.ink(0);
        if self.sheet.pixels.is_empty() {
            self.sheet.begin(width, height, ink);
        } else if self.sheet.cover(width, height, work) {
            (0..height).for_each(|y| self.sheet.row(y, 0, width).fill(ink));
        }
    }

    /// Paints a sixel as often as it is repeated. What lies beyond the largest picture is left out.
    fn paint(&mut self, bits: u8, work: &mut usize) {
        let count = std::mem::replace(&mut self.repeat, 1).min(LONGEST - self.x);
        let left = self.x;
        self.x += count;
        if bits == 0 || count == 0 {
            return;
        }
        let bottom = self.y + BAND - bits.leading_zeros().saturating_sub(2);
        if !self.sheet.cover(self.x, bottom, work) {
            return;
        }
        self.painted = true;
        (self.width, self.height) = (self.width.max(self.x), self.height.max(bottom));
        for bit in (0..BAND).filter(|bit| bits & (1 << bit) != 0) {
            self.sheet.row(self.y + bit, left, count).fill(self.ink);
            *work = work.saturating_sub(count as usize);
        }
    }

    /// Ends the picture.
    pub(in crate::terminal) fn finish(mut self, work: &mut usize) -> Finished {
        self.begin(State::Data, work);
        let size = (self.width, self.height);
        *work = work.saturating_sub((size.0 * size.1) as usize);
        let shown = self.painted || self.filled;
        let spares = std::mem::take(&mut self.sheet.spares);
        let picture = if shown { self.sheet.cut(size.0, size.1) } else { None };
        Finished { picture, size, registers: self.registers, spares }
    }
}

/// What a picture that has ended leaves.
#[derive(Debug)]
pub(in crate::terminal) struct Finished {
    /// Its pixels, if it has any.
    pub(in crate::terminal) picture: Option<Arc<Picture>>,
    /// The size that it takes.
    pub(in crate::terminal) size: (u32, u32),
    /// The registers as it leaves them.
    pub(in crate::terminal) registers: Registers,
    /// What it did not use.
    pub(in crate::terminal) spares: Spares,
}

impl Sheet {
    /// Grows to at least this size; false if no picture may be that large, or if this one was made wider too often.
    fn cover(&mut self, width: u32, height: u32, work: &mut usize) -> bool {
        if width <= self.width && height <= self.height {
            return true;
        }
        let least = (width.max(self.width), height.max(self.height));
        if !super::fits(least.0, least.1) {
            return false;
        }
        if least.0 > self.width {
            if self.widened == WIDENINGS {
                return false;
            }
            self.widened += 1;
            *work = work.saturating_sub(self.pixels.len() / 4);
        }
        // Twice as much as before, so that growing pixel by pixel copies each one a few times only.
        let grown = |least: u32, now: u32| if least > now { least.max(now * 2).min(LONGEST) } else { least };
        let mut size = (grown(least.0, self.width), grown(least.1, self.height));
        if size.0 * size.1 > LARGEST {
            size = least;
        }
        self.resize(size.0, size.1);
        true
    }

    /// Gives an empty sheet its size and a colour.
    fn begin(&mut self, width: u32, height: u32, ink: [u8; 4]) {
        let row: Vec<u8> = ink.repeat(width as usize);
        let mut pixels = self.spares.take(row.len() * height as usize);
        (0..height).for_each(|_| pixels.extend_from_slice(&row));
        self.pixels = pixels;
        (self.width, self.height, self.filled) = (width, height, true);
    }

    fn resize(&mut self, width: u32, height: u32) {
        let length = width as usize * height as usize * 4;
        self.filled = false;
        if self.pixels.is_empty() {
            self.pixels = self.spares.zeroed(length);
        } else if width == self.width {
            self.pixels.resize(length, 0);
        } else {
            let mut pixels = vec![0; length];
            let old = self.pixels.chunks_exact((self.width as usize * 4).max(1));
            for (row, old) in pixels.chunks_exact_mut(width as usize * 4).zip(old) {
                if let Some(begin) = row.get_mut(..old.len()) {
                    begin.copy_from_slice(old);
                }
            }
            self.pixels = pixels;
        }
        (self.width, self.height) = (width, height);
    }

    /// `count` pixels of a row; none of those that are outside.
    fn row(&mut self, y: u32, left: u32, count: u32) -> &mut [[u8; 4]] {
        if y >= self.height || left + count > self.width {
            return &mut [];
        }
        let start = y as usize * self.width as usize + left as usize;
        let (pixels, _) = self.pixels.as_chunks_mut::<4>();
        pixels.get_mut(start..start + count as usize).unwrap_or_default()
    }

    fn cut(mut self, width: u32, height: u32) -> Option<Arc<Picture>> {
        if (width, height) != (self.width, self.height) {
            let mut smaller = Self::default();
            if width == self.width {
                self.pixels.truncate(width as usize * height as usize * 4);
            } else {
                smaller.resize(width, height);
                let rows = self.pixels.chunks_exact((self.width as usize * 4).max(1));
                for (row, old) in smaller.pixels.chunks_exact_mut((width as usize * 4).max(1)).zip(rows) {
                    row.copy_from_slice(old.get(..row.len()).unwrap_or_default());
                }
                self.pixels = smaller.pixels;
            }
        }
        // What is left of a larger spare.
        self.pixels.shrink_to_fit();
        match self.filled {
            true => Picture::opaque_of(width, height, self.pixels),
            false => Picture::new(width, height, self.pixels),
        }
    }
}

#[cfg(test)]
mod tests;

//! The margins (DECSTBM, DECSLRM): the part of the screen that scrolls.

use super::super::Size;
use super::{Emulator, Params};

/// The first and last line and column inside the margins, all included, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Margins {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) left: usize,
    pub(super) right: usize,
}

impl Margins {
    /// The whole screen.
    pub(super) fn whole(size: Size) -> Self {
        Self { top: 0, bottom: usize::from(size.lines) - 1, left: 0, right: usize::from(size.columns) - 1 }
    }

    /// Whether `line` is between the top and bottom margin.
    pub(super) fn has_line(&self, line: usize) -> bool {
        (self.top..=self.bottom).contains(&line)
    }

    /// Whether `column` is between the left and right margin.
    pub(super) fn has_column(&self, column: usize) -> bool {
        (self.left..=self.right).contains(&column)
    }
}

impl Emulator {
    /// DECSTBM; margins that leave less than two lines are ignored. Homes the cursor.
    pub(super) fn set_top_and_bottom(&mut self, params: &Params) {
        if let Some((top, bottom)) = pair(params, self.size.lines) {
            self.margins = Margins { top, bottom, ..self.margins };
            self.address(0, 0);
        }
    }

    /// DECSLRM, only while DECLRMM allows it. Homes the cursor.
    pub(super) fn set_left_and_right(&mut self, params: &Params) {
        if let Some((left, right)) = pair(params, self.size.columns) {
            self.margins = Margins { left, right, ..self.margins };
            self.address(0, 0);
        }
    }

    /// DECLRMM: without it there are no left and right margins.
    pub(super) fn allow_left_and_right(&mut self, on: bool) {
        self.has_side_margins = on;
        if !on {
            let Margins { left, right, .. } = Margins::whole(self.size);
            self.margins = Margins { left, right, ..self.margins };
        }
    }

    /// Whether whole lines scroll.
    pub(super) fn scrolls_whole_lines(&self) -> bool {
        self.margins.left == 0 && self.margins.right == usize::from(self.size.columns) - 1
    }
}

/// The first two parameters as first and last, counted from 0; `None` if they do not leave two between them.
fn pair(params: &Params, last: u16) -> Option<(usize, usize)> {
    let first = params.count(0);
    let last = match params.get(1) {
        0 => last,
        given => given.min(last),
    };
    (first < last).then(|| (usize::from(first) - 1, usize::from(last) - 1))
}

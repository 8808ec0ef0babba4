//! Character sets (ISO 2022: SCS, SI, SO, LS2, LS3, SS2, SS3).

/// A set of 94 characters. The national sets of the VT220 other than the British one are taken for ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Charset {
    /// US ASCII.
    #[default]
    Ascii,
    /// DEC's line drawing.
    Drawing,
    /// ASCII with a pound sign.
    British,
}

/// DEC Special Graphics from `_` to `~`.
const DRAWING: [char; 32] = [
    ' ', '◆', '▒', '␉', '␌', '␍', '␊', '°', '±', '␤', '␋', '┘', '┐', '┌', '└', '┼', '⎺', '⎻', '─', '⎼', '⎽', '├', '┤',
    '┴', '┬', '│', '≤', '≥', 'π', '≠', '£', '·',
];

impl Charset {
    /// The set that SCS designates with `last`.
    pub(super) fn named(last: u8) -> Self {
        match last {
            b'0' | b'2' => Self::Drawing,
            b'A' => Self::British,
            _ => Self::Ascii,
        }
    }

    /// What is shown for the ASCII character `c`.
    fn map(self, c: char) -> char {
        match (self, c) {
            (Self::Drawing, '_'..='~') => DRAWING.get((u32::from(c) - u32::from('_')) as usize).copied().unwrap_or(c),
            (Self::British, '#') => '£',
            _ => c,
        }
    }
}

/// The four designated sets, and which are in use.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Charsets {
    designated: [Charset; 4],
    /// Locking shift.
    shifted: usize,
    /// Single shift: for the next character alone.
    single: Option<usize>,
}

impl Charsets {
    /// Makes `charset` the set G`index`.
    pub(super) fn designate(&mut self, index: usize, charset: Charset) {
        if let Some(entry) = self.designated.get_mut(index) {
            *entry = charset;
        }
    }

    /// SI, SO, LS2, LS3: uses G`index` from now on.
    pub(super) fn shift(&mut self, index: usize) {
        self.shifted = index;
    }

    /// SS2, SS3: uses G`index` for the next character.
    pub(super) fn shift_once(&mut self, index: usize) {
        self.single = Some(index);
    }

    /// Whether every character is shown as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.single.is_none() && self.get(self.shifted) == Charset::Ascii
    }

    /// What is shown for `c`.
    pub(super) fn map(&mut self, c: char) -> char {
        let index = self.single.take().unwrap_or(self.shifted);
        self.get(index).map(c)
    }

    fn get(&self, index: usize) -> Charset {
        self.designated.get(index).copied().unwrap_or_default()
    }
}

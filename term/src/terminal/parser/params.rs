//! The parameters of a control sequence (ECMA-48 section 5.4.2, subparameters ITU T.416).

/// xterm keeps 30; what comes after the 32nd is ignored.
const LIMIT: usize = 32;

/// Numbers separated by `;`, each with subparameters separated by `:`. An omitted number is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::terminal) struct Params {
    values: [u16; LIMIT],
    /// Bit n: value n is a subparameter of the one before it.
    sub: u32,
    len: usize,
    full: bool,
}

impl Default for Params {
    fn default() -> Self {
        Self { values: [0; LIMIT], sub: 0, len: 0, full: false }
    }
}

impl Params {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether there was neither digit nor separator.
    pub(in crate::terminal) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes the next digit of the current number; numbers saturate at 65,535.
    pub(super) fn digit(&mut self, digit: u8) {
        self.begin();
        if self.full {
            return;
        }
        if let Some(value) = self.values.get_mut(self.len - 1) {
            *value = value.saturating_mul(10).saturating_add(digit.into());
        }
    }

    /// Ends the current number; the next one is its subparameter if `sub`.
    pub(super) fn separate(&mut self, sub: bool) {
        self.begin();
        if self.len == LIMIT {
            self.full = true;
            return;
        }
        if sub {
            self.sub |= 1 << self.len;
        }
        self.len += 1;
    }

    fn begin(&mut self) {
        self.len = self.len.max(1);
    }

    /// The parameters, each with its subparameters; at least the number itself.
    pub(in crate::terminal) fn iter(&self) -> impl Iterator<Item = &[u16]> {
        let mut start = 0;
        std::iter::from_fn(move || {
            let from = start;
            if from >= self.len {
                return None;
            }
            start += 1;
            while start < self.len && self.sub & (1 << start) != 0 {
                start += 1;
            }
            self.values.get(from..start)
        })
    }

    /// The numbers without their subparameters.
    pub(in crate::terminal) fn numbers(&self) -> impl Iterator<Item = u16> {
        self.iter().filter_map(|group| group.first().copied())
    }

    /// The number at `index`, 0 if it is missing.
    pub(in crate::terminal) fn get(&self, index: usize) -> u16 {
        self.numbers().nth(index).unwrap_or(0)
    }

    /// The number at `index`, 1 if it is missing or 0: a count or a coordinate.
    pub(in crate::terminal) fn count(&self, index: usize) -> u16 {
        self.get(index).max(1)
    }
}

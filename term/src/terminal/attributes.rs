//! Attributes of cells that alacritty_terminal's `Flags` have no bits for: blink and overline.
//!
//! A cell must carry them through scrolling, reflow and copies of whole cells, so they need bits of the cell itself. Of
//! the five bits for underlines alacritty_terminal sets one at a time, and nothing but drawing looks at which: the
//! patterns with several bits set are free, and stand for the underlines that come with blink or overline. A cell with
//! neither has the same bits as ever.

use alacritty_terminal::term::cell::Flags;

use super::content::Underline;

/// The underlines, in the order of [`UNDERLINES`]' patterns.
const STYLES: [Underline; 6] =
    [Underline::None, Underline::Single, Underline::Double, Underline::Curly, Underline::Dotted, Underline::Dashed];

/// alacritty_terminal's bits, as bits 0 to 4 of a pattern.
const BITS: [Flags; 5] =
    [Flags::UNDERLINE, Flags::DOUBLE_UNDERLINE, Flags::UNDERCURL, Flags::DOTTED_UNDERLINE, Flags::DASHED_UNDERLINE];

/// The pattern of each underline: first alone, then with overline, with blink, and with both. Alone it is
/// alacritty_terminal's own.
const PATTERNS: [u8; 24] = [
    0b00000, 0b00001, 0b00010, 0b00100, 0b01000, 0b10000, // alone
    0b00011, 0b00101, 0b00110, 0b00111, 0b01001, 0b01010, // overlined
    0b01011, 0b01100, 0b01101, 0b01110, 0b01111, 0b10001, // blinking
    0b10010, 0b10011, 0b10100, 0b10101, 0b10110, 0b10111, // both
];

/// What the five bits say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Attributes {
    /// SGR 4, 21.
    pub(super) underline: Underline,
    /// SGR 53.
    pub(super) overline: bool,
    /// SGR 5 and 6, which are not told apart.
    pub(super) blink: bool,
}

impl Attributes {
    /// Reads them from a cell's flags.
    pub(super) fn of(flags: Flags) -> Self {
        if !flags.intersects(Flags::ALL_UNDERLINES) {
            return Self::default();
        }
        let bits = (0_u8..).zip(BITS).filter(|(_, bit)| flags.contains(*bit));
        let pattern = bits.fold(0_u8, |pattern, (index, _)| pattern | 1 << index);
        // A pattern that nothing stands for is never written; it is shown as what it has for certain.
        let index = PATTERNS.iter().position(|known| *known == pattern).unwrap_or(1);
        Self {
            underline: STYLES.get(index % 6).copied().unwrap_or_default(),
            overline: index / 6 % 2 == 1,
            blink: index / 12 == 1,
        }
    }

    /// Writes them to a cell's flags.
    pub(super) fn write(self, flags: &mut Flags) {
        let style = STYLES.iter().position(|style| *style == self.underline).unwrap_or(0);
        let index = style + 6 * usize::from(self.overline) + 12 * usize::from(self.blink);
        let pattern = PATTERNS.get(index).copied().unwrap_or(0);
        for (index, bit) in (0_u8..).zip(BITS) {
            flags.set(bit, pattern >> index & 1 == 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_them_are_kept_and_other_flags_stay() {
        for underline in STYLES {
            for (overline, blink) in [(false, false), (true, false), (false, true), (true, true)] {
                let attributes = Attributes { underline, overline, blink };
                let mut flags = Flags::BOLD | Flags::WRAPLINE | Flags::ALL_UNDERLINES;
                attributes.write(&mut flags);
                assert_eq!(Attributes::of(flags), attributes);
                assert_eq!(flags - Flags::ALL_UNDERLINES, Flags::BOLD | Flags::WRAPLINE);
            }
        }
    }

    #[test]
    fn a_plain_underline_has_the_bit_that_alacritty_terminal_gives_it() {
        for (underline, bit) in STYLES.into_iter().skip(1).zip(BITS) {
            let mut flags = Flags::empty();
            Attributes { underline, ..Attributes::default() }.write(&mut flags);
            assert_eq!(flags, bit);
        }
    }
}

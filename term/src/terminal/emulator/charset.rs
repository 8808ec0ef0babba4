//! Character sets (ISO 2022: SCS, SI, SO, LS2, LS3, SS2, SS3).

/// A set of 94 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Charset {
    /// US ASCII.
    #[default]
    Ascii,
    /// DEC's line drawing.
    Drawing,
    /// ASCII with a pound sign.
    British,
    /// The right half of ISO Latin-1, a set of 96.
    Latin,
    /// A national replacement set, by its place in [`NATIONAL`]; ASCII unless DECNRCM is set.
    National(usize),
}

/// DEC Special Graphics from `_` to `~`.
const DRAWING: [char; 32] = [
    ' ', '◆', '▒', '␉', '␌', '␍', '␊', '°', '±', '␤', '␋', '┘', '┐', '┌', '└', '┼', '⎺', '⎻', '─', '⎼', '⎽', '├', '┤',
    '┴', '┬', '│', '≤', '≥', 'π', '≠', '£', '·',
];

/// The characters that national sets replace.
const REPLACED: [char; 12] = ['#', '@', '[', '\\', ']', '^', '_', '`', '{', '|', '}', '~'];

/// The national replacement sets of the VT220 to VT420 (VT420 Programmer Reference, "National Replacement Character
/// Sets"): the bytes that designate one, and what it has for [`REPLACED`].
const NATIONAL: [(&[u8], [char; 12]); 10] = [
    // Dutch.
    (b"4", ['£', '¾', 'ĳ', '½', '|', '^', '_', '`', '¨', 'ƒ', '¼', '´']),
    // Finnish.
    (b"C5", ['#', '@', 'Ä', 'Ö', 'Å', 'Ü', '_', 'é', 'ä', 'ö', 'å', 'ü']),
    // French.
    (b"Rf", ['£', 'à', '°', 'ç', '§', '^', '_', '`', 'é', 'ù', 'è', '¨']),
    // French Canadian.
    (b"Q9", ['#', 'à', 'â', 'ç', 'ê', 'î', '_', 'ô', 'é', 'ù', 'è', 'û']),
    // German.
    (b"K", ['#', '§', 'Ä', 'Ö', 'Ü', '^', '_', '`', 'ä', 'ö', 'ü', 'ß']),
    // Italian.
    (b"Y", ['£', '§', '°', 'ç', 'é', '^', '_', 'ù', 'à', 'ò', 'è', 'ì']),
    // Norwegian and Danish.
    (b"E6`", ['#', 'Ä', 'Æ', 'Ø', 'Å', 'Ü', '_', 'ä', 'æ', 'ø', 'å', 'ü']),
    // Spanish.
    (b"Z", ['£', '§', '¡', 'Ñ', '¿', '^', '_', '`', '°', 'ñ', 'ç', '~']),
    // Swedish.
    (b"H7", ['#', 'É', 'Ä', 'Ö', 'Å', 'Ü', '_', 'é', 'ä', 'ö', 'å', 'ü']),
    // Swiss.
    (b"=", ['ù', 'à', 'é', 'ç', 'ê', 'î', 'è', 'ô', 'ä', 'ö', 'ü', 'û']),
];

impl Charset {
    /// The set that SCS designates with `last`.
    pub(super) fn named(last: u8) -> Self {
        match last {
            b'0' => Self::Drawing,
            b'A' => Self::British,
            _ => {
                let national = NATIONAL.iter().position(|(names, _)| names.contains(&last));
                national.map_or(Self::Ascii, Self::National)
            }
        }
    }

    /// The set of 96 characters that SCS designates with `last`.
    pub(super) fn named_of_96(last: u8) -> Self {
        if last == b'A' { Self::Latin } else { Self::Ascii }
    }

    /// The last byte of the SCS that designates it.
    pub(super) fn name(self) -> u8 {
        match self {
            Self::Ascii => b'B',
            Self::Drawing => b'0',
            Self::British | Self::Latin => b'A',
            Self::National(set) => NATIONAL.get(set).and_then(|(names, _)| names.first()).copied().unwrap_or(b'B'),
        }
    }

    /// What is shown for the ASCII character `c`.
    fn map(self, c: char, national: bool) -> char {
        let found = match self {
            Self::Ascii => None,
            Self::Drawing => u32::from(c).checked_sub('_'.into()).and_then(|index| DRAWING.get(index as usize)),
            Self::British => (c == '#').then_some(&'£'),
            Self::Latin => return char::from_u32(u32::from(c) + 0x80).filter(|_| c.is_ascii()).unwrap_or(c),
            Self::National(_) if !national => None,
            Self::National(set) => {
                let place = REPLACED.iter().position(|replaced| *replaced == c);
                place.zip(NATIONAL.get(set)).and_then(|(place, (_, set))| set.get(place))
            }
        };
        found.copied().unwrap_or(c)
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
    /// ASCII everywhere.
    pub(super) fn reset(&mut self) {
        *self = Self::default();
    }

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

    /// The four sets.
    pub(super) fn designated(&self) -> [Charset; 4] {
        self.designated
    }

    /// Which of them is in use.
    pub(super) fn shifted(&self) -> usize {
        self.shifted
    }

    /// Which of them the next character alone is from, if another.
    pub(super) fn single(&self) -> Option<usize> {
        self.single
    }

    /// Whether every character is shown as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.single.is_none() && self.get(self.shifted) == Charset::Ascii
    }

    /// What is shown for `c`; `national` is DECNRCM.
    pub(super) fn map(&mut self, c: char, national: bool) -> char {
        let index = self.single.take().unwrap_or(self.shifted);
        self.get(index).map(c, national)
    }

    fn get(&self, index: usize) -> Charset {
        self.designated.get(index).copied().unwrap_or_default()
    }
}

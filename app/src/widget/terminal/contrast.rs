//! How coverage becomes opacity.
//!
//! Colours are mixed as the screen stores them, not as light: that is what every renderer below does fastest and what
//! makes dark text look heavy and light text thin. The opacity of a half covered pixel is therefore bent by the
//! brightness of the text, so that both keep the weight that the font's designer drew.

use term::terminal::Rgb;

/// Exponents for black and for white text.
const DARK: f32 = 1.10;
const LIGHT: f32 = 0.78;

/// The number of steps of brightness that are told apart.
const STEPS: usize = 8;

/// Brightness in steps, which is the index of the colour's table; Rec. 709 weights.
#[must_use]
pub fn step(color: Rgb) -> usize {
    let luma = 2126 * u32::from(color.r) + 7152 * u32::from(color.g) + 722 * u32::from(color.b);
    (luma as usize * (STEPS - 1) + 1_275_000) / 2_550_000
}

/// Opacity for each coverage, for text of one brightness.
#[derive(Debug, Clone)]
pub struct Table([u8; 256]);

impl Table {
    /// The opacity of a pixel that is covered so far.
    #[inline]
    #[must_use]
    pub fn opacity(&self, coverage: u8) -> u8 {
        // Always there: the table has an entry for every byte.
        self.0.get(usize::from(coverage)).copied().unwrap_or(coverage)
    }
}

/// Opacity for each coverage and brightness, computed once.
#[derive(Debug, Clone)]
pub struct Contrast {
    tables: Vec<Table>,
}

impl Default for Contrast {
    fn default() -> Self {
        let table = |index: usize| {
            let exponent = DARK + (LIGHT - DARK) * index as f32 / (STEPS - 1) as f32;
            Table(std::array::from_fn(|coverage| ((coverage as f32 / 255.0).powf(exponent) * 255.0).round() as u8))
        };
        Self { tables: (0..STEPS).map(table).collect() }
    }
}

impl Contrast {
    /// The opacities of text of this colour, by coverage.
    #[must_use]
    pub fn table(&self, color: Rgb) -> Option<&Table> {
        self.tables.get(step(color))
    }

    /// All tables one after the other, for a GPU.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.tables.iter().flat_map(|table| table.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_and_no_coverage_stay_exact_for_every_colour() {
        let contrast = Contrast::default();
        for grey in 0..=255 {
            let table = contrast.table(Rgb { r: grey, g: grey, b: grey }).expect("a table");
            assert_eq!((table.opacity(0), table.opacity(255)), (0, 255));
            assert!(table.0.is_sorted());
        }
    }

    #[test]
    fn light_text_is_made_heavier_and_dark_text_lighter() {
        let contrast = Contrast::default();
        let half = |hex| contrast.table(Rgb::hex(hex)).expect("a table").opacity(128);
        assert!(half(0x00ff_ffff) > 140 && half(0) < 128);
    }
}

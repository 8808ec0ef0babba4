//! How colours are changed so that text can be read.

use super::Rgb;

/// What the user wants of colours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Legibility {
    /// The least contrast of text and its background by WCAG 2.2, 1 (colours stay as they are) to 21 (black on white).
    pub minimum_contrast: f32,
    /// Bold text in one of the first eight colours takes the bright version of it, as xterm's `boldColors` does.
    pub bold_is_bright: bool,
}

impl Default for Legibility {
    fn default() -> Self {
        Self { minimum_contrast: 1.0, bold_is_bright: false }
    }
}

/// The contrast that text in one colour of the palette has at least on another one. Schemes choose their sixteen colours
/// to be read on their background, not on each other: black on green, which `ls` uses, may be dark on dark.
pub(super) const PALETTE_CONTRAST: f32 = 3.0;

/// The contrast of two colours by WCAG 2.2, from 1 (the same) to 21.
#[must_use]
pub fn contrast(a: Rgb, b: Rgb) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance (WCAG 2.2), 0 to 1.
fn luminance(color: Rgb) -> f32 {
    let linear = |channel: u8| {
        let channel = f32::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
}

/// `text` as it is, if it has that contrast on `background`; otherwise mixed with just enough white or black: with that
/// to which it is nearer already where this is enough, so that light text stays light, else with the better one.
#[must_use]
pub fn readable(text: Rgb, background: Rgb, minimum: f32) -> Rgb {
    const WHITE: Rgb = Rgb { r: 255, g: 255, b: 255 };
    const BLACK: Rgb = Rgb { r: 0, g: 0, b: 0 };
    if minimum <= 1.0 || contrast(text, background) >= minimum {
        return text;
    }
    let lighter = luminance(text) > luminance(background);
    let (near, far) = if lighter { (WHITE, BLACK) } else { (BLACK, WHITE) };
    let goal = if contrast(near, background) >= minimum || contrast(near, background) >= contrast(far, background) {
        near
    } else {
        far
    };
    // The contrast grows with the share once the mixture has passed the background; the least share that is enough.
    (1_u16..=16)
        .map(|share| mix(text, goal, share))
        .find(|mixed| contrast(*mixed, background) >= minimum)
        .unwrap_or(goal)
}

/// So many sixteenths of `goal`.
fn mix(text: Rgb, goal: Rgb, share: u16) -> Rgb {
    let mix = |text: u8, goal: u8| {
        let sum = u16::from(text) * (16 - share) + u16::from(goal) * share;
        u8::try_from(sum / 16).unwrap_or(u8::MAX)
    };
    Rgb { r: mix(text.r, goal.r), g: mix(text.g, goal.g), b: mix(text.b, goal.b) }
}

/// Whether a character is a part of a picture, whose colours mean something beside each other: lines, blocks and the
/// separators of status bars, which must have the background of their neighbour.
pub(super) fn is_picture(character: char) -> bool {
    matches!(character, '\u{2500}'..='\u{259f}' | '\u{e0b0}'..='\u{e0d7}' | '\u{1cd00}'..='\u{1cde5}' | '\u{1fb00}'..='\u{1fbff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast(Rgb::hex(0), Rgb::hex(0xffffff)) - 21.0).abs() < 0.01);
        assert!((contrast(Rgb::hex(0x777777), Rgb::hex(0xffffff)) - 4.48).abs() < 0.01);
        assert!((contrast(Rgb::hex(0x123456), Rgb::hex(0x123456)) - 1.0).abs() < 0.001);
    }

    #[test]
    fn what_can_be_read_is_left_alone() {
        for minimum in [0.0, 1.0, 4.0] {
            assert_eq!(readable(Rgb::hex(0x777777), Rgb::hex(0xffffff), minimum), Rgb::hex(0x777777));
        }
    }

    #[test]
    fn every_pair_reaches_the_minimum_or_the_most_there_is() {
        let colors: Vec<Rgb> = (0..0x1000_u32)
            .step_by(37)
            .map(|n| Rgb::hex(n / 256 * 0x11_0000 + n / 16 % 16 * 0x1100 + n % 16 * 0x11))
            .collect();
        for &text in &colors {
            for &background in &colors {
                for minimum in [3.0, 4.5, 7.0, 21.0] {
                    let most = contrast(Rgb::hex(0), background).max(contrast(Rgb::hex(0xffffff), background));
                    let reached = contrast(readable(text, background, minimum), background);
                    assert!(reached >= minimum.min(most) - 0.001, "{text:?} on {background:?}: {reached} < {minimum}");
                }
            }
        }
    }

    #[test]
    fn light_text_stays_light_where_white_is_enough() {
        let changed = readable(Rgb::hex(0x1c9434), Rgb::hex(0x1c7434), 3.0);
        assert!(changed.g > 0x94 && changed.g > changed.r, "still green: {changed:?}");
        let changed = readable(Rgb::hex(0x1f2530), Rgb::hex(0x1c7434), 3.0);
        assert!(changed.g < 0x25, "still dark: {changed:?}");
    }
}

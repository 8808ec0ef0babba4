//! The terminal's colours of the dark and the light theme.
//!
//! The backgrounds are the window's own, so that the terminal does not look pasted in. Every normal colour but black
//! (dark) and white (light) can be read on them.

use term::terminal::{Palette, Rgb};

/// The dark scheme.
#[must_use]
pub fn dark() -> Palette {
    Palette {
        foreground: Rgb::hex(0xd8dde5),
        background: Rgb::hex(0x14171c),
        cursor: Rgb::hex(0x4fd1c5),
        cursor_text: Rgb::hex(0x14171c),
        selection: Rgb::hex(0x28505a),
        ansi: [
            0x3b4250, 0xf0716b, 0x7fc77a, 0xe5b95c, 0x6ea8fe, 0xc792ea, 0x56c8d8, 0xc8ced8, // normal
            0x6f7a8c, 0xff938d, 0xa1e09c, 0xf7d488, 0x9cc4ff, 0xdcb4f7, 0x86e1ee, 0xf4f6f9, // bright
        ]
        .map(Rgb::hex),
    }
}

/// The light scheme.
#[must_use]
pub fn light() -> Palette {
    Palette {
        foreground: Rgb::hex(0x1f2530),
        background: Rgb::hex(0xfbfcfd),
        cursor: Rgb::hex(0x0b6b64),
        cursor_text: Rgb::hex(0xffffff),
        selection: Rgb::hex(0xbfe3e0),
        ansi: [
            0x1f2530, 0xb3261e, 0x1c7434, 0x8a5a00, 0x1756a9, 0x8429a8, 0x08707f, 0xb9c0ca, // normal
            0x596373, 0xcf3a31, 0x26833f, 0x9a6700, 0x2a6fd0, 0x9c45c0, 0x0f8293, 0xe9ecf0, // bright
        ]
        .map(Rgb::hex),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Rgb) -> f32 {
        iced::Color::from_rgb8(color.r, color.g, color.b).relative_luminance()
    }

    fn contrast(a: Rgb, b: Rgb) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// `unreadable` are the colours that programs use as backgrounds: black on dark, the whites on light.
    fn assert_readable(palette: &Palette, unreadable: &[usize]) {
        assert!(contrast(palette.foreground, palette.background) >= 7.0);
        assert!(contrast(palette.foreground, palette.selection) >= 4.5);
        assert!(contrast(palette.cursor_text, palette.cursor) >= 4.5);
        for (index, color) in palette.ansi.iter().enumerate().filter(|(index, _)| !unreadable.contains(index)) {
            let contrast = contrast(*color, palette.background);
            assert!(contrast >= 4.0, "colour {index} has only {contrast:.2}");
        }
    }

    #[test]
    fn the_dark_scheme_can_be_read() {
        assert_readable(&dark(), &[0]);
    }

    #[test]
    fn the_light_scheme_can_be_read() {
        assert_readable(&light(), &[7, 15]);
    }
}

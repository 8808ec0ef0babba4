//! The colours of a terminal.

/// A colour, 8 bits a channel, sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Rgb {
    /// A colour from its hexadecimal form, `0xRRGGBB`.
    #[must_use]
    pub const fn hex(value: u32) -> Self {
        let [_, r, g, b] = value.to_be_bytes();
        Self { r, g, b }
    }
}

/// A colour scheme. The 256-colour cube and the greys follow xterm and are not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Text.
    pub foreground: Rgb,
    /// Background.
    pub background: Rgb,
    /// The cursor's block.
    pub cursor: Rgb,
    /// Text under a block cursor.
    pub cursor_text: Rgb,
    /// Background of selected text.
    pub selection: Rgb,
    /// Black, red, green, yellow, blue, magenta, cyan, white; then their bright versions.
    pub ansi: [Rgb; 16],
}

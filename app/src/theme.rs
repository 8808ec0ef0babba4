//! One spacing scale, one type scale, and the colours of the light and the dark theme.

/// Distances in logical pixels; nothing in the window is spaced by any other number.
pub mod space {
    /// Between an icon and its label.
    pub const XS: f32 = 4.0;
    /// Inside a control.
    pub const S: f32 = 8.0;
    /// Between controls.
    pub const M: f32 = 12.0;
    /// Between groups.
    pub const L: f32 = 20.0;
    /// Around a screen.
    pub const XL: f32 = 32.0;
}

/// Type sizes in logical pixels.
pub mod size {
    /// Hints and fingerprints' labels.
    pub const SMALL: f32 = 12.0;
    /// Everything that is read.
    pub const BODY: f32 = 14.0;
    /// Headings of a section or card.
    pub const HEADING: f32 = 17.0;
    /// The one title of a screen.
    pub const TITLE: f32 = 24.0;
}

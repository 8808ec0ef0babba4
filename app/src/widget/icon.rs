//! The icons of the window: a subset of Lucide's icon font, bundled as `assets/fonts/Lucide.ttf`.
//!
//! An icon that is added here must be added to the subset too (`.github/CONTRIBUTING.md` says how); a test compares
//! the two.

use iced::Font;

/// The bundled icon font's bytes, to be loaded when the window starts.
pub const BYTES: &[u8] = include_bytes!("../../../assets/fonts/Lucide.ttf");

/// The bundled icon font by its family name.
pub const FONT: Font = Font::with_name("lucide");

/// Declares the icons once: the variant, Lucide's own name and the character that Lucide's font gives it.
macro_rules! icons {
    ($($variant:ident $name:literal $glyph:literal,)*) => {
        /// An icon, by Lucide's own name for it in camel case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Icon {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl Icon {
            /// Every icon there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The character of [`FONT`] that draws this icon; it lies in the Private Use Area.
            #[must_use]
            pub const fn glyph(self) -> char {
                match self {
                    $(Self::$variant => $glyph,)*
                }
            }
        }
    };
}

icons! {
    AppWindow "app-window" '\u{e426}',
    ArrowDown "arrow-down" '\u{e042}',
    ArrowRight "arrow-right" '\u{e049}',
    ArrowUp "arrow-up" '\u{e04a}',
    Bell "bell" '\u{e059}',
    Check "check" '\u{e06c}',
    ChevronDown "chevron-down" '\u{e06d}',
    ChevronLeft "chevron-left" '\u{e06e}',
    ChevronRight "chevron-right" '\u{e06f}',
    ChevronUp "chevron-up" '\u{e070}',
    CircleAlert "circle-alert" '\u{e077}',
    CircleCheck "circle-check" '\u{e226}',
    ClipboardPaste "clipboard-paste" '\u{e3e8}',
    Columns2 "columns-2" '\u{e098}',
    Copy "copy" '\u{e09e}',
    Download "download" '\u{e0b2}',
    Ellipsis "ellipsis" '\u{e0b6}',
    ExternalLink "external-link" '\u{e0b9}',
    Eye "eye" '\u{e0ba}',
    EyeOff "eye-off" '\u{e0bb}',
    FileText "file-text" '\u{e0cc}',
    Folder "folder" '\u{e0d7}',
    History "history" '\u{e1f5}',
    Info "info" '\u{e0f9}',
    Key "key" '\u{e0fd}',
    Link "link" '\u{e102}',
    Loader "loader" '\u{e109}',
    Lock "lock" '\u{e10b}',
    LockOpen "lock-open" '\u{e10c}',
    Maximize "maximize" '\u{e112}',
    Menu "menu" '\u{e115}',
    Monitor "monitor" '\u{e11d}',
    Moon "moon" '\u{e11e}',
    Pencil "pencil" '\u{e1f9}',
    Play "play" '\u{e13c}',
    Plug "plug" '\u{e37f}',
    Plus "plus" '\u{e13d}',
    RefreshCw "refresh-cw" '\u{e145}',
    Rows2 "rows-2" '\u{e439}',
    Search "search" '\u{e151}',
    Server "server" '\u{e153}',
    Settings "settings" '\u{e154}',
    Shield "shield" '\u{e158}',
    ShieldAlert "shield-alert" '\u{e1fe}',
    ShieldCheck "shield-check" '\u{e1ff}',
    SquareTerminal "square-terminal" '\u{e20a}',
    Star "star" '\u{e176}',
    Sun "sun" '\u{e178}',
    Tag "tag" '\u{e17f}',
    Trash2 "trash-2" '\u{e18e}',
    TriangleAlert "triangle-alert" '\u{e193}',
    Undo2 "undo-2" '\u{e2a1}',
    Unplug "unplug" '\u{e45d}',
    Upload "upload" '\u{e19e}',
    Wifi "wifi" '\u{e1ae}',
    WifiOff "wifi-off" '\u{e1af}',
    X "x" '\u{e1b2}',
    Zap "zap" '\u{e1b4}',
}

#[cfg(test)]
mod tests {
    use cosmic_text::fontdb::Database;
    use cosmic_text::skrifa::{FontRef, MetadataProvider};

    use super::*;

    #[test]
    fn every_icon_has_a_glyph_in_the_bundled_font() {
        let font = FontRef::new(BYTES).expect("the bundled icon font parses");
        let missing: Vec<_> = Icon::ALL.iter().filter(|icon| font.charmap().map(icon.glyph()).is_none()).collect();
        assert!(missing.is_empty(), "no glyph for {missing:?}");
    }

    #[test]
    fn the_bundled_font_holds_no_glyph_that_no_icon_uses() {
        let font = FontRef::new(BYTES).expect("the bundled icon font parses");
        let used = |code| Icon::ALL.iter().any(|icon| u32::from(icon.glyph()) == code);
        let unused: Vec<_> = font.charmap().mappings().map(|(code, _)| code).filter(|code| !used(*code)).collect();
        assert!(unused.is_empty(), "glyphs without an icon: {unused:x?}");
    }

    #[test]
    fn the_bundled_font_carries_the_family_name_it_is_asked_by() {
        let mut database = Database::new();
        database.load_font_data(BYTES.to_vec());
        let iced::font::Family::Name(asked) = FONT.family else { panic!("the icon font is asked for by name") };
        assert!(database.faces().any(|face| face.families.iter().any(|(family, _)| family == asked)));
    }
}

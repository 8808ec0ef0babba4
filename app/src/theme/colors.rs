//! The colours of the window, named by what they are for.

use iced::theme::Palette;
use iced::{Color, Theme, color};

/// The colours of one theme. Text colours reach a contrast of 4.5:1 (WCAG 2.2, AA) on every surface they are used on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colors {
    /// Behind everything.
    pub background: Color,
    /// Bars, cards and menus.
    pub surface: Color,
    /// Fields and secondary buttons; what lies on a surface.
    pub raised: Color,
    /// Whatever the pointer is over.
    pub hover: Color,
    /// Hairlines between surfaces.
    pub border: Color,
    /// The outline of controls; 3:1 against what surrounds them.
    pub outline: Color,
    /// What is read.
    pub text: Color,
    /// Hints, labels and whatever may be overlooked.
    pub muted: Color,
    /// The one primary action's surface.
    pub accent: Color,
    /// The same, with the pointer over it.
    pub accent_hover: Color,
    /// Text on [`Colors::accent`] and [`Colors::danger`].
    pub on_accent: Color,
    /// Accent as text, icon or focus ring.
    pub accent_text: Color,
    /// The surface of an action that destroys something.
    pub danger: Color,
    /// The same, with the pointer over it.
    pub danger_hover: Color,
    /// An error's text and icon.
    pub danger_text: Color,
    /// Behind an error.
    pub danger_tint: Color,
    /// A warning's text and icon.
    pub warning_text: Color,
    /// Behind a warning.
    pub warning_tint: Color,
    /// Information's text and icon.
    pub info_text: Color,
    /// Behind information.
    pub info_tint: Color,
    /// What went well: an open connection.
    pub success_text: Color,
    /// Behind selected text.
    pub selection: Color,
}

/// The dark theme.
pub const DARK: Colors = Colors {
    background: color!(0x14171c),
    surface: color!(0x1b1f26),
    raised: color!(0x252a33),
    hover: color!(0x2e3540),
    border: color!(0x2c323c),
    outline: color!(0x6a7382),
    text: color!(0xe7eaef),
    muted: color!(0xa3acba),
    accent: color!(0x0f766e),
    accent_hover: color!(0x0b6660),
    on_accent: color!(0xffffff),
    accent_text: color!(0x4fd1c5),
    danger: color!(0xc2352f),
    danger_hover: color!(0xa82a25),
    danger_text: color!(0xff8a80),
    danger_tint: color!(0x3a1d1e),
    warning_text: color!(0xf2bd55),
    warning_tint: color!(0x352a16),
    info_text: color!(0x86b9ff),
    info_tint: color!(0x1a2a42),
    success_text: color!(0x5fd08a),
    selection: color!(0x1f5f5a),
};

/// The light theme.
pub const LIGHT: Colors = Colors {
    background: color!(0xf5f6f8),
    surface: color!(0xffffff),
    raised: color!(0xeef0f3),
    hover: color!(0xe3e7ec),
    border: color!(0xdde1e7),
    outline: color!(0x828b99),
    text: color!(0x1a1f27),
    muted: color!(0x545d6b),
    accent: color!(0x0f766e),
    accent_hover: color!(0x0b6660),
    on_accent: color!(0xffffff),
    accent_text: color!(0x0b6b64),
    danger: color!(0xc2352f),
    danger_hover: color!(0xa82a25),
    danger_text: color!(0xb3261e),
    danger_tint: color!(0xfdeceb),
    warning_text: color!(0x855300),
    warning_tint: color!(0xfdf3dc),
    info_text: color!(0x1756a9),
    info_tint: color!(0xe6f0fd),
    success_text: color!(0x177245),
    selection: color!(0xb5e3df),
};

impl Colors {
    /// The colours that belong to a theme.
    #[must_use]
    pub fn of(theme: &Theme) -> &'static Self {
        if theme.extended_palette().is_dark { &DARK } else { &LIGHT }
    }

    /// The iced theme of these colours, for iced's own widgets.
    pub(super) fn theme(&self, name: &'static str) -> Theme {
        Theme::custom(
            name,
            Palette {
                background: self.background,
                text: self.text,
                primary: self.accent,
                success: self.success_text,
                warning: self.warning_text,
                danger: self.danger,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(a: Color, b: Color) -> f32 {
        let (a, b) = (a.relative_luminance(), b.relative_luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_reaches_the_contrast_of_wcag_aa() {
        for (name, colors) in [("dark", DARK), ("light", LIGHT)] {
            let surfaces = [colors.background, colors.surface, colors.raised, colors.hover];
            let texts = [("text", colors.text), ("muted", colors.muted), ("accent_text", colors.accent_text)];
            let mut pairs = Vec::new();
            for surface in surfaces {
                pairs.extend(texts.iter().map(|(text, color)| (*text, *color, surface)));
            }
            for surface in [colors.background, colors.surface] {
                pairs.push(("danger_text", colors.danger_text, surface));
                pairs.push(("warning_text", colors.warning_text, surface));
                pairs.push(("info_text", colors.info_text, surface));
                pairs.push(("success_text", colors.success_text, surface));
            }
            for tint in [colors.danger_tint, colors.warning_tint, colors.info_tint] {
                pairs.push(("text on a tint", colors.text, tint));
                pairs.push(("muted on a tint", colors.muted, tint));
            }
            pairs.push(("danger", colors.danger_text, colors.danger_tint));
            pairs.push(("warning", colors.warning_text, colors.warning_tint));
            pairs.push(("info", colors.info_text, colors.info_tint));
            for surface in [colors.accent, colors.accent_hover, colors.danger, colors.danger_hover] {
                pairs.push(("on_accent", colors.on_accent, surface));
            }
            pairs.push(("selected text", colors.text, colors.selection));
            for (text, foreground, background) in pairs {
                let contrast = contrast(foreground, background);
                assert!(contrast >= 4.5, "{name}: {text} on {background:?} has only {contrast:.2}");
            }
        }
    }

    #[test]
    fn outlines_and_focus_rings_stand_out_from_what_surrounds_them() {
        for (name, colors) in [("dark", DARK), ("light", LIGHT)] {
            for surface in [colors.background, colors.surface, colors.raised] {
                assert!(contrast(colors.outline, surface) >= 3.0, "{name}: outline on {surface:?}");
                assert!(contrast(colors.accent_text, surface) >= 3.0, "{name}: focus on {surface:?}");
            }
        }
    }

    #[test]
    fn a_theme_leads_back_to_its_colors() {
        assert_eq!(Colors::of(&DARK.theme("d")), &DARK);
        assert_eq!(Colors::of(&LIGHT.theme("l")), &LIGHT);
    }
}

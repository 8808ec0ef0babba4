//! Every bundled font comes with its licence.

use super::Finding;
use super::source::Source;

const FONTS: &[&str] = &[".ttf", ".otf", ".ttc", ".woff2"];

/// A font `Family-Style.ttf` is covered by `Family-LICENSE.txt` beside it.
pub(super) fn check(files: &[Source]) -> Vec<Finding> {
    let fonts = files.iter().filter(|file| FONTS.iter().any(|ending| file.path.ends_with(ending)));
    let licence = |path: &str| {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let family = name.split(['-', '.']).next().unwrap_or_default();
        format!("{folder}/{family}-LICENSE.txt")
    };
    let covered = |path: &str| files.iter().any(|file| file.path == path && !file.text.trim().is_empty());
    fonts
        .map(|font| (font, licence(&font.path)))
        .filter(|(_, licence)| !covered(licence))
        .map(|(font, licence)| Finding::new(&font.path, 0, format!("a font without its licence: add {licence}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::source::sample;
    use super::*;

    #[test]
    fn a_font_without_its_licence_is_found() {
        let files = [sample("assets/fonts/Inter-Bold.otf", ""), sample("assets/fonts/Lucide-LICENSE.txt", "ISC")];
        assert_eq!(check(&files)[0].path, "assets/fonts/Inter-Bold.otf");
    }

    #[test]
    fn an_empty_licence_covers_nothing() {
        let files = [sample("assets/fonts/Lucide.ttf", ""), sample("assets/fonts/Lucide-LICENSE.txt", "\n")];
        assert_eq!(check(&files).len(), 1);
    }

    #[test]
    fn one_licence_covers_every_style_of_a_family() {
        let files = [
            sample("assets/fonts/Inter-Bold.otf", ""),
            sample("assets/fonts/Inter-LICENSE.txt", "OFL"),
            sample("assets/fonts/Inter-Regular.otf", ""),
        ];
        assert_eq!(check(&files), []);
    }
}

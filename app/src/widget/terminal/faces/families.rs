//! Which families go well with a terminal's text, for each script: monospaced ones first, then plain ones of even weight.
//! Names of Linux, macOS and Windows stand side by side; those that a system lacks are passed over.

use unicode_script::{Script, UnicodeScript};

/// Families that draw emoji in colour, one for each platform.
pub(super) const EMOJI: [&str; 4] = ["Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji", "Twemoji"];

/// For everything that no family of its script has: symbols, arrows, mathematics.
pub(super) const COMMON: [&str; 18] = [
    "Noto Sans Mono",
    "DejaVu Sans Mono",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
    "Noto Sans Symbols2",
    "Noto Sans Math",
    "Noto Music",
    "Symbols Nerd Font Mono",
    "Symbols Nerd Font",
    "DejaVu Sans",
    "Noto Sans",
    "Menlo",
    "Apple Symbols",
    "Segoe UI Symbol",
    "Cambria Math",
    "FreeMono",
    "Unifont",
    "Arial Unicode MS",
];

const SIMPLIFIED: [&str; 9] = [
    "Noto Sans Mono CJK SC",
    "Noto Sans CJK SC",
    "Source Han Mono SC",
    "Sarasa Mono SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei Mono",
    "Droid Sans Fallback",
];
const TRADITIONAL: [&str; 6] =
    ["Noto Sans Mono CJK TC", "Noto Sans CJK TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei", "MingLiU"];
const HONG_KONG: [&str; 3] = ["Noto Sans Mono CJK HK", "Noto Sans CJK HK", "PingFang HK"];
const JAPANESE: [&str; 9] = [
    "Noto Sans Mono CJK JP",
    "Noto Sans CJK JP",
    "Source Han Sans JP",
    "Hiragino Sans",
    "Yu Gothic",
    "BIZ UDGothic",
    "MS Gothic",
    "IPAGothic",
    "VL Gothic",
];
const KOREAN: [&str; 7] = [
    "Noto Sans Mono CJK KR",
    "Noto Sans CJK KR",
    "Source Han Sans KR",
    "Apple SD Gothic Neo",
    "D2Coding",
    "NanumGothicCoding",
    "Malgun Gothic",
];

/// The families for a character, best first. `language` is the user's, as in `ja-JP`: the same ideograph is drawn
/// differently in China, Japan and Korea.
pub(super) fn of(character: char, language: &str) -> Vec<String> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let wide = matches!(character, '\u{3000}'..='\u{33ff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}');
    match character.script() {
        Script::Common | Script::Latin if wide => ideographs(language),
        Script::Hiragana | Script::Katakana => owned(&JAPANESE),
        Script::Hangul => owned(&KOREAN),
        Script::Bopomofo => owned(&TRADITIONAL),
        Script::Han => ideographs(language),
        Script::Common | Script::Inherited | Script::Unknown | Script::Latin => Vec::new(),
        Script::Arabic => owned(&[
            "DejaVu Sans Mono",
            "Noto Sans Arabic",
            "Noto Naskh Arabic",
            "Geeza Pro",
            "Segoe UI",
            "Tahoma",
            "Noto Kufi Arabic",
        ]),
        Script::Nko => owned(&["Noto Sans NKo", "DejaVu Sans"]),
        script => of_script(&script.full_name().replace('_', " ")),
    }
}

/// The families named after a script.
fn of_script(name: &str) -> Vec<String> {
    let own = ["Noto Sans Mono", "Noto Sans", "Lohit", "Kohinoor", "Noto Serif"];
    let mut names: Vec<String> = own.iter().map(|family| format!("{family} {name}")).collect();
    names.extend(["Nirmala UI", "Leelawadee UI", "Ebrima", "Segoe UI"].map(str::to_owned));
    names
}

/// Those of the user's language first, then the others, which have what is written there alone.
fn ideographs(language: &str) -> Vec<String> {
    let own: &[&str] = match language.get(..2) {
        Some("ja") => &JAPANESE,
        Some("ko") => &KOREAN,
        Some("zh") if language.contains("HK") || language.contains("MO") => &HONG_KONG,
        Some("zh") if language.contains("TW") || language.contains("Hant") => &TRADITIONAL,
        _ => &SIMPLIFIED,
    };
    let all = own.iter().chain(&SIMPLIFIED).chain(&TRADITIONAL).chain(&JAPANESE).chain(&KOREAN);
    all.map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(character: char, language: &str) -> String {
        of(character, language).into_iter().next().unwrap_or_default()
    }

    #[test]
    fn an_ideograph_is_drawn_as_in_the_users_language() {
        for (language, family) in [
            ("en-US", "Noto Sans Mono CJK SC"),
            ("zh-CN", "Noto Sans Mono CJK SC"),
            ("zh-TW", "Noto Sans Mono CJK TC"),
            ("zh-HK", "Noto Sans Mono CJK HK"),
            ("ja-JP", "Noto Sans Mono CJK JP"),
            ("ko-KR", "Noto Sans Mono CJK KR"),
            ("", "Noto Sans Mono CJK SC"),
        ] {
            assert_eq!(first('直', language), family, "{language}");
            assert_eq!(first('ｆ', language), family, "full-width forms go with the ideographs");
            assert_eq!(first('あ', language), "Noto Sans Mono CJK JP");
            assert_eq!(first('한', language), "Noto Sans Mono CJK KR");
        }
    }

    #[test]
    fn other_scripts_have_the_families_that_are_named_after_them() {
        assert!(of('क', "").contains(&"Noto Sans Devanagari".to_owned()));
        assert!(of('ᐃ', "").contains(&"Noto Sans Canadian Aboriginal".to_owned()));
        assert_eq!(first('ب', ""), "DejaVu Sans Mono");
        assert_eq!(of('→', ""), Vec::<String>::new());
    }
}

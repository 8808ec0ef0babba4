use super::*;

fn cluster(character: char, columns: u32) -> Cluster<'static> {
    Cluster { character, combining: None, bold: false, italic: false, columns }
}

#[test]
fn the_bundled_font_gives_the_cell() {
    let metrics = Faces::new(14.0).metrics();
    assert_eq!((metrics.width, metrics.height, metrics.baseline, metrics.thickness), (8, 18, 14, 1));
}

#[test]
fn each_style_has_a_face_of_its_own() {
    let mut faces = Faces::new(28.0);
    let styles = [(false, false), (true, false), (false, true), (true, true)];
    let mut glyphs: Vec<Glyph> = styles
        .iter()
        .map(|&(bold, italic)| faces.draw(Cluster { bold, italic, ..cluster('a', 1) }).expect("ink"))
        .collect();
    glyphs.dedup();
    assert_eq!(glyphs.len(), 4);
}

#[test]
fn a_space_has_no_ink() {
    assert_eq!(Faces::new(14.0).draw(cluster(' ', 1)), None);
}

#[test]
fn wide_characters_come_from_the_system_and_fill_two_cells() {
    let mut faces = Faces::new(14.0);
    let glyph = faces.draw(cluster('漢', 2)).expect("a CJK font is installed");
    assert!(matches!(glyph.pixels, Pixels::Mask(_)));
    assert!(glyph.left >= 0 && glyph.left as u32 + glyph.width <= 16, "{} {}", glyph.left, glyph.width);
    assert!(glyph.width > 10);
}

#[test]
fn emoji_are_in_colour_and_stay_in_their_cells() {
    for size in [14.0, 17.5, 21.0, 28.0] {
        let mut faces = Faces::new(size);
        let metrics = faces.metrics();
        for (character, combining, columns) in [('😀', None, 2), ('❤', Some("\u{fe0f}"), 1)] {
            let glyph = faces.draw(Cluster { combining, ..cluster(character, columns) }).expect("an emoji font");
            assert!(matches!(glyph.pixels, Pixels::Color(_)), "{character}");
            assert!(glyph.left >= 0 && glyph.left as u32 + glyph.width <= metrics.width * columns);
            assert!(glyph.width + 2 >= metrics.width * columns || glyph.height + 2 >= metrics.height);
        }
    }
}

#[test]
fn a_combining_mark_joins_its_letter() {
    let mut faces = Faces::new(28.0);
    let plain = faces.draw(cluster('x', 1)).expect("ink");
    let marked = faces.draw(Cluster { combining: Some("\u{0302}"), ..cluster('x', 1) }).expect("ink");
    assert!(marked.top < plain.top, "the circumflex stands above the letter");
}

/// Draws a text of one cell, or of two.
fn drawn(faces: &mut Faces, text: &str, columns: u32) -> Option<Glyph> {
    let mut characters = text.chars();
    let (character, marks) = (characters.next().expect("a character"), characters.collect::<String>());
    let combining = (!marks.is_empty()).then_some(marks.as_str());
    faces.draw(Cluster { combining, ..cluster(character, columns) })
}

#[test]
fn sequences_of_emoji_are_one_picture() {
    let mut faces = Faces::new(28.0);
    let plain = faces.picture(&['👍'], cluster('👍', 2)).expect("a picture");
    for text in
        ["👍🏽", "👩\u{200d}💻", "👨\u{200d}👩\u{200d}👧\u{200d}👦", "🇩🇪", "1\u{fe0f}\u{20e3}", "❤\u{fe0f}\u{200d}🔥"]
    {
        let characters: Vec<char> = text.chars().collect();
        let glyph = faces.picture(&characters, cluster(characters[0], 2)).expect(text);
        assert!(matches!(glyph.pixels, Pixels::Color(_)) && glyph.pixels != plain.pixels, "{text}");
        assert!(glyph.left >= 0 && glyph.left as u32 + glyph.width <= 2 * faces.metrics().width, "{text}");
    }
    assert_eq!(faces.picture(&['👍', '👩'], cluster('👍', 2)), None, "no font has a picture for both");
}

#[test]
fn variation_selectors_choose_between_text_and_picture() {
    let mut faces = Faces::new(28.0);
    let is_picture = |glyph: Option<Glyph>| matches!(glyph.expect("ink").pixels, Pixels::Color(_));
    for (text, columns, picture) in
        [("⚡", 2, true), ("⚡\u{fe0e}", 2, false), ("☎", 1, false), ("☎\u{fe0f}", 1, true), ("☎\u{fe0e}", 1, false)]
    {
        assert_eq!(is_picture(drawn(&mut faces, text, columns)), picture, "{}", text.escape_unicode());
    }
}

#[test]
fn styles_that_a_family_lacks_are_made_up() {
    let mut faces = Faces::new(28.0);
    let mut draw = |bold, italic| faces.draw(Cluster { bold, italic, ..cluster('漢', 2) }).expect("a CJK font");
    let (plain, slanted, bold) = (draw(false, false), draw(false, true), draw(true, false));
    assert!(slanted.pixels != plain.pixels && slanted.width > plain.width, "no CJK font has an italic");
    let ink = |glyph: &Glyph| match &glyph.pixels {
        Pixels::Mask(coverage) => coverage.iter().map(|ink| u32::from(*ink)).sum::<u32>(),
        Pixels::Color(_) => 0,
    };
    assert!(ink(&bold) > ink(&plain) * 11 / 10);
}

#[test]
fn signs_are_joined_where_the_font_has_a_drawing_and_nowhere_else() {
    let mut faces = Faces::new(28.0);
    for text in ["->", "=>", "!=", "===", "<=", "|>", "::"] {
        let groups = faces.signs(text, false, false).expect(text);
        assert!(!groups.is_empty() && groups.iter().all(|(column, _)| *column < text.len() as u32), "{text}");
        for (column, group) in groups {
            let Some(glyph) = faces.group(&group) else { continue };
            let left = (column * faces.metrics().width) as i32 + glyph.left;
            let right = left + glyph.width as i32;
            assert!(
                left >= -1 && right <= (text.len() as u32 * faces.metrics().width) as i32 + 1,
                "{text} in its cells"
            );
        }
    }
    assert_eq!(faces.signs("(\"", false, false), None);
}

#[test]
fn a_chosen_family_gives_the_cell_and_an_unknown_one_is_the_bundled() {
    let faces = |family: &str| Faces::of_font(&Font { family: family.into(), ..Font::bundled(28.0) });
    let bundled = faces("");
    assert_eq!(faces("No Such Family").metrics(), bundled.metrics());
    assert_eq!(faces("jetbrains mono").metrics(), bundled.metrics());
    let mut other = faces("Noto Sans Mono CJK SC");
    assert_ne!(other.metrics(), bundled.metrics());
    assert_ne!(drawn(&mut other, "a", 1), drawn(&mut Faces::new(28.0), "a", 1));
    assert!(drawn(&mut other, "ж", 1).is_some() && drawn(&mut other, "\u{300}", 1).is_some());
}

#[test]
fn a_character_of_no_font_is_a_box_and_one_without_ink_is_nothing() {
    let mut faces = Faces::new(28.0);
    let missing = drawn(&mut faces, "\u{10fff0}", 1).expect("a box");
    assert_eq!(missing, Glyph::from_mask(&missing::draw('\u{10fff0}', 1, faces.metrics())));
    for blank in ["\u{a0}", "\u{2003}", "\u{200b}", "\u{3000}", "\u{feff}", "\u{e0001}"] {
        assert_eq!(drawn(&mut faces, blank, 1), None, "{}", blank.escape_unicode());
    }
}

#[test]
fn conjuncts_of_indian_scripts_are_one_drawing_over_their_cells() {
    let mut faces = Faces::new(28.0);
    let width = faces.metrics().width;
    let cells = |text: &[&str]| text.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let joined = faces.script(&cells(&["क\u{94d}", "ष"]), false, false).expect("a Devanagari font");
    assert_eq!(joined.iter().map(|(column, _)| *column).collect::<Vec<_>>(), [0], "one drawing");
    // The line that the letters hang from runs through both cells.
    let conjunct = faces.group(&joined[0].1).expect("ink");
    assert!(conjunct.left <= 2 && conjunct.left + conjunct.width as i32 >= 2 * width as i32 - 2, "{conjunct:?}");
    let apart = faces.script(&cells(&["क", "ष"]), false, false).expect("a Devanagari font");
    assert_eq!(apart.iter().map(|(column, _)| *column).collect::<Vec<_>>(), [0, 1]);
    // A vowel that is written before its consonant is moved there, within the cells of both.
    let syllable = faces.script(&cells(&["ह", "ि"]), false, false).expect("a Devanagari font");
    assert_eq!(syllable.len(), 1);
}

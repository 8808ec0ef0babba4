use std::path::PathBuf;

use super::*;

fn luminance(color: Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_bundled_scheme_is_read_and_can_be_read_by_people() {
    let schemes = Schemes::default();
    assert_eq!(schemes.iter().len(), BUNDLED.len(), "one cannot be parsed");
    for Scheme { name, ground, palette, title, .. } in schemes.iter() {
        let Palette { foreground, background, cursor, cursor_text, selection, ansi } = palette;
        assert!(contrast(*foreground, *background) >= 4.0, "{name}: text");
        assert!(contrast(*foreground, *selection) >= 3.0, "{name}: selected text");
        assert!(contrast(*cursor, *background) >= 1.8, "{name}: cursor");
        assert!(contrast(*cursor_text, *cursor) >= 2.0, "{name}: text under the cursor");
        assert_eq!(*ground, Ground::of(*background), "{name}");
        // Red, green and blue tell things apart in every scheme.
        let (red, green, blue) = (ansi[1], ansi[2], ansi[4]);
        assert!(red != green && green != blue && blue != red, "{name}");
        for color in [red, green, blue] {
            assert!(contrast(color, *background) >= 2.0, "{name}: {color:?}");
        }
        assert!(!title.is_empty());
    }
}

#[test]
fn every_file_of_the_folder_of_schemes_is_bundled_with_a_note_of_its_author() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/schemes");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut names: Vec<_> = files.drain(..).map(|path| stem(&path)).collect();
    names.sort();
    assert_eq!(names, BUNDLED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for (name, text) in BUNDLED {
        assert!(text.starts_with("# By ") || name.starts_with("tetherm-"), "{name} names no author");
    }
}

#[test]
fn the_schemes_of_a_new_user_can_be_read_well() {
    // Black on dark and the whites on light are the colours that programs use as backgrounds.
    for (ground, unreadable) in [(Ground::Dark, &[0][..]), (Ground::Light, &[7, 15])] {
        let palette = ground.palette();
        assert!(contrast(palette.foreground, palette.background) >= 7.0);
        assert!(contrast(palette.foreground, palette.selection) >= 4.5);
        assert!(contrast(palette.cursor_text, palette.cursor) >= 4.5);
        for (index, color) in palette.ansi.iter().enumerate().filter(|(index, _)| !unreadable.contains(index)) {
            let contrast = contrast(*color, palette.background);
            assert!(contrast >= 4.0, "colour {index} has only {contrast:.2}");
        }
    }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let schemes = folder.path().join("schemes");
    fs::create_dir(&schemes).unwrap();
    (folder, schemes)
}

#[test]
fn the_users_own_schemes_are_read_and_broken_ones_reported_with_their_place() {
    let (_folder, schemes) = folder();
    let text = BUNDLED.iter().find(|(name, _)| *name == "nord").unwrap().1;
    fs::write(schemes.join("mine.toml"), text.replace("\"Nord\"", "\"Mine\"")).unwrap();
    fs::write(schemes.join("nord.toml"), text.replace("#2e3440", "#000000")).unwrap();
    fs::write(schemes.join("broken.toml"), text.replace("\"#bf616a\"", "\"red\"")).unwrap();
    fs::write(schemes.join("notes.txt"), "no scheme").unwrap();
    let all = Schemes::load(Some(&schemes));
    assert_eq!(all.iter().len(), BUNDLED.len() + 1);
    assert_eq!(all.get("mine").map(|scheme| (scheme.title.as_str(), scheme.own)), Some(("Mine", true)));
    assert_eq!(all.get("nord").unwrap().palette.background, Rgb::hex(0x000000), "the user's own wins");
    let [problem] = all.problems() else { panic!("{:?}", all.problems()) };
    let expected = "line 12, column 7: 'red' must be a colour such as \"#1e90ff\"";
    assert!(problem.to_string().contains(expected), "{problem}");
    assert_eq!(all.palette("gone", Ground::Light), Ground::Light.palette());
}

const ALACRITTY: &str = "\
[colors.primary]
background = '#1E1E2E' # base
foreground = '0xCDD6F4'
dim_foreground = '#CDD6F4'

[colors.cursor]
text = 'CellBackground'
cursor = '#F5E0DC'

[colors.normal]
black = '#45475A'
red = '#F38BA8'
green = '#A6E3A1'
yellow = '#F9E2AF'
blue = '#89B4FA'
magenta = '#F5C2E7'
cyan = '#94E2D5'
white = '#BAC2DE'

[colors.bright]
black = '#585B70'
";

const YAML: &str = "\
# Colors
colors:
  primary: &ground
    background: '0x1e1e2e'
    foreground: \"#cdd6f4\"   # text
  cursor:
    text: CellBackground
    cursor: '#f5e0dc'
  normal:
    black:   '#45475a'
    red:     '#f38ba8'
    green:   '#a6e3a1'
    yellow:  '#f9e2af'
    blue:    '#89b4fa'
    magenta: '#f5c2e7'
    cyan:    '#94e2d5'
    white:   '#bac2de'
  bright:
    black:   '#585b70'
font:
  normal:
    family: monospace
";

#[test]
fn alacrittys_schemes_are_imported_from_toml_and_from_yaml() {
    let (home, schemes) = folder();
    for (file, text) in [("cat_mocha.toml", ALACRITTY), ("cat_mocha.yml", YAML)] {
        let source = home.path().join(file);
        fs::write(&source, text).unwrap();
        // What is imported again is the same scheme, not another one.
        assert_eq!(Schemes::import(&source, &schemes).as_deref(), Ok("cat-mocha"));
        let all = Schemes::load(Some(&schemes));
        let scheme = all.get("cat-mocha").unwrap();
        assert_eq!((scheme.title.as_str(), scheme.ground), ("cat mocha", Ground::Dark));
        assert_eq!(scheme.palette.foreground, Rgb::hex(0xcdd6f4));
        assert_eq!((scheme.palette.cursor, scheme.palette.cursor_text), (Rgb::hex(0xf5e0dc), Rgb::hex(0x1e1e2e)));
        let (red, bright_black) = (scheme.palette.ansi[1], scheme.palette.ansi[8]);
        assert_eq!((red, bright_black, scheme.palette.ansi[9]), (Rgb::hex(0xf38ba8), Rgb::hex(0x585b70), red));
    }
    assert_eq!(fs::read_dir(&schemes).unwrap().filter(|entry| entry.is_ok()).count(), 2, "the scheme and the lock");
}

/// A property list as iTerm2 writes it, with these colours.
fn plist(skip: &str) -> String {
    let mut text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
                    \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n<dict>\n"
            .to_owned();
    let ansi = (0..16).map(|number| format!("Ansi {number} Color"));
    let names = ["Background Color", "Foreground Color", "Cursor Color", "Selection Color"];
    for (index, name) in ansi.chain(names.map(str::to_owned)).enumerate().filter(|(_, name)| name != skip) {
        let (index, name) = (index as f64, name.as_str());
        text.push_str(&format!(
            "\t<key>{name}</key>\n\t<dict>\n\t\t<key>Alpha Component</key>\n\t\t<real>1</real>\n\t\t<key>Blue \
             Component</key>\n\t\t<real>{}</real>\n\t\t<key>Color Space</key>\n\t\t<string>sRGB</string>\n\t\t<key>Green \
             Component</key>\n\t\t<real>0.5</real>\n\t\t<key>Red Component</key>\n\t\t<integer>1</integer>\n\t</dict>\n",
            index / 255.0
        ));
    }
    text + "</dict>\n</plist>\n"
}

#[test]
fn iterm2s_schemes_are_imported() {
    let (home, schemes) = folder();
    let source = home.path().join("Deep <Sea>.itermcolors");
    fs::write(&source, plist("")).unwrap();
    assert_eq!(Schemes::import(&source, &schemes).as_deref(), Ok("deep-sea"));
    let all = Schemes::load(Some(&schemes));
    let scheme = all.get("deep-sea").unwrap();
    assert_eq!(scheme.title, "Deep <Sea>");
    assert_eq!(scheme.palette.ansi[15], Rgb { r: 255, g: 128, b: 15 });
    assert_eq!(scheme.palette.selection, Rgb { r: 255, g: 128, b: 19 });
    assert_eq!(scheme.palette.cursor_text, scheme.palette.background);
}

#[test]
fn what_is_no_scheme_is_refused_with_its_place() {
    let (home, schemes) = folder();
    let table = [
        ("a.toml", "[colors.primary]\nforeground = '#12345'\n".to_owned(), "line 2, column 14: 'foreground' must be"),
        ("b.toml", "[colors]\nprimary = 3\n".to_owned(), "line 2, column 11: 'primary' must be a table"),
        ("c.toml", ALACRITTY.replace("red = '#F38BA8'\n", ""), "it has no colors.normal.red"),
        ("d.toml", "x = \n".to_owned(), "line 1, column 5"),
        ("e.toml", "theme = 'dark'\n".to_owned(), "this scheme has no 'foreground'"),
        ("f.yml", YAML.replace("#f38ba8", "#f38b"), "line 11, column 15: 'red' must be a colour"),
        ("g.yml", "hello: 1\n".to_owned(), "it has no colors.primary.foreground"),
        ("h.itermcolors", plist("Ansi 7 Color"), "it has no 'Ansi 7 Color'"),
        ("i.itermcolors", plist("").replacen("<real>0.5</real>", "<real>half</real>", 1), "'Green Component' must be"),
        ("j.itermcolors", plist("").replace("</dict>\n</plist>\n", ""), "the file ends before"),
        ("k.itermcolors", "<plist><dict></key></dict>".to_owned(), "line 1, column"),
        ("l.itermcolors", "\u{0}\u{1}".to_owned(), "it has no 'Foreground Color'"),
        ("m.toml", "#".repeat(300_000), "far too large"),
    ];
    for (file, text, expected) in table {
        let source = home.path().join(file);
        fs::write(&source, text).unwrap();
        let error = Schemes::import(&source, &schemes).expect_err(file).to_string();
        assert!(error.contains(expected) && error.contains(file), "{error}");
    }
    let missing = Schemes::import(&home.path().join("none.toml"), &schemes).expect_err("there is none");
    assert!(matches!(missing, Error::Unreadable { .. }));
    assert!(!schemes.join("a.toml").exists());
}

#[test]
fn an_imported_scheme_takes_no_others_name_and_shows_no_deceptive_title() {
    let (home, schemes) = folder();
    let source = home.path().join("nord\u{202e}.toml");
    fs::write(&source, ALACRITTY).unwrap();
    assert_eq!(Schemes::import(&source, &schemes).as_deref(), Ok("nord-2"));
    fs::write(&source, ALACRITTY.replace("#45475A", "#000000")).unwrap();
    assert_eq!(Schemes::import(&source, &schemes).as_deref(), Ok("nord-3"));
    assert_eq!(Schemes::load(Some(&schemes)).get("nord-3").unwrap().title, "nord");
}

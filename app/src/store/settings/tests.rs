use super::*;

fn folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("settings.toml");
    (folder, path)
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("there")
}

#[test]
fn what_was_chosen_is_read_back_and_nothing_else_is_written() {
    let (_folder, path) = folder();
    let terminal = Terminal { font_size: 15.5, ..Terminal::default() };
    let chosen = Settings { theme: Theme::Dark, terminal, ..Settings::default() };
    let _ = chosen.save(&Settings::default(), &path).expect("saved");
    assert_eq!(Settings::load(&path), Ok(chosen));
    assert_eq!(text(&path), format!("{}theme = \"dark\"\n\n[terminal]\nfont_size = 15.5\n", text::header()));
}

#[test]
fn every_setting_is_read_back_as_it_was_written() {
    for setting in table::ALL {
        let (_folder, path) = folder();
        // Without the header, which would stay above a first key and keep it.
        std::fs::write(&path, "later = 1\n").expect("written");
        let mut settings = Settings::default();
        let other = match (setting.field.get)(&settings) {
            Value::Switch(on) => Value::Switch(!on),
            Value::Number(number) => Value::Number(number + 1.0),
            Value::Text(_) => Value::Text("äöü \"'\\".to_owned()),
            Value::Word(word) => match setting.kind {
                table::Kind::Choice(words) => Value::Word(words.iter().find(|other| other.word != word).unwrap().word),
                _ => panic!("{} has a word", setting.path()),
            },
        };
        (setting.field.set)(&mut settings, &other);
        assert!(setting.is_changed(&settings), "{} was not set", setting.path());
        let written = settings.save(&Settings::default(), &path).expect("saved");
        assert_eq!((&written, Settings::load(&path).as_ref()), (&settings, Ok(&settings)), "{}", setting.path());
        setting.reset(&mut settings);
        let _ = settings.save(&written, &path).expect("saved");
        assert!(!text(&path).lines().any(|line| line.starts_with(setting.key)), "{}", text(&path));
    }
}

#[test]
fn the_header_of_a_new_file_holds_every_default_and_fits_its_lines() {
    let (_folder, path) = folder();
    let header = text::header();
    assert!(header.lines().all(|line| line.chars().count() <= 120), "{header}");
    // Without their marks and notes the lines are the settings that a new user has.
    let line = |line: &str| {
        let line = line.trim_start_matches('#').trim();
        let is_setting = line.starts_with('[') || line.contains(" = ");
        is_setting.then(|| line.split("   ").next().unwrap_or_default().to_owned() + "\n")
    };
    let lines: String = header.lines().filter_map(line).collect();
    std::fs::write(&path, &lines).expect("written");
    let mut settings = Settings::load(&path).unwrap_or_else(|error| panic!("{error}\n{lines}"));
    assert_eq!(settings.keys.remove("new-tab"), Some(vec![Chord::parse("Ctrl+Shift+T").unwrap()]));
    assert_eq!(settings, Settings::default());
    assert!(table::ALL.iter().all(|setting| lines.contains(&format!("{} = ", setting.key))));
}

#[test]
fn comments_and_unknown_keys_are_kept() {
    let (_folder, path) = folder();
    let before = "# mine\nlater = 1\ntheme = 'light' # bright\n\n[terminal] # the grid\nscrollback = 5_000\n# end\n";
    std::fs::write(&path, before).expect("written");
    let base = Settings::load(&path).expect("understood");
    let mut settings = base.clone();
    assert_eq!((settings.theme, settings.terminal.scrollback), (Theme::Light, Scrollback::Lines(5_000)));
    settings.theme = Theme::Dark;
    settings.terminal.cursor_blink = CursorBlink::Always;
    let base = settings.save(&base, &path).expect("saved");
    let expected = before.replace("'light'", "\"dark\"").replace("5_000\n", "5_000\ncursor_blink = \"always\"\n");
    assert_eq!(text(&path), expected);
    // Back at their defaults one keeps its comment and the other goes.
    let _ = Settings::default().save(&base, &path).expect("saved");
    let expected = before.replace("'light'", "\"system\"").replace("scrollback = 5_000\n", "");
    assert_eq!(text(&path), expected);
}

#[test]
fn a_value_out_of_range_is_refused_with_its_place() {
    let (_folder, path) = folder();
    let table = [
        ("[terminal]\nfont_size = 400\n", "line 2, column 13: 'font_size' must be a number from 6 to 72"),
        ("[terminal]\npadding = 1.5\n", "line 2, column 11: 'padding' must be a whole number from 0 to 64"),
        (
            "[terminal]\nscrollback = \"many\"\n",
            "column 14: 'scrollback' must be a whole number from 0 to 1000000 or \"unlimited\"",
        ),
        ("[terminal]\nbell = 'loud'\n", "'bell' must be one of \"visual\", \"audible\", \"urgent\", \"none\""),
        ("[terminal]\nbell = true\n", "'bell' must be one of"),
        ("terminal = 1\n", "line 1, column 12: 'terminal' must be a table"),
        ("[keys]\nnew-tab = 'Hyper+T'\n", "line 2, column 11: 'Hyper+T' names no key"),
        ("[keys]\nnew-tab = 'Ctrl+C'\n", "line 2, column 11: Ctrl+C cannot be used: it belongs to the shell"),
        ("[keys]\nnew-tab = ['Ctrl+Shift+T', 'x']\n", "line 2, column 11: X cannot be used"),
        ("[keys]\nnew-tab = 7\n", "'new-tab' must be a list of texts in quotes"),
    ];
    for (index, (broken, expected)) in table.into_iter().enumerate() {
        std::fs::write(&path, broken).expect("written");
        let error = Settings::load(&path).expect_err(broken);
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(Settings::default().save(&Settings::default(), &path), Err(error));
        assert_eq!(text(&path), broken);
        assert!(path.with_file_name(format!("settings.toml.broken-{}", index + 1)).exists());
    }
}

#[test]
fn switches_of_an_earlier_version_are_still_understood() {
    let (_folder, path) = folder();
    for (written, blink) in [("true", CursorBlink::Always), ("false", CursorBlink::Never)] {
        std::fs::write(&path, format!("[terminal]\ncursor_blink = {written}\nscrollback = 'unlimited'\n")).unwrap();
        let terminal = Settings::load(&path).expect("understood").terminal;
        assert_eq!((terminal.cursor_blink, terminal.scrollback), (blink, Scrollback::Unlimited));
    }
}

#[test]
fn key_bindings_are_written_and_taken_out_again() {
    let (_folder, path) = folder();
    let chord = |text| Chord::parse(text).unwrap();
    std::fs::write(&path, "[keys]\n# mine\ncopy = 'F5'\nnever-heard-of = 'F6'\n").unwrap();
    let base = Settings::load(&path).expect("understood");
    let mut settings = base.clone();
    let _ = settings.keys.insert("paste".to_owned(), vec![chord("F7"), chord("Alt+V")]);
    let _ = settings.keys.insert("new-tab".to_owned(), Vec::new());
    let base = settings.save(&base, &path).expect("saved");
    let written =
        "[keys]\n# mine\ncopy = 'F5'\nnever-heard-of = 'F6'\nnew-tab = \"none\"\npaste = [\"F7\", \"Alt+V\"]\n";
    assert_eq!(text(&path), written);
    assert_eq!(Settings::load(&path).as_ref(), Ok(&settings));
    settings.keys.clear();
    let _ = settings.save(&base, &path).expect("saved");
    assert_eq!(Settings::load(&path), Ok(Settings::default()));
}

#[test]
fn what_another_program_changed_in_the_file_meanwhile_stays() {
    let (_folder, path) = folder();
    let base = Settings::default();
    std::fs::write(&path, "theme = \"light\"\n\n[terminal]\npadding = 3\n\n[keys]\ncopy = \"F5\"\n").unwrap();
    let mut here = Settings { theme: Theme::Dark, ..base.clone() };
    let _ = here.keys.insert("paste".to_owned(), Vec::new());
    let written = here.save(&base, &path).expect("saved");
    assert_eq!((written.theme, written.terminal.padding, written.keys.len()), (Theme::Dark, 3, 2));
    let expected = "theme = \"dark\"\n\n[terminal]\npadding = 3\n\n[keys]\ncopy = \"F5\"\npaste = \"none\"\n";
    assert_eq!(text(&path), expected);
}

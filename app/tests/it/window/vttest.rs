//! vttest's keyboard and reports (its menus 5 and 6), with real keys in the real window: it says itself what it got.

use super::desk::Desk;

impl Desk {
    /// Starts vttest and chooses from its menus, one number after the other.
    fn vttest(&mut self, choices: &[&str]) {
        self.type_text("clear; stty rows 24 cols 80; vttest 24x80.80\n");
        for choice in choices {
            self.wait_for_text("Enter choice number");
            self.type_text(&format!("{choice}\n"));
        }
    }
}

#[test]
fn vttest_knows_the_cursor_keys_in_each_mode() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.vttest(&["5", "4"]);
    for mode in ["<ANSI / Cursor key mode RESET>", "<ANSI / Cursor key mode SET>", "<VT52 Mode>"] {
        desk.wait_for_text(mode);
        for (key, name) in [("up", "Up"), ("down", "Down"), ("left", "Left"), ("right", "Right")] {
            desk.press(&[key]);
            desk.wait_for_text(&format!("({name} arrow key)"));
        }
        desk.press(&["tab"]);
    }
    desk.wait_for_text("Push <RETURN>");
}

#[test]
fn vttest_knows_the_function_keys() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    desk.vttest(&["5", "7"]);
    desk.wait_for_text("Press each function key");
    // F11 is the window's: full screen.
    for key in ["F5", "F6", "F7", "F8", "F9", "F10", "F12"] {
        desk.press(&[key]);
        desk.wait_for_text(&format!("({key}{} key)", if key == "F5" { " (xterm)" } else { "" }));
    }
}

#[test]
fn vttest_finds_the_reports_in_order() {
    let mut desk = Desk::sit_down();
    desk.log_in();
    let said: [(&str, &[&str]); 4] = [
        ("3", &["-- means \"TERMINAL OK\"", "Report is: <27> [ 5 ; 1 R  -- OK"]),
        ("4", &["VT400 family", "4 = Sixel graphics", "28 = rectangular editing"]),
        ("5", &["Pp=41 (VT420)", "ROM cartridge registration number ok"]),
        ("6", &["<27> P ! | 0 0 0 0 0 0 0 0 <27> \\  ok"]),
    ];
    desk.vttest(&["6"]);
    for (choice, words) in said {
        desk.wait_for_text("Enter choice number");
        desk.type_text(&format!("{choice}\n"));
        desk.wait_for_text("Push <RETURN>");
        words.iter().for_each(|words| desk.wait_for_text(words));
        desk.type_text("\n");
    }
    // In new-line mode Return sends two characters.
    desk.wait_for_text("Enter choice number");
    desk.type_text("2\n");
    desk.wait_for_text("NewLine mode set. Push the RETURN key:");
    desk.press(&["return"]);
    desk.wait_for_text("<13> <10>  -- OK");
    desk.wait_for_text("NewLine mode reset. Push the RETURN key:");
    desk.press(&["return"]);
    desk.wait_for_text(" <13>  -- OK");
}

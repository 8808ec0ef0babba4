//! Sessions that are logged from their beginning, as the settings say.

use std::fs;
use std::path::PathBuf;

use testbed::Deadline;
use testbed::input::Button;

use super::desk::Desk;

fn logs(desk: &Desk) -> Vec<PathBuf> {
    let folder = desk.home().join("logs/of 127.0.0.1");
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().path()).collect::<Vec<_>>());
    let mut logs = entries.unwrap_or_default();
    logs.sort();
    logs
}

#[test]
fn every_session_is_logged_from_its_first_line_to_a_file_of_its_own() {
    let settings = "[terminal]\nlog_sessions = \"text\"\nlog_folder = \"~/logs\"\nlog_name = \"of {host}/{date}\"\n";
    let mut desk = Desk::sit_down_with(&settings.replace("{host}", "127.0.0.1"));
    // Said before the first prompt.
    fs::write(desk.sshd.home().join(".profile"), "echo first-$((1 + 1)); PS1='$ '\n").unwrap();
    desk.log_in();
    desk.type_text("echo logged-$((2 + 2))\n");
    desk.wait_for_text("logged-4");
    let holds = |desk: &Desk, at: usize, text: &str| {
        logs(desk).get(at).is_some_and(|log| fs::read_to_string(log).unwrap_or_default().contains(text))
    };
    let wait = |desk: &Desk, at: usize, text: &str| {
        Deadline::generous().wait_until(&format!("'{text}' in log {at}"), || holds(desk, at, text)).unwrap();
    };
    wait(&desk, 0, "first-2");
    wait(&desk, 0, "logged-4");

    // Another pane is another session: its log has the same name by the pattern, and takes nobody's place.
    desk.press(&["ctrl+shift+d"]);
    desk.wait_for_panes(2, 1);
    desk.type_text("echo other-$((3 + 3))\n");
    desk.wait_for_text("other-6");
    Deadline::generous().wait_until("a second log", || logs(&desk).len() == 2).unwrap();
    let both = || (0..2).filter(|at| holds(&desk, *at, "other-6")).count();
    Deadline::generous().wait_until("the other session in one of them", || both() == 1).unwrap();
    assert_eq!((0..2).filter(|at| holds(&desk, *at, "logged-4")).count(), 1);
}

#[test]
fn the_mark_in_the_tab_leads_to_the_logs_folder_and_stops_it() {
    let mut desk =
        Desk::sit_down_with("[terminal]\nlog_sessions = \"recording\"\nlog_folder = \"~/logs/of 127.0.0.1\"\n");
    desk.log_in();
    Deadline::generous().wait_until("a log", || logs(&desk).len() == 1).unwrap();
    let bar = |tabs: &[testbed::control::Tab]| tabs[0].lines;
    let before = bar(&desk.control.tabs().unwrap());
    desk.press(&["ctrl+shift+p"]);
    desk.type_text("show the log in its folder\n");
    let folder = desk.home().join("logs/of 127.0.0.1").to_string_lossy().into_owned();
    Deadline::generous().wait_until("the folder", || desk.opened().contains(&folder)).unwrap();
    // The mark stands behind the one that tells the state; in the menu that it opens, stopping is the third line.
    desk.settle();
    desk.input.click(desk.tetherm().at(79, 20), Button::Left).unwrap();
    desk.settle();
    desk.input.click(desk.tetherm().at(120, 128), Button::Left).unwrap();
    desk.control.wait_for_tabs(Deadline::generous(), "no bar of a log", |tabs| bar(tabs) > before).unwrap();
    desk.type_text("echo unlogged-$((4 + 4))\n");
    desk.wait_for_text("unlogged-8");
    assert!(!fs::read_to_string(&logs(&desk)[0]).unwrap().contains("unlogged-8"));
}

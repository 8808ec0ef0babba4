//! `~/.ssh/config` in the window: listed live, and changed there.

use std::fs;
use std::time::Duration;

use testbed::{Deadline, Screenshot};

use super::{DRAWN, Desk};

#[test]
fn hosts_of_ssh_config_are_listed_when_the_file_changes_and_nothing_is_drawn_when_it_does_not() {
    let desk = Desk::sit_down();
    desk.settle();
    let before = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
    let text = fs::read_to_string(desk.ssh_config()).unwrap();
    fs::write(desk.ssh_config(), format!("{text}\nHost fresh another\n    Port 2222\n")).unwrap();
    // Two lines of the list, below the one that is there.
    let shown = || {
        let now = Screenshot::of(&desk.desktop, &desk.tetherm()).unwrap();
        let differs = |y: &u16| (0..now.width()).step_by(4).any(|x| now.pixel(x, *y) != before.pixel(x, *y));
        (0..now.height()).filter(differs).count() > 20
    };
    Deadline::generous().wait_until("the new hosts in the list", shown).unwrap();
    desk.rest();
    assert!(desk.busy(Duration::from_secs(6)) < DRAWN, "the files are looked at, and nothing is drawn");
}

#[test]
fn a_host_of_ssh_config_is_edited_with_the_keyboard_and_only_its_line_is_written() {
    let mut desk = Desk::sit_down();
    let text =
        "# mine\nHost box # the box\n    HostName 127.0.0.1 # here\n    User nobody\n\nHost *\n    ForwardX11 yes\n";
    fs::write(desk.ssh_config(), text).unwrap();
    desk.settle();
    // Past "New host" and the line itself to its pencil.
    desk.press(&["Tab", "Tab", "Tab", "Return"]);
    desk.settle();
    // From the address to the user.
    desk.press(&["Tab", "ctrl+a"]);
    desk.type_text("somebody\n");
    let expected = text.replace("User nobody", "User somebody");
    let written = || fs::read_to_string(desk.ssh_config()).unwrap() == expected;
    Deadline::generous().wait_until("the changed line in the file", written).unwrap();
    // The list is back, and has the keyboard: the new user is in force.
    desk.settle();
    desk.type_text("box\n");
    let user = |tabs: &[testbed::control::Tab]| tabs.iter().any(|tab| tab.title.contains("box"));
    desk.control.wait_for_tabs(Deadline::generous(), "a tab to the host", user).unwrap();
}

#[test]
fn a_new_block_of_ssh_config_is_written_with_the_keyboard_and_connected_to() {
    let mut desk = Desk::sit_down();
    let text = "# mine\nHost 127.0.0.1\n    ForwardX11 yes\n\nHost *\n    User nobody\n";
    fs::write(desk.ssh_config(), text).unwrap();
    let (user, port) = (desk.sshd.user(), desk.sshd.port());
    desk.settle();
    // "New host", and before its first field the button that leads to the other form.
    desk.press(&["Tab", "Return"]);
    desk.settle();
    desk.press(&["shift+Tab", "Return"]);
    desk.settle();
    desk.type_text("fresh");
    for field in ["127.0.0.1", &user, &port.to_string(), "~/.ssh/id_ed25519"] {
        desk.press(&["Tab"]);
        desk.type_text(field);
    }
    desk.press(&["Return"]);
    let block = format!(
        "Host fresh\n    Hostname 127.0.0.1\n    User {user}\n    Port {port}\n    IdentityFile ~/.ssh/id_ed25519\n\n"
    );
    let expected = text.replace("Host *", &format!("{block}Host *"));
    let written = || fs::read_to_string(desk.ssh_config()).unwrap() == expected;
    Deadline::generous().wait_until("the new block in the file", written).unwrap();
    desk.settle();
    desk.type_text("fresh\n");
    desk.wait_for_states(&["prompt"]);
    desk.trust_and_save();
    desk.wait_for_states(&["open"]);
}

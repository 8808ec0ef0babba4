//! A saved host, whose X11 programs are guarded, in the real window.

use testbed::Deadline;

use super::desk::Desk;

#[test]
fn what_a_guarded_program_was_refused_is_told_and_allowed_by_a_press() {
    let hosts = "[[host]]\nname = \"My box\"\nhost_name = \"box\"\nforward_x11 = true\n";
    let mut desk = Desk::sit_down_among(&[("hosts.toml", hosts)]);
    let (user, port) = (desk.sshd.user(), desk.sshd.port());
    std::fs::write(desk.known_hosts(), desk.sshd.known_hosts_line().unwrap()).unwrap();
    desk.configure(&format!("Host box\n    HostName 127.0.0.1\n    Port {port}\n    User {user}\n"));
    desk.copy_elsewhere("the secret");
    desk.type_text("My box\n");
    desk.wait_for_states(&["open"]);
    desk.wait_for_text("$");
    let lines = |desk: &Desk| desk.panes().first().map_or(0, |pane| pane.lines);
    let all = lines(&desk);

    desk.type_text("xclip -o -selection clipboard; echo got=$?\n");
    desk.wait_for_text("got=1");
    // The strip takes its room from the terminal.
    Deadline::generous().wait_until("the strip", || lines(&desk) < all).unwrap();
    desk.settle();
    // To the cross at its end, and from there back to the button before it.
    desk.press(&["shift+F6", "shift+Tab", "Return"]);
    Deadline::generous().wait_until("the strip's end", || lines(&desk) == all).unwrap();
    desk.type_text("xclip -o -selection clipboard; echo \" got=$?\"\n");
    desk.wait_for_text("the secret got=0");
}

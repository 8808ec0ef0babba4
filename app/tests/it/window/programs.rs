//! What runs at the other end: `SessionType`, `RemoteCommand` and `RequestTTY` in the real window.

use super::desk::Desk;

/// A desk whose configuration calls the server `box`, with these lines.
fn desk_with(lines: &str) -> Desk {
    let desk = Desk::sit_down();
    let (user, port) = (desk.sshd.user(), desk.sshd.port());
    std::fs::write(desk.known_hosts(), desk.sshd.known_hosts_line().unwrap()).unwrap();
    desk.configure(&format!("Host box\n    HostName 127.0.0.1\n    Port {port}\n    User {user}\n{lines}"));
    desk
}

#[test]
fn a_command_without_a_terminal_is_typed_to_by_lines_and_ended_by_control_c() {
    let mut desk = desk_with("    RemoteCommand tty; cat\n");
    desk.type_text("box\n");
    // What it prints may come before there is anybody to type to.
    desk.wait_for_states(&["open"]);
    desk.wait_for_text("not a tty");
    desk.type_text("hello\n");
    desk.wait_for_text("hello\nhello\n");
    desk.press(&["ctrl+c"]);
    desk.wait_for_states(&["closed"]);
    assert_eq!(desk.active_tab().reason, "interrupted");
}

#[test]
fn a_command_gets_a_terminal_where_that_is_asked_for() {
    let mut desk = desk_with("    RemoteCommand tty; cat\n    RequestTTY yes\n");
    desk.type_text("box\n");
    desk.wait_for_text("/dev/");
}

#[test]
fn a_tab_without_a_shell_keeps_the_connection_for_its_forwardings() {
    let port = testbed::sshd::free_port().unwrap();
    let mut desk = desk_with("    SessionType none\n");
    desk.configure(&format!("    LocalForward 127.0.0.1:{port} 127.0.0.1:{}\n", desk.sshd.port()));
    desk.type_text("box\n");
    desk.wait_for_states(&["open"]);
    desk.wait_for_text("without a shell");
    let mut greeting = [0; 4];
    let mut through = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    std::io::Read::read_exact(&mut through, &mut greeting).unwrap();
    assert_eq!(&greeting, b"SSH-");
    desk.press(&["ctrl+c"]);
    desk.wait_for_states(&["closed"]);
}

//! What is typed, clicked and seen through a [`Desktop`] is what real programs get and show.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use testbed::input::Button;
use testbed::{Deadline, Desktop, Input, Screenshot, Xvfb};

/// A program that ends with its test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(display: &Xvfb, command: &mut Command) -> Program {
    Program(display.apply(command).env("LC_ALL", "C.UTF-8").spawn().unwrap())
}

fn desktop(display: &Xvfb) -> (Desktop, Input) {
    let desktop = display.desktop().unwrap();
    let input = Input::new(&desktop).unwrap();
    (desktop, input)
}

#[test]
fn typed_text_reaches_a_program_also_where_the_keyboard_lacks_a_key() {
    let display = Xvfb::start(800, 600).unwrap();
    let (desktop, mut input) = desktop(&display);
    let folder = tempfile::tempdir().unwrap();
    let typed = folder.path().join("typed");
    let _xterm = start(
        &display,
        Command::new("xterm").args(["-u8", "-e", "sh", "-c", "cat > \"$0\"; touch \"$0.end\""]).arg(&typed),
    );
    let window = desktop.wait_for_window("xterm", Deadline::generous()).unwrap();
    // The file appears once the shell runs, after which the terminal is in the mode that `cat` reads in.
    Deadline::generous().wait_until("the shell", || typed.exists()).unwrap();
    desktop.focus(&window).unwrap();

    let text = "Hello, World! ~{|}@#$% é€ßπ\n";
    input.type_text(text).unwrap();
    input.chord("ctrl+d").unwrap();
    let end = folder.path().join("typed.end");
    Deadline::generous().wait_until("cat to see the end of its input", || end.exists()).unwrap();
    assert_eq!(fs::read_to_string(&typed).unwrap(), text);
}

#[test]
fn clicks_and_the_wheel_arrive_where_they_are_aimed() {
    let display = Xvfb::start(800, 600).unwrap();
    let (desktop, input) = desktop(&display);
    let mut xev = start(
        &display,
        Command::new("xev").args(["-event", "button", "-geometry", "200x100+300+200"]).stdout(Stdio::piped()),
    );
    // xev has no WM_CLASS to be found by, but a white window on the black root.
    let point = (310, 220);
    Deadline::generous()
        .wait_until("xev's window", || Screenshot::take(&desktop).unwrap().pixel(310, 220) == Some([255; 3]))
        .unwrap();
    input.click(point, Button::Right).unwrap();
    input.wheel(point, -1).unwrap();

    // Each press is told in a line with the place, followed by one with the button.
    let output = BufReader::new(xev.0.stdout.take().unwrap());
    let lines = output.lines().map(Result::unwrap).filter(|line| line.contains(", button ") || line.contains("root:("));
    let seen: Vec<_> = lines.take(6).collect();
    let seen = seen.join("\n");
    assert!(seen.contains("root:(310,220)") && seen.contains("button 3") && seen.contains("button 5"), "{seen}");
}

#[test]
fn a_picture_of_a_window_shows_its_pixels() {
    let display = Xvfb::start(800, 600).unwrap();
    let (desktop, _) = desktop(&display);
    let _xterm = start(&display, Command::new("xterm").args(["-bg", "#123456", "-bw", "0", "-e", "cat"]));
    let window = desktop.wait_for_window("xterm", Deadline::generous()).unwrap();
    let picture = Screenshot::settled(&desktop, &window, Duration::from_millis(300), Deadline::generous()).unwrap();
    assert_eq!((picture.width(), picture.height()), (window.width, window.height));
    assert_eq!(picture.pixel(window.width / 2, window.height / 2), Some([0x12, 0x34, 0x56]));
    assert!(Screenshot::take(&desktop).unwrap().colors() >= 2, "a window on a black root");
}

#[test]
fn a_window_that_never_comes_is_reported_with_those_that_are_there() {
    let display = Xvfb::start(800, 600).unwrap();
    let desktop = display.desktop().unwrap();
    let _xeyes = start(&display, &mut Command::new("xeyes"));
    let _window = desktop.wait_for_window("XEyes", Deadline::generous()).unwrap();
    let error = desktop.wait_for_window("xclock", Deadline::after(Duration::from_millis(50))).unwrap_err();
    assert!(error.to_string().contains("'xclock'") && error.to_string().contains("xeyes/XEyes"), "{error}");
}

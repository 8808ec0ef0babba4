//! A user at a desk: a home folder, a display, a server to log in to, and the window between them.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use testbed::control::{Pane, Tab};
use testbed::sshd::Options;
use testbed::{Control, Deadline, Desktop, Input, Screenshot, Sshd, Window, Xvfb};

/// A window on a display of its own, driven by keys. Everything ends with this value, the window first.
pub(super) struct Desk {
    window: Child,
    pub(super) control: Control,
    pub(super) input: Input,
    pub(super) desktop: Desktop,
    pub(super) sshd: Sshd,
    home: TempDir,
    display: Xvfb,
}

impl Desk {
    /// A user who has a key that the server admits, X11 forwarding on for it, and no saved host; and the window, in
    /// front of them.
    pub(super) fn sit_down() -> Self {
        Self::sit_down_with("")
    }

    /// The same, with these settings.
    pub(super) fn sit_down_with(settings: &str) -> Self {
        if settings.is_empty() {
            Self::sit_down_among(&[])
        } else {
            Self::sit_down_among(&[("settings.toml", settings)])
        }
    }

    /// The same, with these files of the program's own.
    pub(super) fn sit_down_among(files: &[(&str, &str)]) -> Self {
        let sshd = Sshd::start_with(Options::default().line("X11Forwarding yes")).unwrap();
        let display = Xvfb::start(1280, 800).unwrap();
        let home = tempfile::Builder::new().prefix("home-").tempdir().unwrap();
        prepare(home.path(), &sshd);
        for (name, content) in files {
            fs::create_dir_all(home.path().join("config")).unwrap();
            fs::write(home.path().join("config").join(name), content).unwrap();
        }
        let socket = home.path().join("control");
        let mut command = Command::new(env!("CARGO_BIN_EXE_tetherm"));
        let window = display
            .apply(&mut command)
            .arg("--control")
            .arg(&socket)
            .env("PATH", path_with(&home.path().join("bin")))
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("TETHERM_CONFIG_DIR", home.path().join("config"))
            .env_remove("SSH_AUTH_SOCK")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let desktop = display.desktop().unwrap();
        let desk = Self {
            window,
            control: Control::new(env!("CARGO_BIN_EXE_tetherm"), socket),
            input: Input::new(&desktop).unwrap(),
            desktop,
            sshd,
            home,
            display,
        };
        desk.control.wait_until_ready(Deadline::generous()).unwrap();
        desk.desktop.focus(&desk.tetherm()).unwrap();
        desk
    }

    pub(super) fn tetherm(&self) -> Window {
        self.desktop.wait_for_window("tetherm", Deadline::generous()).unwrap()
    }

    /// The user's home folder.
    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The windows of the program, the topmost last.
    pub(super) fn windows(&self) -> Vec<Window> {
        self.desktop.windows().unwrap().into_iter().filter(|window| window.is("tetherm")).collect()
    }

    /// Waits until the program has ended by itself.
    pub(super) fn wait_for_end(&mut self) -> ExitStatus {
        let Self { window, .. } = self;
        Deadline::generous().wait_for("the program to end", || window.try_wait().unwrap()).unwrap()
    }

    /// Waits until the program has so many windows on the screen.
    pub(super) fn wait_for_windows(&self, count: usize) {
        Deadline::generous().wait_until(&format!("{count} windows"), || self.windows().len() == count).unwrap();
    }

    /// The text that the clipboard offers in this form.
    pub(super) fn clipboard(&self, form: &str) -> String {
        let mut xclip = Command::new("xclip");
        let output =
            self.display.apply(&mut xclip).args(["-o", "-selection", "clipboard", "-t", form]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Puts a text on the clipboard, as another program does.
    pub(super) fn copy_elsewhere(&self, text: &str) {
        let file = self.home.path().join("copied");
        fs::write(&file, text).unwrap();
        let mut xclip = Command::new("xclip");
        let status = self.display.apply(&mut xclip).args(["-selection", "clipboard"]).arg(file).status().unwrap();
        assert!(status.success(), "xclip");
    }

    /// The user's own known_hosts file.
    pub(super) fn known_hosts(&self) -> PathBuf {
        self.home.path().join(".ssh/known_hosts")
    }

    /// Adds to the user's `~/.ssh/config`.
    pub(super) fn configure(&self, text: &str) {
        let path = self.home.path().join(".ssh/config");
        let config = fs::read_to_string(&path).unwrap() + text;
        fs::write(path, config).unwrap();
    }

    /// The user's own configuration of ssh.
    pub(super) fn ssh_config(&self) -> PathBuf {
        self.home.path().join(".ssh/config")
    }

    /// The settings' file.
    pub(super) fn settings(&self) -> PathBuf {
        self.home.path().join("config/settings.toml")
    }

    /// What the palette remembers.
    pub(super) fn recent(&self) -> PathBuf {
        self.home.path().join("config/state/recent.toml")
    }

    /// What the quick-connect field is given for the server.
    pub(super) fn destination(&self) -> String {
        format!("{}@127.0.0.1:{}", self.sshd.user(), self.sshd.port())
    }

    /// Types text into whatever has the keyboard.
    pub(super) fn type_text(&mut self, text: &str) {
        self.input.type_text(text).unwrap();
    }

    /// Presses keys one after the other.
    pub(super) fn press(&mut self, chords: &[&str]) {
        for chord in chords {
            self.input.chord(chord).unwrap();
        }
    }

    pub(super) fn wait_for_text(&self, text: &str) {
        self.control.wait_for_text(Deadline::generous(), text).unwrap();
    }

    /// Waits until the tabs have these states, in order.
    pub(super) fn wait_for_states(&self, states: &[&str]) {
        let same = |tabs: &[Tab]| tabs.iter().map(|tab| tab.state.as_str()).eq(states.iter().copied());
        self.control.wait_for_tabs(Deadline::generous(), &format!("tabs that are {states:?}"), same).unwrap();
    }

    /// Waits until the tab at this position is in front, or the hosts are.
    pub(super) fn wait_for_front(&self, position: Option<usize>) {
        let same = |tabs: &[Tab]| tabs.iter().position(|tab| tab.active) == position;
        self.control.wait_for_tabs(Deadline::generous(), &format!("tab {position:?} in front"), same).unwrap();
    }

    pub(super) fn active_tab(&self) -> Tab {
        self.control.tabs().unwrap().into_iter().find(|tab| tab.active).unwrap()
    }

    /// The panes of the tab in front.
    pub(super) fn panes(&self) -> Vec<Pane> {
        self.active_tab().panes
    }

    /// Waits until the tab in front has so many panes, all open, and this one, counted from 0, has the keyboard.
    pub(super) fn wait_for_panes(&self, count: usize, focused: usize) {
        let same = |tabs: &[Tab]| {
            tabs.iter().find(|tab| tab.active).is_some_and(|tab| {
                tab.panes.len() == count
                    && tab.panes.iter().all(|pane| pane.state == "open")
                    && tab.panes.iter().position(|pane| pane.focused) == Some(focused)
            })
        };
        let what = format!("{count} panes of which {focused} has the keyboard");
        self.control.wait_for_tabs(Deadline::generous(), &what, same).unwrap();
    }

    /// What the screen of a pane or tab shows.
    pub(super) fn text_of(&self, id: u64) -> String {
        self.control.ask(&["text", &id.to_string()]).unwrap()
    }

    /// Connects by quick connect, trusts the unknown key with the keyboard and waits for the shell.
    pub(super) fn log_in(&mut self) {
        let destination = self.destination();
        self.type_text(&format!("{destination}\n"));
        self.wait_for_states(&["prompt"]);
        assert_eq!(self.active_tab().prompt, "host-key");
        self.trust_and_save();
        self.wait_for_states(&["open"]);
        self.wait_for_text("$");
    }

    /// Does something while the window does not run, so that it gets all of it in one moment.
    pub(super) fn at_once(&mut self, work: impl FnOnce(&mut Self)) {
        self.signal("STOP");
        work(self);
        self.signal("CONT");
    }

    /// Sends the program a signal, by its name without `SIG`.
    pub(super) fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.window.id().to_string()).status().unwrap();
        assert!(status.success(), "kill -{name}");
    }

    /// Waits until what the window shows stays as it is.
    pub(super) fn settle(&self) {
        let quiet = Duration::from_millis(300);
        let _ = Screenshot::settled(&self.desktop, &self.tetherm(), quiet, Deadline::generous()).unwrap();
    }

    /// Goes from Cancel, which has the focus, past Connect once to Trust and save.
    pub(super) fn trust_and_save(&mut self) {
        // At once, as one who knows the question does: no key may go where the keyboard was before.
        self.press(&["Tab", "Tab", "Return"]);
    }

    /// Waits until the window has done what it was told, also what nobody sees.
    pub(super) fn rest(&self) {
        let rests = || self.busy(Duration::from_millis(500)).is_zero();
        Deadline::generous().wait_until("a window at rest", rests).unwrap();
    }

    /// How much processor time the window takes while nobody touches it for so long.
    pub(super) fn busy(&self, time: Duration) -> Duration {
        let before = self.processor_time();
        std::thread::sleep(time);
        self.processor_time() - before
    }

    /// The processor time that the window has taken, of all its threads (proc_pid_stat(5)).
    fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.window.id())).unwrap();
        // The name in parentheses may hold blanks; after it come the fields from the third on.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks = |field: usize| fields.split_whitespace().nth(field - 3).unwrap().parse::<u64>().unwrap();
        // A tick is a hundredth of a second on every Linux (sysconf(_SC_CLK_TCK)).
        Duration::from_millis(10 * (ticks(14) + ticks(15)))
    }

    /// What the desktop was asked to open, an address a line.
    pub(super) fn opened(&self) -> String {
        fs::read_to_string(self.home.path().join("opened")).unwrap_or_default()
    }

    /// The middle of a terminal's cell, as a point of the display; the tab has no strips and one pane.
    pub(super) fn cell(&self, column: i32, line: i32) -> (i16, i16) {
        let tab = self.active_tab();
        assert!(tab.lines > 2 && tab.columns > 2, "a terminal is shown");
        // The bar of tabs with its hairline, and the padding; a cell of the bundled font at its size.
        self.tetherm().at(8 + 8 * column + 4, 45 + 8 + 18 * line + 9)
    }

    /// How many times somebody has logged in.
    pub(super) fn logins(&self) -> usize {
        self.sshd.log().matches("Accepted publickey").count()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.window.kill();
        let _ = self.window.wait();
    }
}

/// The search path with `first` before all others.
fn path_with(first: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([first.to_owned()].into_iter().chain(std::env::split_paths(&path))).unwrap()
}

/// A program that writes its arguments, one a line, to a file in the home folder.
fn record_arguments(home: &Path, program: &str, file: &str) {
    let bin = home.join("bin");
    fs::create_dir_all(&bin).unwrap();
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >>\"$HOME/{file}\"\n");
    fs::write(bin.join(program), script).unwrap();
    fs::set_permissions(bin.join(program), fs::Permissions::from_mode(0o755)).unwrap();
}

fn prepare(home: &Path, sshd: &Sshd) {
    record_arguments(home, "xdg-open", "opened");
    let ssh = home.join(".ssh");
    fs::create_dir(&ssh).unwrap();
    let _ = fs::copy(sshd.client_key(), ssh.join("id_ed25519")).unwrap();
    fs::write(ssh.join("config"), "Host 127.0.0.1\n    ForwardX11 yes\n").unwrap();
    // A prompt that is the same for every user and shell.
    fs::write(sshd.home().join(".profile"), "PS1='$ '\n").unwrap();
}

//! The terminals that are measured.

use std::path::Path;
use std::process::Command;

use super::stage::Stage;

/// A terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contender {
    /// Ours.
    Tetherm,
    /// alacritty(1), with ssh(1) in it.
    Alacritty,
    /// xterm(1), with ssh(1) in it.
    Xterm,
}

/// What runs in the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// A shell on the server.
    Remote,
    /// What a window shows at once: the hosts in ours, a local shell in the others.
    First,
}

/// Points to the em: 14 pixels at 96 dots per inch, which is Tetherm's default.
const POINTS: &str = "10.5";

impl Contender {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Tetherm, Self::Alacritty, Self::Xterm];

    /// What the table calls it, and its window's class.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tetherm => "tetherm",
            Self::Alacritty => "alacritty",
            Self::Xterm => "xterm",
        }
    }

    /// Whether its grid has the wanted size as soon as it opens.
    pub(super) fn opens_in_size(self) -> bool {
        self != Self::Tetherm
    }

    /// How it is started on `stage`; `socket` is for what it can be driven through later.
    pub(super) fn command(self, stage: &Stage, inside: Inside, socket: &Path) -> Command {
        match self {
            Self::Tetherm => tetherm(stage, inside, socket),
            Self::Alacritty => alacritty(stage, inside, socket),
            Self::Xterm => xterm(stage, inside),
        }
    }
}

fn tetherm(stage: &Stage, inside: Inside, socket: &Path) -> Command {
    let mut command = Command::new(stage.program());
    let _ = command.arg("--control").arg(socket);
    if inside == Inside::Remote {
        let _ = command.arg(Stage::HOST);
    }
    command
}

fn alacritty(stage: &Stage, inside: Inside, socket: &Path) -> Command {
    let mut command = Command::new("alacritty");
    let size = format!("font.size={POINTS}");
    let family = format!("font.normal.family={}", Stage::FONT);
    for option in ["window.dimensions.columns=200", "window.dimensions.lines=50", "scrolling.history=10000"] {
        let _ = command.args(["--option", option]);
    }
    // Without a file of the user's, and with nothing that blinks or asks for an answer of the desktop.
    let _ = command
        .args(["--config-file", "/dev/null", "--option", &size, "--option", &family])
        .args(["--option", "cursor.style.blinking=Never"])
        .arg("--socket")
        .arg(socket)
        .env("WINIT_X11_SCALE_FACTOR", "1")
        .arg("--command")
        .args(stage.inside(inside));
    command
}

fn xterm(stage: &Stage, inside: Inside) -> Command {
    let mut command = Command::new("xterm");
    let _ = command
        .args(["-u8", "-fa", Stage::FONT, "-fs", POINTS, "-geometry", "200x50+0+0", "-sl", "10000"])
        // Backspace as the other two send it.
        .args(["-xrm", "XTerm*backarrowKey: false", "-xrm", "XTerm*ptyInitialErase: false", "-e"])
        .args(stage.inside(inside));
    command
}

//! The system packages that the tasks need: one table, checked before a task starts.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a package is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// `cargo xtask test`.
    Test,
    /// `cargo xtask demo` on the user's own display.
    Demo,
    /// `cargo xtask demo` on a display of its own.
    HeadlessDemo,
    /// `cargo xtask bench`.
    Bench,
}

/// A Debian package, and how to know it on other systems.
#[derive(Debug)]
pub(crate) struct Package {
    /// Debian's name for it.
    pub(crate) name: &'static str,
    /// The program that stands for it where there is no dpkg; `None` for libraries and fonts.
    program: Option<&'static str>,
    /// What it is used for here.
    purpose: &'static str,
    needs: &'static [Need],
}

use Need::{Bench, Demo, HeadlessDemo, Test};

/// Every system package that a task uses. Libraries that the window loads at run time are listed too: no linker asks
/// for them.
const PACKAGES: &[Package] = &[
    package("openssh-server", Some("sshd"), "the server at the other end", &[Test, Demo, HeadlessDemo, Bench]),
    package("openssh-client", Some("ssh-keygen"), "makes keys; ssh-agent", &[Test, Demo, HeadlessDemo, Bench]),
    package("netcat-openbsd", Some("nc"), "a ProxyCommand that passes its connection", &[Test]),
    package("krb5-kdc", Some("krb5kdc"), "a Kerberos realm of its own", &[Test]),
    package("krb5-admin-server", Some("kadmin.local"), "puts names into it", &[Test]),
    package("krb5-user", Some("kinit"), "gets tickets from it", &[Test]),
    package("git", Some("git"), "clones, pushes and fetches over `tetherm exec`", &[Test]),
    package("rsync", Some("rsync"), "copies over it", &[Test]),
    package("dropbear-bin", Some("dropbear"), "a server of another maker", &[Test]),
    package("tinysshd", Some("tinysshd"), "another one", &[Test]),
    package("ucspi-tcp-ipv6", Some("tcpserver"), "listens for it", &[Test]),
    package("python3-venv", Some("python3"), "a server in Python, asyncssh, in a folder of its own", &[Test]),
    package("xauth", Some("xauth"), "lets sshd forward X11", &[Test, Demo, HeadlessDemo]),
    package("x11-apps", Some("xeyes"), "X11 programs to forward: xeyes, xclock", &[Test, Demo, HeadlessDemo]),
    package("xvfb", Some("Xvfb"), "a display without a screen", &[Test, HeadlessDemo, Bench]),
    package("x11-utils", Some("xdpyinfo"), "asks a display about itself: xdpyinfo, xev, xkill", &[Test]),
    package("x11-xserver-utils", Some("xhost"), "attacks a display: xhost, xmodmap", &[Test]),
    package("xdotool", Some("xdotool"), "types into others' windows", &[Test]),
    package("xinput", Some("xinput"), "listens to all keys", &[Test]),
    package("tk", Some("wish"), "a Tk program to forward", &[Test]),
    package("mesa-utils", Some("glxgears"), "an OpenGL program to forward", &[Test]),
    package("speedcrunch", Some("speedcrunch"), "a Qt program to forward", &[Test]),
    package("xclip", Some("xclip"), "looks at the clipboard from outside", &[Test]),
    package("xterm", Some("xterm"), "an X11 program to forward and to type into", &[Test, Bench]),
    package("alacritty", Some("alacritty"), "the terminal that ours is measured beside", &[Bench]),
    package("libgl1-mesa-dri", None, "OpenGL for it", &[Test, Bench]),
    package("vttest", Some("vttest"), "says which keys and reports it gets", &[Test]),
    package("zsh", Some("zsh"), "a shell that marks its prompts", &[Test]),
    package("fish", Some("fish"), "another one", &[Test]),
    package("zenity", Some("zenity"), "a GTK program to forward", &[Test]),
    package("dbus", Some("dbus-daemon"), "a session bus for the keyring", &[Test]),
    package("gnome-keyring", Some("gnome-keyring-daemon"), "a keyring to remember secrets in", &[Test]),
    package("libsecret-tools", Some("secret-tool"), "looks into the keyring from outside", &[Test]),
    package("putty-tools", Some("puttygen"), "makes keys in the format of PuTTY", &[Test]),
    package("openssl", Some("openssl"), "encrypts keys in its old format", &[Test]),
    package("perl-base", Some("perl"), "hashes the password of a throwaway account", &[Test]),
    package("mesa-vulkan-drivers", None, "Vulkan without a graphics card, to compare the renderers", &[Test]),
    package("libvulkan1", None, "what finds those drivers", &[Test]),
    package("fonts-noto-cjk", None, "wide characters", &[Test, Bench]),
    package("fonts-noto-color-emoji", None, "emoji", &[Test, Bench]),
    package("fonts-lohit-deva", None, "a script that joins its letters", &[Test]),
    package(
        "libxkbcommon-x11-0",
        None,
        "the window's keyboard, loaded at run time",
        &[Test, Demo, HeadlessDemo, Bench],
    ),
    package("libx11-xcb1", None, "the window on X11, loaded at run time", &[Test, Demo, HeadlessDemo, Bench]),
    package("libxcursor1", None, "the window's pointers, loaded at run time", &[Test, Demo, HeadlessDemo, Bench]),
    package("libxi6", None, "the window's input on X11, loaded at run time", &[Test, Demo, HeadlessDemo, Bench]),
    package("libxrandr2", None, "the window's scale on X11, loaded at run time", &[Test, Demo, HeadlessDemo, Bench]),
];

const fn package(
    name: &'static str,
    program: Option<&'static str>,
    purpose: &'static str,
    needs: &'static [Need],
) -> Package {
    Package { name, program, purpose, needs }
}

/// Why the packages are not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Not a Debian: nothing is installed by itself.
    #[error("this system has no dpkg and apt-get, so nothing was installed. Please install these programs first:\n{0}")]
    Missing(String),
    /// Neither root nor sudo.
    #[error("packages are missing, and there is neither root nor sudo to install them. Please run as root:\n  {0}")]
    NoRoot(String),
    /// A program could not be started.
    #[error("cannot run {program}: {error}")]
    Run {
        /// The program.
        program: String,
        /// The operating system's reason.
        error: std::io::Error,
    },
    /// apt-get failed; it has said why.
    #[error("'{0}' failed; its output above says why")]
    Failed(String),
}

/// Installs what is missing for `need`; prints what it installs.
pub(crate) fn ensure(need: Need) -> Result<(), Error> {
    let wanted: Vec<&Package> = PACKAGES.iter().filter(|package| package.needs.contains(&need)).collect();
    if !on_path("dpkg-query") || !on_path("apt-get") {
        return check_programs(&wanted, on_path);
    }
    let missing = missing(&wanted, &installed(&wanted)?);
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

/// Where there is no dpkg, the programs are looked for; libraries and fonts have to show by themselves.
fn check_programs(wanted: &[&Package], exists: impl Fn(&str) -> bool) -> Result<(), Error> {
    let lines: Vec<String> = wanted
        .iter()
        .filter_map(|package| Some((package, package.program.filter(|program| !exists(program))?)))
        .map(|(package, program)| format!("  {program:22} {} (Debian: {})", package.purpose, package.name))
        .collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::Missing(lines.join("\n"))) }
}

fn missing<'a>(wanted: &[&'a Package], installed: &HashSet<String>) -> Vec<&'a Package> {
    wanted.iter().copied().filter(|package| !installed.contains(package.name)).collect()
}

/// The names among `wanted` that dpkg knows as installed.
fn installed(wanted: &[&Package]) -> Result<HashSet<String>, Error> {
    let mut command = Command::new("dpkg-query");
    let _ = command.args(["--show", "--showformat", "${db:Status-Status} ${Package}\\n"]);
    // It exits with 1 when it has never heard of one of them, and still lists the others.
    let output = command.args(wanted.iter().map(|package| package.name)).stderr(Stdio::null()).output();
    let output = output.map_err(|error| Error::Run { program: "dpkg-query".to_owned(), error })?;
    Ok(parse_installed(&String::from_utf8_lossy(&output.stdout)))
}

fn parse_installed(listing: &str) -> HashSet<String> {
    listing.lines().filter_map(|line| line.strip_prefix("installed ")).map(str::to_owned).collect()
}

fn install(missing: &[&Package]) -> Result<(), Error> {
    println!("Installing system packages:");
    for package in missing {
        println!("  {:24} {}", package.name, package.purpose);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let install = [&["install", "--yes", "--no-install-recommends"], names.as_slice()].concat();
    let prefix: &[&str] = match (rustix::process::geteuid().is_root(), on_path("sudo")) {
        (true, _) => &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
        (false, true) => &["sudo", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
        (false, false) => return Err(Error::NoRoot(format!("apt-get {}", install.join(" ")))),
    };
    run(prefix, &["update", "--quiet"])?;
    run(prefix, &install)
}

fn run(prefix: &[&str], arguments: &[&str]) -> Result<(), Error> {
    let line = [prefix, arguments].concat();
    let Some((program, rest)) = line.split_first() else { return Ok(()) };
    let status = Command::new(program).args(rest).stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Error::Failed(line.join(" "))),
        Err(error) => Err(Error::Run { program: (*program).to_owned(), error }),
    }
}

/// Whether a program can be found; servers live outside a user's PATH.
fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    places.map(|folder| folder.join(program)).any(|file| Path::new(&file).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_dpkg_calls_installed_counts() {
        let installed = parse_installed("installed xauth\nconfig-files xterm\nnot-installed zenity\n");
        assert_eq!(installed, HashSet::from(["xauth".to_owned()]));
    }

    #[test]
    fn what_is_not_installed_is_missing() {
        let wanted: Vec<&Package> = PACKAGES.iter().filter(|package| package.name.starts_with("xa")).collect();
        assert_eq!(missing(&wanted, &HashSet::new()).len(), 1);
        assert!(missing(&wanted, &HashSet::from(["xauth".to_owned()])).is_empty());
    }

    #[test]
    fn without_dpkg_a_missing_program_is_named_with_its_purpose() {
        let wanted: Vec<&Package> = PACKAGES.iter().collect();
        let error = check_programs(&wanted, |program| program != "Xvfb").unwrap_err().to_string();
        assert!(error.contains("Xvfb") && error.contains("a display without a screen"), "{error}");
        assert!(!error.contains("xeyes"), "{error}");
        assert!(check_programs(&wanted, |_| true).is_ok());
    }

    #[test]
    fn no_package_is_listed_twice() {
        let names: HashSet<_> = PACKAGES.iter().map(|package| package.name).collect();
        assert_eq!(names.len(), PACKAGES.len());
    }
}

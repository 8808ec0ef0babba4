//! `tetherm doctor --x11`: whether the X11 programs of a host can be shown here, link by link, with the cure where one is
//! broken.

use std::io::IsTerminal;
use std::process::ExitCode;

use term::ssh::doctor;
use x11::doctor::{Finding, Link};

use super::options::Options;
use super::{exec, help, print, print_error};

/// What this exits with when a link is broken.
const BROKEN: u8 = 1;

/// What this exits with when the words mean nothing, as ssh(1) does for its own failures.
const FAILED: u8 = 255;

/// Where a link's text begins, in columns.
const INDENT: usize = 8;

/// Tells links as they are found.
struct Report {
    coloured: bool,
    broken: bool,
}

/// Does what the words after `tetherm doctor` say.
#[must_use]
pub fn run(words: &[String]) -> ExitCode {
    if words.iter().any(|word| word == "--help") {
        return print(help::DOCTOR);
    }
    let (flag, words): (Vec<_>, Vec<_>) = words.iter().cloned().partition(|word| word == "--x11");
    if flag.is_empty() {
        let _ = print_error(&format!("tetherm doctor: say what to look at\n{}", help::DOCTOR_USAGE));
        return ExitCode::from(FAILED);
    }
    let options = match Options::parse(&words) {
        Ok(options) if !options.place.is_empty() => options,
        Ok(_) => {
            let _ = print_error(help::DOCTOR_USAGE);
            return ExitCode::from(FAILED);
        }
        Err(error) => {
            let _ = print_error(&(error.words() + help::DOCTOR_USAGE));
            return ExitCode::from(FAILED);
        }
    };
    match examine(&options) {
        Ok(status) => ExitCode::from(status),
        Err(status) => status,
    }
}

fn examine(options: &Options) -> Result<u8, ExitCode> {
    let mut host = exec::settings_of(options)?;
    host.forward_x11 = true;
    // As in a window.
    host.finds_display = true;
    let mut report = Report { coloured: std::io::stdout().is_terminal(), broken: false };
    report.title("This machine");
    for link in local(&host)? {
        report.tell(&link);
    }
    report.title(&format!("The server, {}", host.host_name));
    exec::visit(host, move |connection| async move {
        report.tell(&Link::holds("Login", format!("as {}", connection.host().user)));
        if report.broken {
            report.tell(&Link::note("The rest", "not tried, as this machine is not ready for it"));
            return BROKEN;
        }
        doctor::x11(&connection, &mut |link| report.tell(&link)).await;
        if report.broken { BROKEN } else { 0 }
    })
}

fn local(host: &term::ssh::Host) -> Result<Vec<Link>, ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        let _ = print_error(&format!("tetherm: the program cannot start: {error}\n"));
        ExitCode::from(FAILED)
    })?;
    Ok(runtime.block_on(x11::doctor::local(host.display.as_deref(), host.x11_trust_in_force())))
}

impl Report {
    fn title(&self, text: &str) {
        let _ = print(&self.painted("1", text));
    }

    fn tell(&mut self, link: &Link) {
        self.broken |= link.is_broken();
        let (mark, colour, text) = match &link.finding {
            Finding::Holds(how) => ("ok", "32", how.clone()),
            Finding::Note(what) => ("note", "33", what.clone()),
            Finding::Broken { what, cure } => ("BROKEN", "31", format!("{what}\n{:INDENT$}  {cure}", "")),
        };
        let padding = INDENT.saturating_sub(mark.len());
        let _ = print(&format!("{}{:padding$}{}: {text}", self.painted(colour, mark), "", link.name));
    }

    fn painted(&self, colour: &str, text: &str) -> String {
        if self.coloured { format!("\x1b[{colour}m{text}\x1b[m") } else { text.to_owned() }
    }
}

//! Real programs that are guarded run as ever.

use std::process::Stdio;

use testbed::{Deadline, Desktop, Screenshot, Window, Xvfb};
use x11::guard::Rule;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _};

use crate::remote::{RemoteDisplay, Running};
use crate::server::GENEROUS;

fn xvfb() -> Xvfb {
    // A user's display has shared memory; programs must not see it.
    Xvfb::start_with_shared_memory(1024, 768).unwrap()
}

/// Starts a program, sees its window with something in it, and nothing that it was refused but what is `expected`.
async fn runs(name: &str, arguments: &[&str], class: &str, expected: &[Rule]) {
    let local = xvfb();
    let remote = RemoteDisplay::guarded(&local).await;
    let mut command = remote.program(name);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let _ = command.args(arguments).env("HOME", folder.path()).stderr(std::fs::File::create(&log).unwrap());
    // Qt would start a bus, which outlives it with connections of its own.
    let _ = command.stdout(Stdio::null()).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let program = Running::start(&mut command);
    let said = || std::fs::read_to_string(&log).unwrap();
    let desktop = local.desktop().unwrap();
    Deadline::after(GENEROUS)
        .wait_until("a window of it that shows more than one colour", || {
            // A window that is just moving is looked at again.
            named(&desktop, class)
                .is_some_and(|window| Screenshot::of(&desktop, &window).is_ok_and(|picture| picture.colors() > 1))
        })
        .unwrap_or_else(|error| panic!("{error}; it said: {}", said()));
    assert!(!said().contains("X Error") && !said().contains("BadRequest"), "{}", said());
    let programs = remote.bridge().programs();
    let denied: Vec<Rule> = programs.iter().flat_map(|program| &program.denied).map(|(rule, _)| *rule).collect();
    assert!(denied.iter().all(|rule| expected.contains(rule)), "{programs:?}");
    drop(program);
    Deadline::generous().wait_until("its channels end with it", || remote.counts().open == 0).unwrap();
}

/// The window of this class, or with this title where it has no class.
fn named(desktop: &Desktop, name: &str) -> Option<Window> {
    if let Some(window) = desktop.find(|window| window.is(name)).unwrap() {
        return Some(window);
    }
    let connection = desktop.connection();
    let children = connection.query_tree(desktop.root()).unwrap().reply().unwrap().children;
    children.into_iter().find_map(|id| {
        let title =
            connection.get_property(false, id, AtomEnum::WM_NAME, AtomEnum::STRING, 0, 99).ok()?.reply().ok()?;
        let place = connection.get_geometry(id).ok()?.reply().ok().filter(|_| title.value == name.as_bytes())?;
        let (instance, class, title) = (String::new(), String::new(), name.to_owned());
        Some(Window { id, instance, class, title, x: place.x, y: place.y, width: place.width, height: place.height })
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn xeyes_runs() {
    runs("xeyes", &[], "XEyes", &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn xterm_runs() {
    runs("xterm", &["-e", "echo hello; cat"], "XTerm", &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tk_program_runs() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("hello.tcl");
    std::fs::write(&script, "pack [button .b -text {hello there} -width 20]\n").unwrap();
    // It writes its name into a list on the desktop, so that others may send it commands.
    runs("wish", &[script.to_str().unwrap()], "Hello.tcl", &[Rule::Properties, Rule::Desktop]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn glxgears_runs() {
    runs("glxgears", &[], "glxgears", &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gtk_program_runs() {
    runs("zenity", &["--info", "--text", "hello"], "zenity", &[Rule::Properties, Rule::Desktop]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_qt_program_runs() {
    runs("speedcrunch", &[], "SpeedCrunch", &[Rule::Desktop]).await;
}

//! What a guarded program cannot do. Each attack works on a display that is trusted to it, which shows that it is one.

use std::process::Stdio;
use std::time::Duration;

use testbed::{Deadline, Desktop, Input, Xvfb};
use x11::Trust;
use x11::guard::Rule;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AccessControl, AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _,
    CreateWindowAux, EventMask, GrabMode, GrabStatus, ImageFormat, InputFocus, KeyPressEvent, PropMode, QueryTreeReply,
    SelectionNotifyEvent, SelectionRequestEvent, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_FROM_PARENT, CURRENT_TIME, NONE};

use crate::remote::{RemoteDisplay, Running};
use crate::server::GENEROUS;

const RED: u32 = 0x00ff_0000;

/// A local program with a red window that has the keyboard.
struct Victim {
    desktop: Desktop,
    window: u32,
}

impl Victim {
    fn new(local: &Xvfb) -> Self {
        let desktop = local.desktop().unwrap();
        let connection = desktop.connection();
        let window = connection.generate_id().unwrap();
        let values = CreateWindowAux::new()
            .background_pixel(RED)
            .event_mask(EventMask::KEY_PRESS | EventMask::STRUCTURE_NOTIFY | EventMask::PROPERTY_CHANGE);
        let root = desktop.root();
        let class = WindowClass::INPUT_OUTPUT;
        let made =
            connection.create_window(COPY_FROM_PARENT as u8, window, root, 100, 100, 300, 300, 0, class, 0, &values);
        made.unwrap().check().unwrap();
        let title = b"a secret";
        let named = connection.change_property8(PropMode::REPLACE, window, AtomEnum::WM_NAME, AtomEnum::STRING, title);
        named.unwrap().check().unwrap();
        connection.map_window(window).unwrap().check().unwrap();
        connection.set_input_focus(InputFocus::PARENT, window, CURRENT_TIME).unwrap().check().unwrap();
        let victim = Self { desktop, window };
        let _ = victim.events();
        victim
    }

    /// What the window has heard since it was last asked, when all that was under way has arrived.
    fn events(&self) -> Vec<Event> {
        self.desktop.connection().sync().unwrap();
        std::iter::from_fn(|| self.desktop.connection().poll_for_event().unwrap()).collect()
    }

    fn atom(&self, name: &str) -> u32 {
        self.desktop.connection().intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom
    }
}

/// A display, a victim on it, and a bridge to it.
struct Stage {
    local: Xvfb,
    victim: Victim,
    remote: RemoteDisplay,
    guarded: bool,
}

impl Stage {
    /// First one where all is allowed, then one that is guarded.
    async fn both() -> [Self; 2] {
        [Self::new(Trust::Full).await, Self::new(Trust::Guarded).await]
    }

    async fn new(trust: Trust) -> Self {
        let local = Xvfb::start(1024, 768).unwrap();
        let guarded = trust == Trust::Guarded;
        let remote = if guarded { RemoteDisplay::guarded(&local).await } else { RemoteDisplay::new(&local).await };
        Self { victim: Victim::new(&local), local, remote, guarded }
    }

    /// Runs a program of the remote host to its end; whether it says that it succeeded, and what it wrote.
    fn run(&self, name: &str, arguments: &[&str]) -> (bool, Vec<u8>) {
        let output =
            self.remote.program(name).args(arguments).output().unwrap_or_else(|error| panic!("{name}: {error}"));
        (output.status.success(), output.stdout)
    }

    /// An attack under way succeeded exactly where nothing is guarded, and was counted where it is.
    fn verdict(&self, succeeded: bool, rule: Rule) {
        assert_eq!(succeeded, !self.guarded, "{rule}, guarded: {}", self.guarded);
        assert_eq!(self.remote.denied(rule) > 0, self.guarded, "{rule}: {:?}", self.remote.bridge().programs());
    }
}

/// A program of the remote host that a test plays itself.
struct Attacker(RustConnection);

impl Attacker {
    fn new(stage: &Stage) -> Self {
        Self(stage.remote.connect())
    }

    fn root(&self) -> u32 {
        self.0.setup().roots[0].root
    }

    fn window(&self, parent: u32, values: &CreateWindowAux) -> u32 {
        let window = self.0.generate_id().unwrap();
        let class = WindowClass::INPUT_OUTPUT;
        // Where it is refused, what follows shows that.
        let made = self.0.create_window(COPY_FROM_PARENT as u8, window, parent, 50, 50, 400, 400, 0, class, 0, values);
        drop(made.unwrap().check());
        drop(self.0.map_window(window).unwrap().check());
        window
    }

    /// Whether a picture of a drawable can be had that has red in it.
    fn sees_red(&self, drawable: u32) -> bool {
        let image = self.0.get_image(ImageFormat::Z_PIXMAP, drawable, 0, 0, 400, 400, !0).unwrap().reply();
        image.is_ok_and(|image| image.data.chunks(4).any(|pixel| pixel.starts_with(&[0, 0, 0xff])))
    }

    /// The major opcode of RENDER, and its format for 24 bits.
    fn render(&self) -> (u8, u32) {
        let major = self.0.query_extension(b"RENDER").unwrap().reply().unwrap().major_opcode;
        let formats = [major, 1, 1, 0];
        let number = self.0.send_request_with_reply::<QueryTreeReply>(&[std::io::IoSlice::new(&formats)], Vec::new());
        let reply = number.unwrap().raw_reply().unwrap();
        let format = reply[32..].chunks(28).find(|format| format[5] == 24 && format[8] == 16).unwrap();
        (major, u32::from_ne_bytes(format[..4].try_into().unwrap()))
    }

    /// Sends a request as it comes, as programs do that know a number without asking.
    fn raw(&self, request: &[u8]) -> bool {
        let slices = [std::io::IoSlice::new(request)];
        self.0.send_request_without_reply(&slices, Vec::new()).unwrap().check().is_ok()
    }
}

/// A test in which two stages play one scene.
macro_rules! scene {
    ($name:ident, |$stage:ident| $scene:block) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            for $stage in Stage::both().await {
                $scene
            }
        }
    };
}

scene!(xwd_takes_no_picture_of_the_screen, |stage| {
    let (done, picture) = stage.run("xwd", &["-root", "-silent"]);
    stage.verdict(done && picture.windows(3).any(|pixel| pixel == [0, 0, 0xff]), Rule::Screen);
});

scene!(a_window_without_a_background_shows_nothing_of_what_lies_below, |stage| {
    let attacker = Attacker::new(&stage);
    let window = attacker.window(attacker.root(), &CreateWindowAux::new());
    let explicit = attacker.window(attacker.root(), &CreateWindowAux::new().background_pixmap(NONE));
    // By way of a pixmap: from the windows themselves it is refused already.
    let pixmap = attacker.0.generate_id().unwrap();
    attacker.0.create_pixmap(24, pixmap, window, 400, 400).unwrap().check().unwrap();
    let gc = attacker.0.generate_id().unwrap();
    attacker.0.create_gc(gc, window, &Default::default()).unwrap().check().unwrap();
    let mut seen = false;
    for window in [window, explicit] {
        attacker.0.copy_area(window, pixmap, gc, 0, 0, 0, 0, 400, 400).unwrap().check().unwrap();
        seen |= attacker.sees_red(pixmap);
    }
    assert_eq!(seen, !stage.guarded);
});

scene!(a_window_cannot_be_read_where_another_covers_it, |stage| {
    let attacker = Attacker::new(&stage);
    let window = attacker.window(attacker.root(), &CreateWindowAux::new().background_pixel(0));
    let lower = ConfigureWindowAux::new().stack_mode(x11rb::protocol::xproto::StackMode::BELOW);
    attacker.0.configure_window(window, &lower).unwrap().check().unwrap();
    // Servers leave out of GetImage what is covered, but not of what RENDER takes from a window.
    assert!(!attacker.sees_red(window));
    let pixmap = attacker.0.generate_id().unwrap();
    attacker.0.create_pixmap(24, pixmap, window, 400, 400).unwrap().check().unwrap();
    let (render, format) = attacker.render();
    let (from, to) = (attacker.0.generate_id().unwrap(), attacker.0.generate_id().unwrap());
    let request = |minor: u8, fields: &[u32]| {
        let units = u16::try_from(fields.len() + 1).unwrap().to_ne_bytes();
        let fields = fields.iter().flat_map(|field| field.to_ne_bytes());
        [render, minor, units[0], units[1]].into_iter().chain(fields).collect::<Vec<u8>>()
    };
    assert!(
        attacker.raw(&request(4, &[from, window, format, 0])) && attacker.raw(&request(4, &[to, pixmap, format, 0]))
    );
    // Composite with the operation Src.
    assert!(attacker.raw(&request(8, &[1, from, 0, to, 0, 0, 0, 400 | 400 << 16])));
    stage.verdict(attacker.sees_red(pixmap), Rule::Drawing);
});

scene!(a_foreign_window_cannot_be_copied_from, |stage| {
    let attacker = Attacker::new(&stage);
    let (pixmap, gc) = (attacker.0.generate_id().unwrap(), attacker.0.generate_id().unwrap());
    attacker.0.create_pixmap(24, pixmap, attacker.root(), 400, 400).unwrap().check().unwrap();
    attacker.0.create_gc(gc, pixmap, &Default::default()).unwrap().check().unwrap();
    // What a new pixmap holds is left over from others.
    attacker.0.poly_fill_rectangle(pixmap, gc, &[rectangle(400, 400)]).unwrap().check().unwrap();
    attacker.0.copy_area(stage.victim.window, pixmap, gc, 0, 0, 0, 0, 300, 300).unwrap().check().unwrap();
    stage.verdict(attacker.sees_red(pixmap), Rule::Screen);
});

scene!(nothing_is_drawn_into_a_foreign_window, |stage| {
    let attacker = Attacker::new(&stage);
    let gc = attacker.0.generate_id().unwrap();
    attacker.0.create_gc(gc, attacker.root(), &Default::default()).unwrap().check().unwrap();
    attacker.0.poly_fill_rectangle(stage.victim.window, gc, &[rectangle(300, 300)]).unwrap().check().unwrap();
    let picture = testbed::Screenshot::take(&stage.victim.desktop).unwrap();
    stage.verdict(picture.pixel(250, 250) != Some([255, 0, 0]), Rule::Drawing);
});

scene!(xdotool_types_nothing, |stage| {
    // By XTEST, which does not exist for a guarded program, and by events of its own.
    let window = stage.victim.window.to_string();
    for arguments in [&["key", "a"][..], &["key", "--window", &window, "a"]] {
        let _ = stage.run("xdotool", arguments);
        let heard = stage.victim.events().iter().any(|event| matches!(event, Event::KeyPress(_)));
        assert_eq!(heard, !stage.guarded, "{arguments:?}");
    }
});

scene!(made_up_keys_do_not_arrive, |stage| {
    let attacker = Attacker::new(&stage);
    let window = stage.victim.window;
    let event = KeyPressEvent {
        response_type: x11rb::protocol::xproto::KEY_PRESS_EVENT,
        detail: 38,
        sequence: 0,
        time: CURRENT_TIME,
        root: attacker.root(),
        event: window,
        child: NONE,
        root_x: 0,
        root_y: 0,
        event_x: 0,
        event_y: 0,
        state: 0_u16.into(),
        same_screen: true,
    };
    // To the window by its name, and to whichever has the keyboard.
    for to in [window, 1] {
        attacker.0.send_event(false, to, EventMask::KEY_PRESS, event).unwrap().check().unwrap();
        attacker.0.sync().unwrap();
        stage.verdict(stage.victim.events().iter().any(|event| matches!(event, Event::KeyPress(_))), Rule::Input);
    }
});

scene!(the_number_of_a_hidden_extension_is_of_no_use, |stage| {
    let attacker = Attacker::new(&stage);
    let xtest = stage.victim.desktop.connection().query_extension(b"XTEST").unwrap().reply().unwrap().major_opcode;
    // FakeInput: a press of key 38.
    let mut request = vec![0; 36];
    request[..10].copy_from_slice(&[xtest, 2, 9, 0, 2, 38, 0, 0, 0, 0]);
    let _ = attacker.raw(&request);
    let heard = stage.victim.events().iter().any(|event| matches!(event, Event::KeyPress(_)));
    stage.verdict(heard, Rule::Extensions);
});

scene!(xinput_hears_no_keys, |stage| {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = stage.remote.program("stdbuf");
    let _ = command.args(["-oL", "xinput", "test-xi2", "--root"]).stdout(std::fs::File::create(&log).unwrap());
    let _xinput = Running::start(&mut command);
    let heard = || std::fs::read_to_string(&log).unwrap();
    // It writes the mouse's movements in either case, which shows when it listens and when a key would have come.
    let mut input = Input::new(&stage.victim.desktop).unwrap();
    let moved = |times: usize| {
        let deadline = Deadline::after(GENEROUS);
        let mut x = 10;
        deadline.wait_until("xinput's word of the mouse", || {
            x = if x == 10 { 20 } else { 10 };
            input.move_to((x, 10)).unwrap();
            heard().matches("RawMotion").count() > times
        })
    };
    moved(0).unwrap();
    let times = heard().matches("RawMotion").count();
    let mut keys = Input::new(&stage.victim.desktop).unwrap();
    keys.type_text("secret").unwrap();
    moved(times).unwrap();
    stage.verdict(heard().contains("RawKeyPress"), Rule::Keystrokes);
    let _ = input.chord("Shift");
});

scene!(keys_of_foreign_windows_are_not_told, |stage| {
    let attacker = Attacker::new(&stage);
    let listen = ChangeWindowAttributesAux::new().event_mask(EventMask::KEY_PRESS | EventMask::PROPERTY_CHANGE);
    attacker.0.change_window_attributes(stage.victim.window, &listen).unwrap().check().unwrap();
    Input::new(&stage.victim.desktop).unwrap().type_text("x").unwrap();
    stage.victim.desktop.connection().sync().unwrap();
    attacker.0.sync().unwrap();
    let heard =
        std::iter::from_fn(|| attacker.0.poll_for_event().unwrap()).any(|event| matches!(event, Event::KeyPress(_)));
    stage.verdict(heard, Rule::Keystrokes);
});

scene!(the_state_of_the_keys_is_not_told, |stage| {
    let attacker = Attacker::new(&stage);
    stage.verdict(attacker.0.query_keymap().unwrap().reply().is_ok(), Rule::Keystrokes);
});

scene!(a_window_is_not_made_inside_a_foreign_one, |stage| {
    let attacker = Attacker::new(&stage);
    let _ = attacker.window(stage.victim.window, &CreateWindowAux::new().background_pixel(0));
    let connection = stage.victim.desktop.connection();
    let inside = connection.query_tree(stage.victim.window).unwrap().reply().unwrap().children;
    stage.verdict(!inside.is_empty(), Rule::Windows);
});

scene!(the_keyboard_is_grabbed_only_by_a_program_that_is_used, |stage| {
    let attacker = Attacker::new(&stage);
    let values = CreateWindowAux::new().background_pixel(0).event_mask(EventMask::BUTTON_PRESS | EventMask::KEY_PRESS);
    let window = attacker.window(attacker.root(), &values);
    let grab = || {
        let (now, mode) = (CURRENT_TIME, GrabMode::ASYNC);
        attacker.0.grab_keyboard(true, window, now, mode, mode).unwrap().reply().unwrap().status
    };
    stage.verdict(grab() == GrabStatus::SUCCESS, Rule::Grabs);
    attacker.0.ungrab_keyboard(CURRENT_TIME).unwrap().check().unwrap();
    Input::new(&stage.victim.desktop).unwrap().click((420, 420), testbed::Button::Left).unwrap();
    Deadline::generous()
        .wait_until("the click", || matches!(attacker.0.poll_for_event().unwrap(), Some(Event::ButtonPress(_))))
        .unwrap();
    assert_eq!(grab(), GrabStatus::SUCCESS);
});

scene!(xkill_kills_nothing, |stage| {
    let clock = Running::start(stage.local.apply(std::process::Command::new("xclock").stdin(Stdio::null())));
    let window = stage.local.wait_for_window("XClock", GENEROUS).unwrap();
    let _ = stage.run("xkill", &["-id", &window.id.to_string()]);
    stage.victim.desktop.connection().sync().unwrap();
    let gone = || stage.local.windows().unwrap().iter().all(|other| other.id != window.id);
    if !stage.guarded {
        Deadline::generous().wait_until("the end of the clock", gone).unwrap();
    }
    stage.verdict(gone(), Rule::Windows);
    drop(clock);
});

scene!(foreign_windows_are_not_closed_moved_or_hidden, |stage| {
    let attacker = Attacker::new(&stage);
    let window = stage.victim.window;
    let (protocols, delete) = (stage.victim.atom("WM_PROTOCOLS"), stage.victim.atom("WM_DELETE_WINDOW"));
    let message = ClientMessageEvent::new(32, window, protocols, [delete, CURRENT_TIME, 0, 0, 0]);
    attacker.0.send_event(false, window, EventMask::NO_EVENT, message).unwrap().check().unwrap();
    stage.verdict(stage.victim.events().iter().any(|event| matches!(event, Event::ClientMessage(_))), Rule::Windows);
    attacker.0.configure_window(window, &ConfigureWindowAux::new().x(0)).unwrap().check().unwrap();
    stage.verdict(stage.victim.events().iter().any(|event| matches!(event, Event::ConfigureNotify(_))), Rule::Windows);
    attacker.0.unmap_window(window).unwrap().check().unwrap();
    stage.verdict(stage.victim.events().iter().any(|event| matches!(event, Event::UnmapNotify(_))), Rule::Windows);
    attacker.0.destroy_window(window).unwrap().check().unwrap();
    stage.verdict(stage.victim.events().iter().any(|event| matches!(event, Event::DestroyNotify(_))), Rule::Windows);
});

scene!(the_keyboard_is_not_moved_away_from_a_foreign_window, |stage| {
    let attacker = Attacker::new(&stage);
    let root = attacker.root();
    attacker.0.set_input_focus(InputFocus::PARENT, root, CURRENT_TIME).unwrap().check().unwrap();
    attacker.0.sync().unwrap();
    let focus = stage.victim.desktop.connection().get_input_focus().unwrap().reply().unwrap().focus;
    stage.verdict(focus == root, Rule::Input);
});

scene!(xhost_opens_the_display_to_nobody, |stage| {
    let _ = stage.run("xhost", &["+"]);
    let mode = stage.victim.desktop.connection().list_hosts().unwrap().reply().unwrap().mode;
    stage.verdict(mode == AccessControl::DISABLE, Rule::Access);
});

scene!(xmodmap_changes_no_key, |stage| {
    let _ = stage.run("xmodmap", &["-e", "keycode 38 = z"]);
    let mapping = stage.victim.desktop.connection().get_keyboard_mapping(38, 1).unwrap().reply().unwrap();
    stage.verdict(mapping.keysyms[0] == u32::from(b'z'), Rule::Devices);
});

scene!(the_desktops_resources_are_not_written, |stage| {
    let attacker = Attacker::new(&stage);
    let (root, resources) = (attacker.root(), AtomEnum::RESOURCE_MANAGER);
    let text = b"XTerm*translations: evil";
    let change = attacker.0.change_property8(PropMode::REPLACE, root, resources, AtomEnum::STRING, text);
    change.unwrap().check().unwrap();
    let read = stage.victim.desktop.connection().get_property(false, root, resources, AtomEnum::ANY, 0, 99);
    stage.verdict(read.unwrap().reply().unwrap().value == text, Rule::Properties);
});

scene!(titles_of_foreign_windows_are_not_read, |stage| {
    let attacker = Attacker::new(&stage);
    let read = attacker.0.get_property(false, stage.victim.window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 99);
    stage.verdict(read.unwrap().reply().unwrap().value == b"a secret", Rule::Titles);
});

scene!(nothing_poses_as_a_part_of_the_desktop, |stage| {
    let attacker = Attacker::new(&stage);
    let role = stage.victim.atom("@server=ibus");
    let window = attacker.window(attacker.root(), &CreateWindowAux::new().background_pixel(0));
    attacker.0.set_selection_owner(window, role, CURRENT_TIME).unwrap().check().unwrap();
    let owner = attacker.0.get_selection_owner(role).unwrap().reply().unwrap().owner;
    stage.verdict(owner == window, Rule::Desktop);
});

/// Puts something into the local clipboard.
fn copied(stage: &Stage) -> Running {
    let mut command = std::process::Command::new("xclip");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text");
    std::fs::write(&file, "the secret").unwrap();
    let _ = command.args(["-selection", "clipboard", "-quiet", "-in"]).arg(&file).stderr(Stdio::null());
    let running = Running::start(stage.local.apply(&mut command));
    let clipboard = stage.victim.atom("CLIPBOARD");
    let connection = stage.victim.desktop.connection();
    Deadline::generous()
        .wait_until("xclip's selection", || {
            connection.get_selection_owner(clipboard).unwrap().reply().unwrap().owner != NONE
        })
        .unwrap();
    running
}

scene!(xclip_does_not_read_the_clipboard_unless_it_is_allowed_to, |stage| {
    let _owner = copied(&stage);
    let (_, text) = stage.run("xclip", &["-selection", "clipboard", "-o"]);
    stage.verdict(text == b"the secret", Rule::Clipboard);
    stage.remote.bridge().allow(None, Rule::Clipboard);
    assert_eq!(stage.run("xclip", &["-selection", "clipboard", "-o"]), (true, b"the secret".to_vec()));
});

scene!(the_clipboard_is_not_asked_of_its_owner_behind_the_displays_back, |stage| {
    let _owner = copied(&stage);
    let attacker = Attacker::new(&stage);
    let values = CreateWindowAux::new().background_pixel(0).event_mask(EventMask::PROPERTY_CHANGE);
    let requestor = attacker.window(attacker.root(), &values);
    let (selection, target) = (stage.victim.atom("CLIPBOARD"), AtomEnum::STRING.into());
    let owner = attacker.0.get_selection_owner(selection).unwrap().reply().unwrap().owner;
    let property = stage.victim.atom("STOLEN");
    let event = SelectionRequestEvent {
        response_type: x11rb::protocol::xproto::SELECTION_REQUEST_EVENT,
        sequence: 0,
        time: CURRENT_TIME,
        owner,
        requestor,
        selection,
        target,
        property,
    };
    attacker.0.send_event(false, owner, EventMask::NO_EVENT, event).unwrap().check().unwrap();
    let stolen = || {
        let read = attacker.0.get_property(false, requestor, property, AtomEnum::ANY, 0, 99);
        read.unwrap().reply().unwrap().value == b"the secret"
    };
    let found = Deadline::after(if stage.guarded { Duration::from_millis(500) } else { GENEROUS });
    stage.verdict(found.wait_until("the stolen text", stolen).is_ok(), Rule::Clipboard);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_pastes_after_a_click_and_gives_what_was_copied_in_it() {
    let stage = Stage::new(Trust::Guarded).await;
    let _owner = copied(&stage);
    let program = Attacker::new(&stage);
    let values = CreateWindowAux::new().background_pixel(0).event_mask(EventMask::BUTTON_PRESS);
    let window = program.window(program.root(), &values);
    let (clipboard, property) = (stage.victim.atom("CLIPBOARD"), stage.victim.atom("PASTED"));
    let paste = || -> SelectionNotifyEvent {
        let string = AtomEnum::STRING.into();
        program.0.convert_selection(window, clipboard, string, property, CURRENT_TIME).unwrap().check().unwrap();
        let answer = Deadline::generous().wait_for("an answer", || match program.0.poll_for_event().unwrap() {
            Some(Event::SelectionNotify(answer)) => Some(answer),
            _ => None,
        });
        answer.unwrap()
    };
    let refused = paste();
    assert_eq!((refused.property, refused.selection, refused.requestor), (NONE, clipboard, window));
    Input::new(&stage.victim.desktop).unwrap().click((420, 420), testbed::Button::Left).unwrap();
    Deadline::generous()
        .wait_until("the click", || matches!(program.0.poll_for_event().unwrap(), Some(Event::ButtonPress(_))))
        .unwrap();
    assert_eq!(paste().property, property);

    // The other way: a local program asks it, and it writes into that one's window.
    program.0.set_selection_owner(window, clipboard, CURRENT_TIME).unwrap().check().unwrap();
    let connection = stage.victim.desktop.connection();
    let (target, own) = (u32::from(AtomEnum::STRING), stage.victim.window);
    connection.convert_selection(own, clipboard, target, property, CURRENT_TIME).unwrap().check().unwrap();
    let asked = Deadline::generous().wait_for("the question", || match program.0.poll_for_event().unwrap() {
        Some(Event::SelectionRequest(asked)) => Some(asked),
        _ => None,
    });
    assert_eq!(asked.unwrap().requestor, own);
    program.0.change_property8(PropMode::REPLACE, own, property, target, b"given").unwrap().check().unwrap();
    let read = connection.get_property(false, own, property, AtomEnum::ANY, 0, 9).unwrap().reply().unwrap();
    assert_eq!(read.value, b"given");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_known_extensions_are_there() {
    let local = Xvfb::start_with_shared_memory(640, 480).unwrap();
    for guarded in [false, true] {
        let remote = if guarded { RemoteDisplay::guarded(&local).await } else { RemoteDisplay::new(&local).await };
        let connection = remote.connect();
        let names = connection.list_extensions().unwrap().reply().unwrap().names;
        let names: Vec<_> = names.iter().map(|name| String::from_utf8_lossy(&name.name).into_owned()).collect();
        let is_there = |name: &str| connection.query_extension(name.as_bytes()).unwrap().reply().unwrap().present;
        for (name, there) in [
            ("RENDER", true),
            ("XKEYBOARD", true),
            ("XInputExtension", true),
            ("MIT-SHM", false),
            ("DRI3", false),
            ("RECORD", !guarded),
            ("XTEST", !guarded),
            ("SECURITY", !guarded),
        ] {
            assert_eq!((is_there(name), names.iter().any(|other| other == name)), (there, there), "{name}, {guarded}");
        }
        assert!(connection.get_input_focus().unwrap().reply().is_ok(), "the answers behind it are in order");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_of_many_megabytes_passes() {
    let local = Xvfb::start(1024, 768).unwrap();
    let remote = RemoteDisplay::guarded(&local).await;
    let connection = remote.connect();
    connection.prefetch_maximum_request_bytes();
    let root = connection.setup().roots[0].root;
    let (pixmap, gc) = (connection.generate_id().unwrap(), connection.generate_id().unwrap());
    connection.create_pixmap(24, pixmap, root, 1000, 1000).unwrap().check().unwrap();
    connection.create_gc(gc, pixmap, &Default::default()).unwrap().check().unwrap();
    let data: Vec<u8> = (0..4_000_000_u32).map(|at| if at % 4 == 3 { 0 } else { (at % 251) as u8 }).collect();
    let put = connection.put_image(ImageFormat::Z_PIXMAP, pixmap, gc, 1000, 1000, 0, 0, 0, 24, &data);
    put.unwrap().check().unwrap();
    let got = connection.get_image(ImageFormat::Z_PIXMAP, pixmap, 0, 0, 1000, 1000, !0).unwrap().reply().unwrap();
    assert!(got.data == data);
}

fn rectangle(width: u16, height: u16) -> x11rb::protocol::xproto::Rectangle {
    x11rb::protocol::xproto::Rectangle { x: 0, y: 0, width, height }
}

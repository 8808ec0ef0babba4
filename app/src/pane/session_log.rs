//! The log of a session: the bar that asks where to, and the one that says that it is written.

mod place;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use iced::keyboard::{self, key::Key, key::Named};
use iced::widget::{Id, column, container, row, space as blank};
use iced::{Alignment, Element, Length, Task};
use term::Terminal;
use term::terminal::recording::{Error, Format, Options, Recording, Status};

use crate::link::opener;
use crate::theme::{Colors, space};
use crate::widget::banner::Kind;
use crate::widget::button::{self, Button};
use crate::widget::{Icon, card, elided, field, keys, label, tooltip};

pub use place::Place;
use place::expanded;

/// How it stands with the log of a pane.
#[derive(Debug)]
pub struct SessionLog {
    state: State,
    field: Id,
}

impl Default for SessionLog {
    fn default() -> Self {
        Self { state: State::Off, field: Id::unique() }
    }
}

#[derive(Debug)]
enum State {
    /// There is none.
    Off,
    /// The user is asked for the file.
    Asking(Plan),
    /// It is written.
    Running(Arc<Recording>),
    /// It ended early.
    Failed(Error),
}

/// What the user wants logged without being asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// How; `None` logs nothing by itself.
    pub format: Option<Format>,
    /// Where.
    pub place: Place,
    /// What the host is called.
    pub host: String,
    /// Where it is, as the user wrote it.
    pub address: String,
}

impl Wanted {
    fn file(&self, format: Format) -> PathBuf {
        self.place.file(&self.host, &self.address, format)
    }

    /// Begins to log what `terminal` will show; nothing where that is not wanted, or is done already. Blocks on the disk.
    pub fn begin(&self, terminal: &Terminal) -> Option<Result<Arc<Recording>, Error>> {
        let format = self.format.filter(|_| terminal.recording().is_none())?;
        let (path, size, title) = (self.file(format), terminal.size(), self.host.clone());
        let begun = Recording::start(Options { path, format, size, title, input: false });
        if let Ok(recording) = &begun {
            terminal.record(Some(Arc::clone(recording)));
        }
        Some(begun)
    }
}

/// Takes back a log of a session that never came to be, with its file, in which there is nothing of one.
pub async fn withdraw(recording: Arc<Recording>, terminal: &Terminal) {
    let (path, watch) = (recording.path().to_owned(), recording.watch());
    terminal.record(None);
    drop(recording);
    let _end = Recording::ended(watch).await;
    if let Err(error) = tokio::fs::remove_file(&path).await {
        log::info!("{} stays, with nothing in it: {error}", path.display());
    }
}

/// What is to be written where.
#[derive(Debug)]
struct Plan {
    path: String,
    format: Format,
    /// Why it could not begin.
    error: Option<Error>,
}

/// What happens in the bar.
#[derive(Debug, Clone)]
pub enum Message {
    /// This file is wanted.
    Path(String),
    /// This format is wanted.
    Format(Format),
    /// It is to begin.
    Start,
    /// It began, or could not.
    Started(Result<Arc<Recording>, Error>),
    /// It is over, by itself or because it was stopped.
    Ended(Status),
    /// It is to end.
    Stop,
    /// The folder that it is in is to be shown.
    OpenFolder,
    /// It is shown, or could not be.
    Opened(Result<(), opener::Error>),
    /// It is not wanted after all, or its failure was read.
    Closed,
}

/// What the bar wants of its pane.
#[derive(Debug)]
pub enum Action {
    /// Nothing.
    None,
    /// This task is to be run.
    Run(Task<Message>),
    /// The terminal takes the keys again.
    Focus,
    /// The user is to be told this.
    Tell(String),
}

impl SessionLog {
    /// Whether a session is being written.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(self.state, State::Running(_))
    }

    /// Whether the user is asked for a file.
    #[must_use]
    pub fn asks(&self) -> bool {
        matches!(self.state, State::Asking(_))
    }

    /// Where the keyboard belongs while it asks.
    #[must_use]
    pub fn home(&self) -> Id {
        self.field.clone()
    }

    /// Asks where to write a session on `host`, or ends the log there is.
    pub fn toggle(&mut self, host: &str, terminal: &Arc<Terminal>, wanted: &Wanted) -> Action {
        match self.state {
            State::Running(_) => self.update(Message::Stop, terminal, host),
            _ => {
                let format = wanted.format.unwrap_or_default();
                let path = wanted.file(format).to_string_lossy().into_owned();
                self.state = State::Asking(Plan { path, format, error: None });
                Action::None
            }
        }
    }

    /// Handles what happened.
    pub fn update(&mut self, message: Message, terminal: &Arc<Terminal>, host: &str) -> Action {
        match (&mut self.state, message) {
            (State::Asking(plan), Message::Path(path)) => plan.path = path,
            (State::Asking(plan), Message::Format(format)) => {
                let ending = format!(".{}", plan.format.extension());
                if let Some(path) = plan.path.strip_suffix(&ending) {
                    plan.path = format!("{path}.{}", format.extension());
                }
                plan.format = format;
            }
            (State::Asking(plan), Message::Start) => return Action::Run(start(plan, terminal, host)),
            (State::Asking(_), Message::Started(Ok(recording))) => {
                terminal.record(Some(Arc::clone(&recording)));
                return self.run(recording);
            }
            (State::Asking(plan), Message::Started(Err(error))) => plan.error = Some(error),
            (State::Running(_), Message::Stop) => {
                terminal.record(None);
                self.state = State::Off;
                return Action::Focus;
            }
            (State::Running(recording), Message::OpenFolder) => {
                let folder = recording.path().parent().unwrap_or(Path::new("/")).to_owned();
                return Action::Run(Task::perform(opener::open_folder(folder), Message::Opened));
            }
            (_, Message::Opened(Err(error))) => return Action::Tell(format!("The folder is not opened: {error}.")),
            (State::Running(_), Message::Ended(Status::Failed(error))) => {
                terminal.record(None);
                self.state = State::Failed(error);
            }
            (State::Asking(_) | State::Failed(_), Message::Closed) => {
                self.state = State::Off;
                return Action::Focus;
            }
            _ => {}
        }
        Action::None
    }

    /// A log that began by itself with its session, or could not.
    pub fn begun(&mut self, begun: Result<Arc<Recording>, Error>) -> Action {
        match begun {
            Ok(recording) => self.run(recording),
            Err(error) => {
                self.state = State::Failed(error);
                Action::None
            }
        }
    }

    fn run(&mut self, recording: Arc<Recording>) -> Action {
        let watch = recording.watch();
        self.state = State::Running(recording);
        Action::Run(Task::perform(Recording::ended(watch), Message::Ended))
    }

    /// The file being written.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.state {
            State::Running(recording) => Some(recording.path()),
            _ => None,
        }
    }

    /// The bar below the terminal, if there is anything to ask or to say.
    pub fn view(&self) -> Option<Element<'_, Message>> {
        match &self.state {
            State::Off => None,
            State::Asking(plan) => Some(keys(plan.view(self.home()), key)),
            State::Running(recording) => Some(running(recording)),
            State::Failed(error) => Some(failed(error)),
        }
    }
}

impl Plan {
    fn view(&self, id: Id) -> Element<'_, Message> {
        let format = |format, name, tip| {
            let kind = button::Kind::Item { selected: self.format == format };
            let button = Button::text(name).kind(kind).padding([space::XS, space::S]).on_press(Message::Format(format));
            tooltip::at(button, tip, iced::widget::tooltip::Position::Top)
        };
        let text = "What a printer would show: lines as they were left, without colours and full-screen programs";
        let cast = "Everything with its time, to be played with asciinema";
        let path = field::field("File", &self.path)
            .id(id)
            .padding([space::XS, space::S])
            .invalid(self.error.is_some())
            .on_input(Message::Path)
            .on_submit(Message::Start);
        let choices = row![
            format(Format::Text, "Text", text),
            format(Format::Cast, "Recording (.cast)", cast),
            blank::horizontal(),
            Button::text("Cancel").padding([space::XS, space::M]).on_press(Message::Closed),
            Button::text("Start").primary().padding([space::XS, space::M]).on_press(Message::Start),
        ]
        .spacing(space::S)
        .align_y(Alignment::Center);
        let path = row![label::strong("Log to"), path].spacing(space::S).align_y(Alignment::Center);
        let hint = "What is shown is written, passwords that the screen shows too. A file that exists is left alone.";
        let said = match &self.error {
            Some(error) => label::error(error.to_string()),
            None => label::hint(hint),
        };
        container(column![path, said, choices].spacing(space::S))
            .padding([space::S, space::M])
            .width(Length::Fill)
            .style(card::bar)
            .into()
    }
}

/// Says that a session is written, for as long as it is.
fn running(recording: &Recording) -> Element<'_, Message> {
    let dot = label::body("●").style(|theme| iced::widget::text::Style { color: Some(Colors::of(theme).danger_text) });
    let path = recording.path().to_string_lossy().into_owned();
    let top = iced::widget::tooltip::Position::Top;
    let stop = Button::text("Stop").padding([0.0, space::S]).on_press(Message::Stop);
    let folder = Button::new(Icon::Folder.text()).padding([0.0, space::S]).on_press(Message::OpenFolder);
    let folder = tooltip::at(folder, "Show the log in its folder", top);
    // In one line however narrow the pane is: a terminal has no lines to spare.
    let name = recording.path().file_name().unwrap_or_default().to_string_lossy();
    let told = container(elided::hint(format!("Logging to {name}"))).width(Length::Fill);
    let told = container(tooltip::at(told, format!("Logging to {path}"), top)).width(Length::Fill);
    container(row![dot, told, folder, stop].spacing(space::S).align_y(Alignment::Center))
        .padding([space::XS, space::M])
        .width(Length::Fill)
        .style(card::bar)
        .into()
}

fn failed(error: &Error) -> Element<'_, Message> {
    let read = Button::icon(Icon::X).on_press(Message::Closed);
    let told = container(label::body(error.to_string())).width(Length::Fill);
    container(
        row![Icon::CircleAlert.text(), told, tooltip::below(read, "Dismiss")]
            .spacing(space::M)
            .align_y(Alignment::Center),
    )
    .padding([space::XS, space::M])
    .style(Kind::Error.style())
    .into()
}

fn key(event: &keyboard::Event) -> Option<Message> {
    match event {
        keyboard::Event::KeyPressed { key: Key::Named(Named::Escape), .. } => Some(Message::Closed),
        _ => None,
    }
}

fn start(plan: &Plan, terminal: &Terminal, host: &str) -> Task<Message> {
    let (format, size, title) = (plan.format, terminal.size(), host.to_owned());
    let options = Options { path: expanded(&plan.path), format, size, title, input: false };
    let path = options.path.clone();
    let start = async move {
        let started = tokio::task::spawn_blocking(move || Recording::start(options)).await;
        started.unwrap_or_else(|error| Err(Error::Create { path, reason: error.to_string() }))
    };
    Task::perform(start, Message::Started)
}

#[cfg(test)]
mod tests {
    use iced_test::simulator;
    use term::terminal::Size;

    use super::*;
    use crate::theme::Mode;

    fn terminal() -> Arc<Terminal> {
        let size = Size { columns: 40, lines: 10, width: 0, height: 0 };
        Terminal::new(size, 100, Mode::Dark.palette())
    }

    fn wanted(folder: &Path) -> Wanted {
        let place = Place { folder: folder.to_string_lossy().into_owned(), name: "{host}".to_owned() };
        Wanted { format: None, place, host: "web".to_owned(), address: "ada@web".to_owned() }
    }

    #[test]
    fn a_wanted_log_begins_by_itself_beside_an_older_one_and_its_bar_ends_it() {
        let (terminal, folder) = (terminal(), tempfile::tempdir().expect("a folder"));
        std::fs::write(folder.path().join("web.log"), "older").expect("written");
        let wanted = Wanted { format: Some(Format::Text), ..wanted(folder.path()) };
        assert!(Wanted { format: None, ..wanted.clone() }.begin(&terminal).is_none());
        let begun = wanted.begin(&terminal).expect("wanted");
        assert!(wanted.begin(&terminal).is_none(), "it is logged already");
        let mut log = SessionLog::default();
        let _ = log.begun(begun);
        let path = log.path().expect("a file").to_owned();
        assert!(path.starts_with(folder.path()) && path != folder.path().join("web.log"));
        assert_eq!(std::fs::read_to_string(folder.path().join("web.log")).expect("text"), "older");
        {
            let mut ui = simulator(log.view().expect("a bar"));
            let _ = ui.click("Stop").expect("a button");
            assert!(matches!(ui.into_messages().last(), Some(Message::Stop)));
        }
        let _ = log.update(Message::Stop, &terminal, "web");
        assert!(log.path().is_none() && terminal.recording().is_none());
    }

    #[test]
    fn a_log_that_fails_leaves_the_terminal_as_it_is_and_says_why() {
        let (terminal, folder) = (terminal(), tempfile::tempdir().expect("a folder"));
        let wanted = Wanted { format: Some(Format::Cast), ..wanted(folder.path()) };
        let mut log = SessionLog::default();
        let _ = log.begun(wanted.begin(&terminal).expect("wanted"));
        let reason = "No space left on device (os error 28)".to_owned();
        let error = Error::Write { path: folder.path().join("web.cast"), reason };
        let _ = log.update(Message::Ended(Status::Failed(error.clone())), &terminal, "web");
        assert!(terminal.recording().is_none(), "nothing waits for the disk any more");
        assert!(simulator(log.view().expect("a bar")).find(error.to_string()).is_ok());
        let place = Place { folder: "/proc/none".to_owned(), name: "{host}".to_owned() };
        let begun = Wanted { place, ..wanted }.begin(&terminal).expect("wanted");
        let error = begun.as_ref().err().map(ToString::to_string).expect("no folder");
        let _ = log.begun(begun);
        assert!(simulator(log.view().expect("a bar")).find(error).is_ok());
    }

    #[test]
    fn a_log_is_asked_about_begun_said_and_ended() {
        let (terminal, folder) = (terminal(), tempfile::tempdir().expect("a folder"));
        let mut log = SessionLog::default();
        let _ = log.toggle("host", &terminal, &wanted(folder.path()));
        assert!(log.asks());
        let path = folder.path().join("host.log").to_string_lossy().into_owned();
        let _ = log.update(Message::Path(path.clone()), &terminal, "host");
        let _ = log.update(Message::Format(Format::Cast), &terminal, "host");
        let State::Asking(plan) = &log.state else { panic!("it asks") };
        assert_eq!(plan.path, path.replace(".log", ".cast"), "the name follows the format");
        {
            let mut ui = simulator(log.view().expect("a bar"));
            let _ = ui.click("Start").expect("a button");
            assert!(matches!(ui.into_messages().last(), Some(Message::Start)));
        }
        let options = Options {
            path: PathBuf::from(&path),
            format: Format::Text,
            size: terminal.size(),
            title: String::new(),
            input: false,
        };
        let recording = Recording::start(options).expect("started");
        let _ = log.update(Message::Started(Ok(recording)), &terminal, "host");
        assert!(log.is_running() && terminal.recording().is_some());
        assert!(simulator(log.view().expect("a bar")).find("Logging to host.log").is_ok());
        let _ = log.toggle("host", &terminal, &wanted(folder.path()));
        assert!(!log.is_running() && terminal.recording().is_none() && log.view().is_none());
    }

    #[test]
    fn what_goes_wrong_is_said_in_the_bar() {
        let terminal = terminal();
        let mut log = SessionLog::default();
        let _ = log.toggle("host", &terminal, &wanted(Path::new("/x")));
        let error = Error::Create { path: PathBuf::from("/x"), reason: "Permission denied".to_owned() };
        let _ = log.update(Message::Started(Err(error.clone())), &terminal, "host");
        assert!(simulator(log.view().expect("a bar")).find(error.to_string()).is_ok());
    }
}

//! The log of a session: the bar that asks where to, and the one that says that it is written.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use iced::keyboard::{self, key::Key, key::Named};
use iced::widget::{Id, column, container, row, space as blank};
use iced::{Alignment, Element, Length, Task};
use term::Terminal;
use term::terminal::recording::{Error, Format, Options, Recording, Status};

use crate::theme::{Colors, space};
use crate::widget::banner::Kind;
use crate::widget::button::{self, Button};
use crate::widget::{Icon, card, field, keys, label, tooltip};

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
    pub fn toggle(&mut self, host: &str, terminal: &Arc<Terminal>) -> Action {
        match self.state {
            State::Running(_) => self.update(Message::Stop, terminal, host),
            _ => {
                let path = suggested(host, Format::Text).to_string_lossy().into_owned();
                self.state = State::Asking(Plan { path, format: Format::Text, error: None });
                Action::None
            }
        }
    }

    /// Handles what happened.
    pub fn update(&mut self, message: Message, terminal: &Arc<Terminal>, host: &str) -> Action {
        match (&mut self.state, message) {
            (State::Asking(plan), Message::Path(path)) => plan.path = path,
            (State::Asking(plan), Message::Format(format)) => {
                let path = PathBuf::from(&plan.path).with_extension(format.extension());
                plan.path = path.to_string_lossy().into_owned();
                plan.format = format;
            }
            (State::Asking(plan), Message::Start) => return Action::Run(start(plan, terminal, host)),
            (State::Asking(_), Message::Started(Ok(recording))) => {
                let watch = recording.watch();
                terminal.record(Some(Arc::clone(&recording)));
                self.state = State::Running(recording);
                return Action::Run(Task::perform(Recording::ended(watch), Message::Ended));
            }
            (State::Asking(plan), Message::Started(Err(error))) => plan.error = Some(error),
            (State::Running(_), Message::Stop) => {
                terminal.record(None);
                self.state = State::Off;
                return Action::Focus;
            }
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
    let stop = Button::text("Stop").padding([0.0, space::S]).on_press(Message::Stop);
    let told = container(label::hint(format!("Logging to {path}")).wrapping(iced::widget::text::Wrapping::Glyph));
    container(row![dot, told.width(Length::Fill), stop].spacing(space::S).align_y(Alignment::Center))
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

fn home() -> PathBuf {
    directories::BaseDirs::new().map_or_else(PathBuf::new, |folders| folders.home_dir().to_owned())
}

/// A path as a shell reads it: `~/` is the home folder.
fn expanded(path: &str) -> PathBuf {
    path.trim().strip_prefix("~/").map_or_else(|| PathBuf::from(path.trim()), |rest| home().join(rest))
}

/// A file for a session on `host` that begins now.
fn suggested(host: &str, format: Format) -> PathBuf {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let name = format!("{}-{}.{}", file_name(host), timestamp(seconds), format.extension());
    home().join("tetherm-logs").join(name)
}

/// What of a host's name can be a file's name: no separators, nothing hidden, nothing endless.
fn file_name(host: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@') { c } else { '_' };
    let name: String = host.chars().take(64).map(kept).collect();
    let name = name.trim_start_matches('.').to_owned();
    if name.is_empty() { "session".to_owned() } else { name }
}

/// A moment in UTC, as `2026-11-22-143005Z`. The days since 1970 become a date by counting years from March on, so that
/// a leap day is a year's last day.
fn timestamp(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}-{hour:02}{minute:02}{second:02}Z")
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

    #[test]
    fn moments_are_what_date_says() {
        let table = [
            (0, "1970-01-01-000000Z"),
            (951_782_400, "2000-02-29-000000Z"),
            (1_795_357_805, "2026-11-22-143005Z"),
            (4_107_542_399, "2100-02-28-235959Z"),
        ];
        for (seconds, expected) in table {
            assert_eq!(timestamp(seconds), expected);
        }
    }

    #[test]
    fn a_hosts_name_cannot_lead_out_of_the_folder() {
        for (host, expected) in [("ada@example.org", "ada@example.org"), ("../../x", "_.._x"), ("", "session")] {
            assert_eq!(file_name(host), expected);
        }
    }

    #[test]
    fn a_log_is_asked_about_begun_said_and_ended() {
        let (terminal, folder) = (terminal(), tempfile::tempdir().expect("a folder"));
        let mut log = SessionLog::default();
        let _ = log.toggle("host", &terminal);
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
        assert!(simulator(log.view().expect("a bar")).find(format!("Logging to {path}")).is_ok());
        let _ = log.toggle("host", &terminal);
        assert!(!log.is_running() && terminal.recording().is_none() && log.view().is_none());
    }

    #[test]
    fn what_goes_wrong_is_said_in_the_bar() {
        let terminal = terminal();
        let mut log = SessionLog::default();
        let _ = log.toggle("host", &terminal);
        let error = Error::Create { path: PathBuf::from("/x"), reason: "Permission denied".to_owned() };
        let _ = log.update(Message::Started(Err(error.clone())), &terminal, "host");
        assert!(simulator(log.view().expect("a bar")).find(error.to_string()).is_ok());
    }
}

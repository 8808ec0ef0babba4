//! What a host takes over from `~/.ssh/config`, with the line that says it.

use std::path::Path;

use iced::widget::{Column, container, row};
use iced::{Alignment, Element, Length, Task};
use term::ssh::config::{Effective, Source};
use term::ssh::known_hosts::Place;
use term::ssh::{Config, Destination};

use crate::theme::space;
use crate::widget::{elided, label};

/// The settings in force for a host.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inherited {
    lines: Vec<Effective>,
}

/// What became of looking them up: the settings, or why there are none.
pub type Outcome = Result<Inherited, String>;

impl Inherited {
    /// Takes what is in force.
    #[must_use]
    pub fn new(lines: Vec<Effective>) -> Self {
        Self { lines }
    }

    /// Reads the configuration for a destination, on another thread: `Match exec` may run commands.
    pub fn look_up(destination: Destination, options: Vec<String>) -> Task<Outcome> {
        in_background(move || Self::read(&destination, &options)).map(|outcome| outcome.unwrap_or_else(Err))
    }

    /// The same at once.
    ///
    /// # Errors
    /// Why the configuration cannot be used.
    pub fn read(destination: &Destination, options: &[String]) -> Outcome {
        let config = Config::load().map_err(|error| error.to_string())?;
        config.effective(destination, options).map(Self::new).map_err(|error| error.to_string())
    }

    /// The value of a keyword, spelt as `ssh -G` does, and the place of the file that sets it.
    #[must_use]
    pub fn value(&self, keyword: &str) -> Option<(&str, String)> {
        self.of_files().find(|(line, _)| line.keyword == keyword).map(|(line, place)| (line.value.as_str(), place))
    }

    /// How many values come from files.
    #[must_use]
    pub fn count(&self) -> usize {
        self.of_files().count()
    }

    fn of_files(&self) -> impl Iterator<Item = (&Effective, String)> {
        self.lines.iter().filter_map(|line| match &line.source {
            Source::File(place) => Some((line, shown(place))),
            Source::Option | Source::Default => None,
        })
    }

    /// Every value that comes from a file, with its place.
    pub fn view<'a, Message: 'a>(&self) -> Element<'a, Message> {
        if self.count() == 0 {
            return label::hint("No line of ~/.ssh/config or /etc/ssh/ssh_config says anything about this host.")
                .into();
        }
        let line = |(line, place): (&Effective, String)| {
            let value = container(elided::body(line.to_string())).width(Length::FillPortion(3));
            let place =
                container(elided::hint(place)).width(Length::FillPortion(2)).align_right(Length::FillPortion(2));
            row![value, place].spacing(space::M).align_y(Alignment::Center).into()
        };
        Column::with_children(self.of_files().map(line)).spacing(space::XS).into()
    }
}

/// A place as people write it: paths below the home folder begin with `~`.
#[must_use]
pub fn shown(place: &Place) -> String {
    format!("{}:{}", short(&place.path), place.line)
}

/// A path as people write it.
#[must_use]
pub fn short(path: &Path) -> String {
    match std::env::home_dir().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(rest) => Path::new("~").join(rest).display().to_string(),
        None => path.display().to_string(),
    }
}

/// Runs what blocks on a thread of its own; an error says that it came to no end.
pub(super) fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Task<Result<T, String>> {
    Task::future(async move {
        tokio::task::spawn_blocking(work).await.map_err(|error| format!("reading the configuration failed: {error}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(keyword: &'static str, value: &str, source: Source) -> Effective {
        Effective { keyword, value: value.to_owned(), source }
    }

    #[test]
    fn values_of_files_are_told_from_defaults_and_from_what_was_said() {
        let place = Place { path: "/etc/ssh/ssh_config".into(), line: 7 };
        let inherited = Inherited::new(vec![
            line("user", "me", Source::Option),
            line("port", "22", Source::Default),
            line("compression", "yes", Source::File(place)),
        ]);
        assert_eq!(inherited.value("compression"), Some(("yes", "/etc/ssh/ssh_config:7".to_owned())));
        assert_eq!((inherited.value("port"), inherited.value("user")), (None, None));
        assert_eq!(inherited.count(), 1);
    }
}

//! What `cargo xtask bench` is asked for.

use std::path::PathBuf;

use super::Error;

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Text until its last line is on the screen.
    Throughput,
    /// A key until its pixel.
    Latency,
    /// A process until its first picture.
    Start,
    /// What windows and tabs take.
    Memory,
    /// What a window does when nothing happens.
    Idle,
}

impl Part {
    const ALL: [Self; 5] = [Self::Throughput, Self::Latency, Self::Start, Self::Memory, Self::Idle];

    /// Its name on the command line and in the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::Latency => "latency",
            Self::Start => "start",
            Self::Memory => "memory",
            Self::Idle => "idle",
        }
    }
}

/// What to measure, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arguments {
    /// How often each measurement is made, in turns with the others.
    pub(super) runs: usize,
    /// The parts to measure, in order.
    pub(super) parts: Vec<Part>,
    /// The file to write the figures to, as JSON.
    pub(super) json: Option<PathBuf>,
    /// A tetherm to measure in place of the release build.
    pub(super) program: Option<PathBuf>,
}

impl Arguments {
    /// Reads the words after `bench`.
    ///
    /// # Errors
    /// [`Error::Argument`].
    pub(super) fn parse(words: &[String]) -> Result<Self, Error> {
        let mut arguments = Self { runs: 5, parts: Part::ALL.to_vec(), json: None, program: None };
        let wrong = |what: String| Error::Argument(what);
        let mut words = match words.split_first() {
            Some((what, rest)) if what == "terminal" => rest.iter(),
            Some((other, _)) => return Err(wrong(format!("there is no benchmark '{other}'"))),
            None => return Err(wrong("no benchmark is named".to_owned())),
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| wrong(format!("{word} needs a value")));
            match word.as_str() {
                "--runs" => {
                    let runs = value()?.parse().ok().filter(|runs| (1..=1000).contains(runs));
                    arguments.runs = runs.ok_or_else(|| wrong("--runs takes a number from 1 to 1000".to_owned()))?;
                }
                "--only" => arguments.parts = value()?.split(',').map(part).collect::<Result<_, _>>()?,
                "--json" => arguments.json = Some(PathBuf::from(value()?)),
                "--program" => arguments.program = Some(PathBuf::from(value()?)),
                other => return Err(wrong(format!("there is no argument '{other}'"))),
            }
        }
        Ok(arguments)
    }
}

fn part(name: &str) -> Result<Part, Error> {
    Part::ALL.into_iter().find(|part| part.name() == name).ok_or_else(|| {
        let all: Vec<_> = Part::ALL.iter().map(|part| part.name()).collect();
        Error::Argument(format!("there is no part '{name}'; there are {}", all.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Arguments::parse(&words).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_is_measured_unless_parts_are_named() {
        let all = parse("terminal").unwrap();
        assert_eq!((all.runs, all.parts.len(), all.json), (5, 5, None));
        let some = parse("terminal --only idle,start --runs 9 --json out.json").unwrap();
        assert_eq!((some.runs, some.parts), (9, vec![Part::Idle, Part::Start]));
        assert_eq!(some.json, Some(PathBuf::from("out.json")));
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (line, words) in [
            ("", "no benchmark is named"),
            ("window", "there is no benchmark 'window'"),
            ("terminal --only idle,speed", "there is no part 'speed'; there are throughput, latency"),
            ("terminal --runs 0", "--runs takes a number"),
            ("terminal --json", "--json needs a value"),
            ("terminal fast", "there is no argument 'fast'"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(words), "{line}: {error}");
        }
    }
}

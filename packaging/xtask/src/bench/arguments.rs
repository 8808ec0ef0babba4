//! What `cargo xtask bench` is asked for.

use std::path::PathBuf;

use super::Error;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The terminal, beside other terminals.
    Terminal,
    /// The SSH engine, beside OpenSSH's client.
    Ssh,
}

/// A part of a benchmark.
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
    /// What a window does for its user while a pane of it is flooded.
    Floods,
    /// Bytes down and up, by each cipher.
    Bulk,
    /// The same from far away.
    Far,
    /// A byte until its echo.
    Echo,
    /// A process until the first prompt.
    Connect,
    /// What a client takes whose output nobody reads.
    Backlog,
    /// An echo beside channels that are read in different ways.
    Beside,
}

impl Subject {
    fn parts(self) -> &'static [Part] {
        match self {
            Self::Terminal => &[Part::Throughput, Part::Latency, Part::Start, Part::Memory, Part::Idle, Part::Floods],
            Self::Ssh => &[Part::Bulk, Part::Far, Part::Echo, Part::Connect, Part::Backlog, Part::Beside],
        }
    }
}

impl Part {
    /// Its name on the command line and in the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::Latency => "latency",
            Self::Start => "start",
            Self::Memory => "memory",
            Self::Idle => "idle",
            Self::Bulk => "bulk",
            Self::Far => "far",
            Self::Echo => "echo",
            Self::Connect => "connect",
            Self::Backlog => "backlog",
            Self::Beside => "beside",
            Self::Floods => "floods",
        }
    }
}

/// What to measure, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arguments {
    /// What is measured.
    pub(super) subject: Subject,
    /// How often each measurement is made, in turns with the others.
    pub(super) runs: usize,
    /// The parts to measure, in order.
    pub(super) parts: Vec<Part>,
    /// MiB that `bulk` moves each way; `far` moves a quarter.
    pub(super) size: u64,
    /// How long each flood takes, in seconds.
    pub(super) seconds: u64,
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
        let wrong = |what: String| Error::Argument(what);
        let (subject, mut words) = match words.split_first() {
            Some((what, rest)) if what == "terminal" => (Subject::Terminal, rest.iter()),
            Some((what, rest)) if what == "ssh" => (Subject::Ssh, rest.iter()),
            Some((other, _)) => return Err(wrong(format!("there is no benchmark '{other}'"))),
            None => return Err(wrong("no benchmark is named".to_owned())),
        };
        let parts = subject.parts().to_vec();
        let mut arguments = Self { subject, runs: 5, parts, size: 1024, seconds: 10, json: None, program: None };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| wrong(format!("{word} needs a value")));
            match word.as_str() {
                "--runs" => {
                    let runs = value()?.parse().ok().filter(|runs| (1..=1000).contains(runs));
                    arguments.runs = runs.ok_or_else(|| wrong("--runs takes a number from 1 to 1000".to_owned()))?;
                }
                "--only" => {
                    arguments.parts = value()?.split(',').map(|name| part(subject, name)).collect::<Result<_, _>>()?;
                }
                "--size" if subject == Subject::Ssh => {
                    let size = value()?.parse().ok().filter(|size| (1..=65_536).contains(size));
                    arguments.size = size.ok_or_else(|| wrong("--size takes a number from 1 to 65536".to_owned()))?;
                }
                "--seconds" if subject == Subject::Terminal => {
                    let seconds = value()?.parse().ok().filter(|seconds| (1..=600).contains(seconds));
                    arguments.seconds =
                        seconds.ok_or_else(|| wrong("--seconds takes a number from 1 to 600".to_owned()))?;
                }
                "--json" => arguments.json = Some(PathBuf::from(value()?)),
                "--program" => arguments.program = Some(PathBuf::from(value()?)),
                other => return Err(wrong(format!("there is no argument '{other}'"))),
            }
        }
        Ok(arguments)
    }
}

fn part(subject: Subject, name: &str) -> Result<Part, Error> {
    subject.parts().iter().copied().find(|part| part.name() == name).ok_or_else(|| {
        let all: Vec<_> = subject.parts().iter().map(|part| part.name()).collect();
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
        assert_eq!((all.runs, all.parts.len(), all.seconds, all.json), (5, 6, 10, None));
        let some = parse("terminal --only floods,start --runs 9 --seconds 60 --json out.json").unwrap();
        assert_eq!((some.runs, some.seconds, some.parts), (9, 60, vec![Part::Floods, Part::Start]));
        assert_eq!(some.json, Some(PathBuf::from("out.json")));
        let ssh = parse("ssh --only far,echo --size 64").unwrap();
        assert_eq!((ssh.subject, ssh.parts, ssh.size), (Subject::Ssh, vec![Part::Far, Part::Echo], 64));
    }

    #[test]
    fn what_is_not_known_is_named() {
        for (line, words) in [
            ("", "no benchmark is named"),
            ("window", "there is no benchmark 'window'"),
            ("terminal --only idle,speed", "there is no part 'speed'; there are throughput, latency"),
            ("ssh --only idle", "there is no part 'idle'; there are bulk, far"),
            ("ssh --size 0", "--size takes a number"),
            ("terminal --size 9", "there is no argument '--size'"),
            ("terminal --runs 0", "--runs takes a number"),
            ("terminal --seconds 0", "--seconds takes a number"),
            ("terminal --json", "--json needs a value"),
            ("terminal fast", "there is no argument 'fast'"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(words), "{line}: {error}");
        }
    }
}

//! `tetherm config`: the settings in force for a host, as `ssh -G` prints them, and where each comes from.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use term::ssh::Config;
use term::ssh::config::{self, Context, Effective, Source, option};

use super::options::{self, Options};
use super::{complain, help, print_error};
use crate::store::{Folders, Host, Hosts};

/// What ssh(1) exits with when the failure is its own.
const FAILED: u8 = 255;

/// Why nothing was printed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Options(#[from] options::Error),
    #[error(transparent)]
    Config(#[from] config::Error),
}

/// Does what the words after `tetherm config` say.
#[must_use]
pub fn run(words: &[String]) -> ExitCode {
    if matches!(words.first().map(String::as_str), Some("--help" | "-h")) {
        return super::print(help::CONFIG);
    }
    let mut words = words.to_vec();
    let before_command = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let why = words.iter().take(before_command).position(|word| word == "--why");
    if let Some(at) = why {
        let _ = words.remove(at);
    }
    match Options::parse(&words).map_err(Error::from).and_then(|options| lines(&options, why.is_some())) {
        Ok(lines) => {
            // `tetherm config host | head -1` closes the pipe: that is no failure.
            let _ = std::io::stdout().write_all(lines.as_bytes());
            ExitCode::SUCCESS
        }
        Err(Error::Config(error)) => {
            // As ssh(1) ends what it logs.
            let _ = print_error(&error.words().lines().map(|line| format!("{line}\r\n")).collect::<String>());
            ExitCode::from(FAILED)
        }
        Err(Error::Options(error)) => {
            complain(&error);
            let _ = print_error(help::CONFIG_USAGE);
            ExitCode::from(FAILED)
        }
    }
}

/// The lines, each with its place if `why`.
pub(super) fn lines(options: &Options, why: bool) -> Result<String, Error> {
    let config = Config::load_from(Context::of_process(), options.config_file.as_deref())?
        .for_command(options.command.as_deref().unwrap_or_default());
    let missing = missing_keys(options);
    let saved = saved_host(&options.place);
    let (destination, said, saved) = match &saved {
        Some(host) => (host.destination(), options.settings(), of_saved(host)),
        None => {
            let (destination, settings) = options.destination()?;
            (destination, settings, Vec::new())
        }
    };
    let said: Vec<String> =
        options.log_level().into_iter().chain(said).filter(|setting| !missing.contains(setting)).collect();
    let effective = config.effective(&destination, &[said.clone(), saved.clone()].concat())?;
    let show = |line: &Effective| match why {
        true => format!("{line}\t{}\n", place(line, &said, &saved, options)),
        false => format!("{line}\n"),
    };
    Ok(effective.iter().map(show).collect())
}

/// Where a value comes from, in words.
fn place(line: &Effective, said: &[String], saved: &[String], options: &Options) -> String {
    let names = |settings: &[String]| settings.iter().any(|setting| names(setting, line.keyword));
    match &line.source {
        Source::Option if names(saved) && !names(said) => format!("saved host {:?}", options.place),
        source => source.to_string(),
    }
}

fn names(setting: &str, keyword: &str) -> bool {
    let end = setting.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(setting.len());
    setting.get(..end).is_some_and(|name| name.eq_ignore_ascii_case(keyword))
}

/// What is saved for a host, the address included.
fn of_saved(host: &Host) -> Vec<String> {
    let port = host.port.map(|port| port.to_string());
    let address = [("User", host.user.as_deref()), ("Port", port.as_deref())];
    let address = address.into_iter().filter_map(|(keyword, value)| Some(option(keyword, value?)));
    address.chain(host.options()).collect()
}

fn saved_host(name: &str) -> Option<Host> {
    let folders = Folders::user().ok()?;
    let hosts = Hosts::load(folders.hosts()).map_err(|error| complain(&error)).ok()?;
    hosts.iter().find(|host| host.name == name).cloned()
}

/// The settings of `-i` that name no file: ssh(1) says so and goes on as if they had not been given.
fn missing_keys(options: &Options) -> Vec<String> {
    let mut missing = Vec::new();
    for path in &options.identity_files {
        if let Err(error) = std::fs::metadata(expanded(path)) {
            let reason = error.to_string();
            let reason = reason.split(" (os error").next().unwrap_or_default();
            let _ = print_error(&format!("Warning: Identity file {} not accessible: {reason}.\n", path.display()));
            missing.push(option("IdentityFile", &path.to_string_lossy()));
        }
    }
    missing
}

/// A path whose `~` no shell has replaced.
fn expanded(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

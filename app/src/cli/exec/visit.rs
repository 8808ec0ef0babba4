//! What other commands do with a connection that is made as `tetherm exec` makes it: with its settings, questions and words.

use std::process::ExitCode;
use std::sync::Arc;

use term::ssh::host::LogLevel;
use term::ssh::{Connection, Host, Secrets};

use super::console::Console;
use super::{Failure, explain, log_level, logger, resolve, saved_secrets, tty, until_interrupted};
use crate::cli::options::Options;

/// The settings in force for what the words name. What is wrong with them is told.
///
/// # Errors
/// The exit status.
pub(in crate::cli) fn settings_of(options: &Options) -> Result<Host, ExitCode> {
    logger::start(log_level(options, LogLevel::Info));
    let mut host = resolve(options).map_err(|failure| explain(&failure, None, None))?;
    host.log_level = log_level(options, host.log_level);
    logger::start(host.log_level);
    Ok(host)
}

/// Connects, asks what has to be asked, does `work`, says goodbye and gives what came of it. A failure to connect is told.
///
/// # Errors
/// The exit status.
pub(in crate::cli) fn visit<W>(
    host: Host,
    work: impl FnOnce(Arc<Connection>) -> W + Send + 'static,
) -> Result<u8, ExitCode>
where
    W: Future<Output = u8> + Send,
{
    let failed =
        |failure: Failure, console: Option<&Console>| explain(&failure, Some(&host), console.and_then(Console::peer));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed(error.into(), None))?;
    let console = Console::new(&host);
    let (mine, theirs) = (console.clone(), host.clone());
    let visiting = async move {
        let (events, mut received) = tokio::sync::mpsc::channel(32);
        let staying = async {
            let secrets = if theirs.batch_mode { Secrets::default() } else { saved_secrets(&theirs).await };
            let opened = Connection::open(theirs, secrets, events).await;
            let connection = opened.map_err(|error| Failure::Ssh(Arc::new(error)))?;
            let status = work(Arc::clone(&connection)).await;
            connection.disconnect().await;
            Ok(status)
        };
        mine.beside(&mut received, staying).await
    };
    let result = runtime.block_on(until_interrupted(visiting, &host));
    // A thread may still wait for input that never comes; it ends with the process.
    runtime.shutdown_background();
    tty::restore();
    result.map_err(|failure| failed(failure, Some(&console)))
}

//! Brings the forwardings up that the options and the configuration ask for, and says what ssh(1) says of them.

use std::sync::Arc;

use futures::future::join_all;
use term::ssh::forward::{Active, Endpoint, Error, Options};
use term::ssh::host::Tunnel;
use term::ssh::{Connection, Forward};

use super::logger;

/// The forwardings that are up.
#[derive(Debug)]
pub(super) struct Forwards {
    connection: Arc<Connection>,
    options: Options,
    active: Vec<Active>,
}

/// With `ExitOnForwardFailure`, one that is not up ends it all; the message was for this.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fatal(pub(super) String);

impl Forwards {
    /// Brings up what the host's settings ask for: what listens here first, then what listens there, all at once.
    pub(super) async fn start(connection: &Arc<Connection>) -> Result<Self, Fatal> {
        let host = connection.host();
        let mut forwards = Self { connection: Arc::clone(connection), options: Options::of(host), active: Vec::new() };
        let (remote, local): (Vec<_>, Vec<_>) =
            Forward::of(host).into_iter().partition(|forward| matches!(forward, Forward::Remote { .. }));
        let is_needed = host.exit_on_forward_failure;
        if !connection.is_verified() {
            // What was said of the host's key tells that nothing is forwarded.
            let failed = "Error: forwarding disabled due to host key check failure";
            return if is_needed { Err(Fatal(failed.to_owned())) } else { Ok(forwards) };
        }
        forwards.start_local(local, is_needed).await?;
        forwards.start_remote(remote, is_needed).await?;
        if host.tunnel != Tunnel::No {
            let failed = "Could not request tunnel forwarding.";
            if is_needed {
                return Err(Fatal(failed.to_owned()));
            }
            logger::error(failed);
        }
        Ok(forwards)
    }

    async fn start_local(&mut self, wanted: Vec<Forward>, is_needed: bool) -> Result<(), Fatal> {
        let count = wanted.len();
        for forward in wanted {
            match self.connection.forward(forward, &self.options).await {
                Ok(active) => {
                    if let Some(problem) = active.problem() {
                        logger::error(&listening(problem));
                    }
                    self.active.push(active);
                }
                Err(error) => logger::error(&not_listening(&error)),
            }
        }
        let failed = "Could not request local forwarding.";
        if self.active.len() < count && is_needed {
            return Err(Fatal(failed.to_owned()));
        }
        if count > 0 && self.active.is_empty() {
            logger::error(failed);
        }
        Ok(())
    }

    async fn start_remote(&mut self, wanted: Vec<Forward>, is_needed: bool) -> Result<(), Fatal> {
        let asked = wanted
            .into_iter()
            .map(async |forward| (forward.listen().clone(), self.connection.forward(forward, &self.options).await));
        for (listen, started) in join_all(asked).await {
            match started {
                Ok(active) => {
                    tell_port(&active);
                    self.active.push(active);
                }
                Err(_) => {
                    let what = match &listen {
                        Endpoint::Port { port, .. } => format!("port {port}"),
                        Endpoint::Socket(path) => format!("path {}", path.display()),
                    };
                    let text = format!("remote port forwarding failed for listen {what}");
                    if is_needed {
                        return Err(Fatal(format!("Error: {text}")));
                    }
                    logger::info(&format!("Warning: {text}"));
                }
            }
        }
        Ok(())
    }

    /// Does what was typed after `~C` (`process_cmdline` in clientloop.c).
    pub(super) async fn command(&mut self, line: &str) {
        let line = line.trim_start();
        let line = line.strip_prefix('-').unwrap_or(line);
        let answer = match line.split_at_checked(1) {
            None => return,
            Some(("h" | "H" | "?", _)) => HELP.to_owned(),
            Some(("K", rest)) => self.cancel(rest),
            Some((letter @ ("L" | "R" | "D"), specification)) => self.add(letter, specification.trim_start()).await,
            Some(_) => "Invalid command.".to_owned(),
        };
        logger::info(&answer);
    }

    async fn add(&mut self, letter: &str, specification: &str) -> String {
        let parsed = match letter {
            "L" => Forward::local(specification),
            "D" => Forward::dynamic(specification),
            _ => Forward::remote(specification),
        };
        let Ok(forward) = parsed else {
            let kind = if letter == "R" { "remote" } else { "local" };
            return format!("Bad {kind} forwarding specification.");
        };
        match self.connection.forward(forward, &self.options).await {
            Ok(active) => {
                tell_port(&active);
                self.active.push(active);
                "Forwarding port.".to_owned()
            }
            Err(error) => {
                logger::error(&not_listening(&error));
                "Port forwarding failed.".to_owned()
            }
        }
    }

    fn cancel(&mut self, line: &str) -> String {
        let Some((letter, specification)) = line.split_at_checked(1) else { return "Invalid command.".to_owned() };
        let Ok(Forward::Remote { listen, .. }) = Forward::remote(specification.trim_start()) else {
            return "Bad forwarding close specification.".to_owned();
        };
        let is_meant = |active: &Active| {
            let same_kind = matches!(
                (letter, active.forward()),
                ("L", Forward::Local { .. }) | ("R", Forward::Remote { .. }) | ("D", Forward::Dynamic { .. })
            );
            let same_port = match &listen {
                Endpoint::Port { host: None, port } => active.port() == Some(*port),
                listen => active.forward().listen() == listen,
            };
            same_kind && same_port
        };
        let before = self.active.len();
        self.active.retain(|active| !is_meant(active));
        let canceled = self.active.len() < before;
        if canceled { "Canceled forwarding." } else { "Unknown port forwarding." }.to_owned()
    }
}

const HELP: &str = "Commands:
      -L[bind_address:]port:host:hostport    Request local forward
      -R[bind_address:]port:host:hostport    Request remote forward
      -D[bind_address:]port                  Request dynamic forward
      -KL[bind_address:]port                 Cancel local forward
      -KR[bind_address:]port                 Cancel remote forward
      -KD[bind_address:]port                 Cancel dynamic forward";

/// The port that the server chose.
fn tell_port(active: &Active) {
    let Forward::Remote { listen: Endpoint::Port { port: 0, .. }, target } = active.forward() else { return };
    let Some(port) = active.port() else { return };
    // ssh(1) writes what it keeps inside: -2 stands for the port of a socket.
    let target = match target {
        None => "socks:0".to_owned(),
        Some(Endpoint::Socket(path)) => format!("{}:-2", path.display()),
        Some(Endpoint::Port { host, port }) => format!("{}:{port}", host.as_deref().unwrap_or_default()),
    };
    logger::info(&format!("Allocated port {port} for remote forward to {target}"));
}

/// Why one address of several is not listened at.
fn listening(error: &Error) -> String {
    match error {
        Error::Listen { at, listen: Endpoint::Port { .. }, cause } => format!("bind {at}: {cause}"),
        Error::Listen { at, cause, .. } => format!("unix_listener: cannot bind to path {at}: {cause}"),
        Error::Address { host, cause } => format!("channel_setup_fwd_listener_tcpip: getaddrinfo({host}): {cause}"),
        error => error.to_string(),
    }
}

fn not_listening(error: &Error) -> String {
    let text = listening(error);
    match error {
        Error::Listen { listen: Endpoint::Port { port, .. }, .. } => {
            format!("{text}\nchannel_setup_fwd_listener_tcpip: cannot listen to port: {port}")
        }
        _ => text,
    }
}

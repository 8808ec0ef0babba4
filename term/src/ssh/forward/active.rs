//! A forwarding that is up.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::remote::Rule;
use super::{Endpoint, Error, Forward, Options, listener, local};
use crate::ssh::connection::Opener;

/// A forwarding that is up. Dropping it ends it; connections that it carries already go on.
#[derive(Debug)]
pub struct Active {
    forward: Forward,
    port: Option<u16>,
    problem: Option<Error>,
    /// Ends the accepting with itself.
    _listeners: JoinSet<()>,
    opener: Arc<Opener>,
}

impl Active {
    /// Brings a forwarding up.
    pub(in crate::ssh) async fn start(forward: Forward, options: &Options, opener: Arc<Opener>) -> Result<Self, Error> {
        let (mut port, mut problem, mut listeners) = (None, None, JoinSet::new());
        match &forward {
            Forward::Remote { listen, target } => {
                let rule = Rule {
                    listen: listen.clone(),
                    port: match listen {
                        Endpoint::Port { port: 0, .. } => None,
                        Endpoint::Port { port, .. } => Some(*port),
                        Endpoint::Socket(_) => Some(0),
                    },
                    target: target.clone(),
                    options: options.clone(),
                };
                port = request(&opener, listen, rule).await?;
            }
            Forward::Local { listen, .. } | Forward::Dynamic { listen } => {
                let (accepting, failed) = listener::listen(listen, options).await?;
                problem = failed;
                for listener in accepting {
                    port = port.or(listener.port());
                    let _ = listeners.spawn(local::serve(listener, forward.target().cloned(), Arc::clone(&opener)));
                }
            }
        }
        Ok(Self { forward, port, problem, _listeners: listeners, opener })
    }

    /// What it does.
    #[must_use]
    pub fn forward(&self) -> &Forward {
        &self.forward
    }

    /// Why one of several addresses is not listened at, though others are.
    #[must_use]
    pub fn problem(&self) -> Option<&Error> {
        self.problem.as_ref()
    }

    /// The port that connections are accepted at, the one that the system or the server chose included; `None` for a
    /// Unix socket.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }
}

/// Asks the server to listen; the port it listens at.
async fn request(opener: &Opener, listen: &Endpoint, rule: Rule) -> Result<Option<u16>, Error> {
    let remotes = opener.remotes();
    let asked = rule.port;
    // Before the request: the first connection may come with the answer.
    remotes.add(rule);
    match (opener.listen(listen).await, listen) {
        (Ok(chosen), Endpoint::Port { port: 0, .. }) => {
            remotes.listening(listen, chosen);
            Ok(Some(chosen))
        }
        (Ok(_), Endpoint::Port { port, .. }) => Ok(Some(*port)),
        (Ok(_), Endpoint::Socket(_)) => Ok(None),
        (Err(error), _) => {
            remotes.remove(listen, asked);
            Err(error)
        }
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        if let Forward::Remote { listen, .. } = &self.forward {
            let known = match listen {
                Endpoint::Port { .. } => self.port,
                Endpoint::Socket(_) => Some(0),
            };
            self.opener.remotes().remove(listen, known);
            self.opener.stop_listening(listen, self.port);
        }
    }
}

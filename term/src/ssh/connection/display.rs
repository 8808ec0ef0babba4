//! The local display that a connection's X11 programs are shown on, and how far they are trusted with it.

use std::sync::{Arc, Weak};

use x11::guard::Denial;
use x11::{Bridge, Trust};

use super::state::State;
use super::{Connection, Event, Events};
use crate::ssh::Host;

/// How many times it is told that programs were refused something. A server with many programs, or names, is not to fill
/// the pane with notices.
const TOLD: usize = 8;

/// Something that was refused to a guarded X11 program, and that the user may allow it.
#[derive(Debug, Clone)]
pub struct X11Denied {
    denial: Denial,
    /// The notice may outlive the connection.
    bridge: Weak<Bridge>,
}

impl X11Denied {
    /// What was refused to a program of `bridge`.
    #[must_use]
    pub fn new(denial: Denial, bridge: &Arc<Bridge>) -> Self {
        Self { denial, bridge: Arc::downgrade(bridge) }
    }

    /// What happened, in a sentence.
    #[must_use]
    pub fn notice(&self) -> String {
        let program = match &self.denial.program {
            Some(name) => format!("The X11 program '{name}'"),
            None => "An X11 program".to_owned(),
        };
        format!("{program} wanted to {}, which guarded programs may not.", self.denial.rule.wish())
    }

    /// Whether the program has said its name. Those that have not share what is allowed to one of them.
    #[must_use]
    pub fn has_name(&self) -> bool {
        self.denial.program.is_some()
    }

    /// Whether it is something that a user may allow.
    #[must_use]
    pub fn may_be_allowed(&self) -> bool {
        self.denial.rule.may_be_allowed()
    }

    /// Allows it to the programs that call themselves so, for as long as the connection lasts.
    pub fn allow(&self) {
        if let Some(bridge) = self.bridge.upgrade() {
            bridge.allow(self.denial.program.as_deref(), self.denial.rule);
        }
    }
}

/// Why there is no X11 forwarding.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Display(#[from] x11::display::Error),
    #[error("{0}")]
    Bridge(#[from] x11::bridge::Error),
    #[error(
        "this connection shows X11 programs as {shown} ones already, and these are to be {wanted}. Close its other tabs \
         first"
    )]
    Shared { shown: Trust, wanted: Trust },
}

impl Host {
    /// How far X11 programs are trusted: as the host says, else as `ForwardX11Trusted` has it.
    #[must_use]
    pub fn x11_trust_in_force(&self) -> Trust {
        self.x11_trust.unwrap_or(if self.forward_x11_trusted { Trust::Full } else { Trust::Untrusted })
    }
}

impl Connection {
    /// The bridge to announce for a session of `host`, which may share this connection with sessions that want another:
    /// the connection's where the host asks for X11 forwarding, else none. A display that cannot be used costs a notice,
    /// never the session; so does a level of trust that cannot be had, which never becomes a laxer one (CVE-2016-1908).
    pub async fn forwarded_display(&self, host: &Host, events: &Events) -> Option<Arc<Bridge>> {
        if !host.forward_x11 {
            return None;
        }
        let reason = if self.verified {
            match self.bridge(host).await {
                Ok(bridge) => return Some(bridge),
                Err(error) => error.to_string(),
            }
        } else {
            "the host's key is not the known one, so whoever answers could use your display".to_owned()
        };
        // Nobody to tell is no reason to lose the session.
        let _ = events.send(Event::Notice(format!("X11 forwarding is off: {reason}."))).await;
        None
    }

    /// A bridge to the display that the host names, or `DISPLAY` does, or that is the session's.
    async fn local_bridge(&self) -> Result<Bridge, Error> {
        let named = self.host.display.as_deref().map_or_else(x11::Display::from_env, x11::Display::parse);
        #[cfg(unix)]
        if named == Err(x11::display::Error::Unset)
            && self.host.finds_display
            && let Some(session) = x11::Session::find().await
        {
            log::info!("DISPLAY is not set; X11 programs are shown on {}, the session's display", session.display);
            return Ok(Bridge::to_session(session));
        }
        Ok(Bridge::new(named?))
    }

    /// The bridge of this connection, made on first use from the host's display setting or `DISPLAY`.
    async fn bridge(&self, host: &Host) -> Result<Arc<Bridge>, Error> {
        let mut held = self.bridge.lock().await;
        let wanted = host.x11_trust_in_force();
        if let Some(bridge) = &*held {
            let shown = bridge.trust();
            // The server's channels do not say which session they belong to.
            return if shown == wanted { Ok(Arc::clone(bridge)) } else { Err(Error::Shared { shown, wanted }) };
        }
        let bridge = self.local_bridge().await?;
        let bridge = match wanted {
            Trust::Full => bridge,
            Trust::Guarded => bridge.guarded(),
            Trust::Untrusted => bridge.untrusted(host.forward_x11_timeout).await?,
        };
        let bridge = Arc::clone(held.insert(Arc::new(bridge)));
        drop(held);
        if wanted == Trust::Guarded {
            // Ends with the connection.
            drop(self.runtime.spawn(tell_denials(Arc::clone(&self.state), Arc::clone(&bridge))));
        }
        Ok(bridge)
    }
}

/// Tells what programs were refused, the first time that it happens to programs of a name.
async fn tell_denials(state: Arc<State>, bridge: Arc<Bridge>) {
    let telling = async {
        let (mut nth, mut told) = (0, 0);
        while told < TOLD {
            let denial = bridge.denial(nth).await;
            nth += 1;
            if denial.rule.is_worth_telling() {
                told += 1;
                state.audience().tell(&Event::X11Denied(X11Denied::new(denial, &bridge)));
            }
        }
    };
    tokio::select! {
        () = telling => {}
        _ended = state.closed() => {}
    }
}

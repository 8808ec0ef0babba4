//! The connections that are up, so that several panes to one host share one.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use term::ssh::host::{RequestTty, SessionType};
use term::ssh::{Connection, Host};

/// One host's connection. Whoever connects holds the lock for as long as that takes, so that the next pane waits for
/// the outcome instead of asking the user the same questions again.
type Slot = Arc<tokio::sync::Mutex<Weak<Connection>>>;

/// The connections that are up. It keeps none alive: each belongs to the panes that use it.
#[derive(Debug, Default)]
pub struct Pool {
    slots: Mutex<Vec<(Host, Slot)>>,
}

impl Pool {
    /// The live connection to `host`, or the one that `open` makes. `wait` is called when another pane is connecting to
    /// the same host right now; if that pane gives up, this one connects by itself.
    ///
    /// # Errors
    /// Those of `open`.
    pub async fn connection<E>(
        &self,
        host: &Host,
        wait: impl AsyncFnOnce(),
        open: impl Future<Output = Result<Arc<Connection>, E>>,
    ) -> Result<Arc<Connection>, E> {
        let slot = self.slot(host);
        let mut held = match slot.try_lock() {
            Ok(held) => held,
            Err(_) => {
                wait().await;
                slot.lock().await
            }
        };
        if let Some(connection) = held.upgrade().filter(|connection| connection.is_open()) {
            return Ok(connection);
        }
        let connection = open.await?;
        *held = Arc::downgrade(&connection);
        Ok(connection)
    }

    /// Shares `connection`, which takes no more sessions, with no further pane.
    pub async fn retire(&self, host: &Host, connection: &Arc<Connection>) {
        let slot = self.slot(host);
        let mut held = slot.lock().await;
        // Another pane may have put a new one in its place meanwhile.
        if std::ptr::eq(held.as_ptr(), Arc::as_ptr(connection)) {
            *held = Weak::new();
        }
    }

    fn slot(&self, host: &Host) -> Slot {
        let key = identity(host);
        // The list is whole even if a thread panicked beside it: each change is one push or one retain.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.retain(|(_, slot)| Arc::strong_count(slot) > 1 || is_alive(slot));
        if let Some((_, slot)) = slots.iter().find(|(other, _)| *other == key) {
            return slot.clone();
        }
        let slot = Slot::default();
        slots.push((key, slot.clone()));
        slot
    }
}

fn is_alive(slot: &Slot) -> bool {
    slot.try_lock().map_or(true, |held| held.strong_count() > 0)
}

/// What makes two hosts the same connection: everything but what is asked of each shell. How far X11 programs are trusted
/// stays: the server's channels do not say which shell started them.
fn identity(host: &Host) -> Host {
    Host {
        x11_trust: Some(host.x11_trust_in_force()),
        send_env: Vec::new(),
        set_env: Vec::new(),
        request_tty: RequestTty::default(),
        session_type: SessionType::default(),
        remote_command: None,
        forward_x11: false,
        forward_x11_trusted: false,
        ..host.clone()
    }
}

//! What a connection's packets are marked with (`IPQoS`): by what is carried, as ssh(1) does it once it knows.

use std::sync::{Mutex, PoisonError, Weak};

use super::wire::Wire;
use crate::ssh::host::IpQos;

/// Marks the packets of one connection.
#[derive(Debug)]
pub(super) struct Qos {
    services: IpQos,
    /// Not kept open for this.
    wire: Weak<Wire>,
    /// Whether somebody waits for each answer; `None` until something is carried.
    interactive: Mutex<Option<bool>>,
}

impl Qos {
    pub(super) fn new(services: IpQos, wire: Weak<Wire>) -> Self {
        Self { services, wire, interactive: Mutex::new(None) }
    }

    /// Something is carried from now on, with somebody at a terminal or an X11 display, or without. A connection that
    /// has both is for those who wait.
    pub(super) fn carries(&self, interactive: bool) {
        let mut known = self.interactive.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == Some(true) || *known == Some(interactive) {
            return;
        }
        *known = Some(interactive);
        let class = if interactive { self.services.interactive } else { self.services.bulk };
        if let (Some(class), Some(wire)) = (class, self.wire.upgrade()) {
            wire.mark(class);
        }
    }
}

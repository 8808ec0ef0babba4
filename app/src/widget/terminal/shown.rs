//! Which terminals are on a screen now: only their output is worth a redraw.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

static SHOWN: Mutex<Vec<Weak<term::Terminal>>> = Mutex::new(Vec::new());

fn list() -> MutexGuard<'static, Vec<Weak<term::Terminal>>> {
    SHOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A terminal is on a screen as long as one of these exists for it.
#[derive(Debug)]
pub(super) struct Shown {
    terminal: Weak<term::Terminal>,
}

impl Shown {
    pub(super) fn new(terminal: &Arc<term::Terminal>) -> Self {
        let terminal = Arc::downgrade(terminal);
        list().push(terminal.clone());
        Self { terminal }
    }

    /// Whether this is `terminal`. The weak reference keeps its address from being used again.
    pub(super) fn is(&self, terminal: &Arc<term::Terminal>) -> bool {
        self.terminal.as_ptr() == Arc::as_ptr(terminal)
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let mut list = list();
        if let Some(index) = list.iter().position(|terminal| terminal.ptr_eq(&self.terminal)) {
            let _ = list.swap_remove(index);
        }
    }
}

/// Whether a widget shows `terminal` now.
pub(super) fn contains(terminal: &Arc<term::Terminal>) -> bool {
    list().iter().any(|shown| shown.as_ptr() == Arc::as_ptr(terminal))
}

//! The thread that waits for the keyring so that nothing else has to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Error, Keyring};

/// Threads that a hanging keyring may keep. Each is given up only after a "try again" of the user.
const STUCK_THREADS: usize = 8;

type Job = Box<dyn FnOnce(&mut Keyring) + Send>;

/// Runs calls to the keyring one after the other on a thread. A call that takes too long is given up together with the
/// thread it hangs in; as long as it hangs, further calls fail at once instead of hanging too.
#[derive(Debug, Default)]
pub(super) struct Worker {
    jobs: Mutex<Option<Sender<Job>>>,
    stuck: Arc<AtomicUsize>,
    tolerated: AtomicUsize,
}

impl Worker {
    /// Runs one call.
    ///
    /// # Errors
    /// [`Error::Silent`] when it takes longer than `patience`; otherwise what the call says.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        patience: Duration,
        call: impl FnOnce(&mut Keyring) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if self.stuck.load(Ordering::SeqCst) > self.tolerated.load(Ordering::SeqCst) {
            return Err(Error::Silent);
        }
        let (sender, receiver) = oneshot::channel();
        let given_up = Arc::new(Mutex::new(Stage::Waiting));
        let (stage, stuck) = (given_up.clone(), self.stuck.clone());
        self.send(Box::new(move |keyring| {
            let answer = call(keyring);
            let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
            if *stage == Stage::GivenUp {
                let _ = stuck.fetch_sub(1, Ordering::SeqCst);
            }
            *stage = Stage::Done;
            // Nobody listens when the call was given up.
            let _ = sender.send(answer);
        }))?;
        match tokio::time::timeout(patience, receiver).await {
            Ok(answer) => answer.unwrap_or(Err(Error::Silent)),
            Err(_) => {
                self.give_up(&given_up);
                Err(Error::Silent)
            }
        }
    }

    /// Starts afresh: with a new thread and a new connection to the keyring, whatever hangs.
    pub(super) fn restart(&self) {
        *self.jobs() = None;
        let stuck = self.stuck.load(Ordering::SeqCst);
        self.tolerated.store(stuck.min(STUCK_THREADS), Ordering::SeqCst);
    }

    fn give_up(&self, stage: &Mutex<Stage>) {
        let mut stage = stage.lock().unwrap_or_else(PoisonError::into_inner);
        if *stage == Stage::Waiting {
            *stage = Stage::GivenUp;
            let _ = self.stuck.fetch_add(1, Ordering::SeqCst);
            *self.jobs() = None;
        }
    }

    fn send(&self, job: Job) -> Result<(), Error> {
        let mut jobs = self.jobs();
        let job = match jobs.as_ref() {
            Some(sender) => match sender.send(job) {
                Ok(()) => return Ok(()),
                Err(unsent) => unsent.0,
            },
            None => job,
        };
        let sender = start().map_err(|error| Error::Refused { message: error.to_string() })?;
        // The thread has only just begun to listen.
        let _ = sender.send(job);
        *jobs = Some(sender);
        Ok(())
    }

    fn jobs(&self) -> MutexGuard<'_, Option<Sender<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a call has come.
#[derive(Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    GivenUp,
    Done,
}

fn start() -> std::io::Result<Sender<Job>> {
    let (sender, receiver) = mpsc::channel::<Job>();
    let _ = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        let mut keyring = Keyring::default();
        for job in receiver {
            job(&mut keyring);
        }
    })?;
    Ok(sender)
}

//! The threads on which everything runs that is not drawing.

use std::future::Future;
use std::io;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Runtime};

/// Threads that there are at least. Two terminals that parse floods keep two of them; whoever carries a key to its echo
/// then still finds one that waits for it, and which of them gets the processor is the system's to say. It knows who
/// had little of it.
const LEAST: usize = 4;

/// Tasks that a thread runs before it looks for what came on sockets, where no other thread waits for it: each may parse
/// [`term::terminal`]'s 64 KiB, and tokio's 61 of them would be a noticeable time.
const TASKS: u32 = 8;

/// Tokio with enough threads for a machine with few processors.
#[derive(Debug)]
pub(super) struct Executor(Runtime);

impl iced::Executor for Executor {
    fn new() -> Result<Self, io::Error> {
        let threads = available_parallelism().map_or(LEAST, |processors| processors.get().max(LEAST));
        Builder::new_multi_thread().worker_threads(threads).event_interval(TASKS).enable_all().build().map(Self)
    }

    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.0.spawn(future));
    }

    fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.0.block_on(future)
    }

    fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        let _entered = self.0.enter();
        f()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use iced::Executor as _;

    use super::*;

    #[test]
    fn a_key_finds_a_thread_beside_two_floods() {
        let executor = Executor::new().expect("threads");
        let answered = Arc::new(AtomicBool::new(false));
        for _ in 0..2 {
            let answered = Arc::clone(&answered);
            executor.spawn(async move {
                while !answered.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
            });
        }
        // A timer is told of by whichever thread has nothing else to do.
        let (told, tell) = tokio::sync::oneshot::channel();
        executor.spawn(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let _ = told.send(());
        });
        let waited = executor.block_on(async { tokio::time::timeout(Duration::from_secs(20), tell).await });
        answered.store(true, Ordering::Relaxed);
        assert!(matches!(waited, Ok(Ok(()))), "nobody had time for it");
    }
}

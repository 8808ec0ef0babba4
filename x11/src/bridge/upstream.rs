//! From a remote program to the display.

use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::pipe::{self, Broken, Meter, Pipe};
use super::program::Program;
use crate::stream::{self, Step};

/// One program's requests on their way to the display. Every byte of them passes [`Upstream::forward`].
pub(super) struct Upstream<'a, 'b> {
    meter: &'a Meter<'a>,
    program: &'a Program<'b>,
}

impl<'a, 'b> Upstream<'a, 'b> {
    pub(super) fn new(meter: &'a Meter<'a>, program: &'a Program<'b>) -> Self {
        Self { meter, program }
    }

    /// Sends `setup`, which holds the real cookie and is not counted, then `first` and all that follows it on the
    /// channel, once `greeted` says that the display lets the program in: false where it does not. `complain` hears why a
    /// program's requests cannot be followed, which ends it.
    pub(super) async fn run<R, W>(
        self,
        setup: Zeroizing<Vec<u8>>,
        first: Vec<u8>,
        (mut from, mut to): (R, W),
        mut greeted: oneshot::Receiver<bool>,
        complain: impl FnOnce(stream::Error),
    ) -> Result<(), Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        pipe::write(&mut to, &setup).await?;
        // A program may run for weeks: the cookie need not stay in memory for as long.
        drop(setup);
        let mut pipe = Pipe::new();
        self.meter.add(pipe.fill(&first));
        let mut more = true;
        // A program that goes away is noticed also while the display is silent.
        let admitted = loop {
            tokio::select! {
                greeted = &mut greeted => break greeted.unwrap_or(false),
                read = pipe.read(&mut from), if more && pipe.has_room() => {
                    let read = read?;
                    self.meter.add(read);
                    more = read > 0;
                    if !more && pipe.bytes().is_empty() {
                        return pipe::close(&mut to).await;
                    }
                }
            }
        };
        if !admitted {
            return pipe::close(&mut to).await;
        }
        drop(first);
        self.follow(pipe, more, from, to, complain).await
    }

    async fn follow<R, W>(
        self,
        mut pipe: Pipe,
        mut more: bool,
        mut from: R,
        mut to: W,
        complain: impl FnOnce(stream::Error),
    ) -> Result<(), Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut requests = self.program.requests();
        loop {
            let now = Instant::now();
            let step = requests.advance(pipe.bytes(), |request| self.program.judge(request, now));
            match step {
                Ok(Step::Replace { pass, skip, with }) => {
                    pipe.send(pass, &mut to).await?;
                    pipe.skip(skip);
                    pipe::write(&mut to, with.bytes()).await?;
                    continue;
                }
                Ok(Step::Pass(0)) => {}
                Ok(Step::Pass(pass)) => {
                    pipe.send(pass, &mut to).await?;
                    continue;
                }
                Err(error) => {
                    complain(error);
                    return Err(Broken::Source);
                }
            }
            if !more {
                // The beginning of a request that will not come whole tells the display nothing.
                return pipe::close(&mut to).await;
            }
            let read = pipe.read(&mut from).await?;
            self.meter.add(read);
            more = read > 0;
        }
    }
}

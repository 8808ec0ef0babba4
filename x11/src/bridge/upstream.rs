//! From a remote program to the display.

use tokio::io::{AsyncRead, AsyncWrite};
use zeroize::Zeroizing;

use super::pipe::{self, Broken, Meter, Pipe};

/// One program's requests on their way to the display. Every byte of them passes [`Upstream::forward`]: what is to be
/// altered or held back has its place there.
pub(super) struct Upstream<'a> {
    meter: &'a Meter<'a>,
}

impl<'a> Upstream<'a> {
    pub(super) fn new(meter: &'a Meter<'a>) -> Self {
        Self { meter }
    }

    /// Sends `setup`, which holds the real cookie and is not counted, then `first` and all that follows it on the
    /// channel.
    pub(super) async fn run<R, W>(
        self,
        setup: Zeroizing<Vec<u8>>,
        first: Vec<u8>,
        mut from: R,
        mut to: W,
    ) -> Result<(), Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        pipe::write(&mut to, &setup).await?;
        // A program may run for weeks: the cookie need not stay in memory for as long.
        drop(setup);
        if !first.is_empty() {
            self.forward(&first, &mut to).await?;
        }
        let mut pipe = Pipe::new();
        while let Some(bytes) = pipe.read(&mut from).await? {
            self.forward(bytes, &mut to).await?;
        }
        pipe::close(&mut to).await
    }

    async fn forward<W>(&self, requests: &[u8], to: &mut W) -> Result<(), Broken>
    where
        W: AsyncWrite + Unpin,
    {
        self.meter.add(requests.len());
        pipe::write(to, requests).await
    }
}

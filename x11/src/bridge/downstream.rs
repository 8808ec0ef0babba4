//! From the display to a remote program.

use tokio::io::{AsyncRead, AsyncWrite};

use super::pipe::{self, Broken, Meter, Pipe};
use crate::setup;

/// The display's replies, events and errors on their way to one program.
pub(super) struct Downstream<'a> {
    meter: &'a Meter<'a>,
}

impl<'a> Downstream<'a> {
    pub(super) fn new(meter: &'a Meter<'a>) -> Self {
        Self { meter }
    }

    /// Sends on all that the display says. `refused` hears the reason when the display's first word is that it does not
    /// let the program in; the program hears it too.
    pub(super) async fn run<R, W>(self, mut from: R, mut to: W, refused: impl FnOnce(String)) -> Result<(), Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut pipe = Pipe::new();
        if let Some(bytes) = pipe.read(&mut from).await? {
            // Servers write a refusal at once, so it comes as a whole; one that does not is only not told of here.
            if let Some(reason) = setup::refusal(bytes) {
                refused(reason.escape_debug().to_string());
            }
            self.forward(bytes, &mut to).await?;
            while let Some(bytes) = pipe.read(&mut from).await? {
                self.forward(bytes, &mut to).await?;
            }
        }
        pipe::close(&mut to).await
    }

    async fn forward<W>(&self, bytes: &[u8], to: &mut W) -> Result<(), Broken>
    where
        W: AsyncWrite + Unpin,
    {
        pipe::write(to, bytes).await?;
        self.meter.add(bytes.len());
        Ok(())
    }
}

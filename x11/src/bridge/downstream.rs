//! From the display to a remote program.

use std::time::Instant;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::sync::oneshot;

use super::pipe::{self, Broken, Meter, Pipe};
use super::program::Program;
use crate::client::Client;
use crate::setup;
use crate::stream::{Answers, Greeting};

/// The display's replies, events and errors on their way to one program.
pub(super) struct Downstream<'a, 'b> {
    meter: &'a Meter<'a>,
    program: &'a Program<'b>,
}

impl<'a, 'b> Downstream<'a, 'b> {
    pub(super) fn new(meter: &'a Meter<'a>, program: &'a Program<'b>) -> Self {
        Self { meter, program }
    }

    /// Sends on all that the display says, and says to `greeted` whether it lets the program in. `refused` hears the reason
    /// when it does not; the program hears it too. `learner` is kept until then.
    pub(super) async fn run<R, W>(
        self,
        (mut from, learner): (R, Option<Client>),
        mut to: W,
        greeted: oneshot::Sender<bool>,
        refused: impl FnOnce(String),
    ) -> Result<(), Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let order = self.program.order();
        let bytes = read_greeting(order, &mut from).await?;
        if let Some(reason) = setup::refusal(&bytes) {
            refused(reason.escape_debug().to_string());
        }
        drop(learner);
        let greeting = Greeting::parse(order, &bytes);
        let admitted = greeting.is_some();
        if let Some(greeting) = greeting {
            self.program.greet(greeting);
        }
        // Where nobody listens, the program is gone already.
        let _ = greeted.send(admitted);
        pipe::write(&mut to, &bytes).await?;
        self.meter.add(bytes.len());
        drop(bytes);
        self.follow(from, to).await
    }

    async fn follow<R, W>(self, mut from: R, mut to: W) -> Result<(), Broken>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let mut pipe = Pipe::new();
        let mut answers = Answers::new(self.program.order());
        while pipe.read(&mut from).await? > 0 {
            let now = Instant::now();
            let see = |answer: crate::stream::Answer<'_>| self.program.see(answer, now);
            loop {
                // An answer too long to hide anything in ends the program: it must not see it.
                let passed = answers.advance(pipe.bytes(), pipe::BUFFER, self.program.wanted(), see);
                let passed = passed.map_err(|_| Broken::Sink)?;
                if passed == 0 {
                    break;
                }
                pipe.send(passed, &mut to).await?;
                self.meter.add(passed);
            }
        }
        self.program.leave();
        // The beginning of an answer, from a display that broke off.
        let rest = pipe.bytes().len();
        pipe.send(rest, &mut to).await?;
        self.meter.add(rest);
        pipe::close(&mut to).await
    }
}

/// The display's answer to the set-up, or what it said of one before it went away.
async fn read_greeting<R>(order: setup::ByteOrder, from: &mut R) -> Result<Vec<u8>, Broken>
where
    R: AsyncRead + Unpin,
{
    let mut bytes = vec![0; 8];
    let mut filled = 0;
    while filled < bytes.len() {
        let room = bytes.get_mut(filled..).unwrap_or_default();
        let read = from.read(room).await.map_err(|_| Broken::Source)?;
        if read == 0 {
            break;
        }
        filled += read;
        if filled == 8 {
            bytes.resize(Greeting::length(order, &bytes).unwrap_or(8), 0);
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

//! Joins X11 channels to the local server.

mod downstream;
mod limits;
mod pipe;
mod tally;
mod upstream;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::display::{Peer, Stream};
use crate::setup::{self, ByteOrder, Setup};
use crate::xauthority::{self, Xauthority};
use crate::{Cookie, Display};

pub use limits::Limits;
pub use tally::Counts;

use downstream::Downstream;
use pipe::{Broken, Meter};
use tally::Tally;
use upstream::Upstream;

/// Why a channel did not become an X11 client of the local display.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The set-up named another authorization protocol or carried another cookie than the announced one.
    #[error("an X11 program was refused: it did not present this connection's cookie")]
    WrongCookie,
    /// What arrived is no set-up.
    #[error("an X11 program was refused: {0}")]
    Setup(#[from] setup::Error),
    /// The channel ended within the set-up.
    #[error("an X11 program went away before it had presented its cookie")]
    Ended,
    /// The set-up was not complete in time.
    #[error("an X11 program was refused: it did not present its cookie within {} s", .0.as_secs_f32())]
    TimedOut(std::time::Duration),
    /// Too many channels are in their set-up at once.
    #[error("an X11 program was refused: {0} others are being let in at the same time")]
    TooMany(usize),
    /// The local display could not be reached.
    #[error("the local X11 display '{name}' cannot be reached: {source}")]
    Display {
        /// The display's name.
        name: String,
        /// The operating system's reason.
        source: io::Error,
    },
}

/// What is told once and then no more, so that a server that opens channels by the thousand cannot fill the log.
#[derive(Debug, Clone, Copy)]
enum Kind {
    WrongCookie,
    Setup,
    Slow,
    TooMany,
    Display,
    Xauthority,
    RefusedByDisplay,
}

/// Joins the X11 channels of one connection to one local display.
#[derive(Debug)]
pub struct Bridge {
    display: Display,
    xauthority: Option<PathBuf>,
    fake: Cookie,
    limits: Limits,
    /// Room for channels in their set-up.
    half_open: Semaphore,
    tally: Tally,
    /// A bit for each [`Kind`] that was told.
    told: AtomicU8,
}

/// A channel that presented the cookie, and the server it is to be joined to.
struct Admitted {
    display: Stream,
    /// With the real cookie in it.
    setup: Zeroizing<Vec<u8>>,
    /// What the program sent behind its set-up already.
    first: Vec<u8>,
    /// How long the set-up was that the program sent.
    received: usize,
}

impl Bridge {
    /// Makes a bridge to `display`. The real cookie is looked up in the user's Xauthority file, once per channel, so
    /// that a display that was restarted goes on working; the fake one is drawn at random here. It has 16 bytes, as
    /// real ones do, and need not be as long as the real one: set-ups are written anew.
    #[must_use]
    pub fn new(display: Display) -> Self {
        let file = Xauthority::path(std::env::var_os("XAUTHORITY"), std::env::home_dir());
        Self::with(display, file, Limits::default())
    }

    /// Makes a bridge to `display` whose real cookie is in the file `xauthority`; `None` means that there is none.
    #[must_use]
    pub fn with(display: Display, xauthority: Option<PathBuf>, limits: Limits) -> Self {
        Self {
            display,
            xauthority,
            fake: Cookie::random(),
            half_open: Semaphore::new(limits.half_open),
            limits,
            tally: Tally::default(),
            told: AtomicU8::new(0),
        }
    }

    /// The display this bridge leads to.
    #[must_use]
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// The fake cookie to announce to the other side; never the display's own.
    #[must_use]
    pub fn cookie(&self) -> &Cookie {
        &self.fake
    }

    /// What the bridge has seen so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.tally.counts()
    }

    /// Waits until no program is joined to the display: at once where none is.
    pub async fn idle(&self) {
        self.tally.idle().await;
    }

    /// Serves one channel until either side ends. Dropping the future ends the channel at once.
    ///
    /// # Errors
    /// See [`Error`]; the channel was told in X11's own words (a set-up `Failed` reply) where the protocol allows it.
    pub async fn serve<S>(&self, mut channel: S) -> Result<(), Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        match self.admit(&mut channel).await {
            Ok(admitted) => {
                self.join(channel, admitted).await;
                Ok(())
            }
            Err(error) => {
                self.tally.refuse();
                self.tell(Kind::of(&error), &error);
                Err(error)
            }
        }
    }

    /// Lets a channel in or turns it away.
    async fn admit<S>(&self, channel: &mut S) -> Result<Admitted, Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let Ok(_room) = self.half_open.try_acquire() else { return Err(Error::TooMany(self.limits.half_open)) };
        let (setup, first, received) = match timeout(self.limits.setup, read_setup(channel)).await {
            Ok(Ok(read)) => read,
            Ok(Err(Error::Setup(error @ setup::Error::TooLong { order, .. }))) => {
                return Err(self.refuse(channel, order, error.into()).await);
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(Error::TimedOut(self.limits.setup)),
        };
        let order = setup.order();
        if !setup.presents(&self.fake) {
            return Err(self.refuse(channel, order, Error::WrongCookie).await);
        }
        let (display, peer) = match self.reach_display().await {
            Ok(reached) => reached,
            Err(source) => {
                let error = Error::Display { name: self.display.to_string(), source };
                return Err(self.refuse(channel, order, error).await);
            }
        };
        let real = self.real_cookie(peer).await;
        Ok(Admitted { display, setup: setup.with(real.as_ref()).encode(), first, received })
    }

    /// Tells a channel why it is turned away. A program that does not read its refusal is not waited for.
    async fn refuse<S>(&self, channel: &mut S, order: ByteOrder, error: Error) -> Error
    where
        S: AsyncWrite + Unpin + Send,
    {
        let reply = setup::failed(order, &format!("X11 forwarding: {error}"));
        let told = timeout(self.limits.setup, async {
            channel.write_all(&reply).await?;
            channel.shutdown().await
        });
        // Its end may be gone by now; it is refused all the same.
        let _ = told.await;
        error
    }

    async fn reach_display(&self) -> io::Result<(Stream, Peer)> {
        let connecting = timeout(self.limits.setup, self.display.connect()).await;
        let stream = connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        let peer = stream.peer()?;
        Ok((stream, peer))
    }

    /// The display's own cookie. Without one the server decides: it may admit by user or by host.
    async fn real_cookie(&self, peer: Peer) -> Option<Cookie> {
        let path = self.xauthority.clone()?;
        // A home folder on a network file system may not answer for minutes.
        let Ok(read) = timeout(self.limits.setup, Xauthority::read(path.clone())).await else {
            let source = io::ErrorKind::TimedOut.into();
            self.tell(Kind::Xauthority, &xauthority::Error::Unreadable { path, source });
            return None;
        };
        let hostname = gethostname::gethostname();
        let hostname = hostname.as_encoded_bytes();
        read.and_then(|file| file.cookie(peer, self.display.number(), hostname)).unwrap_or_else(|error| {
            self.tell(Kind::Xauthority, &error);
            None
        })
    }

    /// Copies both ways until both have ended, or one has and the other is silent.
    async fn join<S>(&self, channel: S, admitted: Admitted)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let _open = self.tally.accept();
        let (up, down) = (Meter::new(self.tally.up()), Meter::new(self.tally.down()));
        up.add(admitted.received);
        let (from_channel, to_channel) = tokio::io::split(channel);
        let (from_display, to_display) = tokio::io::split(admitted.display);
        let refused = |reason: String| {
            let message = format!("the local X11 display '{}' refused a program: {reason}", self.display);
            self.tell(Kind::RefusedByDisplay, &message);
        };
        let upstream = Upstream::new(&up).run(admitted.setup, admitted.first, from_channel, to_display);
        let downstream = Downstream::new(&down).run(from_display, to_channel, refused);
        tokio::pin!(upstream, downstream);
        tokio::select! {
            ended = &mut upstream => {
                if ended != Err(Broken::Source) {
                    down.while_moving(self.limits.linger, downstream).await;
                }
            }
            ended = &mut downstream => {
                if ended != Err(Broken::Sink) {
                    up.while_moving(self.limits.linger, upstream).await;
                }
            }
        }
    }

    /// Logs the first of its kind for the user to see and the others for whoever looks for them.
    fn tell(&self, kind: Kind, message: &dyn std::fmt::Display) {
        let bit = 1 << kind as u8;
        let first = self.told.fetch_or(bit, Ordering::Relaxed) & bit == 0;
        log::log!(if first { log::Level::Warn } else { log::Level::Debug }, "{message}");
    }
}

impl Kind {
    fn of(error: &Error) -> Self {
        match error {
            Error::WrongCookie => Self::WrongCookie,
            Error::Setup(_) => Self::Setup,
            Error::Ended | Error::TimedOut(_) => Self::Slow,
            Error::TooMany(_) => Self::TooMany,
            Error::Display { .. } => Self::Display,
        }
    }
}

/// Reads a set-up, and what came with it; says how long the set-up was.
async fn read_setup<S>(channel: &mut S) -> Result<(Setup, Vec<u8>, usize), Error>
where
    S: AsyncRead + Unpin + Send,
{
    let mut buffer = Zeroizing::new([0; setup::MAX_LENGTH]);
    let mut filled = 0;
    loop {
        let room = buffer.get_mut(filled..).unwrap_or_default();
        // A channel that breaks within the set-up is as good as one that ends there.
        match channel.read(room).await {
            Ok(0) | Err(_) => return Err(Error::Ended),
            Ok(read) => filled += read,
        }
        let received = buffer.get(..filled).unwrap_or_default();
        if let Some((setup, taken)) = Setup::parse(received)? {
            let first = received.get(taken..).unwrap_or_default().to_vec();
            return Ok((setup, first, taken));
        }
    }
}

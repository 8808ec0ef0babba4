//! Joins X11 channels to the local server.

mod downstream;
mod limits;
mod pipe;
mod program;
mod tally;
mod upstream;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::client::Client;
use crate::display::{Peer, Stream};
use crate::guard::{self, Denial, Kin, Known, Ledger, Rule};
use crate::setup::{self, ByteOrder, Setup};
use crate::xauthority::{self, Xauthority};
use crate::{Cookie, Display, Trust};

pub use limits::Limits;
pub use tally::Counts;

use downstream::Downstream;
use pipe::{Broken, Meter};
use program::Program;
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
    /// Untrusted programs are let in for a limited time only (`ForwardX11Timeout`).
    #[error(
        "an X11 program was refused: untrusted programs are let in for {} s after the session's begin (ForwardX11Timeout)",
        .0.as_secs()
    )]
    Expired(Duration),
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
    Malformed,
}

/// What a bridge does for its level of trust.
#[derive(Debug)]
enum Level {
    Full,
    Guarded { kin: Kin, ledger: Ledger },
    Untrusted(Untrusted),
}

/// What the display grants untrusted programs.
#[derive(Debug)]
struct Untrusted {
    cookie: Cookie,
    /// Until when programs are let in, and for how long that is in all.
    until: Option<(Instant, Duration)>,
    /// Some displays forget the cookie when their last client leaves.
    _control: Client,
}

/// How much longer than a bridge the display knows an authorization: it must not end first, which would let programs in
/// by other means (ssh_config(5) has the same minute).
const SLACK: Duration = Duration::from_secs(60);

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
    level: Level,
}

/// A channel that presented the cookie, and the server it is to be joined to.
struct Admitted {
    display: Stream,
    order: ByteOrder,
    /// With the real cookie in it.
    setup: Zeroizing<Vec<u8>>,
    /// What a guard must know, and the connection that keeps it true until the program is in.
    known: Option<(Known, Client)>,
    /// What the program sent behind its set-up already.
    first: Vec<u8>,
    /// How long the set-up was that the program sent.
    received: usize,
}

impl Bridge {
    /// Makes a bridge of [`Trust::Full`] to `display`. The real cookie is looked up in the user's Xauthority file, once per channel, so
    /// that a display that was restarted goes on working; the fake one is drawn at random here. It has 16 bytes, as
    /// real ones do, and need not be as long as the real one: set-ups are written anew.
    #[must_use]
    pub fn new(display: Display) -> Self {
        let file = Xauthority::path(std::env::var_os("XAUTHORITY"), std::env::home_dir());
        Self::with(display, file, Limits::default())
    }

    /// Makes a bridge to a display that was found.
    #[cfg(unix)]
    #[must_use]
    pub fn to_session(session: crate::Session) -> Self {
        Self::with(session.display, session.xauthority, Limits::default())
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
            level: Level::Full,
        }
    }

    /// The same bridge with [`Trust::Guarded`].
    #[must_use]
    pub fn guarded(self) -> Self {
        Self { level: Level::Guarded { kin: Kin::default(), ledger: Ledger::default() }, ..self }
    }

    /// The same bridge with [`Trust::Untrusted`]: asks the display for an authorization of that kind, which programs are
    /// let in with for `timeout`, or for as long as the bridge lasts where it is zero.
    ///
    /// # Errors
    /// [`Error::Display`] when the display cannot be reached, or has no SECURITY extension.
    pub async fn untrusted(self, timeout: Duration) -> Result<Self, Error> {
        let lasts = Some(timeout).filter(|timeout| !timeout.is_zero());
        let begun = Instant::now();
        let made = async {
            let mut client = self.own_client().await?;
            let asking = client.authorize_untrusted(lasts.map(|lasts| lasts.saturating_add(SLACK)));
            let cookie = tokio::time::timeout(self.limits.setup, asking).await.map_err(|_| io::ErrorKind::TimedOut)?;
            cookie.map(|cookie| (cookie, client)).map_err(io::Error::other)
        };
        let (cookie, control) = made.await.map_err(|source| self.unreachable(source))?;
        let until = lasts.and_then(|lasts| Some((begun.checked_add(lasts)?, lasts)));
        Ok(Self { level: Level::Untrusted(Untrusted { cookie, until, _control: control }), ..self })
    }

    /// How far programs are trusted.
    #[must_use]
    pub fn trust(&self) -> Trust {
        match self.level {
            Level::Full => Trust::Full,
            Level::Guarded { .. } => Trust::Guarded,
            Level::Untrusted(_) => Trust::Untrusted,
        }
    }

    /// What was refused to programs that are guarded, and is allowed to them, by their names.
    #[must_use]
    pub fn programs(&self) -> Vec<guard::Program> {
        self.ledger().map(Ledger::programs).unwrap_or_default()
    }

    /// Allows something to the guarded programs that call themselves `name`, or to those without a name, for as long as the
    /// bridge lasts. What no user may allow ([`Rule::may_be_allowed`]) stays refused.
    pub fn allow(&self, name: Option<&str>, rule: Rule) {
        if let Some(ledger) = self.ledger() {
            ledger.allow(name, rule);
        }
    }

    /// Waits for the `nth` time, from 0, that something was refused to programs of a name for the first time. Where nothing
    /// is guarded, that is never.
    pub async fn denial(&self, nth: usize) -> Denial {
        match self.ledger() {
            Some(ledger) => ledger.denial(nth).await,
            None => std::future::pending().await,
        }
    }

    fn ledger(&self) -> Option<&Ledger> {
        match &self.level {
            Level::Guarded { ledger, .. } => Some(ledger),
            Level::Full | Level::Untrusted(_) => None,
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
        match self.reach(setup).await {
            Ok((display, known, setup)) => {
                Ok(Admitted { display, order, setup: setup.encode(), known, first, received })
            }
            Err(error) => Err(self.refuse(channel, order, error).await),
        }
    }

    /// Connects to the display, and puts what the display knows into a set-up.
    async fn reach(&self, setup: Setup) -> Result<(Stream, Option<(Known, Client)>, Setup), Error> {
        if let Level::Untrusted(Untrusted { until: Some((until, lasts)), .. }) = &self.level
            && Instant::now() >= *until
        {
            return Err(Error::Expired(*lasts));
        }
        let (display, peer) = self.reach_display().await.map_err(|source| self.unreachable(source))?;
        match &self.level {
            Level::Untrusted(untrusted) => Ok((display, None, setup.with(Some(&untrusted.cookie)))),
            Level::Full => Ok((display, None, setup.with(self.real_cookie(peer).await.as_ref()))),
            Level::Guarded { .. } => {
                let known = self.learn().await.map_err(|source| self.unreachable(source))?;
                Ok((display, Some(known), setup.with(self.real_cookie(peer).await.as_ref())))
            }
        }
    }

    /// Asks the display what a guard must know.
    async fn learn(&self) -> io::Result<(Known, Client)> {
        let mut client = self.own_client().await?;
        let known = timeout(self.limits.setup, client.learn()).await.map_err(|_| io::ErrorKind::TimedOut)?;
        Ok((known.map_err(io::Error::other)?, client))
    }

    async fn own_client(&self) -> io::Result<Client> {
        let (stream, peer) = self.reach_display().await?;
        let cookie = self.real_cookie(peer).await;
        let client = timeout(self.limits.setup, Client::new(stream, cookie.as_ref())).await;
        client.map_err(|_| io::ErrorKind::TimedOut)?.map_err(io::Error::other)
    }

    fn unreachable(&self, source: io::Error) -> Error {
        Error::Display { name: self.display.to_string(), source }
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
        let Admitted { display, order, setup, known, first, .. } = admitted;
        let (known, learner) = known.unzip();
        let program = match (&self.level, known) {
            (Level::Guarded { kin, ledger }, Some(known)) => Program::guarded(order, known, kin, ledger),
            _ => Program::free(order),
        };
        let (from_channel, to_channel) = tokio::io::split(channel);
        let (from_display, to_display) = tokio::io::split(display);
        let (greet, greeted) = oneshot::channel();
        let refused = |reason: String| {
            let message = format!("the local X11 display '{}' refused a program: {reason}", self.display);
            self.tell(Kind::RefusedByDisplay, &message);
        };
        let complain = |error| self.tell(Kind::Malformed, &format!("an X11 program was disconnected: {error}"));
        let upstream = Upstream::new(&up, &program).run(setup, first, (from_channel, to_display), greeted, complain);
        let downstream = Downstream::new(&down, &program).run((from_display, learner), to_channel, greet, refused);
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
        program.leave();
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
            Error::Expired(_) => Self::Slow,
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

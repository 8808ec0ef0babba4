//! A connection of the bridge's own to the display, for the few questions that it has.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::cookie::{self, Cookie};
use crate::display::Stream;
use crate::guard::{Atoms, EXTENSIONS, Known};
use crate::setup::{self, ByteOrder, Setup, padded};
use crate::stream::Greeting;

/// The order of this connection's numbers; each client chooses its own.
const ORDER: ByteOrder = ByteOrder::Little;

/// The longest reply that is taken, in bytes. Those asked for have 32, or little more.
const LONGEST: usize = 64 * 1024;

const INTERN_ATOM: u8 = 16;
const GET_PROPERTY: u8 = 20;
const GET_INPUT_FOCUS: u8 = 43;
const QUERY_EXTENSION: u8 = 98;
const LIST_EXTENSIONS: u8 = 99;

/// The type of a property that is a window.
const WINDOW: u32 = 33;

/// Why the display did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// It does not let this program in.
    #[error("it refused: {0}")]
    Refused(String),
    /// It has no SECURITY extension.
    #[error("it has no SECURITY extension, which untrusted X11 forwarding needs; choose 'guarded' for this host")]
    NoSecurity,
    /// It answered something else than was asked.
    #[error("it gave an answer that makes no sense")]
    Senseless,
    /// The connection failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A connection of the bridge's own. Some displays forget everything when their last client leaves: what is to stay true is
/// kept so by keeping this.
#[derive(Debug)]
pub(crate) struct Client<S = Stream> {
    stream: S,
    root: u32,
    greeting: Greeting,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Presents the cookie and is let in.
    pub(crate) async fn new(mut stream: S, cookie: Option<&Cookie>) -> Result<Self, Error> {
        stream.write_all(&Setup::new(ORDER).with(cookie).encode()).await?;
        stream.flush().await?;
        let mut answer = vec![0; 8];
        let _ = stream.read_exact(&mut answer).await?;
        let length = Greeting::length(ORDER, &answer).ok_or(Error::Senseless)?;
        answer.resize(length, 0);
        let _ = stream.read_exact(answer.get_mut(8..).unwrap_or_default()).await?;
        if let Some(reason) = setup::refusal(&answer) {
            return Err(Error::Refused(reason.escape_debug().to_string()));
        }
        let greeting = Greeting::parse(ORDER, &answer).ok_or(Error::Senseless)?;
        let root = *greeting.roots.first().ok_or(Error::Senseless)?;
        Ok(Self { stream, root, greeting })
    }

    /// What the display said when it let this client in.
    pub(crate) fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    /// The names of the display's extensions.
    pub(crate) async fn extensions(&mut self) -> Result<Vec<String>, Error> {
        self.stream.write_all(&bare(LIST_EXTENSIONS)).await?;
        self.stream.flush().await?;
        let reply = self.reply().await?;
        let mut rest = reply.get(32..).unwrap_or_default();
        let mut names = Vec::new();
        for _ in 0..reply.get(1).copied().unwrap_or_default() {
            let (length, after) = rest.split_first().ok_or(Error::Senseless)?;
            let (name, after) = after.split_at_checked(usize::from(*length)).ok_or(Error::Senseless)?;
            names.push(String::from_utf8_lossy(name).escape_debug().to_string());
            rest = after;
        }
        Ok(names)
    }

    /// Asks something that is always answered at once, and waits for the answer.
    pub(crate) async fn round_trip(&mut self) -> Result<(), Error> {
        self.stream.write_all(&bare(GET_INPUT_FOCUS)).await?;
        self.stream.flush().await?;
        self.reply().await.map(drop)
    }

    /// Asks what a guard must know.
    pub(crate) async fn learn(&mut self) -> Result<Known, Error> {
        // All questions at once, then all answers: one round trip.
        let mut questions = Vec::new();
        for (_, name, _) in EXTENSIONS {
            questions.extend(named(QUERY_EXTENSION, name));
        }
        for name in Atoms::names() {
            questions.extend(named(INTERN_ATOM, name));
        }
        self.stream.write_all(&questions).await?;
        let mut extensions = [None; 128];
        for (extension, _, _) in EXTENSIONS {
            let reply = self.reply().await?;
            let (Some(1), Some(major)) = (reply.get(8), reply.get(9)) else { continue };
            let place = major.checked_sub(128).and_then(|at| extensions.get_mut(usize::from(at)));
            *place.ok_or(Error::Senseless)? = Some(extension);
        }
        let mut atoms = Vec::new();
        for _ in Atoms::names() {
            atoms.push(ORDER.long(&self.reply().await?, 8).ok_or(Error::Senseless)?);
        }
        let atoms = Atoms::new(&atoms).ok_or(Error::Senseless)?;
        let wm_check = self.window_property(atoms.supporting_wm_check()).await?;
        Ok(Known { extensions, atoms, wm_check })
    }

    /// Makes an authorization for untrusted programs (Security Extension Specification, GenerateAuthorization). It ends
    /// `timeout` after its last program, never where that is `None`, and with this connection at the latest where the
    /// display forgets everything then.
    pub(crate) async fn authorize_untrusted(&mut self, timeout: Option<Duration>) -> Result<Cookie, Error> {
        const TIMEOUT: u32 = 1;
        const TRUST: u32 = 2;
        const UNTRUSTED: u32 = 1;
        self.stream.write_all(&named(QUERY_EXTENSION, "SECURITY")).await?;
        let reply = self.reply().await?;
        let (Some(1), Some(major)) = (reply.get(8), reply.get(9)) else { return Err(Error::NoSecurity) };
        let name = cookie::PROTOCOL.as_bytes();
        // Zero is for ever, and rounding down must not make it that.
        let seconds = timeout.map_or(0, |time| u32::try_from(time.as_secs()).unwrap_or(u32::MAX).max(1));
        let mut request = vec![0; 12 + padded(name.len()) + 8];
        if let [opcode, minor, ..] = request.as_mut_slice() {
            (*opcode, *minor) = (*major, 1);
        }
        let units = u16::try_from(request.len() / 4).unwrap_or_default();
        ORDER.put_short(&mut request, 2, units);
        ORDER.put_short(&mut request, 4, u16::try_from(name.len()).unwrap_or_default());
        ORDER.put_long(&mut request, 8, TIMEOUT | TRUST);
        request.get_mut(12..12 + name.len()).unwrap_or_default().copy_from_slice(name);
        let values = 12 + padded(name.len());
        // In the order of their bits: the time-out is bit 0, the trust bit 1.
        ORDER.put_long(&mut request, values, seconds);
        ORDER.put_long(&mut request, values + 4, UNTRUSTED);
        self.stream.write_all(&request).await?;
        let reply = self.reply().await?;
        let length = usize::from(ORDER.short(&reply, 12).ok_or(Error::Senseless)?);
        let data = reply.get(32..32 + length).filter(|data| !data.is_empty());
        Ok(Cookie::new(data.ok_or(Error::Senseless)?.to_vec()))
    }

    /// The window that a property of the root window names; 0 where there is none.
    async fn window_property(&mut self, property: u32) -> Result<u32, Error> {
        let mut request = [0; 24];
        let [opcode, ..] = &mut request;
        *opcode = GET_PROPERTY;
        ORDER.put_short(&mut request, 2, 6);
        for (at, number) in (4..).step_by(4).zip([self.root, property, WINDOW, 0, 1]) {
            ORDER.put_long(&mut request, at, number);
        }
        self.stream.write_all(&request).await?;
        Ok(ORDER.long(&self.reply().await?, 32).unwrap_or_default())
    }

    /// The next reply. Events, which nobody asked for, are passed over.
    async fn reply(&mut self) -> Result<Vec<u8>, Error> {
        loop {
            let mut reply = vec![0; 32];
            let _ = self.stream.read_exact(&mut reply).await?;
            let extra = ORDER.long(&reply, 4).and_then(|units| usize::try_from(units).ok()?.checked_mul(4));
            match reply.first() {
                Some(0) => return Err(Error::Senseless),
                Some(1) => {
                    let extra = extra.filter(|extra| *extra <= LONGEST).ok_or(Error::Senseless)?;
                    reply.resize(32 + extra, 0);
                    let _ = self.stream.read_exact(reply.get_mut(32..).unwrap_or_default()).await?;
                    return Ok(reply);
                }
                _ => {}
            }
        }
    }
}

/// A request that has nothing but itself.
fn bare(opcode: u8) -> [u8; 4] {
    let mut request = [opcode, 0, 0, 0];
    ORDER.put_short(&mut request, 2, 1);
    request
}

/// A request that has nothing but a name.
fn named(opcode: u8, name: &str) -> Vec<u8> {
    let mut request = vec![opcode, 0, 0, 0, 0, 0, 0, 0];
    request.extend(name.as_bytes());
    request.resize(padded(request.len()), 0);
    let units = u16::try_from(request.len() / 4).unwrap_or_default();
    ORDER.put_short(&mut request, 2, units);
    ORDER.put_short(&mut request, 4, u16::try_from(name.len()).unwrap_or_default());
    request
}

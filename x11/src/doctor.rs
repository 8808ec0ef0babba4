//! Whether X11 programs can be shown here, link by link of the chain that leads to the display, with what to do where one is
//! broken.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use crate::client::{Client, Error};
use crate::{Cookie, Display, Trust, Xauthority, display};

/// How long a display may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Round trips whose median is told.
const TRIPS: usize = 9;

/// The extensions that programs ask for most, and what they are for.
const WANTED: [(&str, &str); 4] = [
    ("RENDER", "smooth text"),
    ("GLX", "OpenGL"),
    ("XKEYBOARD", "keyboard layouts"),
    ("XInputExtension", "smooth scrolling"),
];

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is, in a few words.
    pub name: &'static str,
    /// Whether it holds.
    pub finding: Finding,
}

/// What was found of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It holds; how.
    Holds(String),
    /// It is worth knowing, and breaks nothing.
    Note(String),
    /// It is broken.
    Broken {
        /// What is wrong.
        what: String,
        /// What to do.
        cure: String,
    },
}

impl Link {
    /// One that holds.
    pub fn holds(name: &'static str, how: impl Into<String>) -> Self {
        Self { name, finding: Finding::Holds(how.into()) }
    }

    /// One that is worth knowing.
    pub fn note(name: &'static str, what: impl Into<String>) -> Self {
        Self { name, finding: Finding::Note(what.into()) }
    }

    /// One that is broken.
    pub fn broken(name: &'static str, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { name, finding: Finding::Broken { what: what.into(), cure: cure.into() } }
    }

    /// Whether the chain is broken here.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        matches!(self.finding, Finding::Broken { .. })
    }
}

/// Checks the links on this machine for programs that are trusted as `trust` says: which display, whether there is a cookie
/// for it, whether it lets programs in, and what it can do. `name` is the display's, where `DISPLAY` is not to count.
pub async fn local(name: Option<&str>, trust: Trust) -> Vec<Link> {
    const NAME: &str = "Local display";
    let file = Xauthority::path(std::env::var_os("XAUTHORITY"), std::env::home_dir());
    let (display, origin, file) = match name {
        Some(name) => (Display::parse(name), "named by the host's settings", file),
        None => match (Display::from_env(), session().await) {
            (Err(display::Error::Unset), Some((display, file))) => {
                (Ok(display), "your session's, which a window finds where DISPLAY is not set", file)
            }
            (display, _) => (display, "named by DISPLAY", file),
        },
    };
    let display = match display {
        Ok(display) => display,
        Err(error) => {
            let cure = "Start this program from your desktop session, or name its display in the host's X11 settings.";
            return vec![Link::broken(NAME, error.to_string(), cure)];
        }
    };
    let mut links = vec![Link::holds(NAME, format!("{display}, {origin}"))];
    if timeout(PATIENCE, server(&display, file, trust, &mut links)).await.is_err() {
        links.push(Link::broken(
            "Display answers",
            format!("it did not within {} s", PATIENCE.as_secs()),
            "See whether the X server hangs: does 'xdpyinfo' answer on this machine?",
        ));
    }
    links
}

/// The session's display, where `DISPLAY` names none.
async fn session() -> Option<(Display, Option<PathBuf>)> {
    #[cfg(unix)]
    if Display::from_env() == Err(display::Error::Unset) {
        return crate::Session::find().await.map(|session| (session.display, session.xauthority));
    }
    None
}

async fn server(display: &Display, file: Option<PathBuf>, trust: Trust, links: &mut Vec<Link>) {
    let stream = match display.connect().await {
        Ok(stream) => stream,
        Err(error) => {
            let cure = match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                    "No X server listens there: is the session that it belonged to over? Start this program from the one \
                     that you are in."
                }
                _ => "See whether local programs can use it: does 'xdpyinfo' answer on this machine?",
            };
            return links.push(Link::broken("Display answers", error.to_string(), cure));
        }
    };
    let cookie = match stream.peer() {
        Ok(peer) => find_cookie(display, file, peer, links).await,
        Err(_) => None,
    };
    match Client::new(stream, cookie.as_ref()).await {
        Ok(mut client) => {
            let greeting = client.greeting();
            let sizes = greeting.screens.iter().map(|(width, height)| format!("{width}x{height}"));
            links.push(Link::holds(
                "Display answers",
                format!(
                    "{} {}, protocol {}.{}, {}",
                    greeting.vendor,
                    greeting.release,
                    greeting.protocol.0,
                    greeting.protocol.1,
                    sizes.collect::<Vec<_>>().join(", ")
                ),
            ));
            match client.extensions().await {
                Ok(names) => links.extend(extensions(&names, trust)),
                Err(error) => links.push(Link::note("Extensions", format!("it does not tell them: {error}"))),
            }
        }
        Err(error) => links.push(Link::broken(
            "Display answers",
            error.to_string(),
            "The cookie is not this display's, or there is none. Log in to your desktop again, or correct XAUTHORITY.",
        )),
    }
}

async fn find_cookie(
    display: &Display,
    file: Option<PathBuf>,
    peer: display::Peer,
    links: &mut Vec<Link>,
) -> Option<Cookie> {
    const NAME: &str = "Cookie";
    let Some(path) = file else {
        links.push(Link::note(NAME, "there is no Xauthority file; the display may let you in all the same"));
        return None;
    };
    let hostname = gethostname::gethostname();
    let read = Xauthority::read(path.clone()).await;
    match read.and_then(|file| file.cookie(peer, display.number(), hostname.as_encoded_bytes())) {
        Ok(Some(cookie)) => {
            links.push(Link::holds(NAME, format!("in {}", path.display())));
            Some(cookie)
        }
        Ok(None) => {
            let text = format!("none for {display} in {}; the display may let you in all the same", path.display());
            links.push(Link::note(NAME, text));
            None
        }
        Err(error) => {
            links.push(Link::broken(NAME, error.to_string(), "Make the file readable for you, or log in again."));
            None
        }
    }
}

/// What the display can do for programs, and for the level of trust.
fn extensions(names: &[String], trust: Trust) -> Vec<Link> {
    let has = |name: &str| names.iter().any(|known| known == name);
    let (there, missing): (Vec<_>, Vec<_>) = WANTED.into_iter().partition(|(name, _)| has(name));
    let mut links = Vec::new();
    let list = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    if missing.is_empty() {
        links.push(Link::holds("Extensions", list(&there)));
    } else {
        let lost = missing.iter().map(|(name, purpose)| format!("{name} ({purpose})")).collect::<Vec<_>>().join(", ");
        links.push(Link::note("Extensions", format!("the display lacks {lost}")));
    }
    let sentence = trust.sentence();
    links.push(if trust == Trust::Untrusted && !has("SECURITY") {
        Link::broken(
            "Level of trust",
            "untrusted, which needs the SECURITY extension, and the display has none",
            "Choose 'guarded', which needs nothing of the display: in the host's X11 settings, or with --x11=guarded.",
        )
    } else {
        Link::holds("Level of trust", format!("{trust}. {sentence}"))
    });
    links
}

/// Connects as a program would, from the other end of the chain, and tells how long that and a round trip took. `stream`
/// leads to the display that programs there are given, and `cookie` is theirs.
pub async fn program<S: AsyncRead + AsyncWrite + Unpin>(stream: S, cookie: &Cookie) -> Link {
    const NAME: &str = "A program there";
    const CURE: &str = "The links before this one hold, so what is between the server and this display is to be looked at: \
                        'tetherm exec -v' says what becomes of each program.";
    let probing = async {
        let begun = Instant::now();
        let mut client = Client::new(stream, Some(cookie)).await?;
        let connected = begun.elapsed();
        let mut trips = Vec::new();
        for _ in 0..TRIPS {
            let begun = Instant::now();
            client.round_trip().await?;
            trips.push(begun.elapsed());
        }
        trips.sort();
        Ok::<_, Error>((connected, trips.get(TRIPS / 2).copied().unwrap_or_default()))
    };
    match timeout(PATIENCE, probing).await {
        Ok(Ok((connected, trip))) => Link::holds(
            NAME,
            format!(
                "it is let in after {:.1} ms, and a round trip takes {:.2} ms",
                connected.as_secs_f64() * 1000.0,
                trip.as_secs_f64() * 1000.0
            ),
        ),
        Ok(Err(error)) => Link::broken(NAME, format!("it is not let in: {error}"), CURE),
        Err(_) => Link::broken(NAME, format!("it is not answered within {} s", PATIENCE.as_secs()), CURE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_display_lacks_is_named_with_what_it_is_for() {
        let names: Vec<String> = ["RENDER", "GLX", "XKEYBOARD"].map(str::to_owned).to_vec();
        let links = extensions(&names, Trust::Untrusted);
        assert_eq!(links[0], Link::note("Extensions", "the display lacks XInputExtension (smooth scrolling)"));
        assert!(links[1].is_broken(), "{links:?}");
        let all: Vec<String> =
            WANTED.iter().map(|(name, _)| (*name).to_owned()).chain(["SECURITY".to_owned()]).collect();
        for trust in Trust::ALL {
            assert!(extensions(&all, trust).iter().all(|link| matches!(link.finding, Finding::Holds(_))), "{trust}");
        }
    }
}

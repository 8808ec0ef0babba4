//! The exchange of identification strings (RFC 4253 section 4.2).
//!
//! Done here and not by russh, so that "closed without a word", "not an SSH server" and "silent" are told apart.

use super::wire::Wire;
use crate::ssh::error::Peer;
use crate::ssh::failure::words;
use crate::ssh::visible::Visible;
use crate::ssh::{Error, Host};

/// What this program calls itself; no blanks, as RFC 4253 wants it.
pub(super) const CLIENT: &str = concat!("SSH-2.0-Tetherm_", env!("CARGO_PKG_VERSION"));

/// Lines that may come before the identification string; OpenSSH's limit.
const LINES: usize = 1024;

/// Bytes of one line, its end included; RFC 4253's limit for the identification string, generous for others.
const LINE: usize = 255;
const OTHER_LINE: usize = 8192;

/// How much of what is not SSH is shown.
const SHOWN: usize = 80;

/// Sends our identification string and reads the server's, which is returned as it came, line end included.
pub(super) async fn exchange(wire: &Wire, peer: &Peer, host: &Host) -> Result<Vec<u8>, Error> {
    let lost = |error: std::io::Error| Error::Lost { host: host.alias.clone(), cause: words(&error) };
    // Some servers, of other protocols, speak only when spoken to.
    if let Err(error) = wire.write_all(format!("{CLIENT}\r\n").as_bytes()).await {
        log::debug!("{peer}: the identification string could not be sent: {error}");
    }
    let mut first = None;
    for _ in 0..LINES {
        let line = match read_line(wire).await {
            Ok(line) => line,
            // A server that refuses us resets the connection because our own string is still unread.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Vec::new(),
            Err(error) => return Err(lost(error)),
        };
        if line.starts_with(b"SSH-") && line.ends_with(b"\n") && line.len() <= LINE {
            return check_version(line, peer, host);
        }
        let over = line.is_empty() || !line.ends_with(b"\n");
        if !line.is_empty() {
            let _ = first.get_or_insert(line);
        }
        if over {
            break;
        }
    }
    Err(match first {
        // sshd says so where others would send their identification string (drop_connection in sshd.c).
        Some(line) if line.starts_with(b"Exceeded MaxStartups") || line.starts_with(b"Not allowed at this time") => {
            Error::TurnedAway { host: host.alias.clone(), peer: peer.clone(), message: shown(&line) }
        }
        None => Error::ClosedEarly { host: host.alias.clone(), peer: peer.clone() },
        Some(line) => Error::NotSsh { host: host.alias.clone(), peer: peer.clone(), received: shown(&line) },
    })
}

fn check_version(line: Vec<u8>, peer: &Peer, host: &Host) -> Result<Vec<u8>, Error> {
    if line.starts_with(b"SSH-2.0-") || line.starts_with(b"SSH-1.99-") {
        return Ok(line);
    }
    Err(Error::ProtocolVersion { host: host.alias.clone(), peer: peer.clone(), version: shown(&line) })
}

/// Reads to the end of a line, at most [`OTHER_LINE`] bytes and nothing beyond the line; what is there at the end of
/// the input.
async fn read_line(wire: &Wire) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    // Byte by byte, as OpenSSH does: what follows the line belongs to the key exchange. It happens once.
    while !line.ends_with(b"\n") && line.len() < OTHER_LINE {
        let mut byte = [0];
        if wire.read(&mut byte).await? == 0 {
            break;
        }
        line.extend_from_slice(&byte);
    }
    Ok(line)
}

fn shown(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    Visible::line(text.trim_end(), SHOWN).to_string()
}

//! The server's side of SOCKS 4, 4a and 5 (RFC 1928), as far as `CONNECT` without a password.

use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Endpoint;

/// The longest user and host name that SOCKS 4 clients may send; SOCKS 5 counts in one byte.
const LONGEST: usize = 255;

const CONNECT: u8 = 1;

/// The version of a request that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Four,
    Five,
}

/// What a client is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reply {
    Connected,
    Failed,
    /// The rules forbid it.
    Forbidden,
    /// Nothing listens there.
    Refused,
    /// Something else than `CONNECT` was asked for.
    NoSuchCommand,
    /// An address of an unknown kind.
    NoSuchAddress,
}

/// Reads a request, byte by byte as far as it goes and no further: what follows it is for the target. `None` when it is
/// none; the client was told so as far as its version of SOCKS can.
pub(super) async fn request<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Option<(Endpoint, Version)> {
    match stream.read_u8().await.ok()? {
        4 => four(stream).await.map(|target| (target, Version::Four)),
        5 => five(stream).await.map(|target| (target, Version::Five)),
        _ => None,
    }
}

/// Answers a request.
pub(super) async fn reply<S: AsyncWrite + Unpin>(stream: &mut S, version: Version, reply: Reply) -> bool {
    let answer = match version {
        Version::Four => {
            let code = if reply == Reply::Connected { 90 } else { 91 };
            vec![0, code, 0, 0, 0, 0, 0, 0]
        }
        Version::Five => {
            let code = match reply {
                Reply::Connected => 0,
                Reply::Failed => 1,
                Reply::Forbidden => 2,
                Reply::Refused => 5,
                Reply::NoSuchCommand => 7,
                Reply::NoSuchAddress => 8,
            };
            // The address that the connection starts from is the server's business; clients do not look at it.
            vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0]
        }
    };
    stream.write_all(&answer).await.is_ok() && stream.flush().await.is_ok()
}

async fn four<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Option<Endpoint> {
    let command = stream.read_u8().await.ok()?;
    let port = stream.read_u16().await.ok()?;
    let mut address = [0; 4];
    let _ = stream.read_exact(&mut address).await.ok()?;
    let _user = text(stream).await?;
    // 4a: an address that cannot be one announces a name.
    let host = match address {
        [0, 0, 0, last] if last != 0 => text(stream).await?,
        address => Ipv4Addr::from(address).to_string(),
    };
    if command != CONNECT {
        let _ = reply(stream, Version::Four, Reply::NoSuchCommand).await;
        return None;
    }
    Some(Endpoint::port(&host, port))
}

/// A text that a zero ends.
async fn text<S: AsyncRead + Unpin>(stream: &mut S) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        match stream.read_u8().await.ok()? {
            0 => return String::from_utf8(bytes).ok(),
            _ if bytes.len() >= LONGEST => return None,
            byte => bytes.push(byte),
        }
    }
}

async fn five<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Option<Endpoint> {
    let methods = bytes(stream).await?;
    // 0 is no authentication, 255 that no method fits.
    let method = if methods.contains(&0) { 0 } else { 255 };
    stream.write_all(&[5, method]).await.ok()?;
    stream.flush().await.ok()?;
    let mut head = [0; 4];
    if method != 0 || stream.read_exact(&mut head).await.is_err() {
        return None;
    }
    let [5, command, 0, kind] = head else { return None };
    let host = match kind {
        1 => {
            let mut address = [0; 4];
            let _ = stream.read_exact(&mut address).await.ok()?;
            Ipv4Addr::from(address).to_string()
        }
        3 => String::from_utf8(bytes(stream).await?).ok()?,
        4 => {
            let mut address = [0; 16];
            let _ = stream.read_exact(&mut address).await.ok()?;
            Ipv6Addr::from(address).to_string()
        }
        _ => {
            let _ = reply(stream, Version::Five, Reply::NoSuchAddress).await;
            return None;
        }
    };
    let port = stream.read_u16().await.ok()?;
    if command != CONNECT {
        let _ = reply(stream, Version::Five, Reply::NoSuchCommand).await;
        return None;
    }
    Some(Endpoint::port(&host, port))
}

/// As many bytes as the first one counts.
async fn bytes<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Vec<u8>> {
    let length = stream.read_u8().await.ok()?;
    let mut bytes = vec![0; length.into()];
    let _ = stream.read_exact(&mut bytes).await.ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a client that sends this is told, what it asked for, and what of its bytes is left for the target.
    fn ask(sent: &[u8]) -> (Vec<u8>, Option<(Endpoint, Version)>, Vec<u8>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (mut client, mut server) = tokio::io::duplex(1024);
            client.write_all(sent).await.unwrap();
            client.shutdown().await.unwrap();
            let asked = request(&mut server).await;
            let mut left = Vec::new();
            let _ = server.read_to_end(&mut left).await.unwrap();
            drop(server);
            let mut told = Vec::new();
            let _ = client.read_to_end(&mut told).await.unwrap();
            (told, asked, left)
        })
    }

    #[test]
    fn every_version_names_its_target() {
        let four = |rest: &[u8]| [&[4, 1, 0, 80][..], rest].concat();
        let five = |rest: &[u8]| [&[5, 1, 0, 5, 1, 0][..], rest].concat();
        for (sent, host, version) in [
            (four(b"\x7f\0\0\x01me\0"), "127.0.0.1", Version::Four),
            (four(b"\0\0\0\x01\0name.example\0"), "name.example", Version::Four),
            (five(b"\x01\x7f\0\0\x01\0\x50"), "127.0.0.1", Version::Five),
            (five(b"\x03\x04name\0\x50"), "name", Version::Five),
            (five(b"\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\x50"), "::1", Version::Five),
        ] {
            let (told, asked, left) = ask(&[&sent[..], b"GET"].concat());
            assert_eq!(asked, Some((Endpoint::port(host, 80), version)));
            assert_eq!(told, if version == Version::Five { vec![5, 0] } else { vec![] });
            assert_eq!(left, b"GET", "what follows is for the target");
        }
    }

    #[test]
    fn what_is_not_done_is_answered_as_such() {
        for (sent, told) in [
            (&b"\x05\x01\x02"[..], &b"\x05\xff"[..]),
            (b"\x05\x01\0\x05\x02\0\x01\x7f\0\0\x01\0\x50", b"\x05\0\x05\x07\0\x01\0\0\0\0\0\0"),
            (b"\x05\x01\0\x05\x01\0\x09", b"\x05\0\x05\x08\0\x01\0\0\0\0\0\0"),
            (b"\x04\x02\0\x50\x7f\0\0\x01\0", b"\0\x5b\0\0\0\0\0\0"),
            (b"GET / HTTP/1.0\r\n\r\n", b""),
            (b"\x05\x01", b""),
            (b"", b""),
        ] {
            let (answer, asked, _) = ask(sent);
            assert_eq!((answer.as_slice(), asked), (told, None), "{sent:?}");
        }
        assert_eq!(ask(&[&[4, 1, 0, 80, 1, 1, 1, 1][..], &[b'x'; 300]].concat()).1, None);
    }
}

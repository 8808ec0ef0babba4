//! HTTP's CONNECT (RFC 9110 section 9.3.6) with basic authentication (RFC 7617).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::Error;
use crate::ssh::visible::Visible;

/// The largest head of an answer.
const HEAD: usize = 16 * 1024;

/// How much of what a proxy says is shown.
const SHOWN: usize = 120;

/// Asks for a connection to a host.
pub(super) async fn connect(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    host: &str,
    port: u16,
    account: Option<(&str, &str)>,
) -> Result<(), Error> {
    stream.write_all(request(host, port, account).as_bytes()).await?;
    let head = head(stream).await?;
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let line = line.trim_end();
    match status(line) {
        Some(200..=299) => Ok(()),
        Some(407) if account.is_some() => Err(Error::Refused),
        Some(407) => Err(Error::UserNeeded),
        Some(_) => Err(Error::NotConnected { reason: Visible::line(reason(line), SHOWN).to_string() }),
        None => Err(Error::NotAProxy {
            expected: "an HTTP proxy",
            received: format!("it said \"{}\"", Visible::line(line, SHOWN)),
        }),
    }
}

fn request(host: &str, port: u16, account: Option<(&str, &str)>) -> Zeroizing<String> {
    let place = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let mut request = Zeroizing::new(String::with_capacity(1024));
    request.push_str(&format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n"));
    if let Some((user, password)) = account {
        let credentials = Zeroizing::new(format!("{user}:{password}"));
        request.push_str("Proxy-Authorization: Basic ");
        request.push_str(&Zeroizing::new(STANDARD.encode(credentials.as_bytes())));
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    request
}

/// The head of the answer, and nothing of what follows: that is the server's.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, Error> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
        if head.len() >= HEAD {
            let received = format!("more than {} KiB of headers", HEAD / 1024);
            return Err(Error::NotAProxy { expected: "an HTTP proxy", received });
        }
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            // What it said before it went says what it is.
            Err(_) if !head.is_empty() => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(head)
}

fn status(line: &str) -> Option<u16> {
    let rest = line.strip_prefix("HTTP/1.")?;
    let code = rest.split(' ').nth(1)?;
    (code.len() == 3).then(|| code.parse().ok()).flatten()
}

/// The status and its words, without the protocol's name.
fn reason(line: &str) -> &str {
    line.split_once(' ').map_or(line, |(_, reason)| reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_the_host_as_a_uri_does() {
        assert_eq!(*request("h", 22, None), "CONNECT h:22 HTTP/1.1\r\nHost: h:22\r\n\r\n");
        assert!(request("::1", 2222, None).starts_with("CONNECT [::1]:2222 HTTP/1.1\r\n"));
        // RFC 7617's own example.
        let request = request("h", 22, Some(("Aladdin", "open sesame")));
        assert!(request.contains("\r\nProxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"));
    }

    #[test]
    fn a_status_is_read_or_is_none() {
        for (line, expected) in [
            ("HTTP/1.1 200 Connection established", Some(200)),
            ("HTTP/1.0 403", Some(403)),
            ("HTTP/2 200", None),
            ("HTTP/1.1 2000", None),
            ("HTTP/1.1", None),
            ("SSH-2.0-x", None),
            ("", None),
        ] {
            assert_eq!(status(line), expected, "{line}");
        }
    }
}

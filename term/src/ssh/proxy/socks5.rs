//! SOCKS 5 (RFC 1928) with a user and a password (RFC 1929).

use std::net::IpAddr;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::{Error, read};

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const USER_AND_PASSWORD: u8 = 2;
const NO_ACCEPTABLE_METHOD: u8 = 0xff;
const CONNECT: u8 = 1;

/// Asks for a connection to a host. What the host's name means is the proxy's to find out: it may not be known here.
pub(super) async fn connect(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    host: &str,
    port: u16,
    account: Option<(&str, &str)>,
) -> Result<(), Error> {
    // Checked before anything is sent.
    let request = request(host, port)?;
    let login = account.map(|(user, password)| login(user, password)).transpose()?;
    let greeting: &[u8] = match login {
        Some(_) => &[VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD],
        None => &[VERSION, 1, NO_AUTHENTICATION],
    };
    stream.write_all(greeting).await?;
    let [version, method] = read(stream).await?;
    match (version, method, login) {
        (VERSION, NO_AUTHENTICATION, _) => {}
        (VERSION, USER_AND_PASSWORD, Some(login)) => {
            stream.write_all(&login).await?;
            let [_, status] = read(stream).await?;
            if status != 0 {
                return Err(Error::Refused);
            }
        }
        (VERSION, NO_ACCEPTABLE_METHOD, Some(_)) => return Err(Error::Refused),
        (VERSION, NO_ACCEPTABLE_METHOD, None) => return Err(Error::UserNeeded),
        _ => return Err(not_socks(&[version, method])),
    }
    stream.write_all(&request).await?;
    answer(stream).await
}

async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> Result<(), Error> {
    let [version, reply, _, kind] = read(stream).await?;
    if version != VERSION {
        return Err(not_socks(&[version, reply]));
    }
    if reply != 0 {
        return Err(Error::NotConnected { reason: reason(reply) });
    }
    // The address that the proxy connects from: of no use here, but in front of what the server sends.
    let length = match kind {
        1 => 4,
        4 => 16,
        3 => usize::from(read::<1>(stream).await?[0]),
        _ => return Err(not_socks(&[version, reply, 0, kind])),
    };
    let mut rest = vec![0; length + 2];
    let _ = stream.read_exact(&mut rest).await?;
    Ok(())
}

fn request(host: &str, port: u16) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![VERSION, CONNECT, 0];
    match host.parse() {
        Ok(IpAddr::V4(address)) => {
            bytes.push(1);
            bytes.extend(address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            bytes.push(4);
            bytes.extend(address.octets());
        }
        Err(_) => {
            bytes.push(3);
            push(&mut bytes, host, "the host name")?;
        }
    }
    bytes.extend(port.to_be_bytes());
    Ok(bytes)
}

fn login(user: &str, password: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, Error> {
    // Enough for both, so that no copy of the password is left behind.
    let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(user.len() + password.len() + 3));
    bytes.push(1);
    push(&mut bytes, user, "the user name")?;
    push(&mut bytes, password, "the password")?;
    Ok(bytes)
}

fn push(bytes: &mut Vec<u8>, text: &str, what: &'static str) -> Result<(), Error> {
    bytes.push(u8::try_from(text.len()).map_err(|_| Error::TooLong { what })?);
    bytes.extend_from_slice(text.as_bytes());
    Ok(())
}

fn reason(reply: u8) -> String {
    match reply {
        1 => "general failure".to_owned(),
        2 => "its rules do not allow it".to_owned(),
        3 => "network unreachable".to_owned(),
        4 => "host unreachable".to_owned(),
        5 => "connection refused".to_owned(),
        6 => "it took too long".to_owned(),
        7 => "it makes no connections".to_owned(),
        8 => "it does not know this kind of address".to_owned(),
        other => format!("reason {other}"),
    }
}

fn not_socks(bytes: &[u8]) -> Error {
    let received = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    Error::NotAProxy { expected: "a SOCKS 5 proxy", received: format!("its first bytes are {received}") }
}

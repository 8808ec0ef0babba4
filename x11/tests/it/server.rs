//! A fake X server that does nothing but accept, and the set-ups that programs send.

use std::io;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::net::UnixStream;
use tokio::time::timeout;
use x11::bridge::{Error, Limits};
use x11::setup::ByteOrder;
use x11::{Bridge, Display};

pub(crate) const MIT: &[u8] = b"MIT-MAGIC-COOKIE-1";
pub(crate) const REAL: &[u8; 16] = b"REAL-real-REAL-1";
pub(crate) const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];
pub(crate) const GENEROUS: Duration = Duration::from_secs(60);

pub(crate) struct FakeServer {
    folder: TempDir,
    listener: Option<UnixListener>,
}

impl FakeServer {
    pub(crate) fn start() -> Self {
        let folder = TempDir::with_prefix("fake-x-").unwrap();
        testbed::display::write_authority(&folder.path().join("Xauthority"), 7, REAL).unwrap();
        let mut server = Self { folder, listener: None };
        server.listen();
        server
    }

    pub(crate) fn listen(&mut self) {
        let listener = UnixListener::bind(self.folder.path().join("X7")).unwrap();
        listener.set_nonblocking(true).unwrap();
        self.listener = Some(listener);
    }

    pub(crate) fn stop(&mut self) {
        self.listener = None;
        std::fs::remove_file(self.folder.path().join("X7")).unwrap();
    }

    pub(crate) fn xauthority(&self) -> PathBuf {
        self.folder.path().join("Xauthority")
    }

    pub(crate) fn display(&self) -> Display {
        Display::parse(self.folder.path().join("X7").to_str().unwrap()).unwrap()
    }

    pub(crate) fn bridge(&self) -> Bridge {
        self.bridge_with(Limits::default())
    }

    pub(crate) fn bridge_with(&self, limits: Limits) -> Bridge {
        Bridge::with(self.display(), Some(self.xauthority()), limits)
    }

    pub(crate) async fn accept(&self) -> UnixStream {
        let deadline = Instant::now() + GENEROUS;
        loop {
            match self.listener.as_ref().unwrap().accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(true).unwrap();
                    return UnixStream::from_std(stream).unwrap();
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Err(error) => panic!("nobody came: {error}"),
            }
        }
    }

    /// Nobody has connected, not even to go away again.
    pub(crate) fn assert_nobody_came(&self) {
        let error = self.listener.as_ref().unwrap().accept().expect_err("something reached the display");
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
    }
}

/// A program's set-up, built by the protocol's text and not by the code under test.
pub(crate) fn setup(order: ByteOrder, name: &[u8], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![if order == ByteOrder::Big { b'B' } else { b'l' }, 0];
    for value in [11, 0, name.len(), data.len(), 0] {
        let value = u16::try_from(value).unwrap();
        bytes.extend(if order == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() });
    }
    for field in [name, data] {
        bytes.extend(field);
        bytes.extend(vec![0; (4 - field.len() % 4) % 4]);
    }
    bytes
}

/// What a display says to a program that it lets in: ids from 0x200000, and a screen whose root window is 0x123.
pub(crate) fn greeting(order: ByteOrder) -> Vec<u8> {
    let short = |value: u16| if order == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if order == ByteOrder::Big { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut body = [long(1), long(0x0020_0000), long(0x001f_ffff), long(256)].concat();
    body.extend([short(4), short(0xffff)].concat());
    body.extend([1, 0, 0, 0, 32, 32, 8, 255, 0, 0, 0, 0]);
    body.extend(b"fake");
    body.extend(long(0x123));
    body.extend([0; 36]);
    let units = short(u16::try_from(body.len() / 4).unwrap());
    [&[1, 0][..], &short(11), &short(0), &units, &body].concat()
}

/// A request that does nothing, of `length` bytes, each but those of its header `filling`.
pub(crate) fn no_operation(order: ByteOrder, length: usize, filling: u8) -> Vec<u8> {
    let units = u16::try_from(length / 4).unwrap();
    let mut request = vec![filling; length];
    request[0] = 127;
    request[2..4].copy_from_slice(&if order == ByteOrder::Big { units.to_be_bytes() } else { units.to_le_bytes() });
    request
}

/// The bytes of a bridge's fake cookie.
pub(crate) fn fake(bridge: &Bridge) -> Vec<u8> {
    let hex = bridge.cookie().to_hex();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The set-up of a program that knows the fake cookie.
pub(crate) fn good_setup(bridge: &Bridge, order: ByteOrder) -> Vec<u8> {
    setup(order, MIT, &fake(bridge))
}

/// A channel: the program's end and the bridge's.
pub(crate) fn channel() -> (DuplexStream, DuplexStream) {
    tokio::io::duplex(64 * 1024)
}

/// Serves a program that sends `bytes` and no more, without ending; says how it went and what the program got.
pub(crate) async fn serve(bridge: &Bridge, bytes: &[u8]) -> (Result<(), Error>, Vec<u8>) {
    let (mut program, end) = channel();
    program.write_all(bytes).await.unwrap();
    let result = timeout(GENEROUS, bridge.serve(end)).await.expect("the bridge lets go");
    (result, the_end(&mut program).await)
}

/// Reads as many bytes as are expected.
pub(crate) async fn exactly<R: AsyncRead + Unpin>(from: &mut R, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let _ = timeout(GENEROUS, from.read_exact(&mut bytes)).await.expect("the bytes arrive").unwrap();
    bytes
}

/// Reads up to the end.
pub(crate) async fn the_end<R: AsyncRead + Unpin>(from: &mut R) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = timeout(GENEROUS, from.read_to_end(&mut bytes)).await.expect("the end arrives").unwrap();
    bytes
}

/// Asserts that `reply` is a set-up `Failed` reply in `order` and returns its reason.
pub(crate) fn reason(reply: &[u8], order: ByteOrder) -> String {
    assert!(reply.len() >= 8, "no reply but {reply:?}");
    let number = |at: usize| match order {
        ByteOrder::Big => u16::from_be_bytes([reply[at], reply[at + 1]]),
        ByteOrder::Little => u16::from_le_bytes([reply[at], reply[at + 1]]),
    };
    assert_eq!((reply[0], number(2), number(4)), (0, 11, 0), "not a Failed reply of X11");
    assert_eq!(reply.len(), 8 + 4 * usize::from(number(6)), "the reply's length is not what it says");
    String::from_utf8(reply[8..8 + usize::from(reply[1])].to_vec()).unwrap()
}

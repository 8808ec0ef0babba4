//! What sshd makes on a remote machine: a display at `localhost:N` whose connections end at a bridge.

use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use tempfile::TempDir;
use testbed::Xvfb;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use x11::bridge::{Counts, Limits};
use x11::guard::Rule;
use x11::{Bridge, Display};
use x11rb::rust_connection::{DefaultStream, RustConnection};

use crate::server::{MIT, fake};

pub(crate) struct RemoteDisplay {
    number: u16,
    folder: TempDir,
    bridge: Arc<Bridge>,
    heard: Arc<Mutex<Vec<u8>>>,
    accepting: JoinHandle<()>,
}

impl RemoteDisplay {
    /// Forwards to `local`.
    pub(crate) async fn new(local: &Xvfb) -> Self {
        Self::to(Display::parse(&local.name()).unwrap(), Some(local.xauthority())).await
    }

    /// Forwards to `local`, guarded.
    pub(crate) async fn guarded(local: &Xvfb) -> Self {
        Self::through(bridge(local).guarded()).await
    }

    /// Forwards to `local`, as untrusted as its server has it.
    pub(crate) async fn untrusted(local: &Xvfb, timeout: Duration) -> Self {
        Self::through(bridge(local).untrusted(timeout).await.unwrap()).await
    }

    /// Forwards to `display`.
    pub(crate) async fn to(display: Display, xauthority: Option<PathBuf>) -> Self {
        Self::through(Bridge::with(display, xauthority, Limits::default())).await
    }

    /// Forwards through a bridge, with a free display number of its own from 10 up.
    pub(crate) async fn through(bridge: Bridge) -> Self {
        let bridge = Arc::new(bridge);
        let (listener, number) = listen().await;
        let folder = TempDir::with_prefix("remote-x-").unwrap();
        testbed::display::write_authority(&folder.path().join("Xauthority"), number, &fake(&bridge)).unwrap();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&bridge), Arc::clone(&heard)));
        Self { number, folder, bridge, heard, accepting }
    }

    /// A program that finds this display as one does that was started through ssh.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        let display = format!("localhost:{}.0", self.number);
        let _ = testbed::display::use_display(&mut command, &display, &self.xauthority());
        let _ = command.stdin(Stdio::null());
        command
    }

    pub(crate) fn xauthority(&self) -> PathBuf {
        self.folder.path().join("Xauthority")
    }

    /// Gives later programs a cookie that is not the bridge's.
    pub(crate) fn forget_the_cookie(&self) {
        testbed::display::write_authority(&self.xauthority(), self.number, b"a wrong cookie!!").unwrap();
    }

    /// A program's connection that a test makes itself.
    pub(crate) fn connect(&self) -> RustConnection {
        let stream = std::net::TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        let (stream, _) = DefaultStream::from_tcp_stream(stream).unwrap();
        RustConnection::connect_to_stream_with_auth_info(stream, 0, MIT.to_vec(), self.cookie()).unwrap()
    }

    pub(crate) fn bridge(&self) -> &Bridge {
        &self.bridge
    }

    /// How often programs, whatever their names, were refused something.
    pub(crate) fn denied(&self, rule: Rule) -> u64 {
        let programs = self.bridge.programs();
        programs.iter().flat_map(|program| &program.denied).filter(|(other, _)| *other == rule).map(|(_, n)| n).sum()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.bridge.counts()
    }

    /// All that went from the bridge to the programs.
    pub(crate) fn heard(&self) -> Vec<u8> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn port(&self) -> u16 {
        6000 + self.number
    }

    pub(crate) fn cookie(&self) -> Vec<u8> {
        fake(&self.bridge)
    }
}

/// A bridge to `local` that is [`x11::Trust::Full`].
pub(crate) fn bridge(local: &Xvfb) -> Bridge {
    Bridge::with(Display::parse(&local.name()).unwrap(), Some(local.xauthority()), Limits::default())
}

impl Drop for RemoteDisplay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A program that ends with its test.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn listen() -> (TcpListener, u16) {
    for number in 10..1000 {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", 6000 + number)).await {
            return (listener, number);
        }
    }
    panic!("no display number is free");
}

async fn accept(listener: TcpListener, bridge: Arc<Bridge>, heard: Arc<Mutex<Vec<u8>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        let bridge = Arc::clone(&bridge);
        let channel = Tee { stream, heard: Arc::clone(&heard) };
        // A refusal is counted by the bridge, which is where the tests look.
        drop(tokio::spawn(async move { bridge.serve(channel).await }));
    }
}

/// A channel that keeps what is sent into it.
struct Tee {
    stream: TcpStream,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl AsyncRead for Tee {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Tee {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(written)) = result {
            self.heard.lock().unwrap().extend(&bytes[..written]);
        }
        result
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

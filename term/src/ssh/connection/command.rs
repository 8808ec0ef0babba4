//! Programs of the user's: `ProxyCommand` of ssh_config(5), whose standard input and output lead to the server, and
//! `LocalCommand`.

use std::ffi::OsString;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::OptionFuture;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader, Interest};
use tokio::net::unix::pipe;
use tokio::net::{TcpStream, UnixStream};
use tokio::process::Child;
use tokio::sync::{oneshot, watch};

use super::wire::Line;
use super::{Event, Events, Said, Stage};
use crate::ssh::Host;
use crate::ssh::config::Tokens;
use crate::ssh::host::CONNECT_TIMEOUT;

/// How long a program may take to end once it was told to.
const GRACE: Duration = Duration::from_secs(1);

/// The longest piece of a line, in bytes.
const PIECE: u64 = 8192;

/// What is said of a program that does not do what `ProxyUseFdpass` asks for.
const NOTHING: &str = "it passed no file descriptor, as ProxyUseFdpass asks for";

/// A running program. Dropping it ends it, with what it started.
#[derive(Debug)]
pub(super) struct Command {
    ended: watch::Receiver<Option<String>>,
    /// Dropping it tells the task that waits for the program.
    _hold: oneshot::Sender<()>,
}

impl Command {
    /// Starts a command that was expanded already, through the user's shell as ssh(1) does, and returns what leads to
    /// the server. What it says on standard error is told.
    ///
    /// # Errors
    /// Why it could not be started, or passed no file descriptor (`ProxyUseFdpass`).
    pub(super) async fn start(command: &str, host: &Host, events: &Events) -> Result<(Line, Self), String> {
        if host.proxy_use_fdpass {
            let (ours, theirs) = UnixStream::pair().map_err(words)?;
            let theirs = theirs.into_std().and_then(blocking).map_err(words)?;
            let input = theirs.try_clone().map_err(words)?;
            let command = Self::spawn(command, OwnedFd::from(input), theirs.into(), events).map_err(words)?;
            let limit = host.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
            let passed = tokio::time::timeout(limit, receive(&ours)).await;
            return match passed.map_err(|_| format!("no answer within {} s", limit.as_secs()))?? {
                Some(line) => Ok((line, command)),
                // It closed its end; most likely it is about to say why.
                None => Err(tokio::time::timeout(GRACE, command.ended()).await.unwrap_or_else(|_| NOTHING.to_owned())),
            };
        }
        let (input, ours_to) = std::io::pipe().map_err(words)?;
        let (ours_from, output) = std::io::pipe().map_err(words)?;
        let command = Self::spawn(command, input.into(), output.into(), events).map_err(words)?;
        let from = pipe::Receiver::from_owned_fd(ours_from.into()).map_err(words)?;
        let to = pipe::Sender::from_owned_fd(ours_to.into()).map_err(words)?;
        Ok((Line::Pipes(from, to), command))
    }

    fn spawn(command: &str, input: OwnedFd, output: OwnedFd, events: &Events) -> std::io::Result<Self> {
        let mut child = tokio::process::Command::new(shell())
            // Without a shell in between, so that what ends the program ends the right one.
            .args(["-c", &format!("exec {command}")])
            .stdin(Stdio::from(input))
            .stdout(Stdio::from(output))
            .stderr(Stdio::piped())
            // A group of its own: it ends as a whole, and Ctrl+C at a terminal is for the remote side.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let said = Arc::new(Mutex::new(String::new()));
        let listening = child.stderr.take().map(|stderr| tokio::spawn(overhear(stderr, events.clone(), said.clone())));
        let (hold, dropped) = oneshot::channel();
        let (sender, ended) = watch::channel(None);
        // Ends with the program, which ends with this value.
        drop(tokio::spawn(async move {
            tokio::select! {
                status = child.wait() => {
                    // Its last words are on the way; what it left behind may hold standard error open for ever.
                    if let Some(listening) = listening {
                        let _ = tokio::time::timeout(Duration::from_millis(200), listening).await;
                    }
                    let said = said.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    let _ = sender.send_replace(Some(ending(status.ok(), &said)));
                }
                _ = dropped => end(child).await,
            }
        }));
        Ok(Self { ended, _hold: hold })
    }

    /// Waits for the program's end and says how it came.
    pub(super) async fn ended(&self) -> String {
        let mut ended = self.ended.clone();
        let how = ended.wait_for(Option::is_some).await.map(|how| how.clone());
        how.ok().flatten().unwrap_or_else(|| "it was ended".to_owned())
    }
}

/// The user's shell, as ssh(1) finds it.
fn shell() -> OsString {
    std::env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into())
}

/// Runs `LocalCommand` of ssh_config(5) to its end where the host permits it. Dropping the future ends it.
pub(super) async fn run_local(host: &Host, events: &Events) {
    let Some(command) = host.local_command.as_ref().filter(|_| host.permit_local_command) else { return };
    // An owner that is gone has no use for any of this.
    let _ = events.send(Event::Stage(Stage::LocalCommand)).await;
    let problem = match Tokens::local_command(host).expand(command, None) {
        Ok(command) => run(&command, events).await.err().map(words),
        Err(message) => Some(message),
    };
    if let Some(problem) = problem {
        let _ = events.send(Event::Notice(format!("LocalCommand was not run: {problem}."))).await;
    }
}

async fn run(command: &str, events: &Events) -> std::io::Result<()> {
    let mut child = tokio::process::Command::new(shell())
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let listening = async {
        let output = child.stdout.take().map(|output| tell("LocalCommand", true, output, events));
        let errors = child.stderr.take().map(|errors| tell("LocalCommand", false, errors, events));
        tokio::join!(OptionFuture::from(output), OptionFuture::from(errors))
    };
    let _ = listening.await;
    let status = child.wait().await?;
    if !status.success() {
        let how = ending(Some(status), "");
        let _ = events.send(Event::Notice(format!("LocalCommand: {how}."))).await;
    }
    Ok(())
}

/// Ends the program and what it started, at first politely.
async fn end(mut child: Child) {
    let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let signal = |signal| {
        if let Some(group) = group {
            // It may be gone already.
            let _ = kill_process_group(group, signal);
        }
    };
    signal(Signal::HUP);
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        signal(Signal::KILL);
        let _ = child.wait().await;
    }
}

/// Tells what a `ProxyCommand` complains of, and remembers the last line.
async fn overhear(from: impl AsyncRead + Unpin, events: Events, said: Arc<Mutex<String>>) {
    let mut lines = Lines::new("ProxyCommand", false, from);
    while let Some(line) = lines.next().await {
        let text = line.line();
        if !text.is_empty() {
            *said.lock().unwrap_or_else(PoisonError::into_inner) = text;
        }
        // Who does not keep up misses a line, and the program, which carries the connection, is not held up.
        let _ = events.try_send(Event::Said(line));
    }
}

/// Tells all that a program writes.
async fn tell(program: &'static str, output: bool, from: impl AsyncRead + Unpin, events: &Events) {
    let mut lines = Lines::new(program, output, from);
    while let Some(line) = lines.next().await {
        // Nobody listens any more: the program may still go on.
        let _ = events.send(Event::Said(line)).await;
    }
}

/// Lines that a program writes. One without end is cut into pieces.
struct Lines<R> {
    program: &'static str,
    output: bool,
    from: BufReader<R>,
    told: usize,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    fn new(program: &'static str, output: bool, from: R) -> Self {
        Self { program, output, from: BufReader::new(from), told: 0 }
    }

    /// The next, none at the end.
    async fn next(&mut self) -> Option<Said> {
        let mut bytes = Vec::new();
        let read = (&mut self.from).take(PIECE).read_until(b'\n', &mut bytes).await;
        let before = self.told;
        self.told += 1;
        matches!(read, Ok(1..)).then_some(Said { program: self.program, output: self.output, bytes, before })
    }
}

fn ending(status: Option<ExitStatus>, said: &str) -> String {
    use std::os::unix::process::ExitStatusExt;
    let how = match (status.and_then(|status| status.code()), status.and_then(|status| status.signal())) {
        (Some(0), _) => "it ended".to_owned(),
        (Some(code), _) => format!("it ended with status {code}"),
        (None, Some(signal)) => format!("it was ended by signal {signal}"),
        (None, None) => "it ended".to_owned(),
    };
    if said.is_empty() { how } else { format!("{how} and said \"{said}\"") }
}

/// A socket that a program can use as any other file.
fn blocking(socket: std::os::unix::net::UnixStream) -> std::io::Result<std::os::unix::net::UnixStream> {
    socket.set_nonblocking(false)?;
    Ok(socket)
}

/// Takes the file descriptor that the program passes (`ProxyUseFdpass`).
async fn receive(socket: &UnixStream) -> Result<Option<Line>, String> {
    loop {
        socket.readable().await.map_err(words)?;
        match socket.try_io(Interest::READABLE, || receive_now(socket)) {
            Ok(Some(descriptor)) => return connected(descriptor).map(Some).map_err(words),
            Ok(None) => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(words(error)),
        }
    }
}

fn receive_now(socket: &UnixStream) -> std::io::Result<Option<OwnedFd>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let _ = rustix::net::recvmsg(socket, &mut [IoSliceMut::new(&mut byte)], &mut control, RecvFlags::CMSG_CLOEXEC)?;
    Ok(control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
        _ => None,
    }))
}

fn connected(descriptor: OwnedFd) -> std::io::Result<Line> {
    if rustix::net::sockopt::socket_domain(&descriptor)? == rustix::net::AddressFamily::UNIX {
        let socket = std::os::unix::net::UnixStream::from(descriptor);
        socket.set_nonblocking(true)?;
        return UnixStream::from_std(socket).map(Line::Socket);
    }
    let socket = std::net::TcpStream::from(descriptor);
    socket.set_nonblocking(true)?;
    // A keystroke is a packet of its own.
    socket.set_nodelay(true)?;
    TcpStream::from_std(socket).map(Line::Tcp)
}

fn words(error: std::io::Error) -> String {
    crate::ssh::failure::words(&error)
}

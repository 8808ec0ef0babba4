//! Standard input, output and error as whoever started this program left them. rsync gives a socket that does not block,
//! and the terminal's settings are shared with other programs: what does not block is waited for, never changed.

use std::io::{self, IoSlice, Read};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};

use rustix::buffer::spare_capacity;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::net::{RecvFlags, SendAncillaryBuffer, SendFlags};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// The major number of Linux's devices that are memory: `/dev/null`, `/dev/zero` and the like.
const MEMORY: u32 = 1;

/// What makes a new terminal each time it is opened, on Linux.
const MULTIPLEXER: (u32, u32) = (5, 2);

/// Standard output or error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Descriptor {
    Output,
    Error,
}

impl Descriptor {
    /// Writes all of it, and waits for as long as that takes.
    pub(super) fn write_all(self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            // Both are unbuffered in ssh(1), and a prompt without a line end has to be seen.
            let written = match self {
                Self::Output => rustix::io::write(io::stdout().as_fd(), bytes),
                Self::Error => rustix::io::write(io::stderr().as_fd(), bytes),
            };
            match written {
                Ok(length) => bytes = bytes.get(length..).unwrap_or_default(),
                Err(rustix::io::Errno::INTR) => {}
                Err(rustix::io::Errno::AGAIN) => match self {
                    Self::Output => wait(io::stdout().as_fd(), PollFlags::OUT)?,
                    Self::Error => wait(io::stderr().as_fd(), PollFlags::OUT)?,
                },
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// For a thread that must not be held up; none where only a thread of its own can wait for it.
    pub(super) fn unblocked(self) -> Option<Unblocked> {
        match self {
            Self::Output => Unblocked::of(rustix::stdio::stdout(), OFlags::WRONLY),
            Self::Error => Unblocked::of(rustix::stdio::stderr(), OFlags::WRONLY),
        }
    }

    /// Lets go of it: whoever reads it sees its end.
    pub(super) fn close(self) -> io::Result<()> {
        let nothing = std::fs::File::options().read(true).write(true).open("/dev/null")?;
        match self {
            Self::Output => rustix::stdio::dup2_stdout(nothing)?,
            Self::Error => rustix::stdio::dup2_stderr(nothing)?,
        }
        Ok(())
    }
}

/// A descriptor whose calls return at once, with [`io::ErrorKind::WouldBlock`] where they would have to wait.
#[derive(Debug)]
pub(super) enum Unblocked {
    /// A pipe or a terminal, opened once more: whether calls block is a flag of what is shared with other programs.
    Own(OwnedFd),
    /// A socket, which is told at each call.
    Socket(BorrowedFd<'static>),
    /// Memory, such as `/dev/null`, which nobody ever waits for.
    Memory(BorrowedFd<'static>),
}

impl Unblocked {
    /// Standard input, for a thread that must not be held up.
    pub(super) fn input() -> Option<Self> {
        Self::of(rustix::stdio::stdin(), OFlags::RDONLY)
    }

    /// None for a file, whose disk may be slow, and for what cannot be opened again.
    fn of(descriptor: BorrowedFd<'static>, access: OFlags) -> Option<Self> {
        let status = rustix::fs::fstat(descriptor).ok()?;
        let device = (rustix::fs::major(status.st_rdev), rustix::fs::minor(status.st_rdev));
        match FileType::from_raw_mode(status.st_mode) {
            FileType::Socket => Some(Self::Socket(descriptor)),
            FileType::CharacterDevice if cfg!(target_os = "linux") && device.0 == MEMORY => {
                Some(Self::Memory(descriptor))
            }
            FileType::CharacterDevice if device == MULTIPLEXER || !rustix::termios::isatty(descriptor) => None,
            FileType::CharacterDevice | FileType::Fifo => {
                let path = format!("/proc/self/fd/{}", descriptor.as_raw_fd());
                let flags = access | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
                rustix::fs::open(path, flags, Mode::empty()).ok().map(Self::Own)
            }
            _ => None,
        }
    }

    /// Appends what is there to `bytes`, as far as there is room in them; 0 is the end.
    pub(super) fn read(&self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            let read = match self {
                Self::Own(descriptor) => rustix::io::read(descriptor, spare_capacity(bytes)),
                Self::Memory(descriptor) => rustix::io::read(descriptor, spare_capacity(bytes)),
                Self::Socket(descriptor) => {
                    rustix::net::recv(descriptor, spare_capacity(bytes), RecvFlags::DONTWAIT).map(|(length, _)| length)
                }
            };
            match read {
                Err(rustix::io::Errno::INTR) => {}
                read => return Ok(read?),
            }
        }
    }

    /// Writes the beginning of `pieces`.
    pub(super) fn write(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        loop {
            let written = match self {
                Self::Own(descriptor) => rustix::io::writev(descriptor, pieces),
                Self::Memory(descriptor) => rustix::io::writev(descriptor, pieces),
                Self::Socket(descriptor) => {
                    let mut nothing = SendAncillaryBuffer::default();
                    rustix::net::sendmsg(descriptor, pieces, &mut nothing, SendFlags::DONTWAIT)
                }
            };
            match written {
                Err(rustix::io::Errno::INTR) => {}
                written => return Ok(written?),
            }
        }
    }
}

impl Unblocked {
    /// Has the runtime say when there is something to read, or room to write.
    pub(super) fn watch(self, interest: Interest) -> io::Result<AsyncFd<Self>> {
        #[expect(unsafe_code, reason = "a standard descriptor belongs to the process, which no type of tokio can hold")]
        // SAFETY: it is always the same descriptor, and open for as long as this value is: its own, or one of the
        // standard ones, which are never closed but only led elsewhere.
        let watched = unsafe { AsyncFd::register_with_interest(self, interest) };
        Ok(watched?)
    }
}

impl AsRawFd for Unblocked {
    fn as_raw_fd(&self) -> RawFd {
        match self {
            Self::Own(descriptor) => descriptor.as_raw_fd(),
            Self::Socket(descriptor) | Self::Memory(descriptor) => descriptor.as_raw_fd(),
        }
    }
}

/// Reads some of standard input; 0 is its end.
pub(super) fn read(piece: &mut [u8]) -> io::Result<usize> {
    let mut input = io::stdin().lock();
    loop {
        match input.read(piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait(io::stdin().as_fd(), PollFlags::IN)?,
            read => return read,
        }
    }
}

fn wait(descriptor: BorrowedFd<'_>, what: PollFlags) -> io::Result<()> {
    match poll(&mut [PollFd::from_borrowed_fd(descriptor, what)], None) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

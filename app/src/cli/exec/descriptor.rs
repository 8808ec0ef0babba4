//! Standard input, output and error as whoever started this program left them. rsync gives a socket that does not block,
//! and the terminal's settings are shared with other programs: what does not block is waited for, never changed.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};

use rustix::event::{PollFd, PollFlags, poll};

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

//! A service that sends without end, and those who connect to it through a forwarding and read in their own ways.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::super::{Error, io};

/// How a channel is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Not at all.
    Unread,
    /// A little, and then no more.
    Paused,
    /// A little now and then.
    Slow,
    /// As fast as it comes.
    Fast,
}

impl Reading {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Unread, Self::Paused, Self::Slow, Self::Fast];

    /// What the table calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unread => "an unread",
            Self::Paused => "a paused",
            Self::Slow => "a slow",
            Self::Fast => "a fast",
        }
    }
}

/// Listens, and sends zeros to whoever connects until that one goes. It ends with the process.
pub(super) fn source() -> Result<u16, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io("listening"))?;
    let port = listener.local_addr().map_err(io("listening"))?.port();
    let _thread = std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _sender = std::thread::spawn(move || {
                let zeros = vec![0; 256 * 1024];
                while stream.write_all(&zeros).is_ok() {}
            });
        }
    });
    Ok(port)
}

/// Somebody who is connected to a [`source`] and reads until this is dropped.
#[derive(Debug)]
pub(super) struct Reader {
    over: Arc<AtomicBool>,
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Connects to `port`, waits for the first bytes and goes on `reading`.
    pub(super) fn start(port: u16, reading: Reading) -> Result<Self, Error> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(io("connecting to a forwarding"))?;
        stream.read_exact(&mut [0; 1024]).map_err(io("reading through a forwarding"))?;
        let over = Arc::new(AtomicBool::new(false));
        let (flag, mut input) = (Arc::clone(&over), stream.try_clone().map_err(io("reading a forwarding"))?);
        let thread = std::thread::spawn(move || {
            let mut piece = vec![0; 64 * 1024];
            let mut taken = 0;
            while !flag.load(Ordering::Relaxed) {
                let rest = match reading {
                    Reading::Unread => return,
                    Reading::Paused if taken > 1_000_000 => return,
                    Reading::Slow => Duration::from_millis(20),
                    Reading::Paused | Reading::Fast => Duration::ZERO,
                };
                std::thread::sleep(rest);
                match input.read(&mut piece) {
                    Ok(length @ 1..) => taken += length,
                    _ => return,
                }
            }
        });
        Ok(Self { over, stream, thread: Some(thread) })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

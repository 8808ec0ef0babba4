//! A way that is longer than loopback: what comes is passed on some time later, in both directions, however much it is.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::super::{Error, io};

/// Bytes that are passed on at a time.
const PIECE: usize = 256 * 1024;

/// A port that leads to another one, the long way. It ends with the process.
#[derive(Debug)]
pub(super) struct Delay {
    port: u16,
}

impl Delay {
    /// Leads to `target` on loopback; each way takes `delay`.
    pub(super) fn start(target: u16, delay: Duration) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io("listening"))?;
        let port = listener.local_addr().map_err(io("listening"))?.port();
        let _thread = std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)) else { continue };
                let _ = (near.set_nodelay(true), far.set_nodelay(true));
                if let (Ok(near_too), Ok(far_too)) = (near.try_clone(), far.try_clone()) {
                    pass_on(near, far, delay);
                    pass_on(far_too, near_too, delay);
                }
            }
        });
        Ok(Self { port })
    }

    /// The port to connect to.
    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// Starts two threads: one notes when something came, the other passes it on when its time has come.
fn pass_on(mut from: TcpStream, mut to: TcpStream, delay: Duration) {
    let (sender, receiver) = mpsc::channel::<(Instant, Vec<u8>)>();
    let _reader = std::thread::spawn(move || {
        let mut piece = vec![0; PIECE];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            let bytes = piece.get(..length).unwrap_or_default().to_vec();
            if sender.send((Instant::now() + delay, bytes)).is_err() {
                break;
            }
        }
    });
    let _writer = std::thread::spawn(move || {
        for (due, bytes) in receiver {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_is_passed_on_later_and_whole() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let echo = std::thread::spawn({
            let server = server.try_clone().unwrap();
            move || {
                let (mut stream, _) = server.accept().unwrap();
                let mut all = Vec::new();
                let _ = stream.read_to_end(&mut all).unwrap();
                stream.write_all(&all).unwrap();
            }
        });
        let way = Delay::start(server.local_addr().unwrap().port(), Duration::from_millis(20)).unwrap();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, way.port())).unwrap();
        let started = Instant::now();
        let sent: Vec<u8> = (0..1_000_000_u32).map(|number| number as u8).collect();
        stream.write_all(&sent).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut back = Vec::new();
        let _ = stream.read_to_end(&mut back).unwrap();
        assert!(back == sent && started.elapsed() >= Duration::from_millis(40));
        echo.join().unwrap();
    }
}

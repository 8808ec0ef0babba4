//! A TCP relay that can stop moving bytes without closing anything, like a network that went away.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A relay to a port on loopback.
pub(crate) struct Relay {
    pub(crate) port: u16,
    moving: watch::Sender<bool>,
}

impl Relay {
    pub(crate) async fn to(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let (moving, gate) = watch::channel(true);
        drop(tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
                let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
                drop(tokio::spawn(copy(near_read, far_write, gate.clone())));
                drop(tokio::spawn(copy(far_read, near_write, gate.clone())));
            }
        }));
        Self { port: own, moving }
    }

    /// Stops moving bytes.
    pub(crate) fn stop(&self) {
        let _ = self.moving.send_replace(false);
    }
}

async fn copy(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut gate: watch::Receiver<bool>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if gate.wait_for(|moving| *moving).await.is_err() {
            // The test is over; nothing may be closed before.
            tokio::time::sleep(Duration::from_secs(1)).await;
            return;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

//! Copies both ways between a channel and whatever is at this end, each half until its own end.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::Notify;

use crate::ssh::channel::Stream;

/// Bytes of one read: a packet's worth.
const PIECE: usize = 32 * 1024;

/// Joins a channel to this end until both halves are done, or the other side closes the channel, or this end neither
/// says nor takes anything more: OpenSSH too closes the channel then (channels.c, `chan_is_dead`), or a server that
/// sends without end would never hear that nobody listens.
pub async fn join(channel: Stream, reader: impl AsyncRead + Unpin, writer: impl AsyncWrite + Unpin) {
    let closed = channel.closed();
    let (from_channel, to_channel) = tokio::io::split(channel);
    let (here, there) = (Notify::new(), Notify::new());
    let mut up = std::pin::pin!(copy(reader, to_channel, &there));
    let mut down = std::pin::pin!(copy(from_channel, writer, &here));
    tokio::select! {
        () = &mut up => tokio::select! {
            () = down => {}
            () = here.notified() => {}
        },
        // Closed, the channel takes nothing more, though this end could wait for ever for something to send.
        () = &mut down => tokio::select! {
            () = up => {}
            () = closed => {}
        },
    }
}

/// Copies until the end and passes the end on. What cannot be written any more is read and dropped, and `gone` told: the
/// sender is not to wait for a reader that is gone.
async fn copy(mut reader: impl AsyncRead + Unpin, mut writer: impl AsyncWrite + Unpin, gone: &Notify) {
    let mut piece = vec![0; PIECE];
    let mut writable = true;
    while let Ok(length @ 1..) = reader.read(&mut piece).await {
        if writable {
            let read = piece.get(..length).unwrap_or_default();
            writable = writer.write_all(read).await.is_ok() && writer.flush().await.is_ok();
            if !writable {
                gone.notify_one();
            }
        }
    }
    // One that is gone needs no end.
    let _ = writer.shutdown().await;
}

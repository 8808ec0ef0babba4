//! The local sockets of a display, as servers make them.

use std::time::Duration;

use tokio::net::UnixSocket;
use tokio::time::timeout;
use x11::Display;
use x11::display::{Peer, Stream};

use crate::server::GENEROUS;

/// A new connection to display `number` of this machine.
#[cfg(target_os = "linux")]
async fn connect(number: u16) -> std::io::Result<Stream> {
    Display::parse(&format!(":{number}.0")).unwrap().connect().await
}

#[tokio::test]
async fn a_server_whose_queue_is_full_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("X1");
    let socket = UnixSocket::new_stream().unwrap();
    socket.bind(&path).unwrap();
    let listener = socket.listen(0).unwrap();
    let display = Display::parse(path.to_str().unwrap()).unwrap();
    let first = display.connect().await.unwrap();
    let second = display.connect();
    tokio::pin!(second);
    assert!(timeout(Duration::from_millis(200), &mut second).await.is_err(), "there was room in the queue");
    let _accepted = listener.accept().await.unwrap();
    let second = timeout(GENEROUS, second).await.expect("there is room now").unwrap();
    drop((first, second));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_abstract_socket_comes_first_and_then_the_one_in_the_file_system() {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixListener};

    // Far from what real servers take; no server of the file system has it.
    let number = (50_000..60_000).find(|number| !std::path::Path::new(&format!("/tmp/.X11-unix/X{number}")).exists());
    let number = number.unwrap();
    assert_eq!(connect(number).await.unwrap_err().kind(), std::io::ErrorKind::NotFound);
    let name = SocketAddr::from_abstract_name(format!("/tmp/.X11-unix/X{number}")).unwrap();
    let _listener = UnixListener::bind_addr(&name).unwrap();
    assert_eq!(connect(number).await.unwrap().peer().unwrap(), Peer::Local);

    // A server that listens in the file system only.
    let server = testbed::Xvfb::start(320, 200).unwrap();
    let path = server.socket();
    let stream = Display::parse(path.to_str().unwrap()).unwrap().connect().await.unwrap();
    assert_eq!(stream.peer().unwrap(), Peer::Local);
    assert_eq!(connect(server.number()).await.unwrap().peer().unwrap(), Peer::Local);
}

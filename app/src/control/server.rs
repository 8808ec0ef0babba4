//! The window's end of the socket.

#[cfg(unix)]
pub use unix::Server;

#[cfg(not(unix))]
pub use elsewhere::Server;

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use base64::Engine as _;
    use futures::stream::{self, Stream, StreamExt as _};
    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
    use tokio::sync::mpsc;
    use tokio::task::{AbortHandle, JoinSet};

    use super::super::{Answer, Call, Error, Request};

    /// The longest request, in bytes.
    const REQUEST_LIMIT: u64 = 1024 * 1024;

    /// How many clients are served at once; more wait.
    const CLIENTS: usize = 16;

    /// How long the window may take to answer.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// A socket that is listened at; dropping it removes it.
    #[derive(Debug)]
    pub struct Server {
        listener: UnixListener,
        _place: Place,
    }

    /// The socket in the file system.
    #[derive(Debug)]
    struct Place {
        path: PathBuf,
        /// Device and inode, to remove no other one.
        identity: (u64, u64),
    }

    impl Drop for Place {
        fn drop(&mut self) {
            if identity(&self.path).ok() == Some(self.identity) {
                // It may be gone already, and there is nobody left to tell.
                let _ = fs::remove_file(&self.path);
            }
        }
    }

    /// Ends the task when what it works for is dropped.
    struct Owned(AbortHandle);

    impl Drop for Owned {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    impl Server {
        /// Listens at `path`, for this user alone (mode 0600). A socket that a dead process left there is replaced.
        ///
        /// # Errors
        /// [`Error::InUse`], [`Error::NotASocket`] or [`Error::Bind`].
        pub fn bind(path: &Path) -> Result<Self, Error> {
            is_free(path)?;
            let failed = |source| Error::Bind { path: path.to_owned(), source };
            let (listener, identity) = make(path).map_err(failed)?;
            Ok(Self { listener, _place: Place { path: path.to_owned(), identity } })
        }

        /// The calls that come in. Must be polled inside a Tokio runtime; dropping the stream closes the socket.
        pub fn calls(self) -> impl Stream<Item = Call> + Send + 'static {
            let begin = async move {
                let (sender, receiver) = mpsc::channel(CLIENTS);
                let accepting = Owned(tokio::spawn(self.accept(sender)).abort_handle());
                stream::unfold((receiver, accepting), |(mut receiver, accepting)| async move {
                    let call = receiver.recv().await?;
                    Some((call, (receiver, accepting)))
                })
            };
            stream::once(begin).flatten()
        }

        async fn accept(self, calls: mpsc::Sender<Call>) {
            let listener = match tokio::net::UnixListener::from_std(self.listener) {
                Ok(listener) => listener,
                Err(error) => return log::error!("the control socket does not work: {error}"),
            };
            let mut clients = JoinSet::new();
            loop {
                while clients.len() >= CLIENTS {
                    let _ended = clients.join_next().await;
                }
                while clients.try_join_next().is_some() {}
                match listener.accept().await {
                    Ok((client, _)) => {
                        let _handle = clients.spawn(serve(client, calls.clone()));
                    }
                    // Out of file descriptors, most likely: it may pass, but not at once.
                    Err(error) => {
                        log::warn!("a client of the control socket was not accepted: {error}");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                }
            }
        }
    }

    /// Whether the socket can be made at `path`, or one that nobody listens at replaced.
    fn is_free(path: &Path) -> Result<(), Error> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(Error::Bind { path: path.to_owned(), source }),
            Ok(found) if !found.file_type().is_socket() => Err(Error::NotASocket { path: path.to_owned() }),
            Ok(_) => match UnixStream::connect(path) {
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
                Err(source) => Err(Error::Bind { path: path.to_owned(), source }),
                Ok(_) => Err(Error::InUse { path: path.to_owned() }),
            },
        }
    }

    /// Makes the socket in a folder that only the user can enter and moves it to its place: so it never exists with
    /// wider permissions, and a dead one is replaced in one step.
    fn make(path: &Path) -> io::Result<(UnixListener, (u64, u64))> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Short names: the system allows about a hundred bytes for the whole path.
        let private = tempfile::Builder::new().prefix(".t").rand_bytes(4).tempdir_in(folder)?;
        let made = private.path().join("s");
        let listener = UnixListener::bind(&made)?;
        fs::set_permissions(&made, fs::Permissions::from_mode(0o600))?;
        listener.set_nonblocking(true)?;
        let identity = identity(&made)?;
        fs::rename(&made, path)?;
        Ok((listener, identity))
    }

    fn identity(path: &Path) -> io::Result<(u64, u64)> {
        let metadata = fs::symlink_metadata(path)?;
        Ok((metadata.dev(), metadata.ino()))
    }

    /// Answers one client's requests until it goes.
    async fn serve(mut client: tokio::net::UnixStream, calls: mpsc::Sender<Call>) {
        // The mode of the socket says the same; not every system looks at it.
        let own = rustix::process::getuid().as_raw();
        if client.peer_cred().map(|peer| peer.uid()).ok() != Some(own) {
            return log::warn!("another user tried to use the control socket");
        }
        let (reader, mut writer) = client.split();
        let mut reader = BufReader::new(reader);
        loop {
            let mut line = Vec::new();
            let read = (&mut reader).take(REQUEST_LIMIT).read_until(b'\n', &mut line).await;
            if !matches!(read, Ok(1..)) {
                return;
            }
            let reply = match serde_json::from_slice(&line) {
                Ok(request) => ask(request, &calls).await,
                Err(error) => serde_json::json!({ "error": format!("this is no request: {error}") }),
            };
            if writer.write_all(format!("{reply}\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }

    /// Puts `request` to the window and waits for the answer.
    async fn ask(request: Request, calls: &mpsc::Sender<Call>) -> serde_json::Value {
        let (call, answer) = Call::new(request);
        let asked = async {
            calls.send(call).await.ok()?;
            answer.await.ok()
        };
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Some(answer)) => encode(answer).await,
            Ok(None) => serde_json::json!({ "error": "the window is closing" }),
            Err(_) => serde_json::json!({ "error": "the window did not answer within 10 seconds" }),
        }
    }

    async fn encode(answer: Answer) -> serde_json::Value {
        let ok = match answer {
            Answer::Listing(listing) => serde_json::json!(listing),
            Answer::Text(text) => serde_json::json!(text),
            Answer::Sent => serde_json::Value::Null,
            Answer::Opened { tab } => serde_json::json!({ "tab": tab }),
            Answer::Refused(reason) => return serde_json::json!({ "error": reason }),
            Answer::Screenshot { width, height, rgba } => {
                let encoded = tokio::task::spawn_blocking(move || png(width, height, &rgba)).await;
                match encoded {
                    Ok(Ok(png)) => {
                        serde_json::json!({ "png": base64::engine::general_purpose::STANDARD.encode(png) })
                    }
                    Ok(Err(error)) => return serde_json::json!({ "error": format!("no picture: {error}") }),
                    Err(error) => return serde_json::json!({ "error": format!("no picture: {error}") }),
                }
            }
        };
        serde_json::json!({ "ok": ok })
    }

    fn png(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(rgba)?;
        writer.finish()?;
        Ok(bytes)
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::path::Path;

    use futures::stream::{self, Stream};

    use super::super::{Call, Error};

    /// Cannot be made here.
    #[derive(Debug)]
    pub struct Server {}

    impl Server {
        /// Says that it cannot be done.
        ///
        /// # Errors
        /// Always [`Error::Unsupported`].
        pub fn bind(_path: &Path) -> Result<Self, Error> {
            Err(Error::Unsupported)
        }

        /// No calls.
        pub fn calls(self) -> impl Stream<Item = Call> + Send + 'static {
            stream::empty()
        }
    }
}

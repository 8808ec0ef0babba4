//! Many channels on one connection: none waits for another, and none leaves anything behind.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use term::ssh::channel::{LIMIT as FILE, MEMORY, Message, Program, Request};
use term::ssh::forward::Endpoint;
use term::ssh::{Channel, Connection, Error, Events};
use testbed::{Deadline, Sshd, process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::channels::{connected, read, start};
use crate::user::{LIMIT, nobody};

/// How many bytes of `seq 1 20000000` there are.
const SEQUENCE: usize = 168_888_897;

/// Bytes that are more than everything on their way can hold.
const FLOOD: usize = 64 * 1024 * 1024;

/// Sends a byte and waits until it is back, whatever goes on beside it.
async fn echo(channel: &mut Channel) {
    channel.writer().data(b"x".to_vec()).await.unwrap();
    assert_eq!(read(channel, 1).await, b"x");
}

async fn next(channel: &mut Channel) -> Option<Message> {
    tokio::time::timeout(LIMIT, channel.next()).await.expect("nothing comes")
}

/// Checks, piece by piece, that numbers come in order, a line each.
#[derive(Default)]
struct Sequence {
    rest: Vec<u8>,
    last: usize,
    bytes: usize,
}

impl Sequence {
    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.rest.extend(bytes);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else { return };
        for line in self.rest.drain(..=end).collect::<Vec<u8>>().trim_ascii().split(|byte| *byte == b'\n') {
            let number: usize = std::str::from_utf8(line).unwrap().parse().unwrap();
            assert_eq!(number, self.last + 1);
            self.last = number;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_an_unread_a_paused_a_slow_or_a_fast_channel() {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let mut answering = start(&connection, "cat").await;
    let unread = start(&connection, "seq 1 20000000").await;
    let mut paused = start(&connection, "seq 1 20000000").await;
    let mut slow = start(&connection, "cat /dev/zero").await;
    let mut fast = start(&connection, "cat /dev/zero").await;
    let first = read(&mut paused, 1).await;
    let swallowed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&swallowed);
    let swallowing = tokio::spawn(async move {
        while let Some(message) = fast.next().await {
            if let Message::Data(bytes) = message {
                let _ = count.fetch_add(bytes.len(), Ordering::Relaxed);
            }
        }
    });
    // Until what nobody reads has come whole, which is far more than any window and than memory may hold.
    let mut echoes = 0;
    while (unread.backlog().file as usize) < SEQUENCE - MEMORY || echoes < 100 {
        let before = swallowed.load(Ordering::Relaxed);
        echo(&mut answering).await;
        echoes += 1;
        let _ = next(&mut slow).await;
        for channel in [&unread, &paused, &slow] {
            assert!(channel.backlog().memory <= MEMORY, "{:?}", channel.backlog());
            assert!(channel.error().is_none());
        }
        Deadline::generous().wait_until("the fast one", || swallowed.load(Ordering::Relaxed) > before).unwrap();
    }
    swallowing.abort();
    drop(slow);
    // Nothing of what waited is lost, and it comes in order.
    for (mut channel, first) in [(unread, Vec::new()), (paused, first)] {
        let mut sequence = Sequence::default();
        sequence.take(&first);
        while let Some(message) = next(&mut channel).await {
            if let Message::Data(bytes) = message {
                sequence.take(&bytes);
            }
        }
        assert_eq!((sequence.last, sequence.bytes), (20_000_000, SEQUENCE));
        assert!(channel.error().is_none());
    }
    echo(&mut answering).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_that_nobody_reads_is_closed_at_the_limit_and_nothing_else_is() {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let mut answering = start(&connection, "cat").await;
    let mut unread = start(&connection, "cat /dev/zero").await;
    while unread.error().is_none() {
        echo(&mut answering).await;
        assert!(unread.backlog().memory <= MEMORY && unread.backlog().file <= FILE + (2 << 20));
    }
    // What was there before the limit can still be read; then comes the end, and the reason.
    let mut bytes = 0;
    while let Some(message) = next(&mut unread).await {
        if let Message::Data(part) = message {
            bytes += part.len() as u64;
        }
    }
    assert!((FILE - (1 << 20)..=FILE + MEMORY as u64).contains(&bytes), "{bytes} bytes were kept");
    assert!(matches!(unread.error(), Some(Error::ChannelOverflow { limit: FILE, .. })));
    echo(&mut answering).await;
}

#[test]
fn a_file_that_cannot_be_had_ends_the_channel_that_needs_it_and_no_other() {
    if let Some(link) = process::told() {
        return tokio::runtime::Runtime::new().unwrap().block_on(without_a_file(Path::new(&link)));
    }
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    process::within(
        a_file_that_cannot_be_had_ends_the_channel_that_needs_it_and_no_other,
        [("TMPDIR", link.clone().into())],
        link.to_str().unwrap(),
    );
}

/// The folder for temporary files goes away, by way of `link`, once the server is there.
async fn without_a_file(link: &Path) {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let mut answering = start(&connection, "cat").await;
    std::fs::remove_file(link).unwrap();
    let mut unread = start(&connection, "cat /dev/zero").await;
    while unread.error().is_none() {
        echo(&mut answering).await;
    }
    while next(&mut unread).await.is_some() {}
    let error = unread.error().unwrap();
    assert!(matches!(error, Error::ChannelSpill { .. }), "{error}");
    assert!(error.next_step().unwrap().contains("TMPDIR"));
    drop(unread);
    echo(&mut answering).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_what_nobody_reads_is_stopped_until_somebody_does() {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let mut answering = start(&connection, "cat").await;
    let (port, sent) = sending(FLOOD).await;
    let mut unread = connection.direct(&Endpoint::port("127.0.0.1", port)).await.unwrap();
    // What the buffers of two connections and of the server hold is a part of it, and a key lets a window through.
    for _ in 0..3 {
        let sent = tokio::time::timeout(LIMIT, stopped_at(&sent)).await.unwrap();
        assert!(sent < FLOOD / 2, "{sent} bytes were sent to nobody");
        echo(&mut answering).await;
    }
    let mut bytes = Vec::new();
    let _ = tokio::time::timeout(LIMIT, unread.read_to_end(&mut bytes)).await.unwrap().unwrap();
    assert_eq!(bytes.len(), FLOOD);
    echo(&mut answering).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_opens_beside_one_that_nobody_reads() {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let unread = start(&connection, "cat /dev/zero").await;
    let held = Deadline::generous().wait_until("a full queue", || unread.backlog().memory >= 512 * 1024);
    held.unwrap();
    let mut answering = start(&connection, "cat").await;
    echo(&mut answering).await;
}

#[test]
fn ten_thousand_channels_leave_nothing_behind() {
    match process::told() {
        // Alone in its process, where everything can be counted.
        Some(_) => tokio::runtime::Runtime::new().unwrap().block_on(ten_thousand_channels()),
        None => process::within(ten_thousand_channels_leave_nothing_behind, [], "count"),
    }
}

/// What a process has.
#[derive(Debug, Clone, Copy)]
struct Holdings {
    tasks: usize,
    files: usize,
    /// Bytes.
    memory: usize,
}

impl Holdings {
    fn now() -> Self {
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
        Self {
            tasks: tokio::runtime::Handle::current().metrics().num_alive_tasks(),
            files: std::fs::read_dir("/proc/self/fd").unwrap().count(),
            memory: pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096,
        }
    }
}

async fn ten_thousand_channels() {
    let server = Sshd::start().unwrap();
    let connection = connected(&server).await;
    let mut answering = start(&connection, "cat").await;
    let target = Endpoint::port("127.0.0.1", echoing().await);
    let (events, _) = nobody();
    open_and_close(&connection, &target, &events, 500).await;
    let before = settled(None).await;
    open_and_close(&connection, &target, &events, 10_000).await;
    let after = settled(Some(before)).await;
    assert!(after.tasks <= before.tasks && after.files <= before.files, "{before:?} became {after:?}");
    assert!(after.memory < before.memory + 4 * 1024 * 1024, "{before:?} became {after:?}");
    echo(&mut answering).await;
}

/// The port of somebody who sends back what comes.
async fn echoing() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            drop(tokio::spawn(async move {
                let (mut reader, mut writer) = socket.split();
                let _ = tokio::io::copy(&mut reader, &mut writer).await;
            }));
        }
    }));
    port
}

/// The port of somebody who sends so many bytes, and how many of them could be sent.
async fn sending(bytes: usize) -> (u16, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sent = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&sent);
    drop(tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        while count.load(Ordering::Relaxed) < bytes {
            socket.write_all(&[0; 16 * 1024]).await.unwrap();
            let _ = count.fetch_add(16 * 1024, Ordering::Relaxed);
        }
    }));
    (port, sent)
}

/// How many bytes were sent once no more are: none in half a second, where all would take a fraction of that.
async fn stopped_at(sent: &AtomicUsize) -> usize {
    let mut last = 0;
    loop {
        let now = sent.load(Ordering::Relaxed);
        if now == last && now > 0 {
            return now;
        }
        last = now;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Tasks end a moment after their channel.
async fn settled(like: Option<Holdings>) -> Holdings {
    let like = like.unwrap_or(Holdings { tasks: 1, files: 0, memory: 0 });
    let _ = tokio::time::timeout(Duration::from_secs(10), async {
        while Holdings::now().tasks > like.tasks {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    Holdings::now()
}

/// Opens channels and closes them: most to a port of the server, some with commands, and a few that this side closes
/// while the command still runs. Of the last, russh keeps 4 KiB each until the connection ends.
async fn open_and_close(connection: &Arc<Connection>, target: &Endpoint, events: &Events, channels: usize) {
    let mut working = Vec::new();
    for worker in 0..8 {
        let (connection, target, events) = (Arc::clone(connection), target.clone(), events.clone());
        working.push(tokio::spawn(async move {
            for number in (worker..channels).step_by(8) {
                match number % 100 {
                    0..=2 => command(&connection, &events, true).await,
                    3 => command(&connection, &events, false).await,
                    _ => there_and_back(&connection, &target).await,
                }
            }
        }));
    }
    for worker in working {
        worker.await.unwrap();
    }
}

async fn command(connection: &Connection, events: &Events, to_its_end: bool) {
    let request = Request { program: Program::Exec("cat".to_owned()), ..Request::default() };
    let mut channel = connection.channel(request, events).await.unwrap();
    echo(&mut channel).await;
    if to_its_end {
        channel.writer().eof().await.unwrap();
        while next(&mut channel).await.is_some() {}
    }
}

async fn there_and_back(connection: &Connection, target: &Endpoint) {
    let mut stream = connection.direct(target).await.unwrap();
    stream.write_all(b"there and back").await.unwrap();
    stream.shutdown().await.unwrap();
    let mut back = Vec::new();
    let _ = stream.read_to_end(&mut back).await.unwrap();
    assert_eq!(back, b"there and back");
}

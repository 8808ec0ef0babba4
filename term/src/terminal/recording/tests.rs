//! Files as they are when a recording is over.

use super::*;

const SIZE: Size = Size { columns: 80, lines: 24, width: 0, height: 0 };

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn options(path: PathBuf, format: Format) -> Options {
    Options { path, format, size: SIZE, title: "host".to_owned(), input: false }
}

/// Records these chunks and returns how it ended.
fn record(options: Options, chunks: &[&[u8]]) -> (PathBuf, Status) {
    let recording = Recording::start(options).expect("started");
    runtime().block_on(async {
        for chunk in chunks {
            recording.output(chunk).await;
            recording.input(b"secret\r");
        }
        recording.resized(Size { columns: 100, ..SIZE });
        let (path, watch) = (recording.path().to_owned(), recording.watch());
        drop(recording);
        (path, Recording::ended(watch).await)
    })
}

#[test]
fn all_that_was_handed_over_is_in_the_file_at_the_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = b"0123456789\r\n".repeat(4_000);
    let chunks: Vec<&[u8]> = std::iter::repeat_n(line.as_slice(), 200).collect();
    let (path, status) = record(options(folder.path().join("host.log"), Format::Text), &chunks);
    assert_eq!(status, Status::Finished);
    assert_eq!(std::fs::read_to_string(path).expect("text").lines().count(), 800_000);
}

#[test]
fn a_recording_has_times_and_sizes_and_what_was_typed_only_if_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = options(folder.path().join("host.cast"), Format::Cast);
    let with_input = Options { input: true, ..plain.clone() };
    for (options, inputs) in [(plain, 0), (with_input, 2)] {
        let (path, status) = record(options, &[b"\x1b[1mbold\xc3", b"\xa9\r\n"]);
        assert_eq!(status, Status::Finished);
        let text = std::fs::read_to_string(path).expect("text");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON in each line")).collect();
        let of = |code: &str| lines.iter().filter(|line| line[1] == code).collect::<Vec<_>>();
        let shown: String = of("o").iter().filter_map(|line| line[2].as_str()).collect();
        assert_eq!(shown, "\x1b[1mboldé\r\n");
        assert_eq!(of("r").first().map(|line| line[2].clone()), Some("100x24".into()));
        assert_eq!(of("i").len(), inputs);
        let times: Vec<f64> = lines.iter().filter_map(|line| line[0].as_f64()).collect();
        assert!(times.is_sorted());
    }
}

#[test]
fn a_full_disk_ends_the_recording_with_its_reason_and_holds_nobody_up() {
    // /dev/full takes nothing (full(4)); it exists, so the file is handed to the writer as it is.
    let file = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let (entries, queue) = mpsc::channel(1);
    let (tell, status) = watch::channel(Status::Running);
    let path = PathBuf::from("/dev/full");
    let writer = Writer::new(file, &options(path.clone(), Format::Text)).expect("a writer");
    let thread = std::thread::spawn(move || writer.run(queue, &tell, path));
    let end = runtime().block_on(async {
        for _ in 0..100 {
            let _ended = entries.send((Instant::now(), Entry::Output(b"line\r\n".repeat(10_000)))).await;
        }
        Recording::ended(status).await
    });
    thread.join().expect("ended");
    assert!(matches!(end, Status::Failed(Error::Write { reason, .. }) if reason.contains("No space left")));
}

#[test]
fn a_place_that_cannot_be_written_to_is_told() {
    let error = Recording::start(options(PathBuf::from("/proc/none/host.log"), Format::Text)).expect_err("no folder");
    assert!(error.to_string().starts_with("/proc/none/host.log cannot be written: "), "{error}");
}

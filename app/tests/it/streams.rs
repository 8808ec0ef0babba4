//! Standard input and output of `tetherm exec`, whatever they are: files, pipes, sockets, a terminal's memory.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::time::Duration;

use rustix::fs::OFlags;
use testbed::Deadline;
use testbed::sshd::free_port;

use crate::client::Bench;

/// A program's end of a stream, and ours.
fn stream(kind: &str, reads: bool) -> (OwnedFd, OwnedFd) {
    match (kind, reads) {
        ("socket", _) => {
            let (theirs, ours) = UnixStream::pair().unwrap();
            (theirs.into(), ours.into())
        }
        (_, true) => {
            let (theirs, ours) = std::io::pipe().unwrap();
            (theirs.into(), ours.into())
        }
        (_, false) => {
            let (ours, theirs) = std::io::pipe().unwrap();
            (theirs.into(), ours.into())
        }
    }
}

fn is_blocking(descriptor: impl AsFd) -> bool {
    !rustix::fs::fcntl_getfl(descriptor).unwrap().contains(OFlags::NONBLOCK)
}

#[test]
fn pipes_and_sockets_carry_all_and_stay_as_they_were() {
    let bench = Bench::new();
    let sent: Vec<u8> = (0..3_000_000_u32).map(|number| (number / 7) as u8).collect();
    for (input, output) in [("pipe", "socket"), ("socket", "pipe")] {
        let (their_input, our_input) = stream(input, true);
        let (their_output, our_output) = stream(output, false);
        // What is handed on is shared: programs that ran before this one, and run after it, use the same flags.
        let shared = [their_input.try_clone().unwrap(), their_output.try_clone().unwrap()];
        let mut command = bench.command("tetherm");
        let mut child = command.args(["box", "cat"]).stdin(their_input).stdout(their_output).spawn().unwrap();
        drop(command);
        let (mut first, mut rest) = (sent.clone(), Vec::new());
        rest.extend(first.split_off(1_000_000));
        let mut into = File::from(our_input);
        let mut from = File::from(our_output);
        let mut back = vec![0; first.len()];
        let writer = std::thread::spawn(move || {
            into.write_all(&first).unwrap();
            into
        });
        from.read_exact(&mut back).unwrap();
        // Both are in use right now.
        assert!(shared.iter().all(is_blocking), "{input}, {output}");
        let mut into = writer.join().unwrap();
        drop(shared);
        let writer = std::thread::spawn(move || into.write_all(&rest).unwrap());
        let _ = from.read_to_end(&mut back).unwrap();
        writer.join().unwrap();
        assert!(back == sent, "{input}, {output}: {} bytes", back.len());
        assert!(child.wait().unwrap().success());
    }
}

#[test]
fn files_and_devices_carry_all() {
    let bench = Bench::new();
    let sent: Vec<u8> = (0..3_000_000_u32).map(|number| (number / 7) as u8).collect();
    let (from, to) = (bench.path("from"), bench.path("to"));
    fs::write(&from, &sent).unwrap();
    // An offset is the descriptor's, and shared as well.
    let mut file = File::open(&from).unwrap();
    file.read_exact(&mut [0; 1000]).unwrap();
    let appended = File::options().append(true).create(true).open(&to).unwrap();
    (&appended).write_all(b"before").unwrap();
    let status = bench.command("tetherm").args(["box", "cat"]).stdin(file).stdout(appended).status().unwrap();
    assert!(status.success());
    assert!(fs::read(&to).unwrap() == [b"before", &sent[1000..]].concat());
    // The rest of a device that never ends is not waited for.
    let zeros = File::open("/dev/zero").unwrap();
    let mut command = bench.command("tetherm");
    let output = command.args(["box", "head -c 100000 | wc -c"]).stdin(zeros).output().unwrap();
    assert_eq!(output.stdout.trim_ascii(), b"100000");
    let nothing = Stdio::from(File::options().write(true).open("/dev/null").unwrap());
    let status = bench.command("tetherm").args(["box", "head -c 5000000 /dev/zero; exit 4"]).stdout(nothing).status();
    assert_eq!(status.unwrap().code(), Some(4));
}

#[test]
fn a_reader_that_stopped_holds_up_nothing_but_itself() {
    let bench = Bench::new();
    let service = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let target = service.local_addr().unwrap();
    let _ = std::thread::spawn(move || {
        for mut stream in service.incoming().flatten() {
            let mut bytes = [0; 4];
            while stream.read_exact(&mut bytes).is_ok() && stream.write_all(&bytes).is_ok() {}
        }
    });
    for kind in ["pipe", "socket"] {
        let (their_output, our_output) = stream(kind, false);
        let port = free_port().unwrap();
        let forwarding = format!("127.0.0.1:{port}:{target}");
        let mut command = bench.command("tetherm");
        let mut child = command.args(["-L", &forwarding, "box", "yes"]).stdout(their_output).spawn().unwrap();
        drop(command);
        let waiting = || rustix::io::ioctl_fionread(&our_output).unwrap();
        Deadline::generous().wait_until("output", || waiting() > 0).unwrap();
        let mut near = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        // A channel that is alone holds the connection back for longer: it must learn at once that it is not.
        near.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
        for _ in 0..50 {
            let mut back = [0; 4];
            near.write_all(b"ping").unwrap();
            near.read_exact(&mut back).unwrap();
            assert_eq!(&back, b"ping", "{kind}");
        }
        drop(our_output);
        let _ = child.wait().unwrap();
    }
}

use super::*;

fn parsed(words: &str) -> Result<Command, String> {
    parse(words.split_whitespace().map(OsString::from)).map_err(|error| error.to_string())
}

#[test]
fn each_command_becomes_its_request() {
    let ask = |request, output| Command::Ask { control: None, request, output };
    let table = [
        ("ls", ask(Request::Ls, Output::Json)),
        ("text", ask(Request::Text { tab: None }, Output::Text)),
        ("text 3", ask(Request::Text { tab: Some(3) }, Output::Text)),
        ("send ls", ask(Request::Send { tab: None, text: "ls".into() }, Output::Nowhere)),
        ("send 3 ls", ask(Request::Send { tab: Some(3), text: "ls".into() }, Output::Nowhere)),
        ("send -l", ask(Request::Send { tab: None, text: "-l".into() }, Output::Nowhere)),
        ("send -- --help", ask(Request::Send { tab: None, text: "--help".into() }, Output::Nowhere)),
        ("open me@host:22", ask(Request::Open { destination: "me@host:22".into() }, Output::TabId)),
        ("screenshot a.png", ask(Request::Screenshot { window: None }, Output::Picture("a.png".into()))),
        ("screenshot --window 7 -", ask(Request::Screenshot { window: Some(7) }, Output::Picture("-".into()))),
        ("--help", Command::Help),
        ("ls -h", Command::Help),
    ];
    for (words, expected) in table {
        assert_eq!(parsed(words), Ok(expected), "{words}");
    }
    for words in ["--control /run/t ls", "ls --control /run/t", "--control=/run/t ls"] {
        let expected = Command::Ask { control: Some("/run/t".into()), request: Request::Ls, output: Output::Json };
        assert_eq!(parsed(words), Ok(expected), "{words}");
    }
}

#[test]
fn a_wrong_command_line_says_what_is_wrong() {
    let table = [
        ("", "a command is missing"),
        ("dance", "there is no command dance"),
        ("text x", "x is no id; tetherm ctl ls tells the ids"),
        ("send", "send takes other arguments than these 0"),
        ("send 1 2 3", "send takes other arguments than these 3"),
        ("ls --fast", "there is no option --fast"),
        ("ls --control", "--control needs a path"),
        ("ls --window 1", "--window is for screenshot only"),
    ];
    for (words, expected) in table {
        assert_eq!(parsed(words), Err(format!("tetherm ctl: {expected}\nTry: tetherm ctl --help")), "{words}");
    }
}

#[test]
fn without_a_window_the_command_says_how_to_start_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none");
    let command = Command::Ask { control: Some(path.clone()), request: Request::Ls, output: Output::Json };
    let error = perform(command, &mut Vec::new()).unwrap_err().to_string();
    assert!(error.contains(&format!("start one with: tetherm --control {}", path.display())), "{error}");
}

#[cfg(unix)]
mod with_a_window {
    use futures::StreamExt as _;

    use super::*;
    use crate::control::{Answer, Server};

    /// Runs `tetherm ctl WORDS` against a window that answers `answer`; returns what it wrote.
    async fn written(words: &str, answer: Answer) -> Result<Vec<u8>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let mut calls = Box::pin(Server::bind(&path).unwrap().calls());
        let window = tokio::spawn(async move {
            while let Some(call) = calls.next().await {
                call.reply.answer(answer.clone());
            }
        });
        let words = format!("--control {} {words}", path.display());
        let command = parse(words.split_whitespace().map(OsString::from))?;
        let done = tokio::task::spawn_blocking(move || {
            let mut out = Vec::new();
            perform(command, &mut out).map(|()| out)
        });
        let done = done.await.unwrap();
        window.abort();
        done
    }

    #[tokio::test]
    async fn answers_are_written_as_asked_for() {
        assert_eq!(written("text", Answer::Text("a\nb\n".into())).await.unwrap(), b"a\nb\n");
        assert_eq!(written("send x", Answer::Sent).await.unwrap(), b"");
        assert_eq!(written("open x", Answer::Opened { tab: 4 }).await.unwrap(), b"4\n");
        let listing = written("ls", Answer::Listing(control::Listing::default())).await.unwrap();
        assert_eq!(serde_json::from_slice::<control::Listing>(&listing).unwrap(), control::Listing::default());
    }

    #[tokio::test]
    async fn a_refusal_is_an_error_with_the_windows_reason() {
        let error = written("text 9", Answer::Refused("there is no tab 9".into())).await.unwrap_err();
        assert_eq!(error.to_string(), "tetherm ctl: there is no tab 9");
    }

    #[tokio::test]
    async fn a_screenshot_is_the_windows_pixels() {
        let rgba: Vec<u8> = (0..2 * 3 * 4).collect();
        let answer = Answer::Screenshot { width: 2, height: 3, rgba: rgba.clone() };
        let written = written("screenshot -", answer).await.unwrap();
        let mut reader = png::Decoder::new(io::Cursor::new(written)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, pixels), (2, 3, rgba));
    }
}

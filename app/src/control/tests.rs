use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;

use futures::StreamExt as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

use super::answer::{State, Tab, Window};
use super::*;

fn listing() -> Listing {
    let tab = |id, state| Tab {
        id,
        state,
        title: "shell".into(),
        host: "me@host".into(),
        columns: 80,
        lines: 24,
        active: id == 1,
        panes: Vec::new(),
    };
    let tabs = vec![
        tab(1, State::Open),
        tab(2, State::Prompt { prompt: "password".into() }),
        tab(3, State::Closed { reason: "exited with status 1".into() }),
        tab(4, State::Connecting),
    ];
    let window = Window { id: 1, title: "t".into(), width: 800.0, height: 600.0, scale: 1.5, focused: true, tabs };
    Listing { windows: vec![window] }
}

/// A window that answers each call, and refuses tabs it does not have.
fn window(server: Server) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut calls = Box::pin(server.calls());
        while let Some(call) = calls.next().await {
            call.reply.answer(match &call.request {
                Request::Ls => Answer::Listing(listing()),
                Request::Text { tab: None | Some(1) } => Answer::Text("$ ls\n".into()),
                Request::Send { tab: None | Some(1), .. } => Answer::Sent,
                Request::Open { destination } if destination == "host" => Answer::Opened { tab: 5 },
                Request::Screenshot { .. } => Answer::Screenshot { width: 1, height: 1, rgba: vec![1, 2, 3, 255] },
                other => Answer::Refused(format!("no: {other:?}")),
            });
        }
    })
}

/// Sends `lines` over one connection and returns a reply for each.
async fn talk(path: &Path, lines: &[&str]) -> Vec<serde_json::Value> {
    let mut stream = BufReader::new(tokio::net::UnixStream::connect(path).await.unwrap());
    let mut replies = Vec::new();
    for line in lines {
        stream.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        let mut reply = String::new();
        let _ = stream.read_line(&mut reply).await.unwrap();
        replies.push(serde_json::from_str(&reply).unwrap());
    }
    replies
}

#[tokio::test]
async fn each_request_gets_the_windows_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let window = window(Server::bind(&path).unwrap());
    let requests = [
        r#"{"request":"text"}"#,
        r#"{"request":"text","tab":1}"#,
        r#"{"request":"send","text":"ls\r"}"#,
        r#"{"request":"open","destination":"host"}"#,
        r#"{"request":"open","destination":"nowhere"}"#,
        r#"{"request":"dance"}"#,
        r#"{"request":"text","tabb":1}"#,
        "nonsense",
        r#"{"request":"text"}"#,
    ];
    let replies = talk(&path, &requests).await;
    let error = |index: usize| replies[index]["error"].as_str().unwrap_or_default();
    assert_eq!(replies[0], serde_json::json!({ "ok": "$ ls\n" }));
    assert_eq!(replies[1], replies[0]);
    assert_eq!(replies[2], serde_json::json!({ "ok": null }));
    assert_eq!(replies[3], serde_json::json!({ "ok": { "tab": 5 } }));
    assert!(error(4).contains("nowhere"), "{}", replies[4]);
    assert!(error(5).contains("dance") && error(6).contains("tabb"), "{replies:?}");
    assert!(error(7).contains("this is no request"), "{}", replies[7]);
    // A wrong request does not end the conversation.
    assert_eq!(replies[8], replies[0]);
    window.abort();
}

#[tokio::test]
async fn the_listing_tells_states_and_no_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let window = window(Server::bind(&path).unwrap());
    let replies = talk(&path, &[r#"{"request":"ls"}"#]).await;
    let tabs = &replies[0]["ok"]["windows"][0]["tabs"];
    assert_eq!(tabs[0]["state"], "open");
    assert_eq!((&tabs[1]["state"], &tabs[1]["prompt"]), (&"prompt".into(), &"password".into()));
    assert_eq!(tabs[2]["reason"], "exited with status 1");
    assert_eq!(tabs[3]["state"], "connecting");
    assert_eq!(serde_json::from_value::<Listing>(replies[0]["ok"].clone()).unwrap(), listing());
    window.abort();
}

#[tokio::test]
async fn only_the_user_may_connect_and_the_socket_goes_with_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let window = window(Server::bind(&path).unwrap());
    assert_eq!(fs::symlink_metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(talk(&path, &[r#"{"request":"text"}"#]).await.len(), 1);
    window.abort();
    let _ = window.await;
    // The accept loop ends a moment after the stream that owns it.
    while path.exists() {
        tokio::task::yield_now().await;
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[tokio::test]
async fn a_dead_windows_socket_is_replaced_and_a_live_ones_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    // As a killed process leaves it.
    drop(UnixListener::bind(&path).unwrap());
    let first = Server::bind(&path).unwrap();
    let error = Server::bind(&path).unwrap_err();
    assert!(matches!(error, Error::InUse { .. }), "{error}");
    drop(first);
    assert!(!path.exists());
}

#[tokio::test]
async fn a_file_of_the_users_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes");
    fs::write(&path, "mine").unwrap();
    let error = Server::bind(&path).unwrap_err();
    assert!(matches!(error, Error::NotASocket { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let error = Server::bind(&folder.path().join("no/such/folder")).unwrap_err();
    assert!(matches!(error, Error::Bind { .. }), "{error}");
}

#[tokio::test]
async fn a_call_that_is_dropped_is_answered_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let server = Server::bind(&path).unwrap();
    let window = tokio::spawn(async move {
        let mut calls = Box::pin(server.calls());
        while let Some(call) = calls.next().await {
            drop(call);
        }
    });
    let replies = talk(&path, &[r#"{"request":"ls"}"#]).await;
    assert_eq!(replies[0]["error"], "the window is closing");
    window.abort();
}

#[test]
fn typed_text_and_screens_stay_out_of_debug_output() {
    let request = Request::Send { tab: None, text: "hunter2".into() };
    assert!(!format!("{request:?}{:?}", Answer::Text("hunter2".into())).contains("hunter2"));
}

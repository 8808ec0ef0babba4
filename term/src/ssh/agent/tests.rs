//! Against an agent within the test, for what ssh-agent does not answer.

use russh::keys::PublicKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixListener;

use super::*;

/// An agent that gives this answer to everything.
async fn answering(answer: Vec<u8>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent");
    let listener = UnixListener::bind(&path).unwrap();
    drop(tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            while let Ok(length) = stream.read_u32().await {
                let mut request = vec![0; usize::try_from(length).unwrap()];
                let _ = stream.read_exact(&mut request).await.unwrap();
                stream.write_all(&answer).await.unwrap();
            }
        }
    }));
    (folder, path)
}

fn framed(message: &[u8]) -> Vec<u8> {
    [&u32::try_from(message.len()).unwrap().to_be_bytes(), message].concat()
}

fn string(text: &[u8]) -> Vec<u8> {
    framed(text)
}

async fn listed(answer: Vec<u8>) -> Result<Vec<Held>, Error> {
    let (_folder, path) = answering(answer).await;
    let mut client = connect(&path).await?;
    keys(&mut client, &path).await
}

#[tokio::test]
async fn keys_that_cannot_be_read_do_not_hide_the_others() {
    let key =
        PublicKey::from_openssh("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK2pr+Bfus1hvPof4Wb/plZCzSbqadHH0u+/f4ODtKnE")
            .unwrap();
    let blobs = [string(b"ssh-nonsense"), b"\0\0\0\x0bssh-ed25519".to_vec(), key.to_bytes().unwrap(), Vec::new()];
    let mut list = vec![12];
    list.extend(u32::try_from(blobs.len()).unwrap().to_be_bytes());
    for blob in &blobs {
        list.extend(string(blob));
        list.extend(string(b"a \x1b[31mname\xff"));
    }
    let held = listed(framed(&list)).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].key.key_data(), key.key_data());
    assert!(!held[0].comment.contains('\x1b'), "{:?}", held[0].comment);
}

#[tokio::test]
async fn broken_answers_are_errors_and_never_a_panic() {
    for answer in [
        framed(&[5]),
        framed(&[]),
        framed(&[12]),
        framed(&[12, 0, 0, 0, 1]),
        framed(&[12, 255, 255, 255, 255, 255, 255, 255, 255]),
        framed(&[14, 0]),
        vec![255; 8],
    ] {
        let error = listed(answer.clone()).await.unwrap_err();
        assert!(matches!(error, Error::Unusable { .. }), "{answer:?}: {error}");
    }
}

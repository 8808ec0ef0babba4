//! Notices that files were changed by other programs.
//!
//! Looking at a handful of files once a second costs less than it takes to measure, works on every file system, and
//! wakes nothing that draws unless something has changed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use iced::Subscription;
use iced::futures::SinkExt as _;

/// How often the files are looked at: a change is seen before one has switched windows.
const INTERVAL: Duration = Duration::from_secs(1);

/// Says something whenever one of these files or folders changes, comes or goes.
pub(super) fn changes(paths: &Arc<[PathBuf]>) -> Subscription<()> {
    Subscription::run_with(Arc::clone(paths), |paths| {
        let paths = Arc::clone(paths);
        iced::stream::channel(1, async move |mut output| {
            let mut known = stamps(&paths).await;
            loop {
                tokio::time::sleep(INTERVAL).await;
                let now = stamps(&paths).await;
                if now.is_some() && now != known {
                    known = now;
                    // A window that is gone needs no news.
                    if output.send(()).await.is_err() {
                        return;
                    }
                }
            }
        })
    })
}

/// What tells one state of a file from another.
type Stamp = Option<(SystemTime, u64, u64)>;

async fn stamps(paths: &Arc<[PathBuf]>) -> Option<Vec<Stamp>> {
    let paths = Arc::clone(paths);
    // A disk may sleep, and a network share hang.
    tokio::task::spawn_blocking(move || paths.iter().map(|path| stamp(path)).collect()).await.ok()
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len(), identity(&metadata)))
}

/// A file that was replaced is another one, even if it is as long and as old.
#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn identity(_metadata: &std::fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_comes_changes_or_is_replaced_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        assert_eq!(stamp(&path), None);
        std::fs::write(&path, "a").unwrap();
        let first = stamp(&path);
        assert!(first.is_some() && first == stamp(&path));
        std::fs::write(&path, "ab").unwrap();
        let second = stamp(&path);
        assert_ne!(first, second);
        let other = folder.path().join("other");
        std::fs::write(&other, "cd").unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert_ne!(second, stamp(&path));
    }
}

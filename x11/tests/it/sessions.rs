//! The session's display is found where no variable names it.

use std::os::unix::fs::symlink;

use testbed::Xvfb;
use x11::Session;

#[tokio::test]
async fn the_display_that_lets_this_user_in_is_found_with_its_cookie() {
    let (first, second) = (Xvfb::start(640, 480).unwrap(), Xvfb::start(640, 480).unwrap());
    let folder = tempfile::tempdir().unwrap();
    for display in [&first, &second] {
        symlink(display.socket(), folder.path().join(format!("X{}", display.number()))).unwrap();
    }
    std::fs::write(folder.path().join("X65000"), "no socket").unwrap();
    let missing = folder.path().join("none");
    assert_eq!(Session::find_among(folder.path(), vec![missing.clone()]).await, None, "neither lets anybody in so");
    let files = vec![missing, second.xauthority()];
    let found = Session::find_among(folder.path(), files).await.unwrap();
    assert_eq!(found.display.number(), second.number());
    assert_eq!(found.xauthority, Some(second.xauthority()));
}

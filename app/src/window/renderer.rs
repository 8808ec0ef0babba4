//! Which renderer draws the windows: the graphics card's, or software where there is no card.
//!
//! iced would find a CPU rasteriser behind the graphics API there, which takes six times the memory and ten times the
//! time of tiny-skia for the same picture.

use std::path::Path;

use crate::store::settings::Renderer;

/// The variable that iced chooses its renderer by; it takes the choice from nowhere else.
const VARIABLE: &str = "ICED_BACKEND";

/// Whether the machine has no graphics card that can render.
#[must_use]
pub fn is_software(render_nodes: &Path) -> bool {
    if cfg!(not(target_os = "linux")) {
        return false;
    }
    let card = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    };
    !std::fs::read_dir(render_nodes).is_ok_and(|mut entries| entries.any(card))
}

/// Tells iced which renderer to use, unless the user's environment does. Call it before anything starts a thread; it
/// does nothing once there is more than one.
pub fn choose(setting: Renderer) {
    let backend = match setting {
        Renderer::Gpu => "wgpu",
        Renderer::Auto if !is_software(Path::new("/dev/dri")) => return,
        Renderer::Auto | Renderer::Software => "tiny-skia",
    };
    if std::env::var_os(VARIABLE).is_some() || !is_single_threaded() {
        return;
    }
    // SAFETY: writing the environment races with reading it on another thread; there is no other thread.
    #[expect(unsafe_code, reason = "iced chooses its renderer by this variable only")]
    unsafe {
        std::env::set_var(VARIABLE, backend);
    }
}

/// Whether this process has only the calling thread.
fn is_single_threaded() -> bool {
    std::fs::read_dir("/proc/self/task").is_ok_and(|tasks| tasks.count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_machine_without_a_render_node_draws_in_software() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(is_software(&folder.path().join("missing")));
        std::fs::write(folder.path().join("card0"), "").expect("a file");
        assert!(is_software(folder.path()));
        std::fs::write(folder.path().join("renderD128"), "").expect("a file");
        assert!(!is_software(folder.path()));
    }

    #[test]
    fn a_process_with_threads_keeps_its_environment() {
        std::thread::scope(|scope| {
            let (done, wait) = std::sync::mpsc::channel::<()>();
            let _ = scope.spawn(move || wait.recv());
            choose(Renderer::Software);
            assert!(!is_single_threaded());
            drop(done);
        });
        assert_ne!(std::env::var(VARIABLE).as_deref(), Ok("tiny-skia"));
    }
}

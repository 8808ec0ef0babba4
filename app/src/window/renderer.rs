//! Which renderer draws the windows: the graphics card's, or software where there is no card.
//!
//! iced would find a CPU rasteriser behind the graphics API there, which takes six times the memory and ten times the
//! time of tiny-skia for the same picture.

use std::path::Path;

use crate::store::settings::Renderer;

/// The variable that iced chooses its renderer by; it takes the choice from nowhere else.
const VARIABLE: &str = "ICED_BACKEND";

/// Kernel drivers whose render nodes only pass memory around: no card is behind them.
const WITHOUT_CARD: [&str; 2] = ["vgem", "vkms"];

/// Variables by which users tell Mesa to render on the processor, and the value that says so.
const SOFTWARE: [(&str, &str); 3] =
    [("LIBGL_ALWAYS_SOFTWARE", "1"), ("LIBGL_ALWAYS_SOFTWARE", "true"), ("GALLIUM_DRIVER", "llvmpipe")];

/// Whether the machine has no graphics card that can render, as far as the kernel knows: `nodes` is `/dev/dri` and
/// `devices` is `/sys/class/drm`.
#[must_use]
pub fn is_software(nodes: &Path, devices: &Path) -> bool {
    if cfg!(not(target_os = "linux")) {
        return false;
    }
    let card = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            let name = entry.file_name();
            name.to_string_lossy().starts_with("renderD") && renders(&devices.join(name).join("device"))
        })
    };
    !std::fs::read_dir(nodes).is_ok_and(|mut entries| entries.any(card))
}

/// Whether the device behind a render node renders. What cannot be told counts as a card: then iced looks closer.
fn renders(device: &Path) -> bool {
    let driver = std::fs::read_link(device.join("driver")).ok();
    match driver.as_deref().and_then(Path::file_name).and_then(|name| name.to_str()) {
        Some(name) if WITHOUT_CARD.contains(&name) => false,
        // A virtual machine's card has a render node also where the host lends it no card; the first of its feature
        // bits (VIRTIO_GPU_F_VIRGL) says whether it does.
        Some("virtio_gpu") => !std::fs::read_to_string(device.join("features")).is_ok_and(|bits| bits.starts_with('0')),
        _ => true,
    }
}

/// Whether the user told Mesa, which is behind the graphics card's renderer, to do without the card.
fn is_software_wanted(variable: impl Fn(&str) -> Option<String>) -> bool {
    SOFTWARE.iter().any(|(name, value)| variable(name).is_some_and(|set| set.eq_ignore_ascii_case(value)))
}

/// The renderer for a setting, as iced calls it; `None` lets iced look for a card.
fn backend(setting: Renderer, software: impl FnOnce() -> bool) -> Option<&'static str> {
    match setting {
        Renderer::Gpu => Some("wgpu"),
        Renderer::Software => Some("tiny-skia"),
        Renderer::Auto => software().then_some("tiny-skia"),
    }
}

/// Tells iced which renderer to use, unless the user's environment does. Call it before anything starts a thread; it
/// does nothing once there is more than one.
pub fn choose(setting: Renderer) {
    let software = || {
        is_software(Path::new("/dev/dri"), Path::new("/sys/class/drm"))
            || is_software_wanted(|name| std::env::var(name).ok())
    };
    let Some(backend) = backend(setting, software) else { return };
    if std::env::var_os(VARIABLE).is_some() || !is_single_threaded() {
        return;
    }
    // SAFETY: writing the environment races with reading it on another thread; there is no other thread.
    #[expect(unsafe_code, reason = "iced chooses its renderer by this variable only")]
    unsafe {
        std::env::set_var(VARIABLE, backend);
    }
}

/// Whether iced was told to draw in software.
#[must_use]
pub fn is_software_chosen() -> bool {
    std::env::var_os(VARIABLE).is_some_and(|backend| backend == "tiny-skia" || backend == "tiny_skia")
}

/// Whether this process has only the calling thread.
fn is_single_threaded() -> bool {
    std::fs::read_dir("/proc/self/task").is_ok_and(|tasks| tasks.count() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with one render node, of this driver and with these feature bits.
    #[cfg(target_os = "linux")]
    fn machine(driver: &str, features: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let device = folder.path().join("drm/renderD128/device");
        std::fs::create_dir_all(&device).expect("a folder");
        std::fs::create_dir(folder.path().join("dri")).expect("a folder");
        std::fs::write(folder.path().join("dri/renderD128"), "").expect("a file");
        std::fs::write(device.join("features"), features).expect("a file");
        std::os::unix::fs::symlink(format!("../../../bus/drivers/{driver}"), device.join("driver")).expect("a link");
        folder
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_machine_without_a_card_behind_a_render_node_draws_in_software() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let none = folder.path().join("missing");
        assert!(is_software(&none, &none));
        std::fs::write(folder.path().join("card0"), "").expect("a file");
        assert!(is_software(folder.path(), &none));
        std::fs::write(folder.path().join("renderD128"), "").expect("a file");
        assert!(!is_software(folder.path(), &none), "a node of which nothing more is known");
        for (driver, features, software) in [
            ("amdgpu", "", false),
            ("i915", "", false),
            ("vgem", "", true),
            ("vkms", "", true),
            ("virtio_gpu", "0100000", true),
            ("virtio_gpu", "1100000", false),
        ] {
            let machine = machine(driver, features);
            let (nodes, devices) = (machine.path().join("dri"), machine.path().join("drm"));
            assert_eq!(is_software(&nodes, &devices), software, "{driver} {features}");
        }
    }

    #[test]
    fn the_setting_wins_and_else_the_machine_decides() {
        for (setting, software, chosen) in [
            (Renderer::Gpu, true, Some("wgpu")),
            (Renderer::Software, false, Some("tiny-skia")),
            (Renderer::Auto, true, Some("tiny-skia")),
            (Renderer::Auto, false, None),
        ] {
            assert_eq!(backend(setting, || software), chosen, "{setting:?} {software}");
        }
    }

    #[test]
    fn who_tells_mesa_to_do_without_the_card_is_heard() {
        let set = |name: &'static str, value: &'static str| {
            is_software_wanted(move |asked| (asked == name).then(|| value.to_owned()))
        };
        assert!(set("LIBGL_ALWAYS_SOFTWARE", "1") && set("LIBGL_ALWAYS_SOFTWARE", "True"));
        assert!(set("GALLIUM_DRIVER", "llvmpipe"));
        assert!(!set("LIBGL_ALWAYS_SOFTWARE", "0") && !set("GALLIUM_DRIVER", "zink"));
        assert!(!is_software_wanted(|_| None));
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

//! The window's icon.

use iced::window::{Icon, icon};

/// The icon, or none if the bundled file could not be read: a window without one is still a window.
pub(super) fn load() -> Option<Icon> {
    let bytes: &[u8] = include_bytes!("../../../assets/icon/tetherm-128.png");
    let mut decoder = png::Decoder::new(bytes);
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().ok()?;
    let mut rgba = vec![0; reader.output_buffer_size()];
    let info = reader.next_frame(&mut rgba).ok()?;
    rgba.truncate(info.buffer_size());
    icon::from_rgba(rgba, info.width, info.height).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_bundled_icon_can_be_read() {
        assert!(super::load().is_some());
    }
}

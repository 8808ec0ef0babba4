//! iTerm2's inline files (iterm2.com/documentation-images.html): `OSC 1337 ; File = key=value;… : base64`.

use std::str;

use super::super::super::image::kitty::Base64;
use super::super::super::image::{Picture, UPLOAD};

/// The longest list of keys: a file's name is among them.
const KEYS: usize = 4096;

/// The most cells or pixels that may be asked for.
const MOST: u32 = 10_000;

/// A width or a height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Extent {
    #[default]
    Auto,
    Cells(u32),
    Pixels(u32),
    Percent(u32),
}

/// A file on its way.
#[derive(Debug, Default)]
pub(in crate::terminal) struct InlineFile {
    keys: Vec<u8>,
    keys_end: bool,
    base64: Base64,
    bytes: Vec<u8>,
    too_large: bool,
}

impl InlineFile {
    /// The next bytes of the string.
    pub(super) fn push(&mut self, data: &[u8]) {
        let mut data = data;
        if !self.keys_end {
            let end = data.iter().position(|byte| *byte == b':');
            let (keys, rest) = data.split_at_checked(end.unwrap_or(data.len())).unwrap_or((data, &[]));
            self.too_large |= self.keys.len() + keys.len() > KEYS;
            if !self.too_large {
                self.keys.extend_from_slice(keys);
            }
            self.keys_end = end.is_some();
            data = rest.get(1..).unwrap_or_default();
        }
        if !self.too_large && self.is_shown() && !self.base64.decode(data, &mut self.bytes, UPLOAD) {
            self.too_large = true;
            self.bytes = Vec::new();
        }
    }

    /// The string is complete.
    pub(super) fn end(&mut self) {
        self.base64.end(&mut self.bytes);
    }

    /// Whether it is a picture to show; one to be saved is ignored.
    pub(super) fn is_shown(&self) -> bool {
        self.keys_end && !self.too_large && self.value("inline") == Some("1")
    }

    /// The file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn value(&self, key: &str) -> Option<&str> {
        let keys = str::from_utf8(&self.keys).ok()?;
        keys.split(';').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
    }

    /// The size in pixels at which a picture is shown, on a screen of so many cells.
    pub(super) fn size(&self, picture: &Picture, cell: (u16, u16), screen: (u16, u16)) -> (u32, u32) {
        let pixels = |key: &str, cell: u16, screen: u16| {
            let (cell, screen) = (u32::from(cell), u32::from(screen));
            let pixels = match self.value(key).and_then(extent).unwrap_or_default() {
                Extent::Auto => return None,
                Extent::Cells(cells) => cells.min(screen) * cell,
                Extent::Pixels(pixels) => pixels,
                Extent::Percent(percent) => screen * cell * percent / 100,
            };
            Some(pixels.clamp(1, MOST))
        };
        let (width, height) = (pixels("width", cell.0, screen.0), pixels("height", cell.1, screen.1));
        let natural = (picture.width(), picture.height());
        let scaled = |from: u32, other: u32, by: u32| (from * other / by.max(1)).clamp(1, MOST);
        match (width, height) {
            (None, None) => natural,
            (Some(width), None) => (width, scaled(width, natural.1, natural.0)),
            (None, Some(height)) => (scaled(height, natural.0, natural.1), height),
            (Some(width), Some(height)) if self.value("preserveAspectRatio") == Some("0") => (width, height),
            (Some(width), Some(height)) => {
                let tall = scaled(width, natural.1, natural.0);
                if tall <= height { (width, tall) } else { (scaled(height, natural.0, natural.1), height) }
            }
        }
    }
}

fn extent(value: &str) -> Option<Extent> {
    let number = |digits: &str| digits.parse::<u32>().ok().map(|number| number.min(MOST));
    if let Some(digits) = value.strip_suffix("px") {
        number(digits).map(Extent::Pixels)
    } else if let Some(digits) = value.strip_suffix('%') {
        number(digits).map(|percent| Extent::Percent(percent.min(100)))
    } else {
        number(value).map(Extent::Cells)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(string: &str) -> InlineFile {
        let mut file = InlineFile::default();
        string.as_bytes().chunks(3).for_each(|chunk| file.push(chunk));
        file.end();
        file
    }

    #[test]
    fn only_inline_files_are_kept() {
        assert_eq!(file("name=YQ==;inline=1:aGFsbG8=").bytes(), b"hallo");
        assert!(file("inline=1:aGFsbG8=").is_shown());
        for other in ["inline=0:aGFs", ":aGFs", "inline=1", &format!("name={};inline=1:aGFs", "a".repeat(KEYS))] {
            let file = file(other);
            assert!(!file.is_shown() && file.bytes().is_empty(), "{other:.30}");
        }
    }

    #[test]
    fn sizes_are_cells_pixels_or_percent_and_keep_the_proportions() {
        let picture = Picture::new(40, 20, vec![0; 40 * 20 * 4]).unwrap();
        let table = [
            ("", (40, 20)),
            ("width=8", (80, 40)),
            ("height=1", (40, 20)),
            ("width=400px", (400, 200)),
            ("width=50%", (400, 200)),
            ("width=8;height=1", (40, 20)),
            ("width=8;height=1;preserveAspectRatio=0", (80, 20)),
            ("width=4294967295", (800, 400)),
            ("width=99999999999px;height=auto", (40, 20)),
            ("width=99999px;height=auto", (10_000, 5_000)),
            ("width=0", (1, 1)),
            ("width=-3;height=x%", (40, 20)),
        ];
        for (keys, size) in table {
            assert_eq!(file(&format!("{keys}:")).size(&picture, (10, 20), (80, 24)), size, "{keys}");
        }
    }
}

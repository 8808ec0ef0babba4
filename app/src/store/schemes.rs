//! Colour schemes of terminals: those that come along, and the user's own in the configuration folder's `schemes/`.
//!
//! A scheme is a TOML file; its name is the file's without the ending:
//!
//! ```toml
//! name = "Solarized Dark"        # what lists show; without it the file's name
//! mode = "dark"                  # "dark" or "light"; without it what the background is
//! foreground = "#839496"
//! background = "#002b36"
//! cursor = "#93a1a1"             # without it the foreground
//! cursor_text = "#002b36"        # text under the cursor; without it the background
//! selection = "#073642"          # behind selected text; without it something between the two
//!
//! [normal]                       # all eight: black red green yellow blue magenta cyan white
//! black = "#073642"
//!
//! [bright]                       # without one of them its normal colour
//! black = "#002b36"
//! ```

mod alacritty;
mod iterm;
mod text;

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use term::terminal::{Palette, Rgb};

pub use super::Error;
use super::document::Document;
use super::file;

/// How many files of the user's folder are looked at, and how large one may be in bytes: a scheme has about 700.
const FILES: usize = 2_000;
const LARGEST: u64 = 256 * 1024;

/// Whether a scheme is light text on a dark ground or the reverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ground {
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// A colour scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme {
    /// What settings name it by.
    pub name: String,
    /// What lists show.
    pub title: String,
    /// Its background.
    pub ground: Ground,
    /// Its colours.
    pub palette: Palette,
    /// Whether it is the user's own.
    pub own: bool,
}

/// Every scheme there is, by title; and what is wrong with files that hold none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schemes {
    list: Arc<Vec<Scheme>>,
    problems: Arc<Vec<Error>>,
}

/// Names of files in `assets/schemes`, with their texts.
macro_rules! bundled {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../assets/schemes/", $name, ".toml")))),*]
    };
}

/// The schemes that come along: name and text.
const BUNDLED: &[(&str, &str)] = &bundled![
    "ayu-dark",
    "ayu-light",
    "catppuccin-latte",
    "catppuccin-mocha",
    "dracula",
    "everforest-dark",
    "everforest-light",
    "github-dark",
    "github-light",
    "gruvbox-dark",
    "gruvbox-light",
    "kanagawa",
    "monokai",
    "nord",
    "one-dark",
    "one-light",
    "rose-pine",
    "rose-pine-dawn",
    "solarized-dark",
    "solarized-light",
    "tetherm-dark",
    "tetherm-light",
    "tokyo-night",
    "tomorrow-night",
    "xterm",
];

impl Default for Schemes {
    /// Those that come along.
    fn default() -> Self {
        static SCHEMES: LazyLock<Schemes> = LazyLock::new(|| Schemes::sorted(all_bundled(), Vec::new()));
        SCHEMES.clone()
    }
}

impl Schemes {
    /// Those that come along and those in the user's folder, which win over others of the same name. Blocks on the disk.
    #[must_use]
    pub fn load(folder: Option<&Path>) -> Self {
        let (own, problems) = folder.map(read_folder).unwrap_or_default();
        let mut list: Vec<_> = all_bundled();
        list.retain(|scheme| !own.iter().any(|other| other.name == scheme.name));
        list.extend(own);
        Self::sorted(list, problems)
    }

    fn sorted(mut list: Vec<Scheme>, problems: Vec<Error>) -> Self {
        list.sort_by_cached_key(|scheme| (scheme.title.to_lowercase(), scheme.name.clone()));
        Self { list: Arc::new(list), problems: Arc::new(problems) }
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Scheme> {
        self.list.iter()
    }

    /// The one of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Scheme> {
        self.list.iter().find(|scheme| scheme.name == name)
    }

    /// The colours of the scheme of this name; where there is none, those that a new user has on such a ground.
    #[must_use]
    pub fn palette(&self, name: &str, ground: Ground) -> Palette {
        let scheme = self.get(name).map(|scheme| scheme.palette.clone());
        scheme.unwrap_or_else(|| ground.palette())
    }

    /// What is wrong with files of the user's folder.
    #[must_use]
    pub fn problems(&self) -> &[Error] {
        &self.problems
    }

    /// Copies another program's scheme into the user's folder: Alacritty's TOML or YAML, iTerm2's `.itermcolors`, or
    /// a scheme of Tetherm's own. Returns its name. Blocks on the disk.
    ///
    /// # Errors
    /// [`Error::Unreadable`]; [`Error::Malformed`] with the place of a mistake; [`Error::NotImported`] for what is no
    /// scheme; what writing costs.
    pub fn import(source: &Path, folder: &Path) -> Result<String, Error> {
        let bytes = read_bounded(source)?;
        let stem = stem(source);
        let ending = source.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        let scheme = match ending.as_str() {
            "itermcolors" => iterm::read(source, &bytes, &stem)?,
            "yml" | "yaml" => alacritty::read_yaml(source, &bytes, &stem)?,
            _ => {
                let document = Document::parse(source, &bytes)?;
                match document.root().table("colors")? {
                    Some(colors) => alacritty::read_toml(source, &colors, &stem)?,
                    None => text::read(&document, &stem)?,
                }
            }
        };
        write(&scheme, folder)
    }
}

impl Ground {
    /// The colours that a new user has on such a ground.
    #[must_use]
    pub fn palette(self) -> Palette {
        let name = match self {
            Self::Dark => "tetherm-dark",
            Self::Light => "tetherm-light",
        };
        // Bundled, and a test reads every bundled one.
        Schemes::default().get(name).map_or_else(grey, |scheme| scheme.palette.clone())
    }

    /// The ground that a background is.
    fn of(background: Rgb) -> Self {
        let luma = 2126 * u32::from(background.r) + 7152 * u32::from(background.g) + 722 * u32::from(background.b);
        if luma > 1_275_000 { Self::Light } else { Self::Dark }
    }
}

fn grey() -> Palette {
    let (light, dark) = (Rgb::hex(0xe0e0e0), Rgb::hex(0x101010));
    Palette {
        foreground: light,
        background: dark,
        cursor: light,
        cursor_text: dark,
        selection: Rgb::hex(0x505050),
        ansi: [light; 16],
    }
}

fn all_bundled() -> Vec<Scheme> {
    let read = |(name, text): &(&str, &str)| {
        let path = Path::new(name);
        Document::parse(path, text.as_bytes()).and_then(|document| text::read(&document, name)).ok()
    };
    BUNDLED.iter().filter_map(read).collect()
}

fn read_folder(folder: &Path) -> (Vec<Scheme>, Vec<Error>) {
    let (mut schemes, mut problems) = (Vec::new(), Vec::new());
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().take(FILES);
    for path in entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        match read_own(&path) {
            Ok(scheme) => schemes.push(scheme),
            Err(error) => problems.push(error),
        }
    }
    (schemes, problems)
}

fn read_own(path: &Path) -> Result<Scheme, Error> {
    let bytes = read_bounded(path)?;
    let scheme = text::read(&Document::parse(path, &bytes)?, &stem(path))?;
    Ok(Scheme { own: true, ..scheme })
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, Error> {
    let length = fs::metadata(path).map_err(|error| Error::unreadable(path, &error))?.len();
    if length > LARGEST {
        let message = "it is far too large for a colour scheme".to_owned();
        return Err(Error::NotImported { path: path.to_owned(), message });
    }
    fs::read(path).map_err(|error| Error::unreadable(path, &error))
}

/// A file's name without its ending, as a scheme's name.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if stem.is_empty() { "scheme".to_owned() } else { stem }
}

/// Writes a scheme under a name that no other has. Returns the name.
fn write(scheme: &Scheme, folder: &Path) -> Result<String, Error> {
    let base = slug(&scheme.title);
    let text = text::write(scheme);
    let names = (1..).map(|number| if number == 1 { base.clone() } else { format!("{base}-{number}") });
    for name in names.take(FILES) {
        let path = folder.join(format!("{name}.toml"));
        let bundled = BUNDLED.iter().any(|(other, _)| *other == name);
        let same = fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes());
        if !same && (bundled || path.exists()) {
            continue;
        }
        file::update(&path, |_| Ok((text.clone().into_bytes(), ())))?;
        return Ok(name);
    }
    Err(Error::Unwritable { path: folder.to_owned(), message: "there are too many schemes of this name".to_owned() })
}

/// A title as the name of a file.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(str::to_lowercase).collect();
    let slug: String = words.join("-").chars().take(60).collect();
    if slug.is_empty() { "scheme".to_owned() } else { slug }
}

#[cfg(test)]
mod tests;

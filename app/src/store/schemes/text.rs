//! A scheme's own file, read and written.

use term::terminal::{Palette, Rgb};

use super::{Error, Ground, Scheme};
use crate::store::document::{Document, Table};

/// The names of the eight colours, in the order of their numbers.
pub(super) const COLORS: [&str; 8] = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/// Longest title in characters.
const TITLE: usize = 80;

/// Reads a scheme; `name` is its file's.
pub(super) fn read(document: &Document, name: &str) -> Result<Scheme, Error> {
    let root = document.root();
    let required = |key| color(&root, key)?.ok_or_else(|| root.error(key, format!("this scheme has no '{key}'")));
    let (foreground, background) = (required("foreground")?, required("background")?);
    let grounds = [("dark", Ground::Dark), ("light", Ground::Light)];
    let palette = Palette {
        foreground,
        background,
        cursor: color(&root, "cursor")?.unwrap_or(foreground),
        cursor_text: color(&root, "cursor_text")?.unwrap_or(background),
        selection: color(&root, "selection")?.unwrap_or_else(|| between(background, foreground)),
        ansi: ansi(&root)?,
    };
    Ok(Scheme {
        name: name.to_owned(),
        title: title(root.string("name")?.unwrap_or(name)),
        ground: root.choice("mode", &grounds)?.unwrap_or_else(|| Ground::of(background)),
        palette,
        own: false,
    })
}

fn ansi(root: &Table) -> Result<[Rgb; 16], Error> {
    let missing = || root.error("normal", "this scheme has no table [normal] with the eight colours".to_owned());
    let normal = root.table("normal")?.ok_or_else(missing)?;
    let bright = root.table("bright")?;
    let mut colors = [Rgb::default(); 16];
    let (first, second) = colors.split_at_mut(8);
    for ((name, dim), light) in COLORS.iter().zip(first).zip(second) {
        let none = || normal.error(name, format!("this scheme's [normal] has no '{name}'"));
        *dim = color(&normal, name)?.ok_or_else(none)?;
        *light = bright.as_ref().map_or(Ok(None), |bright| color(bright, name))?.unwrap_or(*dim);
    }
    Ok(colors)
}

/// A colour `#rrggbb`; Alacritty's `0xrrggbb` is one too.
pub(super) fn color(table: &Table, key: &str) -> Result<Option<Rgb>, Error> {
    let Some(text) = table.string(key)? else { return Ok(None) };
    let wrong = || table.error(key, format!("'{key}' must be a colour such as \"#1e90ff\""));
    parse(text).map(Some).ok_or_else(wrong)
}

/// Reads `#rgb`, `#rrggbb` or `0xrrggbb`.
pub(super) fn parse(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#').or_else(|| text.strip_prefix("0x"))?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    match digits.len() {
        6 => Some(Rgb::hex(value)),
        3 => {
            let wide = |shift: u32| ((value >> shift) & 0xf) * 0x11;
            Some(Rgb::hex(wide(8) << 16 | wide(4) << 8 | wide(0)))
        }
        _ => None,
    }
}

/// A colour for selected text: a quarter of the way from the background to the text.
pub(super) fn between(background: Rgb, foreground: Rgb) -> Rgb {
    let mix = |back: u8, front: u8| {
        let mixed = (u16::from(back) * 3 + u16::from(front)) / 4;
        u8::try_from(mixed).unwrap_or(back)
    };
    Rgb { r: mix(background.r, foreground.r), g: mix(background.g, foreground.g), b: mix(background.b, foreground.b) }
}

/// A title that can be shown in a line, whatever a file from elsewhere says.
pub(super) fn title(text: &str) -> String {
    let shown = text.chars().filter(|c| !term::terminal::event::is_deceptive(*c));
    let title: String = shown.take(TITLE).collect();
    let title = title.trim();
    if title.is_empty() { "Scheme".to_owned() } else { title.to_owned() }
}

/// The file of a scheme.
pub(super) fn write(scheme: &Scheme) -> String {
    let Palette { foreground, background, cursor, cursor_text, selection, ansi } = &scheme.palette;
    let mode = match scheme.ground {
        Ground::Dark => "dark",
        Ground::Light => "light",
    };
    let mut text = format!("name = {}\nmode = \"{mode}\"\n", toml_edit::Value::from(scheme.title.as_str()));
    let mut line = |key: &str, color: &Rgb| {
        text.push_str(&format!("{key} = \"#{:02x}{:02x}{:02x}\"\n", color.r, color.g, color.b));
    };
    line("foreground", foreground);
    line("background", background);
    line("cursor", cursor);
    line("cursor_text", cursor_text);
    line("selection", selection);
    let (normal, bright) = ansi.split_at(8);
    for (heading, colors) in [("normal", normal), ("bright", bright)] {
        text.push_str(&format!("\n[{heading}]\n"));
        for (name, color) in COLORS.iter().zip(colors) {
            text.push_str(&format!("{name} = \"#{:02x}{:02x}{:02x}\"\n", color.r, color.g, color.b));
        }
    }
    text
}

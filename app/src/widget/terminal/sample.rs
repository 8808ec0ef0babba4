//! A page of everything the painters can draw, for tests and for the eye.

use std::ops::Range;
use std::sync::Arc;

use term::terminal::content::{Cell, Row, Underline, Width};
use term::terminal::image::{Area, Frame, Layer, Picture, Piece};
use term::terminal::{Content, Rgb, Size};

/// Columns of the page.
pub(crate) const COLUMNS: u16 = 64;

fn rgb(value: u32) -> Rgb {
    Rgb::hex(value)
}

/// A style and the text it applies to.
type Span<'a> = (&'a str, fn(&mut Cell));

fn plain(_: &mut Cell) {}

/// Spreads text over cells: wide characters take two, combining ones join the cell before.
fn spread(spans: &[Span<'_>], light: bool) -> Vec<Cell> {
    let (foreground, background) =
        if light { (rgb(0x1f_2328), rgb(0xff_ffff)) } else { (rgb(0xd8_dee9), rgb(0x1e_222a)) };
    let blank = Cell {
        character: ' ',
        combining: None,
        foreground,
        background,
        width: Width::Narrow,
        bold: false,
        italic: false,
        strikeout: false,
        overline: false,
        blink: false,
        underline: Underline::None,
        underline_color: foreground,
    };
    let mut cells: Vec<Cell> = Vec::new();
    for (text, style) in spans {
        for character in text.chars() {
            let joins = matches!(
                character,
                '\u{300}'..='\u{36f}' | '\u{93c}' | '\u{941}'..='\u{948}' | '\u{94d}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
                    | '\u{e47}'..='\u{e4e}' | '\u{200d}' | '\u{20e3}' | '\u{fe0e}' | '\u{fe0f}'
            );
            if joins && let Some(last) = cells.iter_mut().rev().find(|cell| cell.width != Width::Spacer) {
                let mut combining = String::from(last.combining.as_deref().unwrap_or_default());
                combining.push(character);
                last.combining = Some(Arc::from(combining));
                continue;
            }
            let wide = matches!(character as u32, 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xff00..=0xff60 | 0x1f300..=0x1faff | 0x231a | 0x26a1 | 0x2b50);
            let mut cell = Cell { character, width: if wide { Width::Wide } else { Width::Narrow }, ..blank.clone() };
            style(&mut cell);
            cells.push(cell.clone());
            if wide {
                cells.push(Cell { character: ' ', combining: None, width: Width::Spacer, ..cell });
            }
        }
    }
    cells.resize(usize::from(COLUMNS), blank);
    cells
}

fn lines() -> Vec<Vec<Span<'static>>> {
    let bold = |cell: &mut Cell| cell.bold = true;
    let italic = |cell: &mut Cell| cell.italic = true;
    let both = |cell: &mut Cell| (cell.bold, cell.italic) = (true, true);
    let green = |cell: &mut Cell| cell.foreground = rgb(0xa3_be8c);
    let blue = |cell: &mut Cell| (cell.foreground, cell.background) = (rgb(0xff_ffff), rgb(0x35_6fd6));
    let arrow = |cell: &mut Cell| (cell.foreground, cell.background) = (rgb(0x35_6fd6), rgb(0x4c_566a));
    let selected = |cell: &mut Cell| cell.background = rgb(0x3b_5b8c);
    vec![
        vec![("$ ", green), ("The quick brown fox jumps over the lazy dog 0123456789", plain)],
        vec![("Bold face ", bold), ("Italic face ", italic), ("Bold italic ", both), ("!@#$%^&*()[]{}<>|\\/~`", plain)],
        vec![("iIlL1| oO0 agq mwWM ->=>!=== fi fl ", plain), ("selected text here", selected)],
        vec![("┌──────┬──────┐ ╔══════╦══════╗ ╭──────╮ ┏━━━━┳━━━┓ ╒═╤═╕ ╓─╥─╖", plain)],
        vec![("│ one  │ two  │ ║ one  ║ two  ║ │round │ ┃ hv ┃ x ┃ │ │ │ ║ ║ ║", plain)],
        vec![("├──────┼──────┤ ╠══════╬══════╣ │ ╱╲╳  │ ┣━━━━╋━━━┫ ╞═╪═╡ ╟─╫─╢", plain)],
        vec![("└──────┴──────┘ ╚══════╩══════╝ ╰──────╯ ┗━━━━┻━━━┛ ╘═╧═╛ ╙─╨─╜", plain)],
        vec![("┄┄┄ ┅┅┅ ┈┈┈ ╌╌╌ ┆ ┊ ╎ ┞┟┡┢┦┧┩┪ ┭┮┱┲ ┵┶┹┺ ┽┾╀╁╃╄╅╆╇╈╉╊ ╼╽╾╿╴╵╶╷", plain)],
        vec![("▁▂▃▄▅▆▇█ ▏▎▍▌▋▊▉█ ░▒▓ ▖▗▘▙▚▛▜▝▞▟ ▀▄▐▔▕ 🬀🬁🬂🬃🬄🬅 ⠁⠃⠇⡇⣇⣧⣷⣿ ⢀⢠⢰⢸", plain)],
        vec![("🬼🬽🬾🬿🭀🭁🭂🭃🭄🭅🭆🭇🭈🭉🭊🭋🭌🭍🭎🭏🭐🭑🭒🭓🭔🭕🭖🭗🭘🭙🭚🭛🭜🭝🭞🭟🭠🭡🭢🭣🭤🭥🭦🭧🭨🭩🭪🭫🭬🭭🭮🭯 🭼🭽🭾🭿🮀🮁", plain)],
        vec![
            ("🮌🮍🮎🮏🮐🮑🮒🮔 🮕🮕🮖🮖 🮗🮗 🮘🮘🮙🮙 🮚🮛 🮜🮝🮞🮟 🮢🮣🮠🮡🮤🮥🮦🮧🮨🮩🮪🮫🮬🮭🮮 ─🮯─ ⎺⎻─⎼⎽ ", plain),
            ("\u{1cd00}\u{1cd12}\u{1cd4d}\u{1cd9a}\u{1cde5}", plain),
        ],
        vec![
            (" \u{e0c0} \u{e0c1} \u{e0c2} \u{e0c3} \u{e0c4} \u{e0c5} \u{e0c6} \u{e0c7} \u{e0c8} \u{e0ca} ", plain),
            (" \u{e0cc}\u{e0cd} \u{e0ce} \u{e0cf} \u{e0d0} \u{e0d1} \u{e0d2} \u{e0d4} \u{e0b9}\u{e0bb}", plain),
        ],
        vec![
            (" main ", blue),
            ("\u{e0b0}", arrow),
            (" \u{e0b1} \u{e0b2}\u{e0b3} \u{e0b4}\u{e0b5} \u{e0b6}\u{e0b7} \u{e0b8}\u{e0ba} \u{e0bc}\u{e0be} ", plain),
            (" src ", blue),
            ("\u{e0b4}", arrow),
        ],
        vec![("漢字かな交じり文 한국어 中文测试 ｆｕｌｌ", plain), (" 太字", bold)],
        vec![("😀🎉🚀👍🔥 🦀 ❤\u{fe0f} ☂\u{fe0f} ⚠\u{fe0f} ★☆✓✗ → ← ↑ ↓ ⇒ ∀∃∈ ≤≥≠ ½ °", plain)],
        vec![(
            "👍🏽 👩\u{200d}💻 👨\u{200d}👩\u{200d}👧\u{200d}👦 🇩🇪🇯🇵 1\u{fe0f}\u{20e3} ❤\u{fe0f}\u{200d}🔥 ☂\u{fe0e} ⚡ ⚡\u{fe0e} \u{f07b} \u{10fff0}",
            plain,
        )],
        vec![("हिन्दी क्षत्रिय বাংলা தமிழ் తెలుగు ಕನ್ನಡ ภาษาไทย ไม้โท ქართული አማርኛ", plain)],
        vec![("مرحبا שלום Ελληνικά Кириллица ไทย हिन्दी e\u{301} n\u{303} o\u{308}\u{304}", plain)],
        vec![
            ("single", |cell| cell.underline = Underline::Single),
            (" ", plain),
            ("double", |cell| cell.underline = Underline::Double),
            (" ", plain),
            ("curly gjpqy", |cell| (cell.underline, cell.underline_color) = (Underline::Curly, rgb(0xe0_6c75))),
            (" ", plain),
            ("dotted", |cell| cell.underline = Underline::Dotted),
            (" ", plain),
            ("dashed", |cell| cell.underline = Underline::Dashed),
            (" ", plain),
            ("struck out", |cell| cell.strikeout = true),
            (" 漢字", |cell| cell.underline = Underline::Curly),
            (" over", |cell| cell.overline = true),
        ],
    ]
}

/// Places a half transparent picture of a colour wheel on up to three lines; on the first it has the cursor.
fn place(rows: &mut [Row], (first, columns): (usize, Range<u16>), layer: Layer) {
    let (width, height) = (u32::from(columns.end - columns.start) * 8, 54);
    let pixel = |index: u32| {
        let (x, y) = (index % width * 255 / width, index / width * 255 / height);
        [x as u8, y as u8, 255 - x as u8, if (x / 16 + y / 32) % 2 == 0 { 255 } else { y as u8 }]
    };
    let picture = Picture::new(width, height, (0..width * height).flat_map(pixel).collect()).expect("a picture");
    let lines = if layer == Layer::Above { 1 } else { 3 };
    for (line, row) in rows.iter_mut().skip(first).take(lines).enumerate() {
        let left = i32::from(columns.start) * 8;
        let frame = Frame { left, top: -18 * line as i32, width, height, cell: (8, 18) };
        let source = Area { x: 0, y: 0, width, height };
        let (picture, columns) = (Arc::clone(&picture), columns.clone());
        row.pieces = vec![Piece { picture, source, frame, columns, layer, tint: None }];
    }
}

/// The page, in a dark or a light scheme.
pub(crate) fn content(light: bool) -> Content {
    let mut rows: Vec<Row> = lines()
        .iter()
        .enumerate()
        .map(|(index, spans)| Row { cells: spread(spans, light), revision: index as u64, ..Row::default() })
        .collect();
    place(&mut rows, (1, 0..8), Layer::Above);
    place(&mut rows, (11, 36..60), Layer::Below);
    let background = rows[0].cells[usize::from(COLUMNS) - 1].background;
    let size = Size { columns: COLUMNS, lines: rows.len() as u16, width: 0, height: 0 };
    Content { size, rows, background, ..Content::default() }
}

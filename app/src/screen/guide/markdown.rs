//! The part of Markdown that the guide is written in: headings, paragraphs, lists, tables, code, links.

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading and its level, from 1.
    Heading(u8, Vec<Span>),
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// An item of a list, with what stands before it.
    Item(String, Vec<Span>),
    /// Lines that are shown as they are.
    Code(String),
    /// The rows of a table, of which the first is its head.
    Table(Vec<Vec<Vec<Span>>>),
}

/// Text of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Span {
    /// The text.
    pub(super) text: String,
    /// Code, or what is typed.
    pub(super) code: bool,
    /// Emphasis: of one star or two.
    pub(super) strong: bool,
    /// The file that it leads to.
    pub(super) link: Option<String>,
}

impl Block {
    /// All its text.
    #[cfg(test)]
    pub(super) fn spans(&self) -> Vec<&Span> {
        match self {
            Self::Heading(_, spans) | Self::Paragraph(spans) | Self::Item(_, spans) => spans.iter().collect(),
            Self::Code(_) => Vec::new(),
            Self::Table(rows) => rows.iter().flatten().flatten().collect(),
        }
    }
}

/// Reads a page.
pub(super) fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        if line.starts_with("```") {
            let code: Vec<_> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            blocks.push(Block::Code(code.join("\n")));
            continue;
        }
        if line.starts_with('|') {
            let mut rows = vec![row(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                let is_rule = line.chars().all(|c| "|-: ".contains(c));
                rows.extend((!is_rule).then(|| row(line)));
            }
            blocks.push(Block::Table(rows));
            continue;
        }
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        if let (1..=6, Some(title)) = (level, line.get(level..).and_then(|rest| rest.strip_prefix(' '))) {
            blocks.push(Block::Heading(u8::try_from(level).unwrap_or(6), spans(title)));
            continue;
        }
        let (marker, first) = item(line).unwrap_or((None, line));
        let mut whole = first.to_owned();
        while let Some(line) = lines.next_if(|line| goes_on(line)) {
            whole.push(' ');
            whole.push_str(line.trim());
        }
        blocks.push(match marker {
            Some(marker) => Block::Item(marker, spans(&whole)),
            None => Block::Paragraph(spans(&whole)),
        });
    }
    blocks
}

/// Whether a line belongs to the paragraph or item before it.
fn goes_on(line: &str) -> bool {
    let begins = line.starts_with('|') || line.starts_with('#') || line.starts_with("```");
    !line.trim().is_empty() && !begins && item(line).is_none()
}

/// What stands before an item of a list, and the item.
fn item(line: &str) -> Option<(Option<String>, &str)> {
    let line = line.trim_start();
    if let Some(rest) = line.strip_prefix("- ") {
        return Some((Some("•".to_owned()), rest));
    }
    let (number, rest) = line.split_once(". ")?;
    let counts = !number.is_empty() && number.len() < 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    counts.then(|| (Some(format!("{number}.")), rest))
}

/// The cells of a table's row.
fn row(line: &str) -> Vec<Vec<Span>> {
    let line = line.trim().trim_matches('|');
    let mut cells = vec![String::new()];
    let mut code = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        code ^= c == '`';
        match (c, cells.last_mut()) {
            ('\\', Some(cell)) if characters.peek() == Some(&'|') => cell.extend(characters.next()),
            ('|', _) if !code => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
    }
    cells.iter().map(|cell| spans(cell.trim())).collect()
}

/// Text with its code, emphasis and links.
fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((span, after)) = marked(rest) {
            spans.extend((!plain.is_empty()).then(|| Span { text: std::mem::take(&mut plain), ..Span::default() }));
            spans.push(span);
            rest = after;
        } else {
            plain.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    spans.extend((!plain.is_empty()).then(|| Span { text: plain, ..Span::default() }));
    spans
}

/// What `text` begins with, where that is more than text, and what comes after it.
fn marked(text: &str) -> Option<(Span, &str)> {
    if let Some(rest) = text.strip_prefix('`') {
        let (code, after) = rest.split_once('`')?;
        return Some((Span { text: code.to_owned(), code: true, ..Span::default() }, after));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (name, rest) = rest.split_once("](")?;
        let (link, after) = rest.split_once(')')?;
        return Some((Span { text: name.to_owned(), link: Some(link.to_owned()), ..Span::default() }, after));
    }
    let star = ["**", "*"].into_iter().find(|star| text.starts_with(star))?;
    let (inner, after) = text.get(star.len()..)?.split_once(star)?;
    let is_text = !inner.is_empty() && !inner.starts_with(' ') && !inner.ends_with(' ');
    is_text.then(|| (Span { text: inner.to_owned(), strong: true, ..Span::default() }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Span {
        Span { text: text.to_owned(), ..Span::default() }
    }

    #[test]
    fn the_parts_of_a_page_are_told_apart() {
        let page = "# Title\n\nTwo lines\nof text.\n- one\n  goes on\n- two\n\n```sh\n# code\n```\n| a | b |\n|---|---|\n| `x|y` | z |\n";
        let code = Span { code: true, ..plain("x|y") };
        assert_eq!(
            parse(page),
            [
                Block::Heading(1, vec![plain("Title")]),
                Block::Paragraph(vec![plain("Two lines of text.")]),
                Block::Item("•".to_owned(), vec![plain("one goes on")]),
                Block::Item("•".to_owned(), vec![plain("two")]),
                Block::Code("# code".to_owned()),
                Block::Table(vec![vec![vec![plain("a")], vec![plain("b")]], vec![vec![code], vec![plain("z")]],]),
            ]
        );
    }

    #[test]
    fn code_emphasis_and_links_stand_out_and_nothing_else_does() {
        let strong = |text| Span { strong: true, ..plain(text) };
        let link = Span { link: Some("files.md".to_owned()), ..plain("files") };
        let table = [
            ("see [files](files.md).", vec![plain("see "), link, plain(".")]),
            ("*New* and **old**", vec![strong("New"), plain(" and "), strong("old")]),
            ("2 * 3 * 4", vec![plain("2 * 3 * 4")]),
            ("a `*` b", vec![plain("a "), Span { code: true, ..plain("*") }, plain(" b")]),
            ("[x] and `open", vec![plain("[x] and `open")]),
        ];
        for (text, expected) in table {
            assert_eq!(spans(text), expected, "{text}");
        }
    }
}

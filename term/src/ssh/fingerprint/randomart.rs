//! The picture of a fingerprint: the way of a drunken bishop over a board (`fingerprint_randomart` in sshkey.c).

/// The board, without its frame.
const WIDTH: usize = 17;
const HEIGHT: usize = 9;

/// How often a square was visited; the last two mark the start and the end.
const SYMBOLS: &[u8] = b" .o+=*BOX@%&#/^SE";

/// Draws a digest: 11 lines of 19 characters, no final newline. `title` is at the top, `hash` at the bottom.
pub(super) fn draw(title: &str, hash: &str, digest: &[u8]) -> String {
    let mut lines = vec![border(title)];
    for row in walk(digest).chunks(WIDTH) {
        let row = row.iter().map(|visits| char::from(SYMBOLS.get(*visits).copied().unwrap_or(b'^')));
        lines.push(format!("|{}|", row.collect::<String>()));
    }
    lines.push(border(&format!("[{hash}]")));
    lines.join("\n")
}

/// The squares of the board, row by row, with the index of each one's symbol.
fn walk(digest: &[u8]) -> Vec<usize> {
    let (start, end) = (SYMBOLS.len() - 2, SYMBOLS.len() - 1);
    let mut squares = vec![0; WIDTH * HEIGHT];
    let (mut x, mut y) = (WIDTH / 2, HEIGHT / 2);
    for step in digest.iter().flat_map(|byte| (0..4).map(move |pair| byte >> (2 * pair))) {
        x = if step & 1 == 0 { x.saturating_sub(1) } else { (x + 1).min(WIDTH - 1) };
        y = if step & 2 == 0 { y.saturating_sub(1) } else { (y + 1).min(HEIGHT - 1) };
        if let Some(visits) = squares.get_mut(y * WIDTH + x) {
            *visits = (*visits + 1).min(start - 1);
        }
    }
    for (x, y, symbol) in [(WIDTH / 2, HEIGHT / 2, start), (x, y, end)] {
        if let Some(square) = squares.get_mut(y * WIDTH + x) {
            *square = symbol;
        }
    }
    squares
}

/// A line of the frame with a text in its middle, a little to the left.
fn border(text: &str) -> String {
    let free = WIDTH.saturating_sub(text.len());
    format!("+{}{text}{}+", "-".repeat(free / 2), "-".repeat(free - free / 2))
}

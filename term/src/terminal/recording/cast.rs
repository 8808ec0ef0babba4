//! asciinema's recordings, version 2 (docs.asciinema.org/manual/asciicast/v2).

use std::time::Duration;

use serde_json::json;

use super::Size;

/// The first line: `unix` is when it began, in seconds since 1970.
pub(super) fn header(size: Size, title: &str, unix: u64) -> String {
    let header = json!({
        "version": 2,
        "width": size.columns,
        "height": size.lines,
        "timestamp": unix,
        "title": title,
        "env": { "TERM": "xterm-256color" },
    });
    format!("{header}\n")
}

/// An event: `o` for output, `i` for input, `r` for a size.
pub(super) fn event(after: Duration, code: char, data: &str) -> String {
    format!("[{}.{:06},\"{code}\",{}]\n", after.as_secs(), after.subsec_micros(), json!(data))
}

/// Text out of chunks of bytes, which may cut a character.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    partial: Vec<u8>,
}

impl Decoder {
    /// The text so far; a cut character waits for its rest, and what is no UTF-8 becomes U+FFFD.
    pub(super) fn decode(&mut self, bytes: &[u8]) -> String {
        self.partial.extend_from_slice(bytes);
        let cut = cut(&self.partial);
        let rest = self.partial.split_off(self.partial.len() - cut);
        let whole = std::mem::replace(&mut self.partial, rest);
        String::from_utf8_lossy(&whole).into_owned()
    }

    /// What still waited.
    pub(super) fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.partial)).into_owned()
    }
}

/// How many bytes at the end begin a character that is not all there.
fn cut(bytes: &[u8]) -> usize {
    let tail = bytes.get(bytes.len().saturating_sub(4)..).unwrap_or_default();
    let starts = (1..=tail.len()).filter_map(|length| tail.get(tail.len() - length..));
    let open = |part: &&[u8]| std::str::from_utf8(part).is_err_and(|e| e.valid_up_to() == 0 && e.error_len().is_none());
    starts.filter(open).map(<[u8]>::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_the_format_says() {
        let size = Size { columns: 80, lines: 24, width: 0, height: 0 };
        let header: serde_json::Value = serde_json::from_str(&header(size, "a \"b\"", 1_700_000_000)).expect("JSON");
        assert_eq!((&header["version"], &header["width"], &header["height"]), (&json!(2), &json!(80), &json!(24)));
        assert_eq!(header["title"], "a \"b\"");
        let line = event(Duration::from_micros(1_500_000), 'o', "\x1b[1m\"é\"\r\n\u{1f600}\0");
        assert_eq!(line, "[1.500000,\"o\",\"\\u001b[1m\\\"é\\\"\\r\\n\u{1f600}\\u0000\"]\n");
    }

    #[test]
    fn a_character_cut_by_chunks_is_whole_again() {
        for text in ["aé漢😀b", "\u{fffd}"] {
            for size in 1..5 {
                let mut decoder = Decoder::default();
                let mut joined: String = text.as_bytes().chunks(size).map(|chunk| decoder.decode(chunk)).collect();
                joined.push_str(&decoder.finish());
                assert_eq!(joined, text);
            }
        }
        let mut decoder = Decoder::default();
        assert_eq!(decoder.decode(b"a\xff\xe2\x82"), "a\u{fffd}");
        assert_eq!(decoder.decode(b"x"), "\u{fffd}x");
        assert_eq!(decoder.decode(b"\xf0\x9f"), "");
        assert_eq!(decoder.finish(), "\u{fffd}");
    }
}

//! Patterns as ssh_config(5) describes them under "PATTERNS": `*`, `?`, comma lists, negation with `!`.

/// One pattern: `*` stands for any number of characters, `?` for exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern<'a>(&'a [u8]);

impl<'a> Pattern<'a> {
    /// Takes a pattern; every text is one.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self(text)
    }

    /// Whether the whole of `text` matches, letter case included. Takes at most `pattern * text` steps, so that a
    /// hostile file cannot make it slow.
    #[must_use]
    pub fn matches(self, text: &[u8]) -> bool {
        let (mut pattern, mut rest) = (self.0, text);
        // Where to go on when a plain character fails: after the last `*`, one character later than last time.
        let mut retry: Option<(&[u8], &[u8])> = None;
        loop {
            match (pattern.split_first(), rest.split_first()) {
                (Some((b'*', after)), _) => {
                    retry = Some((after, rest));
                    pattern = after;
                }
                (Some((expected, after)), Some((found, later))) if *expected == b'?' || expected == found => {
                    (pattern, rest) = (after, later);
                }
                (None, None) => return true,
                _ => match retry.and_then(|(after, from)| Some((after, from.split_first()?.1))) {
                    Some((after, from)) => {
                        retry = Some((after, from));
                        (pattern, rest) = (after, from);
                    }
                    None => return false,
                },
            }
        }
    }
}

/// What a list of patterns says about a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No pattern matches.
    None,
    /// A pattern matches and no negated one does.
    Match,
    /// A negated pattern matches.
    Negated,
}

/// Patterns separated by commas, each negated by a leading `!`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List<'a>(&'a [u8]);

impl<'a> List<'a> {
    /// Takes a list; every text is one.
    #[must_use]
    pub fn new(text: &'a [u8]) -> Self {
        Self(text)
    }

    /// What the list says about `text`, letter case included.
    #[must_use]
    pub fn verdict(self, text: &[u8]) -> Verdict {
        let mut verdict = Verdict::None;
        for part in self.0.split(|byte| *byte == b',') {
            let (negated, pattern) = part.strip_prefix(b"!").map_or((false, part), |rest| (true, rest));
            if Pattern::new(pattern).matches(text) {
                if negated {
                    return Verdict::Negated;
                }
                verdict = Verdict::Match;
            }
        }
        verdict
    }

    /// Whether the list names the host, whose letter case does not matter.
    #[must_use]
    pub fn names_host(self, host: &str) -> bool {
        let lower = self.0.to_ascii_lowercase();
        List::new(&lower).verdict(host.to_ascii_lowercase().as_bytes()) == Verdict::Match
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_in_ssh_config() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "anything", true),
            ("?", "", false),
            ("?", "a", true),
            ("?", "ab", false),
            ("*.co.uk", "a.b.co.uk", true),
            ("*.co.uk", "co.uk", false),
            ("192.168.0.?", "192.168.0.7", true),
            ("192.168.0.?", "192.168.0.17", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("**a", "bbba", true),
            ("Host", "host", false),
        ] {
            assert_eq!(Pattern::new(pattern.as_bytes()).matches(text.as_bytes()), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_do_not_take_exponential_time() {
        let pattern = "*a".repeat(200) + "b";
        assert!(!Pattern::new(pattern.as_bytes()).matches("a".repeat(20_000).as_bytes()));
    }

    #[test]
    fn a_negated_pattern_overrules_the_others() {
        let list = List::new(b"*.example.com,!db.example.com");
        assert_eq!(list.verdict(b"www.example.com"), Verdict::Match);
        assert_eq!(list.verdict(b"db.example.com"), Verdict::Negated);
        assert_eq!(list.verdict(b"example.org"), Verdict::None);
        assert!(list.names_host("WWW.Example.COM"));
        assert!(List::new(b"WWW.*").names_host("www.example.com"));
        assert_eq!(List::new(b"!db").verdict(b"www"), Verdict::None);
    }
}

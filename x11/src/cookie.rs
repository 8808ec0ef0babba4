//! The secret of MIT-MAGIC-COOKIE-1, the authorization that X11 forwarding speaks.

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// The authorization protocol of every [`Cookie`] (Xsecurity(7)).
pub const PROTOCOL: &str = "MIT-MAGIC-COOKIE-1";

/// How many bytes a new cookie has. X servers and `xauth` make 16, and 128 bits are beyond guessing.
const LENGTH: usize = 16;

/// A cookie: 16 bytes by custom. Whoever knows it may use the display, so it is never shown: its `Debug` is redacted,
/// and its memory is wiped when it is dropped.
#[derive(Clone)]
pub struct Cookie(Zeroizing<Vec<u8>>);

impl Cookie {
    /// Takes the bytes of a cookie.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Draws 16 random bytes from the operating system.
    ///
    /// # Panics
    /// When the operating system has no randomness to give. There is no going on then, and nothing a peer or the user
    /// does can bring it about.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a guessable cookie would open the user's display; no input leads here")]
    pub fn random() -> Self {
        let mut bytes = Zeroizing::new(vec![0; LENGTH]);
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Self(bytes)
    }

    /// Whether `presented` is this cookie, in a time that tells nothing about where the two differ. An empty cookie
    /// equals nothing.
    #[must_use]
    pub fn matches(&self, presented: &[u8]) -> bool {
        !self.0.is_empty() && bool::from(self.0.ct_eq(presented))
    }

    /// The cookie in lower-case hexadecimal, as RFC 4254 section 6.3.1 wants it in an `x11-req`.
    #[must_use]
    pub fn to_hex(&self) -> String {
        const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.filter_map(|digit| DIGITS.get(usize::from(digit))).collect()
    }

    /// The secret itself, for the one place that puts it into a connection's set-up.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cookie(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hexadecimal_form_is_what_x11_req_wants() {
        assert_eq!(Cookie::new(vec![0x00, 0x0f, 0xa5, 0xff]).to_hex(), "000fa5ff");
        assert_eq!(Cookie::new(Vec::new()).to_hex(), "");
    }

    #[test]
    fn random_cookies_have_16_bytes_and_differ() {
        let (one, two) = (Cookie::random(), Cookie::random());
        assert_eq!((one.to_hex().len(), two.to_hex().len()), (32, 32));
        assert_ne!(one.to_hex(), two.to_hex());
    }

    #[test]
    fn only_the_whole_cookie_matches() {
        let cookie = Cookie::new(vec![1, 2, 3, 4]);
        for (presented, expected) in [
            (&[1, 2, 3, 4][..], true),
            (&[1, 2, 3, 5], false),
            (&[9, 2, 3, 4], false),
            (&[1, 2, 3], false),
            (&[1, 2, 3, 4, 0], false),
            (&[], false),
        ] {
            assert_eq!(cookie.matches(presented), expected, "{presented:?}");
        }
        assert!(!Cookie::new(Vec::new()).matches(&[]), "no cookie must never let anyone in");
    }

    #[test]
    fn a_cookie_is_not_shown_by_debug() {
        assert_eq!(format!("{:?}", Cookie::new(b"0123456789abcdef".to_vec())), "Cookie(…)");
    }
}

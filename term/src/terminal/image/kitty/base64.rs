//! Base64 that comes in parts cut anywhere.

/// Decodes a stream of base64; padding, line ends and what else is no digit end nothing and mean nothing.
#[derive(Debug, Default, Clone)]
pub(in crate::terminal) struct Base64 {
    bits: u32,
    /// Digits in `bits`, 0 to 3.
    digits: u8,
}

impl Base64 {
    /// Decodes `data` to the end of `bytes`, which grows to at most `limit`; false if that was too little.
    pub(in crate::terminal) fn decode(&mut self, data: &[u8], bytes: &mut Vec<u8>, limit: usize) -> bool {
        bytes.reserve((data.len() / 4 * 3 + 3).min(limit.saturating_sub(bytes.len())));
        for byte in data {
            let Some(digit) = digit(*byte) else { continue };
            self.bits = self.bits << 6 | digit;
            self.digits += 1;
            if self.digits == 4 {
                if bytes.len() + 3 > limit.next_multiple_of(3) {
                    return false;
                }
                let [_, first, second, third] = self.bits.to_be_bytes();
                bytes.extend([first, second, third]);
                (self.bits, self.digits) = (0, 0);
            }
        }
        true
    }

    /// Ends a part that was encoded by itself: what follows begins anew.
    pub(in crate::terminal) fn end(&mut self, bytes: &mut Vec<u8>) {
        match self.digits {
            2 => bytes.push((self.bits >> 4) as u8),
            3 => bytes.extend([(self.bits >> 10) as u8, (self.bits >> 2) as u8]),
            _ => {}
        }
        (self.bits, self.digits) = (0, 0);
    }
}

fn digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(parts: &[&str]) -> Vec<u8> {
        let (mut base64, mut bytes) = (Base64::default(), Vec::new());
        for part in parts {
            assert!(base64.decode(part.as_bytes(), &mut bytes, 1000));
        }
        base64.end(&mut bytes);
        bytes
    }

    #[test]
    fn parts_cut_anywhere_decode_to_the_whole() {
        for whole in ["", "aA==", "aGE=", "aGFs", "aGFsbG8gZHUh", "aGFsbG8gZHU"] {
            let expected = decoded(&[whole]);
            for cut in 0..whole.len() {
                let (begin, end) = whole.split_at(cut);
                assert_eq!(decoded(&[begin, end]), expected, "{whole} cut at {cut}");
            }
        }
        assert_eq!(decoded(&["aGFs\nbG8"]), b"hallo");
        assert_eq!(decoded(&["+/-_"]), [0xfb, 0xff, 0xbf]);
    }

    #[test]
    fn no_more_is_kept_than_allowed() {
        let (mut base64, mut bytes) = (Base64::default(), Vec::new());
        assert!(base64.decode(&[b'A'; 8], &mut bytes, 4));
        assert!(!base64.decode(&[b'A'; 4000], &mut bytes, 4));
        assert!(bytes.len() <= 6 && bytes.capacity() < 100);
    }
}

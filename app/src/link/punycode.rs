//! Host names in the letters that name servers know (RFC 3492).

/// The host with each label that is not ASCII in its `xn--` form, in small letters. A label that cannot be encoded stays.
pub(super) fn host(host: &str) -> String {
    let labels = host.split('.').map(|label| {
        let label = label.to_lowercase();
        if label.is_ascii() { label } else { encode(&label).map_or(label, |encoded| format!("xn--{encoded}")) }
    });
    labels.collect::<Vec<_>>().join(".")
}

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 0x80;

/// Section 6.3. `None` where the numbers overflow, which takes a label longer than any.
fn encode(label: &str) -> Option<String> {
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(output.len()).ok()?;
    if basic > 0 {
        output.push('-');
    }
    let total = u32::try_from(label.chars().count()).ok()?;
    let (mut n, mut delta, mut bias, mut handled) = (INITIAL_N, 0_u32, INITIAL_BIAS, basic);
    while handled < total {
        let next = label.chars().map(u32::from).filter(|c| *c >= n).min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for c in label.chars().map(u32::from) {
            if c < n {
                delta = delta.checked_add(1)?;
            } else if c == n {
                push_number(&mut output, delta, bias)?;
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(output)
}

/// A number in digits of changing weight.
fn push_number(output: &mut String, number: u32, bias: u32) -> Option<()> {
    let mut q = number;
    let mut k = BASE;
    loop {
        let t = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if q < t {
            output.push(digit(q)?);
            return Some(());
        }
        output.push(digit(t + (q - t) % (BASE - t))?);
        q = (q - t) / (BASE - t);
        k += BASE;
    }
}

/// Section 6.1.
fn adapt(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

/// Section 5: a to z are 0 to 25, 0 to 9 are 26 to 35.
fn digit(value: u32) -> Option<char> {
    let value = u8::try_from(value).ok()?;
    match value {
        0..=25 => Some(char::from(b'a' + value)),
        26..=35 => Some(char::from(b'0' + value - 26)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_encoded_as_browsers_and_name_servers_do() {
        let table = [
            ("example.org", "example.org"),
            ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("漢字.jp", "xn--p8s937b.jp"),
            // Cyrillic letters that look like Latin ones.
            ("аррӏе.com", "xn--80ak6aa92e.com"),
            ("почта.рф", "xn--80a1acny.xn--p1ai"),
            // Section 7.1, (B) and (L).
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
        ];
        for (name, encoded) in table {
            assert_eq!(host(name), encoded, "{name}");
        }
    }

    #[test]
    fn a_label_of_any_length_is_encoded_or_stays() {
        let long = "漢\u{10ffff}".repeat(5000);
        assert!(!host(&long).is_empty());
    }
}

//! Numbers, times and amounts, as OpenSSH reads them.

use std::num::IntErrorKind;
use std::time::Duration;

/// A time as in sshd_config(5), "TIME FORMATS": numbers with `s`, `m`, `h`, `d` or `w`, added up. `none` is `None`.
pub(in crate::ssh::config) fn time(text: &str) -> Result<Option<Duration>, String> {
    if text == "none" {
        return Ok(None);
    }
    seconds(text).map(Some).ok_or_else(|| "invalid time value.".to_owned())
}

/// The same without `none` (`convtime` in misc.c).
pub(super) fn seconds(text: &str) -> Option<Duration> {
    let mut total: u64 = 0;
    let mut rest = text;
    let mut plain_seconds = false;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits)?;
        let number: u64 = number.parse().ok()?;
        let unit = after.chars().next().unwrap_or('s').to_ascii_lowercase();
        let seconds: u64 = match unit {
            's' if plain_seconds => return None,
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            'w' => 7 * 24 * 60 * 60,
            _ => return None,
        };
        plain_seconds |= unit == 's';
        total = number.checked_mul(seconds).and_then(|part| total.checked_add(part))?;
        rest = after.get(1..).unwrap_or_default();
    }
    // OpenSSH counts in an int.
    let fits = !text.is_empty() && total <= i32::MAX.unsigned_abs().into();
    fits.then(|| Duration::from_secs(total))
}

/// A whole number from 0, as `atoi_err` in misc.c reads it.
pub(in crate::ssh::config) fn integer(text: &str) -> Result<u32, String> {
    let (small, large) = ("integer value too small.", "integer value too large.");
    let word = match text.trim_start().parse::<i64>() {
        Ok(number) if number < 0 => small,
        Ok(number) => match u32::try_from(number) {
            Ok(number) if number <= i32::MAX.unsigned_abs() => return Ok(number),
            _ => large,
        },
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => large,
        Err(error) if *error.kind() == IntErrorKind::NegOverflow => small,
        Err(_) => "integer value invalid.",
    };
    Err(word.to_owned())
}

/// A port from 0, or the name of a service (`a2port` in misc.c).
pub(in crate::ssh::config) fn port(text: &str) -> Option<u16> {
    match text.trim_start().parse::<i64>() {
        Ok(port) => u16::try_from(port).ok(),
        Err(_) => service(&std::fs::read_to_string("/etc/services").ok()?, text),
    }
}

/// The port of a TCP service in the text of services(5).
fn service(services: &str, name: &str) -> Option<u16> {
    services.lines().find_map(|line| {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let official = words.next()?;
        let port = words.next()?.strip_suffix("/tcp")?;
        (official == name || words.any(|alias| alias == name)).then(|| port.parse().ok()).flatten()
    })
}

/// An amount of bytes with `K`, `M`, `G` and so on behind it (`scan_scaled` in fmt_scaled.c). The reason is one of
/// strerror(3).
pub(super) fn scaled(text: &str) -> Result<u64, &'static str> {
    const UNITS: &str = "BKMGTPE";
    let invalid = "Invalid argument";
    let text = text.trim_start();
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return Err(invalid);
    }
    let mut unit = unit.chars();
    let power = match (unit.next(), unit.next()) {
        (None, _) => 0,
        // What is no letter and no digit may follow, whatever it is.
        (Some(_), Some(next)) if next.is_ascii_alphanumeric() => return Err(invalid),
        (Some(unit), _) => UNITS.find(unit.to_ascii_uppercase()).ok_or(invalid)?,
    };
    let scale = 1_u64 << (10 * power);
    let range = "Numerical result out of range";
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| range)? };
    let total = whole.checked_mul(scale).filter(|total| *total <= i64::MAX.unsigned_abs()).ok_or(range)?;
    // The digits behind the point, of which the amount has no use for more than a few.
    let fraction = fraction.get(..fraction.len().min(9)).unwrap_or_default();
    let digits = u32::try_from(fraction.len()).unwrap_or_default();
    let part = fraction.parse::<u64>().unwrap_or_default();
    let part = u128::from(part) * u128::from(scale) / 10_u128.pow(digits);
    Ok(total.saturating_add(u64::try_from(part).unwrap_or_default()))
}

/// File permissions in octal, up to 0777, as strtol(3) reads them: what follows the digits does not count.
pub(in crate::ssh::config) fn mask(text: &str) -> Option<u32> {
    let digits = text.trim_start();
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let end = digits.find(|c: char| !('0'..='7').contains(&c)).unwrap_or(digits.len());
    let (digits, _) = digits.split_at_checked(end)?;
    u32::from_str_radix(digits, 8).ok().filter(|mask| *mask <= 0o777)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_sshd_config_describes_them() {
        let seconds = |text| time(text).map(|time| time.map(|time| time.as_secs()));
        for (text, expected) in
            [("600", 600), ("10m", 600), ("1h30m", 5400), ("1w2d3h4m5s", 788_645), ("0", 0), ("1M", 60), ("1m30", 90)]
        {
            assert_eq!(seconds(text), Ok(Some(expected)), "{text}");
        }
        assert_eq!(seconds("none"), Ok(None));
        for text in ["x", "1y", "-1", "1s1s", "s", "1 m", "2147483648", "99999999999999999999w", "1ü"] {
            assert!(time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn integers_are_read_as_openssh_reads_them() {
        assert_eq!(integer("3"), Ok(3));
        assert_eq!(integer("-1"), Err("integer value too small.".to_owned()));
        assert_eq!(integer("2147483648"), Err("integer value too large.".to_owned()));
        assert_eq!(integer("99999999999999999999"), Err("integer value too large.".to_owned()));
        assert_eq!(integer("x"), Err("integer value invalid.".to_owned()));
    }

    #[test]
    fn a_port_may_be_the_name_of_a_service() {
        let services = "# comment\nssh\t\t22/tcp\t\t\t# SSH\ndomain 53/udp\ndomain 53/tcp\nhttp 80/tcp www\n";
        assert_eq!(service(services, "ssh"), Some(22));
        assert_eq!(service(services, "domain"), Some(53));
        assert_eq!(service(services, "www"), Some(80));
        assert_eq!(service(services, "comment"), None);
        assert_eq!((port("0"), port("65535"), port("65536"), port("-1")), (Some(0), Some(65535), None, None));
    }

    #[test]
    fn amounts_have_units() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("16", Ok(16)),
            ("1K", Ok(1024)),
            ("1g", Ok(1 << 30)),
            ("1.5M", Ok(1_572_864)),
            ("4b", Ok(4)),
            ("1X", Err("Invalid argument")),
            ("1KB", Err("Invalid argument")),
            ("", Err("Invalid argument")),
            ("-1", Err("Invalid argument")),
            ("9E", Err("Numerical result out of range")),
        ] {
            assert_eq!(scaled(text), expected, "{text}");
        }
    }

    #[test]
    fn masks_are_octal() {
        assert_eq!((mask("0177"), mask("777"), mask("0"), mask("08")), (Some(0o177), Some(0o777), Some(0), Some(0)));
        assert_eq!((mask("1000"), mask("x"), mask("-1"), mask("")), (None, None, None, None));
    }
}

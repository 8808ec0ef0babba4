//! Whether a host's certificate holds for it (PROTOCOL.certkeys, `sshkey_cert_check_host` in sshkey.c).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Algorithm, Certificate};

use crate::ssh::pattern::Pattern;

/// Why a certificate does not hold for a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It certifies a user.
    #[error("it is a user's certificate and not a host's")]
    NotHost,
    /// It is not valid yet.
    #[error("it is valid only from {}", date(*.0))]
    NotYetValid(u64),
    /// It is not valid any more.
    #[error("it was valid until {}", date(*.0))]
    Expired(u64),
    /// It names other hosts.
    #[error("it is for {} and not for {name}", principals.join(", "))]
    OtherHost {
        /// The host.
        name: String,
        /// The hosts it is for.
        principals: Vec<String>,
    },
    /// It demands something that nobody here knows, so it must not be believed.
    #[error("it has the unknown critical option {0}")]
    CriticalOption(String),
    /// Its authority signed it in a way that is forgeable or was not allowed.
    #[error("its authority signed it with {0}, which CASignatureAlgorithms does not allow")]
    SignatureAlgorithm(String),
    /// The signature does not fit.
    #[error("its signature is wrong")]
    Signature,
}

/// Why `certificate` does not hold for the host `name` (without port) at `now`, if so. Whether its authority is
/// believed is known_hosts' matter. `signatures` are the names of the algorithms that authorities may sign with.
///
/// # Errors
/// The first reason against it.
pub fn check(certificate: &Certificate, name: &str, now: SystemTime, signatures: &[String]) -> Result<(), Refusal> {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if certificate.cert_type() != CertType::Host {
        return Err(Refusal::NotHost);
    }
    if now < certificate.valid_after() {
        return Err(Refusal::NotYetValid(certificate.valid_after()));
    }
    if now >= certificate.valid_before() {
        return Err(Refusal::Expired(certificate.valid_before()));
    }
    let principals = certificate.valid_principals();
    let named = |principal: &String| Pattern::new(principal.as_bytes()).matches(name.as_bytes());
    // None at all means any host.
    if !principals.is_empty() && !principals.iter().any(named) {
        return Err(Refusal::OtherHost { name: name.to_owned(), principals: principals.to_vec() });
    }
    if let Some(option) = certificate.critical_options().keys().next() {
        return Err(Refusal::CriticalOption(option.clone()));
    }
    let algorithm = certificate.signature().algorithm();
    if !signatures.iter().any(|allowed| allowed == algorithm_name(&algorithm)) {
        return Err(Refusal::SignatureAlgorithm(algorithm_name(&algorithm).to_owned()));
    }
    certificate.verify_signature().map_err(|_| Refusal::Signature)
}

fn algorithm_name(algorithm: &Algorithm) -> &str {
    algorithm.as_str()
}

/// A time as RFC 3339 writes it, in UTC.
fn date(seconds: u64) -> String {
    match UNIX_EPOCH.checked_add(Duration::from_secs(seconds)) {
        Some(_) if seconds < 253_402_300_800 => civil(seconds),
        _ => "the end of time".to_owned(),
    }
}

/// Howard Hinnant's "days from civil", backwards: years begin in March, so that the leap day comes last.
fn civil(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year + era * 400 + carry;
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", second / 3600, second / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_in_utc() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_709_164_799, "2024-02-28 23:59 UTC"),
            (4_102_444_800, "2100-01-01 00:00 UTC"),
            (u64::MAX, "the end of time"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }
}

//! What the library's statuses mean (RFC 2744 section 3.9).

use std::ffi::c_int;

use super::Functions;
use crate::ssh::gssapi::{Error, Reason};
use crate::ssh::visible::Visible;

/// `GSS_S_CONTINUE_NEEDED`.
pub(super) const CONTINUE_NEEDED: u32 = 1;

/// `GSS_S_NO_CRED` and `GSS_S_CREDENTIALS_EXPIRED`, without their shift.
const NO_CREDENTIALS: u32 = 7;
const EXPIRED: u32 = 11;

/// `GSS_C_GSS_CODE` and `GSS_C_MECH_CODE`: which half of a status is asked about.
const MAJOR: c_int = 1;
const MINOR: c_int = 2;

/// How much of the library's words is shown; some of them may come from a server of the realm.
const WORDS: usize = 512;

/// Lines of one status; the library says when it has no more.
const LINES: usize = 8;

/// The first of Kerberos' codes (`ERROR_TABLE_BASE_krb5`), as the unsigned number that a status is.
const KERBEROS: u32 = 0x96c7_3a00;

/// Whether a call failed: calling errors are the first byte, routine errors the second.
pub(super) fn is_error(major: u32) -> bool {
    major & 0xffff_0000 != 0
}

/// A failed call as an error, in the library's words.
pub(super) fn error(functions: &Functions, major: u32, minor: u32) -> Error {
    let (general, particular) = (words(functions, major, MAJOR), words(functions, minor, MINOR));
    let routine = major >> 16 & 0xff;
    // What Kerberos says names the ticket, the server, the realm; what is said of every mechanism's failures does not.
    let words = if particular.is_empty() || minor == 0 { general } else { particular };
    Error::Failed { reason: reason(routine, minor), words: Visible::line(&words, WORDS).to_string() }
}

fn words(functions: &Functions, status: u32, kind: c_int) -> String {
    let (mut more, mut lines) = (0, Vec::new());
    while lines.len() < LINES {
        let Some(line) = functions.line(status, kind, &mut more) else { break };
        lines.push(String::from_utf8_lossy(&line).trim_end().to_owned());
        if more == 0 {
            break;
        }
    }
    lines.join("; ")
}

/// What a failure is about. Kerberos' codes are the same in MIT's library and Heimdal's (krb5_err.et).
fn reason(routine: u32, minor: u32) -> Reason {
    match (routine, minor.wrapping_sub(KERBEROS)) {
        // KRB5KRB_AP_ERR_TKT_EXPIRED
        (EXPIRED, _) | (_, 32) => Reason::Expired,
        // KRB5_CC_NOTFOUND, KRB5_FCC_NOFILE
        (NO_CREDENTIALS, _) | (_, 141 | 195) => Reason::NoTicket,
        // KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN
        (_, 7) => Reason::Service,
        // KRB5_REALM_UNKNOWN, KRB5_REALM_CANT_RESOLVE, KRB5_KDC_UNREACH
        (_, 154..=156) => Reason::Realm,
        _ => Reason::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `GSS_S_FAILURE`: the minor status says more.
    const FAILURE: u32 = 13;

    #[test]
    fn statuses_are_sorted_by_what_the_user_can_do() {
        for (routine, minor, expected) in [
            (NO_CREDENTIALS, 0, Reason::NoTicket),
            (EXPIRED, 0, Reason::Expired),
            // As the header's signed numbers: KRB5_FCC_NOFILE, KRB5KRB_AP_ERR_TKT_EXPIRED.
            (FAILURE, (-1_765_328_189_i32).cast_unsigned(), Reason::NoTicket),
            (FAILURE, (-1_765_328_352_i32).cast_unsigned(), Reason::Expired),
            // KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN
            (FAILURE, (-1_765_328_377_i32).cast_unsigned(), Reason::Service),
            // KRB5_KDC_UNREACH, KRB5_REALM_UNKNOWN
            (FAILURE, (-1_765_328_228_i32).cast_unsigned(), Reason::Realm),
            (FAILURE, (-1_765_328_230_i32).cast_unsigned(), Reason::Realm),
            (FAILURE, 22, Reason::Other),
        ] {
            assert_eq!(reason(routine, minor), expected, "{routine} {minor:x}");
        }
    }
}

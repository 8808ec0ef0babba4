//! The secret of MIT-MAGIC-COOKIE-1, the authorization that X11 forwarding speaks.

/// The authorization protocol of every [`Cookie`] (Xsecurity(7)).
pub const PROTOCOL: &str = "MIT-MAGIC-COOKIE-1";

/// A cookie: 16 bytes by custom. Whoever knows it may use the display, so it is never shown: its `Debug` is redacted.
#[derive(Clone)]
pub struct Cookie(Vec<u8>);

impl Cookie {
    /// Takes the bytes of a cookie.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The cookie in lower-case hexadecimal, as RFC 4254 section 6.3.1 wants it in an `x11-req`.
    #[must_use]
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cookie(…)")
    }
}

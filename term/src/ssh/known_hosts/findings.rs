//! What the lines of known_hosts say, gathered one by one (`check_hostkeys_by_key_or_type` in hostfile.c).

use russh::keys::{Certificate, PublicKey};

use super::line::{Line, Marker, same_type};
use super::{CertificateStatus, OtherName, Place, Status, file};
use crate::ssh::fingerprint::Fingerprint;

/// What the lines read so far say about one key of one host.
pub(super) struct Findings<'a> {
    name: &'a str,
    key: &'a PublicKey,
    text: String,
    known: Option<Place>,
    revoked: Option<Place>,
    expected: Option<(Place, PublicKey)>,
    elsewhere: Vec<OtherName>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(name: &'a str, key: &'a PublicKey) -> Self {
        let text = file::key_text(key);
        Self { name, key, text, known: None, revoked: None, expected: None, elsewhere: Vec::new() }
    }

    pub(super) fn take(&mut self, place: &Place, line: &Line<'_>) {
        if !line.is_about(self.name) {
            if line.marker == Marker::None && line.key_text() == self.text.as_bytes() {
                let names = (!line.names.starts_with(b"|")).then(|| String::from_utf8_lossy(line.names).into_owned());
                self.elsewhere.push(OtherName { place: place.clone(), names });
            }
            return;
        }
        let Some(key) = line.key() else { return };
        let same = key.key_data() == self.key.key_data();
        match line.marker {
            Marker::None if same => {
                let _ = self.known.get_or_insert_with(|| place.clone());
            }
            Marker::None => self.expect(place, key),
            Marker::Revoked if same => {
                let _ = self.revoked.get_or_insert_with(|| place.clone());
            }
            Marker::Revoked | Marker::CertAuthority => {}
        }
    }

    fn expect(&mut self, place: &Place, key: PublicKey) {
        let offered = self.key.algorithm();
        let better = match &self.expected {
            None => true,
            Some((_, old)) => !same_type(&old.algorithm(), &offered) && same_type(&key.algorithm(), &offered),
        };
        if better {
            self.expected = Some((place.clone(), key));
        }
    }

    pub(super) fn status(self) -> Status {
        match (self.revoked, self.known, self.expected) {
            (Some(place), _, _) => Status::Revoked(place),
            (None, Some(place), _) => Status::Known(place),
            (None, None, Some((place, key))) => Status::Changed { place, expected: Fingerprint::of(&key) },
            (None, None, None) => Status::Unknown { elsewhere: self.elsewhere },
        }
    }
}

/// What the lines read so far say about the authority of one certificate.
pub(super) struct Authority<'a> {
    name: &'a str,
    certificate: &'a Certificate,
    authorized: Option<Place>,
    revoked: Option<Place>,
}

impl<'a> Authority<'a> {
    pub(super) fn new(name: &'a str, certificate: &'a Certificate) -> Self {
        Self { name, certificate, authorized: None, revoked: None }
    }

    pub(super) fn take(&mut self, place: &Place, line: &Line<'_>) {
        if line.marker == Marker::None || !line.is_about(self.name) {
            return;
        }
        let Some(key) = line.key() else { return };
        let signed = key.key_data() == self.certificate.signature_key();
        let found = match line.marker {
            Marker::CertAuthority if signed => &mut self.authorized,
            // Revoking an authority revokes all that it signed.
            Marker::Revoked if signed || key.key_data() == self.certificate.public_key() => &mut self.revoked,
            _ => return,
        };
        let _ = found.get_or_insert_with(|| place.clone());
    }

    pub(super) fn status(self) -> CertificateStatus {
        match (self.revoked, self.authorized) {
            (Some(place), _) => CertificateStatus::Revoked(place),
            (None, Some(place)) => CertificateStatus::Authorized(place),
            (None, None) => CertificateStatus::Unauthorized,
        }
    }
}

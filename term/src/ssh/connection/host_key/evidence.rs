//! What files and programs say about the key that a server presents. Blocks: it reads them all.

use std::net::IpAddr;
use std::time::SystemTime;

use russh::keys::ssh_key::public::KeyData;
use russh::keys::{Certificate, PublicKey};

use super::HostKey;
use crate::ssh::Error;
use crate::ssh::fingerprint;
use crate::ssh::known_hosts::certificate::{self, Refusal};
use crate::ssh::known_hosts::{self, CertificateStatus, Invocation, KnownHosts, Place, Status};

/// What is known about what a server presents.
#[derive(Debug)]
pub(super) struct Evidence {
    /// Why the key is too weak to be looked up at all.
    pub(super) unacceptable: Option<String>,
    /// Where the key, the certificate or its authority is revoked.
    pub(super) revoked: Option<Place>,
    /// The certificate is right.
    pub(super) certified: bool,
    /// Why it is not, though its authority is known.
    pub(super) refusal: Option<Refusal>,
    /// What is known about the key.
    pub(super) status: Status,
    /// It is known only by the bare name and not for this port.
    pub(super) elsewhere: bool,
    /// What is known about the key as that of the host's address, with `CheckHostIP`.
    pub(super) address: Option<Address>,
}

/// What is known about a key as that of an address.
#[derive(Debug)]
pub(super) struct Address {
    /// The address as known_hosts writes it.
    pub(super) name: String,
    pub(super) status: Status,
}

impl Address {
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.status, Status::Unknown { .. })
    }
}

impl HostKey {
    /// Gathers what is known about a key or certificate.
    pub(super) fn evidence(&self, presented: &PublicKey) -> Result<Evidence, Error> {
        let plain = match presented.key_data() {
            KeyData::Certificate(certificate) => PublicKey::from(certificate.public_key().clone()),
            _ => presented.clone(),
        };
        let mut revoked = match &self.revoked {
            Some(path) => known_hosts::revocation(path, presented)?,
            None => None,
        };
        let known = self.with_printed(Invocation::HostName, &self.name(), presented)?;
        let (mut certified, mut refusal) = (false, None);
        if let KeyData::Certificate(certificate) = presented.key_data() {
            match known.check_certificate(&self.name, self.port, certificate)? {
                CertificateStatus::Revoked(place) => revoked = revoked.or(Some(place)),
                CertificateStatus::Authorized(_) => match self.check_certificate(certificate) {
                    Ok(()) => certified = true,
                    Err(reason) => refusal = Some(reason),
                },
                CertificateStatus::Unauthorized => {}
            }
        }
        let status = known.check(&self.name, self.port, &plain)?;
        if let Status::Revoked(place) = &status {
            revoked = revoked.or_else(|| Some(place.clone()));
        }
        let elsewhere = self.port != 22
            && matches!(status, Status::Known(_))
            && !known.keys(&self.name, self.port)?.iter().any(|key| key.key_data() == plain.key_data());
        let address = if certified { None } else { self.address_evidence(&plain)? };
        let unacceptable = self.unacceptable(&plain);
        Ok(Evidence { unacceptable, revoked, certified, refusal, status, elsewhere, address })
    }

    fn check_certificate(&self, certificate: &Certificate) -> Result<(), Refusal> {
        let name = if self.alias { &self.name } else { &self.host_name };
        certificate::check(certificate, name, SystemTime::now(), &self.signatures)
    }

    fn address_evidence(&self, key: &PublicKey) -> Result<Option<Address>, Error> {
        let Some(address) = self.checked_address() else { return Ok(None) };
        let name = known_hosts::name(&address, self.port);
        let known = self.with_printed(Invocation::Address, &name, key)?;
        Ok(Some(Address { name, status: known.check(&address, self.port, key)? }))
    }

    /// The address that the key has to be known for too: with `CheckHostIP`, where the host was named otherwise and is
    /// another machine.
    pub(super) fn checked_address(&self) -> Option<String> {
        let address = self.address.filter(|_| self.check_host_ip && !self.is_local())?.to_string();
        (address != self.host_name).then_some(address)
    }

    /// Whether the server is this machine.
    pub(super) fn is_local(&self) -> bool {
        self.address.is_some_and(|address| match address {
            IpAddr::V4(address) => address.is_loopback(),
            IpAddr::V6(address) => address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback()),
        })
    }

    /// `RequiredRSASize`.
    fn unacceptable(&self, key: &PublicKey) -> Option<String> {
        let bits = key.key_data().is_rsa().then(|| fingerprint::bits(key.key_data())).flatten()?;
        (bits < self.required_rsa_size).then(|| {
            format!(
                "the server's RSA host key has {bits} bits, fewer than the {} of RequiredRSASize",
                self.required_rsa_size
            )
        })
    }

    /// The known hosts, with what `KnownHostsCommand` prints about `name`.
    fn with_printed(&self, invocation: Invocation, name: &str, key: &PublicKey) -> Result<KnownHosts, Error> {
        let printed = self.command.as_ref().map(|command| command.run(invocation, name, Some(key))).transpose()?;
        Ok(self.known.clone().with(printed))
    }
}

//! The algorithms that are built here: those that are offered to every server, best first, in OpenSSH's order, and what
//! else a configuration can name. One list for what is offered, for what `-G` prints and for what `-Q` answers.

use super::legacy;

/// What ends the name of a certificate's algorithm.
pub(super) const CERTIFICATE: &str = "-cert-v01@openssh.com";

/// Key exchanges; first of all what a quantum computer cannot break. OpenSSH knows every one of them, so that a list can
/// be given to a server of its.
pub(super) const KEY_EXCHANGES: &[&str] = &[
    "mlkem768x25519-sha256",
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
    "diffie-hellman-group14-sha256",
];

/// Ciphers.
pub(super) const CIPHERS: &[&str] = &[
    "chacha20-poly1305@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-gcm@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
];

/// MACs, in the order of their speed too: processors of today have instructions for SHA-256.
pub(super) const MACS: &[&str] =
    &["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"];

/// Keys that a server may show: certificates before plain keys, and no RSA with SHA-1.
pub(super) const HOST_KEYS: &[&str] = &[
    "ssh-ed25519-cert-v01@openssh.com",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "ecdsa-sha2-nistp384-cert-v01@openssh.com",
    "ecdsa-sha2-nistp521-cert-v01@openssh.com",
    "rsa-sha2-512-cert-v01@openssh.com",
    "rsa-sha2-256-cert-v01@openssh.com",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
];

/// What the user's keys may sign with. Those of security tokens sign through the agent.
pub(super) const USER_KEYS: &[&str] = &[
    "ssh-ed25519-cert-v01@openssh.com",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "ecdsa-sha2-nistp384-cert-v01@openssh.com",
    "ecdsa-sha2-nistp521-cert-v01@openssh.com",
    "sk-ssh-ed25519-cert-v01@openssh.com",
    "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com",
    "rsa-sha2-512-cert-v01@openssh.com",
    "rsa-sha2-256-cert-v01@openssh.com",
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "rsa-sha2-512",
    "rsa-sha2-256",
];

/// What authorities may sign host certificates with.
pub(super) const AUTHORITIES: &[&str] = &[
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "rsa-sha2-512",
    "rsa-sha2-256",
];

/// RSA with SHA-1, which is forgeable: only where it is named.
pub(super) const LEGACY_KEYS: [&str; 2] = ["ssh-rsa-cert-v01@openssh.com", "ssh-rsa"];

/// A list with the weak algorithms that the same keyword of ssh_config(5) can name.
pub(super) fn with_weak(offered: &[&'static str], keyword: &str) -> Vec<&'static str> {
    let weak = legacy::WEAK.iter().filter(|weakness| weakness.keyword == keyword).map(|weakness| weakness.name);
    offered.iter().copied().chain(weak).collect()
}

use std::collections::HashSet;
use std::process::Command;

use p521::Scalar;
use p521::elliptic_curve::PrimeField;
use russh::keys::ssh_key::private::{EcdsaKeypair, KeypairData};
use sha2::{Digest, Sha512};

use super::*;

/// Reads a string (RFC 4251 section 5) off the front of `bytes`.
fn string<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let (length, rest) = bytes.split_at(4);
    let length = usize::try_from(u32::from_be_bytes(length.try_into().unwrap())).unwrap();
    let (string, rest) = rest.split_at(length);
    *bytes = rest;
    string
}

/// A number of at most 521 bits, from bytes with leading zeros or without.
fn scalar(bytes: &[u8]) -> Scalar {
    let digits: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut padded = [0; 66];
    padded[66 - digits.len()..].copy_from_slice(&digits);
    Scalar::from_repr(padded.into()).unwrap()
}

/// The nonce of a signature, which whoever has the private key can work out.
fn nonce(private: &Scalar, data: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut rest = signature;
    assert_eq!(string(&mut rest), b"ecdsa-sha2-nistp521");
    let mut numbers = string(&mut rest);
    let (r, s) = (scalar(string(&mut numbers)), scalar(string(&mut numbers)));
    let inverse = s.invert().unwrap();
    (inverse * (scalar(&Sha512::digest(data)) + r * private)).to_repr().to_vec()
}

/// CVE-2024-31497: nine zero bits in each nonce gave the private key away after some sixty signatures.
#[test]
fn nonces_of_p521_signatures_are_distinct_and_of_full_length() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ecdsa", "-b", "521", "-N", "", "-f"]).arg(&path).status();
    assert!(made.unwrap().success());
    let key = Identity::load(&path).unwrap().unwrap().unlock(None).unwrap();
    let KeypairData::Ecdsa(EcdsaKeypair::NistP521 { private, .. }) = key.key_data() else { panic!("a P-521 key") };
    let private = scalar(private.as_slice());
    let nonces: HashSet<Vec<u8>> = (0..200_u32)
        .map(|number| {
            let data = number.to_be_bytes();
            nonce(&private, &data, &sign(&key, None, &data).unwrap())
        })
        .collect();
    assert_eq!(nonces.len(), 200);
    // Of 521 bits the highest nine are in the first two bytes; half of the nonces have the first of them.
    let longest = nonces.iter().filter(|nonce| nonce[0] == 1).count();
    assert!((50..150).contains(&longest), "{longest} of 200 nonces are of full length");
}

//! Lists of networks as `Match localnetwork` takes them.

use std::net::IpAddr;

/// Whether one of the addresses is in one of the networks of a list such as `10.0.0.0/8,fd00::/8`. The message of an
/// error is OpenSSH's.
pub(super) fn holds(list: &str, addresses: &[IpAddr]) -> Result<bool, String> {
    let mut found = false;
    for entry in list.split(',') {
        if entry.is_empty() {
            return Err(format!("empty entry in list \"{list}\""));
        }
        let (network, bits) = parse(entry)?;
        found |= addresses.iter().any(|address| contains(network, bits, *address));
    }
    Ok(found)
}

fn parse(entry: &str) -> Result<(IpAddr, u32), String> {
    let invalid = || format!("Invalid network entry \"{entry}\"");
    let (address, bits) = entry.split_once('/').map_or((entry, None), |(address, bits)| (address, Some(bits)));
    let network: IpAddr = address.parse().map_err(|_| invalid())?;
    let width = if network.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| invalid()))?;
    if bits > width {
        return Err(invalid());
    }
    let (number, _) = number(network);
    if masked(number, bits, width) == number {
        Ok((network, bits))
    } else {
        Err(format!("Inconsistent mask length for network \"{entry}\""))
    }
}

fn contains(network: IpAddr, bits: u32, address: IpAddr) -> bool {
    let ((network, width), (address, other)) = (number(network), number(address));
    width == other && masked(address, bits, width) == network
}

fn number(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(address) => (u32::from(address).into(), 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    }
}

fn masked(number: u128, bits: u32, width: u32) -> u128 {
    let rest = width.saturating_sub(bits);
    number.checked_shr(rest).and_then(|high| high.checked_shl(rest)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_in_networks_of_their_family() {
        let here: Vec<IpAddr> = ["10.1.2.3", "fd00::7"].map(|address| address.parse().unwrap()).to_vec();
        for (list, expected) in [
            ("10.0.0.0/8", Ok(true)),
            ("10.1.2.3", Ok(true)),
            ("10.1.2.4", Ok(false)),
            ("192.168.0.0/16,10.1.0.0/16", Ok(true)),
            ("192.168.0.0/16", Ok(false)),
            ("0.0.0.0/0", Ok(true)),
            ("fd00::/8", Ok(true)),
            ("::/0", Ok(true)),
            ("fe80::/10", Ok(false)),
            ("10.1.2.3/8", Err("Inconsistent mask length for network \"10.1.2.3/8\"")),
            ("10.0.0.0/33", Err("Invalid network entry \"10.0.0.0/33\"")),
            ("home", Err("Invalid network entry \"home\"")),
            ("10.0.0.0/8,", Err("empty entry in list \"10.0.0.0/8,\"")),
        ] {
            assert_eq!(holds(list, &here), expected.map_err(str::to_owned), "{list}");
        }
        assert_eq!(holds("10.0.0.0/8", &[]), Ok(false));
    }
}

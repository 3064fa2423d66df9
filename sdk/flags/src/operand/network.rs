//! IP addresses and networks.
//!
//! An IPv4 address may come written as IPv6 (`::ffff:192.0.2.1`, as dual-stack sockets report it): it is the IPv4
//! address, wherever it stands. `::/0` therefore holds every address that is IPv6 proper, and no other.

use std::net::IpAddr;

/// An address: IPv4 as four decimal numbers without leading zeros, or IPv6 as RFC 4291 writes it, without a zone.
pub(crate) fn parse_address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>()
        .ok()
        .map(|address| address.to_canonical())
}

/// The first and the last address of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    V4(u32, u32),
    V6(u128, u128),
}

impl Network {
    /// Reads `10.0.0.0/8` or `2001:db8::/32`; an address alone is a network of one; bits past the prefix are ignored.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(parse_prefix(prefix)?)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().ok()?;
        match (address, address.to_canonical()) {
            (IpAddr::V4(address), _) => v4(address.to_bits(), prefix.unwrap_or(32)),
            (IpAddr::V6(_), IpAddr::V4(mapped)) if prefix.unwrap_or(128) >= 96 => {
                v4(mapped.to_bits(), prefix.unwrap_or(128) - 96)
            }
            (IpAddr::V6(address), _) => v6(address.to_bits(), prefix.unwrap_or(128)),
        }
    }
}

fn v4(address: u32, prefix: u32) -> Option<Network> {
    let host = u32::MAX.checked_shr(prefix).unwrap_or(0);
    (prefix <= 32).then_some(Network::V4(address & !host, address | host))
}

fn v6(address: u128, prefix: u32) -> Option<Network> {
    let host = u128::MAX.checked_shr(prefix).unwrap_or(0);
    (prefix <= 128).then_some(Network::V6(address & !host, address | host))
}

/// Decimal without sign or leading zero.
fn parse_prefix(text: &str) -> Option<u32> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = canonical && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// A set of networks, searched by bisection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Networks {
    v4: Box<[(u32, u32)]>,
    v6: Box<[(u128, u128)]>,
}

impl FromIterator<Network> for Networks {
    fn from_iter<I: IntoIterator<Item = Network>>(networks: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for network in networks {
            match network {
                Network::V4(first, last) => v4.push((first, last)),
                Network::V6(first, last) => v6.push((first, last)),
            }
        }
        Networks {
            v4: union(v4),
            v6: union(v6),
        }
    }
}

impl Networks {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => within(&self.v4, address.to_bits()),
            IpAddr::V6(address) => within(&self.v6, address.to_bits()),
        }
    }
}

/// Sorted, without overlaps.
fn union<T: Ord + Copy>(mut ranges: Vec<(T, T)>) -> Box<[(T, T)]> {
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let overlaps = next.0 <= kept.1;
        if overlaps {
            kept.1 = kept.1.max(next.1);
        }
        overlaps
    });
    ranges.into()
}

fn within<T: Ord + Copy>(ranges: &[(T, T)], address: T) -> bool {
    let after = ranges.partition_point(|&(first, _)| first <= address);
    after
        .checked_sub(1)
        .is_some_and(|index| address <= ranges[index].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(networks: &[&str], address: &str) -> bool {
        let networks: Networks = networks
            .iter()
            .map(|text| Network::parse(text).unwrap())
            .collect();
        networks.contains(parse_address(address).unwrap())
    }

    #[test]
    fn an_address_is_in_any_of_the_networks() {
        let networks = [
            "10.0.0.0/8",
            "10.1.0.0/16",
            "192.0.2.7",
            "9.255.255.255/32",
            "2001:db8::/32",
            "::1",
        ];
        for address in [
            "10.0.0.0",
            "10.255.255.255",
            "10.1.2.3",
            "192.0.2.7",
            "9.255.255.255",
            "2001:db8:ffff::1",
            "::1",
        ] {
            assert!(holds(&networks, address), "{address}");
        }
        for address in [
            "9.255.255.254",
            "11.0.0.0",
            "192.0.2.6",
            "192.0.2.8",
            "2001:db9::",
            "::2",
            "::",
        ] {
            assert!(!holds(&networks, address), "{address}");
        }
    }

    #[test]
    fn prefixes_of_zero_and_bits_past_the_prefix() {
        assert!(holds(&["0.0.0.0/0"], "255.255.255.255"));
        assert!(!holds(&["0.0.0.0/0"], "::2"));
        assert!(holds(&["::/0"], "ffff::"));
        assert!(holds(&["10.1.2.3/8"], "10.9.9.9"));
        assert!(holds(&["2001:db8::1/64"], "2001:db8::2"));
    }

    #[test]
    fn an_ipv4_address_written_as_ipv6_is_the_ipv4_address() {
        assert!(holds(&["192.0.2.0/24"], "::ffff:192.0.2.1"));
        assert!(holds(&["192.0.2.0/24"], "::ffff:c000:0201"));
        assert!(holds(&["::ffff:192.0.2.0/120"], "192.0.2.1"));
        assert!(holds(&["::ffff:192.0.2.1"], "192.0.2.1"));
        assert!(!holds(&["::/0"], "::ffff:192.0.2.1"));
        assert!(!holds(&["::ffff:0:0/95"], "192.0.2.1"));
    }

    #[test]
    fn anything_else_is_malformed() {
        let cases = [
            "",
            "10",
            "10.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/-1",
            "10.0.0.0/8/8",
            "010.0.0.1",
            "256.0.0.1",
            "0x0a.0.0.1",
            " 10.0.0.1",
            "::/129",
            "fe80::1%eth0",
            "[::1]",
            "1::2::3",
            "g::",
            "::ffff:1.2.3.4/130",
        ];
        for text in cases {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}

//! The address that a client is counted under.

use std::net::{IpAddr, Ipv6Addr};

/// Anyone with one IPv6 address has at least the 2^64 of its network. An IPv4 address within IPv6 is itself.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

//! Admission control: decides whether a socket may stay before anything is allocated for it.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use super::config::StreamConfig;
use crate::network::network;

/// Counts sockets by node and address, and upgrades by time.
pub(super) struct Admission {
    max_connections: usize,
    max_per_address: usize,
    connections: AtomicUsize,
    addresses: DashMap<IpAddr, usize>,
    upgrades: DefaultDirectRateLimiter,
}

/// A socket's place; dropping it frees the place.
pub(super) struct Place {
    admission: Arc<Admission>,
    address: IpAddr,
}

/// Why a socket is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// The node has reached its limit.
    Node,
    /// The address has reached its limit.
    Address,
}

impl Admission {
    pub(super) fn new(config: &StreamConfig) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(config.handshakes_per_second))
            .allow_burst(at_least_one(config.handshake_burst));
        Self {
            max_connections: config.max_connections,
            max_per_address: config.max_connections_per_address,
            connections: AtomicUsize::new(0),
            addresses: DashMap::new(),
            upgrades: RateLimiter::direct(quota),
        }
    }

    /// Takes a place for a socket.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Result<Place, Full> {
        let address = network(address);
        // Counted first: dropping the place undoes both counts, whichever is too high.
        let of_node = self.connections.fetch_add(1, Ordering::Relaxed) + 1;
        let of_address = {
            let mut count = self.addresses.entry(address).or_default();
            *count += 1;
            *count
        };
        let place = Place {
            admission: Arc::clone(self),
            address,
        };
        if of_node > self.max_connections {
            return Err(Full::Node);
        }
        if of_address > self.max_per_address {
            return Err(Full::Address);
        }
        Ok(place)
    }

    /// Whether one more handshake may begin now.
    pub(super) fn may_upgrade(&self) -> bool {
        self.upgrades.check().is_ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.admission.connections.fetch_sub(1, Ordering::Relaxed);
        self.admission
            .addresses
            .remove_if_mut(&self.address, |_, count| {
                *count -= 1;
                *count == 0
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(max_connections: usize, max_connections_per_address: usize) -> Arc<Admission> {
        let config = StreamConfig {
            max_connections,
            max_connections_per_address,
            ..StreamConfig::default()
        };
        Arc::new(Admission::new(&config))
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_place_given_back_is_free_again() {
        let admission = admission(2, 2);
        let one = admission.admit(address("10.0.0.1")).ok();
        let _two = admission.admit(address("10.0.0.2")).ok();
        assert_eq!(admission.admit(address("10.0.0.3")).err(), Some(Full::Node));
        drop(one);
        assert!(admission.admit(address("10.0.0.3")).is_ok());
    }

    #[test]
    fn an_address_has_its_own_limit() {
        let admission = admission(10, 1);
        let _held = admission.admit(address("2001:db8::1")).ok();
        assert_eq!(
            admission.admit(address("2001:db8::2")).err(),
            Some(Full::Address),
            "the same network"
        );
        assert!(admission.admit(address("2001:db8:0:1::1")).is_ok());
        assert!(admission.admit(address("::ffff:10.0.0.1")).is_ok());
        assert_eq!(
            admission.addresses.len(),
            1,
            "nobody who left is remembered"
        );
    }
}

//! How often somebody may try to get in: by address, by account, and at the setup code.

use std::net::{IpAddr, Ipv6Addr};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest as _, Sha256};

use crate::config::{ApiConfig, Rate};
use crate::problem::Problem;

/// Keys that a limiter remembers before it forgets those that are free to try again anyway.
const REMEMBERED: usize = 100_000;

/// Counts tries.
pub(crate) struct Throttle {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    accounts_by_address: DefaultKeyedRateLimiter<(IpAddr, [u8; 32])>,
    accounts: DefaultKeyedRateLimiter<[u8; 32]>,
    links: DefaultKeyedRateLimiter<IpAddr>,
    resets: DefaultKeyedRateLimiter<[u8; 32]>,
    setup_addresses: DefaultKeyedRateLimiter<IpAddr>,
    setup: DefaultKeyedRateLimiter<()>,
}

impl Throttle {
    pub(crate) fn new(config: &ApiConfig) -> Self {
        Self {
            addresses: RateLimiter::dashmap(quota(config.sign_in_by_address)),
            accounts_by_address: RateLimiter::dashmap(quota(config.sign_in_by_account_and_address)),
            accounts: RateLimiter::dashmap(quota(config.sign_in_by_account)),
            links: RateLimiter::dashmap(quota(config.links_by_address)),
            resets: RateLimiter::dashmap(quota(config.resets_by_account)),
            setup_addresses: RateLimiter::dashmap(quota(config.setup_by_address)),
            setup: RateLimiter::dashmap(quota(config.setup_tries)),
        }
    }

    /// Counts a try to sign in by its address, before anything is read of it.
    pub(crate) fn sign_in_from(&self, address: IpAddr) -> Result<(), Problem> {
        count(&self.addresses, &network(address))
    }

    /// Counts a try at an account from an address. Refuses before anything slow is done, and alike for accounts that do
    /// not exist.
    pub(crate) fn account_from(&self, address: IpAddr, email: &str) -> Result<(), Problem> {
        count(
            &self.accounts_by_address,
            &(network(address), Sha256::digest(email.as_bytes()).into()),
        )
    }

    /// Counts a try at an account from a device on which nobody has signed in to it, whatever its address. Not asked of
    /// known devices, so that strangers cannot lock an owner out.
    pub(crate) fn account(&self, email: &str) -> Result<(), Problem> {
        count(&self.accounts, &Sha256::digest(email.as_bytes()).into())
    }

    /// Counts a password that somebody who is signed in has to show again.
    pub(crate) fn confirm(&self, address: IpAddr, email: &str) -> Result<(), Problem> {
        self.sign_in_from(address)?;
        self.account_from(address, email)
    }

    /// Counts a request for a new password. It is counted apart from sign-ins, so that a stranger who asks for mail keeps
    /// nobody from signing in.
    pub(crate) fn reset(&self, email: &str) -> Result<(), Problem> {
        count(&self.resets, &Sha256::digest(email.as_bytes()).into())
    }

    /// Counts a try at a link: an invitation, a new password.
    pub(crate) fn link(&self, address: IpAddr) -> Result<(), Problem> {
        count(&self.links, &network(address))
    }

    /// Counts a try at the setup code: first by address, so that a stranger uses up their own tries and not the owner's,
    /// then from wherever, for there is one code.
    pub(crate) fn setup(&self, address: IpAddr) -> Result<(), Problem> {
        count(&self.setup_addresses, &network(address))?;
        count(&self.setup, &())
    }
}

fn quota(rate: Rate) -> Quota {
    Quota::with_period(rate.every)
        // Config refuses an interval of zero, the only reason for none.
        .unwrap_or_else(|| Quota::per_second(rate.burst))
        .allow_burst(rate.burst)
}

/// Who holds one IPv6 address holds the 2^64 of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn count<K: Clone + Eq + std::hash::Hash>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), Problem> {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        Problem::too_many_requests(wait.as_secs() + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;
    use std::time::Duration;

    fn throttle(by_address: u32) -> Throttle {
        let rate = |burst| Rate::new(NonZeroU32::new(burst).unwrap(), Duration::from_hours(1));
        Throttle::new(&ApiConfig {
            sign_in_by_address: rate(by_address),
            sign_in_by_account_and_address: rate(1),
            sign_in_by_account: rate(2),
            setup_tries: rate(1),
            ..ApiConfig::default()
        })
    }

    #[test]
    fn an_address_that_tries_too_often_waits_whatever_the_account() {
        let throttle = throttle(2);
        let address: IpAddr = "192.0.2.1".parse().unwrap();
        throttle.sign_in_from(address).unwrap();
        throttle.sign_in_from(address).unwrap();
        let refused = throttle.sign_in_from(address).unwrap_err();
        assert_eq!(refused.status.as_u16(), 429);
        assert!(refused.retry_after.unwrap() > 3_500);
        throttle.sign_in_from("192.0.2.2".parse().unwrap()).unwrap();
    }

    #[test]
    fn who_tries_an_account_too_often_keeps_nobody_else_from_it() {
        let throttle = throttle(9);
        let try_from =
            |address: &str| throttle.account_from(address.parse().unwrap(), "a@example.com");
        try_from("192.0.2.1").unwrap();
        assert_eq!(try_from("192.0.2.1").unwrap_err().status.as_u16(), 429);
        try_from("192.0.2.2").unwrap();
    }

    #[test]
    fn an_account_that_unknown_devices_try_too_often_waits_for_all_of_them() {
        let throttle = throttle(9);
        throttle.account("a@example.com").unwrap();
        throttle.account("a@example.com").unwrap();
        let refused = throttle.account("a@example.com").unwrap_err();
        assert_eq!(refused.status.as_u16(), 429);
        throttle.account("b@example.com").unwrap();
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let throttle = throttle(1);
        let try_from = |address: &str| throttle.sign_in_from(address.parse().unwrap());
        try_from("2001:db8:1:2::1").unwrap();
        assert!(try_from("2001:db8:1:2:ffff::9").is_err());
        try_from("2001:db8:1:3::1").unwrap();
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_counts_as_itself() {
        let throttle = throttle(1);
        let try_from = |address: &str| throttle.sign_in_from(address.parse().unwrap());
        try_from("::ffff:192.0.2.1").unwrap();
        assert!(try_from("192.0.2.1").is_err());
        try_from("::ffff:192.0.2.2").unwrap();
    }
}

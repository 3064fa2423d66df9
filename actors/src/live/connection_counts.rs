//! Counts the connections to an environment on this node.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use peekaboo_storage::SdkKeyKind;

/// The number of SDK names that are counted separately. Clients choose their name, so there must be a limit.
const MAX_NAMES: usize = 64;

/// The number of characters of an SDK's name to keep.
const MAX_NAME: usize = 48;

/// The name for all SDKs beyond [`MAX_NAMES`].
const OTHERS: &str = "other";

/// Connections of an environment on this node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// With server keys.
    pub server: u64,
    /// With client keys.
    pub client: u64,
    /// By name and version of the SDK, most frequent first.
    pub sdks: Vec<(String, u64)>,
}

/// Counts of an environment's connections.
#[derive(Default)]
pub(crate) struct ConnectionCounts {
    server: AtomicU64,
    client: AtomicU64,
    sdks: Mutex<BTreeMap<Arc<str>, u64>>,
}

impl ConnectionCounts {
    /// Counts a connection; returns the name under which to remove it.
    pub(crate) fn enter(&self, kind: SdkKeyKind, sdk: &str) -> Arc<str> {
        self.of(kind).fetch_add(1, Ordering::Relaxed);
        let mut sdks = self.sdks.lock().unwrap_or_else(PoisonError::into_inner);
        let given: String = sdk
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_NAME)
            .collect();
        let full = sdks.len() >= MAX_NAMES;
        let name = match sdks.get_key_value(given.as_str()) {
            Some((known, _)) => known.clone(),
            None if full => OTHERS.into(),
            None => given.into(),
        };
        *sdks.entry(name.clone()).or_default() += 1;
        name
    }

    pub(crate) fn leave(&self, kind: SdkKeyKind, name: &str) {
        self.of(kind).fetch_sub(1, Ordering::Relaxed);
        let mut sdks = self.sdks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = sdks.get_mut(name) {
            *count -= 1;
            if *count == 0 {
                sdks.remove(name);
            }
        }
    }

    pub(crate) fn server(&self) -> u64 {
        self.server.load(Ordering::Relaxed)
    }

    pub(crate) fn client(&self) -> u64 {
        self.client.load(Ordering::Relaxed)
    }

    pub(crate) fn read(&self) -> Connections {
        let sdks = self.sdks.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sdks: Vec<_> = sdks
            .iter()
            .map(|(name, count)| (name.to_string(), *count))
            .collect();
        sdks.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Connections {
            server: self.server(),
            client: self.client(),
            sdks,
        }
    }

    fn of(&self, kind: SdkKeyKind) -> &AtomicU64 {
        match kind {
            SdkKeyKind::Server => &self.server,
            SdkKeyKind::Client => &self.client,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_who_left_is_forgotten() {
        let counts = ConnectionCounts::default();
        let names: Vec<_> = (0..100)
            .map(|n| counts.enter(SdkKeyKind::Client, &format!("js/{n}")))
            .collect();
        let server = counts.enter(SdkKeyKind::Server, "rust/0.1.0");
        let read = counts.read();
        assert_eq!((read.server, read.client), (1, 100));
        assert_eq!(
            read.sdks[0],
            (OTHERS.to_owned(), 37),
            "names past the limit are counted together"
        );
        for name in &names {
            counts.leave(SdkKeyKind::Client, name);
        }
        counts.leave(SdkKeyKind::Server, &server);
        assert_eq!(counts.read(), Connections::default());
    }
}

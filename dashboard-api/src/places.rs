//! Places for event streams: so many on this node, and of those so many for one organisation and for one caller, so that
//! nobody's open dashboards keep others from opening theirs. It counts and never waits.

use std::sync::Arc;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use peekaboo_storage::OrganizationId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::config::ApiConfig;

/// Counts the event streams that are open.
pub(crate) struct Places {
    node: Arc<Semaphore>,
    taken: Arc<DashMap<Holder, usize>>,
    by_organization: usize,
    by_caller: usize,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// The node follows as much as it may.
    Node,
    /// The organisation does.
    Organization,
    /// The person or token does.
    Caller,
}

/// A place; dropping it frees it.
pub(crate) struct Place {
    _node: OwnedSemaphorePermit,
    _organization: Share,
    _caller: Share,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Holder {
    Organization(OrganizationId),
    Caller(Uuid),
}

/// One of a holder's.
struct Share {
    holder: Holder,
    taken: Arc<DashMap<Holder, usize>>,
}

impl Places {
    pub(crate) fn new(config: &ApiConfig) -> Self {
        Self {
            node: Arc::new(Semaphore::new(config.event_streams)),
            taken: Arc::default(),
            by_organization: config.event_streams_by_organization,
            by_caller: config.event_streams_by_caller,
        }
    }

    /// A place for one more stream, while there is one.
    pub(crate) fn take(&self, organization: OrganizationId, caller: Uuid) -> Result<Place, Full> {
        let caller = self.share(Holder::Caller(caller), self.by_caller);
        let caller = caller.ok_or(Full::Caller)?;
        let organization = self.share(Holder::Organization(organization), self.by_organization);
        let organization = organization.ok_or(Full::Organization)?;
        let node = self.node.clone().try_acquire_owned();
        Ok(Place {
            _node: node.map_err(|_| Full::Node)?,
            _organization: organization,
            _caller: caller,
        })
    }

    fn share(&self, holder: Holder, most: usize) -> Option<Share> {
        let mut count = self.taken.entry(holder).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(count);
        Some(Share {
            holder,
            taken: self.taken.clone(),
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if let Entry::Occupied(mut count) = self.taken.entry(self.holder) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(node: usize, by_organization: usize, by_caller: usize) -> Places {
        Places::new(&ApiConfig {
            event_streams: node,
            event_streams_by_organization: by_organization,
            event_streams_by_caller: by_caller,
            ..ApiConfig::default()
        })
    }

    fn organization(n: u128) -> OrganizationId {
        OrganizationId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn one_caller_leaves_places_to_the_others() {
        let places = places(10, 10, 1);
        let (ada, bob) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let held = places.take(organization(1), ada).ok().unwrap();
        assert_eq!(places.take(organization(1), ada).err(), Some(Full::Caller));
        let _bobs = places.take(organization(1), bob).ok().unwrap();
        drop(held);
        assert!(places.take(organization(1), ada).is_ok());
    }

    #[test]
    fn one_organization_leaves_places_to_the_others() {
        let places = places(10, 2, 10);
        let take = |of, caller| places.take(organization(of), Uuid::from_u128(caller));
        let _held = [take(1, 1).ok().unwrap(), take(1, 2).ok().unwrap()];
        assert_eq!(take(1, 3).err(), Some(Full::Organization));
        assert!(take(2, 4).is_ok());
    }

    #[test]
    fn what_is_refused_takes_no_place() {
        let places = places(1, 10, 10);
        let take = || places.take(organization(1), Uuid::from_u128(1));
        let held = take().ok().unwrap();
        for _ in 0..20 {
            assert_eq!(take().err(), Some(Full::Node));
        }
        drop(held);
        assert!(take().is_ok());
        assert!(places.taken.is_empty(), "nothing is kept of those who left");
    }
}

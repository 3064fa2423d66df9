//! The connections that a listener holds: so many in all, so many of one address, and never so that those who send
//! nothing keep out those who do.
//!
//! Where there is no room for a newcomer, the connection leaves that has been waiting longest for its client to send a
//! request. A request that is being answered is never cut off for one that comes later.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::network::network;

/// How many connections there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// In all.
    pub(crate) connections: usize,
    /// From one address, or one /64 network of IPv6.
    pub(crate) of_address: usize,
    /// Whether a connection may be cut off while it is answered: where answers are so short that they always leave at
    /// once unless somebody does not read them.
    pub(crate) cuts_answers: bool,
}

/// The connections.
pub(crate) struct Places {
    room: Room,
    held: Mutex<Held>,
    left: Notify,
}

#[derive(Default)]
struct Held {
    next: u64,
    places: HashMap<u64, Arc<Shared>>,
    addresses: HashMap<IpAddr, usize>,
}

/// What a connection and the list share.
struct Shared {
    address: IpAddr,
    began: Instant,
    /// Since when the client has to send something.
    waits_since: Mutex<Option<Instant>>,
    leave: CancellationToken,
}

/// A connection's place; dropping it makes room.
pub(crate) struct Place {
    places: Arc<Places>,
    id: u64,
    shared: Arc<Shared>,
}

/// The address has as many connections as it may.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AddressFull;

impl Places {
    pub(crate) fn new(room: Room) -> Arc<Self> {
        Arc::new(Self {
            room,
            held: Mutex::default(),
            left: Notify::new(),
        })
    }

    /// Takes a place for a connection from an address, and waits for one where every place is in use.
    pub(crate) async fn take(self: &Arc<Self>, address: IpAddr) -> Result<Place, AddressFull> {
        let address = network(address);
        loop {
            let left = self.left.notified();
            if let Some(place) = self.try_take(address)? {
                return Ok(place);
            }
            left.await;
        }
    }

    fn try_take(self: &Arc<Self>, address: IpAddr) -> Result<Option<Place>, AddressFull> {
        let mut held = self.held();
        let of_address = held.addresses.get(&address).copied().unwrap_or_default();
        if of_address >= self.room.of_address {
            let Some(left) = held.longest_waiting(self.room, Some(address)) else {
                return Err(AddressFull);
            };
            held.send_away(left);
        } else if held.places.len() >= self.room.connections {
            let Some(left) = held.longest_waiting(self.room, None) else {
                return Ok(None);
            };
            held.send_away(left);
        }
        let id = held.next;
        held.next += 1;
        let shared = Arc::new(Shared {
            address,
            began: Instant::now(),
            waits_since: Mutex::new(Some(Instant::now())),
            leave: CancellationToken::new(),
        });
        held.places.insert(id, Arc::clone(&shared));
        *held.addresses.entry(address).or_default() += 1;
        Ok(Some(Place {
            places: Arc::clone(self),
            id,
            shared,
        }))
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Whose client has been waited for longest.
    fn longest_waiting(&self, room: Room, address: Option<IpAddr>) -> Option<u64> {
        let here = self.places.iter();
        let here = here.filter(|(_, held)| address.is_none_or(|address| held.address == address));
        let waiting = here.filter_map(|(id, held)| {
            let waits_since = held.waits_since();
            let since = waits_since.or(room.cuts_answers.then_some(held.began))?;
            // One that is answered leaves only where all are.
            Some((waits_since.is_none(), since, *id))
        });
        waiting.min().map(|(.., id)| id)
    }

    fn send_away(&mut self, id: u64) {
        if let Some(place) = self.remove(id) {
            place.leave.cancel();
        }
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Shared>> {
        let place = self.places.remove(&id)?;
        if let Some(count) = self.addresses.get_mut(&place.address) {
            *count -= 1;
            if *count == 0 {
                self.addresses.remove(&place.address);
            }
        }
        Some(place)
    }
}

impl Shared {
    fn waits_since(&self) -> Option<Instant> {
        *self
            .waits_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Notes whether the client has to send something, or is being answered.
    pub(crate) fn waits(&self, waits: bool) {
        let waits_since = self.shared.waits_since.lock();
        let mut waits_since = waits_since.unwrap_or_else(PoisonError::into_inner);
        *waits_since = waits.then(Instant::now);
    }

    /// Told once the connection has to leave for another.
    pub(crate) fn leave(&self) -> CancellationToken {
        self.shared.leave.clone()
    }

    /// Makes room while the connection goes on, for what is counted elsewhere.
    pub(crate) fn give_back(&self) {
        self.places.held().remove(self.id);
        self.places.left.notify_one();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;

    fn places(connections: usize, of_address: usize, cuts_answers: bool) -> Arc<Places> {
        Places::new(Room {
            connections,
            of_address,
            cuts_answers,
        })
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    async fn take(places: &Arc<Places>, last: u8) -> Place {
        tokio::time::advance(Duration::from_secs(1)).await;
        places.take(address(last)).await.expect("a place")
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_nothing_leaves_for_who_comes() {
        let places = places(2, 2, false);
        let (idle, answered) = (take(&places, 1).await, take(&places, 2).await);
        answered.waits(false);
        let _third = take(&places, 3).await;
        assert!(idle.leave().is_cancelled());
        assert!(!answered.leave().is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_answered_is_not_cut_off() {
        let places = places(1, 1, false);
        let answered = take(&places, 1).await;
        answered.waits(false);
        assert!(places.take(address(2)).now_or_never().is_none(), "it waits");
        drop(answered);
        assert!(places.take(address(2)).now_or_never().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_cannot_take_every_place() {
        let places = places(10, 2, false);
        let held = [take(&places, 1).await, take(&places, 1).await];
        for place in &held {
            place.waits(false);
        }
        assert_eq!(places.take(address(1)).await.err(), Some(AddressFull));
        assert!(places.take(address(2)).await.is_ok());
        drop(held);
        assert!(places.take(address(1)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn where_answers_are_short_there_is_always_a_place() {
        let places = places(1, 1, true);
        let unread = take(&places, 1).await;
        unread.waits(false);
        let _next = take(&places, 2).await;
        assert!(unread.leave().is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_is_given_back_is_free_though_the_connection_goes_on() {
        let places = places(1, 1, false);
        let stream = take(&places, 1).await;
        stream.waits(false);
        stream.give_back();
        assert!(places.take(address(2)).now_or_never().is_some());
    }
}

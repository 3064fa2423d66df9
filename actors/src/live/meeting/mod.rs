//! Protocols by which a tenant's actor and other threads agree without waiting for each other.
//!
//! Each file is one small protocol over a lock or an atomic. They are separate from their users, so that tests can
//! compile them a second time with loom's primitives, which try every interleaving and every value that the memory
//! model allows a load to return.

mod gathering;
#[cfg(test)]
mod model;
mod occupancy;
mod signal;
mod sync;

pub(super) use self::gathering::Gathering;
pub(super) use self::occupancy::Occupancy;
pub(super) use self::signal::Signal;

//! How a tenant's actor and everyone else agree without waiting for each other.
//!
//! Each file is one small protocol over a lock or a word. They are apart from their users so that tests can compile them
//! a second time over loom's primitives, which try every interleaving and every value that the memory model allows a
//! load to return.

mod gathering;
#[cfg(test)]
mod model;
mod occupancy;
mod signal;
mod sync;

pub(super) use self::gathering::Gathering;
pub(super) use self::occupancy::Occupancy;
pub(super) use self::signal::Signal;

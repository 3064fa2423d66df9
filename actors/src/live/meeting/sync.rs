//! The primitives of the protocols next to this file; `model.rs` has loom's under the same names.

pub(super) use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
pub(super) use std::sync::{Mutex, PoisonError};

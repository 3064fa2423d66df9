//! Who asks, and what they may do.

pub(crate) mod credential;
pub(crate) mod device;
pub(crate) mod may;
pub(crate) mod member;
pub(crate) mod operator;
pub(crate) mod origin;
pub(crate) mod principal;
pub(crate) mod reauthenticate;
pub(crate) mod setup_code;
pub(crate) mod tries;
pub(crate) mod visitor;

pub(crate) use member::{Member, PersonHere};
pub(crate) use principal::Principal;
pub use setup_code::ensure_setup_code;

pub use crate::guard::hash_password;

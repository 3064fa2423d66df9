//! What stands between a request and an account: passwords, the number of tries, and credentials known a moment ago.

mod known;
mod password;
mod throttle;

pub(crate) use known::{Identity, Known, Who};
pub(crate) use password::Passwords;
pub use password::hash_password;
pub(crate) use throttle::Throttle;

//! What stands between a request and an account: passwords, the number of tries, devices
//! that are known, and credentials known a moment ago.

mod device_mark;
mod known;
mod password;
mod throttle;
mod totp;

pub(crate) use device_mark::{device_mark, is_marked};
pub(crate) use known::{Identity, Known, Who};
pub use password::hash_password;
pub(crate) use password::{Passwords, check_password};
pub(crate) use throttle::Throttle;
pub(crate) use totp::{App, recovery_codes, recovery_hash};

//! A mark on devices that somebody signed in on: proof that their owner got in there before.
//!
//! Strangers who try an account's passwords from many addresses use up the tries that it has, and its owner must get in
//! all the same. A mark is a code that only who knows the password's hash can make, so nothing is stored, every node
//! accepts it, and a new password ends it. It opens nothing: who shows it may try, and still needs the password.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use peekaboo_storage::User;
use sha2::Sha256;

/// The mark of a person's devices; none where they have no password.
pub(crate) fn device_mark(user: &User) -> Option<String> {
    let mac = mac(user)?.finalize().into_bytes();
    let mut hex = String::with_capacity(2 * mac.len());
    for byte in mac {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    Some(hex)
}

/// Whether a device shows a person's mark. Takes as long whatever it shows.
pub(crate) fn is_marked(user: &User, shown: &str) -> bool {
    let Some(mac) = mac(user) else {
        return false;
    };
    let digits = shown.as_bytes().chunks(2).map(|digits| {
        let digits = std::str::from_utf8(digits).ok()?;
        u8::from_str_radix(digits, 16).ok()
    });
    let Some(shown) = digits.collect::<Option<Vec<u8>>>() else {
        return false;
    };
    mac.verify_slice(&shown).is_ok()
}

fn mac(user: &User) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(user.password()?.as_bytes()).ok()?;
    mac.update(b"peekaboo device mark");
    mac.update(user.id.as_uuid().as_bytes());
    Some(mac)
}

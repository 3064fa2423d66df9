//! Sockets and frames: bytes in, bytes out.
//!
//! Nothing here knows a flag, a tenant or an actor; what a message means is for its callers to say.

pub(crate) mod frames;
mod handshake;
mod socket;
mod throttle;

pub use self::frames::{Event as WireEvent, Parser as WireParser};
pub use self::handshake::{Handshake, Permit};
pub(crate) use self::socket::Socket;
pub(crate) use self::throttle::Throttle;

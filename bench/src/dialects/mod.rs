//! How sockets subscribe at servers other than hubs, and read their messages: bytes in, deliveries out, no socket.

mod delta;
mod dialect;
pub(crate) mod nats;
mod sender;
pub(crate) mod unleash_edge;
pub(crate) mod websocket;
mod ws;

pub(crate) use delta::numbered;
pub(crate) use dialect::{Dialect, end_of_answer};
pub(crate) use sender::{BASE, Sender};

//! The `peekaboo.v1` protocol: bytes in, values out.
//!
//! Every message is one MessagePack array that begins with its type. This crate decodes and encodes those arrays and
//! lists close codes, error codes, limits and the waits between connections as data; it never opens a socket and never panics, whatever the bytes.
//! `docs/protocol.md` describes the same for people, and a test fails when the two differ.

mod backoff;
mod client;
mod close;
mod error;
mod events;
mod fields;
mod frames;
mod keys;
mod limits;
mod msgpack;
mod server;

pub use backoff::{Backoff, RefusalBackoff};
pub use client::{ClientFrame, Resume};
pub use close::{CLOSE_CODES, CloseCode};
pub use error::{BatchError, DecodeError, ERROR_CODES, ErrorCode};
pub use events::{Batch, Count, Event, Exposure, MAX_BATCH_ID};
pub use frames::{Direction, FRAMES, FrameInfo};
pub use keys::{KeyList, KeyTerms};
pub use limits::{MAX_CLIENT_DEPTH, MAX_CLIENT_MESSAGE, MAX_SERVER_DEPTH};
pub use msgpack::Encoded;
pub use server::{
    DeltaParts, EvaluatedFlags, Mode, SegmentParts, ServerFrame, encode_delta, encode_snapshot,
};

/// Where the stream is served on the SDK port.
pub const STREAM_PATH: &str = "/sdk/v1/stream";

/// The WebSocket subprotocol, which both sides must name.
pub const SUBPROTOCOL: &str = "peekaboo.v1";

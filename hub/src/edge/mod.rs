//! A hub with no database: it follows an upstream, one stream an environment, and serves any number of applications.
//!
//! Everything behind the streams is the hub's own: the same actors, the same listener, the same drain. An edge has no
//! dashboard and no admin API, and never changes anything.

mod board;
mod dial;
mod error;
mod link;
mod outbox;
mod serve;
mod stream;

pub use self::{
    error::EdgeError,
    serve::{EdgeReady, serve_edge},
};

//! An edge: a hub without a database. It follows an upstream, with one stream per environment, and serves any number of
//! applications.
//!
//! Everything behind the streams is the same as in a hub: actors, listener, draining. An edge has no dashboard and no admin
//! API, and never changes anything.

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

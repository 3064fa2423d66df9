//! Reads a request's body, and no more of it than a request may hold.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

/// The longest body, in bytes.
pub(crate) const MAX_BODY: usize = 256 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is longer than a body may be.
    TooLong,
    /// It ended early.
    Broken,
}

/// Reads it whole.
pub(crate) async fn read(body: Body) -> Result<Bytes, Unread> {
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Unread::TooLong),
        Err(_) => Err(Unread::Broken),
    }
}

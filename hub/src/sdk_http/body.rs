//! Reads a request's body, and no more of it than a request may hold.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::refusal::Refusal;

/// The longest body, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// Reads it whole.
pub(crate) async fn read(body: Body) -> Result<Bytes, Refusal> {
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::TooLong { limit: MAX_BODY }),
        Err(_) => Err(Refusal::Broken),
    }
}

//! Reads a request's body, and no more of it than a request may hold.

use std::error::Error;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::refusal::Refusal;
use crate::http::Late;

/// The longest body under a key, in bytes.
pub(crate) const MAX_BODY: usize = 256 * 1024;

/// The longest body whose key is in it, and so not known yet: browsers send no longer beacons.
pub(crate) const MAX_BEACON: usize = 64 * 1024;

/// Reads it whole, up to a limit in bytes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    match Limited::new(body, limit).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if is::<LengthLimitError>(&*error) => Err(Refusal::TooLong { limit }),
        Err(error) if is::<Late>(&*error) => Err(Refusal::Late),
        Err(_) => Err(Refusal::Broken),
    }
}

/// Whether an error is one of this kind, or follows from one.
fn is<E: Error + 'static>(mut error: &(dyn Error + 'static)) -> bool {
    loop {
        if error.is::<E>() {
            return true;
        }
        let Some(source) = error.source() else {
            return false;
        };
        error = source;
    }
}

//! Answers that carry an `ETag`.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{ETAG, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A resource with its version as the entity tag.
pub(crate) struct Tagged<T> {
    /// 200 or 201.
    pub status: StatusCode,
    /// What `If-Match` is compared with.
    pub version: i64,
    /// The resource.
    pub body: T,
}

impl<T> Tagged<T> {
    pub(crate) fn ok(version: i64, body: T) -> Self {
        Self {
            status: StatusCode::OK,
            version,
            body,
        }
    }

    pub(crate) fn created(version: i64, body: T) -> Self {
        Self {
            status: StatusCode::CREATED,
            version,
            body,
        }
    }
}

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", self.version)) {
            response.headers_mut().insert(ETAG, tag);
        }
        response
    }
}

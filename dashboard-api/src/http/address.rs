//! Where a request came from.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::ApiState;
use crate::auth::credential;

/// The caller's address, as far as it can be trusted; what rate limits count by.
pub(crate) struct Address(pub IpAddr);

impl FromRequestParts<ApiState> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Infallible> {
        Ok(Self(credential::address(parts, state.config())))
    }
}

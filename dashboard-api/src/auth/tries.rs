//! Tries by people whom nobody knows yet, counted by address before a byte of their request's body is read.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::credential::address;
use crate::ApiState;
use crate::problem::Problem;

/// A try to sign in, from an address that may try.
pub(crate) struct SignInTry(pub IpAddr);

impl FromRequestParts<ApiState> for SignInTry {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let address = address(parts, state.config());
        state.throttle().sign_in_from(address)?;
        Ok(Self(address))
    }
}

/// A try at a link, from an address that may try.
pub(crate) struct LinkTry;

impl FromRequestParts<ApiState> for LinkTry {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        state.throttle().link(address(parts, state.config()))?;
        Ok(Self)
    }
}

//! The sender of a request, signed in or not.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::principal::Principal;
use crate::ApiState;
use crate::problem::Problem;

/// Who asks, or why that is not known: for what can be done without being signed in.
pub(crate) struct Visitor(pub Result<Principal, Problem>);

impl FromRequestParts<ApiState> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Infallible> {
        Ok(Self(Principal::from_request_parts(parts, state).await))
    }
}

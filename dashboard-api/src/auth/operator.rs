//! Operators, who run the hub. They need not be members of the organizations that they manage.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::principal::Principal;
use crate::ApiState;
use crate::problem::Problem;

/// A person who runs the hub. A token never does.
pub(crate) struct Operator(pub Principal);

impl FromRequestParts<ApiState> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, state).await?;
        if principal.person()?.is_operator {
            Ok(Self(principal))
        } else {
            Err(Problem::forbidden("only operators of this hub can do this"))
        }
    }
}

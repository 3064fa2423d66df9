//! Query parameters: refused by name, as members of a body are.

use std::error::Error as _;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::ApiState;
use crate::problem::Problem;

/// The parameters in the query.
///
/// Several may read one query, each its own parameters; those that none knows are left alone, as everywhere on the web.
#[derive(Debug)]
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<ApiState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(parameters)| Self(parameters))
            .map_err(|rejection| {
                let reason = rejection
                    .source()
                    .map_or_else(|| rejection.to_string(), ToString::to_string);
                let name = reason.split(": ").next().unwrap_or_default();
                Problem::field(format!("?{name}"), "malformed_value", reason.clone())
            })
    }
}

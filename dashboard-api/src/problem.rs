//! Problem documents (RFC 9457): the one shape in which this API refuses.
//!
//! Every refusal says what was wrong, where, and what to do about it. Nothing else in the crate writes an error body.

use std::ops::{Deref, DerefMut};

use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use peekaboo_policy::Refusal;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request is refused: the error of every handler.
///
/// Boxed, for results are passed around far more often than they are errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem(Box<Document>);

/// Why a request was refused, as RFC 9457 describes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "urn:peekaboo:problem:invalid",
    "title": "Invalid request",
    "status": 422,
    "detail": "the weights sum to 90000; they must sum to 100000",
    "errors": [{
        "pointer": "/fallthrough/split/weights",
        "code": "weights_sum",
        "detail": "the weights sum to 90000; they must sum to 100000"
    }]
}))]
pub struct Document {
    /// `urn:peekaboo:problem:<code>`; the code is stable and meant for programs.
    #[serde(rename = "type")]
    #[schema(value_type = String, pattern = "^urn:peekaboo:problem:[a-z_]+$")]
    pub kind: String,
    /// What kind of problem this is, the same for each of its type.
    pub title: String,
    /// The HTTP status of the answer.
    #[serde(serialize_with = "status_as_number")]
    #[schema(value_type = u16, minimum = 400, maximum = 599)]
    pub status: StatusCode,
    /// What went wrong this time, and what to do about it.
    pub detail: String,
    /// Each thing that is wrong with the request, where it can be pointed at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem>,
    /// The resource as it is now, where the request was made against an older one (412).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = std::collections::BTreeMap<String, Value>, nullable = false)]
    pub current: Option<Value>,
    /// Who depends on what was to be deleted (409).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub dependents: Vec<Dependent>,
    /// The limit that the request would have passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limit: Option<Limit>,
    /// The request's id, as in `X-Request-Id`, where an operator will look for it (500).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub request_id: Option<String>,
    /// After how many seconds it is worth asking again; sent as `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

/// One thing that is wrong with the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// A JSON Pointer into the body; or `?name` for a query parameter, `{name}` for one of the path, a header's name.
    pub pointer: String,
    /// What is wrong, for programs.
    pub code: String,
    /// What is wrong and what would be right, for people.
    pub detail: String,
}

/// What kind of thing depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DependentKind {
    /// A flag, by a prerequisite or a condition.
    Flag,
    /// A segment, by its condition.
    Segment,
}

/// A flag or segment that refers to another, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"kind": "flag", "key": "new-checkout", "environment": "production", "where": "/rules/0/when"}))]
pub struct Dependent {
    /// What it is.
    pub kind: DependentKind,
    /// Its key.
    pub key: String,
    /// The environment in which it refers to the other; absent for a segment, which is the same in every environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub environment: Option<String>,
    /// Where in it, as a JSON Pointer into its targeting or definition.
    #[serde(rename = "where")]
    pub location: String,
}

/// A limit of this installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Limit {
    /// Its name in the configuration.
    pub name: String,
    /// The most that it allows.
    pub max: u64,
}

impl Problem {
    /// A problem of the given status, type code and title.
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Document {
            kind: format!("urn:peekaboo:problem:{code}"),
            title: title.to_owned(),
            status,
            detail: detail.into(),
            errors: Vec::new(),
            current: None,
            dependents: Vec::new(),
            limit: None,
            request_id: None,
            retry_after: None,
        }))
    }

    /// 400: the request could not be read at all.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "Malformed request",
            detail,
        )
    }

    /// 401: nobody is signed in, or the credential is not (or no longer) valid.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "Sign-in required",
            detail,
        )
    }

    /// 401: the password is right, and the account needs a code beside it.
    pub fn second_factor_required(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "second_factor_required",
            "Second factor required",
            detail,
        )
    }

    /// 403: the caller is known and may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    /// 403 or 404: the caller may not do this, or must not learn what it is about.
    pub fn refused(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::HiddenProject => Self::not_found("project"),
            Refusal::HiddenEnvironment => Self::not_found("environment"),
            Refusal::Lacking { .. } | Refusal::Excess { .. } => {
                Self::forbidden(refusal.to_string())
            }
        }
    }

    /// 403 of a kind of its own, which a program can do something about.
    pub fn denied(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, "Not allowed", detail)
    }

    /// 404: there is no such thing, or the caller must not learn that there is.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "Not found",
            format!("{what} not found"),
        )
    }

    /// 404: the path means nothing to this API.
    pub fn no_such_endpoint(path: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_endpoint",
            "Unknown endpoint",
            format!("unknown endpoint {path}; see /api/v1/openapi.json for all endpoints"),
        )
    }

    /// 405: the path is known, the method is not.
    pub fn method_not_allowed(method: &Method) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Method not allowed",
            format!(
                "this endpoint does not support {method}; the Allow header lists the methods it supports"
            ),
        )
    }

    /// 409: another one has this key.
    pub fn already_exists(what: &str, key: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "already_exists",
            "Already exists",
            format!("{what} {key:?} already exists; choose another key"),
        )
    }

    /// 409: the state of things does not allow this.
    pub fn conflict(code: &str, detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            code,
            "Conflict with the current state",
            detail,
        )
    }

    /// 409: others refer to what was to be deleted or archived.
    pub fn in_use(dependents: Vec<Dependent>) -> Self {
        let names: Vec<_> = dependents
            .iter()
            .map(|dependent| dependent.key.as_str())
            .collect();
        let mut problem = Self::conflict(
            "in_use",
            format!(
                "used by {}; remove these references first",
                names.join(", ")
            ),
        );
        problem.dependents = dependents;
        problem
    }

    /// 412: the resource changed since the caller read it; `current` is what it is now.
    pub fn version_conflict(current: &impl Serialize) -> Self {
        let mut problem = Self::new(
            StatusCode::PRECONDITION_FAILED,
            "version_conflict",
            "Changed by someone else",
            "someone else changed this since you read it; check `current`, then send its version in If-Match",
        );
        problem.current = serde_json::to_value(current).ok();
        problem
    }

    /// 428: a whole resource is never replaced blindly.
    pub fn precondition_required() -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "precondition_required",
            "If-Match required",
            "missing If-Match; send the ETag of the version you read, so that no change is lost",
        )
    }

    /// 413: the body, or a collection, is larger than allowed.
    pub fn too_large(detail: impl Into<String>, limit: Limit) -> Self {
        let mut problem = Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            "Request body too large",
            detail,
        );
        problem.limit = Some(limit);
        problem
    }

    /// 415: the body is not JSON.
    pub fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "Unsupported media type",
            "the body must be JSON; send it with Content-Type: application/json",
        )
    }

    /// 422: the request was understood and something in it is not valid.
    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.detail.clone(),
            [first, rest @ ..] => format!("{} (and {} more)", first.detail, rest.len()),
            [] => "invalid request".to_owned(),
        };
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "Invalid request",
            detail,
        );
        problem.errors = errors;
        problem
    }

    /// 422 for one field.
    pub fn field(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self::invalid(vec![FieldProblem::new(pointer, code, detail)])
    }

    /// 422: one more would pass a limit of this installation.
    pub fn limit_exceeded(limit: Limit) -> Self {
        let mut problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "limit_exceeded",
            "Limit reached",
            format!(
                "limit reached: {} is {}; an operator can raise it",
                limit.name, limit.max
            ),
        );
        problem.limit = Some(limit);
        problem
    }

    /// 429: too many tries.
    pub fn too_many_requests(retry_after: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            "Too many attempts",
            format!("too many attempts; try again in {retry_after} seconds"),
        );
        problem.retry_after = Some(retry_after);
        problem
    }

    /// 500: our fault. What went wrong is in the log, under the request's id.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Internal error",
            "the request failed because of an error on the server; an operator can find the reason in the log under `requestId`",
        )
    }

    /// 500: something below answered what it never should.
    pub(crate) fn unexpected(what: &str) -> Self {
        tracing::error!("unexpected result of {what}");
        Self::internal()
    }

    /// 503: a dependency is away, or there is more to do than can be done; worth asking again.
    pub fn unavailable(code: &str, detail: impl Into<String>, retry_after: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            code,
            "Temporarily unavailable",
            detail,
        );
        problem.retry_after = Some(retry_after);
        problem
    }
}

impl Deref for Problem {
    type Target = Document;

    fn deref(&self) -> &Document {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Document {
        &mut self.0
    }
}

impl FieldProblem {
    /// One thing that is wrong with the request.
    pub fn new(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.to_owned(),
            detail: detail.into(),
        }
    }
}

/// A 500, so that the id of its request can be told in its body.
#[derive(Clone)]
pub(crate) struct Internal(pub Problem);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&*self.0).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        if self.status == StatusCode::INTERNAL_SERVER_ERROR && self.request_id.is_none() {
            response.extensions_mut().insert(Internal(self.clone()));
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"peekaboo\""),
            );
        }
        response
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn status_as_number<S: serde::Serializer>(
    status: &StatusCode,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_request_repeats_its_only_error_as_the_detail() {
        let problem = Problem::field("/key", "key_format", "a key is lower case");
        assert_eq!(problem.detail, "a key is lower case");
        assert_eq!(
            serde_json::to_value(&*problem).unwrap(),
            serde_json::json!({
                "type": "urn:peekaboo:problem:invalid",
                "title": "Invalid request",
                "status": 422,
                "detail": "a key is lower case",
                "errors": [{"pointer": "/key", "code": "key_format", "detail": "a key is lower case"}],
            })
        );
    }

    #[test]
    fn a_problem_that_is_worth_asking_again_says_when() {
        let response = Problem::unavailable("database", "the database is away", 5).into_response();
        assert_eq!(response.headers()["retry-after"], "5");
        assert_eq!(response.headers()["content-type"], MEDIA_TYPE);
    }
}

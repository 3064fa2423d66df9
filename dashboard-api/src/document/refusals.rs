//! The errors that operations share, as the document describes them.

use utoipa::ToSchema as _;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, Response, ResponseBuilder};

use crate::problem::{self, Document};

pub(super) fn header(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
        .build()
}

pub(super) fn request_id_header() -> Header {
    header("Identifies this request in the hub's log.")
}

/// An error that many operations share.
pub(super) struct Refusal {
    pub name: &'static str,
    pub status: &'static str,
    description: &'static str,
    retry_after: bool,
}

impl Refusal {
    pub(super) fn response(&self) -> Response {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(Document::name())))
            .build();
        let mut response = ResponseBuilder::new()
            .description(self.description)
            .content(problem::MEDIA_TYPE, content)
            .header("X-Request-Id", request_id_header());
        if self.retry_after {
            let seconds = HeaderBuilder::new()
                .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
                .description(Some("The number of seconds to wait before a retry."))
                .build();
            response = response.header("Retry-After", seconds);
        }
        if self.status == "401" {
            response = response.header("WWW-Authenticate", header("How to sign in."));
        }
        response.build()
    }
}

const fn refusal(name: &'static str, status: &'static str, description: &'static str) -> Refusal {
    Refusal {
        name,
        status,
        description,
        retry_after: false,
    }
}

const fn temporary(name: &'static str, status: &'static str, description: &'static str) -> Refusal {
    Refusal {
        name,
        status,
        description,
        retry_after: true,
    }
}

pub(super) const REFUSALS: &[Refusal] = &[
    refusal(
        "Malformed",
        "400",
        "Malformed request: the body is not JSON.",
    ),
    refusal(
        "Unauthenticated",
        "401",
        "The request has no valid credential.",
    ),
    refusal(
        "Forbidden",
        "403",
        "A permission is missing, or the request came from another site.",
    ),
    refusal(
        "NotFound",
        "404",
        "The resource does not exist, or the caller cannot see it.",
    ),
    refusal("Conflict", "409", "Conflict with the current state."),
    refusal(
        "VersionConflict",
        "412",
        "The resource changed since it was read; `current` is its current state.",
    ),
    refusal(
        "TooLarge",
        "413",
        "The body is too large; `limit` is the maximum.",
    ),
    refusal("UnsupportedMediaType", "415", "The body is not JSON."),
    refusal(
        "Invalid",
        "422",
        "The request is invalid; `errors` says what is wrong and where.",
    ),
    refusal("PreconditionRequired", "428", "If-Match is missing."),
    temporary("TooManyRequests", "429", "Too many attempts."),
    refusal(
        "InternalError",
        "500",
        "An error on the server; the log has the reason under the request's id.",
    ),
    temporary(
        "Unavailable",
        "503",
        "The database is unavailable or took too long, or the hub is overloaded.",
    ),
];

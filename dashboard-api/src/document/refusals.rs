//! The refusals that operations share, as the document describes them.

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
    header("Names this request in the hub's log.")
}

/// A refusal that many operations share.
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
                .description(Some("After how many seconds it is worth asking again."))
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
        "The request cannot be read: the body is not JSON.",
    ),
    refusal(
        "Unauthenticated",
        "401",
        "Nobody is signed in, or the credential is not valid.",
    ),
    refusal(
        "Forbidden",
        "403",
        "A permission is missing, or the request came from another site.",
    ),
    refusal(
        "NotFound",
        "404",
        "There is no such thing, or the caller does not belong to its organisation.",
    ),
    refusal("Conflict", "409", "The present state does not allow it."),
    refusal(
        "VersionConflict",
        "412",
        "It changed since it was read; `current` is what it is now.",
    ),
    refusal(
        "TooLarge",
        "413",
        "The body is too large; `limit` says how large it may be.",
    ),
    refusal("UnsupportedMediaType", "415", "The body is not JSON."),
    refusal(
        "Invalid",
        "422",
        "Something in the request is not valid; `errors` says what and where.",
    ),
    refusal("PreconditionRequired", "428", "If-Match is missing."),
    temporary("TooManyRequests", "429", "Too many tries."),
    refusal(
        "InternalError",
        "500",
        "Something went wrong here; the log has it under the request's id.",
    ),
    temporary(
        "Unavailable",
        "503",
        "The database is away or took too long, or there is more to do than can be done.",
    ),
];

//! JSON bodies: read within a limit, and refused with the place of what is wrong.

use std::error::Error;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::LengthLimitError;
use peekaboo_flags::describe_json_error;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use sha2::{Digest as _, Sha256};

use crate::ApiState;
use crate::problem::{FieldProblem, Limit, Problem};

/// A JSON body.
///
/// What is not JSON is malformed (400); what is JSON of another shape is invalid (422), with a pointer.
#[derive(Debug)]
pub(crate) struct Body<T> {
    /// What it says.
    pub value: T,
    /// The SHA-256 of its bytes: whether a request is the one that was made before.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned> FromRequest<ApiState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::unsupported_media_type());
        }
        let max = state.config().max_body_bytes;
        let large = if is_small(request.headers()) {
            None
        } else {
            Some(state.large_body().await?)
        };
        let bytes = read(request, max).await?;
        drop(large);
        Ok(Self {
            value: parse(&bytes)?,
            digest: Sha256::digest(&bytes).into(),
        })
    }
}

/// The longest body of a request that anybody may make, in bytes. Its fields are names, passwords and links.
const MAX_SMALL_BODY: usize = 16 * 1024;

/// A JSON body from somebody who has not shown yet who they are, so it is small.
#[derive(Debug)]
pub(crate) struct SmallBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<ApiState> for SmallBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::unsupported_media_type());
        }
        let max = MAX_SMALL_BODY.min(state.config().max_body_bytes);
        let bytes = read(request, max).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// Reads a whole body of so many bytes at most.
async fn read(request: Request, max: usize) -> Result<Bytes, Problem> {
    let read = axum::body::to_bytes(request.into_body(), max).await;
    read.map_err(|error| {
        let mut cause: &(dyn Error + 'static) = &error;
        while let Some(next) = cause.source() {
            cause = next;
        }
        if cause.is::<LengthLimitError>() {
            return too_large(max);
        }
        Problem::malformed(format!("the body broke off: {cause}"))
    })
}

/// Whether the body is known to be no longer than what many clients may send at once.
fn is_small(headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    length.is_some_and(|length| length <= MAX_SMALL_BODY)
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

fn too_large(max: usize) -> Problem {
    Problem::too_large(
        format!("the body must have at most {max} bytes"),
        Limit {
            name: "maxBodyBytes".to_owned(),
            max: max as u64,
        },
    )
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Serde would take an array for a struct, member by member.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|first| *first != b'{')
        && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
    {
        return Err(Problem::field(
            "",
            "wrong_type",
            "the body must be a JSON object",
        ));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| refusal(error.path(), error.inner()))?;
    deserializer.end().map_err(|error| {
        Problem::malformed(format!(
            "the body is not JSON: {}",
            describe_json_error(&error)
        ))
    })?;
    Ok(value)
}

fn refusal(path: &Path, error: &serde_json::Error) -> Problem {
    let message = error.to_string();
    if message.contains("recursion limit exceeded") {
        return Problem::malformed("the body is nested too deeply; use at most 128 levels");
    }
    if error.classify() != Category::Data {
        let reason = describe_json_error(error);
        return Problem::malformed(format!("the body is not JSON: {reason}"));
    }
    let detail = without_position(&message);
    let mut pointer = pointer(path);
    let code = if let Some(field) = quoted(detail, "missing field `") {
        push(&mut pointer, field);
        "required"
    } else if let Some(field) = quoted(detail, "unknown field `") {
        if !pointer.ends_with(&pointer_token(field)) {
            push(&mut pointer, field);
        }
        "unknown_field"
    } else if detail.starts_with("invalid type") {
        "wrong_type"
    } else if detail.starts_with("unknown variant") {
        "unknown_value"
    } else if detail == peekaboo_storage::InvalidKey.to_string()
        || detail == peekaboo_storage::InvalidSubjectKey.to_string()
    {
        "malformed_key"
    } else {
        "malformed_value"
    };
    let detail = describe_json_error(&detail);
    Problem::invalid(vec![FieldProblem::new(pointer, code, detail)])
}

/// Without the ` at line 1 column 20` that `serde_json` appends.
fn without_position(message: &str) -> &str {
    match message.rfind(" at line ") {
        Some(at) if message[at..].contains(" column ") => &message[..at],
        _ => message,
    }
}

fn quoted<'a>(message: &'a str, before: &str) -> Option<&'a str> {
    message.strip_prefix(before)?.split('`').next()
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push(&mut pointer, &index.to_string()),
            Segment::Map { key } => push(&mut pointer, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(&pointer_token(token));
}

/// A key as one token of a JSON Pointer (RFC 6901).
pub(crate) fn pointer_token(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ReplaceTargeting;
    use axum::http::StatusCode;
    use serde_json::{Value, json};

    fn refused(body: &Value) -> FieldProblem {
        let problem = parse::<ReplaceTargeting>(body.to_string().as_bytes()).unwrap_err();
        assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY);
        problem.errors[0].clone()
    }

    fn targeting(rules: &Value) -> Value {
        json!({"enabled": true, "offVariation": null, "rules": rules, "fallthrough": {"variation": "on"}})
    }

    #[test]
    fn each_refusal_points_at_its_field() {
        let serve = json!({"variation": "on"});
        for (body, pointer, code) in [
            (
                json!({"offVariation": null, "fallthrough": serve}),
                "/enabled",
                "required",
            ),
            (json!({"enabled": "yes"}), "/enabled", "wrong_type"),
            (
                json!({"enabled": true, "colour": 1}),
                "/colour",
                "unknown_field",
            ),
            (
                targeting(
                    &json!([{"id": "r", "when": {"all": [{"any": [{"attribut": "x"}]}]}, "serve": serve}]),
                ),
                "/rules/0/when/all/0/any/0/attribut",
                "unknown_field",
            ),
            (
                targeting(
                    &json!([{"id": "r", "when": {"attribute": "x", "op": "like"}, "serve": serve}]),
                ),
                "/rules/0/when/op",
                "unknown_value",
            ),
            (
                targeting(&json!([{"id": "r", "when": {"attribute": "x"}, "serve": serve}])),
                "/rules/0/when/op",
                "required",
            ),
            (
                targeting(&json!([{"id": "r", "when": {"all": [], "any": []}, "serve": serve}])),
                "/rules/0/when",
                "malformed_value",
            ),
            (
                targeting(
                    &json!([{"id": "r", "when": {"all": []}, "serve": {"split": {"weights": [["on", -1]]}}}]),
                ),
                "/rules/0/serve/split/weights/0/1",
                "malformed_value",
            ),
        ] {
            let refusal = refused(&body);
            assert_eq!(
                (refusal.pointer.as_str(), refusal.code.as_str()),
                (pointer, code),
                "{refusal:?}"
            );
            assert!(!refusal.detail.contains(" at line "), "{refusal:?}");
        }
    }

    #[test]
    fn a_refusal_has_words_that_people_know() {
        let serve = json!({"variation": "on"});
        let refusal = refused(&targeting(
            &json!([{"id": "r", "when": null, "serve": serve}]),
        ));
        assert_eq!(refusal.pointer, "/rules/0/when");
        assert_eq!(refusal.detail, "expected an object, found null");
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for body in ["", "{", "nope", "{} {}", "\u{feff}{}"] {
            let problem = parse::<Value>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.status, StatusCode::BAD_REQUEST, "{body:?}");
        }
    }

    #[test]
    fn what_is_json_but_no_object_is_invalid() {
        for body in ["[true, null]", " 1", "\"x\"", "null"] {
            let problem = parse::<ReplaceTargeting>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.errors[0].code, "wrong_type", "{body}");
        }
    }

    #[test]
    fn a_body_nested_five_thousand_deep_is_a_clear_error() {
        let deep = format!(
            "{}{{\"all\":[]}}{}",
            "{\"not\":".repeat(5_000),
            "}".repeat(5_000)
        );
        let body = format!("{{\"rules\":[{{\"when\":{deep}}}]}}");
        let problem = parse::<ReplaceTargeting>(body.as_bytes()).unwrap_err();
        assert_eq!(
            problem.detail,
            "the body is nested too deeply; use at most 128 levels"
        );
    }
}

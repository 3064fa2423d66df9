//! Request headers that several endpoints take.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use utoipa::IntoParams;

use crate::ApiState;
use crate::problem::Problem;

const IF_MATCH: &str = "If-Match";
const COMMENT: &str = "Peekaboo-Comment";
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
const MAX_COMMENT_CHARACTERS: usize = 2_000;
const MAX_IDEMPOTENCY_KEY_BYTES: usize = 255;

/// `If-Match`, where it is honoured when given.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IfMatch {
    /// The `ETag` that was read: the write is refused (412) where the resource changed since. `*` matches any.
    #[param(rename = "If-Match", value_type = Option<String>, example = "\"7\"", nullable = false)]
    pub version: Option<i64>,
}

/// `If-Match`, where it is needed.
#[derive(Debug, Clone, Copy, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct RequiredIfMatch {
    /// The `ETag` that was read: the write is refused (412) where the resource changed since. `*` matches any.
    #[param(rename = "If-Match", value_type = String, example = "\"7\"")]
    pub version: Option<i64>,
}

/// `Idempotency-Key`.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IdempotencyKey {
    /// A unique word for this request, at most 255 characters: sent again within a day, it answers what it answered
    /// the first time (with `Idempotency-Replayed: true`) instead of creating another.
    #[param(rename = "Idempotency-Key", max_length = 255, nullable = false)]
    pub key: Option<String>,
}

/// `Peekaboo-Comment`.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct WriteComment {
    /// Why, for the audit log: UTF-8, percent-encoded, at most 2,000 characters.
    #[param(
        rename = "Peekaboo-Comment",
        example = "launch%20day",
        nullable = false
    )]
    pub comment: Option<String>,
}

impl FromRequestParts<ApiState> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let version = match text(&parts.headers, IF_MATCH)? {
            None | Some("*") => None,
            Some(tag) => Some(version(tag)?),
        };
        Ok(Self { version })
    }
}

impl FromRequestParts<ApiState> for RequiredIfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let version = match text(&parts.headers, IF_MATCH)? {
            None => return Err(Problem::precondition_required()),
            Some("*") => None,
            Some(tag) => Some(version(tag)?),
        };
        Ok(Self { version })
    }
}

impl FromRequestParts<ApiState> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let key = text(&parts.headers, IDEMPOTENCY_KEY)?;
        if key.is_some_and(|key| key.is_empty() || key.len() > MAX_IDEMPOTENCY_KEY_BYTES) {
            return Err(Problem::field(
                IDEMPOTENCY_KEY,
                "malformed_value",
                format!("{IDEMPOTENCY_KEY} must have 1 to {MAX_IDEMPOTENCY_KEY_BYTES} characters"),
            ));
        }
        Ok(Self {
            key: key.map(str::to_owned),
        })
    }
}

impl FromRequestParts<ApiState> for WriteComment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let Some(encoded) = text(&parts.headers, COMMENT)? else {
            return Ok(Self { comment: None });
        };
        let refused = |detail: String| Problem::field(COMMENT, "malformed_value", detail);
        let comment = percent_decoded(encoded).ok_or_else(|| {
            refused(format!(
                "{COMMENT} must be UTF-8, percent-encoded, as encodeURIComponent does"
            ))
        })?;
        if comment.chars().count() > MAX_COMMENT_CHARACTERS {
            return Err(refused(format!(
                "{COMMENT} must have at most {MAX_COMMENT_CHARACTERS} characters"
            )));
        }
        let comment = comment.trim();
        Ok(Self {
            comment: (!comment.is_empty()).then(|| comment.to_owned()),
        })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let refused = |detail: String| Problem::field(name, "malformed_value", detail);
    if values.next().is_some() {
        return Err(refused(format!("send {name} only once")));
    }
    let value = value
        .to_str()
        .map_err(|_| refused(format!("{name} must be printable ASCII")))?;
    Ok(Some(value.trim()))
}

/// A version as an entity tag: `"7"`, or `W/"7"` where the answer was compressed, by us or by a proxy.
///
/// Elsewhere a weak tag never matches, because it stands for bytes that may differ. A version says what it stands for.
fn version(tag: &str) -> Result<i64, Problem> {
    tag.strip_prefix("W/")
        .unwrap_or(tag)
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .and_then(|version| version.parse().ok())
        .ok_or_else(|| {
            Problem::field(
                IF_MATCH,
                "malformed_value",
                "If-Match must be an ETag from this API, such as \"7\" with its quotes, or *",
            )
        })
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_in_quotes_is_a_version_weak_or_strong() {
        assert_eq!(version("\"7\"").unwrap(), 7);
        assert_eq!(version("W/\"7\"").unwrap(), 7);
        for tag in [
            "7",
            "W/7",
            "w/\"7\"",
            "\"7\", \"8\"",
            "\"seven\"",
            "\"",
            "",
            "\"\"",
        ] {
            assert!(version(tag).is_err(), "{tag}");
        }
    }

    #[test]
    fn a_comment_is_percent_decoded() {
        assert_eq!(percent_decoded("launch%20day").unwrap(), "launch day");
        assert_eq!(percent_decoded("p%C3%A5%20lur").unwrap(), "på lur");
        assert_eq!(percent_decoded("100%"), None);
        assert_eq!(percent_decoded("%C3"), None);
        assert_eq!(percent_decoded("%+1"), None);
    }
}

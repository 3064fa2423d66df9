//! `GET /sdk/v1/ruleset`: everything that a server needs to evaluate by itself. Rules are shown to server keys alone.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use peekaboo_actors::{ContentCoding, Hub};
use peekaboo_storage::SdkKeyKind;

use super::{
    entrance::{answer, bearer, enter},
    position,
    problem::Problem,
    refusal::Refusal,
};
use crate::{encoding::weight, etag::is_held};

/// The codings in the order in which they are sent where a client likes several equally.
const CODINGS: [(ContentCoding, &str); 3] = [
    (ContentCoding::Zstd, "zstd"),
    (ContentCoding::Gzip, "gzip"),
    (ContentCoding::Identity, "identity"),
];

pub(super) async fn show(State(hub): State<Hub>, headers: HeaderMap) -> Result<Response, Problem> {
    let access = enter(&hub, bearer(&headers), &headers).await?;
    if access.kind() != SdkKeyKind::Server {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "a client key cannot read rules: use a server key of the environment",
        ));
    }
    let snapshot = access.snapshot();
    // Weak: it names a version, in whichever coding.
    let etag = format!("W/\"{}\"", position::text_of(&snapshot));
    let tags = [
        (header::ETAG, etag.as_str()),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::VARY, "accept-encoding"),
    ];
    if is_held(&headers, &etag) {
        let response = (StatusCode::NOT_MODIFIED, tags).into_response();
        return Ok(answer(&access, response));
    }
    let (coding, name) = preferred(&headers).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            "no supported encoding: accept `zstd`, `gzip` or `identity` in `Accept-Encoding`",
        )
    })?;
    let document = snapshot.document(coding).await;
    let document = document.map_err(|_| Problem::from(Refusal::Unavailable))?;
    let media = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (tags, media, document).into_response();
    if coding != ContentCoding::Identity {
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    Ok(answer(&access, response))
}

/// What the client likes best.
fn preferred(headers: &HeaderMap) -> Option<(ContentCoding, &'static str)> {
    let weighed = CODINGS.map(|coding| (weight(headers, coding.1), coding));
    let most = weighed.iter().map(|(weight, _)| *weight).max()?;
    let best = weighed.into_iter().find(|(weight, _)| *weight == most);
    best.filter(|_| most > 0).map(|(_, coding)| coding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(accepted: &'static str) -> Option<ContentCoding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        preferred(&headers).map(|(coding, _)| coding)
    }

    #[test]
    fn the_client_chooses_and_among_equals_the_smallest_is_sent() {
        assert_eq!(coding("gzip, deflate, br, zstd"), Some(ContentCoding::Zstd));
        assert_eq!(coding("zstd;q=0.5, gzip"), Some(ContentCoding::Gzip));
        assert_eq!(coding("gzip;q=0.1"), Some(ContentCoding::Gzip));
        assert_eq!(
            coding("identity, gzip;q=0.5"),
            Some(ContentCoding::Identity)
        );
        assert_eq!(coding("zstd;q=0, *"), Some(ContentCoding::Gzip));
        assert_eq!(coding("br"), Some(ContentCoding::Identity));
        assert_eq!(coding(""), Some(ContentCoding::Identity));
        assert_eq!(coding("br, identity;q=0"), None);
    }
}

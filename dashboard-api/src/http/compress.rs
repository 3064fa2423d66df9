//! Compresses what is read: a list of flags shrinks to a twentieth.
//!
//! Answers to requests that change something are sent as they are. They may hold a secret that is shown once (a key, a
//! token) beside text that others choose, and the length of a compressed answer reveals how much the two have in common
//! (the BREACH attack). The answer to a GET never holds a secret. The method decides, and not a list of routes, so that
//! neither a new route nor a repeated answer (`Idempotency-Key`) can be forgotten.

use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};

/// Bytes that fit one packet anyway.
const TINY: u64 = 1_024;

/// Compresses JSON of more than one packet, as zstd or gzip: the browser chooses, and both are in the binary already.
///
/// Event streams are not JSON, and must not wait for a compressor's buffer to fill.
pub(crate) fn compression() -> CompressionLayer<And<SizeAbove, impl Predicate>> {
    CompressionLayer::new().compress_when(SizeAbove::new(TINY).and(is_json))
}

fn is_json(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let media = headers
        .get(CONTENT_TYPE)
        .and_then(|media| media.to_str().ok());
    let media = media.and_then(|media| media.split(';').next());
    media.is_some_and(|media| media == "application/json" || media.ends_with("+json"))
}

/// Goes around [`compression`]: keeps it to reads, and weakens the tag of what it compressed.
///
/// A strong tag names bytes, and these are others now. It is still the same version, which `If-Match` takes in both forms.
pub(crate) async fn compress_reads(mut request: Request, next: Next) -> Response {
    let is_read = request.method().is_safe();
    let accepted = request.headers_mut();
    if is_read {
        accept_identity(accepted);
    } else {
        accepted.remove(ACCEPT_ENCODING);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.contains_key(CONTENT_ENCODING)
        && let Some(weak) = headers.get(ETAG).and_then(weakened)
    {
        headers.insert(ETAG, weak);
    }
    response
}

/// Forgets that a client refuses an answer without a coding, which is then the last resort as for everybody else.
///
/// RFC 9110 (section 15.5.7) lets a server answer with what the client refuses, as nginx and others do. [`compression`]
/// would make any answer a 406 instead, a 404 included, and still send its ordinary body.
fn accept_identity(headers: &mut HeaderMap) {
    let values = headers.get_all(ACCEPT_ENCODING).iter();
    let kept: Vec<HeaderValue> = values.filter_map(without_refusals).collect();
    headers.remove(ACCEPT_ENCODING);
    for value in kept {
        headers.append(ACCEPT_ENCODING, value);
    }
}

fn without_refusals(value: &HeaderValue) -> Option<HeaderValue> {
    let items = value.to_str().ok()?.split(',');
    let kept: Vec<&str> = items.filter(|item| !refuses_identity(item)).collect();
    HeaderValue::try_from(kept.join(",")).ok()
}

/// Whether an item is `identity;q=0` or `*;q=0`.
fn refuses_identity(item: &str) -> bool {
    let Some((coding, weight)) = item.split_once(';') else {
        return false;
    };
    let coding = coding.trim();
    let weight = weight.split_once('=').map(|(_, weight)| weight.trim());
    (coding == "*" || coding.eq_ignore_ascii_case("identity"))
        && weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
}

fn weakened(tag: &HeaderValue) -> Option<HeaderValue> {
    let strong = tag.to_str().ok().filter(|tag| tag.starts_with('"'))?;
    HeaderValue::try_from(format!("W/{strong}")).ok()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use axum::body::{Body, to_bytes};
    use axum::http::header::{CONTENT_LENGTH, VARY};
    use axum::http::{Method, request};
    use axum::response::IntoResponse as _;
    use axum::{Router, middleware, routing};
    use serde_json::{Value, json};
    use tower::ServiceExt as _;

    use super::*;
    use crate::harness::{Call, TestApi};

    const FLAGS: &str = "/organizations/acme/projects/shop/flags";

    async fn ask(router: Router, request: request::Builder) -> (HeaderMap, Vec<u8>) {
        let request = request.body(Body::empty()).unwrap();
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.headers, body.to_vec())
    }

    /// A router whose every path answers with this body.
    fn answering(media: &'static str, body: &'static str) -> Router {
        let answer = async move || ([(CONTENT_TYPE, media), (ETAG, "\"7\"")], body).into_response();
        Router::new()
            .route("/", routing::any(answer))
            .layer(compression())
            .layer(middleware::from_fn(compress_reads))
    }

    fn long() -> &'static str {
        Box::leak(format!("[{}1]", "1,".repeat(1_000)).into_boxed_str())
    }

    fn asking(method: Method) -> request::Builder {
        Request::builder()
            .method(method)
            .uri("/")
            .header(ACCEPT_ENCODING, "gzip, deflate, br")
    }

    fn unpacked(body: &[u8]) -> Vec<u8> {
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(body)
            .read_to_end(&mut unpacked)
            .unwrap();
        unpacked
    }

    #[tokio::test]
    async fn what_is_read_is_compressed_with_a_weak_tag() {
        for media in ["application/json", "application/problem+json"] {
            let (headers, body) = ask(answering(media, long()), asking(Method::GET)).await;
            assert_eq!(headers[CONTENT_ENCODING], "gzip");
            assert_eq!(headers[VARY], "accept-encoding");
            assert_eq!(headers[ETAG], "W/\"7\"");
            assert!(!headers.contains_key(CONTENT_LENGTH));
            assert!(body.len() < long().len() / 10);
            assert_eq!(unpacked(&body), long().as_bytes());
        }
    }

    #[tokio::test]
    async fn the_client_chooses_and_zstd_is_preferred() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Some("zstd")),
            ("zstd;q=0.5, gzip", Some("gzip")),
            ("br", None),
            ("", None),
        ] {
            let request = Request::builder()
                .uri("/")
                .header(ACCEPT_ENCODING, accepted);
            let (headers, body) = ask(answering("application/json", long()), request).await;
            let given = headers
                .get(CONTENT_ENCODING)
                .map(|coding| coding.to_str().unwrap());
            assert_eq!(given, coding, "{accepted}");
            assert_eq!(headers[VARY], "accept-encoding", "{accepted}");
            if coding.is_none() {
                assert_eq!(headers[ETAG], "\"7\"");
                assert_eq!(body, long().as_bytes());
            }
        }
    }

    #[tokio::test]
    async fn a_client_that_accepts_nothing_gets_the_answer_as_it_is() {
        for (accepted, coding) in [
            ("identity;q=0", None),
            ("*;q=0", None),
            ("gzip;q=0, *; q=0.000", None),
            ("identity;q=0, *;q=0", None),
            ("Identity ;Q=0, zstd;q=0, br", None),
            ("*;q=0, gzip", Some("gzip")),
            ("identity;q=0, *", Some("zstd")),
        ] {
            let request = Request::builder()
                .uri("/")
                .header(ACCEPT_ENCODING, accepted);
            let router = answering("application/json", long());
            let answer = router.oneshot(request.body(Body::empty()).unwrap()).await;
            let answer = answer.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{accepted}");
            let given = answer.headers().get(CONTENT_ENCODING);
            let given = given.map(|coding| coding.to_str().unwrap());
            assert_eq!(given, coding, "{accepted}");
            assert_eq!(answer.headers()[VARY], "accept-encoding", "{accepted}");
        }
    }

    #[tokio::test]
    async fn event_streams_pages_and_what_fits_a_packet_are_sent_as_they_are() {
        for (media, body) in [
            ("text/event-stream", long()),
            ("text/html", long()),
            ("application/json", "[1]"),
        ] {
            let (headers, sent) = ask(answering(media, body), asking(Method::GET)).await;
            assert!(!headers.contains_key(CONTENT_ENCODING), "{media}");
            assert_eq!(headers[ETAG], "\"7\"");
            assert_eq!(sent, body.as_bytes());
        }
    }

    #[tokio::test]
    async fn the_answer_to_a_change_is_never_compressed() {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let router = answering("application/json", long());
            let (headers, body) = ask(router, asking(method)).await;
            assert!(!headers.contains_key(CONTENT_ENCODING));
            assert_eq!(headers[ETAG], "\"7\"");
            assert_eq!(body, long().as_bytes());
        }
    }

    async fn raw(call: Call<'_>) -> (HeaderMap, Vec<u8>) {
        let call = call.header("accept-encoding", "gzip");
        let (parts, body) = call.raw().await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.headers, body.to_vec())
    }

    #[tokio::test]
    async fn a_list_of_flags_shrinks_to_less_than_a_tenth() {
        let (api, owner) = TestApi::with_shop().await;
        for number in 0..20 {
            api.flag(&owner, &format!("flag-{number}")).await;
        }
        let plain = api.get(&owner, FLAGS).await;
        let (headers, body) = raw(api.call(&owner, Method::GET, FLAGS)).await;
        assert_eq!(headers[CONTENT_ENCODING], "gzip");
        let listed: Value = serde_json::from_slice(&unpacked(&body)).unwrap();
        assert_eq!(listed, plain.body);
        assert!(body.len() * 10 < plain.body.to_string().len());
    }

    #[tokio::test]
    async fn secrets_that_were_just_made_are_sent_as_they_are() {
        let (api, owner) = TestApi::with_shop().await;
        let create = api
            .call(&owner, Method::POST, "/organizations/acme/projects")
            .json(json!({"key": "site", "name": "Site", "description": "x".repeat(900)}));
        let (headers, body) = raw(create).await;
        assert!(!headers.contains_key(CONTENT_ENCODING));
        assert!(body.len() > 1_024, "long enough to be compressed");
        let made: Value = serde_json::from_slice(&body).unwrap();
        let secret = made["keys"][0]["secret"].as_str().unwrap();
        assert!(secret.starts_with("pb"));
    }

    #[tokio::test]
    async fn the_tag_of_a_compressed_answer_is_good_for_a_change() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let flag = format!("{FLAGS}/checkout");
        let change = |tag: &str, name: &str| {
            api.call(&owner, Method::PATCH, &flag)
                .header("if-match", tag)
                .json(json!({"name": name}))
        };
        change("W/\"1\"", "Checkout").expect(StatusCode::OK).await;
        change("W/\"1\"", "Other")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
    }
}

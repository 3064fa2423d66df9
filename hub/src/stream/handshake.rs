//! Upgrades an HTTP request to a stream, or refuses it.

use axum::body::Body;
use fastwebsockets::upgrade::{is_upgrade_request, upgrade};
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CONTENT_TYPE, RETRY_AFTER, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use peekaboo_protocol::SUBPROTOCOL;

use crate::sdk_http::entrance::{bearer, origin};

/// Why a request cannot become a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Not a GET.
    Method,
    /// A GET that does not request a WebSocket.
    NotAnUpgrade,
    /// The WebSocket version is not 13.
    Version,
    /// The subprotocol is not offered.
    Subprotocol,
    /// The handshake lacks its key.
    Malformed,
    /// Too many handshakes, or the hub is draining.
    Busy,
}

/// The credentials in a client's upgrade request.
#[derive(Debug, Default)]
pub(super) struct UpgradeRequest {
    pub(super) bearer: Option<String>,
    pub(super) origin: Option<String>,
}

/// Checks a request for the stream; returns the upgrade request and the response that accepts it.
pub(super) fn negotiate<B>(
    request: &mut Request<B>,
) -> Result<(UpgradeRequest, Response<Body>), Refusal> {
    if request.method() != Method::GET {
        return Err(Refusal::Method);
    }
    if !is_upgrade_request(request) {
        return Err(Refusal::NotAnUpgrade);
    }
    let headers = request.headers();
    if headers
        .get(SEC_WEBSOCKET_VERSION)
        .is_some_and(|version| version != "13")
    {
        return Err(Refusal::Version);
    }
    if !offers_subprotocol(headers) {
        return Err(Refusal::Subprotocol);
    }
    if !headers.get(SEC_WEBSOCKET_KEY).is_some_and(is_nonce) {
        return Err(Refusal::Malformed);
    }
    let upgrade_request = UpgradeRequest {
        bearer: bearer(headers).map(str::to_owned),
        origin: origin(headers).map(str::to_owned),
    };
    let (response, _upgraded) = upgrade(request).map_err(|_| Refusal::Malformed)?;
    let mut response = response.map(|_empty| Body::empty());
    response.headers_mut().insert(
        SEC_WEBSOCKET_PROTOCOL,
        HeaderValue::from_static(SUBPROTOCOL),
    );
    Ok((upgrade_request, response))
}

/// Whether a key is what RFC 6455 asks for: 16 bytes in base64, which take 22 characters and two of padding.
fn is_nonce(key: &HeaderValue) -> bool {
    let digits = key.as_bytes().strip_suffix(b"==");
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    digits.is_some_and(|digits| digits.len() == 22 && digits.iter().all(is_digit))
}

fn offers_subprotocol(headers: &HeaderMap) -> bool {
    let offers = headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok());
    offers
        .flat_map(|value| value.split(','))
        .any(|offer| offer.trim() == SUBPROTOCOL)
}

impl Refusal {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAnUpgrade | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Subprotocol | Self::Malformed => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The label in metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Method | Self::NotAnUpgrade => "not_an_upgrade",
            Self::Version | Self::Subprotocol | Self::Malformed => "malformed",
            Self::Busy => "busy",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Method | Self::NotAnUpgrade => {
                "this endpoint is a stream: connect with a WebSocket, as the Peek-a-boo SDKs do\n"
            }
            Self::Version => "unsupported WebSocket version: send `Sec-WebSocket-Version: 13`\n",
            Self::Subprotocol => {
                "missing subprotocol: send `Sec-WebSocket-Protocol: peekaboo.v1`\n"
            }
            Self::Malformed => "missing or invalid `Sec-WebSocket-Key`: send 16 bytes in base64\n",
            Self::Busy => "the hub is busy: retry after the number of seconds in `Retry-After`\n",
        }
    }

    /// The response; a busy hub says when to retry.
    pub(super) fn response(self, retry_after_seconds: u32) -> Response<Body> {
        let mut response = Response::new(Body::from(self.advice()));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        // An SDK in a page asks for this when it cannot connect, to say why. It holds nothing of anyone's.
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        match self {
            Self::Method => {
                headers.insert(ALLOW, HeaderValue::from_static("GET"));
            }
            Self::NotAnUpgrade => {
                headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
            }
            Self::Version => {
                headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
                headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            }
            Self::Busy => {
                headers.insert(RETRY_AFTER, HeaderValue::from(retry_after_seconds));
            }
            Self::Subprotocol | Self::Malformed => {}
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(change: impl FnOnce(&mut Request<()>)) -> Request<()> {
        let mut request = Request::builder()
            .uri("/sdk/v1/stream")
            .header("connection", "keep-alive, Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("sec-websocket-protocol", "chat, peekaboo.v1")
            .header("authorization", "bearer pbs_key")
            .header("origin", "https://app.example.com")
            .body(())
            .expect("a request");
        change(&mut request);
        request
    }

    #[test]
    fn a_websocket_that_offers_the_subprotocol_is_upgraded() {
        let (upgrade_request, response) = negotiate(&mut request(|_| {})).expect("an upgrade");
        assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
        assert_eq!(
            response.headers()["sec-websocket-accept"],
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
        assert_eq!(response.headers()["sec-websocket-protocol"], "peekaboo.v1");
        assert_eq!(upgrade_request.bearer.as_deref(), Some("pbs_key"));
        assert_eq!(
            upgrade_request.origin.as_deref(),
            Some("https://app.example.com")
        );
    }

    #[test]
    fn every_refused_request_learns_what_to_do() {
        let remove = |name: &'static str| {
            request(|request| {
                request.headers_mut().remove(name);
            })
        };
        let set = |name: &'static str, value: &'static str| {
            request(|request| {
                request
                    .headers_mut()
                    .insert(name, HeaderValue::from_static(value));
            })
        };
        let cases = [
            (
                request(|request| *request.method_mut() = Method::POST),
                Refusal::Method,
                405,
            ),
            (remove("upgrade"), Refusal::NotAnUpgrade, 426),
            (remove("connection"), Refusal::NotAnUpgrade, 426),
            (set("sec-websocket-version", "8"), Refusal::Version, 426),
            (remove("sec-websocket-protocol"), Refusal::Subprotocol, 400),
            (
                set("sec-websocket-protocol", "peekaboo.v2"),
                Refusal::Subprotocol,
                400,
            ),
            (remove("sec-websocket-key"), Refusal::Malformed, 400),
            (
                set("sec-websocket-key", "c2hvcnQ="),
                Refusal::Malformed,
                400,
            ),
            (
                set("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZS4uLg=="),
                Refusal::Malformed,
                400,
            ),
            (
                set("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZ_=="),
                Refusal::Malformed,
                400,
            ),
            (remove("sec-websocket-version"), Refusal::Malformed, 400),
        ];
        for (mut request, expected, status) in cases {
            let refusal = negotiate(&mut request).expect_err("a refusal");
            assert_eq!(refusal, expected);
            assert_eq!(refusal.response(1).status(), status);
        }
        assert_eq!(Refusal::Busy.response(3).headers()["retry-after"], "3");
    }
}

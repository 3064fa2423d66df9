use axum::{Router, body::Body, http::Request, routing::get};
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use rust_embed::RustEmbed;
use tower::ServiceExt as _;

use crate::public_path::{PublicPath, under};

use super::{Pages, StorefrontConfig, assemble};

/// Two built files, one of them compressed, as `npm run build` would leave them.
#[derive(RustEmbed)]
#[folder = "tests/site"]
struct Built;

/// A binary that was built before its files were.
#[derive(RustEmbed)]
#[folder = "tests/site"]
#[exclude = "*"]
struct NotBuilt;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }
}

async fn ask(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(bytes.to_vec()).expect("text"),
    }
}

fn request(path: &str) -> http::request::Builder {
    Request::builder().uri(path)
}

fn api() -> Router {
    Router::new().route("/api/v1/session", get(async || "a session"))
}

fn pages(storefront: bool) -> Pages {
    Pages {
        over_tls: false,
        public_path: PublicPath::default(),
        sdk: "http://127.0.0.1:6001".to_owned(),
        storefront: storefront.then(|| StorefrontConfig {
            key: "pbc_key".to_owned(),
            url: "ws://127.0.0.1:6001/sdk/v1/stream".to_owned(),
        }),
    }
}

fn built() -> Router {
    assemble::<Built, Built>(api(), pages(true))
}

async fn open(path: &str) -> Answer {
    ask(
        built(),
        request(path).body(Body::empty()).expect("a request"),
    )
    .await
}

#[tokio::test]
async fn every_path_of_the_dashboard_serves_its_page() {
    for path in [
        "/",
        "/sign-in",
        "/demo/storefront/flags/new-checkout",
        "/demo/storefront/flags/layout.v2",
    ] {
        let answer = open(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(
            answer.header(header::CONTENT_TYPE),
            "text/html; charset=utf-8"
        );
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-cache");
        assert!(answer.body.contains("A dashboard"), "{path}");
    }
}

#[tokio::test]
async fn the_api_answers_for_itself_and_never_with_a_page() {
    assert_eq!(open("/api/v1/session").await.body, "a session");
    for path in ["/api", "/api/v1/nothing"] {
        let answer = open(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("A dashboard"), "{path}");
    }
}

#[tokio::test]
async fn a_file_with_a_hash_in_its_name_is_kept_for_ever() {
    let answer = open("/assets/app-1a2b3c.js").await;
    assert_eq!(
        answer.header(header::CACHE_CONTROL),
        "public, max-age=31536000, immutable"
    );
    assert!(
        answer
            .header(header::CONTENT_TYPE)
            .starts_with("text/javascript")
    );
    assert!(answer.body.contains("hello"));
}

#[tokio::test]
async fn a_file_of_an_older_build_is_not_found_rather_than_a_page() {
    let answer = open("/assets/app-000000.js").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_compressed_form_is_sent_to_who_takes_it() {
    for (accepted, encoding, body) in [
        ("gzip, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("zstd", "", "export const greeting = \"hello\";\n"),
    ] {
        let request = request("/assets/app-1a2b3c.js").header(header::ACCEPT_ENCODING, accepted);
        let answer = ask(built(), request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.header(header::CONTENT_ENCODING), encoding);
        assert_eq!(answer.header(header::VARY), "accept-encoding");
        assert_eq!(
            answer.header(header::CONTENT_LENGTH),
            body.len().to_string()
        );
        assert_eq!(answer.body, body);
    }
}

#[tokio::test]
async fn a_page_that_did_not_change_is_not_sent_again() {
    let etag = open("/").await.header(header::ETAG).to_owned();
    let current = request("/").header(header::IF_NONE_MATCH, format!("\"other\", {etag}"));
    let answer = ask(built(), current.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
    assert_eq!(answer.body, "");
    let changed = request("/").header(header::IF_NONE_MATCH, "\"other\"");
    let answer = ask(built(), changed.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_is_read_and_never_written() {
    let head = request("/").method(Method::HEAD).body(Body::empty());
    let answer = ask(built(), head.expect("a request")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    assert_ne!(answer.header(header::CONTENT_LENGTH), "0");
    let post = request("/").method(Method::POST).body(Body::empty());
    let answer = ask(built(), post.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header(header::ALLOW), "GET, HEAD");
}

#[tokio::test]
async fn nothing_outside_the_built_files_is_served() {
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
        "//etc/passwd",
    ] {
        let answer = open(path).await;
        assert!(!answer.body.contains("[package]"), "{path}");
        assert!(!answer.body.contains("root:"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_tells_the_browser_how_little_it_may_do() {
    for path in ["/", "/assets/app-1a2b3c.js", "/storefront/"] {
        let answer = open(path).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(
            answer.header(header::X_CONTENT_TYPE_OPTIONS),
            "nosniff",
            "{path}"
        );
        assert_eq!(answer.header(header::X_FRAME_OPTIONS), "DENY", "{path}");
        assert_eq!(
            answer.header(header::REFERRER_POLICY),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            answer.header(header::STRICT_TRANSPORT_SECURITY),
            "",
            "{path}"
        );
    }
}

#[tokio::test]
async fn browsers_over_tls_receive_strict_transport_security() {
    let pages = Pages {
        over_tls: true,
        ..pages(false)
    };
    let router = assemble::<Built, Built>(api(), pages);
    let answer = ask(router, request("/").body(Body::empty()).expect("a request")).await;
    assert_eq!(
        answer.header(header::STRICT_TRANSPORT_SECURITY),
        "max-age=31536000"
    );
}

#[tokio::test]
async fn the_storefront_may_talk_to_the_stream_and_the_dashboard_may_not() {
    let policy = |answer: &Answer| answer.header(header::CONTENT_SECURITY_POLICY).to_owned();
    let storefront = open("/storefront/").await;
    assert!(storefront.body.contains("A dashboard"));
    assert!(policy(&storefront).contains(
        "connect-src 'self' ws://127.0.0.1:6001/sdk/v1/stream \
         http://127.0.0.1:6001/sdk/v1/stream http://127.0.0.1:6001/sdk/v1/events http://127.0.0.1:6001/ofrep/v1/;"
    ));
    assert!(policy(&open("/").await).contains("connect-src 'self';"));
}

#[tokio::test]
async fn the_storefront_receives_the_streams_address() {
    let answer = open("/storefront/config.json").await;
    assert_eq!(
        answer.body,
        r#"{"key":"pbc_key","url":"ws://127.0.0.1:6001/sdk/v1/stream"}"#
    );
    let answer = open("/storefront").await;
    assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.header(header::LOCATION), "/storefront/");
    assert_eq!(
        open("/storefront/nothing").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn there_is_no_storefront_without_a_demo() {
    for path in ["/storefront", "/storefront/", "/storefront/config.json"] {
        let router = assemble::<Built, Built>(api(), pages(false));
        let answer = ask(
            router,
            request(path).body(Body::empty()).expect("a request"),
        )
        .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_binary_built_without_the_dashboard_says_so_and_serves_its_api() {
    let router = || assemble::<NotBuilt, NotBuilt>(api(), pages(false));
    let page = request("/").body(Body::empty()).expect("a request");
    let answer = ask(router(), page).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("make run"));
    let session = request("/api/v1/session").body(Body::empty());
    let answer = ask(router(), session.expect("a request")).await;
    assert_eq!(answer.body, "a session");
}

#[tokio::test]
async fn an_application_at_the_dashboards_address_learns_the_right_one() {
    for (method, path) in [
        (Method::GET, "/sdk/v1/stream"),
        (Method::GET, "/sdk/v1/js/peekaboo.min.js"),
        (Method::POST, "/ofrep/v1/evaluate/flags/new-checkout"),
    ] {
        let request = request(path).method(method).body(Body::empty());
        let answer = ask(built(), request.expect("a request")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
        // A page of another origin has to be able to read it.
        assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
        let hint: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
        for member in ["detail", "errorDetails"] {
            let text = hint[member].as_str().expect(member);
            assert!(text.contains("connect to http://127.0.0.1:6001"), "{text}");
        }
    }
    // Organizations may be called anything.
    assert_eq!(open("/sdk/storefront").await.status, StatusCode::OK);
}

#[tokio::test]
async fn behind_a_proxy_that_serves_it_under_a_path_every_address_begins_with_it() {
    let path = PublicPath("/tools/flags".to_owned());
    let router = || {
        let pages = Pages {
            public_path: path.clone(),
            ..pages(true)
        };
        under(&path, assemble::<Built, Built>(api(), pages))
    };
    let open = async |address: &str| {
        let request = request(address)
            .header(header::ACCEPT_ENCODING, "gzip, br")
            .body(Body::empty());
        ask(router(), request.expect("a request")).await
    };
    // Proxies that remove the path, and proxies that do not.
    for address in ["/tools/flags/demo", "/tools/flags", "/demo", "/"] {
        let page = open(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        assert_eq!(page.header(header::CONTENT_ENCODING), "", "{address}");
        assert!(
            page.body
                .contains("src=\"/tools/flags/assets/app-1a2b3c.js\""),
            "{}",
            page.body
        );
        assert!(page.header(header::ETAG).contains("/tools/flags"));
    }
    assert_eq!(open("/tools/flags/api/v1/session").await.body, "a session");
    assert!(
        open("/tools/flags/assets/app-1a2b3c.js")
            .await
            .body
            .contains("brotli")
    );
    assert_eq!(
        open("/tools/flags/storefront")
            .await
            .header(header::LOCATION),
        "/tools/flags/storefront/"
    );
}

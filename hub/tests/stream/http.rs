//! HTTP under an SDK key: events, the ruleset and OFREP.

use peekaboo_flags::FlagType;
use peekaboo_hub::StreamConfig;
use peekaboo_storage::{Command, NewFlag, NewSdkKey, SdkKeyKind, Variation};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::harness::{Node, Shop, by, head as read_head, key, node, until};
use crate::http_client::client;

/// In the key, the variations and the values of a flag that client keys must not see.
const CANARY: &str = "canary";

/// A node with a flag that client keys see and one that they do not.
async fn shop_with_a_secret() -> (Node, Shop, std::sync::Arc<tempfile::TempDir>) {
    let (node, shop, folder) = node(StreamConfig::default()).await;
    let variation = |name: &str| Variation {
        key: format!("{CANARY}-{name}"),
        value: json!(format!("{CANARY} {name}")),
        name: None,
        description: None,
    };
    let flag = NewFlag {
        key: key(CANARY),
        name: "Hidden".to_owned(),
        description: String::new(),
        type_: FlagType::String,
        variations: vec![variation("a"), variation("b")],
        tags: Vec::new(),
        client_visible: false,
        track: false,
        metadata: serde_json::Map::new(),
        salt: None,
    };
    let create = Command::CreateFlag {
        project: key("shop"),
        flag,
    };
    let created = node.hub.execute(shop.organization, create, by()).await;
    created.expect("a flag");
    (node, shop, folder)
}

pub(crate) fn post(node: &Node, path: &str, body: &Value) -> RequestBuilder {
    client()
        .post(format!("http://{}{path}", node.address))
        .json(body)
}

pub(crate) async fn send(request: RequestBuilder) -> (StatusCode, Response) {
    let response = request.send().await.expect("an answer");
    (response.status(), response)
}

pub(crate) fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    value.map_or_else(String::new, |value| {
        value.to_str().expect("text").to_owned()
    })
}

pub(crate) async fn json_of(response: Response) -> Value {
    response.json().await.expect("JSON")
}

/// A client key that one page alone may use.
pub(crate) async fn key_for(node: &Node, shop: &Shop, origin: &str) -> String {
    let created = node
        .storage
        .execute(
            shop.organization,
            Command::CreateSdkKey {
                project: key("shop"),
                environment: key("production"),
                key: NewSdkKey {
                    origins: vec![origin.to_owned()],
                    ..NewSdkKey::named(SdkKeyKind::Client, "page")
                },
            },
            &by(),
        )
        .await
        .expect("a key")
        .outcome
        .created_sdk_key()
        .expect("a key");
    created.secret.expose().to_owned()
}

#[tokio::test]
async fn a_batch_is_accepted_and_again_when_it_comes_twice() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let batch = json!({ "id": "b1", "counts": [["checkout", 1, "on", "STATIC", 3]] });
    for _ in 0..2 {
        let request = post(&node, "/sdk/v1/events", &batch);
        let (status, response) = send(request.bearer_auth(shop.secret(SdkKeyKind::Server))).await;
        assert_eq!(status, StatusCode::ACCEPTED);
        assert_eq!(json_of(response).await, json!({ "id": "b1" }));
    }
}

#[tokio::test]
async fn a_beacon_carries_a_client_key_in_its_body_and_never_a_server_key() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    for (kind, expected) in [
        (SdkKeyKind::Client, StatusCode::ACCEPTED),
        (SdkKeyKind::Server, StatusCode::FORBIDDEN),
    ] {
        let body = json!({ "id": "b2", "key": shop.secret(kind) }).to_string();
        let request = client().post(format!("http://{}/sdk/v1/events", node.address));
        let request = request.header("content-type", "text/plain;charset=UTF-8");
        let (status, _) = send(request.body(body)).await;
        assert_eq!(status, expected);
    }
}

#[tokio::test]
async fn events_that_cannot_be_counted_are_refused_with_what_to_do() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let secret = shop.secret(SdkKeyKind::Client);
    let long = format!("\"{}\"", "x".repeat(300 * 1024));
    for (key, body, status, advice) in [
        (secret, "{", 400, "not JSON"),
        (secret, long.as_str(), 413, "send at most"),
        (secret, "[]", 422, "not a batch"),
        (secret, r#"{"id":""}"#, 422, "an id must"),
        ("pbc_nobody", "{}", 401, "dashboard"),
    ] {
        let request = client().post(format!("http://{}/sdk/v1/events", node.address));
        let request = request.header("content-type", "application/json");
        let (got, response) = send(request.bearer_auth(key).body(body.to_owned())).await;
        assert_eq!(got, status, "{advice}");
        assert_eq!(
            header(&response, "content-type"),
            "application/problem+json"
        );
        let problem = json_of(response).await;
        assert_eq!(problem["status"], status);
        let detail = problem["detail"].as_str().expect("a detail");
        assert!(detail.contains(advice), "{detail}");
    }
}

#[tokio::test]
async fn a_key_that_dies_while_the_body_comes_counts_nothing() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let body = json!({ "id": "b6" }).to_string();
    let mut stream = node.connect().await;
    let head = format!(
        "POST /sdk/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        shop.secret(SdkKeyKind::Server),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("it is sent");
    // The body is asked for once the key was found good.
    let go_on = read_head(&mut stream).await;
    assert!(go_on.starts_with("HTTP/1.1 100 "), "{go_on}");
    shop.revoke(&node, SdkKeyKind::Server).await;
    until("the node hears of it", async || {
        let probe = post(&node, "/ofrep/v1/evaluate/flags", &json!({ "context": {} }));
        let probe = probe.bearer_auth(shop.secret(SdkKeyKind::Server));
        send(probe).await.0 == StatusCode::UNAUTHORIZED
    })
    .await;
    stream.write_all(body.as_bytes()).await.expect("it is sent");
    let refused = read_head(&mut stream).await;
    assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");
    assert!(
        refused.contains("www-authenticate: Bearer\r\n"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_hub_that_drains_asks_for_events_again() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let warm = post(&node, "/sdk/v1/events", &json!({ "id": "b3" }));
    let secret = shop.secret(SdkKeyKind::Server);
    assert_eq!(send(warm.bearer_auth(secret)).await.0, StatusCode::ACCEPTED);
    node.hub.drain(std::time::Duration::ZERO).await;
    let late = post(&node, "/sdk/v1/events", &json!({ "id": "b4" }));
    let (status, response) = send(late.bearer_auth(secret)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(header(&response, "retry-after"), "5");
}

#[tokio::test]
async fn a_server_reads_the_ruleset_once_a_version() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let ask = |etag: &str| {
        let request = client().get(format!("http://{}/sdk/v1/ruleset", node.address));
        let request = request.header("if-none-match", etag.to_owned());
        request.bearer_auth(shop.secret(SdkKeyKind::Server))
    };
    let (status, response) = send(ask("")).await;
    assert_eq!(status, StatusCode::OK);
    let etag = header(&response, "etag");
    let ruleset = json_of(response).await;
    assert_eq!(ruleset["flags"]["checkout"]["type"], "boolean");
    assert_eq!(ruleset["flags"][CANARY]["clientVisible"], false);
    let (status, response) = send(ask(&etag)).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
    assert_eq!(header(&response, "etag"), etag);
    node.toggle(&shop, true).await;
    assert_eq!(send(ask(&etag)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_ruleset_is_packed_as_the_server_likes_it() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let ask = |accepted: &'static str| {
        let request = client().get(format!("http://{}/sdk/v1/ruleset", node.address));
        let request = request.header("accept-encoding", accepted);
        request.bearer_auth(shop.secret(SdkKeyKind::Server))
    };
    let mut etags = Vec::new();
    for (accepted, coding, magic) in [
        ("gzip, deflate, zstd", "zstd", &[0x28, 0xb5, 0x2f, 0xfd][..]),
        ("zstd;q=0.2, gzip", "gzip", &[0x1f, 0x8b]),
        ("br", "", b"{\"epoch\""),
    ] {
        let (status, response) = send(ask(accepted)).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(header(&response, "content-encoding"), coding);
        assert_eq!(header(&response, "vary"), "accept-encoding");
        assert_eq!(header(&response, "content-type"), "application/json");
        etags.push(header(&response, "etag"));
        let bytes = response.bytes().await.expect("a body");
        assert!(bytes.starts_with(magic), "{accepted}: {bytes:?}");
    }
    assert!(etags.iter().all(|etag| *etag == etags[0]), "{etags:?}");
    let (status, response) = send(ask("gzip").header("if-none-match", &etags[0])).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);
    assert_eq!(header(&response, "vary"), "accept-encoding");
    let (status, _) = send(ask("br, identity;q=0")).await;
    assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn a_client_key_is_shown_no_rules() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let url = format!("http://{}/sdk/v1/ruleset", node.address);
    let (status, _) = send(client().get(&url)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let request = client().get(&url);
    let (status, response) = send(request.bearer_auth(shop.secret(SdkKeyKind::Client))).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let text = response.text().await.expect("text");
    assert!(
        text.contains("server key") && !text.contains("checkout"),
        "{text}"
    );
}

#[tokio::test]
async fn a_flag_is_evaluated_under_either_header() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    node.toggle(&shop, true).await;
    let path = "/ofrep/v1/evaluate/flags/checkout";
    let body = json!({ "context": { "targetingKey": "user-1" } });
    let secret = shop.secret(SdkKeyKind::Client);
    for request in [
        post(&node, path, &body).bearer_auth(secret),
        post(&node, path, &body).header("x-api-key", secret),
    ] {
        let (status, response) = send(request).await;
        assert_eq!(status, StatusCode::OK);
        let evaluated = json_of(response).await;
        assert_eq!(evaluated["key"], "checkout");
        assert!(evaluated["value"].is_boolean(), "{evaluated}");
        assert!(evaluated["variant"].is_string(), "{evaluated}");
        assert_eq!(evaluated["reason"], "STATIC");
        assert!(evaluated["metadata"]["flagVersion"].is_u64(), "{evaluated}");
    }
}

#[tokio::test]
async fn what_cannot_be_evaluated_says_why() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let (secret, empty) = (shop.secret(SdkKeyKind::Server), json!({ "context": {} }));
    let odd = json!({ "context": { "targetingKey": 7 } });
    let all = "/ofrep/v1/evaluate/flags";
    for (path, key, body, status, code) in [
        ("/checkout", secret, &odd, 400, json!("INVALID_CONTEXT")),
        (
            "/checkout",
            secret,
            &json!({}),
            400,
            json!("INVALID_CONTEXT"),
        ),
        (
            "",
            secret,
            &json!({ "context": null }),
            400,
            json!("INVALID_CONTEXT"),
        ),
        ("/checkout", secret, &json!(7), 400, json!("PARSE_ERROR")),
        ("/checkout", secret, &json!([{}]), 400, json!("PARSE_ERROR")),
        ("/%ff", secret, &empty, 404, json!("FLAG_NOT_FOUND")),
        (
            "",
            secret,
            &json!("x".repeat(300_000)),
            400,
            json!("PARSE_ERROR"),
        ),
        ("/nothing", secret, &empty, 404, json!("FLAG_NOT_FOUND")),
        ("", secret, &odd, 400, json!("INVALID_CONTEXT")),
        ("", "pbs_nobody", &empty, 401, Value::Null),
    ] {
        let request = post(&node, &format!("{all}{path}"), body);
        let (got, response) = send(request.bearer_auth(key)).await;
        assert_eq!(got, status, "{path}");
        let failure = json_of(response).await;
        assert_eq!(failure["errorCode"], code);
        assert!(failure["errorDetails"].is_string(), "{failure}");
    }
    let (status, _) = send(post(&node, all, &empty)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_client_key_never_hears_of_a_hidden_flag() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let path = "/ofrep/v1/evaluate/flags";
    let ask = |path: &str, kind| {
        post(&node, path, &json!({ "context": {} })).bearer_auth(shop.secret(kind))
    };
    let (_, response) = send(ask(path, SdkKeyKind::Server)).await;
    let whole = response.text().await.expect("text");
    assert!(whole.contains(CANARY), "{whole}");
    let first = whole.find("\"key\":\"canary\"");
    assert!(
        first < whole.find("\"key\":\"checkout\""),
        "by key: {whole}"
    );

    let (status, response) = send(ask(path, SdkKeyKind::Client)).await;
    assert_eq!(status, StatusCode::OK);
    let visible = response.text().await.expect("text");
    assert!(visible.contains("checkout"), "{visible}");
    for hidden in [CANARY, "fallthrough", "salt", "rules"] {
        assert!(!visible.contains(hidden), "{visible}");
    }
    // It is as unknown as one that does not exist.
    let mut answers = Vec::new();
    for flag in [CANARY, "nobody"] {
        let (status, response) = send(ask(&format!("{path}/{flag}"), SdkKeyKind::Client)).await;
        let text = response.text().await.expect("text");
        answers.push((status, text.replace(flag, "")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn all_flags_are_sent_again_only_when_they_or_the_context_changed() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let ask = |etag: &str| {
        let request = post(&node, "/ofrep/v1/evaluate/flags", &json!({ "context": {} }));
        let request = request.header("if-none-match", etag.to_owned());
        request.bearer_auth(shop.secret(SdkKeyKind::Client))
    };
    let (status, response) = send(ask("")).await;
    assert_eq!(status, StatusCode::OK);
    let etag = header(&response, "etag");
    let first = json_of(response).await;
    assert_eq!(send(ask(&etag)).await.0, StatusCode::NOT_MODIFIED);
    let version = node.toggle(&shop, true).await;
    let (status, response) = send(ask(&etag)).await;
    assert_eq!(status, StatusCode::OK);
    let second = json_of(response).await;
    assert_eq!(second["metadata"]["version"], version);
    assert_ne!(first["flags"], second["flags"]);
}

#[tokio::test]
async fn only_pages_on_the_keys_list_may_use_it() {
    let (node, shop, _folder) = shop_with_a_secret().await;
    let secret = key_for(&node, &shop, "https://shop.example.com").await;
    let paths = ["/ofrep/v1/evaluate/flags", "/sdk/v1/events"];
    for path in paths {
        let url = format!("http://{}{path}", node.address);
        let preflight = client()
            .request(reqwest::Method::OPTIONS, url)
            .header("origin", "https://shop.example.com")
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,traceparent",
            );
        let (status, response) = send(preflight).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        let allowed = header(&response, "access-control-allow-headers");
        assert_eq!(allowed, "authorization,traceparent");

        for (origin, refused) in [
            ("https://shop.example.com", false),
            ("https://other.example.com", true),
        ] {
            let request = post(&node, path, &json!({ "id": "b5" })).bearer_auth(&secret);
            let (status, response) = send(request.header("origin", origin)).await;
            assert_eq!(status == StatusCode::FORBIDDEN, refused, "{status}");
            assert_eq!(header(&response, "access-control-allow-origin"), origin);
        }
    }
    // What a server key opens is for no page to read.
    let request = post(&node, paths[0], &json!({ "context": {} }))
        .bearer_auth(shop.secret(SdkKeyKind::Server));
    let (_, response) = send(request.header("origin", "https://shop.example.com")).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "");
}

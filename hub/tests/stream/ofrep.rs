//! OFREP's event streams, its reasons, and how often a key may ask.

use peekaboo_actors::HubConfig;
use peekaboo_flags::FlagType;
use peekaboo_flags::model::{Rule, Serve};
use peekaboo_hub::StreamConfig;
use peekaboo_storage::{Command, NewFlag, SdkKeyKind, TargetingPatch, Variation};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::client::DEADLINE;
use crate::harness::{Node, Shop, by, create_flag, key, node, node_with, until, upgrade};
use crate::http::{header, json_of, key_for, post, send};
use crate::http_client;

const BULK: &str = "/ofrep/v1/evaluate/flags";

/// An open stream.
struct Stream {
    response: Response,
    read: String,
}

impl Stream {
    /// Opens the stream that a bulk answer names.
    async fn open(node: &Node, key: &str) -> Self {
        let address = address(node, key).await;
        Self::at(node, &address, None).await
    }

    async fn at(node: &Node, address: &str, last_event: Option<&str>) -> Self {
        let mut request = http_client::client().get(format!("http://{}{address}", node.address));
        if let Some(id) = last_event {
            request = request.header("last-event-id", id);
        }
        let (status, response) = send(request).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(header(&response, "content-type"), "text/event-stream");
        Self {
            response,
            read: String::new(),
        }
    }

    /// The lines of the next block; `None` after the last.
    async fn block(&mut self) -> Option<Vec<String>> {
        loop {
            if let Some(end) = self.read.find("\n\n") {
                let block: String = self.read.drain(..end + 2).collect();
                return Some(block.trim_end().lines().map(str::to_owned).collect());
            }
            let chunk = timeout(DEADLINE, self.response.chunk()).await;
            let chunk = chunk.expect("something in time").expect("a whole answer")?;
            self.read += std::str::from_utf8(&chunk).expect("text");
        }
    }

    /// The identifier and the data of the next event that is not a heartbeat.
    async fn event(&mut self) -> (String, Value) {
        loop {
            let block = self.block().await.expect("the stream goes on");
            let field = |name: &str| block.iter().find_map(|line| line.strip_prefix(name));
            if field("event: ") == Some("heartbeat") {
                continue;
            }
            if let Some(data) = field("data: ") {
                let id = field("id: ").expect("an identifier").to_owned();
                return (id, serde_json::from_str(data).expect("JSON"));
            }
        }
    }
}

/// Where a bulk answer says that changes are told.
async fn address(node: &Node, key: &str) -> String {
    let (status, response) =
        send(post(node, BULK, &json!({ "context": {} })).bearer_auth(key)).await;
    assert_eq!(status, StatusCode::OK);
    let bulk = json_of(response).await;
    let [stream] = &bulk["eventStreams"].as_array().expect("a list")[..] else {
        panic!("{bulk}");
    };
    assert_eq!(stream["type"], "sse");
    assert_eq!(stream["inactivityDelaySec"], 120);
    assert!(stream["heartbeatSeconds"].is_u64(), "{stream}");
    let address = stream["endpoint"]["requestUri"].as_str();
    address.expect("an address").to_owned()
}

async fn shop() -> (Node, Shop, std::sync::Arc<tempfile::TempDir>) {
    node(StreamConfig::default()).await
}

#[tokio::test]
async fn listeners_learn_that_something_changed_and_never_what() {
    let (node, shop, _folder) = shop().await;
    for kind in [SdkKeyKind::Client, SdkKeyKind::Server] {
        let secret = shop.secret(kind);
        let mut stream = Stream::open(&node, secret).await;
        let opening = stream.block().await.expect("a block");
        assert!(opening[0].starts_with("id: "), "{opening:?}");
        assert!(opening[1].starts_with("retry: "), "{opening:?}");

        let version = node.toggle(&shop, kind == SdkKeyKind::Client).await;
        let (id, told) = stream.event().await;
        assert_eq!(told["type"], "refetchEvaluation");
        assert_eq!(told["etag"], id);
        assert!(id.ends_with(&format!("-{version}")), "{id}");
        assert!(told["lastModified"].is_u64(), "{told}");
        assert_eq!(told.as_object().map(serde_json::Map::len), Some(3));

        let again = format!("{BULK}?flagConfigEtag={id}");
        let (_, response) =
            send(post(&node, &again, &json!({ "context": {} })).bearer_auth(secret)).await;
        assert_eq!(json_of(response).await["metadata"]["version"], version);
    }
}

#[tokio::test]
async fn nothing_is_missed_between_an_answer_and_its_stream_or_two_streams() {
    let (node, shop, _folder) = shop().await;
    let secret = shop.secret(SdkKeyKind::Client);
    let before = address(&node, secret).await;
    let version = node.toggle(&shop, true).await;
    let mut late = Stream::at(&node, &before, None).await;
    let (id, _) = late.event().await;
    assert!(id.ends_with(&format!("-{version}")), "{id}");
    drop(late);

    let version = node.toggle(&shop, false).await;
    let mut back = Stream::at(&node, &before, Some(&id)).await;
    let (id, _) = back.event().await;
    assert!(id.ends_with(&format!("-{version}")), "{id}");

    // Who missed nothing hears of the next change first.
    let mut current = Stream::at(&node, &before, Some(&id)).await;
    let version = node.toggle(&shop, true).await;
    let (id, _) = current.event().await;
    assert!(id.ends_with(&format!("-{version}")), "{id}");
}

#[tokio::test]
async fn no_address_holds_a_secret() {
    let (node, shop, _folder) = shop().await;
    let (server, client) = (
        shop.secret(SdkKeyKind::Server),
        shop.secret(SdkKeyKind::Client),
    );
    assert!(
        address(&node, client).await.contains(client),
        "it is public"
    );
    let ticketed = address(&node, server).await;
    assert!(!ticketed.contains(server), "{ticketed}");

    let forged = ticketed.replace("ticket=A", "ticket=B");
    let ask = |address: &str| {
        send(http_client::client().get(format!("http://{}{address}", node.address)))
    };
    for (address, expected) in [
        (
            format!("/ofrep/v1/stream?key={server}"),
            StatusCode::FORBIDDEN,
        ),
        (forged, StatusCode::UNAUTHORIZED),
        (
            "/ofrep/v1/stream?key=pbc_nobody".to_owned(),
            StatusCode::UNAUTHORIZED,
        ),
        (
            "/ofrep/v1/stream?ticket=%00".to_owned(),
            StatusCode::UNAUTHORIZED,
        ),
        ("/ofrep/v1/stream".to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        let (status, response) = ask(&address).await;
        assert_eq!(status, expected, "{address}");
        assert!(json_of(response).await["errorDetails"].is_string());
    }
    // Who can send headers needs neither.
    let request = http_client::client().get(format!("http://{}/ofrep/v1/stream", node.address));
    assert_eq!(send(request.bearer_auth(server)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_stream_ends_with_its_key() {
    let (node, shop, _folder) = shop().await;
    let mut stream = Stream::open(&node, shop.secret(SdkKeyKind::Server)).await;
    stream.block().await.expect("a block");
    shop.revoke(&node, SdkKeyKind::Server).await;
    // The next request returns the new value.
    let last = stream.block().await.expect("a last word");
    assert_eq!(last, [r#"data: {"type":"refetchEvaluation"}"#]);
    assert_eq!(stream.block().await, None);
}

#[tokio::test]
async fn only_pages_on_the_keys_list_may_listen() {
    let (node, shop, _folder) = shop().await;
    let page = "https://shop.example.com";
    let secret = key_for(&node, &shop, page).await;
    let ask = |name: &'static str, value: &'static str| {
        let request = http_client::client().get(format!(
            "http://{}/ofrep/v1/stream?key={secret}",
            node.address
        ));
        send(
            request
                .header(name, value)
                .header("sec-fetch-site", "same-origin"),
        )
    };
    let (status, response) = ask("origin", page).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(header(&response, "access-control-allow-origin"), page);
    let (status, _) = ask("origin", "https://other.example.com").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // A page of the hub's own origin, to which browsers give no `Origin`.
    assert_eq!(
        ask("referer", "https://shop.example.com/a").await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_hub_that_drains_ends_its_streams_and_says_when_to_come_back() {
    let (node, shop, _folder) = shop().await;
    let secret = shop.secret(SdkKeyKind::Client);
    let address = address(&node, secret).await;
    let mut stream = Stream::at(&node, &address, None).await;
    stream.block().await.expect("a block");
    node.shutdown.cancel();
    let hub = node.hub.clone();
    let draining = tokio::spawn(async move {
        hub.drain(std::time::Duration::from_millis(100)).await;
    });
    let last = stream.block().await.expect("a last word");
    assert!(last[0].starts_with("retry: "), "{last:?}");
    assert_eq!(stream.block().await, None);
    draining.await.expect("drained");
}

#[tokio::test]
async fn a_quiet_stream_has_heartbeats_that_a_script_can_see() {
    let (node, shop, _folder) = node_with(
        StreamConfig::default(),
        HubConfig {
            heartbeat: std::time::Duration::from_millis(20),
            ..HubConfig::default()
        },
    )
    .await;
    let mut stream = Stream::open(&node, shop.secret(SdkKeyKind::Client)).await;
    stream.block().await.expect("the opening");
    for _ in 0..3 {
        let beat = stream.block().await.expect("the stream goes on");
        assert_eq!(beat, ["event: heartbeat", "data: {}"]);
    }
}

#[tokio::test]
async fn streams_are_limited_as_sockets_are() {
    let (node, shop, _folder) = node_with(
        StreamConfig::default(),
        HubConfig {
            max_connections_per_key: 1,
            ..HubConfig::default()
        },
    )
    .await;
    let secret = shop.secret(SdkKeyKind::Client);
    let address = address(&node, secret).await;
    let ask = || send(http_client::client().get(format!("http://{}{address}", node.address)));
    let first = Stream::at(&node, &address, None).await;
    let (status, response) = ask().await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&response, "retry-after"), "30");
    drop(first);
    until("there is room again", async || {
        ask().await.0 == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn a_key_over_its_rate_limit_learns_when_to_retry() {
    let (node, shop, _folder) = node_with(
        StreamConfig::default(),
        HubConfig {
            requests_per_second_per_key: 1,
            request_burst_per_key: 1,
            ..HubConfig::default()
        },
    )
    .await;
    let ask = |path: &str, kind| {
        let request = post(&node, path, &json!({ "context": {} })).bearer_auth(shop.secret(kind));
        async { send(request).await }
    };
    assert_eq!(ask(BULK, SdkKeyKind::Client).await.0, StatusCode::OK);
    let (status, response) = ask(BULK, SdkKeyKind::Client).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&response, "retry-after"), "1");
    let failure = json_of(response).await;
    assert!(failure["errorDetails"].is_string(), "{failure}");
    // Each key has a rate of its own.
    assert_eq!(ask(BULK, SdkKeyKind::Server).await.0, StatusCode::OK);
    let (status, _) = ask("/sdk/v1/events", SdkKeyKind::Server).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn reasons_are_those_of_the_protocol_and_ours_stand_beside_them() {
    let (node, shop, _folder) = shop().await;
    let nobody = json!({ "attribute": "targetingKey", "op": "in", "values": ["nobody"] });
    let rule = Rule {
        id: "r1".to_owned(),
        when: serde_json::from_value(nobody).expect("a condition"),
        serve: Serve::Variation("on".to_owned()),
    };
    let patch = TargetingPatch {
        enabled: Some(true),
        rules: Some(vec![rule]),
        ..TargetingPatch::default()
    };
    let command = Command::UpdateTargeting {
        project: key("shop"),
        environment: key("production"),
        flag: key("checkout"),
        patch,
        expected_version: None,
    };
    let updated = node.hub.execute(shop.organization, command, by()).await;
    updated.expect("it commits");
    let ask = post(
        &node,
        "/ofrep/v1/evaluate/flags/checkout",
        &json!({ "context": {} }),
    );
    let (_, response) = send(ask.bearer_auth(shop.secret(SdkKeyKind::Server))).await;
    let flag = json_of(response).await;
    assert_eq!(flag["reason"], "UNKNOWN", "{flag}");
    assert_eq!(flag["metadata"]["reason"], "DEFAULT", "{flag}");
}

/// Changes the targeting of `checkout` in production.
async fn target(node: &Node, shop: &Shop, patch: TargetingPatch) {
    let command = Command::UpdateTargeting {
        project: key("shop"),
        environment: key("production"),
        flag: key("checkout"),
        patch,
        expected_version: None,
    };
    let updated = node.hub.execute(shop.organization, command, by()).await;
    updated.expect("it commits");
}

/// What one flag is for a context, and with which status.
async fn evaluate(node: &Node, shop: &Shop, flag: &str, context: &Value) -> (StatusCode, Value) {
    let ask = post(
        node,
        &format!("{BULK}/{flag}"),
        &json!({ "context": context }),
    );
    let (status, response) = send(ask.bearer_auth(shop.secret(SdkKeyKind::Server))).await;
    (status, json_of(response).await)
}

#[tokio::test]
async fn a_disabled_flag_without_an_off_variation_is_answered_so_that_providers_serve_the_default()
{
    let (node, shop, _folder) = shop().await;
    let patch = TargetingPatch {
        enabled: Some(false),
        off_variation: Some(None),
        ..TargetingPatch::default()
    };
    target(&node, &shop, patch).await;
    let (status, flag) = evaluate(&node, &shop, "checkout", &json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(flag["errorCode"], "FLAG_NOT_FOUND");
    assert_eq!(flag["metadata"]["reason"], "DISABLED");
    assert!(
        flag.get("value").is_none() && flag.get("reason").is_none(),
        "{flag}"
    );
    // The protocol has a form for it among all flags.
    let ask = post(&node, BULK, &json!({ "context": {} }));
    let (_, response) = send(ask.bearer_auth(shop.secret(SdkKeyKind::Client))).await;
    let bulk = json_of(response).await;
    assert_eq!(bulk["flags"][0]["reason"], "DISABLED");
    assert!(bulk["flags"][0].get("errorCode").is_none(), "{bulk}");
}

#[tokio::test]
async fn numbers_of_a_flag_with_fractions_are_always_floats() {
    let (node, shop, _folder) = shop().await;
    for (flag, values, expected) in [
        ("ratio", [json!(10), json!(0.5)], r#""value":10.0"#),
        ("count", [json!(10), json!(20)], r#""value":10,"#),
    ] {
        let variations = ["a", "b"].into_iter().zip(values);
        let create = Command::CreateFlag {
            project: key("shop"),
            flag: NewFlag {
                key: key(flag),
                name: flag.to_owned(),
                description: String::new(),
                type_: FlagType::Number,
                variations: variations
                    .map(|(key, value)| Variation {
                        key: key.to_owned(),
                        value,
                        name: None,
                        description: None,
                    })
                    .collect(),
                tags: Vec::new(),
                client_visible: true,
                track: false,
                metadata: serde_json::Map::new(),
                salt: None,
            },
        };
        let created = node.hub.execute(shop.organization, create, by()).await;
        created.expect("a flag");
        let on = Command::UpdateTargeting {
            project: key("shop"),
            environment: key("production"),
            flag: key(flag),
            patch: TargetingPatch::enabled(true),
            expected_version: None,
        };
        let enabled = node.hub.execute(shop.organization, on, by()).await;
        enabled.expect("it is on");
        for path in [format!("{BULK}/{flag}"), BULK.to_owned()] {
            let ask = post(&node, &path, &json!({ "context": {} }));
            let (_, response) = send(ask.bearer_auth(shop.secret(SdkKeyKind::Server))).await;
            let text = response.text().await.expect("text");
            assert!(text.contains(expected), "{text}");
        }
    }
}

#[tokio::test]
async fn half_of_a_surrogate_pair_in_an_attribute_is_replaced() {
    let (node, shop, _folder) = shop().await;
    let cut = json!({ "attribute": "name", "op": "in", "values": ["Ann \u{fffd}"] });
    let rule = Rule {
        id: "cut".to_owned(),
        when: serde_json::from_value(cut).expect("a condition"),
        serve: Serve::Variation("off".to_owned()),
    };
    let patch = TargetingPatch {
        enabled: Some(true),
        rules: Some(vec![rule]),
        ..TargetingPatch::default()
    };
    target(&node, &shop, patch).await;
    // As JavaScript writes a name that was cut in the middle of an emoji.
    let body = r#"{"context":{"targetingKey":"\udc00","name":"Ann \ud83d"}}"#;
    for path in [format!("{BULK}/checkout"), BULK.to_owned()] {
        let request = http_client::client()
            .post(format!("http://{}{path}", node.address))
            .bearer_auth(shop.secret(SdkKeyKind::Server))
            .body(body);
        let (status, response) = send(request).await;
        assert_eq!(status, StatusCode::OK);
        let text = response.text().await.expect("text");
        assert!(text.contains("TARGETING_MATCH"), "{text}");
    }
    // Who was served what is counted under the same name.
    let batch =
        r#"{"id":"b-1","events":[{"event":"purchase","targetingKey":"\ud83d","ageMillis":0}]}"#;
    let request = http_client::client()
        .post(format!("http://{}/sdk/v1/events", node.address))
        .bearer_auth(shop.secret(SdkKeyKind::Server))
        .body(batch);
    assert_eq!(send(request).await.0, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn behind_a_proxy_that_serves_it_under_a_path_everything_is_under_that_path() {
    let config = StreamConfig {
        public_path: "/tools/flags".to_owned(),
        ..StreamConfig::default()
    };
    let (node, shop, _folder) = node(config).await;
    for kind in [SdkKeyKind::Client, SdkKeyKind::Server] {
        let opens = address(&node, shop.secret(kind)).await;
        assert!(
            opens.starts_with("/tools/flags/ofrep/v1/stream?"),
            "{opens}"
        );
        // A proxy leaves the path in the request, or removes it.
        Stream::at(&node, &opens, None).await;
        Stream::at(&node, opens.trim_start_matches("/tools/flags"), None).await;
    }
    let under = upgrade("").replace("/sdk/v1/stream", "/tools/flags/sdk/v1/stream");
    for request in [under, upgrade("")] {
        let (head, _) = node.request(&request).await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    }
}

#[tokio::test]
async fn a_wrong_path_says_which_are_right() {
    let (node, _shop, _folder) = shop().await;
    let request = http_client::client().get(format!("http://{}/stream", node.address));
    let (status, response) = send(request).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let text = response.text().await.expect("text");
    assert!(text.contains("/sdk/v1/stream"), "{text}");
}

#[tokio::test]
async fn a_key_is_taken_percent_encoded_and_by_its_case() {
    let (node, shop, _folder) = shop().await;
    for flag in ["sample", "Team:new|Checkout~2"] {
        let created = node.hub.execute(shop.organization, create_flag(flag), by());
        created.await.expect("created");
    }
    let secret = shop.secret(SdkKeyKind::Client);
    for (path, status) in [
        ("sample", StatusCode::OK),
        ("Sample", StatusCode::NOT_FOUND),
        ("Team%3Anew%7CCheckout~2", StatusCode::OK),
        ("Team:new%7CCheckout%7E2", StatusCode::OK),
        ("team%3Anew%7Ccheckout~2", StatusCode::NOT_FOUND),
    ] {
        let request = post(&node, &format!("{BULK}/{path}"), &json!({"context": {}}));
        let (answered, response) = send(request.bearer_auth(secret)).await;
        assert_eq!(answered, status, "{path}");
        if status == StatusCode::OK {
            assert_eq!(json_of(response).await["value"], false, "{path}");
        }
    }
}

//! Trees of hubs: what an edge serves, and what it does when its upstream goes away.

use std::{fs, path::Path, process::Stdio};

use reqwest::{Method, Response};
use rmpv::Value as Pack;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    certificate::localhost,
    http_client,
    relay::Relay,
    stream::{Application, DELTA, GOAWAY, SNAPSHOT, WELCOME},
    support::{Hub, PATIENCE, Visitor, eventually, peekaboo, run},
};

const SERVER_KEY: &str = "pbs_demo_production";
const CLIENT_KEY: &str = "pbc_demo_production";
const FLAGS: &str = "/organizations/demo/projects/storefront/flags";
const SEGMENTS: &str = "/organizations/demo/projects/storefront/segments";

/// An edge of the demo's production.
async fn edge_of(upstream: &Hub) -> Hub {
    Hub::edge(&upstream.url("stream", ""), &["--key", SERVER_KEY]).await
}

async fn toggle(visitor: &Visitor, enabled: bool) {
    let targeting = format!("{FLAGS}/new-checkout/environments/production");
    let body = json!({ "enabled": enabled });
    let (status, answer) = visitor.send(Method::PATCH, &targeting, body).await;
    assert_eq!(status, 200, "{answer}");
}

/// Epoch, version and mode that a connection is welcomed with.
async fn welcomed(application: &mut Application) -> (String, u64, u64) {
    let welcome = application.next(WELCOME).await.expect("a welcome");
    (
        welcome[2].as_str().expect("an epoch").to_owned(),
        welcome[3].as_u64().expect("a version"),
        welcome[4].as_u64().expect("a mode"),
    )
}

fn context() -> Pack {
    Pack::Map(vec![("targetingKey".into(), "user-1".into())])
}

fn resume(epoch: &str, version: u64) -> Pack {
    Pack::Array(vec![epoch.into(), version.into()])
}

/// Someone with a client key, welcomed.
async fn browser(hub: &Hub, key: &str) -> Application {
    let mut browser = Application::greet(hub, key, Pack::Nil, context())
        .await
        .expect("a connection");
    let snapshot = browser.next(SNAPSHOT).await.expect("values");
    assert!(snapshot[3].is_nil(), "no segments for a browser");
    browser
}

async fn is_stale(hub: &Hub, stale: bool) {
    let wanted = if stale { 1.0 } else { 0.0 };
    eventually("the gauge says whether it is stale", || async {
        (hub.metric("peekaboo_stale").await == Some(wanted)).then_some(())
    })
    .await;
}

async fn ready(hub: &Hub) -> u16 {
    let answer = http_client::get(hub.url("metrics", "/readyz")).await;
    answer.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn a_toggle_reaches_applications_at_every_level_of_a_tree() {
    let hub = Hub::start(&["--demo"]).await;
    let near = edge_of(&hub).await;
    let far = edge_of(&near).await;
    let visitor = hub.demo_visitor().await;
    toggle(&visitor, false).await;

    let mut applications = Vec::new();
    let mut browsers = Vec::new();
    let (_, version) = Application::connect(&hub).await.expect("a connection");
    for edge in [&near, &far] {
        let mut application = eventually("the edge has the last change", || async {
            let (application, held) = Application::connect(edge).await?;
            (held == version).then_some(application)
        })
        .await;
        application.heard.clear();
        applications.push(application);
        browsers.push(browser(edge, CLIENT_KEY).await);
    }

    toggle(&visitor, true).await;
    for application in &mut applications {
        assert_eq!(application.next_version().await, version + 1);
    }
    for browser in &mut browsers {
        let delta = browser.next(DELTA).await.expect("a change");
        assert!(delta[1].is_nil(), "a browser's delta leads from anywhere");
        assert_eq!(delta[2].as_u64(), Some(version + 1));
        let put = delta[4].as_map().expect("flags");
        assert!(
            put.iter()
                .any(|(key, _)| key.as_str() == Some("new-checkout"))
        );
    }
}

/// Where a hub says that changes are told by HTTP.
async fn event_stream(hub: &Hub, key: &str) -> String {
    let flags = hub.url("sdk", "/ofrep/v1/evaluate/flags");
    let request = http_client::client()
        .post(flags)
        .bearer_auth(key)
        .json(&json!({ "context": {} }));
    let answer = request.send().await.expect("an answer");
    let bulk: Value = answer.json().await.expect("JSON");
    let address = bulk["eventStreams"][0]["endpoint"]["requestUri"].as_str();
    address.expect("an address").to_owned()
}

/// The data of the next event.
async fn next_event(stream: &mut Response) -> Value {
    let mut read = String::new();
    loop {
        let data = read.lines().find_map(|line| line.strip_prefix("data: "));
        if let (Some(data), true) = (data, read.ends_with("\n\n")) {
            return serde_json::from_str(data).expect("JSON");
        }
        let chunk = timeout(PATIENCE, stream.chunk()).await.expect("in time");
        let chunk = chunk.expect("a whole answer").expect("it goes on");
        read += std::str::from_utf8(&chunk).expect("text");
    }
}

#[tokio::test]
async fn an_event_stream_is_notified_at_every_level_and_a_ticket_is_valid_at_all_of_them() {
    let hub = Hub::start(&["--demo"]).await;
    let near = edge_of(&hub).await;
    let far = edge_of(&near).await;
    let visitor = hub.demo_visitor().await;
    for (key, enabled) in [(SERVER_KEY, true), (CLIENT_KEY, false)] {
        let address = event_stream(&near, key).await;
        let mut streams = Vec::new();
        for level in [&hub, &near, &far] {
            let stream = http_client::client()
                .get(level.url("sdk", &address))
                .send()
                .await;
            let stream = stream.expect("an answer");
            assert_eq!(stream.status(), 200);
            streams.push(stream);
        }
        toggle(&visitor, enabled).await;
        let mut told = Vec::new();
        for stream in &mut streams {
            told.push(next_event(stream).await);
        }
        assert_eq!(told[0]["type"], "refetchEvaluation");
        assert!(told.iter().all(|event| event == &told[0]), "{told:?}");
    }
}

#[tokio::test]
async fn an_application_moves_between_a_hub_and_its_edges_and_resumes() {
    let hub = Hub::start(&["--demo"]).await;
    let edge = edge_of(&hub).await;
    let visitor = hub.demo_visitor().await;
    let mut at_hub = Application::greet(&hub, SERVER_KEY, Pack::Nil, Pack::Nil)
        .await
        .expect("a connection");
    let (epoch, version, _) = welcomed(&mut at_hub).await;
    for enabled in [false, true, false] {
        toggle(&visitor, enabled).await;
    }
    let newest = eventually("the edge has every change", || async {
        let (_, held) = Application::connect(&edge).await?;
        (held > version).then_some(held)
    })
    .await;

    for (from, mode) in [(version, 1), (newest, 0)] {
        let held = resume(&epoch, from);
        let mut moved = Application::greet(&edge, SERVER_KEY, held, Pack::Nil)
            .await
            .expect("a connection");
        let (same, _, how) = welcomed(&mut moved).await;
        assert_eq!((same, how), (epoch.clone(), mode), "from {from}");
    }
}

#[tokio::test]
async fn a_key_opens_and_closes_through_the_tree() {
    let hub = Hub::start(&["--demo"]).await;
    let near = edge_of(&hub).await;
    let far = edge_of(&near).await;
    let visitor = hub.demo_visitor().await;
    for kind in ["server", "client"] {
        let (id, secret) = visitor.make_key(json!({"kind": kind, "name": "new"})).await;
        let mut application = eventually("the key is known at the far end", || async {
            let mut application = Application::greet(&far, &secret, Pack::Nil, Pack::Nil).await?;
            application.next(WELCOME).await.map(|_| application)
        })
        .await;
        visitor.revoke_key(&id).await;
        assert_eq!(application.close_code().await, 4502, "{kind}");
    }
    let origins = json!(["https://shop.example.com"]);
    let key = json!({"kind": "client", "name": "guarded", "origins": origins});
    let (_, guarded) = visitor.make_key(key).await;
    eventually("the origins are known at the far end", || async {
        let mut foreign = Application::greet(&far, &guarded, Pack::Nil, Pack::Nil).await?;
        (foreign.close_code().await == 4503).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_edge_serves_on_while_its_upstream_is_away_and_then_catches_up() {
    let relay = Relay::new().await;
    let hub = Hub::start(&["--demo"]).await;
    relay.lead_to(&hub);
    let edge = Hub::edge(&relay.url(), &["--key", SERVER_KEY]).await;
    let (mut application, version) = Application::connect(&edge).await.expect("a connection");
    is_stale(&edge, false).await;

    relay.cut();
    is_stale(&edge, true).await;
    assert_eq!(ready(&edge).await, 200);
    let (_, held) = Application::connect(&edge)
        .await
        .expect("newcomers are served");
    assert_eq!(held, version);
    browser(&edge, CLIENT_KEY).await;
    let mut stranger = Application::greet(&edge, "pbs_unknown", Pack::Nil, Pack::Nil)
        .await
        .expect("a connection");
    assert_eq!(stranger.close_code().await, 1013, "it may be new");

    // Changes that the edge cannot hear of, and then the end of the hub that made them.
    let visitor = hub.demo_visitor().await;
    toggle(&visitor, false).await;
    toggle(&visitor, true).await;
    let hub = Hub::start_in(hub.kill().await, &["--demo"]).await;
    relay.lead_to(&hub);
    let delta = application.next(DELTA).await.expect("a change");
    assert_eq!(delta[1].as_u64(), Some(version));
    assert!(delta[2].as_u64() > Some(version));
    is_stale(&edge, false).await;
    let log = edge.log();
    assert_eq!(log.matches("mode=Snapshot").count(), 1, "at first: {log}");
    assert_eq!(log.matches("mode=Delta").count(), 1, "then: {log}");
}

#[tokio::test]
async fn an_edge_that_restarts_while_its_upstream_is_away_starts_from_disk() {
    let relay = Relay::new().await;
    let hub = Hub::start(&["--demo"]).await;
    relay.lead_to(&hub);
    let edge = Hub::edge(&relay.url(), &["--key", SERVER_KEY]).await;
    let (_, version) = Application::connect(&edge).await.expect("a connection");
    let directory = edge.stop().await;

    relay.cut();
    let edge = Hub::edge_in(directory, &relay.url(), &["--key", SERVER_KEY]).await;
    assert_eq!(edge.metric("peekaboo_stale").await, Some(1.0));
    let (mut application, kept) = Application::connect(&edge).await.expect("a connection");
    assert_eq!(kept, version);
    browser(&edge, CLIENT_KEY).await;

    toggle(&hub.demo_visitor().await, true).await;
    relay.lead_to(&hub);
    assert_eq!(application.next_version().await, version + 1);
    assert!(edge.log().contains("mode=Delta"), "{}", edge.log());
    assert!(!edge.log().contains("mode=Snapshot"), "{}", edge.log());
}

#[tokio::test]
async fn an_edge_that_kept_nothing_waits_for_its_upstream() {
    let relay = Relay::new().await;
    let upstream = relay.url();
    let starting = Hub::edge(&upstream, &["--key", SERVER_KEY]);
    let hub = async {
        let hub = Hub::start(&["--demo"]).await;
        relay.lead_to(&hub);
        hub
    };
    let (edge, _hub) = tokio::join!(starting, hub);
    assert!(Application::connect(&edge).await.is_some());
}

#[tokio::test]
async fn no_byte_of_a_rule_reaches_a_browser_through_an_edge() {
    const CANARY: &str = "canary7e57";
    let hub = Hub::start(&["--demo"]).await;
    let edge = edge_of(&hub).await;
    let visitor = hub.demo_visitor().await;
    let mut server = Application::connect(&edge).await.expect("a connection").0;
    let mut browser = browser(&edge, CLIENT_KEY).await;

    let segment = json!({
        "key": format!("{CANARY}-segment"), "name": "Canary", "included": [format!("{CANARY}-member")],
    });
    let (status, answer) = visitor.send(Method::POST, SEGMENTS, segment).await;
    assert_eq!(status, 201, "{answer}");
    for (key, visible) in [("open", true), (&*format!("{CANARY}-hidden"), false)] {
        let flag = json!({
            "key": key, "name": "Canary", "type": "boolean", "clientVisible": visible,
            "variations": [{"key": "on", "value": true}, {"key": "off", "value": false}],
        });
        let (status, answer) = visitor.send(Method::POST, FLAGS, flag).await;
        assert_eq!(status, 201, "{answer}");
        let targeting = format!("{FLAGS}/{key}/environments/production");
        let rule = json!({
            "enabled": true,
            "rules": [{
                "id": format!("{CANARY}-rule"),
                "when": {"any": [
                    {"segment": format!("{CANARY}-segment")},
                    {"attribute": format!("{CANARY}-attribute"), "op": "in", "values": [format!("{CANARY}-value")]},
                ]},
                "serve": {"variation": "on"},
            }],
        });
        let (status, answer) = visitor.send(Method::PATCH, &targeting, rule).await;
        assert_eq!(status, 200, "{answer}");
    }
    // The last change that both must hear of.
    let targeting = format!("{FLAGS}/open/environments/production");
    let fallthrough = json!({"fallthrough": {"variation": "on"}, "enabled": true});
    let (status, answer) = visitor.send(Method::PATCH, &targeting, fallthrough).await;
    assert_eq!(status, 200, "{answer}");
    loop {
        let delta = browser.next(DELTA).await.expect("a change");
        let put = delta[4].as_map().expect("flags");
        let open = put.iter().find(|(key, _)| key.as_str() == Some("open"));
        if open.is_some_and(|(_, value)| value[0].as_bool() == Some(true)) {
            break;
        }
    }
    let version = |delta: &[Pack]| delta[2].as_u64();
    let (_, newest) = Application::connect(&edge).await.expect("a connection");
    while version(&server.next(DELTA).await.expect("a change")) < Some(newest) {}

    let has_canary = |bytes: &[u8]| {
        let mut windows = bytes.windows(CANARY.len());
        windows.any(|window| window == CANARY.as_bytes())
    };
    assert!(has_canary(&server.heard), "the rules came through the edge");
    assert!(!has_canary(&browser.heard));
    let again = self::browser(&edge, CLIENT_KEY).await;
    assert!(!has_canary(&again.heard));
}

#[tokio::test]
async fn a_second_key_takes_over_from_one_that_is_revoked() {
    let hub = Hub::start(&["--demo"]).await;
    let visitor = hub.demo_visitor().await;
    let (id, first) = visitor
        .make_key(json!({"kind": "server", "name": "first"}))
        .await;
    let (_, second) = visitor
        .make_key(json!({"kind": "server", "name": "second"}))
        .await;
    let keys = ["--key", &first, "--key", &second];
    let edge = Hub::edge(&hub.url("stream", ""), &keys).await;
    let standing = async |name: &str, count: f64| {
        let gauge = format!("peekaboo_edge_keys{{standing=\"{name}\"}}");
        eventually(&gauge, || async {
            (edge.metric(&gauge).await == Some(count)).then_some(())
        })
        .await;
    };
    standing("reserve", 1.0).await;
    let (mut application, version) = Application::connect(&edge).await.expect("a connection");

    visitor.revoke_key(&id).await;
    eventually("whichever followed, the other does", || async {
        let refused = edge
            .metric("peekaboo_edge_keys{standing=\"refused\"}")
            .await;
        let reserve = edge
            .metric("peekaboo_edge_keys{standing=\"reserve\"}")
            .await;
        (refused == Some(1.0) || reserve == Some(1.0)).then_some(())
    })
    .await;
    standing("current", 1.0).await;
    is_stale(&edge, false).await;
    toggle(&visitor, true).await;
    assert_eq!(application.next_version().await, version + 1);
}

#[tokio::test]
async fn an_edge_whose_own_key_is_revoked_only_closes_sockets_of_that_key() {
    let hub = Hub::start(&["--demo"]).await;
    let visitor = hub.demo_visitor().await;
    let (id, own) = visitor
        .make_key(json!({"kind": "server", "name": "edge"}))
        .await;
    let edge = Hub::edge(&hub.url("stream", ""), &["--key", &own]).await;
    let mut twin = Application::greet(&edge, &own, Pack::Nil, Pack::Nil)
        .await
        .expect("a connection");
    twin.next(SNAPSHOT).await.expect("everything");
    let mut browser = browser(&edge, CLIENT_KEY).await;

    visitor.revoke_key(&id).await;
    assert_eq!(twin.close_code().await, 4502);
    is_stale(&edge, true).await;
    assert!(edge.log().contains("refuses a key"), "{}", edge.log());
    assert!(!edge.log().contains(&own), "no key is logged");
    // The browser's own key is as good as it was.
    browser.say(vec![1.into(), context()]).await;
    assert!(browser.next(DELTA).await.is_some());
}

#[tokio::test]
async fn an_edge_that_is_stopped_sends_its_applications_elsewhere() {
    let hub = Hub::start(&["--demo"]).await;
    let window = ["--key", SERVER_KEY, "--shutdown-window", "1s"];
    let edge = Hub::edge(&hub.url("stream", ""), &window).await;
    let (mut application, _) = Application::connect(&edge).await.expect("a connection");
    let stopping = tokio::spawn(edge.stop());
    assert!(application.next(GOAWAY).await.is_some());
    assert_eq!(application.close_code().await, 4000);
    stopping.await.expect("it ended well");
}

#[tokio::test]
async fn an_edge_only_follows_trusted_upstreams_over_tls() {
    let hub = Hub::start(&["--demo"]).await;
    let (relay, certificate) = Relay::over_tls().await;
    relay.lead_to(&hub);
    let folder = TempDir::new().expect("a directory");
    let trusted = folder.path().join("trusted.pem");
    fs::write(&trusted, certificate).expect("written");
    let edge = Hub::edge_trusting(&trusted, &relay.url(), &["--key", SERVER_KEY]).await;
    assert!(Application::connect(&edge).await.is_some());

    // The certificate of another line of the same name.
    let (_, other) = Relay::over_tls().await;
    fs::write(&trusted, other).expect("written");
    says_that_it_cannot_follow(&relay.url(), &trusted, "invalid peer certificate").await;
}

#[tokio::test]
async fn an_edge_says_which_scheme_an_upstream_without_tls_has() {
    let hub = Hub::start(&["--demo"]).await;
    let folder = TempDir::new().expect("a directory");
    let (_, certificate) = localhost();
    let trusted = folder.path().join("trusted.pem");
    fs::write(&trusted, certificate).expect("written");
    let upstream = hub.url("sdk", "").replace("http://", "wss://");
    says_that_it_cannot_follow(&upstream, &trusted, "write ws:// instead of wss://").await;
}

/// Starts an edge that trusts a certificate, and waits until its log gives this reason.
async fn says_that_it_cannot_follow(upstream: &str, trusted: &Path, reason: &str) {
    let folder = TempDir::new().expect("a directory");
    let log = folder.path().join("log");
    let _edge = peekaboo()
        .args(["edge", "--upstream", upstream, "--key", SERVER_KEY])
        .args([
            "--sdk-listen",
            "127.0.0.1:0",
            "--metrics-listen",
            "127.0.0.1:0",
        ])
        .arg("--data-dir")
        .arg(folder.path().join("data"))
        .env("SSL_CERT_FILE", trusted)
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).expect("a log file"))
        .spawn()
        .expect("the edge starts");
    eventually("the edge says why it cannot follow", || async {
        let log = fs::read_to_string(&log).expect("the log");
        log.contains(reason).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_environment_that_is_deleted_is_closed_through_the_tree() {
    let hub = Hub::start(&["--demo"]).await;
    let near = Hub::edge(&hub.url("stream", ""), &["--key", "pbs_demo_staging"]).await;
    let far = Hub::edge(&near.url("stream", ""), &["--key", "pbs_demo_staging"]).await;
    let mut browser = browser(&far, "pbc_demo_staging").await;
    let visitor = hub.demo_visitor().await;
    let staging = "/organizations/demo/projects/storefront/environments/staging";
    let (status, answer) = visitor.send(Method::DELETE, staging, Value::Null).await;
    assert!(status == 200 || status == 204, "{status} {answer}");
    assert_eq!(browser.close_code().await, 4502);
}

#[tokio::test]
async fn an_edge_whose_keys_are_all_refused_ends_and_says_why() {
    let hub = Hub::start(&["--demo"]).await;
    let data = TempDir::new().expect("a directory");
    let (code, _, message) = run(&[
        "edge",
        "--upstream",
        &hub.url("sdk", "").replace("http", "ws"),
        "--key",
        "pbs_nobody_has_this_one",
        "--sdk-listen",
        "127.0.0.1:0",
        "--metrics-listen",
        "127.0.0.1:0",
        "--data-dir",
        data.path().to_str().expect("text"),
    ])
    .await;
    assert_eq!(code, Some(69), "{message}");
    assert!(message.contains("4501 invalid_key"), "{message}");
    assert!(!message.contains("pbs_nobody_has_this_one"), "{message}");
}

#[tokio::test]
async fn an_edge_without_upstream_or_keys_says_what_is_missing() {
    for (args, expected) in [
        (vec!["edge"], "--upstream wss://"),
        (vec!["edge", "--upstream", "wss://h"], "PEEKABOO_EDGE_KEYS"),
        (
            vec!["edge", "--upstream", "https://h", "--key", "pbs_x"],
            "write for example wss://flags.example.com",
        ),
        (
            vec!["edge", "--upstream", "wss://h", "--key", "pbc_shown"],
            "an edge needs server keys",
        ),
    ] {
        let listen = [
            "--sdk-listen",
            "127.0.0.1:0",
            "--metrics-listen",
            "127.0.0.1:0",
        ];
        let (code, _, message) = run(&[&args[..], &listen].concat()).await;
        assert_eq!(code, Some(64), "{message}");
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("pbc_shown"), "{message}");
    }
}

const ACCEPTED: &str = "peekaboo_event_batches_total{outcome=\"accepted\"}";
const WAITING: &str = "peekaboo_usage_waiting_bytes";

/// Waits until nothing waits for an edge's upstream.
async fn has_told(edge: &Hub) {
    eventually("the upstream has all usage", || async {
        (edge.metric(WAITING).await == Some(0.0)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_applications_of_a_tree_report_arrives_at_its_top_as_few_batches() {
    let hub = Hub::start(&["--demo"]).await;
    let near = edge_of(&hub).await;
    let far = edge_of(&near).await;
    let mut applications = Vec::new();
    for _ in 0..20 {
        applications.push(browser(&far, CLIENT_KEY).await);
    }
    for (n, application) in applications.iter_mut().enumerate() {
        let batch = format!("b-{n}");
        application.report(&batch, "new-checkout", "off", 3).await;
        // Its acknowledgment was lost.
        application.report(&batch, "new-checkout", "off", 3).await;
    }
    for edge in [&far, &near] {
        has_told(edge).await;
    }
    assert_eq!(far.metric(ACCEPTED).await, Some(20.0));
    let arrived = hub.metric(ACCEPTED).await.expect("a counter");
    assert!((1.0..20.0).contains(&arrived), "{arrived} batches");
}

#[tokio::test]
async fn usage_waits_on_an_edge_s_disk_while_its_upstream_is_away() {
    let relay = Relay::new().await;
    let hub = Hub::start(&["--demo"]).await;
    relay.lead_to(&hub);
    let edge = Hub::edge(&relay.url(), &["--key", SERVER_KEY]).await;
    edge.has_kept_its_state().await;
    relay.cut();
    is_stale(&edge, true).await;
    let mut browser = browser(&edge, CLIENT_KEY).await;
    browser.report("b-1", "new-checkout", "off", 3).await;
    assert!(edge.metric(WAITING).await > Some(0.0));

    // What is on disk outlives the edge, however it ends.
    let edge = Hub::edge_in(edge.kill().await, &relay.url(), &["--key", SERVER_KEY]).await;
    assert!(edge.metric(WAITING).await > Some(0.0));
    relay.lead_to(&hub);
    has_told(&edge).await;
    assert_eq!(hub.metric(ACCEPTED).await, Some(1.0));
}

#[tokio::test]
async fn an_edge_that_is_stopped_tells_its_upstream_everything_first() {
    let hub = Hub::start(&["--demo"]).await;
    let edge = edge_of(&hub).await;
    let mut browser = browser(&edge, CLIENT_KEY).await;
    browser.report("b-1", "new-checkout", "off", 3).await;
    drop(browser);
    edge.stop().await;
    assert_eq!(hub.metric(ACCEPTED).await, Some(1.0));
}

#[tokio::test]
async fn an_edge_answers_by_http_what_a_hub_answers() {
    let hub = Hub::start(&["--demo"]).await;
    let edge = edge_of(&hub).await;
    let client = http_client::client();
    let url = |path: &str| edge.url("sdk", path);
    let status = async |request: reqwest::RequestBuilder| {
        let answer = request.send().await.expect("an answer");
        answer.status().as_u16()
    };
    let batch = json!({"id": "b-1", "counts": [["new-checkout", 1, "off", "STATIC", 3]]});
    let events = client.post(url("/sdk/v1/events")).bearer_auth(CLIENT_KEY);
    assert_eq!(status(events.json(&batch)).await, 202);
    let ruleset = client.get(url("/sdk/v1/ruleset")).bearer_auth(SERVER_KEY);
    assert_eq!(status(ruleset).await, 200);
    let ofrep = client
        .post(url("/ofrep/v1/evaluate/flags"))
        .bearer_auth(CLIENT_KEY);
    assert_eq!(status(ofrep.json(&json!({"context": {}}))).await, 200);
    // Of a module that is not there, the SDK's own answer and not the listener's.
    let module = client.get(url("/sdk/v1/js/nothing.js")).send().await;
    let module = module.expect("an answer");
    assert_eq!(module.headers()["access-control-allow-origin"], "*");
    has_told(&edge).await;
    assert_eq!(hub.metric(ACCEPTED).await, Some(1.0));
}

//! Bodies of OFREP requests, as they come from every language's provider.

use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use peekaboo_actors::{Hub, HubConfig, Mirror, Spool};
use peekaboo_flags::Ruleset;
use peekaboo_storage::{EnvironmentId, KeyRecord, SdkKeyId, SdkKeyKind, SecretHash};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use uuid::Uuid;

const KEYS: [(SdkKeyKind, &str); 2] = [
    (SdkKeyKind::Server, "pbs_of_the_target"),
    (SdkKeyKind::Client, "pbc_of_the_target"),
];

/// Every body is answered with JSON, and none makes the hub fail.
///
/// # Panics
/// Where an answer is not JSON, or says that the hub failed.
pub fn check(data: &[u8]) {
    // A panic of one input is the finding; the world is good for the next one.
    let world = WORLD.lock().unwrap_or_else(PoisonError::into_inner);
    for (_, key) in KEYS {
        for path in ["/ofrep/v1/evaluate/flags", "/ofrep/v1/evaluate/flags/rules"] {
            world.ask(path, key, data);
        }
    }
}

static WORLD: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(World::new()));

/// A hub without a database: an edge, whose upstream sent the rules once.
struct World {
    runtime: Runtime,
    router: Router,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let folder = TempDir::new().expect("a folder");
        let hub = runtime.block_on(hub(folder.path().to_owned()));
        Self {
            runtime,
            router: peekaboo_hub::sdk_router(hub),
            _folder: folder,
        }
    }

    fn ask(&self, path: &str, key: &str, body: &[u8]) {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_vec()))
            .expect("a request");
        let (status, answer) = self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await;
            let response = response.expect("an answer");
            let status = response.status();
            let answer = response.into_body().collect().await;
            (status, answer.expect("a whole answer").to_bytes())
        });
        assert!(
            matches!(
                status,
                StatusCode::OK | StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE
            ),
            "{status}"
        );
        serde_json::from_slice::<Map<String, Value>>(&answer).expect("a JSON object");
    }
}

async fn hub(folder: PathBuf) -> Hub {
    let spool = Spool::open(folder.join("usage"), 1 << 20).await;
    let mirror = Mirror::new(10, folder);
    let config = HubConfig {
        shards: 1,
        requests_per_second_per_key: u32::MAX,
        request_burst_per_key: u32::MAX,
        ..HubConfig::default()
    };
    let hub = Hub::start_edge(config, mirror.clone(), spool.expect("a spool")).await;
    let environment = EnvironmentId::from_uuid(Uuid::from_u128(1));
    let (project, name) = (key("shop"), key("production"));
    mirror.replace(environment, &project, &name, ruleset());
    let keys = KEYS.iter().zip(1..).map(|((kind, secret), id)| KeyRecord {
        id: SdkKeyId::from_uuid(Uuid::from_u128(id)),
        environment,
        kind: *kind,
        hash: SecretHash::of(secret),
        origins: Vec::new(),
        expires_at: None,
    });
    mirror.set_keys(environment, &project, &name, keys.collect());
    mirror.set_stale(false);
    hub.expect("a hub")
}

/// A key of the kind that is asked for.
fn key<K: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> K {
    text.parse().expect("a key")
}

/// A flag whose rules look at attributes of every type, and one of each type of value.
fn ruleset() -> Ruleset {
    let rule =
        |id: &str, when: Value| json!({"id": id, "when": when, "serve": {"variation": "on"}});
    let ruleset = json!({
        "epoch": "e1", "version": 1,
        "flags": {
            "rules": {
                "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "salt": "s",
                "version": 1, "clientVisible": true,
                "rules": [
                    rule("text", json!({"attribute": "country", "op": "in", "values": ["SE"], "ignoreCase": true})),
                    rule("number", json!({"attribute": "age", "op": "gt", "values": [18]})),
                    rule("version", json!({"attribute": "app", "op": "semverGte", "values": ["2.0.0"]})),
                    rule("time", json!({"attribute": "since", "op": "before", "values": ["2026-01-01T00:00:00Z"]})),
                    rule("pattern", json!({"attribute": "mail", "op": "matches", "values": ["^.+@example\\.com$"]})),
                    rule("bucket", json!({"bucket": {"by": "team", "seed": "s", "from": 0, "below": 50_000}}))
                ],
                "fallthrough": {"split": {"by": "targetingKey", "weights": [["on", 50_000], ["off", 50_000]]}}
            },
            "shape": {
                "type": "object", "enabled": true, "variations": {"a": {"columns": 3}}, "salt": "s", "version": 1,
                "clientVisible": true, "rules": [], "fallthrough": {"variation": "a"}
            },
            "hidden": {
                "type": "string", "enabled": true, "variations": {"a": "x"}, "salt": "s", "version": 1,
                "clientVisible": false, "rules": [], "fallthrough": {"variation": "a"}
            }
        }
    });
    serde_json::from_value(ruleset).expect("a ruleset")
}

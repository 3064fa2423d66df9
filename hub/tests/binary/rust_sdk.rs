//! The Rust SDK against the real hub.

use std::time::Duration;

use peekaboo_sdk::{Change, Changes, Client, Context, NotReady, Status};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::{
    relay::Relay,
    support::{Hub, PATIENCE, TARGETING, Visitor, eventually},
};

const KEY: &str = "pbs_demo_production";

async fn live(hub: &Hub, key: &str) -> Client {
    let client = Client::builder(key).url(hub.url("stream", ""));
    let client = client.build().expect("a client");
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
    client
}

async fn toggle(visitor: &Visitor, enabled: bool) {
    let body = json!({ "enabled": enabled });
    let (status, answer) = visitor.send(Method::PATCH, TARGETING, body).await;
    assert_eq!(status, 200, "{answer}");
}

async fn next(changes: &mut Changes) -> Change {
    let change = timeout(PATIENCE, changes.next()).await;
    change.expect("in time").expect("a change")
}

#[tokio::test]
async fn a_client_sees_a_toggle_and_tells_what_it_was_asked() {
    let hub = Hub::start(&["--demo"]).await;
    let visitor = hub.demo_visitor().await;
    toggle(&visitor, false).await;
    let client = live(&hub, KEY).await;
    assert_eq!(client.status(), Status::Live);
    let checkout = client.flag("new-checkout", false);
    let mut changes = checkout.watch();
    let user = Context::new("user-1").with("country", "SE");
    assert!(!checkout.get(&user));
    for enabled in [true, false, true] {
        toggle(&visitor, enabled).await;
        let change = next(&mut changes).await;
        assert_eq!(change.version, client.version());
        assert!(change.committed_at.is_some());
        let reason = checkout.detail(&user).reason.as_str();
        assert_eq!(reason != "DISABLED", enabled, "{reason}");
    }
    client.track("purchase", &user, 12.5);
    client.close().await;
    assert_eq!(client.status(), Status::Closed);
    eventually("the hub has counted it", || async {
        let counted = hub
            .metric("peekaboo_event_batches_total{outcome=\"accepted\"}")
            .await?;
        (counted >= 1.0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_client_decides_as_the_hub_does() {
    let hub = Hub::start(&["--demo"]).await;
    let visitor = hub.demo_visitor().await;
    let client = live(&hub, KEY).await;
    let evaluate = "/organizations/demo/projects/storefront/environments/production/evaluate";
    let contexts = (0..30).map(
        |user| json!({"targetingKey": format!("user-{user}"), "country": "SE", "plan": "pro"}),
    );
    for context in contexts.chain([
        json!({}),
        json!({"targetingKey": "user-1", "country": "DE"}),
    ]) {
        let body = json!({ "context": context });
        let (status, answer) = visitor.send(Method::POST, evaluate, body).await;
        assert_eq!(status, 200, "{answer}");
        let context: Context = serde_json::from_value(context).expect("a context");
        let results = answer["results"].as_object().expect("results");
        assert!(results.len() > 3, "{answer}");
        for (flag, decided) in results {
            let detail = client.detail(flag, &context, Value::Null);
            assert_eq!(detail.value, decided["value"], "{flag}");
        }
    }
}

#[tokio::test]
async fn a_client_serves_on_while_the_hub_is_away_and_then_catches_up() {
    let hub = Hub::start(&["--demo"]).await;
    let relay = Relay::new().await;
    relay.lead_to(&hub);
    let client = Client::builder(KEY).url(relay.url());
    let client = client.build().expect("a client");
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
    let version = client.version();
    let mut status = client.status_changes();
    relay.cut();
    assert_eq!(status.next().await, Some(Status::Reconnecting));
    toggle(&hub.demo_visitor().await, true).await;
    assert_eq!(client.version(), version, "the last rules are served");
    let mut changes = client.changes();
    relay.lead_to(&hub);
    // One delta, of what was missed alone.
    let change = next(&mut changes).await;
    assert_eq!(change.version, version + 1);
    assert!(change.committed_at.is_some());
    assert!(change.keys.contains("new-checkout"));
    assert_eq!(
        timeout(PATIENCE, status.next()).await,
        Ok(Some(Status::Live))
    );
}

#[tokio::test]
async fn a_revoked_key_stops_the_client_and_an_unknown_one_never_starts() {
    let hub = Hub::start(&["--demo"]).await;
    let visitor = hub.demo_visitor().await;
    let (id, secret) = visitor
        .make_key(json!({"name": "rust", "kind": "server"}))
        .await;
    let client = live(&hub, &secret).await;
    let mut status = client.status_changes();
    visitor.revoke_key(&id).await;
    assert_eq!(
        timeout(PATIENCE, status.next()).await,
        Ok(Some(Status::Stopped))
    );
    assert_eq!(client.refusal().map(|refusal| refusal.code), Some(4502));
    assert!(client.version() > 0, "the last rules are served");

    let unknown = Client::builder("pbs_unknown").url(hub.url("stream", ""));
    let unknown = unknown.build().expect("a client");
    let refused = unknown.ready(Duration::from_secs(30)).await;
    assert!(matches!(refused, Err(NotReady::Stopped(refusal)) if refusal.code == 4501));
}

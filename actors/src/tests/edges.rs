//! What an edge hears from a hub, and what a hub serves that follows a mirror.

use std::path::PathBuf;
use std::time::Duration;

use peekaboo_flags::{Changes, Ruleset};
use peekaboo_protocol::{ClientFrame, Encoded, KeyList, Mode, Resume, ServerFrame};
use peekaboo_storage::{Command, NewSdkKey, Page, SdkKeyKind, SecretHash};
use serde_json::json;
use tempfile::TempDir;
use time::OffsetDateTime;

use super::client::{Client, Received, Replica};
use super::delivery::many_targets;
use super::edge::{Edge, PUBLIC, SECRET, at, environment, flag, put, spool_in};
use super::world::{World, by, key};
use crate::{Hub, HubConfig, Mirror};

fn follow(used: &[String]) -> ClientFrame {
    ClientFrame::Follow {
        used: used.to_vec(),
    }
}

async fn keys(client: &mut Client) -> KeyList {
    match client.frame().await {
        ServerFrame::Keys(list) => list,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_edge_hears_of_every_key_and_others_of_none() {
    let world = World::new().await;
    let (mut edge, _) = world.server_client().await;
    let (mut application, _) = world.server_client().await;
    edge.send(&follow(&[])).await;
    let list = keys(&mut edge).await;
    assert_eq!(list.id, world.production().to_string());
    assert_eq!(
        (list.project.as_str(), list.environment.as_str()),
        ("shop", "production")
    );
    let hashes: Vec<_> = list.keys.iter().map(|key| key.hash).collect();
    for secret in [world.server_key(), world.client_key()] {
        assert!(hashes.contains(SecretHash::of(secret).as_bytes()));
    }

    let new = NewSdkKey {
        origins: vec!["https://app.example.com".to_owned()],
        ..NewSdkKey::named(SdkKeyKind::Client, "new")
    };
    let created = world.make_key(new).await;
    let list = keys(&mut edge).await;
    let id = created.key.id.to_string();
    let told = list.keys.iter().find(|key| key.id == id).expect("the key");
    assert_eq!(told.origins, ["https://app.example.com"]);
    assert!(!told.is_server);

    let revoke = Command::RevokeSdkKey {
        project: key("shop"),
        environment: key("production"),
        key: created.key.id,
        expected_version: None,
    };
    world
        .storage
        .execute(world.organization, revoke, &by())
        .await
        .expect("revoked");
    assert!(!keys(&mut edge).await.keys.iter().any(|key| key.id == id));

    world.create_flag("last").await;
    assert!(matches!(
        application.frame().await,
        ServerFrame::Delta { .. }
    ));
}

#[tokio::test]
async fn an_edge_hears_of_its_own_key_s_end_before_it_is_closed() {
    let world = World::new().await;
    let (mut edge, _) = world.server_client().await;
    edge.send(&follow(&[])).await;
    assert_eq!(keys(&mut edge).await.keys.len(), 2);
    world.revoke(SdkKeyKind::Server).await;
    let left = keys(&mut edge).await.keys;
    assert_eq!(left.len(), 1);
    assert!(!left[0].is_server);
    assert_eq!(edge.closed().await, 4502);
}

#[tokio::test]
async fn an_edge_that_was_slow_ends_with_the_last_keys_and_the_last_state() {
    let world = World::new().await;
    world.create_flag("a").await;
    world.execute(many_targets()).await;
    let (mut slow, mut slow_replica) = world.server_client().await;
    let (mut quick, mut quick_replica) = world.server_client().await;
    for edge in [&mut slow, &mut quick] {
        edge.send(&follow(&[])).await;
        assert_eq!(keys(edge).await.keys.len(), 2);
    }
    let mut version = slow_replica.version;
    let changes = 100;
    for n in 0..changes {
        version = world.toggle("a", n % 2 == 0).await;
        quick_replica.reach(&mut quick, version).await;
    }
    world
        .make_key(NewSdkKey::named(SdkKeyKind::Client, "new"))
        .await;
    assert_eq!(keys(&mut quick).await.keys.len(), 3);

    let (mut known, mut deltas) = (2, 0);
    while known < 3 || slow_replica.version < version {
        match slow.frame().await {
            ServerFrame::Keys(list) => known = list.keys.len(),
            delta => {
                slow_replica.apply(delta);
                deltas += 1;
            }
        }
    }
    assert_eq!(slow_replica, quick_replica);
    assert!(deltas < changes, "it was slow: {deltas} of {changes}");
}

#[tokio::test]
async fn only_server_keys_receive_keys() {
    let world = World::new().await;
    let (mut browser, _) = world.browser(json!({})).await;
    browser.send(&follow(&[])).await;
    assert_eq!(browser.closed().await, 4500);
}

#[tokio::test]
async fn a_key_that_is_used_at_an_edge_is_noted() {
    let config = HubConfig {
        tenant_idle_timeout: Duration::from_millis(200),
        ..HubConfig::default()
    };
    let world = World::with(config).await;
    let (mut edge, _) = world.server_client().await;
    edge.send(&follow(&[])).await;
    let list = keys(&mut edge).await;
    let client = list.keys.iter().find(|key| !key.is_server).expect("a key");
    edge.send(&follow(std::slice::from_ref(&client.id))).await;
    let used = async || {
        let page = Page::first(10);
        let keys = world
            .storage
            .sdk_keys(world.organization, &key("shop"), &key("production"), &page)
            .await
            .expect("the keys");
        let mut clients = keys
            .items
            .iter()
            .filter(|key| key.kind == SdkKeyKind::Client);
        clients.any(|key| key.last_used_at.is_some())
    };
    world.until("the use is noted", used).await;
}

#[tokio::test]
async fn a_client_inside_a_merged_range_receives_the_whole_range() {
    let edge = Edge::new().await;
    let mut client = edge.greet(SECRET, None).await;
    let mut replica = Replica::default();
    assert_eq!(replica.welcomed(&mut client).await, Mode::Snapshot);
    edge.apply(4, 7, put(&json!({"b": flag(2, true)})));
    replica.reach(&mut client, 7).await;
    edge.apply(7, 8, put(&json!({"a": flag(3, true)})));
    replica.reach(&mut client, 8).await;
    assert_eq!(replica.flags.len(), 2);

    // From a hub that this client was at before.
    for from in [4, 5, 6, 7] {
        let mut moved = edge.greet(SECRET, Some(at(from))).await;
        let mut other = Replica {
            epoch: "e1".to_owned(),
            version: from,
            ..Replica::default()
        };
        assert_eq!(other.welcomed(&mut moved).await, Mode::Delta, "{from}");
        assert_eq!(other.version, 8);
        assert_eq!(other.flags["a"]["version"], 3);
    }
    let mut ahead = edge.greet(SECRET, Some(at(9))).await;
    assert_eq!(
        Replica::default().welcomed(&mut ahead).await,
        Mode::Snapshot
    );
}

#[tokio::test]
async fn a_browser_inside_a_merged_range_receives_a_snapshot() {
    let edge = Edge::new().await;
    let mut present = edge.greet(PUBLIC, None).await;
    Replica::default().welcomed(&mut present).await;
    // At version 5 there may have been a visible flag that is none any more at 6.
    edge.apply(4, 6, put(&json!({"b": flag(2, false)})));
    edge.apply(6, 7, put(&json!({"a": flag(3, true)})));
    let Received::Frame(ServerFrame::Delta { to: 7, .. }) = present.next().await else {
        panic!("a browser hears only of what it sees");
    };
    let mut among = edge.greet(PUBLIC, Some(at(5))).await;
    assert_eq!(
        Replica::default().welcomed(&mut among).await,
        Mode::Snapshot
    );
    let mut before = edge.greet(PUBLIC, Some(at(4))).await;
    assert_eq!(Replica::default().welcomed(&mut before).await, Mode::Delta);
}

#[tokio::test]
async fn another_history_upstream_sends_clients_back_for_a_snapshot() {
    let edge = Edge::new().await;
    let mut client = edge.greet(SECRET, None).await;
    Replica::default().welcomed(&mut client).await;
    let ruleset = serde_json::from_value(json!({"epoch": "e2", "version": 2})).expect("a ruleset");
    edge.mirror.renew(environment(), ruleset);
    assert_eq!(client.closed().await, 4004);
    let mut again = edge.greet(SECRET, Some(at(4))).await;
    let mut replica = Replica::default();
    assert_eq!(replica.welcomed(&mut again).await, Mode::Snapshot);
    assert_eq!((replica.epoch.as_str(), replica.version), ("e2", 2));
}

#[tokio::test]
async fn an_upstream_that_goes_back_within_an_epoch_leaves_nobody_on_another_state() {
    let edge = Edge::new().await;
    for (version, flags) in [
        (3, json!({"a": flag(3, true)})),
        (3, json!({"b": flag(3, true)})),
    ] {
        let resume = edge.mirror.held(environment()).expect("held");
        let mut client = edge.greet(SECRET, None).await;
        let mut before = Replica::default();
        before.welcomed(&mut client).await;
        let ruleset = json!({"epoch": "e1", "version": version, "flags": flags});
        let ruleset: Ruleset = serde_json::from_value(ruleset).expect("a ruleset");
        edge.mirror.renew(environment(), ruleset);
        assert_eq!(client.closed().await, 4004);
        let held = Resume {
            epoch: before.epoch,
            version: before.version,
        };
        let mut again = edge.greet(SECRET, Some(held)).await;
        let mut replica = Replica::default();
        assert_eq!(replica.welcomed(&mut again).await, Mode::Snapshot);
        assert_eq!(replica.version, version);
        let upstream = edge.mirror.held(environment()).expect("held");
        assert_eq!(
            upstream.epoch, resume.epoch,
            "it resumes in the upstream's epoch"
        );
        edge.apply(version, version + 1, put(&json!({"c": flag(1, true)})));
    }
}

#[tokio::test]
async fn a_key_that_goes_upstream_closes_its_sockets_here() {
    let edge = Edge::new().await;
    let mut browser = edge.greet(PUBLIC, None).await;
    Replica::default().welcomed(&mut browser).await;
    edge.set_keys(false);
    assert_eq!(browser.closed().await, 4502);
    for stale in [false, true] {
        edge.mirror.set_stale(stale);
        let mut again = edge.greet(PUBLIC, None).await;
        assert_eq!(again.closed().await, 4502, "stale: {stale}");
    }
}

#[tokio::test]
async fn an_unknown_key_is_not_reported_invalid_while_the_upstream_is_down() {
    let edge = Edge::new().await;
    edge.mirror.set_stale(true);
    let mut early = edge.greet("pbs_made_upstream_since", None).await;
    assert_eq!(early.closed().await, 1013);
    edge.mirror.set_stale(false);
    let mut late = edge.greet("pbs_of_nobody", None).await;
    assert_eq!(late.closed().await, 4501);
}

#[tokio::test]
async fn a_hub_over_a_mirror_changes_nothing() {
    let edge = Edge::new().await;
    let tenant = Mirror::tenant_of(environment());
    let command = super::world::create_flag("new", true);
    let refused = edge.hub.execute(tenant, command, by()).await;
    assert!(matches!(refused, Err(crate::Error::ReadOnly)));
}

#[tokio::test]
async fn an_edge_keeps_what_its_applications_report_and_only_what_they_may() {
    let edge = Edge::new().await;
    edge.apply(4, 5, put(&json!({"hidden": flag(1, false)})));
    let mut server = edge.greet(SECRET, None).await;
    let mut replica = Replica::default();
    replica.welcomed(&mut server).await;
    replica.reach(&mut server, 5).await;
    let mut browser = edge.greet(PUBLIC, None).await;
    while !matches!(browser.frame().await, ServerFrame::Snapshot { .. }) {}
    let batch = json!({"id": "b-1", "counts": [
        ["a", 1, "on", "STATIC", 2], ["hidden", 1, "on", "STATIC", 4], ["unknown", 1, "on", "STATIC", 8],
    ]});
    for _ in 0..2 {
        let batch = Encoded::of_json(&batch);
        browser.send(&ClientFrame::Events { batch }).await;
        let ServerFrame::Ack { batch } = browser.frame().await else {
            panic!("it was not acknowledged")
        };
        assert_eq!(batch, "b-1");
    }
    let now = OffsetDateTime::now_utc();
    let upload = edge.spool.oldest(environment(), now).await.expect("read");
    let batches = upload.expect("usage").batches;
    let counts: Vec<_> = batches.iter().flat_map(|batch| &batch.counts).collect();
    assert_eq!(
        serde_json::to_value(counts).expect("JSON"),
        json!([["a", 1, "on", "STATIC", 2]])
    );
}

#[tokio::test]
async fn an_edge_may_send_more_batches_than_an_application() {
    let world = World::new().await;
    let (mut edge, _) = world.server_client().await;
    edge.send(&follow(&[])).await;
    keys(&mut edge).await;
    for n in 0..60 {
        let batch = Encoded::of_json(&json!({"id": format!("b-{n}")}));
        edge.send(&ClientFrame::Events { batch }).await;
        assert!(matches!(edge.frame().await, ServerFrame::Ack { .. }), "{n}");
    }
}

#[tokio::test]
async fn what_an_edge_wrote_is_restored_by_any_of_its_keys() {
    let folder = TempDir::new().expect("a folder");
    let edge = Edge::new().await;
    let config = HubConfig {
        snapshots: Some(folder.path().to_owned()),
        ..HubConfig::default()
    };
    let hub = Hub::start_edge(config, edge.mirror.clone(), spool_in(&folder).await)
        .await
        .expect("an edge");
    let tenant = Mirror::tenant_of(environment());
    hub.environment(tenant, environment()).await.expect("here");
    hub.stop().await;

    let mirror = Mirror::new(10, folder.path().to_owned());
    let unknown = SecretHash::of("pbs_other");
    assert_eq!(mirror.restore(unknown).await, None);
    for secret in [SECRET, PUBLIC] {
        let restored = mirror.restore(SecretHash::of(secret)).await;
        assert_eq!(restored, Some(environment()));
    }
    assert_eq!(mirror.held(environment()), Some(at(4)));

    mirror.forget(environment()).await;
    assert!(!mirror.holds(environment()));
    let again = Mirror::new(10, folder.path().to_owned());
    let restored = again.restore(SecretHash::of(SECRET)).await;
    assert_eq!(restored, None);
}

#[test]
fn a_delta_is_applied_only_from_the_version_held() {
    let mirror = Mirror::new(10, PathBuf::from("unused"));
    let ruleset = Ruleset {
        version: 4,
        ..Ruleset::default()
    };
    mirror.replace(environment(), &key("shop"), &key("production"), ruleset);
    for (from, to, applies) in [(3, 5, false), (5, 6, false), (4, 4, false), (4, 5, true)] {
        assert_eq!(
            mirror.apply(environment(), from, to, 1, Changes::default()),
            applies,
            "{from} to {to}"
        );
    }
}

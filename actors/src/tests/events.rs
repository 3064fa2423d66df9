//! Batches of events: counted once, acknowledged when durable.

use peekaboo_flags::bucket;
use peekaboo_flags::model::{Serve, Split};
use peekaboo_protocol::{ClientFrame, Encoded, ServerFrame};
use peekaboo_storage::{
    Command, FlagPatch, TargetingPatch, UsageBucket, UsagePeriod, UsageResolution,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::client::Client;
use super::world::{World, create_flag, key};

/// An EVENTS message with whatever it is given.
fn events(batch: &Value) -> ClientFrame {
    ClientFrame::Events {
        batch: Encoded::of_json(batch),
    }
}

async fn send(client: &mut Client, batch: Value) {
    client.send(&events(&batch)).await;
}

async fn acknowledged(client: &mut Client) -> String {
    match client.frame().await {
        ServerFrame::Ack { batch } => batch,
        other => panic!("an ACK was expected, not {other:?}"),
    }
}

async fn used(world: &World, flag: &str) -> Vec<UsageBucket> {
    let now = OffsetDateTime::now_utc();
    let period = UsagePeriod {
        from: now - Duration::hours(2),
        to: now + Duration::hours(1),
        resolution: UsageResolution::Hour,
    };
    let usage = world
        .storage
        .flag_usage(world.production(), &key(flag), &period)
        .await;
    usage.expect("read").buckets
}

#[tokio::test]
async fn an_acknowledged_batch_is_in_the_database_and_counts_once() {
    let world = World::new().await;
    world.create_flag("banner").await;
    let (mut server, _) = world.server_client().await;
    let batch = json!({"id": "b-1", "counts": [["banner", 1, "on", "SPLIT", 12]]});
    for _ in 0..2 {
        send(&mut server, batch.clone()).await;
        assert_eq!(acknowledged(&mut server).await, "b-1");
    }
    let used = used(&world, "banner").await;
    assert_eq!(used.len(), 1);
    assert_eq!((used[0].flag_version, used[0].count), (Some(1), 12));
}

#[tokio::test]
async fn a_client_key_counts_only_what_it_sees() {
    let world = World::new().await;
    world.create_flag("banner").await;
    world.execute(create_flag("hidden", false)).await;
    let (mut browser, _) = world.browser(json!({})).await;
    let counts = json!([
        ["banner", 1, "on", "made up", 1],
        ["banner", 1, "made-up", "STATIC", 2],
        ["hidden", 1, "on", "STATIC", 4],
        ["made-up", null, null, "ERROR", 8]
    ]);
    send(&mut browser, json!({"id": "b-1", "counts": counts})).await;
    acknowledged(&mut browser).await;
    for unknown in ["hidden", "made-up"] {
        assert_eq!(used(&world, unknown).await, []);
    }
    let used = used(&world, "banner").await;
    assert_eq!(used.len(), 1);
    assert_eq!((used[0].reason.as_str(), used[0].count), ("UNKNOWN", 1));
}

#[tokio::test]
async fn an_invalid_batch_is_refused_with_a_reason_and_the_stream_continues() {
    let world = World::new().await;
    let (mut server, _) = world.server_client().await;
    for wrong in [
        json!({}),
        json!(7),
        json!({"id": ""}),
        json!({"id": "a\u{0}"}),
        json!({"id": "b", "events": [{"event": "", "ageMillis": 0}]}),
        json!({"id": "b", "counts": [["banner", 1, "on", "SPLIT", 1_000_000_000_000_u64]]}),
    ] {
        send(&mut server, wrong.clone()).await;
        let ServerFrame::Error {
            code, temporary, ..
        } = server.frame().await
        else {
            panic!("an error was expected for {wrong}")
        };
        assert_eq!((code.as_str(), temporary), ("events_invalid", false));
    }
    send(&mut server, json!({"id": "b"})).await;
    assert_eq!(acknowledged(&mut server).await, "b");
}

#[tokio::test]
async fn a_batch_that_comes_without_a_socket_is_durable_when_it_is_answered() {
    let world = World::new().await;
    world.create_flag("banner").await;
    let access = world
        .hub
        .access(world.server_key(), None)
        .await
        .expect("it opens");
    let batch = json!({"id": "b-1", "counts": [["banner", 1, "on", "SPLIT", 5]]});
    let batch: peekaboo_protocol::Batch = serde_json::from_value(batch).expect("a batch");
    access.record(batch.clone()).await.expect("counted");
    access.record(batch).await.expect("known");
    assert_eq!(used(&world, "banner").await[0].count, 5);
}

#[tokio::test]
async fn what_was_taken_is_written_before_a_hub_ends() {
    let world = World::new().await;
    world.create_flag("banner").await;
    let (mut server, _) = world.server_client().await;
    let batch = json!({"id": "b-1", "counts": [["banner", 1, "on", "SPLIT", 3]]});
    send(&mut server, batch).await;
    acknowledged(&mut server).await;
    world.hub.drain(std::time::Duration::ZERO).await;
    assert_eq!(used(&world, "banner").await[0].count, 3);
}

#[tokio::test]
async fn exposures_count_of_flags_that_are_tracked_which_a_browser_cannot_know() {
    let world = World::new().await;
    for flag in ["plain", "tracked"] {
        world.create_flag(flag).await;
    }
    let track = Command::UpdateFlag {
        project: key("shop"),
        flag: key("tracked"),
        patch: FlagPatch {
            track: Some(true),
            ..FlagPatch::default()
        },
        expected_version: None,
    };
    world.execute(track).await;
    let (mut browser, _) = world.browser(json!({"targetingKey": "user-1"})).await;
    let exposure = |flag: &str| {
        json!({
            "flag": flag, "flagVersion": 1, "variation": "on", "targetingKey": "user-1", "ageMillis": 1000,
        })
    };
    let exposures = [exposure("plain"), exposure("tracked")];
    send(&mut browser, json!({"id": "b-1", "exposures": exposures})).await;
    acknowledged(&mut browser).await;
    let now = OffsetDateTime::now_utc();
    let (from, to) = (now - Duration::hours(1), now + Duration::hours(1));
    for (flag, exposed) in [("plain", vec![]), ("tracked", vec![1])] {
        let impact = world
            .storage
            .impact(world.production(), &key(flag), "any", from, to)
            .await;
        let impact = impact.expect("read");
        let told: Vec<_> = impact.iter().map(|variation| variation.exposed).collect();
        assert_eq!(told, exposed, "{flag}");
    }
}

#[tokio::test]
async fn an_exposure_that_contradicts_the_rules_of_its_version_is_dropped() {
    let world = World::new().await;
    world.create_flag("tracked").await;
    let split = Split {
        by: "targetingKey".to_owned(),
        seed: Some("seed".to_owned()),
        weights: vec![("on".to_owned(), 50_000), ("off".to_owned(), 50_000)],
    };
    for command in [
        Command::UpdateFlag {
            project: key("shop"),
            flag: key("tracked"),
            patch: FlagPatch {
                track: Some(true),
                ..FlagPatch::default()
            },
            expected_version: None,
        },
        Command::UpdateTargeting {
            project: key("shop"),
            environment: key("production"),
            flag: key("tracked"),
            patch: TargetingPatch {
                enabled: Some(true),
                fallthrough: Some(Serve::Split(split)),
                ..TargetingPatch::default()
            },
            expected_version: None,
        },
    ] {
        world.execute(command).await;
    }
    let access = world.hub.access(world.server_key(), None).await;
    let snapshot = access.expect("it opens").snapshot();
    let flag = snapshot.ruleset.flag("tracked").expect("a flag");
    let version = flag.version().expect("a version");
    let (assigned, other) = match bucket("seed", "ada") {
        0..50_000 => ("on", "off"),
        _ => ("off", "on"),
    };
    let exposure = |variation: &str, version: u64, rule: Option<&str>| {
        json!({
            "flag": "tracked", "flagVersion": version, "variation": variation, "targetingKey": "ada", "ageMillis": 0,
            "reason": "SPLIT", "rule": rule,
        })
    };
    let (mut server, _) = world.server_client().await;
    let wrong = [
        exposure(other, version, None),
        exposure(assigned, version, Some("a-rule-that-does-not-exist")),
    ];
    let now = OffsetDateTime::now_utc();
    let (from, to) = (now - Duration::hours(1), now + Duration::hours(1));
    for (id, exposures, exposed) in [
        ("wrong", wrong.to_vec(), 0),
        ("right", vec![exposure(assigned, version, None)], 1),
        // What an older version assigned is not known any more.
        ("older", vec![exposure(other, version - 1, None)], 2),
    ] {
        send(&mut server, json!({"id": id, "exposures": exposures})).await;
        acknowledged(&mut server).await;
        let impact = world
            .storage
            .impact(world.production(), &key("tracked"), "any", from, to)
            .await;
        let impact = impact.expect("read");
        let told: i64 = impact.iter().map(|variation| variation.exposed).sum();
        assert_eq!(told, exposed, "{id}");
    }
}

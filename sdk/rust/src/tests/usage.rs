//! What the hub receives about reads.

use std::time::Duration;

use peekaboo_protocol::{Batch, ClientFrame, Count, MAX_CLIENT_MESSAGE};
use serde_json::json;
use tokio::time::{Instant, advance};

use super::rig::{KEY, Rig, Socket, by_country, flag, swede};
use crate::{Client, Context, Status};

async fn batch(socket: &mut Socket) -> Batch {
    match socket.next().await {
        frame @ ClientFrame::Events { .. } => {
            assert!(frame.encode().len() <= MAX_CLIENT_MESSAGE);
            let ClientFrame::Events { batch } = frame else {
                unreachable!()
            };
            Batch::decode(&batch).expect("a batch")
        }
        other => panic!("{other:?} is not a batch"),
    }
}

async fn acknowledge(socket: &mut Socket, batch: &Batch) {
    socket.say_json(&json!([19, batch.id])).await;
}

fn count(
    flag: &str,
    version: Option<u64>,
    variation: Option<&str>,
    reason: &str,
    times: u64,
) -> Count {
    Count(
        flag.to_owned(),
        version,
        variation.map(str::to_owned),
        reason.to_owned(),
        times,
    )
}

#[tokio::test(start_paused = true)]
async fn evaluations_are_counted_and_sent_about_every_ten_seconds() {
    let flags = json!({"a": by_country(true, false), "b": flag("text")});
    let (rig, mut socket) = Rig::live(Client::builder(KEY), flags).await;
    let began = Instant::now();
    let a = rig.client.flag("a", false);
    for _ in 0..3 {
        assert!(a.get(&swede()));
        assert!(!rig.client.bool("a", &Context::default(), true));
    }
    rig.client.bool("b", &swede(), true);
    rig.client.bool("gone", &swede(), true);
    rig.client.flag("gone", 1).get(&swede());
    rig.client.all_flags(&swede());

    let first = batch(&mut socket).await;
    let waited = began.elapsed().as_secs_f64();
    assert!((8.0..=12.01).contains(&waited), "{waited}");
    let mut counts = first.counts.clone();
    counts.sort_by(|a, b| (&a.0, &a.2, a.4).cmp(&(&b.0, &b.2, b.4)));
    assert_eq!(
        counts,
        [
            count("a", Some(1), Some("v"), "DEFAULT", 3),
            count("a", Some(1), Some("w"), "TARGETING_MATCH", 3),
            count("b", Some(1), None, "ERROR", 1),
            count("gone", None, None, "ERROR", 1),
            count("gone", None, None, "ERROR", 1),
        ]
    );

    a.get(&swede());
    assert_eq!(
        batch(&mut socket).await,
        first,
        "again, until it is acknowledged"
    );
    acknowledge(&mut socket, &first).await;
    let second = batch(&mut socket).await;
    assert_ne!(second.id, first.id);
    assert_eq!(
        second.counts,
        [count("a", Some(1), Some("w"), "TARGETING_MATCH", 1)]
    );
    acknowledge(&mut socket, &second).await;
    advance(Duration::from_mins(1)).await;
    socket.listen().await;
    assert_eq!(socket.take(), None, "nothing happened");
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_sent_again_at_once_by_another_connection() {
    let (mut rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    rig.client.number("a", &swede(), 0.0);
    let first = batch(&mut socket).await;
    socket.close(1006).await;
    let mut socket = rig.accept().await;
    let welcomed = Instant::now();
    socket.greet(json!({"a": flag(1)})).await;
    assert_eq!(batch(&mut socket).await, first);
    assert_eq!(welcomed.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn counts_of_replaced_rules_are_sent_too() {
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    rig.client.number("a", &swede(), 0.0);
    let mut next = flag(2);
    next["version"] = json!(2);
    socket.put(2, json!({"a": next})).await;
    rig.client.number("a", &swede(), 0.0);
    socket
        .say_json(&json!([18, 2, 3, 1, {}, ["a"], {}, []]))
        .await;
    let counts = batch(&mut socket).await.counts;
    assert_eq!(
        counts,
        [
            count("a", Some(1), Some("v"), "STATIC", 1),
            count("a", Some(2), Some("v"), "STATIC", 1),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn exposures_of_tracked_flags_and_events_tell_how_long_ago_they_were() {
    let mut tracked = flag(true);
    tracked["track"] = json!(true);
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": tracked})).await;
    rig.client.track("purchase", &swede(), 12.5);
    rig.client.track("visit", &Context::default(), None);
    rig.client.track("odd", &Context::default(), f64::NAN);
    advance(Duration::from_millis(1_500)).await;
    rig.client.bool("a", &swede(), false);
    rig.client.flag("a", false).get(&swede());
    rig.client.bool("a", &Context::default(), false);
    advance(Duration::from_millis(500)).await;
    rig.client.close().await;
    let told = serde_json::to_value(batch(&mut socket).await).expect("JSON");
    assert_eq!(told["counts"], json!([["a", 1, "v", "STATIC", 3]]));
    assert_eq!(
        told["exposures"],
        json!([{"flag": "a", "flagVersion": 1, "variation": "v", "targetingKey": "user-1", "ageMillis": 500,
                "reason": "STATIC"}])
    );
    assert_eq!(
        told["events"],
        json!([
            {"event": "purchase", "value": 12.5, "targetingKey": "user-1", "ageMillis": 2000},
            {"event": "visit", "ageMillis": 2000},
            {"event": "odd", "ageMillis": 2000},
        ])
    );
}

#[tokio::test(start_paused = true)]
async fn an_exposure_stands_for_those_like_it_for_a_minute() {
    let mut tracked = flag(true);
    tracked["track"] = json!(true);
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": tracked})).await;
    let mut exposures = 0;
    for _ in 0..13 {
        rig.client.bool("a", &swede(), false);
        let told = batch(&mut socket).await;
        exposures += told.exposures.len();
        acknowledge(&mut socket, &told).await;
    }
    assert!(
        (2..=3).contains(&exposures),
        "{exposures} in about two minutes"
    );
}

#[tokio::test(start_paused = true)]
async fn what_has_no_room_in_a_message_follows_and_what_has_none_at_all_is_a_number() {
    let flags: serde_json::Map<_, _> = (0..1_500)
        .map(|index| {
            (
                format!("flag-with-a-name-of-some-length-{index}"),
                flag(true),
            )
        })
        .collect();
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!(flags)).await;
    for key in flags.keys() {
        rig.client.bool(key, &swede(), false);
    }
    for index in 0..2_010 {
        rig.client
            .bool(&format!("unknown-{index}"), &swede(), false);
    }
    for index in 0..1_020 {
        rig.client.track(&format!("event-{index}"), &swede(), None);
    }
    rig.client.track(&"e".repeat(4_096), &swede(), None);
    rig.client.bool(&"f".repeat(4_096), &swede(), false);
    let (mut counts, mut events, mut dropped) = (0, 0, 0);
    // Those behind the first come as soon as the one before is acknowledged.
    let first = batch(&mut socket).await;
    let began = Instant::now();
    let mut told = first;
    loop {
        counts += told.counts.len();
        events += told.events.len();
        dropped += told.dropped;
        if counts == 3_500 && events == 1_000 {
            break;
        }
        acknowledge(&mut socket, &told).await;
        told = batch(&mut socket).await;
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(dropped, 10 + 20 + 2);
}

#[tokio::test(start_paused = true)]
async fn closing_sends_the_remaining_usage_and_waits_for_the_acknowledgment() {
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    rig.client.number("a", &swede(), 0.0);
    let client = rig.client.clone();
    let closing = tokio::spawn(async move { client.close().await });
    let told = batch(&mut socket).await;
    assert_eq!(told.counts.len(), 1);
    assert_eq!(rig.client.status(), Status::Live);
    rig.client.number("a", &swede(), 0.0);
    acknowledge(&mut socket, &told).await;
    let rest = batch(&mut socket).await;
    acknowledge(&mut socket, &rest).await;
    closing.await.expect("closed");
    assert_eq!(rig.client.status(), Status::Closed);
    assert!(
        (rig.client.number("a", &swede(), 0.0) - 1.0).abs() < f64::EPSILON,
        "still readable"
    );
}

#[tokio::test(start_paused = true)]
async fn closing_waits_at_most_two_seconds_and_not_without_a_hub() {
    let (rig, _socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    rig.client.number("a", &swede(), 0.0);
    let began = Instant::now();
    rig.client.close().await;
    assert_eq!(began.elapsed(), Duration::from_secs(2));

    let rig = Rig::start(Client::builder(KEY));
    rig.client.number("a", &swede(), 0.0);
    let began = Instant::now();
    rig.client.close().await;
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_takes_no_events_is_sent_none_until_the_next_connection() {
    let (mut rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    rig.client.number("a", &swede(), 0.0);
    let told = batch(&mut socket).await;
    let refusal = json!([20, "events_unsupported", "this hub takes no events", false]);
    socket.say_json(&refusal).await;
    socket.put(2, json!({"b": flag(1)})).await;
    advance(Duration::from_mins(2)).await;
    socket.listen().await;
    assert_eq!(socket.take(), None);
    socket.close(1006).await;
    let mut socket = rig.accept().await;
    socket.greet(json!({"a": flag(1)})).await;
    assert_eq!(batch(&mut socket).await, told);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_can_never_be_counted_is_given_up() {
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    rig.client.number("a", &swede(), 0.0);
    let first = batch(&mut socket).await;
    socket
        .say_json(&json!([20, "events_invalid", "a count is odd", false]))
        .await;
    rig.client.number("a", &swede(), 0.0);
    let second = batch(&mut socket).await;
    assert_ne!(second.id, first.id);
    assert_eq!(second.counts, [count("a", Some(1), Some("v"), "STATIC", 1)]);
}

#[tokio::test(start_paused = true)]
async fn who_wants_no_usage_sends_none() {
    let mut tracked = flag(true);
    tracked["track"] = json!(true);
    let (rig, mut socket) =
        Rig::live(Client::builder(KEY).usage(false), json!({"a": tracked})).await;
    rig.client.bool("a", &swede(), false);
    rig.client.bool("gone", &swede(), false);
    rig.client.track("purchase", &swede(), 1.0);
    advance(Duration::from_mins(1)).await;
    socket.listen().await;
    assert_eq!(socket.take(), None);
    let began = Instant::now();
    rig.client.close().await;
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn without_a_receiver_counts_of_deleted_flags_are_bounded() {
    let (rig, mut socket) = Rig::live(Client::builder(KEY), json!({"a": flag(1)})).await;
    let refusal = json!([20, "events_unsupported", "this hub takes no events", false]);
    socket.say_json(&refusal).await;
    for version in 2..2_102 {
        rig.client.number("a", &swede(), 0.0);
        let mut next = flag(version);
        next["version"] = json!(version);
        socket.put(version, json!({"a": next})).await;
    }
    assert_eq!(rig.client.shared().usage.places(), 2_001);
    let mut told = rig.client.shared().usage.next().expect("a batch");
    let mut counted = 0;
    let dropped = told.dropped;
    loop {
        counted += told.counts.iter().map(|count| count.4).sum::<u64>();
        rig.client.shared().usage.acknowledge(&told.id);
        match rig.client.shared().usage.next() {
            Some(next) => told = next,
            None => break,
        }
    }
    assert_eq!(dropped + counted, 2_100);
    assert!(dropped > 0);
}

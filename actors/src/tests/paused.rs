//! What happens because time passes, on paused time: a hub over a mirror, which waits for no database.

use std::sync::atomic::Ordering;
use std::time::Duration;

use peekaboo_protocol::{Batch, CloseCode};
use peekaboo_storage::{KeyRecord, SdkKeyKind, SecretHash};
use serde_json::json;
use time::OffsetDateTime;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::edge::{Edge, SECRET, at, environment, flag, put, record};
use super::world::key;
use crate::ingest::POISON;
use crate::live::TenantMessage;
use crate::{HubConfig, Mirror, Notice};

fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

/// The version that is served, once every task has done what it can.
async fn served(edge: &Edge) -> u64 {
    sleep(Duration::from_millis(1)).await;
    let tenant = edge.tenant().await;
    let environment = tenant.environment(environment()).expect("the environment");
    environment.snapshot().version
}

#[tokio::test(start_paused = true)]
async fn an_unused_tenant_leaves_memory_and_comes_back() {
    let edge = Edge::new().await;
    assert_eq!(served(&edge).await, 4);
    let idle = HubConfig::default().tenant_idle_timeout;
    sleep(idle.saturating_sub(minutes(1))).await;
    assert!(edge.hub.serves(environment()));
    sleep(minutes(2)).await;
    assert!(!edge.hub.serves(environment()));
    assert_eq!(served(&edge).await, 4);
    assert!(edge.hub.serves(environment()));
}

#[tokio::test(start_paused = true)]
async fn a_tenant_stays_in_memory_while_it_has_a_follower() {
    let edge = Edge::new().await;
    let follower = edge.access().await.follow(None).expect("a place");
    sleep(minutes(60)).await;
    assert!(edge.hub.serves(environment()));
    drop(follower);
    sleep(minutes(1)).await;
    assert!(!edge.hub.serves(environment()));
}

#[tokio::test(start_paused = true)]
async fn a_tenant_that_fails_again_within_a_second_is_started_again_after_it() {
    let edge = Edge::new().await;
    let tenant = edge.tenant().await;
    let recovers = async || {
        let began = Instant::now();
        assert!(tenant.handle.tell(TenantMessage::Poison));
        sleep(Duration::from_millis(1)).await;
        while tenant.handle.refresh().await.is_err() {
            sleep(Duration::from_millis(1)).await;
        }
        began.elapsed()
    };
    sleep(minutes(1)).await;
    let soon = Duration::from_millis(10);
    let first = recovers().await;
    assert!(first < soon, "{first:?}");
    let second = recovers().await;
    let pause = Duration::from_secs(1);
    assert!((pause..pause + soon).contains(&second), "{second:?}");
}

#[tokio::test(start_paused = true)]
async fn a_feed_that_panics_is_started_again_and_misses_nothing() {
    let edge = Edge::new().await;
    assert_eq!(served(&edge).await, 4);
    // Once at once, because it ran for long, and once after a second.
    sleep(minutes(1)).await;
    for (to, waits) in [(5, Duration::ZERO), (6, Duration::from_secs(1))] {
        let poison = &edge.hub.directory().registry.poison;
        poison.store(true, Ordering::Relaxed);
        edge.apply(to - 1, to, put(&json!({"a": flag(to, true)})));
        let waiting = Instant::now();
        while served(&edge).await < to {}
        assert!(!poison.load(Ordering::Relaxed), "it panicked");
        let waited = waiting.elapsed();
        let soon = Duration::from_millis(10);
        assert!((waits..waits + soon).contains(&waited), "{waited:?}");
    }
    edge.apply(6, 7, put(&json!({"a": flag(7, true)})));
    assert_eq!(served(&edge).await, 7, "it listens");
}

#[tokio::test(start_paused = true)]
async fn a_writer_of_events_that_panics_is_started_again_and_acknowledges_nothing_of_that() {
    let edge = Edge::new().await;
    let access = edge.access().await;
    let record = async |id: &str| {
        let batch = Batch {
            id: id.to_owned(),
            ..Batch::default()
        };
        access.record(batch).await
    };
    assert!(record("b-1").await.is_ok());
    assert!(record(POISON).await.is_err());
    assert!(record("b-2").await.is_ok());
    edge.hub.drain(Duration::ZERO).await;
    assert!(record("b-3").await.is_err(), "it still ends when asked to");
}

#[tokio::test(start_paused = true)]
async fn followers_leave_a_draining_hub_spread_over_the_window() {
    let edge = Edge::new().await;
    let access = edge.access().await;
    let window = minutes(10);
    let began = Instant::now();
    let followers: JoinSet<_> = (0..100)
        .map(|_| {
            let mut follower = access.follow(None).expect("a place");
            async move {
                let Some(Notice::GoAway(after)) = follower.next().await else {
                    panic!("it was not sent away");
                };
                let (least, most) = HubConfig::default().reconnect_after;
                assert!((least..=most).contains(&after), "{after:?}");
                let left = began.elapsed();
                assert_eq!(follower.next().await, None);
                left
            }
        })
        .collect();
    edge.hub.drain(window).await;
    let took = began.elapsed();
    assert!(took <= window + Duration::from_millis(1), "{took:?}");
    let mut left = followers.join_all().await;
    left.sort_unstable();
    // Of a hundred at random times, some in each quarter.
    for (followers, end) in left.chunks(25).zip([1, 2, 3, 4]) {
        let expected = window * end / 4;
        let last = followers[followers.len() - 1];
        assert!(last.abs_diff(expected) < window / 4, "{last:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_waits_a_second_and_a_half_for_a_version_that_does_not_come() {
    let edge = Edge::new().await;
    let access = edge.access().await;
    let began = Instant::now();
    let fifth = at(5);
    access.reach(&fifth).await;
    assert_eq!(began.elapsed(), Duration::from_millis(1_500));
    let ((), ()) = tokio::join!(access.reach(&fifth), async {
        sleep(Duration::from_secs(1)).await;
        edge.apply(4, 5, put(&json!({"a": flag(2, true)})));
    });
    assert_eq!(access.snapshot().version, 5);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_does_not_exist_is_looked_up_again_after_two_seconds() {
    let edge = Edge::new().await;
    let keys = &edge.hub.directory().registry.keys;
    let unknown = SecretHash::of("pbs_of_nobody");
    assert!(edge.hub.access("pbs_of_nobody", None).await.is_err());
    assert_eq!(keys.refusal(&unknown), Some(CloseCode::InvalidKey));
    sleep(Duration::from_millis(1_999)).await;
    assert_eq!(keys.refusal(&unknown), Some(CloseCode::InvalidKey));
    sleep(Duration::from_millis(1)).await;
    assert_eq!(keys.refusal(&unknown), None);
}

#[tokio::test(start_paused = true)]
async fn a_lookup_that_takes_too_long_is_given_up() {
    let edge = Edge::new().await;
    let _held = edge.hub.directory().hold_lookups().await;
    let began = Instant::now();
    let refused = edge.hub.access("pbs_anybody", None).await.err();
    assert_eq!(refused, Some(CloseCode::Unavailable));
    let timeout = HubConfig::default().lookup_timeout;
    let late = began.elapsed().saturating_sub(timeout);
    assert!(began.elapsed() >= timeout && late < Duration::from_millis(10));
}

/// The wall clock of a hub on paused time.
fn clock() -> OffsetDateTime {
    thread_local! {
        static START: Instant = Instant::now();
    }
    OffsetDateTime::UNIX_EPOCH + START.with(Instant::elapsed)
}

#[tokio::test(start_paused = true)]
async fn followers_are_notified_the_moment_that_the_key_expires() {
    clock();
    let edge = Edge::with(HubConfig {
        clock,
        ..HubConfig::default()
    })
    .await;
    let lasts = minutes(90);
    let key_record = KeyRecord {
        expires_at: Some(clock() + lasts),
        ..record(SdkKeyKind::Server, SECRET)
    };
    let (project, name) = (key("shop"), key("production"));
    edge.mirror
        .set_keys(environment(), &project, &name, vec![key_record]);
    let began = Instant::now();
    let mut follower = edge.access().await.follow(None).expect("a place");
    assert_eq!(follower.next().await, Some(Notice::KeyDied));
    let late = began.elapsed().saturating_sub(lasts);
    assert!(began.elapsed() >= lasts && late < Duration::from_millis(10));
    assert!(edge.hub.access(SECRET, None).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn the_use_of_a_key_is_noted_within_half_a_minute() {
    let edge = Edge::new().await;
    let access = edge.access().await;
    assert!(edge.mirror.take_used(environment()).is_empty());
    sleep(Duration::from_secs(31)).await;
    assert_eq!(edge.mirror.take_used(environment()), [access.key()]);
    let tenant = Mirror::tenant_of(environment());
    assert_eq!(access.organization(), tenant);
}

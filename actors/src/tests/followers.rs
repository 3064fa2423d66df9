//! Those who are told by HTTP that something changed.

use std::time::Duration;

use peekaboo_protocol::Resume;
use peekaboo_storage::SdkKeyKind;
use tokio::time::timeout;

use super::client::DEADLINE;
use super::world::{World, create_flag};
use crate::{Access, Follower, HubConfig, Notice};

async fn access(world: &World, kind: SdkKeyKind) -> Access {
    let access = world.hub.access(world.secret(kind), None).await;
    access.expect("a key that is good")
}

async fn next(follower: &mut Follower) -> Option<Notice> {
    let next = timeout(DEADLINE, follower.next()).await;
    next.expect("a notice, or the end, in time")
}

fn version(notice: Option<Notice>) -> Resume {
    match notice {
        Some(Notice::Changed { version, .. }) => version,
        other => panic!("{other:?} is not a change"),
    }
}

#[tokio::test]
async fn a_follower_hears_of_a_change_once_and_of_many_as_one() {
    let world = World::new().await;
    world.create_flag("checkout").await;
    let access = access(&world, SdkKeyKind::Server).await;
    let mut follower = access.follow(None).expect("a place");
    let reached = world.toggle("checkout", true).await;
    assert_eq!(version(next(&mut follower).await).version, reached);
    world.toggle("checkout", false).await;
    let reached = world.toggle("checkout", true).await;
    assert_eq!(version(next(&mut follower).await).version, reached);
    assert_eq!(follower.told().version, reached);
}

#[tokio::test]
async fn a_follower_that_comes_back_hears_at_once_whether_it_missed_something() {
    let world = World::new().await;
    world.create_flag("checkout").await;
    let access = access(&world, SdkKeyKind::Client).await;
    let held = access.follow(None).expect("a place").told().clone();
    let reached = world.toggle("checkout", true).await;
    let mut follower = access.follow(Some(held.clone())).expect("a place");
    assert_eq!(version(next(&mut follower).await).version, reached);

    let elsewhere = Resume {
        epoch: "another history".to_owned(),
        ..held
    };
    let mut follower = access.follow(Some(elsewhere)).expect("a place");
    assert_eq!(version(next(&mut follower).await).version, reached);
}

#[tokio::test]
async fn a_page_hears_nothing_of_what_it_cannot_see() {
    let world = World::new().await;
    world.create_flag("shown").await;
    let page = access(&world, SdkKeyKind::Client).await;
    let server = access(&world, SdkKeyKind::Server).await;
    let mut page = page.follow(None).expect("a place");
    let mut server = server.follow(None).expect("a place");
    world.execute(create_flag("hidden", false)).await;
    let hidden = world.toggle("hidden", true).await;
    let server_hears = version(next(&mut server).await).version;
    assert!(server_hears <= hidden);
    let shown = world.toggle("shown", true).await;
    // The first that it hears of at all.
    assert_eq!(version(next(&mut page).await).version, shown);
}

#[tokio::test]
async fn a_follower_ends_with_its_key() {
    let world = World::new().await;
    let access = access(&world, SdkKeyKind::Client).await;
    let mut follower = access.follow(None).expect("a place");
    let revoking = async {
        // Only once it waits.
        tokio::task::yield_now().await;
        world.revoke(SdkKeyKind::Client).await;
    };
    let (last, ()) = tokio::join!(next(&mut follower), revoking);
    assert_eq!(last, Some(Notice::KeyDied));
    assert_eq!(next(&mut follower).await, None);
    assert!(access.follow(None).is_err());
}

#[tokio::test]
async fn followers_are_counted_among_the_connections_and_limited_with_them() {
    let world = World::with(HubConfig {
        max_connections_per_key: 1,
        ..HubConfig::default()
    })
    .await;
    let access = access(&world, SdkKeyKind::Client).await;
    let follower = access.follow(None).expect("a place");
    assert!(access.follow(None).is_err());
    let counts = world.hub.connections(world.production());
    assert_eq!((counts.client, &*counts.sdks[0].0), (1, "ofrep"));
    drop(follower);
    assert!(access.follow(None).is_ok());
}

#[tokio::test]
async fn a_ticket_opens_what_its_key_does_on_any_node_and_no_longer_than_it() {
    let world = World::new().await;
    let ticket = access(&world, SdkKeyKind::Server).await.ticket();
    let beside = world.beside().await;
    for node in [&world, &beside] {
        let opened = node.hub.access_by_ticket(&ticket, None).await;
        assert_eq!(opened.expect("a good ticket").kind(), SdkKeyKind::Server);
    }
    world.revoke(SdkKeyKind::Server).await;
    world
        .until("the key is gone", async || {
            world.hub.access_by_ticket(&ticket, None).await.is_err()
        })
        .await;
    assert!(world.hub.access_by_ticket("nonsense", None).await.is_err());
}

#[tokio::test]
async fn a_key_over_its_rate_limit_learns_how_long_to_wait() {
    let world = World::with(HubConfig {
        requests_per_second_per_key: 1,
        request_burst_per_key: 2,
        ..HubConfig::default()
    })
    .await;
    let busy = access(&world, SdkKeyKind::Server).await;
    assert!(busy.admit().is_ok() && busy.admit().is_ok());
    let wait = busy.admit().expect_err("it asked three times");
    assert!(wait <= Duration::from_secs(1), "{wait:?}");
    let other = access(&world, SdkKeyKind::Client).await;
    assert!(other.admit().is_ok(), "another key has its own rate");
}

#[tokio::test]
async fn a_request_waits_for_a_version_that_another_node_announced() {
    let world = World::new().await;
    world.create_flag("checkout").await;
    let beside = world.beside().await;
    let behind = access(&beside, SdkKeyKind::Server).await;
    let version = world.toggle("checkout", true).await;
    let told = Resume {
        epoch: behind.snapshot().epoch.clone(),
        version,
    };
    behind.reach(&told).await;
    assert_eq!(behind.snapshot().version, version);
}

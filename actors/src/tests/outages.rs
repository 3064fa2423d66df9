//! With the database away or slow, no one waits for it who need not, and nothing piles up behind it.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use peekaboo_protocol::Mode;

use super::client::Replica;
use super::world::{World, toggle};
use crate::HubConfig;

/// Whether a future is done without waiting for anything.
fn is_done_at_once<F: Future>(future: F) -> bool {
    let mut context = Context::from_waker(Waker::noop());
    matches!(pin!(future).poll(&mut context), Poll::Ready(_))
}

/// Gives no lookup up for taking too long.
fn patient() -> HubConfig {
    HubConfig {
        lookup_timeout: Duration::from_hours(1),
        ..HubConfig::default()
    }
}

#[tokio::test]
async fn with_the_database_away_a_key_that_nothing_here_knows_is_not_looked_up() {
    let world = World::new().await;
    let _served = world.server_client().await;
    world.seem_to_lose_the_database().await;
    let mut stranger = world.connect().await;
    stranger.hello("pbs_nobody_knows_this").await;
    assert_eq!(
        stranger.closed().await,
        1013,
        "the database would have said that there is no such key"
    );
    world.server_client().await;
}

#[tokio::test]
async fn a_pending_lookup_fails_when_the_database_goes_down() {
    let world = World::with(patient()).await;
    let _held = world.directory().hold_lookups().await;
    let mut stranger = world.connect().await;
    stranger.hello("pbs_nobody_knows_this").await;
    world.seem_to_lose_the_database().await;
    assert_eq!(stranger.closed().await, 1013);
}

#[tokio::test]
async fn a_client_that_leaves_while_its_key_is_looked_up_gives_up_its_place() {
    let world = World::with(patient()).await;
    let _held = world.directory().hold_lookups().await;
    let place = Arc::new(());
    let mut client = world.connect_holding(Box::new(place.clone())).await;
    client.hello("pbs_anybody").await;
    drop(client);
    world
        .until("its place is free", async || Arc::strong_count(&place) == 1)
        .await;
}

#[tokio::test]
async fn a_crowd_has_everything_looked_at_once() {
    let world = World::new().await;
    world.version().await;
    let tenant = world.tenant();
    let first = tenant.handle.request_refresh();
    assert!(first.same_channel(&tenant.handle.request_refresh()));
    tenant.handle.refresh().await.expect("looked");
    assert!(
        !first.same_channel(&tenant.handle.request_refresh()),
        "what is over sees nothing new"
    );
}

/// A hub that has not seen the last two versions being made, and a client that lacks them.
async fn newcomer() -> (World, Replica) {
    let world = World::new().await;
    world.create_flag("a").await;
    let (_, replica) = world.server_client().await;
    world.toggle("a", true).await;
    world.toggle("a", false).await;
    let world = world.restarted(HubConfig::default()).await;
    world.version().await;
    (world, replica)
}

#[tokio::test]
async fn a_version_that_the_log_has_forgotten_is_asked_for_once() {
    let (world, replica) = newcomer().await;
    world.storage.trim_log(world.production(), 1).await.unwrap();
    let mut client = world.connect().await;
    client
        .hello_with(world.server_key(), Some(replica.resume()), None)
        .await;
    assert_eq!(
        Replica::default().welcomed(&mut client).await,
        Mode::Snapshot
    );

    let _held = world.directory().hold_lookups().await;
    let environment = world.environment();
    for version in [replica.version, replica.version - 1] {
        let resume = peekaboo_protocol::Resume {
            version,
            ..replica.resume()
        };
        let again = world.directory().reach_back(&environment, &resume);
        assert!(is_done_at_once(again), "{version}");
    }
}

#[tokio::test]
async fn commands_do_not_wait_for_the_log_to_be_read_back() {
    let (world, replica) = newcomer().await;
    let held = world.directory().hold_lookups().await;
    let environment = world.environment();
    let resume = replica.resume();
    let mut reaching = pin!(world.directory().reach_back(&environment, &resume));
    tokio::select! {
        biased;
        () = &mut reaching => panic!("it waits"),
        _ = world.execute(toggle("a", true)) => {}
    }
    drop(held);
    reaching.await;
    assert!(environment.snapshot().reaches(replica.version));
}

#[tokio::test]
async fn with_the_database_down_no_client_waits_for_the_log() {
    let (world, replica) = newcomer().await;
    world.seem_to_lose_the_database().await;
    let environment = world.environment();
    let resume = replica.resume();
    assert!(is_done_at_once(
        world.directory().reach_back(&environment, &resume)
    ));
    assert!(!environment.snapshot().reaches(replica.version));
}

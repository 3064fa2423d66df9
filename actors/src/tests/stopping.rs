//! A hub that stops ends what it began, and leaves what the next start may need.

use tokio::sync::oneshot;

use super::world::{World, by, toggle};
use crate::live::TenantMessage;
use crate::{Error, HubConfig};

#[tokio::test]
async fn a_command_under_way_is_done_before_the_actors_stop() {
    let world = World::new().await;
    world.create_flag("a").await;
    let mut database = world.database().await;
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut database)
        .await
        .unwrap();
    let executing = tokio::spawn({
        let (hub, organization) = (world.hub.clone(), world.organization);
        async move { hub.execute(organization, toggle("a", true), by()).await }
    });
    let tenant = world.tenant();
    world
        .until("it waits for the database", async || {
            tenant.handle.commands.available_permits() < 64
        })
        .await;
    let stopping = tokio::spawn({
        let hub = world.hub.clone();
        async move { hub.stop().await }
    });
    world.until("it stops", async || !world.hub.ready()).await;
    sqlx::query("COMMIT").execute(&mut database).await.unwrap();

    let committed = executing.await.unwrap().expect("it commits");
    assert!(committed.is_changed());
    stopping.await.unwrap();
    let refused = world
        .hub
        .execute(world.organization, toggle("a", false), by())
        .await;
    assert!(matches!(refused, Err(Error::ShuttingDown)), "{refused:?}");
}

#[tokio::test]
async fn a_snapshot_that_is_being_written_holds_up_no_command_and_the_newest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::with(HubConfig {
        snapshots: Some(folder.path().to_owned()),
        ..HubConfig::default()
    })
    .await;
    world.create_flag("a").await;
    world.all_in_memory().await;
    let tenant = world.tenant();
    let files = world.directory().registry.snapshots.as_ref().unwrap();
    let held = files.hold().await;
    let (first, wrote_first) = oneshot::channel();
    assert!(tenant.handle.tell(TenantMessage::Save(Some(first))));
    let version = world.toggle("a", true).await;
    let (second, wrote_second) = oneshot::channel();
    assert!(tenant.handle.tell(TenantMessage::Save(Some(second))));
    drop(held);
    // Dropped unused when the file is written.
    let _ = (wrote_first.await, wrote_second.await);
    let saved = files.ruleset(world.organization, world.production()).await;
    assert_eq!(saved.expect("a file").version, version);
}

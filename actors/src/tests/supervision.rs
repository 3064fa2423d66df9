//! What fails, fails alone.

use serde_json::json;

use super::client::Received;
use super::world::World;
use crate::HubConfig;
use crate::connection::POISON;
use crate::live::TenantMessage;
use crate::shard::Message as ShardMessage;

#[tokio::test]
async fn only_the_connection_that_panics_is_closed() {
    let world = World::with(HubConfig {
        shards: 1,
        ..HubConfig::default()
    })
    .await;
    let (mut neighbor, mut replica) = world.server_client().await;
    let (mut poisoned, _) = world.server_client().await;
    poisoned.send_message(POISON).await;
    poisoned.ended().await;
    world
        .until("it is no longer counted", async || {
            world.hub.connections(world.production()).server == 1
        })
        .await;
    world.create_flag("a").await;
    replica.reach(&mut neighbor, world.version().await).await;
}

#[tokio::test]
async fn a_tenant_that_panics_comes_back_and_its_sockets_stay() {
    let world = World::new().await;
    world.create_flag("a").await;
    let (mut client, mut replica) = world.server_client().await;
    let tenant = world.tenant();
    assert!(tenant.handle.tell(TenantMessage::Poison));
    // Reads go on without the actor; a write is refused or done, never both.
    assert_eq!(world.version().await, replica.version);
    let mut version = 0;
    world
        .until("its successor takes commands", async || {
            let command = super::world::toggle("a", true);
            match world
                .hub
                .execute(world.organization, command, super::world::by())
                .await
            {
                Ok(committed) => version = u64::try_from(committed.changes[0].version).unwrap(),
                Err(error) => assert!(!error.to_string().is_empty()),
            }
            version > 0
        })
        .await;
    replica.reach(&mut client, version).await;
    assert_eq!(replica.flags["a"]["enabled"], true);

    // As on another node: only a hint announces the change.
    let command = super::world::toggle("a", false);
    world
        .storage
        .execute(world.organization, command, &super::world::by())
        .await
        .unwrap();
    replica.reach(&mut client, version + 1).await;

    world.revoke(peekaboo_storage::SdkKeyKind::Server).await;
    assert_eq!(
        client.closed().await,
        4502,
        "the actor's successor knows the keys"
    );
}

#[tokio::test]
async fn a_shard_that_panics_comes_back_and_the_others_do_not_notice() {
    let world = World::with(HubConfig {
        shards: 2,
        ..HubConfig::default()
    })
    .await;
    world.create_flag("a").await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(world.server_client().await);
    }
    // Accepts take turns, so two of the four are on the shard whose turn it is now.
    assert!(
        world
            .directory()
            .registry
            .shards
            .tell_next(ShardMessage::Poison)
    );
    world
        .until("its connections are gone", async || {
            world.hub.connections(world.production()).server == 2
        })
        .await;

    let version = world.toggle("a", true).await;
    let mut ended = 0;
    let mut staying = Vec::new();
    for (mut client, mut replica) in clients {
        match client.next().await {
            Received::End => ended += 1,
            Received::Frame(frame) => {
                replica.apply(frame);
                assert_eq!(replica.version, version);
                staying.push(client);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ended, 2);
    for _ in 0..2 {
        staying.push(world.browser(json!({})).await.0);
    }
    let connections = world.hub.connections(world.production());
    assert_eq!((connections.server, connections.client), (2, 2));
}

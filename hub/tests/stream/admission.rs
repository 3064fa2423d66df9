//! Who gets in when there is little room, and who leaves when the hub does.

use std::time::Duration;

use peekaboo_hub::StreamConfig;
use peekaboo_protocol::ServerFrame;

use crate::client::{Client, Received};
use crate::harness::{node, until, upgrade};

const PLAIN: &str = "GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test]
async fn a_full_node_says_when_to_come_back() {
    let (node, shop, _folder) = node(StreamConfig {
        max_connections: 2,
        ..StreamConfig::default()
    })
    .await;
    let (first, _) = node.server_client(&shop).await;
    let (_second, _) = node.server_client(&shop).await;
    let (head, _stream) = node.request(&upgrade("")).await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    assert!(head.contains("Retry-After: 10\r\n"), "{head}");

    drop(first);
    until("there is room again", async || {
        node.request(PLAIN).await.0.starts_with("HTTP/1.1 200 ")
    })
    .await;
}

#[tokio::test]
async fn an_address_does_not_take_all_the_room() {
    let config = StreamConfig {
        max_connections_per_address: 1,
        ..StreamConfig::default()
    };
    let (node, shop, _folder) = node(config).await;
    let (_client, _) = node.server_client(&shop).await;
    let (head, _stream) = node.request(&upgrade("")).await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
}

#[tokio::test]
async fn more_handshakes_than_the_node_can_take_are_put_off() {
    let config = StreamConfig {
        handshakes_per_second: 1,
        handshake_burst: 1,
        ..StreamConfig::default()
    };
    let (node, shop, _folder) = node(config).await;
    let (mut client, mut replica) = node.server_client(&shop).await;
    let (head, _stream) = node.request(&upgrade("")).await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    let retry_after = head
        .lines()
        .find_map(|line| line.strip_prefix("retry-after: "))
        .expect("when to come back");
    assert!((1..=5).contains(&retry_after.parse::<u32>().expect("seconds")));
    // Clients that are already connected do not notice.
    let version = node.toggle(&shop, true).await;
    replica.reach(&mut client, version).await;
}

#[tokio::test]
async fn a_stopping_node_accepts_no_one_and_sends_every_client_elsewhere() {
    let (node, shop, _folder) = node(StreamConfig::default()).await;
    let (mut client, mut replica) = node.server_client(&shop).await;
    node.shutdown.cancel();
    node.serving.await.expect("the listener ends");
    assert!(
        tokio::net::TcpStream::connect(node.address).await.is_err(),
        "nobody listens"
    );
    // A stream is the hub's, and goes on until that drains.
    let committed = node
        .hub
        .execute(
            shop.organization,
            crate::harness::toggle(true),
            crate::harness::by(),
        )
        .await;
    let version =
        u64::try_from(committed.expect("it commits").changes[0].version).expect("a version");
    replica.reach(&mut client, version).await;

    let hub = node.hub.clone();
    let draining = tokio::spawn(async move { hub.drain(Duration::from_millis(200)).await });
    assert!(matches!(client.frame().await, ServerFrame::GoAway { .. }));
    assert_eq!(client.next().await, Received::Close(4000));
    client.ended().await;
    draining.await.expect("drained");
}

#[tokio::test]
async fn a_hub_that_drains_puts_new_streams_off() {
    let (node, _shop, _folder) = node(StreamConfig::default()).await;
    let mut early: Client = node.upgraded().await;
    node.hub.drain(Duration::ZERO).await;
    early.ended().await;
    let (head, _stream) = node.request(&upgrade("")).await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
}

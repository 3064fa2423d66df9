//! A hub's life as operators see it: ready, draining, gone.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{Hub, eventually};

async fn get(url: &str) -> (u16, String) {
    let response = reqwest::get(url).await.expect("an answer");
    (
        response.status().as_u16(),
        response.text().await.expect("a body"),
    )
}

#[tokio::test]
async fn a_hub_that_listens_is_alive_and_ready() {
    let hub = Hub::start(&[]).await;
    assert_eq!(
        get(&hub.url("metrics", "/healthz")).await,
        (200, "ok\n".to_owned())
    );
    assert_eq!(
        get(&hub.url("metrics", "/readyz")).await,
        (200, r#"{"status":"ready"}"#.to_owned())
    );
    let (status, _) = get(&hub.url("dashboard", "/api/v1/nothing")).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn the_first_signal_drains_and_the_hub_ends_well() {
    let mut hub = Hub::start(&[]).await;
    hub.signal("TERM").await;
    let status = hub.ended().await;
    assert!(status.success(), "{status}:\n{}", hub.log());
    assert!(hub.log().contains("draining"), "{}", hub.log());
}

#[tokio::test]
async fn what_operators_watch_has_its_names() {
    let hub = Hub::start(&[]).await;
    let url = hub.url("metrics", "/metrics");
    get(&hub.url("dashboard", "/")).await;
    for name in ["peekaboo_build_info{", "process_resident_memory_bytes "] {
        eventually(name, || async {
            let (_, text) = get(&url).await;
            text.lines()
                .any(|line| line.starts_with(name))
                .then_some(())
        })
        .await;
    }
}

/// A request that never ends, as far as the hub can tell, and that a drain has to wait for.
async fn hold_request(hub: &Hub) -> TcpStream {
    let address = hub.url("dashboard", "");
    let address = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "POST /api/v1/session HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("written");
    // Said once the handler waits for the body.
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 100");
    stream
}

#[tokio::test]
async fn a_draining_hub_says_so_and_takes_nobody_new() {
    let mut hub = Hub::start(&[]).await;
    let _request = hold_request(&hub).await;
    let (ready, dashboard) = (hub.url("metrics", "/readyz"), hub.url("dashboard", "/"));
    hub.signal("TERM").await;
    eventually("readiness is false", || async {
        (get(&ready).await == (503, r#"{"status":"draining"}"#.to_owned())).then_some(())
    })
    .await;
    eventually("nobody new is taken", || async {
        reqwest::get(&dashboard).await.is_err().then_some(())
    })
    .await;
    let status = hub.ended().await;
    assert!(status.success(), "{status}:\n{}", hub.log());
}

#[tokio::test]
async fn a_second_signal_ends_the_hub_at_once() {
    let mut hub = Hub::start(&[]).await;
    let _request = hold_request(&hub).await;
    hub.signal("INT").await;
    eventually("the hub drains", || async {
        hub.log().contains("draining").then_some(())
    })
    .await;
    hub.signal("TERM").await;
    assert_eq!(hub.ended().await.code(), Some(1), "{}", hub.log());
    assert!(
        hub.log().contains("before draining was done"),
        "{}",
        hub.log()
    );
}

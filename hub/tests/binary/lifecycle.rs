//! A hub's life as operators see it: ready, draining, gone.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    http_client,
    support::{Hub, TARGETING, eventually},
};

async fn get(url: &str) -> (u16, String) {
    let response = http_client::get(url).await.expect("an answer");
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

const SIGN_IN: &str = "POST /api/v1/session";

/// A request whose body is yet to come, and that a drain waits for as long as its window lasts.
async fn hold_request(hub: &Hub, request: &str, headers: &str) -> TcpStream {
    let address = hub.url("dashboard", "");
    let address = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "{request} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\n{headers}\
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
async fn a_draining_hub_reports_it_and_accepts_no_new_client() {
    let mut hub = Hub::start(&[]).await;
    let request = hold_request(&hub, SIGN_IN, "").await;
    let (ready, dashboard) = (hub.url("metrics", "/readyz"), hub.url("dashboard", "/"));
    hub.signal("TERM").await;
    eventually("readiness is false", || async {
        (get(&ready).await == (503, r#"{"status":"draining"}"#.to_owned())).then_some(())
    })
    .await;
    eventually("nobody new is taken", || async {
        http_client::get(&dashboard).await.is_err().then_some(())
    })
    .await;
    drop(request);
    let status = hub.ended().await;
    assert!(status.success(), "{status}:\n{}", hub.log());
}

#[tokio::test]
async fn a_change_under_way_is_made_before_a_draining_hub_ends() {
    let mut hub = Hub::start(&["--demo"]).await;
    let cookie = format!("Cookie: {}\r\n", hub.demo_cookie().await);
    let toggle = format!("PATCH /api/v1{TARGETING}");
    let mut request = hold_request(&hub, &toggle, &cookie).await;
    let dashboard = hub.url("dashboard", "/");
    hub.signal("TERM").await;
    eventually("nobody new is taken", || async {
        http_client::get(&dashboard).await.is_err().then_some(())
    })
    .await;
    let body = format!("{:<100}", r#"{"enabled": true}"#);
    request.write_all(body.as_bytes()).await.expect("written");
    let mut answer = String::new();
    request
        .read_to_string(&mut answer)
        .await
        .expect("an answer");
    let status = hub.ended().await;
    assert!(status.success(), "{status}:\n{}", hub.log());

    // The rest of "HTTP/1.1 100 Continue" comes first.
    assert!(answer.contains("HTTP/1.1 200 OK"), "{answer}");
    let again = Hub::start_in(hub.into_directory(), &["--demo"]).await;
    let (_, after) = again.demo_visitor().await.get(TARGETING).await;
    assert_eq!(after["enabled"], true);
}

#[tokio::test]
async fn a_second_signal_ends_the_hub_at_once() {
    let mut hub = Hub::start(&[]).await;
    let _request = hold_request(&hub, SIGN_IN, "").await;
    hub.signal("INT").await;
    eventually("the hub drains", || async {
        hub.log().contains("draining").then_some(())
    })
    .await;
    hub.signal("TERM").await;
    assert_eq!(hub.ended().await.code(), Some(1), "{}", hub.log());
    assert!(
        hub.log().contains("before all connections were drained"),
        "{}",
        hub.log()
    );
}

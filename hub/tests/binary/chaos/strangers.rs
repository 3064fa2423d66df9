//! Strangers who hold what others need: connections, memory, health.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::{millis, on_both, scale};
use crate::{
    http_client,
    support::{Hub, PATIENCE},
};

/// Opens a connection to a listener and sends something.
async fn connect(hub: &Hub, listener: &str, text: &str) -> TcpStream {
    let url = hub.url(listener, "");
    let address = url.split("://").nth(1).expect("an address");
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    // A hub that is full may have closed it already.
    let _ = stream.write_all(text.as_bytes()).await;
    stream
}

/// What a connection answers until its end, or until nothing comes.
async fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut text)).await;
    String::from_utf8_lossy(&text).into_owned()
}

async fn status(url: String) -> u16 {
    let answered = timeout(PATIENCE, http_client::get(url)).await;
    answered
        .expect("in time")
        .expect("an answer")
        .status()
        .as_u16()
}

on_both! {
    async fn bodies_of_one_byte_do_not_keep_people_out(database: &Database) {
        let hub = database.hub(&["--dashboard-max-connections", "32"]).await;
        let trickle = "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\n\
                       Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
        let mut held = Vec::new();
        for _ in 0..scale(64, 1_024) {
            held.push(connect(&hub, "dashboard", trickle).await);
        }
        let asked = Instant::now();
        assert_eq!(status(hub.url("dashboard", "/api/v1/setup")).await, 200);
        database.figure("answer beside trickled bodies, ms", millis(asked));
        drop(held);
    }
}

on_both! {
    async fn silent_connections_do_not_keep_health_from_answering(database: &Database) {
        let hub = database.hub(&[]).await;
        let mut held = Vec::new();
        for _ in 0..scale(80, 500) {
            held.push(connect(&hub, "metrics", "").await);
        }
        let asked = Instant::now();
        assert_eq!(status(hub.url("metrics", "/healthz")).await, 200);
        assert_eq!(status(hub.url("metrics", "/readyz")).await, 200);
        database.figure("health beside silent connections, ms", millis(asked));
        drop(held);
    }
}

on_both! {
    async fn an_address_has_only_so_many_connections(database: &Database) {
        let hub = database.hub(&["--dashboard-max-connections-per-address", "2"]).await;
        let events = "/api/v1/organizations/demo/events";
        let cookie = hub.demo_cookie().await;
        let stream = format!("GET {events} HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\n\r\n");
        // Streams are counted by who follows, and not here.
        let mut streams = Vec::new();
        for _ in 0..4 {
            let mut stream = connect(&hub, "dashboard", &stream).await;
            let mut head = [0; 12];
            timeout(PATIENCE, stream.read_exact(&mut head)).await.expect("in time").expect("an answer");
            assert_eq!(&head, b"HTTP/1.1 200");
            streams.push(stream);
        }
        assert_eq!(status(hub.url("dashboard", "/api/v1/setup")).await, 200);
    }
}

on_both! {
    async fn a_stranger_sends_only_what_a_sign_in_takes(database: &Database) {
        let hub = database.hub(&[]).await;
        let resident = || async { hub.metric("process_resident_memory_bytes").await.unwrap_or_default() };
        let before = resident().await;
        let large = "POST /api/v1/session HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\n\
                     Content-Type: application/json\r\nContent-Length: 8388608\r\nConnection: close\r\n\r\n";
        let spaces = vec![b' '; 1 << 20];
        for _ in 0..scale(4, 200) {
            let mut stream = connect(&hub, "dashboard", large).await;
            // The hub stops reading long before.
            let _ = timeout(Duration::from_secs(5), stream.write_all(&spaces)).await;
            let answered = answer(&mut stream).await;
            let refused = ["HTTP/1.1 413", "HTTP/1.1 429"].iter().any(|head| answered.starts_with(head));
            assert!(refused || answered.is_empty(), "{answered}");
        }
        let grown = (resident().await - before) / 1e6;
        database.figure("memory after large sign-ins, MB more", format!("{grown:.0}"));
        assert_eq!(status(hub.url("dashboard", "/api/v1/setup")).await, 200);
    }
}

on_both! {
    async fn a_beacon_without_a_key_is_small(database: &Database) {
        let hub = database.hub(&[]).await;
        let beacon = |bytes: usize| {
            let batch = json!({"key": "pbc_demo_production", "id": "b", "counts": [], "x": " ".repeat(bytes)});
            http_client::client()
                .post(hub.url("sdk", "/sdk/v1/events"))
                .header("content-type", "text/plain")
                .body(batch.to_string())
                .send()
        };
        let small = beacon(1_000).await.expect("an answer");
        assert_eq!(small.status().as_u16(), 202);
        // The hub may close before all of it is sent.
        if let Ok(large) = beacon(100_000).await {
            assert_eq!(large.status().as_u16(), 413);
        }
    }
}

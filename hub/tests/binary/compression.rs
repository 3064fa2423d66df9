//! What a client that takes compressed answers gets from each listener.

use reqwest::{Client, Response};
use serde_json::Value;

use crate::{http_client, support::Hub};

const FLAGS: &str = "/api/v1/organizations/demo/projects/storefront/flags";

/// Asks as someone who is signed in, and takes these codings.
async fn ask(client: &Client, url: String, cookie: &str, codings: &str) -> Response {
    let request = client.get(url).header("cookie", cookie);
    let answer = request.header("accept-encoding", codings).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_list_of_flags_arrives_compressed_and_whole() {
    let hub = Hub::start(&["--demo"]).await;
    let cookie = hub.demo_cookie().await;
    let url = hub.url("dashboard", FLAGS);
    let plain = http_client::client();
    let whole = ask(&plain, url.clone(), &cookie, "identity").await;
    assert_eq!(header(&whole, "content-encoding"), "");
    assert_eq!(header(&whole, "vary"), "accept-encoding");
    let whole = whole.bytes().await.expect("a body");

    for coding in ["gzip", "zstd"] {
        let packed = ask(&plain, url.clone(), &cookie, coding).await;
        assert_eq!(header(&packed, "content-encoding"), coding);
        assert_eq!(header(&packed, "vary"), "accept-encoding");
        let packed = packed.bytes().await.expect("a body");
        assert!(
            packed.len() * 5 < whole.len(),
            "{} of {}",
            packed.len(),
            whole.len()
        );
    }

    let unpacking = http_client::builder().gzip(true).build();
    let request = unpacking
        .expect("a client")
        .get(url)
        .header("cookie", &cookie);
    let unpacked: Value = request
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    let whole: Value = serde_json::from_slice(&whole).expect("JSON");
    assert_eq!(unpacked, whole);
}

#[tokio::test]
async fn event_streams_are_never_compressed() {
    let hub = Hub::start(&["--demo"]).await;
    let cookie = hub.demo_cookie().await;
    let events = "/api/v1/organizations/demo/events";
    let url = hub.url("dashboard", events);
    let mut stream = ask(&http_client::client(), url, &cookie, "gzip, zstd").await;
    assert_eq!(header(&stream, "content-type"), "text/event-stream");
    assert_eq!(header(&stream, "content-encoding"), "");
    let first = stream.chunk().await.expect("a stream").expect("an event");
    assert!(std::str::from_utf8(&first).is_ok_and(|text| !text.is_empty()));
}

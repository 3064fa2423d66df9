//! The first minutes with a hub: setting it up, or trying the demo.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    http_client,
    support::{Hub, TARGETING, Visitor, run},
};

#[tokio::test]
async fn the_first_person_with_the_printed_code_becomes_the_owner() {
    let hub = Hub::start(&[]).await;
    let code = hub.ready["setupCode"].as_str().expect("a code").to_owned();
    assert!(hub.log().contains(&code), "{}", hub.log());
    let setup = |code: &str| {
        json!({
            "code": code, "name": "Ada", "email": "ada@example.com",
            "password": "correct horse battery", "organization": { "name": "Looms" },
        })
    };
    let visitor = Visitor::new(&hub);
    let (status, _) = visitor
        .send(Method::POST, "/setup", setup("AAAA-AAAA-AAAA-AAAA"))
        .await;
    assert!((400..500).contains(&status), "{status}");
    let (status, session) = visitor.send(Method::POST, "/setup", setup(&code)).await;
    assert_eq!(status, 201, "{session}");
    assert_eq!(session["organizations"][0]["role"], "owner");
    assert_eq!(visitor.get("/session").await.0, 200);
    let (status, _) = Visitor::new(&hub)
        .send(Method::POST, "/setup", setup(&code))
        .await;
    assert!((400..500).contains(&status), "{status}");

    let again = Hub::start_in(hub.stop().await, &[]).await;
    assert_eq!(again.ready["setupCode"], Value::Null);
    assert!(!again.log().contains("Setup code"), "{}", again.log());
}

#[tokio::test]
async fn the_demo_can_be_signed_in_to_and_shows_its_storefront() {
    let hub = Hub::start(&["--demo"]).await;
    let demo = &hub.ready["demo"];
    assert_eq!(demo["organization"], "demo");
    assert_eq!(hub.ready["setupCode"], Value::Null);
    for shown in [&demo["password"], &demo["serverKey"], &demo["clientKey"]] {
        let shown = shown.as_str().expect("text");
        assert!(
            hub.log().contains(shown),
            "{shown} is not in\n{}",
            hub.log()
        );
    }
    let visitor = hub.demo_visitor().await;
    let (status, flags) = visitor
        .get("/organizations/demo/projects/storefront/flags")
        .await;
    assert_eq!(status, 200);
    assert!(
        flags["items"]
            .as_array()
            .is_some_and(|items| items.len() >= 15)
    );

    let config = http_client::get(hub.url("dashboard", "/storefront/config.json")).await;
    let config: Value = config.expect("an answer").json().await.expect("JSON");
    assert_eq!(config["key"], demo["clientKey"]);
    assert_eq!(config["url"], hub.ready["stream"]);
}

#[tokio::test]
async fn the_demo_is_found_again_as_people_left_it() {
    let hub = Hub::start(&["--demo"]).await;
    let keys = hub.ready["demo"].clone();
    let visitor = hub.demo_visitor().await;
    let (status, before) = visitor.get(TARGETING).await;
    assert_eq!((status, &before["enabled"]), (200, &json!(false)));
    let (status, _) = visitor
        .send(Method::PATCH, TARGETING, json!({ "enabled": true }))
        .await;
    assert_eq!(status, 200);

    let again = Hub::start_in(hub.stop().await, &["--demo"]).await;
    assert_eq!(again.ready["demo"], keys);
    let (_, after) = again.demo_visitor().await.get(TARGETING).await;
    assert_eq!(after["enabled"], true);
}

#[tokio::test]
async fn resetting_epochs_counts_the_environments() {
    let directory = Hub::start(&["--demo"]).await.stop().await;
    let data = directory.path().join("data");
    let data = data.to_str().expect("a path");
    let (code, out, err) = run(&["reset-epochs", "--data-dir", data]).await;
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("3 environments"), "{out}");
}

//! Hubs on PostgreSQL: what one does when the database goes away, and what two do together.

use std::{
    str::FromStr as _,
    sync::atomic::{AtomicU32, Ordering},
};

use reqwest::Method;
use rmpv::Value as Pack;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;

use crate::{
    http_client,
    stream::{Application, WELCOME},
    support::{Hub, Visitor, eventually},
    wire::Wire,
};

const SERVER: &str = "PEEKABOO_TEST_POSTGRES_URL";

const TARGETING: &str =
    "/organizations/demo/projects/storefront/flags/new-checkout/environments/production";

/// Makes an empty database.
pub(crate) async fn database() -> PgConnectOptions {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var(SERVER) else {
        panic!(
            "{SERVER} names no server: run the tests with `make test`, \
             or as `scripts/postgres cargo test`"
        );
    };
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("peekaboo_hub_{}_{count}", std::process::id());
    let server = PgConnectOptions::from_str(&server).expect("an address");
    let mut connection = PgConnection::connect_with(&server)
        .await
        .expect("the server answers");
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .expect("a database");
    server.database(&name)
}

async fn toggle(visitor: &Visitor, enabled: bool) -> u16 {
    let body = json!({ "enabled": enabled });
    visitor.send(Method::PATCH, TARGETING, body).await.0
}

async fn status(url: &str) -> u16 {
    http_client::get(url)
        .await
        .expect("an answer")
        .status()
        .as_u16()
}

#[tokio::test]
async fn a_hub_keeps_serving_while_the_database_is_down() {
    let wire = Wire::to(&database().await).await;
    let hub = Hub::start(&["--demo", "--database-url", wire.url()]).await;
    let visitor = hub.demo_visitor().await;
    assert_eq!(toggle(&visitor, true).await, 200);

    // Environments are loaded next to the commands that change them.
    let earlier = Application::connect(&hub).await;
    assert!(earlier.is_some(), "an application is served");

    wire.cut();
    eventually("the hub says that it may be behind", || async {
        (hub.metric("peekaboo_stale").await == Some(1.0)).then_some(())
    })
    .await;
    assert_eq!(status(&hub.url("metrics", "/readyz")).await, 200);
    assert_eq!(toggle(&visitor, false).await, 503);
    let (mut application, version) = Application::connect(&hub)
        .await
        .expect("a newcomer is served");

    wire.mend();
    eventually("changes are taken again", || async {
        (toggle(&visitor, false).await == 200).then_some(())
    })
    .await;
    assert_eq!(application.next_version().await, version + 1);
    eventually("the hub is no longer behind", || async {
        (hub.metric("peekaboo_stale").await == Some(0.0)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_hub_starts_from_what_it_kept_when_the_database_is_away() {
    let wire = Wire::to(&database().await).await;
    let hub = Hub::start(&["--demo", "--database-url", wire.url()]).await;
    let (_, version) = Application::connect(&hub).await.expect("a connection");
    // What it serves is kept when it ends, however soon after a change that is.
    let directory = hub.stop().await;

    wire.cut();
    let hub = Hub::start_in(directory, &["--database-url", wire.url()]).await;
    assert_eq!(hub.ready["setupCode"], Value::Null);
    let (mut application, kept) = Application::connect(&hub).await.expect("a connection");
    assert_eq!(kept, version);

    wire.mend();
    let other = Hub::start(&["--demo", "--database-url", wire.url()]).await;
    assert_eq!(toggle(&other.demo_visitor().await, true).await, 200);
    assert_eq!(application.next_version().await, version + 1);
}

#[tokio::test]
async fn a_hub_that_kept_nothing_does_not_start_without_its_database() {
    let wire = Wire::to(&database().await).await;
    wire.cut();
    let data = TempDir::new().expect("a directory");
    let data = data.path().to_str().expect("text");
    let (code, _, message) = crate::support::run(&[
        "serve",
        "--dashboard-listen",
        "127.0.0.1:0",
        "--sdk-listen",
        "127.0.0.1:0",
        "--metrics-listen",
        "127.0.0.1:0",
        "--data-dir",
        data,
        "--database-url",
        wire.url(),
    ])
    .await;
    assert_eq!(code, Some(69));
    assert!(message.contains("cannot use the database"), "{message}");
}

#[tokio::test]
async fn a_change_on_either_of_two_hubs_reaches_the_applications_of_both() {
    let wire = Wire::to(&database().await).await;
    let first = Hub::start(&["--demo", "--database-url", wire.url()]).await;
    let second = Hub::start(&["--demo", "--database-url", wire.url()]).await;
    let (mut on_first, version) = Application::connect(&first).await.expect("a connection");
    let (mut on_second, same) = Application::connect(&second).await.expect("a connection");
    assert_eq!(version, same);
    let hubs = [&first, &second];
    for (step, hub) in hubs.into_iter().cycle().take(4).enumerate() {
        let visitor = hub.demo_visitor().await;
        assert_eq!(toggle(&visitor, step % 2 == 0).await, 200);
        let expected = version + 1 + step as u64;
        assert_eq!(on_first.next_version().await, expected);
        assert_eq!(on_second.next_version().await, expected);
    }
}

#[tokio::test]
async fn a_key_that_is_revoked_on_one_hub_closes_its_sockets_on_another() {
    let wire = Wire::to(&database().await).await;
    let first = Hub::start(&["--demo", "--database-url", wire.url()]).await;
    let second = Hub::start(&["--demo", "--database-url", wire.url()]).await;
    let visitor = first.demo_visitor().await;
    for kind in ["server", "client"] {
        let (id, secret) = visitor.make_key(json!({"kind": kind, "name": "new"})).await;
        let mut application = Application::greet(&second, &secret, Pack::Nil, Pack::Nil)
            .await
            .expect("a connection");
        assert!(application.next(WELCOME).await.is_some(), "{kind}");
        visitor.revoke_key(&id).await;
        assert_eq!(application.close_code().await, 4502, "{kind}");
    }
}

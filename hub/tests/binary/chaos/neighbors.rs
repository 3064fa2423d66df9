//! Neighbors: floods under a client key, which is public, against everybody else on the hub.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{millis, on_both, scale};
use crate::{
    http_client,
    support::{Hub, TARGETING, eventually},
};

const IMPACT: &str = "/organizations/demo/projects/storefront/environments/production/usage/flags/new-checkout/impact?event=chaos";

const EVENTS: &str = "/organizations/demo/projects/storefront/environments/production/usage/events";

/// Sends a batch under the demo's client key; the status.
async fn send(url: String, batch: String) -> u16 {
    let sent = http_client::client()
        .post(url)
        .header("authorization", "Bearer pbc_demo_production")
        .header("content-type", "application/json")
        .body(batch)
        .send();
    sent.await.expect("an answer").status().as_u16()
}

fn batch(id: &str, events: &[Value]) -> String {
    json!({"id": id, "events": events}).to_string()
}

/// A batch of the maximum length.
fn longest(number: usize) -> String {
    let event = |index: usize| json!({"event": "flood", "value": 1, "targetingKey": format!("user-{number}-{index}"), "ageMillis": 1});
    let events: Vec<Value> = (0..2_800).map(event).collect();
    batch(&format!("flood-{number}"), &events)
}

async fn events_named(hub: &Hub, name: &str) -> Option<Value> {
    let (status, answer) = hub.demo_visitor().await.get(EVENTS).await;
    assert_eq!(status, 200, "{answer}");
    let items = answer["items"].as_array().expect("items").clone();
    items.into_iter().find(|item| item["event"] == name)
}

on_both! {
    async fn a_flood_of_usage_keeps_nobody_from_changing_flags(database: &Database) {
        let mut hub = database.hub(&[]).await;
        let visitor = hub.demo_visitor().await;
        let mut flood = JoinSet::new();
        for number in 0..scale(12, 99) {
            let url = hub.url("sdk", "/sdk/v1/events");
            flood.spawn(send(url, longest(number)));
        }
        let mut slowest = 0;
        for number in 0..scale(6, 40) {
            let asked = Instant::now();
            let change = json!({"enabled": number % 2 == 0});
            let (status, answer) = visitor.send(Method::PATCH, TARGETING, change).await;
            assert_eq!(status, 200, "{answer}");
            slowest = slowest.max(millis(asked));
        }
        database.figure("slowest change beside a flood of usage, ms", slowest);
        let answers = flood.join_all().await;
        let documented = answers.iter().all(|status| [202, 429, 503].contains(status));
        assert!(documented, "{answers:?}");
        let taken = answers.iter().filter(|status| **status == 202).count();
        database.figure("batches of the flood that were counted", format!("{taken} of {}", answers.len()));
        let asked = Instant::now();
        hub.signal("TERM").await;
        assert!(hub.ended().await.success());
        database.figure("stopped after, ms", millis(asked));
    }
}

on_both! {
    async fn what_can_never_be_counted_blocks_nothing_behind_it(database: &Database) {
        let hub = database.hub(&[]).await;
        let event = |value: f64| json!({"event": "chaos", "value": value, "targetingKey": "user-1", "ageMillis": 1});
        let url = || hub.url("sdk", "/sdk/v1/events");
        let poison = batch("poison", &[event(1.7e308), event(1.7e308)]);
        assert_eq!(send(url(), poison).await, 422);
        assert_eq!(send(url(), batch("least", &[event(-1e16)])).await, 422);
        for number in 0..scale(3, 21) {
            let honest = batch(&format!("honest-{number}"), &[event(1e15)]);
            assert_eq!(send(url(), honest).await, 202);
        }
        let (status, impact) = hub.demo_visitor().await.get(IMPACT).await;
        assert_eq!(status, 200, "{impact}");
        let counted = events_named(&hub, "chaos").await.expect("they were counted");
        assert_eq!(counted["count"], scale(3, 21));
        database.figure("honest batches counted behind poison", &counted["count"]);
    }
}

on_both! {
    async fn what_a_client_counts_is_clamped(database: &Database) {
        let hub = database.hub(&[]).await;
        let dropped = json!({"id": "dropped", "dropped": u64::MAX}).to_string();
        assert_eq!(send(hub.url("sdk", "/sdk/v1/events"), dropped).await, 202);
        let counted = eventually("it is counted", || async {
            let counted = hub.metric("peekaboo_events_dropped_by_senders_total").await;
            counted.filter(|counted| *counted > 0.0)
        })
        .await;
        assert!(counted <= 1e9, "{counted}");
        database.figure("dropped, as counted of 2^64-1", counted);
    }
}

on_both! {
    async fn strangers_who_guess_do_not_lock_the_owner_out(database: &Database) {
        let hub = database.hub(&["--dashboard-behind-proxy", "true"]).await;
        let sign_in = |address: String, password: &str, cookie: &str| {
            http_client::client()
                .post(hub.url("dashboard", "/api/v1/session"))
                .header("sec-fetch-site", "same-origin")
                .header("x-forwarded-for", address)
                .header("cookie", cookie)
                .json(&json!({"email": "demo@example.com", "password": password}))
                .timeout(Duration::from_mins(1))
                .send()
        };
        let owner = sign_in("192.0.2.1".to_owned(), "peekaboo-demo", "").await.expect("an answer");
        assert_eq!(owner.status(), 200);
        let cookies = owner.headers().get_all("set-cookie").iter();
        let mut cookies = cookies.map(|cookie| cookie.to_str().expect("text"));
        let mark = cookies.find(|cookie| cookie.starts_with("peekaboo_device=")).expect("a mark");
        let mark = mark.split(';').next().expect("a pair").to_owned();
        let mut refused = 0;
        for stranger in 0..scale(4, 250) {
            let guess = sign_in(format!("198.51.{}.{}", stranger / 250, stranger % 250), "guess", "");
            let status = guess.await.expect("an answer").status().as_u16();
            assert!([401, 429, 503].contains(&status), "{status}");
            refused += usize::from(status == 429);
        }
        database.figure("guesses refused from many addresses", refused);
        let owner = sign_in("203.0.113.9".to_owned(), "peekaboo-demo", &mark).await.expect("an answer");
        assert_eq!(owner.status(), 200, "the owner signs in from another address");
    }
}

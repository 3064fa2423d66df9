//! Rules from files, on the real clock.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::timeout;

use super::rig::{PATIENCE, flag, swede};
use crate::{Change, Changes, Client, NotReady, Source, Status};

fn write(path: &Path, flags: &Value) {
    let ruleset = json!({"version": 1, "flags": flags});
    fs::write(path, ruleset.to_string()).expect("written");
}

async fn next(changes: &mut Changes) -> Change {
    let change = timeout(PATIENCE, changes.next()).await;
    change.expect("in time").expect("a change")
}

#[tokio::test]
async fn a_file_is_read_and_read_again_when_it_changes() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("flags.json");
    write(&path, &json!({"a": flag("first")}));
    let client = Client::local(Source::file(&path))
        .build()
        .expect("a client");
    assert_eq!(client.status(), Status::Offline);
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
    let a = client.flag("a", String::new());
    assert_eq!(a.get(&swede()), "first");

    let mut changes = client.changes();
    write(&path, &json!({"a": flag("the second")}));
    assert!(next(&mut changes).await.keys.contains("a"));
    assert_eq!(a.get(&swede()), "the second");

    // As editors and Kubernetes do it.
    let other = directory.path().join("other.json");
    write(&other, &json!({"a": flag("the third!")}));
    fs::rename(&other, &path).expect("renamed");
    next(&mut changes).await;
    assert_eq!(a.get(&swede()), "the third!");

    client.close().await;
    assert_eq!(client.status(), Status::Closed);
    assert_eq!(changes.next().await, None);
}

#[tokio::test]
async fn a_file_that_is_missing_or_broken_is_waited_for_and_the_last_rules_count() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("flags.json");
    let client = Client::local(Source::file(&path))
        .build()
        .expect("a client");
    let a_moment = Duration::from_millis(20);
    assert_eq!(
        client.ready(a_moment).await,
        Err(NotReady::TimedOut {
            waited: a_moment,
            cause: None
        })
    );
    let mut changes = client.changes();
    write(&path, &json!({"a": flag(1)}));
    next(&mut changes).await;
    fs::write(&path, "{\"flags\": {").expect("written");
    assert!((client.number("a", &swede(), 0.0) - 1.0).abs() < f64::EPSILON);
    fs::remove_file(&path).expect("removed");
    write(&path, &json!({"a": flag(2), "b": flag(3)}));
    next(&mut changes).await;
    assert!((client.number("b", &swede(), 0.0) - 3.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn no_rules_at_all_are_rules_too() {
    let client = Client::local(Source::defaults()).build().expect("a client");
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
    assert_eq!(client.string("a", &swede(), "default"), "default");
    client.close().await;
    assert_eq!(
        client.ready(PATIENCE).await,
        Ok(()),
        "the last rules remain"
    );
}

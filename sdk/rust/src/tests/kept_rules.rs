//! Rules kept on disk: what a service starts from while its hub is away.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use peekaboo_protocol::{ClientFrame, Resume};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::rig::{KEY, Rig, flag, swede};
use crate::{Client, ClientBuilder, Status};

fn options(path: &Path) -> ClientBuilder {
    Client::builder(KEY).usage(false).rules_file(path)
}

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("kept").join("rules.json");
    (folder, path)
}

/// Keeps rules as a service that ran before has.
async fn keep(path: &Path, flags: Value) {
    let (rig, _socket) = Rig::live(options(path), flags).await;
    rig.client.close().await;
}

fn written(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a file");
    let (_, rules) = text.split_once('\n').expect("two lines");
    serde_json::from_str(rules).expect("JSON")
}

#[tokio::test]
async fn a_service_that_starts_without_its_hub_serves_what_the_one_before_was_given() {
    let (_folder, path) = folder();
    keep(&path, json!({"a": flag("kept"), "gone": flag("x")})).await;

    let bootstrap = json!({"flags": {"a": flag("bootstrap")}});
    let mut rig = Rig::start(options(&path).bootstrap(bootstrap));
    assert_eq!(rig.client.ready(Duration::ZERO).await, Ok(()));
    assert_eq!(rig.client.string("a", &swede(), ""), "kept");
    assert_eq!(rig.client.version(), 1);

    // It asks only for what it lacks.
    let mut socket = rig.accept().await;
    let ClientFrame::Hello { resume, .. } = socket.next().await else {
        panic!("a greeting");
    };
    let held = Resume {
        epoch: "epoch".to_owned(),
        version: 1,
    };
    assert_eq!(resume, Some(held));
    socket
        .say_json(&json!([16, "c", "epoch", 2, 1, 3600]))
        .await;
    let delta = json!([18, 1, 2, 1_000_000, {"a": flag("new")}, ["gone"], {}, []]);
    socket.say_json(&delta).await;
    assert_eq!(rig.client.status(), Status::Live);
    assert_eq!(rig.client.string("a", &swede(), ""), "new");
    rig.client.close().await;
    let written = written(&path);
    assert_eq!(written["version"], 2);
    assert_eq!(written["flags"], json!({"a": flag("new")}));
}

#[tokio::test]
async fn a_file_that_is_damaged_or_of_another_key_is_ignored_and_replaced() {
    let (_folder, path) = folder();
    keep(&path, json!({"a": flag("kept")})).await;
    let good = fs::read_to_string(&path).expect("a file");
    for bad in [
        String::new(),
        good[..40].to_owned(),
        good[..good.len() - 20].to_owned(),
        good.replace("kept", "Kept"),
        good.replace("peekaboo-rules-1", "peekaboo-rules-9"),
    ] {
        fs::write(&path, &bad).expect("written");
        let rig = Rig::start(options(&path));
        assert_eq!(
            rig.client.string("a", &swede(), "default"),
            "default",
            "{bad}"
        );
    }
    fs::write(&path, &good).expect("written");
    let other = Client::builder("pbs_other").rules_file(&path);
    let rig = Rig::start(other);
    assert_eq!(rig.client.string("a", &swede(), "default"), "default");
    drop(rig);

    fs::write(&path, "nonsense").expect("written");
    let (rig, socket) = Rig::live(options(&path), json!({"a": flag("fresh")})).await;
    rig.client.close().await;
    drop(socket);
    assert_eq!(written(&path)["flags"]["a"], flag("fresh"));
    let left = fs::read_dir(path.parent().expect("a folder")).expect("listed");
    assert_eq!(left.count(), 1, "no temporary file is left");
}

#[tokio::test]
async fn a_file_that_cannot_be_written_changes_nothing_else() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let path = file.join("rules.json");
    let (rig, _socket) = Rig::live(options(&path), json!({"a": flag("there")})).await;
    assert_eq!(rig.client.string("a", &swede(), ""), "there");
    rig.client.close().await;
}

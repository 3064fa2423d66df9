//! Runs the example by a file, asks it, changes the file, and ends it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use std::{fs, path::Path};

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Longer than anything takes on a busy machine; nothing waits for it that does not fail.
const PATIENCE: Duration = Duration::from_mins(1);

struct Example {
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Example {
    async fn start(file: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_peekaboo-axum-example"))
            .env("PEEKABOO_FILE", file)
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the example starts");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let line = line_with(&mut output, "listening on ").await;
        let address = line.rsplit(' ').next().expect("an address").to_owned();
        Self {
            child,
            output,
            address,
        }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = client().get(format!("{}{path}", self.address)).send();
        answer.await.expect("an answer").json().await.expect("JSON")
    }
}

/// A client without TLS: the workspace's builds bring TLS with no provider to choose.
fn client() -> reqwest::Client {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls);
    client.build().expect("a client")
}

async fn line_with(output: &mut Lines<BufReader<ChildStdout>>, text: &str) -> String {
    let found = timeout(PATIENCE, async {
        loop {
            let line = output.next_line().await.expect("text");
            let line = line.expect("the example runs");
            if line.contains(text) {
                return line;
            }
        }
    });
    found.await.expect("the example says it in time")
}

fn write(file: &Path, theme: &str) {
    let ruleset = json!({"version": 1, "flags": {
        "new-checkout": {
            "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "version": 7,
            "rules": [{
                "id": "swedes", "serve": {"variation": "on"},
                "when": {"attribute": "country", "op": "in", "values": ["SE"]},
            }],
            "fallthrough": {"variation": "off"},
        },
        "hero-theme": {
            "type": "string", "enabled": true, "variations": {"dawn": "dawn", "fjord": "fjord"}, "version": 1,
            "fallthrough": {"variation": theme},
        },
        "layout": {
            "type": "object", "enabled": true, "variations": {"gallery": {"columns": 2, "ratings": true}}, "version": 1,
            "fallthrough": {"variation": "gallery"},
        },
    }});
    fs::write(file, ruleset.to_string()).expect("written");
}

#[tokio::test]
async fn the_example_decides_by_flags_follows_them_and_ends_when_it_is_told_to() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("flags.json");
    write(&file, "dawn");
    let mut example = Example::start(&file).await;
    assert_eq!(
        example.get("/checkout?user=user-1&country=SE").await,
        json!({
            "value": true, "variation": "on", "reason": "TARGETING_MATCH", "ruleId": "swedes", "ruleIndex": 0,
            "flagVersion": 7,
        })
    );
    assert_eq!(example.get("/checkout?country=NO").await["value"], false);
    assert_eq!(
        example.get("/shop").await,
        json!({"theme": "dawn", "columns": 2})
    );

    write(&file, "fjord");
    line_with(&mut example.output, "theme: Fjord since version 1").await;
    assert_eq!(example.get("/shop").await["theme"], "fjord");

    let purchase = client().post(format!("{}/purchase?user=user-1", example.address));
    assert_eq!(purchase.send().await.expect("an answer").status(), 204);

    let id = example.child.id().expect("it runs").to_string();
    let sent = Command::new("kill")
        .args(["-s", "TERM", &id])
        .status()
        .await;
    assert!(sent.expect("kill runs").success());
    let ended = timeout(PATIENCE, example.child.wait()).await;
    assert!(ended.expect("it ends").expect("a status").success());
}

//! What is given to operators speaks of metrics that a running hub really exports.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::{http_client, stream::Application, support::Hub};

fn repository(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Words of a text that are names of metrics of ours or of the process.
fn metrics_in(text: &str) -> BTreeSet<String> {
    text.split(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        .filter(|word| word.starts_with("peekaboo_") || word.starts_with("process_"))
        .map(|word| {
            ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|suffix| word.strip_suffix(suffix))
                .unwrap_or(word)
                .to_owned()
        })
        .collect()
}

/// Every `expr` and `query` anywhere in a dashboard.
fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "expr" || name == "query" => {
                        found.push(text.clone());
                    }
                    _ => expressions(member, found),
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|each| expressions(each, found)),
        _ => {}
    }
}

/// The metrics of a hub that has been used a little, and of an edge.
async fn exported() -> BTreeSet<String> {
    let hub = Hub::start(&["--demo"]).await;
    let _application = Application::connect(&hub).await.expect("a connection");
    hub.demo_visitor().await;
    let edge = Hub::edge(&hub.url("stream", ""), &["--key", "pbs_demo_production"]).await;
    let mut text = String::new();
    for node in [&hub, &edge] {
        let answer = http_client::get(node.url("metrics", "/metrics")).await;
        text += &answer.expect("metrics").text().await.expect("text");
    }
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn the_dashboard_and_the_alerts_name_metrics_that_there_are() {
    let exported = exported().await;
    let dashboard = repository("deploy/grafana/peekaboo.json");
    let mut panels = Vec::new();
    expressions(
        &serde_json::from_str(&dashboard).expect("JSON"),
        &mut panels,
    );
    assert!(panels.len() > 20, "the panels were found");
    let alerts = repository("deploy/prometheus/alerts.yml");
    let documented = repository("docs/metrics.md");
    for (place, named) in [
        ("the dashboard", metrics_in(&panels.join("\n"))),
        ("the alerts", metrics_in(&alerts)),
        ("docs/metrics.md", metrics_in(&documented)),
    ] {
        assert!(named.len() > 5, "{place} was read");
        // Histograms are exported from their first sample on.
        let unknown: Vec<_> = named
            .difference(&exported)
            .filter(|name| !name.ends_with("_seconds") || !documented.contains(*name))
            .collect();
        assert!(unknown.is_empty(), "{place} names {unknown:?}");
    }
}

#[tokio::test]
async fn every_metric_is_documented() {
    let documented = metrics_in(&repository("docs/metrics.md"));
    let exported = exported().await;
    let left_out: Vec<_> = exported.difference(&documented).collect();
    assert!(left_out.is_empty(), "docs/metrics.md lacks {left_out:?}");
}

#[test]
fn every_alert_has_an_entry_in_the_runbook() {
    let operations = repository("docs/operations.md");
    let alerts = repository("deploy/prometheus/alerts.yml");
    let names: Vec<_> = alerts
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert!(names.len() >= 10, "the alerts were found");
    for name in names {
        assert!(
            operations.contains(&format!("| `{name}` |")),
            "docs/operations.md does not say what to do about {name}"
        );
    }
}

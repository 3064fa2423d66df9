//! `docs/metrics.md` lists what this crate reports, and nothing else under its heading.

use std::{fs, path::Path};

use peekaboo_actors::MetricKind;
use peekaboo_tasks::METRICS;

#[test]
fn the_document_lists_every_metric_of_background_work() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/metrics.md");
    let document = fs::read_to_string(path).expect("the document");
    let section = document
        .split("\n## ")
        .find(|section| section.starts_with("Background work\n"));
    let rows = section
        .expect("the section")
        .lines()
        .filter(|line| line.starts_with("| `"));
    let documented: Vec<&str> = rows.collect();
    let real: Vec<String> = METRICS
        .iter()
        .map(|metric| {
            let kind = match metric.kind {
                MetricKind::Counter => "counter",
                MetricKind::Gauge => "gauge",
                MetricKind::Histogram => "histogram",
            };
            let labels: Vec<_> = metric
                .labels
                .iter()
                .map(|label| format!("`{label}`"))
                .collect();
            format!(
                "| `{}` | {kind} | {} | {} |",
                metric.name,
                labels.join(", "),
                metric.help
            )
        })
        .collect();
    assert_eq!(documented, real, "expected:\n{}", real.join("\n"));
}

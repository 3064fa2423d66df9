//! `docs/metrics.md` lists what this crate reports, and nothing else under its heading.

use std::{fs, path::Path};

use peekaboo_actors::{METRICS, MetricKind};

#[test]
fn the_document_lists_every_metric() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/metrics.md");
    let document = fs::read_to_string(path).expect("the document");
    let section = document
        .split("\n## ")
        .find(|section| section.starts_with("Streams and state\n"));
    let rows = section
        .expect("the section")
        .lines()
        .filter(|line| line.starts_with("| `peekaboo_"));
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

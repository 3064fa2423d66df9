//! What it costs to read a batch of events and a snapshot, and to write a ruleset's flags.
//!
//! `cargo bench -p peekaboo-protocol`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peekaboo_protocol::{Batch, ClientFrame, Encoded, ServerFrame};
use serde_json::{Map, Value, json};

/// As an application sends it every ten seconds.
fn batch() -> Value {
    let counts: Vec<_> = (0..100)
        .map(|n| {
            json!([
                format!("checkout-step-{n}"),
                7 + n,
                "variation-a",
                "TARGETING_MATCH",
                300 * n
            ])
        })
        .collect();
    let exposures: Vec<_> = (0..40)
        .map(|n| {
            json!({
                "flag": "new-checkout", "flagVersion": 7, "variation": "on", "targetingKey": format!("user-{n}"),
                "ageMillis": 900 + n
            })
        })
        .collect();
    let events: Vec<_> = (0..20)
        .map(|n| json!({"event": "purchase", "value": 12.5, "targetingKey": format!("user-{n}"), "ageMillis": 10}))
        .collect();
    json!({"id": "5f0c9a34", "counts": counts, "exposures": exposures, "events": events})
}

fn flags() -> Map<String, Value> {
    let flag = |n: u64| {
        json!({
            "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "salt": "c2a9", "version": n,
            "offVariation": "off", "clientVisible": true,
            "rules": [{
                "id": "r1", "when": {"attribute": "country", "op": "in", "values": ["DE", "SE", "FR"]},
                "serve": {"split": {"by": "targetingKey", "weights": [["on", 25_000], ["off", 75_000]]}}
            }],
            "fallthrough": {"variation": "off"}
        })
    };
    (0..1_000).map(|n| (format!("flag-{n}"), flag(n))).collect()
}

fn messages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    let events = ClientFrame::Events {
        batch: Encoded::of_json(&batch()),
    }
    .encode();
    group.throughput(Throughput::Bytes(events.len() as u64));
    group.bench_function("EVENTS of 160 entries", |bencher| {
        bencher.iter(|| match ClientFrame::decode(black_box(&events)) {
            Ok(ClientFrame::Events { batch }) => Batch::decode(&batch).expect("a batch"),
            other => panic!("{other:?}"),
        });
    });
    let snapshot = ServerFrame::Snapshot {
        version: 7,
        flags: flags(),
        segments: Some(Map::new()),
    }
    .encode();
    group.throughput(Throughput::Bytes(snapshot.len() as u64));
    group.bench_function("SNAPSHOT of 1,000 flags", |bencher| {
        bencher.iter(|| ServerFrame::decode(black_box(&snapshot)).expect("a snapshot"));
    });
    group.finish();

    let mut group = criterion.benchmark_group("write");
    let flags = Value::Object(flags());
    group.throughput(Throughput::Bytes(
        Encoded::of_json(&flags).as_bytes().len() as u64
    ));
    group.bench_function("1,000 flags", |bencher| {
        bencher.iter(|| Encoded::of_json(black_box(&flags)));
    });
    group.finish();
}

criterion_group!(benches, messages);
criterion_main!(benches);

//! What a read costs, with its evaluation counted, in a ruleset of a thousand flags.
//!
//! `cargo bench -p peekaboo-sdk --bench read`. The goal is under 50 ns for a handle's read of a plain flag, also while
//! another thread reads the same.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use criterion::{Criterion, criterion_group, criterion_main};
use peekaboo_sdk::{Client, Context};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

fn plain() -> Value {
    json!({
        "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "offVariation": "off",
        "fallthrough": {"variation": "on"}, "salt": "salt", "version": 1,
    })
}

fn text() -> Value {
    json!({
        "type": "string", "enabled": true, "variations": {"dawn": "dawn", "fjord": "fjord"}, "salt": "salt",
        "fallthrough": {"variation": "fjord"}, "version": 1,
    })
}

fn split_by_rule() -> Value {
    let mut flag = plain();
    flag["rules"] = json!([{
        "id": "r1", "serve": {"split": {"weights": [["on", 50_000], ["off", 50_000]]}},
        "when": {"all": [
            {"attribute": "country", "op": "in", "values": ["SE", "NO", "DK"]},
            {"attribute": "plan", "op": "in", "values": ["pro", "enterprise"]},
        ]},
    }]);
    flag
}

fn ruleset() -> Value {
    let mut flags: Map<_, _> = (0..1_000)
        .map(|index| (format!("flag-{index}"), plain()))
        .collect();
    flags.insert("plain".to_owned(), plain());
    flags.insert("text".to_owned(), text());
    flags.insert("split".to_owned(), split_by_rule());
    json!({"flags": flags})
}

fn reads(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    // No one answers there: what is counted stays here. Rules that come from no hub are not counted at all.
    let client = Client::builder("pbs_bench")
        .url("ws://127.0.0.1:9")
        .bootstrap(ruleset())
        .runtime(runtime.handle().clone())
        .build()
        .expect("a client");
    let nobody = Context::default();
    let user = Context::new("user-1")
        .with("country", "SE")
        .with("plan", "pro");

    let plain = client.flag("plain", false);
    criterion.bench_function("flag.get/plain", |bencher| {
        bencher.iter(|| plain.get(black_box(&nobody)));
    });
    let unknown = client.flag("unknown", false);
    criterion.bench_function("flag.get/unknown", |bencher| {
        bencher.iter(|| unknown.get(black_box(&nobody)));
    });
    let text = client.flag("text", String::new());
    criterion.bench_function("flag.with/string", |bencher| {
        bencher.iter(|| text.with(black_box(&nobody), String::len));
    });
    let split = client.flag("split", false);
    criterion.bench_function("flag.get/rule and split", |bencher| {
        bencher.iter(|| split.get(black_box(&user)));
    });
    criterion.bench_function("client.bool/plain", |bencher| {
        bencher.iter(|| client.bool(black_box("plain"), black_box(&nobody), false));
    });
    criterion.bench_function("client.bool/rule and split", |bencher| {
        bencher.iter(|| client.bool(black_box("split"), black_box(&user), false));
    });

    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                black_box(plain.get(black_box(&nobody)));
            }
        });
        criterion.bench_function("flag.get/plain, beside another thread", |bencher| {
            bencher.iter(|| plain.get(black_box(&nobody)));
        });
        is_over.store(true, Ordering::Relaxed);
    });
}

criterion_group!(benches, reads);
criterion_main!(benches);

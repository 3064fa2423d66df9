//! What an evaluation costs, key lookup included, in a ruleset of a thousand flags.
//!
//! `cargo bench -p peekaboo-bench --bench evaluate`. Goals: a plain flag below 25 ns, three rules of two clauses with a
//! split below 150 ns. `peekaboo-bench evaluate` tells the same in short.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use peekaboo_bench::evaluation::{CASES, Case, context, ruleset, three_rules};
use peekaboo_flags::{Changes, Flag};
use serde::Deserialize as _;

fn evaluation(criterion: &mut Criterion) {
    let ruleset = ruleset();
    let context = context();
    let mut group = criterion.benchmark_group("evaluate");
    for Case {
        name, flag, reason, ..
    } in CASES
    {
        assert_eq!(ruleset.evaluate(flag, &context).reason, reason, "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| ruleset.evaluate(black_box(flag), black_box(&context)));
        });
    }
    group.bench_function(
        "three rules of two clauses with a split, traced",
        |bencher| {
            bencher.iter(|| ruleset.evaluate_traced(black_box("three-rules"), black_box(&context)));
        },
    );
    group.finish();
}

fn change(criterion: &mut Criterion) {
    let ruleset = ruleset();
    let flag = Flag::deserialize(three_rules()).expect("a flag");
    let changes = Changes {
        put_flags: [("flag-7".to_owned(), flag)].into(),
        ..Changes::default()
    };
    let mut group = criterion.benchmark_group("change");
    group.bench_function("one of 1,000 flags", |bencher| {
        bencher.iter(|| ruleset.with(black_box(&changes)));
    });
    group.bench_function("flags affected", |bencher| {
        bencher.iter(|| ruleset.affected_by(black_box(&changes)));
    });
    group.finish();
}

criterion_group!(benches, evaluation, change);
criterion_main!(benches);

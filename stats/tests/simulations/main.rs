//! What the methods promise, on simulated experiments with fixed seeds: false positives under continuous looking,
//! coverage, power, and how soon guarded rollouts notice harm.
//!
//! Each test runs a few hundred experiments. The full figures of `docs/statistics.md` come from
//! `cargo test --release -p peekaboo-stats --test simulations -- --ignored --nocapture`.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

mod coverage;
mod experiment;
mod guarded;
mod looking;
mod power;
mod report;

/// How many experiments a quick test runs, and the full one.
const QUICK: u64 = 200;
const FULL: u64 = 10_000;

#[test]
#[ignore = "takes minutes; runs nightly"]
fn full_figures() {
    report::print(FULL);
}

//! The figures of `docs/statistics.md`, as its tables.

use peekaboo_stats::Side;

use crate::{
    coverage, guarded, looking,
    power::{self, sizes},
};

#[expect(clippy::print_stdout, reason = "the figures are read by people")]
fn heading(title: &str, figure: &str) {
    println!("\n{title}\n\n| what | {figure} |\n| --- | ---: |");
}

#[expect(clippy::print_stdout, reason = "the figures are read by people")]
fn row(what: &str, figure: &str) {
    println!("| {what} | {figure} |");
}

/// A share, which must be at most `bound` if there is one.
fn at_most(what: &str, share: f64, bound: Option<f64>) {
    row(what, &format!("{:.2} %", 100.0 * share));
    let bound = bound.unwrap_or(1.0);
    assert!(share <= bound, "{what}: {share} is above {bound}");
}

/// A number of units, which must be at most `bound`.
fn units_at_most(what: &str, units: u64, bound: u64) {
    row(what, &units.to_string());
    assert!(units <= bound, "{what}: {units} is above {bound}");
}

/// Prints every figure, and fails where one is worse than promised.
pub(crate) fn print(experiments: u64) {
    false_positives(experiments);
    intervals(experiments);
    found(experiments);
    rollouts(experiments);
}

fn false_positives(experiments: u64) {
    heading(
        "False positives at α = 5 %, looking 200 times up to 20,000 units per arm",
        "share",
    );
    for rate in [0.01, 0.1] {
        let percent = 100.0 * rate;
        at_most(
            &format!("fixed test, misused, {percent} % conversion"),
            looking::naive(rate, experiments),
            None,
        );
    }
    for rate in [0.002, 0.01, 0.1] {
        let percent = 100.0 * rate;
        for (name, side) in [("two-sided", Side::Two), ("one-sided", Side::Greater)] {
            let share = looking::sequence(rate, side, experiments);
            at_most(
                &format!("sequence, {name}, {percent} % conversion"),
                share,
                Some(0.05),
            );
        }
    }
    for rate in [0.002, 0.01] {
        let percent = 100.0 * rate;
        let share = looking::early_sequence(rate, experiments);
        let what = format!("sequence planned for 2,000 units, absolute, {percent} % conversion");
        at_most(&what, share, Some(0.05));
        let share = looking::relative_sequence(rate, false, experiments);
        at_most(
            &format!("the same, relative, {percent} % conversion"),
            share,
            None,
        );
        let share = looking::relative_sequence(rate, true, experiments);
        let what =
            format!("the same, relative, hidden below 5 standard errors, {percent} % conversion");
        at_most(&what, share, None);
    }
    for rate in [0.001, 0.01, 0.1] {
        let share = looking::rare_errors(rate, experiments);
        at_most(
            &format!("test of rare errors, {} % of units", 100.0 * rate),
            share,
            Some(0.05),
        );
    }
    heading(
        "False alarms of the sample ratio at 0.001, looking 500 times",
        "share",
    );
    at_most(
        "chi-square, misused",
        looking::sample_ratio(false, experiments),
        None,
    );
    at_most(
        "sequential",
        looking::sample_ratio(true, experiments),
        Some(0.001),
    );
}

fn intervals(experiments: u64) {
    heading("Coverage of 95 % intervals", "share that hold the truth");
    let chance = 5.0 * (0.05f64 * 0.95 / experiments as f64).sqrt();
    for (what, share) in [
        ("fixed, one look", coverage::fixed(experiments)),
        (
            "adjusted by CUPED, relative, one look",
            coverage::adjusted(experiments),
        ),
        (
            "credible, flat prior, one look",
            coverage::credible(experiments),
        ),
        (
            "sequence, at all of 200 looks",
            coverage::sequence(experiments),
        ),
        (
            "odds of rare errors, at all of 100 looks",
            coverage::rare_odds(experiments),
        ),
    ] {
        at_most(what, share, None);
        assert!(share >= 0.95 - chance, "{what}: {share}");
    }
}

fn found(experiments: u64) {
    heading("Power for 10 % → 12 %, planned for 80 %", "figure");
    let (once, always) = sizes();
    let (share, median) = power::sequence(experiments);
    row("fixed test: units per arm", &once.to_string());
    at_most("fixed test: found", power::fixed(experiments), None);
    row("sequence: planned units per arm", &always.to_string());
    at_most("sequence: found by then", share, None);
    row(
        "sequence: median units per arm when found",
        &median.to_string(),
    );
    assert!(share >= 0.8, "{share}");
}

fn rollouts(experiments: u64) {
    heading(
        "Guarded rollouts at α = 5 %, by the test of rare errors",
        "figure",
    );
    for (guardrails, bounds) in [(1, [650, 21_000]), (3, [900, 29_000])] {
        let one = guarded::median_units(0.01, 0.03, guardrails, experiments);
        let what = format!("1 % → 3 %, {guardrails} guardrail(s): median units per arm");
        units_at_most(&what, one, bounds[0]);
        let tenth = guarded::median_units(0.001, 0.002, guardrails, experiments);
        let what = format!("0.1 % → 0.2 %, {guardrails} guardrail(s): median units per arm");
        units_at_most(&what, tenth, bounds[1]);
        let share = guarded::false_rollbacks(0.01, guardrails, 20_000, experiments);
        at_most(
            &format!("no harm, {guardrails} guardrail(s): rolled back"),
            share,
            Some(0.05),
        );
    }
    let share = guarded::false_advances(0.01, 20_000, experiments);
    at_most("harm as great as the margin: let go on", share, Some(0.05));
}

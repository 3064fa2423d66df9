//! A brief run of every target: its corpus, then variations of it, always the same ones.
//!
//! A finding is printed as the smallest input that shows it. It belongs into `corpus` once it is understood, so that
//! every run from then on begins with it.

mod variation;

use std::fs;
use std::path::Path;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use variation::{any_bytes, of_bytes, of_json};

/// The files that are committed for a target, and those of `more`, a folder of the repository.
fn corpus(target: &str, more: Option<&str>) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    let folders = [
        Some(root.join("corpus").join(target)),
        more.map(|folder| root.join("..").join(folder)),
    ];
    for folder in folders.into_iter().flatten() {
        let entries = fs::read_dir(folder).expect("a corpus");
        paths.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    paths.sort();
    let files: Vec<_> = paths
        .iter()
        .map(|path| fs::read(path).expect("a file"))
        .collect();
    assert!(files.len() > 1, "the corpus of {target} was found");
    files
}

fn run(inputs: &impl Strategy<Value = Vec<u8>>, cases: u32, check: fn(&[u8])) {
    let config = Config {
        cases,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(inputs, |input| {
        check(&input);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

fn run_bytes(target: &str, cases: u32, check: fn(&[u8])) {
    let corpus = corpus(target, None);
    for input in &corpus {
        check(input);
    }
    run(&of_bytes(corpus), cases, check);
    run(&any_bytes(), cases / 4, check);
}

fn run_json(target: &str, more: Option<&str>, cases: u32, check: fn(&[u8])) {
    let corpus = corpus(target, more);
    for input in &corpus {
        check(input);
    }
    run(&of_json(&corpus), cases, check);
    run(&of_bytes(corpus), cases / 4, check);
}

#[test]
fn rulesets_evaluate_the_same_with_a_trace_and_read_back() {
    run_json("evaluate", None, 3_000, peekaboo_fuzz::evaluate::check);
}

#[test]
fn regular_expressions_are_compiled_or_refused() {
    run_bytes("pattern", 2_000, peekaboo_fuzz::pattern::check);
}

#[test]
fn frames_mean_the_same_in_whatever_pieces_they_arrive() {
    run_bytes("frames", 4_000, peekaboo_fuzz::frames::check);
}

#[test]
fn messages_read_back_and_batches_mean_the_same_by_both_ways() {
    run_bytes("messages", 8_000, peekaboo_fuzz::messages::check);
}

#[test]
fn every_ofrep_body_is_answered_and_none_makes_the_hub_fail() {
    run_json("ofrep", None, 600, peekaboo_fuzz::ofrep::check);
}

#[test]
fn imported_files_are_refused_or_read_back_from_their_own_text() {
    run_json(
        "import",
        Some("migrate/tests/files"),
        600,
        peekaboo_fuzz::import::check,
    );
}

//! Single evaluations in other platforms' engines, for `peekaboo-bench evaluate --compare`.
//!
//! Each has a thousand plain flags and one of three rules, and a context: those of `bench/src/evaluation.rs`, as near as
//! the engine comes to them. Its module says where it differs. What was measured is printed as one JSON document.

mod launchdarkly;
#[path = "../../../src/samples.rs"]
mod samples;
mod unleash;

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Serialize;

/// The flags to evaluate, by the keys that they have in the bench.
const PLAIN: &str = "flag-500";
const THREE_RULES: &str = "three-rules";

/// The versions that this program is built with.
const LOCK: &str = include_str!("../Cargo.lock");

/// What is printed.
#[derive(Serialize)]
struct Document {
    engines: Vec<Engine>,
}

/// What one engine takes.
#[derive(Serialize)]
struct Engine {
    name: &'static str,
    #[serde(rename = "crate")]
    package: &'static str,
    version: &'static str,
    /// The nanoseconds of an evaluation, by the flag's key.
    nanos: BTreeMap<&'static str, f64>,
}

fn main() -> anyhow::Result<()> {
    let engines = vec![
        Engine {
            name: "launchdarkly",
            package: launchdarkly::PACKAGE,
            version: version(launchdarkly::PACKAGE)?,
            nanos: launchdarkly::measure().context("launchdarkly")?,
        },
        Engine {
            name: "unleash",
            package: unleash::PACKAGE,
            version: version(unleash::PACKAGE)?,
            nanos: unleash::measure().context("unleash")?,
        },
    ];
    println!("{}", serde_json::to_string_pretty(&Document { engines })?);
    Ok(())
}

/// The keys of a thousand plain flags.
fn plain_keys() -> impl Iterator<Item = String> {
    (0..1_000).map(|index| format!("flag-{index}"))
}

/// The version of a package in the lock file, since not every engine tells its own.
fn version(package: &str) -> anyhow::Result<&'static str> {
    let name = format!("name = \"{package}\"\nversion = \"");
    let after = LOCK.split_once(&name).map(|(_, after)| after);
    let version = after.and_then(|after| after.split_once('"'));
    let (version, _) = version.with_context(|| format!("{package} is not in Cargo.lock"))?;
    Ok(version)
}

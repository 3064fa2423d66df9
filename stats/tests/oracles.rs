//! Runs every case of `stats/conformance`, or of the folder that `PEEKABOO_STATS_CASES` names: `make test` makes fresh
//! cases there.
//!
//! The expected numbers come from other implementations, by `stats/oracles`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use peekaboo_stats::{
    Alpha, Baseline, Design, Looks, RareErrors, Scale, Side, analyze, benjamini_hochberg, holm,
    ln_bayes_factor, units_to_catch,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// How far numbers may be apart, relative to their size.
const TOLERANCE: f64 = 1e-9;

/// What a number near zero may be off by: where two large numbers cancel, no implementation has more digits.
const ROUNDING: f64 = 1e-12;

/// Fewer mean that files went missing.
const FEWEST_CASES: usize = 350;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "description")]
    _description: String,
    function: String,
    #[serde(rename = "source")]
    _source: String,
    /// Numbers are rounded to so many digits after the point.
    digits: Option<i32>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    input: Value,
    expect: Value,
}

#[derive(Deserialize)]
struct Family {
    #[serde(rename = "pValues")]
    p_values: Vec<f64>,
}

#[derive(Deserialize)]
struct Counts {
    observed: Vec<u64>,
    weights: Vec<f64>,
}

#[derive(Deserialize)]
struct Errors {
    control: u64,
    treatment: u64,
    odds: f64,
    alpha: f64,
}

#[derive(Deserialize)]
struct Rates {
    control: f64,
    treatment: f64,
    alpha: f64,
    caught: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Planned {
    baseline: Metric,
    lift: f64,
    control_units: u64,
    ratio: f64,
    side: String,
    looks: String,
    scale: String,
    alpha: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Metric {
    Proportion { proportion: f64 },
    Mean { mean: f64, variance: f64 },
}

fn run(function: &str, input: &Value) -> Value {
    match function {
        "analyze" => {
            let answer = analyze(input).unwrap_or_else(|error| panic!("{error}"));
            serde_json::to_value(answer).expect("JSON")
        }
        "holm" => json!(holm(&read::<Family>(input).p_values)),
        "benjaminiHochberg" => json!(benjamini_hochberg(&read::<Family>(input).p_values)),
        "lnBayesFactor" => {
            let Counts { observed, weights } = read(input);
            json!(ln_bayes_factor(&observed, &weights).expect("weights"))
        }
        "rareErrors" => rare_errors(&read(input)),
        "unitsToCatch" => {
            let rates: Rates = read(input);
            let alpha = Alpha::new(rates.alpha).expect("a rate");
            let units = units_to_catch(rates.control, rates.treatment, alpha, rates.caught);
            json!(units.expect("a number"))
        }
        "power" => power(&read(input)),
        other => panic!("unknown function {other}"),
    }
}

fn rare_errors(input: &Errors) -> Value {
    let alpha = Alpha::new(input.alpha).expect("a rate");
    let errors = RareErrors {
        control: input.control,
        treatment: input.treatment,
    };
    json!({
        "lnEvidenceAbove": errors.ln_evidence_above(input.odds),
        "lnEvidenceBelow": errors.ln_evidence_below(input.odds),
        "lowerOdds": errors.lower_odds(alpha),
        "upperOdds": errors.upper_odds(alpha),
    })
}

fn power(input: &Planned) -> Value {
    let design = Design {
        baseline: match input.baseline {
            Metric::Proportion { proportion } => Baseline::Proportion(proportion),
            Metric::Mean { mean, variance } => Baseline::Mean { mean, variance },
        },
        scale: if input.scale == "relative" {
            Scale::Relative
        } else {
            Scale::Absolute
        },
        looks: if input.looks == "once" {
            Looks::Once
        } else {
            Looks::Always
        },
        side: match input.side.as_str() {
            "greater" => Side::Greater,
            "less" => Side::Less,
            _ => Side::Two,
        },
        alpha: Alpha::new(input.alpha).expect("a rate"),
        power: 0.8,
        ratio: input.ratio,
    };
    json!(
        design
            .power(input.lift, input.control_units)
            .expect("a design")
    )
}

fn read<T: for<'de> Deserialize<'de>>(input: &Value) -> T {
    T::deserialize(input).unwrap_or_else(|error| panic!("{error}: {input}"))
}

/// The first difference, by its place.
fn difference(
    actual: &Value,
    expected: &Value,
    digits: Option<i32>,
    place: &str,
) -> Option<String> {
    let differ = || Some(format!("{place}: {actual} instead of {expected}"));
    match (actual, expected) {
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .find_map(|(index, (left, right))| {
                difference(left, right, digits, &format!("{place}[{index}]"))
            }),
        (Value::Object(left), Value::Object(right)) if left.len() == right.len() => {
            right.iter().find_map(|(name, right)| {
                let left = left.get(name).unwrap_or(&Value::Null);
                difference(left, right, digits, &format!("{place}.{name}"))
            })
        }
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (left.as_f64()?, right.as_f64()?);
            let bound = digits.map_or((TOLERANCE * right.abs()).max(ROUNDING), |digits| {
                0.501 * 10f64.powi(-digits)
            });
            if (left - right).abs() <= bound {
                None
            } else {
                differ()
            }
        }
        _ if actual == expected => None,
        _ => differ(),
    }
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    paths
}

/// Runs every case of a folder; returns how many there are.
fn check(folder: &Path) -> usize {
    let mut differences = Vec::new();
    let mut count = 0;
    for path in cases(folder) {
        let text = fs::read_to_string(&path).expect("a file");
        let file: File = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &file.cases {
            let actual = run(&file.function, &case.input);
            let place = format!("{} {}", path.display(), case.name);
            differences.extend(difference(&actual, &case.expect, file.digits, &place));
            count += 1;
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    count
}

#[test]
fn every_case_agrees_with_other_implementations() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let folder = env::var_os("PEEKABOO_STATS_CASES").map_or(kept, PathBuf::from);
    let count = check(&folder);
    assert!(
        count >= FEWEST_CASES,
        "only {count} cases in {}",
        folder.display()
    );
}

//! Questions as people ask them, by file: their shape, defaults, errors and warnings. The numbers are compared with
//! independent implementations by `oracles.rs`.

use peekaboo_stats::analyze;
use serde_json::{Value, json};

fn answer(question: &Value) -> Value {
    let answer = analyze(question).unwrap_or_else(|error| panic!("{error}"));
    serde_json::to_value(answer).expect("JSON")
}

fn refusal(question: &Value) -> String {
    analyze(question).expect_err("a refusal").to_string()
}

/// A question with some fields replaced.
fn question(changes: &Value) -> Value {
    let mut question = json!({
        "metric": "mean", "difference": "relative", "method": "fixed", "side": "two", "alpha": 0.05,
        "plannedUnits": 10_000, "prior": {"mean": 0, "variance": 0.3, "proper": true},
        "arms": [
            {"name": "control", "units": 3407, "sum": 1396.87, "sumSquares": 52_377.976_7},
            {"name": "treatment", "units": 3461, "sum": 2422.7, "sumSquares": 134_698.29}]
    });
    for (name, value) in changes.as_object().expect("an object") {
        question[name] = value.clone();
    }
    question
}

fn arms(control: &Value, treatment: &Value) -> Value {
    let named = |name: &str, arm: &Value| {
        let mut arm = arm.clone();
        arm["name"] = json!(name);
        arm
    };
    json!([named("control", control), named("treatment", treatment)])
}

fn close(actual: &Value, expected: f64) {
    let number = actual.as_f64().unwrap_or(f64::NAN);
    assert!(
        (number - expected).abs() < 5e-6,
        "{actual} instead of {expected}"
    );
}

fn warnings(answer: &Value) -> Vec<&str> {
    let warnings = answer["warnings"].as_array().expect("warnings");
    warnings.iter().filter_map(Value::as_str).collect()
}

#[test]
fn a_published_example_comes_to_its_published_numbers() {
    let answer = answer(&question(&json!({})));
    let arm = &answer["arms"][0];
    assert_eq!(arm["name"], "treatment");
    close(&arm["estimate"], 0.70732);
    close(&arm["standardError"], 0.37879);
    close(&arm["lower"], -0.03526);
    close(&arm["upper"], 1.44989);
    close(&arm["pValue"], 0.06191);
}

#[test]
fn each_arm_but_the_control_has_one_entry_with_exactly_these_fields() {
    let mut three = question(&json!({}));
    let other = json!({"name": "other", "units": 3400, "sum": 1500.0, "sumSquares": 60_000.0});
    three["arms"].as_array_mut().expect("a list").push(other);
    let frequentist = answer(&three);
    let names: Vec<_> = frequentist["arms"]
        .as_array()
        .expect("arms")
        .iter()
        .map(|arm| &arm["name"])
        .collect();
    assert_eq!(names, ["treatment", "other"]);
    let fields = |answer: &Value| {
        let fields = answer["arms"][0].as_object().expect("an object").keys();
        fields.cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        fields(&frequentist),
        "estimate lower name pValue standardError upper"
    );
    three["method"] = json!("bayesian");
    assert_eq!(
        fields(&answer(&three)),
        "chanceToWin estimate lower name risk standardError upper"
    );
    assert_eq!(answer(&three)["warnings"], json!([]));
}

#[test]
fn a_one_sided_alternative_leaves_the_other_side_unbounded() {
    for method in ["fixed", "sequential"] {
        let greater = answer(&question(&json!({"side": "greater", "method": method})));
        assert_eq!(greater["arms"][0]["upper"], Value::Null);
        assert!(greater["arms"][0]["lower"].is_number());
        let less = answer(&question(&json!({"side": "less", "method": method})));
        assert_eq!(less["arms"][0]["lower"], Value::Null);
        assert!(less["arms"][0]["upper"].is_number());
    }
}

#[test]
fn a_list_of_questions_has_a_list_of_answers() {
    let single = question(&json!({}));
    let ratio = json!({"test": "sampleRatio", "method": "fixed", "observed": [1000, 1200], "expected": [0.5, 0.5]});
    let answers = answer(&json!([single, ratio]));
    assert_eq!(answers[0], answer(&single));
    close(&answers[1]["pValue"], 2.0098e-5);
    assert_eq!(answer(&json!([])), json!([]));
}

#[test]
fn defaults_are_five_percent_two_sided_relative_and_sequential() {
    let full = question(&json!({"method": "sequential"}));
    let mut short = full.clone();
    for name in ["method", "difference", "side", "alpha", "prior"] {
        short.as_object_mut().expect("an object").remove(name);
    }
    assert_eq!(answer(&short), answer(&full));
}

#[test]
fn fewer_better_turns_the_bayesian_view_around() {
    let greater = answer(&question(&json!({"method": "bayesian"})));
    let less = answer(&question(&json!({"method": "bayesian", "side": "less"})));
    let chance = |answer: &Value| answer["arms"][0]["chanceToWin"].as_f64().expect("a number");
    assert!((chance(&greater) + chance(&less) - 1.0).abs() < 1e-12);
    assert_eq!(greater["arms"][0]["lower"], less["arms"][0]["lower"]);
}

#[test]
fn a_prior_that_is_not_proper_is_flat() {
    let mut absent = question(&json!({"method": "bayesian"}));
    absent["prior"] = Value::Null;
    let flat = question(
        &json!({"method": "bayesian", "prior": {"mean": 5, "variance": 1, "proper": false}}),
    );
    assert_eq!(answer(&absent), answer(&flat));
}

#[test]
fn doubtful_data_is_answered_with_a_warning() {
    let coin = |units: u64, sum: f64| json!({"units": units, "sum": sum});
    let ask = |control: Value, treatment: Value| {
        answer(&question(
            &json!({"metric": "proportion", "arms": arms(&control, &treatment)}),
        ))
    };
    assert_eq!(
        warnings(&ask(coin(1000, 300.0), coin(99, 30.0))),
        ["treatment: has 99 units; below 100 the interval and the p-value are not reliable"]
    );
    assert_eq!(
        warnings(&ask(coin(1000, 9.0), coin(1000, 30.0))),
        [
            "control: is within 5 standard errors of 0, so the relative difference is not reliable; decide by the \
          absolute one"
        ]
    );
    let constant = ask(coin(1000, 300.0), coin(1000, 0.0));
    assert_eq!(
        warnings(&constant),
        ["treatment: shows no variance, so nothing can be concluded from the difference yet"]
    );
    assert_eq!(
        constant["arms"][0],
        json!({"name": "treatment", "estimate": -1.0, "standardError": null, "lower": null, "upper": null, "pValue": 1.0})
    );
    let without_baseline = ask(coin(1000, 0.0), coin(1000, 30.0));
    assert!(
        warnings(&without_baseline).contains(
            &"control: is 0, so there is no relative difference; ask for the absolute one"
        )
    );
    assert_eq!(without_baseline["arms"][0]["estimate"], Value::Null);
    let empty = ask(coin(0, 0.0), coin(1000, 30.0));
    assert_eq!(
        warnings(&empty),
        ["control: there is nothing to estimate from, so it cannot be compared"]
    );
    assert_eq!(empty["arms"][0]["pValue"], 1.0);
}

#[test]
fn a_quantile_is_answered_with_the_sample_of_its_interval() {
    let arm = |shift: f64| {
        json!({"units": 2000, "quantile": 0.9, "estimate": 30.0 + shift, "lower": 29.0 + shift, "upper": 31.5 + shift,
               "sampleUnits": 1000})
    };
    let ask = |method: &str| {
        answer(&question(
            &json!({"metric": "quantile", "difference": "absolute", "method": method,
                                  "arms": arms(&arm(0.0), &arm(1.0))}),
        ))
    };
    let fixed = ask("fixed");
    close(&fixed["arms"][0]["estimate"], 1.0);
    let half_width = 1.25 / 1.959_963_985 * (1000.0 * 1999.0 / (2000.0 * 2000.0) * 2.0f64).sqrt();
    close(&fixed["arms"][0]["standardError"], half_width);
    assert!(warnings(&fixed).is_empty());
    assert!(
        warnings(&ask("sequential"))[0].starts_with("a quantile's interval is valid for one look")
    );
}

#[test]
fn few_observations_have_no_extreme_quantile() {
    let arm = json!({"units": 300, "quantile": 0.99, "estimate": 5.0, "lower": 4.0, "upper": 6.0});
    let answer = answer(&question(
        &json!({"metric": "quantile", "arms": arms(&arm, &arm)}),
    ));
    assert_eq!(answer["arms"][0]["pValue"], 1.0);
    assert_eq!(
        warnings(&answer)[0],
        "control: has too few observations for an interval of this quantile"
    );
}

#[test]
fn a_malformed_question_is_refused_by_the_name_of_the_field() {
    for (changes, expected) in [
        (
            json!({"metric": null}),
            "metric: is missing; it is one of \"mean\", \"proportion\", \"ratio\", \"adjusted\", \"quantile\"",
        ),
        (
            json!({"metric": "median"}),
            "metric: must be one of \"mean\", \"proportion\", \"ratio\", \"adjusted\", \"quantile\", not \"median\"",
        ),
        (
            json!({"alpha": 5}),
            "alpha: must be above 0 and below 0.5, not 5",
        ),
        (
            json!({"alpha": "5 %"}),
            "alpha: must be a number, not \"5 %\"",
        ),
        (
            json!({"method": "sequential", "plannedUnits": null}),
            "plannedUnits: is missing; a sequential test needs it",
        ),
        (
            json!({"method": "sequential", "plannedUnits": 0}),
            "plannedUnits: must be above 0",
        ),
        (
            json!({"prior": {"mean": 0, "variance": 0}}),
            "prior.variance: must be above 0, not 0",
        ),
        (json!({"prior": {"mean": 0}}), "prior.variance: is missing"),
        (
            json!({"prior": {"varience": 1, "proper": false}}),
            "prior.varience: is not a known field",
        ),
        (json!({"planned": 7}), "planned: is not a known field"),
        (
            json!({"test": "aa"}),
            "test: must be \"sampleRatio\" or absent, not \"aa\"",
        ),
        (json!({"arms": {}}), "arms: must be a list, not {}"),
        (
            json!({"arms": []}),
            "arms: must hold the control and at least one more arm",
        ),
        (json!({"arms": [7]}), "arms[0]: must be an object, not 7"),
    ] {
        assert_eq!(refusal(&question(&changes)), expected);
    }
    assert_eq!(refusal(&json!(7)), "question: must be an object, not 7");
    assert_eq!(
        refusal(&json!([question(&json!({})), {}]))
            .split(':')
            .next(),
        Some("[1].metric")
    );
}

#[test]
fn sums_that_no_data_has_are_refused() {
    let good = json!({"units": 100, "sum": 50.0, "sumSquares": 40.0, "preSum": 50.0, "preSumSquares": 40.0,
                      "denominatorSum": 50.0, "denominatorSumSquares": 40.0, "productSum": 30.0});
    for (metric, name, value, expected) in [
        (
            "mean",
            "sumSquares",
            json!(20),
            "is too small: with this `sum` and `units` it is at least 25",
        ),
        (
            "mean",
            "units",
            json!(-3),
            "must be a whole number from 0 on, not -3",
        ),
        (
            "mean",
            "units",
            json!(1.5),
            "must be a whole number from 0 on, not 1.5",
        ),
        ("mean", "sum", json!(null), "is missing"),
        (
            "proportion",
            "sum",
            json!(101),
            "of a proportion must be from 0 to `units`, which is 100, not 101",
        ),
        (
            "adjusted",
            "preSumSquares",
            json!(1),
            "is too small: with this `preSum` and `units` it is at least 25",
        ),
        (
            "adjusted",
            "productSum",
            json!(41),
            "is not possible with these sums of squares: its magnitude is at most 40",
        ),
        ("ratio", "denominatorSum", json!(null), "is missing"),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        let question = question(&json!({"metric": metric, "arms": arms(&good, &bad)}));
        assert_eq!(refusal(&question), format!("arms[1].{name}: {expected}"));
    }
}

#[test]
fn arms_that_do_not_match_are_refused() {
    let arm = |level: f64| json!({"units": 3000, "quantile": level, "estimate": 5.0, "lower": 4.0, "upper": 6.0});
    let mixed = question(&json!({"metric": "quantile", "arms": arms(&arm(0.5), &arm(0.9))}));
    assert_eq!(
        refusal(&mixed),
        "arms[1].quantile: must be the same in every arm"
    );
    let mut twice = question(&json!({}));
    twice["arms"][1]["name"] = json!("control");
    assert_eq!(
        refusal(&twice),
        "arms[1].name: must be unique, and \"control\" is not"
    );
}

#[test]
fn a_sample_ratio_that_cannot_be_tested_is_refused() {
    let ask = |observed: Value, expected: Value| {
        refusal(&json!({"test": "sampleRatio", "observed": observed, "expected": expected}))
    };
    assert_eq!(
        ask(json!([1, 2]), json!([1])),
        "expected: there must be as many weights as counts"
    );
    assert_eq!(
        ask(json!([1, 2]), json!([1, 0])),
        "expected: at least two weights must be above 0"
    );
    assert_eq!(
        ask(json!([1, -2]), json!([1, 1])),
        "observed[1]: must be a whole number from 0 on, not -2"
    );
    assert_eq!(
        ask(json!([1, 2]), json!([1, -1])),
        "expected[1]: must be a number from 0 on, not -1"
    );
}

#[test]
fn numbers_of_any_size_are_answered_with_a_chance_from_zero_to_one() {
    let sizes = [0.0, 1e-300, 1e-150, 1.0, 1e150, 1e300];
    let units = [0u64, 1, 2, 100, 1_000_000_007, 9_007_199_254_740_992];
    let mut answered = 0;
    for (sum, squares) in sizes
        .iter()
        .flat_map(|sum| sizes.map(|squares| (*sum, squares)))
    {
        for count in units {
            let arm = json!({"units": count, "sum": sum, "sumSquares": squares, "denominatorSum": squares,
                "denominatorSumSquares": squares * squares, "preSum": sum, "preSumSquares": squares, "productSum": 0,
                "quantile": 0.9, "estimate": sum, "lower": -squares, "upper": squares});
            let plain = json!({"units": 1000, "sum": 500.0, "sumSquares": 400.0, "denominatorSum": 900.0,
                "denominatorSumSquares": 1000.0, "preSum": 500.0, "preSumSquares": 400.0, "productSum": 300.0,
                "quantile": 0.9, "estimate": 5.0, "lower": 4.0, "upper": 6.0});
            for metric in ["mean", "proportion", "ratio", "adjusted", "quantile"] {
                for method in ["fixed", "sequential", "bayesian"] {
                    for arms in [arms(&arm, &plain), arms(&plain, &arm)] {
                        let question =
                            question(&json!({"metric": metric, "method": method, "arms": arms}));
                        // Sums that no data has are refused, which is an answer too.
                        let Ok(answer) = analyze(&question) else {
                            continue;
                        };
                        let arm = serde_json::to_value(answer).expect("JSON")["arms"][0].clone();
                        let name = if method == "bayesian" {
                            "chanceToWin"
                        } else {
                            "pValue"
                        };
                        let chance = arm[name].as_f64().unwrap_or(f64::NAN);
                        assert!((0.0..=1.0).contains(&chance), "{question} {arm}");
                        answered += 1;
                    }
                }
            }
        }
    }
    assert!(answered > 3_000, "{answered}");
}

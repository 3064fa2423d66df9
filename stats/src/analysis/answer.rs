//! Answers, which serialize to the JSON that `docs/statistics.md` describes.

use serde::Serialize;

use super::caution::Caution;
use crate::Bounds;

/// The answer to a question, of the same shape.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// How arms differ from the control.
    Comparison(ComparisonAnswer),
    /// Whether units reached the arms as planned.
    SampleRatio(SampleRatioAnswer),
    /// An answer to each question of a list.
    Several(Vec<Answer>),
}

/// How arms differ from the control.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ComparisonAnswer {
    /// One for each arm but the control, in the order of the question.
    pub arms: Vec<ArmAnswer>,
    /// Why to doubt a number, or why it is absent, in sentences.
    pub warnings: Vec<String>,
}

/// How one arm differs from the control.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArmAnswer {
    /// The arm's name.
    pub name: String,
    /// The difference; the posterior's mean in the Bayesian view. `None` where there is nothing to estimate from.
    pub estimate: Option<f64>,
    /// Its standard error; the posterior's standard deviation in the Bayesian view. `None` where it is unknown.
    pub standard_error: Option<f64>,
    /// The lower end of the interval; `None` where it is unbounded.
    pub lower: Option<f64>,
    /// The upper end of the interval; `None` where it is unbounded.
    pub upper: Option<f64>,
    /// What speaks for a difference.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// What speaks for a difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Evidence {
    /// Of a fixed or sequential test.
    Frequentist {
        /// 1 where nothing is known.
        p_value: f64,
    },
    /// Of the Bayesian view.
    Bayesian {
        /// The probability that the arm is better than the control; ½ where nothing is known.
        chance_to_win: f64,
        /// The expected loss of choosing the arm, in the unit of the estimate; `None` where nothing is known.
        risk: Option<f64>,
    },
}

/// Whether units reached the arms as planned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleRatioAnswer {
    /// How surprising the counts are if assignment works as planned.
    pub p_value: f64,
}

impl ArmAnswer {
    pub(super) fn new(
        name: &str,
        estimate: Option<f64>,
        standard_error: Option<f64>,
        bounds: Bounds,
        evidence: Evidence,
    ) -> Self {
        let finite = |number: f64| number.is_finite().then_some(number);
        Self {
            name: name.to_owned(),
            estimate: estimate.and_then(finite),
            standard_error: standard_error.and_then(finite),
            lower: finite(bounds.lower),
            upper: finite(bounds.upper),
            evidence,
        }
    }
}

impl ComparisonAnswer {
    /// Says each warning once.
    pub(super) fn new(arms: Vec<ArmAnswer>, cautions: &[Caution]) -> Self {
        let mut warnings: Vec<String> = Vec::new();
        for warning in cautions.iter().map(ToString::to_string) {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        Self { arms, warnings }
    }
}

//! Questions and answers in JSON: what the dashboard shows, for anyone's summary numbers.
//!
//! `docs/statistics.md` describes every field.

mod answer;
mod arms;
mod caution;
mod comparison;
mod fields;
mod sample_ratio;
mod sums;

use serde_json::Value;

use crate::{Error, Result};
pub use answer::{Answer, ArmAnswer, ComparisonAnswer, Evidence, SampleRatioAnswer};
use fields::Fields;

/// Answers one question, or each of a list of questions; the answer has the same shape.
///
/// Where a question is malformed, [`Error::Field`] names the field, such as `[2].arms[0].units`. Data that allows no
/// conclusion is not an error: its answer has bounds of `null` and says why in `warnings`.
pub fn analyze(question: &Value) -> Result<Answer> {
    match question {
        Value::Array(questions) => questions
            .iter()
            .enumerate()
            .map(|(index, question)| one(question, &format!("[{index}]")))
            .collect::<Result<_>>()
            .map(Answer::Several),
        question => one(question, ""),
    }
}

fn one(question: &Value, path: &str) -> Result<Answer> {
    let mut fields = Fields::of(question, path)?;
    match fields.optional_text("test")? {
        None => comparison::answer(fields).map(Answer::Comparison),
        Some("sampleRatio") => sample_ratio::answer(fields).map(Answer::SampleRatio),
        Some(other) => Err(fields.wrong(
            "test",
            &format!("must be \"sampleRatio\" or absent, not {other:?}"),
        )),
    }
}

//! The arms of a question, and what is doubtful about them.

use serde_json::Value;

use super::{
    caution::{Caution, FEWEST_UNITS},
    fields::Fields,
    sums::{converted, moments, pairs, quantile},
};
use crate::{Adjusted, Arm, Effect, Moments, PairMoments, Quantile, Result, STABLE_BASELINE};

/// What is compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Metric {
    Mean,
    Proportion,
    Ratio,
    Adjusted,
    Quantile,
}

/// An arm by its name.
pub(super) struct NamedArm {
    pub(super) name: String,
    pub(super) units: u64,
    data: Data,
}

enum Data {
    Mean(Moments),
    Proportion(f64),
    Ratio(PairMoments),
    Adjusted(PairMoments),
    Quantile(Quantile),
}

impl NamedArm {
    pub(super) fn read(value: &Value, path: &str, metric: Metric) -> Result<Self> {
        let mut fields = Fields::of(value, path)?;
        let name = fields.text("name")?.to_owned();
        let units = fields.count("units")?;
        let data = match metric {
            Metric::Mean => Data::Mean(moments(&mut fields, units, "sum", "sumSquares")?),
            Metric::Proportion => Data::Proportion(converted(&mut fields, units)?),
            Metric::Ratio => Data::Ratio(pairs(
                &mut fields,
                units,
                "denominatorSum",
                "denominatorSumSquares",
            )?),
            Metric::Adjusted => {
                Data::Adjusted(pairs(&mut fields, units, "preSum", "preSumSquares")?)
            }
            Metric::Quantile => Data::Quantile(quantile(&mut fields, units)?),
        };
        // Fields of other metrics are not a mistake here.
        for other in OTHER_SUMS {
            fields.optional_number(other)?;
        }
        fields.finish()?;
        Ok(Self { name, units, data })
    }

    /// What is compared of this arm by itself.
    fn arm(&self) -> Option<Arm> {
        match &self.data {
            Data::Mean(moments) => Arm::of_mean(moments),
            Data::Proportion(converted) => Arm::of_proportion(self.units, *converted),
            Data::Ratio(pairs) => Arm::of_ratio(pairs),
            Data::Adjusted(pairs) => Arm::of_mean(&pairs.x()),
            Data::Quantile(quantile) => Arm::of_quantile(quantile),
        }
    }

    /// The effect of `treatment` against this arm, with all that is doubtful about it. `None` without an estimate.
    pub(super) fn effect(
        &self,
        treatment: &Self,
        is_relative: bool,
        cautions: &mut Vec<Caution>,
    ) -> Option<Effect> {
        cautions.extend(self.cautions());
        cautions.extend(treatment.cautions());
        let (control_arm, treatment_arm) = (self.arm()?, treatment.arm()?);
        if is_relative {
            if control_arm.mean == 0.0 {
                cautions.push(Caution::NoBaseline(self.name.clone()));
                return None;
            }
            if !control_arm.is_away_from_zero(STABLE_BASELINE) {
                cautions.push(Caution::UnstableBaseline(self.name.clone()));
            }
        }
        let effect = if let (Data::Adjusted(before), Data::Adjusted(after)) =
            (&self.data, &treatment.data)
        {
            let adjusted = Adjusted::new(before, after)?;
            if is_relative {
                adjusted.relative()?
            } else {
                adjusted.absolute()
            }
        } else if is_relative {
            Effect::relative(&control_arm, &treatment_arm)?
        } else {
            Effect::absolute(&control_arm, &treatment_arm)
        };
        let varies = control_arm.variance > 0.0 && treatment_arm.variance > 0.0;
        if varies && effect.standard_error.is_none() || !effect.estimate.is_finite() {
            cautions.push(Caution::OutOfRange(treatment.name.clone()));
        }
        Some(effect)
    }

    fn cautions(&self) -> Vec<Caution> {
        let mut cautions = Vec::new();
        let Some(arm) = self.arm() else {
            return vec![Caution::NoEstimate(self.name.clone())];
        };
        if self.units < FEWEST_UNITS {
            cautions.push(Caution::FewUnits(self.name.clone(), self.units));
        }
        match &self.data {
            Data::Quantile(quantile) if !quantile.has_interval() => {
                cautions.push(Caution::NoInterval(self.name.clone()));
            }
            _ if arm.variance == 0.0 => cautions.push(Caution::NoVariance(self.name.clone())),
            Data::Ratio(pairs) => {
                let denominator = Arm::of_mean(&pairs.y());
                if !denominator.is_some_and(|arm| arm.is_away_from_zero(STABLE_BASELINE)) {
                    cautions.push(Caution::UnstableDenominator(self.name.clone()));
                }
            }
            _ => {}
        }
        cautions
    }

    /// Which quantile this arm has.
    pub(super) fn level(&self) -> Option<f64> {
        match &self.data {
            Data::Quantile(quantile) => Some(quantile.level),
            _ => None,
        }
    }
}

const OTHER_SUMS: [&str; 13] = [
    "sum",
    "sumSquares",
    "denominatorSum",
    "denominatorSumSquares",
    "productSum",
    "preSum",
    "preSumSquares",
    "quantile",
    "estimate",
    "lower",
    "upper",
    "sampleUnits",
    "clusters",
];

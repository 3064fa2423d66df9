//! How many units an experiment needs, and what it can detect with the units it has.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of units are positive and far below 2^53"
)]

use crate::{
    Alpha, Error, Result, Sequence, Side,
    distribution::{normal_cdf, normal_quantile},
};

/// No experiment has more units in an arm.
const MOST_UNITS: u64 = 1 << 50;

/// What is known of a metric before the experiment, from past traffic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Baseline {
    /// The share of units that convert, above 0 and below 1.
    Proportion(f64),
    /// The mean of a value, not 0, and its variance over units, above 0. Treatment is assumed to have the same variance.
    Mean {
        /// In the metric's unit.
        mean: f64,
        /// In the metric's unit squared.
        variance: f64,
    },
}

/// Which difference is tested.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scale {
    /// The relative lift: `SE² = s_b²/(n_b μ_a²) + s_a² μ_b²/(n_a μ_a⁴)`.
    Relative,
    /// The absolute difference, which verdicts rest on: `SE² = s_b²/n_b + s_a²/n_a`.
    Absolute,
}

/// How often the experiment may be looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Looks {
    /// Once, at the planned end.
    Once,
    /// At any time, by a confidence sequence planned for the sample size in question. The power counts a look at the
    /// planned end only, so that stopping earlier comes on top.
    Always,
}

/// An experiment before it starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// The metric as it is today.
    pub baseline: Baseline,
    /// Which difference is tested.
    pub scale: Scale,
    /// How often.
    pub looks: Looks,
    /// The alternative.
    pub side: Side,
    /// The rate of false positives.
    pub alpha: Alpha,
    /// The chance of detecting the effect, above 0 and below 1; often 0.8.
    pub power: f64,
    /// Units in treatment for each in control, above 0; 1 for an even split.
    pub ratio: f64,
}

/// How many units an experiment needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SampleSize {
    /// In control.
    pub control: u64,
    /// In treatment.
    pub treatment: u64,
}

impl SampleSize {
    /// In both arms.
    pub fn total(&self) -> u64 {
        self.control + self.treatment
    }

    /// Whole days until they are reached with `units_per_day` new units in both arms together. `None` without any.
    pub fn days(&self, units_per_day: f64) -> Option<u64> {
        (units_per_day > 0.0).then(|| (self.total() as f64 / units_per_day).ceil() as u64)
    }
}

impl Design {
    /// The chance of detecting a relative `lift` with this many units in control.
    pub fn power(&self, lift: f64, control_units: u64) -> Result<f64> {
        self.check(lift)?;
        Ok(self.power_with(lift, control_units as f64))
    }

    /// The fewest units that detect a relative `lift` with the design's power.
    ///
    /// `lift` is a share of the baseline's magnitude, such as 0.05, negative for a decrease, and towards the design's
    /// side.
    pub fn sample_size(&self, lift: f64) -> Result<SampleSize> {
        self.check(lift)?;
        let suffices = |units: u64| self.power_with(lift, units as f64) >= self.power;
        if !suffices(MOST_UNITS) {
            return Err(Error::NotDetectable);
        }
        let (mut too_few, mut enough) = (0, MOST_UNITS);
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            if suffices(middle) {
                enough = middle;
            } else {
                too_few = middle;
            }
        }
        Ok(SampleSize {
            control: enough,
            treatment: (enough as f64 * self.ratio).ceil() as u64,
        })
    }

    /// The smallest relative lift that this many units in control detect with the design's power.
    ///
    /// Positive, but where the design's side is [`Side::Less`].
    pub fn minimum_effect(&self, control_units: u64) -> Result<f64> {
        let sign = if self.side == Side::Less { -1.0 } else { 1.0 };
        let suffices = |lift: f64| self.power_with(sign * lift, control_units as f64) >= self.power;
        let most = self.greatest_lift(sign);
        let mut enough = most.min(1e-6);
        self.check(sign * 0.5 * enough)?;
        while !suffices(enough) {
            if enough >= most {
                return Err(Error::NotDetectable);
            }
            enough = (2.0 * enough).min(most);
        }
        let mut too_small = 0.0;
        for _ in 0..100 {
            let middle = 0.5 * (too_small + enough);
            if suffices(middle) {
                enough = middle;
            } else {
                too_small = middle;
            }
        }
        Ok(sign * enough)
    }

    fn power_with(&self, lift: f64, control_units: f64) -> f64 {
        let treatment_units = control_units * self.ratio;
        let (mean, variance) = self.control();
        let treated = mean + mean.abs() * lift;
        let treated_variance = match self.baseline {
            Baseline::Proportion(_) => treated * (1.0 - treated),
            Baseline::Mean { variance, .. } => variance,
        };
        let growth = match self.scale {
            Scale::Relative => treated / mean,
            Scale::Absolute => 1.0,
        };
        let squared_error =
            treated_variance / treatment_units + variance * growth * growth / control_units;
        let z = lift * mean.abs() / squared_error.sqrt();
        let critical = self.critical_value();
        match self.side {
            Side::Two => normal_cdf(z - critical) + normal_cdf(-z - critical),
            Side::Greater => normal_cdf(z - critical),
            Side::Less => normal_cdf(-z - critical),
        }
    }

    fn critical_value(&self) -> f64 {
        match self.looks {
            Looks::Once if self.side == Side::Two => -normal_quantile(0.5 * self.alpha.get()),
            Looks::Once => -normal_quantile(self.alpha.get()),
            Looks::Always => Sequence::planned_critical_value(self.alpha, self.side),
        }
    }

    fn control(&self) -> (f64, f64) {
        match self.baseline {
            Baseline::Proportion(share) => (share, share * (1.0 - share)),
            Baseline::Mean { mean, variance } => (mean, variance),
        }
    }

    /// How far a lift can go: a proportion stays between 0 and 1.
    fn greatest_lift(&self, sign: f64) -> f64 {
        match self.baseline {
            Baseline::Proportion(_) if sign < 0.0 => 1.0,
            Baseline::Proportion(share) => (1.0 - share) / share,
            Baseline::Mean { .. } => 1e9,
        }
    }

    fn check(&self, lift: f64) -> Result<()> {
        let (mean, variance) = self.control();
        let is_proportion = matches!(self.baseline, Baseline::Proportion(_));
        let wrong = |name, range| Err(Error::Plan { name, range });
        if is_proportion && !(mean > 0.0 && mean < 1.0) {
            return wrong("the baseline proportion", "above 0 and below 1");
        }
        if mean == 0.0 || !mean.is_finite() {
            return wrong("the baseline mean", "a number other than 0");
        }
        if !(variance > 0.0 && variance.is_finite()) {
            return wrong("the baseline variance", "above 0");
        }
        if !(self.power > 0.0 && self.power < 1.0) {
            return wrong("the power", "above 0 and below 1");
        }
        if !(self.ratio > 0.0 && self.ratio.is_finite()) {
            return wrong("the ratio of treatment to control", "above 0");
        }
        if lift == 0.0 || !lift.is_finite() {
            return wrong("the lift", "a number other than 0");
        }
        if (self.side == Side::Greater && lift < 0.0) || (self.side == Side::Less && lift > 0.0) {
            return wrong("the lift", "towards the tested side");
        }
        if lift.abs() > self.greatest_lift(lift.signum()) {
            return wrong(
                "the lift",
                "small enough for the proportion to stay from 0 to 1",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESIGN: Design = Design {
        baseline: Baseline::Proportion(0.1),
        scale: Scale::Absolute,
        looks: Looks::Once,
        side: Side::Two,
        alpha: Alpha::FIVE_PERCENT,
        power: 0.8,
        ratio: 1.0,
    };

    #[test]
    fn ten_percent_to_eleven_needs_the_textbook_sample() {
        // (1.96 + 0.8416)² (0.1·0.9 + 0.11·0.89)/0.01²
        let size = DESIGN.sample_size(0.1).expect("a sample");
        assert_eq!((size.control, size.treatment), (14_749, 14_749));
    }

    #[test]
    fn looking_always_needs_about_twice_the_units() {
        let once = DESIGN.sample_size(0.1).expect("a sample").total() as f64;
        let always = Design {
            looks: Looks::Always,
            ..DESIGN
        };
        let always = always.sample_size(0.1).expect("a sample").total() as f64;
        assert!((always / once - 1.915).abs() < 0.01, "{}", always / once);
    }

    #[test]
    fn the_minimum_effect_is_the_lift_that_the_sample_was_made_for() {
        for side in [Side::Two, Side::Greater, Side::Less] {
            for (baseline, scale) in [
                (Baseline::Proportion(0.1), Scale::Relative),
                (Baseline::Proportion(0.1), Scale::Absolute),
                (
                    Baseline::Mean {
                        mean: -3.0,
                        variance: 4.0,
                    },
                    Scale::Relative,
                ),
            ] {
                let design = Design {
                    side,
                    baseline,
                    scale,
                    ratio: 0.5,
                    ..DESIGN
                };
                let lift = if side == Side::Less { -0.1 } else { 0.1 };
                let size = design.sample_size(lift).expect("a sample");
                let effect = design.minimum_effect(size.control).expect("an effect");
                assert!((effect / lift - 1.0).abs() < 2e-3, "{effect}");
                assert!(effect.abs() <= lift.abs());
            }
        }
    }

    #[test]
    fn a_handful_of_units_detects_nothing() {
        let noisy = Design {
            baseline: Baseline::Mean {
                mean: 3.0,
                variance: 4.0,
            },
            scale: Scale::Relative,
            ..DESIGN
        };
        assert_eq!(noisy.minimum_effect(1), Err(Error::NotDetectable));
    }

    #[test]
    fn days_are_rounded_up() {
        let size = SampleSize {
            control: 20_000,
            treatment: 29_200,
        };
        assert_eq!(size.days(4_100.0), Some(12));
        assert_eq!(size.days(4_099.0), Some(13));
        assert_eq!(size.days(0.0), None);
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let refusal =
            |design: Design, lift| design.sample_size(lift).expect_err("a refusal").to_string();
        let impossible = Design {
            baseline: Baseline::Proportion(1.0),
            ..DESIGN
        };
        assert_eq!(
            refusal(impossible, 0.1),
            "the baseline proportion must be above 0 and below 1"
        );
        assert_eq!(
            refusal(DESIGN, 0.0),
            "the lift must be a number other than 0"
        );
        let greater = Design {
            side: Side::Greater,
            ..DESIGN
        };
        assert_eq!(
            refusal(greater, -0.1),
            "the lift must be towards the tested side"
        );
        assert!(refusal(DESIGN, 20.0).contains("stay from 0 to 1"));
    }
}

//! Evidence about rare errors, by counting only the units that had one.
//!
//! With equal exposure and no difference, each unit with an error is as likely in treatment as in control, so the
//! counts are coin flips however rare errors are. A mixture of alternatives, weighted by the Beta(½, ½) prior on their
//! side, is bet against the fair coin. With y units in treatment and x in control, the bet's capital is
//! `E = 2^(x+y) · B(½ + y, ½ + x)/B(½, ½) · P(Beta(½ + y, ½ + x) > ½)/½`.
//! Under no harm it reaches `1/α` at any time with probability at most α. The same bet against other odds gives bounds.
//!
//! It needs no maturity window and no variance estimate. Source: Lindon and Malek, "Anytime-valid inference for
//! multinomial count data", `NeurIPS` 2022; for mixtures and inversion, Ramdas, Grünwald, Vovk and Shafer,
//! "Game-theoretic statistics and safe anytime-valid inference", Statistical Science 38 (2023).

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use crate::{
    Alpha,
    distribution::{Point, incomplete_beta, ln_beta},
};

/// Odds that no count can exclude.
const MOST_LN_ODDS: f64 = 200.0;

/// Units that had an error, in two arms of equal exposure.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RareErrors {
    /// Units with an error in control.
    pub control: u64,
    /// Units with an error in treatment.
    pub treatment: u64,
}

impl RareErrors {
    /// ln E for harm: treatment has more than `odds` times control's rate of errors. Act where it reaches `ln(1/α)`.
    ///
    /// `odds` is above 0; 1 tests for any harm.
    pub fn ln_evidence_above(&self, odds: f64) -> f64 {
        ln_evidence(self.treatment, self.control, odds)
    }

    /// ln E against harm: treatment has less than `odds` times control's rate. Excludes a margin where it reaches
    /// `ln(1/α)`.
    ///
    /// `odds` is above 0; 1.1 excludes that treatment has 10 % more units with errors, or more.
    pub fn ln_evidence_below(&self, odds: f64) -> f64 {
        ln_evidence(self.control, self.treatment, 1.0 / odds)
    }

    /// Whether harm is shown at `alpha`.
    pub fn shows_harm(&self, alpha: Alpha) -> bool {
        self.ln_evidence_above(1.0) >= -alpha.get().ln()
    }

    /// Whether it is excluded at `alpha` that treatment has `odds` times control's rate of errors, or more.
    pub fn excludes_harm(&self, odds: f64, alpha: Alpha) -> bool {
        self.ln_evidence_below(odds) >= -alpha.get().ln()
    }

    /// The p-value for any harm: 1/E, at most 1.
    pub fn p_value(&self) -> f64 {
        (-self.ln_evidence_above(1.0)).exp().min(1.0)
    }

    /// The greatest odds that are excluded from below at `alpha`, by inverting the bet; 0 where none are.
    pub fn lower_odds(&self, alpha: Alpha) -> f64 {
        let least = -alpha.get().ln();
        let excludes = |odds: f64| self.ln_evidence_above(odds) >= least;
        if !excludes((-MOST_LN_ODDS).exp()) {
            return 0.0;
        }
        boundary(|ln_odds| excludes(ln_odds.exp())).exp()
    }

    /// The least odds that are excluded from above at `alpha`, by inverting the bet; infinite where none are.
    pub fn upper_odds(&self, alpha: Alpha) -> f64 {
        let mirrored = Self {
            control: self.treatment,
            treatment: self.control,
        };
        1.0 / mirrored.lower_odds(alpha)
    }
}

/// ln E for odds of `more` to `less` above `odds`.
fn ln_evidence(more: u64, less: u64, odds: f64) -> f64 {
    let (more, less) = (more as f64, less as f64);
    // Mirrored, so that the alternatives' share is a lower tail, which keeps its digits.
    let below = Point::of_odds(1.0 / odds);
    let likelihood = ln_beta(0.5 + more, 0.5 + less) - ln_beta(0.5, 0.5)
        + more * (1.0 / odds).ln_1p()
        + less * odds.ln_1p();
    let after = incomplete_beta(0.5 + less, 0.5 + more, below);
    let before = incomplete_beta(0.5, 0.5, below);
    likelihood + after.ln() - before.ln()
}

/// Where a predicate that holds at low values and fails at high ones changes.
fn boundary(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (-MOST_LN_ODDS, MOST_LN_ODDS);
    // Halved until neighbors.
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(control: u64, treatment: u64) -> RareErrors {
        RareErrors { control, treatment }
    }

    #[test]
    fn without_errors_there_is_no_evidence() {
        assert!(errors(0, 0).ln_evidence_above(1.0).abs() < 1e-14);
        assert_eq!(errors(0, 0).lower_odds(Alpha::FIVE_PERCENT), 0.0);
        assert_eq!(errors(0, 0).upper_odds(Alpha::FIVE_PERCENT), f64::INFINITY);
    }

    #[test]
    fn a_fair_coin_keeps_its_expectation() {
        // Over all outcomes of eight flips, the capital is 1 on average.
        let mut expectation = 0.0;
        let mut ways = 1.0;
        for treatment in 0..=8u64 {
            let capital = errors(8 - treatment, treatment)
                .ln_evidence_above(1.0)
                .exp();
            expectation += ways / 256.0 * capital;
            ways *= (8 - treatment) as f64 / (treatment + 1) as f64;
        }
        assert!((expectation - 1.0).abs() < 1e-12, "{expectation}");
    }

    #[test]
    fn seven_errors_against_none_show_harm_at_five_percent() {
        assert!(!errors(0, 5).shows_harm(Alpha::FIVE_PERCENT));
        assert!(errors(0, 7).shows_harm(Alpha::FIVE_PERCENT));
        assert!(!errors(7, 0).shows_harm(Alpha::FIVE_PERCENT));
    }

    #[test]
    fn bounds_are_where_the_evidence_reaches_its_threshold() {
        let counts = errors(30, 60);
        let lower = counts.lower_odds(Alpha::FIVE_PERCENT);
        let upper = counts.upper_odds(Alpha::FIVE_PERCENT);
        assert!(
            1.0 < lower && lower < 2.0 && 2.0 < upper,
            "{lower} to {upper}"
        );
        let threshold = 20f64.ln();
        assert!((counts.ln_evidence_above(lower) - threshold).abs() < 1e-9);
        assert!((counts.ln_evidence_below(upper) - threshold).abs() < 1e-9);
        assert!(counts.excludes_harm(upper * 1.001, Alpha::FIVE_PERCENT));
        assert!(!counts.excludes_harm(upper * 0.999, Alpha::FIVE_PERCENT));
    }

    #[test]
    fn evidence_beyond_the_range_of_a_number_stays_finite_as_a_logarithm() {
        let counts = errors(10, 10_000);
        assert!(counts.ln_evidence_above(1.0) > 6_000.0);
        assert_eq!(counts.p_value(), 0.0);
        assert_eq!(errors(10_000, 10).p_value(), 1.0);
    }
}

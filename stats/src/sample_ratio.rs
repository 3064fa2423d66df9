//! Sample-ratio mismatch: whether units reached the arms in the planned proportions.
//!
//! A mismatch means that assignment or tracking is broken, and then no other result means anything. Both tests ignore
//! arms of weight 0.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use crate::{
    Error, Result,
    distribution::{chi_square_tail, stirling_error},
};

/// How closely the prior concentrates around the plan: as 10,000 units seen beforehand would.
const CONCENTRATION: f64 = 10_000.0;

/// The p-value of the chi-square test, for one look at a planned time.
///
/// `weights` need not add up to 1. Looked at 500 times, it raised 2.2 % false alarms at p < 0.001.
pub fn chi_square(observed: &[u64], weights: &[f64]) -> Result<f64> {
    let arms = expected_shares(observed, weights)?;
    let total = total(&arms);
    if total == 0.0 {
        return Ok(1.0);
    }
    let statistic: f64 = arms
        .iter()
        .map(|&(count, share)| {
            let expected = total * share;
            (count - expected) * (count - expected) / expected
        })
        .sum();
    let degrees = arms.len() as f64 - 1.0;
    Ok(chi_square_tail(statistic, degrees))
}

/// The logarithm of the Bayes factor against the planned ratio, valid at every look.
///
/// A Dirichlet prior around the plan, with the weight of 10,000 units, against the plan itself:
/// `Γ(A)/Γ(A + N) · Π Γ(α_i + n_i)/Γ(α_i) · θ_i^(−n_i)` with `α_i = Aθ_i`. Under the plan it exceeds `1/α` at any time
/// with probability at most α. Source: Lindon and Malek, "Anytime-valid inference for multinomial count data",
/// `NeurIPS` 2022, arXiv 2011.03567.
///
/// `weights` need not add up to 1.
pub fn ln_bayes_factor(observed: &[u64], weights: &[f64]) -> Result<f64> {
    let arms = expected_shares(observed, weights)?;
    let total = total(&arms);
    let all = CONCENTRATION + total;
    // Stirling's approximation of each Γ; what is large cancels, and what is left is computed from the deviations.
    let terms: f64 = arms
        .iter()
        .map(|&(count, share)| {
            let prior = CONCENTRATION * share;
            let deviation = (count - total * share) / (all * share);
            let ln_ratio = deviation.ln_1p();
            all * share * ((1.0 + deviation) * ln_ratio - deviation) - 0.5 * ln_ratio
                + stirling_error(prior + count)
                - stirling_error(prior)
        })
        .sum();
    let degrees = arms.len() as f64 - 1.0;
    Ok(
        terms - 0.5 * degrees * (total / CONCENTRATION).ln_1p() - stirling_error(all)
            + stirling_error(CONCENTRATION),
    )
}

/// The sequential p-value: 1 over the Bayes factor, at most 1.
pub fn sequential_p_value(observed: &[u64], weights: &[f64]) -> Result<f64> {
    let evidence = ln_bayes_factor(observed, weights)?;
    Ok((-evidence).exp().min(1.0))
}

/// Each arm's count and planned share, of the arms that get anything.
fn expected_shares(observed: &[u64], weights: &[f64]) -> Result<Vec<(f64, f64)>> {
    if observed.len() != weights.len() {
        return Err(Error::Weights("there must be as many weights as counts"));
    }
    if !weights
        .iter()
        .all(|&weight| weight >= 0.0 && weight.is_finite())
    {
        return Err(Error::Weights("weights must not be negative"));
    }
    let sum: f64 = weights.iter().sum();
    let arms: Vec<_> = observed
        .iter()
        .zip(weights)
        .filter(|(_, weight)| **weight > 0.0)
        .map(|(&count, &weight)| (count as f64, weight / sum))
        .collect();
    if arms.len() < 2 {
        return Err(Error::Weights("at least two weights must be above 0"));
    }
    Ok(arms)
}

fn total(arms: &[(f64, f64)]) -> f64 {
    arms.iter().map(|&(count, _)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_as_planned_are_not_a_mismatch() {
        assert_eq!(chi_square(&[500, 500], &[0.5, 0.5]), Ok(1.0));
        assert_eq!(sequential_p_value(&[500, 1_000], &[1.0, 2.0]), Ok(1.0));
    }

    #[test]
    fn no_units_are_not_a_mismatch() {
        assert_eq!(chi_square(&[0, 0], &[1.0, 1.0]), Ok(1.0));
        assert_eq!(sequential_p_value(&[0, 0], &[1.0, 1.0]), Ok(1.0));
    }

    #[test]
    fn an_arm_of_weight_zero_counts_nowhere() {
        let two = chi_square(&[1_000, 1_200], &[0.5, 0.5]);
        assert_eq!(chi_square(&[1_000, 7, 1_200], &[0.5, 0.0, 0.5]), two);
        let two = ln_bayes_factor(&[1_000, 1_200], &[0.5, 0.5]);
        assert_eq!(ln_bayes_factor(&[1_000, 7, 1_200], &[0.5, 0.0, 0.5]), two);
    }

    #[test]
    fn a_hundred_million_units_keep_nine_digits() {
        // mpmath, 60 digits.
        let factor = ln_bayes_factor(&[50_020_000, 49_980_000], &[0.5, 0.5]).expect("weights");
        assert!((factor - HUNDRED_MILLION).abs() < 1e-9, "{factor}");
    }

    const HUNDRED_MILLION: f64 = 3.393_955_192_256_904;

    #[test]
    fn weights_that_plan_nothing_are_refused() {
        assert!(chi_square(&[1, 2], &[1.0]).is_err());
        assert!(chi_square(&[1, 2], &[1.0, 0.0]).is_err());
        assert!(ln_bayes_factor(&[1, 2], &[1.0, -1.0]).is_err());
        assert!(ln_bayes_factor(&[1, 2], &[1.0, f64::NAN]).is_err());
    }
}

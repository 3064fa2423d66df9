//! The Bayesian view: a normal prior on the effect, updated by a normal likelihood.
//!
//! `1/σ² = 1/SE² + 1/τ²` and `μ = σ²(estimate/SE² + m/τ²)` for a prior N(m, τ²); a flat prior leaves estimate and SE.
//! A posterior does not control false positives under continuous looking, whatever its prior.

use crate::{
    Alpha, Bounds, Effect, Error, Result, Side,
    distribution::{normal_cdf, normal_density, normal_quantile},
};

/// What is believed of the effect before the data, in the effect's own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    mean: f64,
    variance: f64,
}

impl Prior {
    /// A normal prior; its variance is above 0.
    pub fn new(mean: f64, variance: f64) -> Result<Self> {
        if variance > 0.0 && variance.is_finite() && mean.is_finite() {
            Ok(Self { mean, variance })
        } else {
            Err(Error::PriorVariance(variance))
        }
    }
}

/// What is believed of the effect after the data: a normal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posterior {
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation, above 0.
    pub deviation: f64,
}

impl Posterior {
    /// Updates a prior, or a flat one where there is `None`. `None` where the effect's standard error is unknown.
    pub fn new(effect: &Effect, prior: Option<Prior>) -> Option<Self> {
        let standard_error = effect.standard_error?;
        let Some(prior) = prior else {
            return Some(Self {
                mean: effect.estimate,
                deviation: standard_error,
            });
        };
        // How much the data weighs; precisions of very small errors would be no numbers any more.
        let ratio = standard_error / prior.variance.sqrt();
        let weight = 1.0 / (1.0 + ratio * ratio);
        Some(Self {
            mean: effect.estimate * weight + prior.mean * (1.0 - weight),
            deviation: standard_error * weight.sqrt(),
        })
    }

    /// The range that holds the effect with probability 1 − α, with α/2 on each side.
    pub fn credible_interval(&self, alpha: Alpha) -> Bounds {
        let half_width = -normal_quantile(0.5 * alpha.get()) * self.deviation;
        Bounds::around(self.mean, half_width, Side::Two)
    }

    /// The probability that treatment is better: greater than control, or less where `side` says so.
    pub fn chance_to_win(&self, side: Side) -> f64 {
        normal_cdf(self.gain(side) / self.deviation)
    }

    /// The expected loss of choosing treatment, in the effect's unit: how much worse it is where it is worse, times
    /// the probability of that.
    pub fn expected_loss(&self, side: Side) -> f64 {
        let z = self.gain(side) / self.deviation;
        (self.deviation * (normal_density(z) - z * normal_cdf(-z))).max(0.0)
    }

    fn gain(&self, side: Side) -> f64 {
        match side {
            Side::Two | Side::Greater => self.mean,
            Side::Less => -self.mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFECT: Effect = Effect {
        estimate: 2.0,
        standard_error: Some(1.0),
        degrees_of_freedom: 50.0,
        units: 100,
    };

    #[test]
    fn a_prior_as_precise_as_the_data_meets_it_halfway() {
        let prior = Prior::new(0.0, 1.0).expect("a prior");
        let posterior = Posterior::new(&EFFECT, Some(prior)).expect("an error");
        assert_eq!(posterior.mean, 1.0);
        assert!((posterior.deviation - 0.5f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_flat_prior_leaves_the_data() {
        let posterior = Posterior::new(&EFFECT, None).expect("an error");
        assert_eq!((posterior.mean, posterior.deviation), (2.0, 1.0));
    }

    #[test]
    fn losses_of_both_choices_differ_by_the_effect() {
        let posterior = Posterior::new(&EFFECT, None).expect("an error");
        let treatment = posterior.expected_loss(Side::Greater);
        let control = posterior.expected_loss(Side::Less);
        assert!((control - treatment - 2.0).abs() < 1e-14);
        let chances = posterior.chance_to_win(Side::Greater) + posterior.chance_to_win(Side::Less);
        assert!((chances - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_prior_without_variance_is_refused() {
        assert_eq!(Prior::new(0.0, 0.0), Err(Error::PriorVariance(0.0)));
    }
}

//! CUPED: less variance by what is known of units from before the experiment.
//!
//! The part of a metric that its value before exposure explains is subtracted: `x − θy` with `θ = cov(x, y)/var(y)`,
//! pooled over both arms. Assignment is random, so the expected difference stays the same and the variance falls by
//! the squared correlation. Source: Deng, Xu, Kohavi and Walker, "Improving the sensitivity of online controlled
//! experiments by utilizing pre-experiment data", WSDM 2013.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use crate::{Arm, Effect, PairMoments};

/// Two arms whose metric (x) is adjusted by its value before exposure (y).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted {
    control: PairMoments,
    treatment: PairMoments,
    theta: f64,
}

impl Adjusted {
    /// Adjusts both arms by a common θ, which is 0 where the value before exposure does not vary.
    ///
    /// `None` where an arm has no units.
    pub fn new(control: &PairMoments, treatment: &PairMoments) -> Option<Self> {
        if control.units == 0 || treatment.units == 0 {
            return None;
        }
        let pooled = *control + *treatment;
        let variance = pooled.y().variance();
        let theta = if variance > 0.0 {
            pooled.covariance() / variance
        } else {
            0.0
        };
        Some(Self {
            control: *control,
            treatment: *treatment,
            theta,
        })
    }

    /// The coefficient θ.
    pub fn theta(&self) -> f64 {
        self.theta
    }

    /// The control with its adjusted mean and variance.
    pub fn control(&self) -> Arm {
        self.arm(&self.control)
    }

    /// The treatment with its adjusted mean and variance.
    pub fn treatment(&self) -> Arm {
        self.arm(&self.treatment)
    }

    /// The difference of adjusted means.
    pub fn absolute(&self) -> Effect {
        Effect::absolute(&self.control(), &self.treatment())
    }

    /// The difference of adjusted means as a share of the control's unadjusted mean.
    ///
    /// The control's mean is in numerator and denominator, which the delta method takes into account. With `c = μ_b/μ_a`
    /// of unadjusted means, `var = (σ_xb² − 2θσ_xyb + θ²σ_yb²)/(n_b μ_a²) + (c²σ_xa² − 2cθσ_xya + θ²σ_ya²)/(n_a μ_a²)`.
    /// `None` where the control's unadjusted mean is 0.
    pub fn relative(&self) -> Option<Effect> {
        let baseline = self.baseline().mean;
        if baseline == 0.0 {
            return None;
        }
        let (control, treatment) = (self.control(), self.treatment());
        let unadjusted = self.treatment.sum_x / self.treatment.units as f64;
        let ratio = unadjusted / baseline;
        let squared = baseline * baseline;
        let squared_error = treatment.squared_error() / squared
            + self.residual(&self.control, ratio) / (self.control.units as f64 * squared);
        let estimate = (treatment.mean - control.mean) / baseline.abs();
        Some(Effect::new(&control, &treatment, estimate, squared_error))
    }

    /// The control with its unadjusted mean and variance, which a relative effect is a share of.
    pub fn baseline(&self) -> Arm {
        Arm {
            units: self.control.units,
            mean: self.control.sum_x / self.control.units as f64,
            variance: self.control.x().variance(),
        }
    }

    fn arm(&self, pairs: &PairMoments) -> Arm {
        Arm {
            units: pairs.units,
            mean: (pairs.sum_x - self.theta * pairs.sum_y) / pairs.units as f64,
            variance: self.residual(pairs, 1.0),
        }
    }

    /// The variance of `scale · x − θy` over units.
    fn residual(&self, pairs: &PairMoments, scale: f64) -> f64 {
        let variance = scale * scale * pairs.x().variance()
            - 2.0 * scale * self.theta * pairs.covariance()
            + self.theta * self.theta * pairs.y().variance();
        variance.max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units with x = 2y + c and y = 1, 2, 3, but for one unit that deviates.
    fn pairs(units: [(f64, f64); 4]) -> PairMoments {
        let mut pairs = PairMoments::default();
        for (x, y) in units {
            pairs = pairs
                + PairMoments {
                    units: 1,
                    sum_x: x,
                    sum_xx: x * x,
                    sum_y: y,
                    sum_yy: y * y,
                    sum_xy: x * y,
                };
        }
        pairs
    }

    #[test]
    fn what_came_before_takes_the_variance_that_it_explains() {
        let control = pairs([(2.0, 1.0), (4.0, 2.0), (6.0, 3.0), (8.1, 4.0)]);
        let treatment = pairs([(2.0, 1.0), (4.1, 2.0), (6.0, 3.0), (8.0, 4.0)]);
        let adjusted = Adjusted::new(&control, &treatment).expect("units");
        assert!((adjusted.theta() - 2.0).abs() < 0.05);
        assert!(adjusted.control().variance < 0.01 * control.x().variance());
    }

    #[test]
    fn without_variance_before_nothing_is_adjusted() {
        let control = pairs([(2.0, 1.0), (4.0, 1.0), (6.0, 1.0), (8.0, 1.0)]);
        let adjusted = Adjusted::new(&control, &control).expect("units");
        assert_eq!(adjusted.theta(), 0.0);
        assert_eq!(adjusted.absolute().estimate, 0.0);
        let plain = Arm::of_mean(&control.x()).expect("units");
        assert_eq!(adjusted.control(), plain);
        let relative = adjusted.relative().expect("a baseline");
        let error = Effect::relative(&plain, &plain).and_then(|effect| effect.standard_error);
        assert_eq!(relative.standard_error, error);
    }

    #[test]
    fn a_mirrored_metric_has_the_same_error() {
        let control = pairs([(2.0, 1.0), (4.5, 2.0), (6.0, 3.0), (9.0, 4.0)]);
        let treatment = pairs([(3.0, 1.0), (4.0, 2.0), (7.5, 3.0), (9.5, 4.0)]);
        let mirrored = |pairs: PairMoments| PairMoments {
            sum_x: -pairs.sum_x,
            sum_xy: -pairs.sum_xy,
            ..pairs
        };
        let relative = |control, treatment| {
            let adjusted = Adjusted::new(&control, &treatment).expect("units");
            adjusted.relative().expect("a baseline")
        };
        let plain = relative(control, treatment);
        let other = relative(mirrored(control), mirrored(treatment));
        assert!((plain.estimate + other.estimate).abs() < 1e-12);
        let errors = plain
            .standard_error
            .zip(other.standard_error)
            .expect("known");
        assert!((errors.0 - errors.1).abs() < 1e-12);
    }
}

//! Simulated experiments: arms that convert at a rate, looked at again and again.

use peekaboo_stats::{Arm, Effect};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// The generator of one experiment.
pub(crate) fn rng(seed: u64, experiment: u64) -> StdRng {
    StdRng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(experiment))
}

/// An arm whose units convert with one probability. Units between conversions are skipped at once, so that rare
/// conversions cost little.
pub(crate) struct Conversions {
    /// ln(1 − p).
    ln_miss: f64,
    units: u64,
    converted: u64,
    /// The number of the next unit that converts.
    next: f64,
}

impl Conversions {
    pub(crate) fn new(rate: f64, rng: &mut StdRng) -> Self {
        let mut arm = Self {
            ln_miss: (-rate).ln_1p(),
            units: 0,
            converted: 0,
            next: 0.0,
        };
        arm.next = arm.gap(rng);
        arm
    }

    fn gap(&self, rng: &mut StdRng) -> f64 {
        let uniform: f64 = rng.random();
        1.0 + ((1.0 - uniform).ln() / self.ln_miss).floor()
    }

    /// Exposes `units` more.
    pub(crate) fn expose(&mut self, units: u64, rng: &mut StdRng) {
        self.units += units;
        while self.next <= self.units as f64 {
            self.converted += 1;
            self.next += self.gap(rng);
        }
    }

    pub(crate) fn converted(&self) -> u64 {
        self.converted
    }

    pub(crate) fn arm(&self) -> Arm {
        Arm::of_proportion(self.units, self.converted as f64).expect("units")
    }
}

/// Two arms of equal size.
pub(crate) struct Experiment {
    pub(crate) control: Conversions,
    pub(crate) treatment: Conversions,
    rng: StdRng,
}

impl Experiment {
    pub(crate) fn new(control: f64, treatment: f64, mut rng: StdRng) -> Self {
        Self {
            control: Conversions::new(control, &mut rng),
            treatment: Conversions::new(treatment, &mut rng),
            rng,
        }
    }

    /// Exposes `units` more in each arm.
    pub(crate) fn expose(&mut self, units: u64) {
        self.control.expose(units, &mut self.rng);
        self.treatment.expose(units, &mut self.rng);
    }

    pub(crate) fn absolute(&self) -> Effect {
        Effect::absolute(&self.control.arm(), &self.treatment.arm())
    }

    pub(crate) fn relative(&self) -> Option<Effect> {
        Effect::relative(&self.control.arm(), &self.treatment.arm())
    }
}

/// The share of experiments that `found`.
pub(crate) fn share(experiments: u64, found: impl Fn(u64) -> bool) -> f64 {
    let count = (0..experiments)
        .filter(|&experiment| found(experiment))
        .count();
    count as f64 / experiments as f64
}

/// What a share of `rate` may at most look like by chance: five standard errors more.
pub(crate) fn at_most(rate: f64, experiments: u64) -> f64 {
    rate + 5.0 * (rate * (1.0 - rate) / experiments as f64).sqrt()
}

//! Statistics of experiments and guarded rollouts, from summary numbers.
//!
//! An [`Arm`] is what a comparison needs of one variation: units, mean and variance, made from the sums of a mean, a
//! proportion, a ratio or a quantile. Two arms have an [`Effect`], absolute or relative, with its standard error;
//! [`Adjusted`] gives one that is freed of what was known before. An effect is then judged:
//!
//! - by a [`Sequence`], which is valid however often one looks,
//! - by [`welch()`], which is valid for one look at a planned time,
//! - by a [`Posterior`], which answers in chances and losses.
//!
//! Rare errors have a test of their own, [`RareErrors`]. [`chi_square`] and [`sequential_p_value`] find a mismatch of
//! sample ratios, [`holm`] and [`benjamini_hochberg`] adjust for several comparisons, [`Design`] and
//! [`units_to_catch`] plan, [`decide`] steers a guarded rollout. [`analyze`] answers questions in JSON.
//!
//! The crate is pure: no I/O, no clock, no randomness. Nothing panics on any input. `docs/statistics.md` explains each
//! method, its formula and its limits.

#![cfg_attr(
    test,
    allow(
        clippy::float_cmp,
        reason = "expected values are exact where tests compare for equality"
    )
)]

mod analysis;
mod arm;
mod bayes;
mod comparisons;
mod cuped;
mod distribution;
mod effect;
mod error;
mod guardrail;
mod moments;
mod power;
mod quantile;
mod rare_errors;
mod rare_power;
mod sample_ratio;
mod sequence;
mod side;
mod welch;

pub use analysis::{Answer, ArmAnswer, ComparisonAnswer, Evidence, SampleRatioAnswer, analyze};
pub use arm::Arm;
pub use bayes::{Posterior, Prior};
pub use comparisons::{benjamini_hochberg, holm};
pub use cuped::Adjusted;
pub use effect::{Effect, STABLE_BASELINE};
pub use error::{Error, Result};
pub use guardrail::{Decision, Harm, Reading, decide};
pub use moments::{Moments, PairMoments};
pub use power::{Baseline, Design, Looks, SampleSize, Scale};
pub use quantile::Quantile;
pub use rare_errors::RareErrors;
pub use rare_power::units_to_catch;
pub use sample_ratio::{chi_square, ln_bayes_factor, sequential_p_value};
pub use sequence::Sequence;
pub use side::{Alpha, Bounds, Side, Test};
pub use welch::welch;

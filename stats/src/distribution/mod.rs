//! Distribution functions, accurate in the tails and at the sample sizes of large experiments.
//!
//! `statrs` provides the inverse of the normal distribution and the incomplete gamma function. Its error function is
//! only accurate to 1e-10 and its incomplete beta function loses six digits at 10⁸ degrees of freedom, so the former
//! comes from `libm` and the latter is here.

mod beta;
mod chi_square;
mod normal;
mod stirling;
mod student;

pub(crate) use beta::{Point, incomplete_beta, ln_beta};
pub(crate) use chi_square::chi_square_tail;
pub(crate) use normal::{normal_cdf, normal_density, normal_quantile};
pub(crate) use stirling::stirling_error;
pub(crate) use student::{student_tail, student_upper_quantile};

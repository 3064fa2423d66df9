//! How many units the test of rare errors needs to catch a difference.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts of units are positive and far below 2^53"
)]

use crate::{Alpha, Error, RareErrors, Result};

/// The computation grows with the square of this; a difference that needs more errors is not about rare ones.
const MOST_ERRORS: u64 = 20_000;

/// The units in each arm after which [`RareErrors::shows_harm`] has rolled back with probability `caught`, looking all
/// the time.
///
/// `control` and `treatment` are the shares of units with an error, above 0 and below 1, treatment's being greater.
/// `caught` is above 0 and below 1: 0.5 for the median.
///
/// Exact for the number of errors, by following the probability of each count that has not reached the threshold;
/// the number of units is that of errors over the sum of both rates.
pub fn units_to_catch(control: f64, treatment: f64, alpha: Alpha, caught: f64) -> Result<u64> {
    let wrong = |name, range| Err(Error::Plan { name, range });
    if !(control > 0.0 && control < 1.0 && treatment < 1.0) {
        return wrong("a rate", "above 0 and below 1");
    }
    if treatment.is_nan() || treatment <= control {
        return wrong("treatment's rate", "greater than control's");
    }
    if !(caught > 0.0 && caught < 1.0) {
        return wrong("the share to catch", "above 0 and below 1");
    }
    let errors = errors_to_catch(treatment / (control + treatment), alpha, caught)?;
    Ok((errors as f64 / (control + treatment)).ceil() as u64)
}

/// The errors in both arms after which harm is shown with probability `caught`, each error being treatment's with
/// probability `share`.
fn errors_to_catch(share: f64, alpha: Alpha, caught: f64) -> Result<u64> {
    // The probability of each count of treatment's errors, of what is not caught yet.
    let mut open = vec![1.0];
    // The least count of treatment's errors that shows harm; it never falls as errors come.
    let mut threshold = 0;
    for total in 1..=MOST_ERRORS {
        let mut next = vec![0.0; open.len() + 1];
        for (count, probability) in open.iter().enumerate() {
            next[count] += probability * (1.0 - share);
            next[count + 1] += probability * share;
        }
        let shows_harm = |treatment| {
            let control = total - treatment;
            RareErrors { control, treatment }.shows_harm(alpha)
        };
        while threshold <= total && !shows_harm(threshold) {
            threshold += 1;
        }
        next.truncate(threshold as usize);
        open = next;
        if 1.0 - open.iter().sum::<f64>() >= caught {
            return Ok(total);
        }
    }
    Err(Error::NotDetectable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threefold_rate_of_one_percent_is_caught_within_650_units() {
        let units = units_to_catch(0.01, 0.03, Alpha::FIVE_PERCENT, 0.5).expect("a number");
        assert!((500..=650).contains(&units), "{units}");
    }

    #[test]
    fn a_double_rate_of_a_thousandth_is_caught_within_21_000_units() {
        let units = units_to_catch(0.001, 0.002, Alpha::FIVE_PERCENT, 0.5).expect("a number");
        assert!((15_000..=21_000).contains(&units), "{units}");
    }

    #[test]
    fn more_certainty_and_more_guardrails_take_more_units() {
        let catch = |alpha, caught| units_to_catch(0.01, 0.03, alpha, caught).expect("a number");
        let median = catch(Alpha::FIVE_PERCENT, 0.5);
        assert!(catch(Alpha::FIVE_PERCENT, 0.8) > median);
        assert!(catch(Alpha::FIVE_PERCENT.shared_by(3), 0.5) > median);
    }

    #[test]
    fn rates_without_harm_are_refused() {
        for (control, treatment) in [(0.02, 0.01), (0.01, 0.01), (0.0, 0.1), (0.1, 1.0)] {
            let refused = units_to_catch(control, treatment, Alpha::FIVE_PERCENT, 0.5);
            assert!(refused.is_err(), "{control} {treatment}");
        }
    }
}

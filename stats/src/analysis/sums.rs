//! Reads an arm's sums, and refuses those that no data has.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use super::fields::Fields;
use crate::{Moments, PairMoments, Quantile, Result};

/// How much of a mismatch between sums is rounding.
const ROUNDING: f64 = 1e-9;

pub(super) fn moments(
    fields: &mut Fields<'_>,
    units: u64,
    sum_name: &'static str,
    squares_name: &'static str,
) -> Result<Moments> {
    let sum = fields.number(sum_name)?;
    let sum_squares = fields.number(squares_name)?;
    if sum_squares < 0.0 || sum * sum > sum_squares * units as f64 * (1.0 + ROUNDING) {
        let problem = format!(
            "is too small: with this `{sum_name}` and `units` it is at least {}",
            least_squares(sum, units)
        );
        return Err(fields.wrong(squares_name, &problem));
    }
    Ok(Moments {
        units,
        sum,
        sum_squares,
    })
}

fn least_squares(sum: f64, units: u64) -> f64 {
    if units == 0 {
        0.0
    } else {
        sum * sum / units as f64
    }
}

pub(super) fn converted(fields: &mut Fields<'_>, units: u64) -> Result<f64> {
    let sum = fields.number("sum")?;
    if (0.0..=units as f64).contains(&sum) {
        return Ok(sum);
    }
    let problem = format!("of a proportion must be from 0 to `units`, which is {units}, not {sum}");
    Err(fields.wrong("sum", &problem))
}

pub(super) fn pairs(
    fields: &mut Fields<'_>,
    units: u64,
    sum_name: &'static str,
    squares_name: &'static str,
) -> Result<PairMoments> {
    let x = moments(fields, units, "sum", "sumSquares")?;
    let y = moments(fields, units, sum_name, squares_name)?;
    let sum_xy = fields.number("productSum")?;
    // Cauchy and Schwarz: no units have a greater sum of products.
    if sum_xy * sum_xy > x.sum_squares * y.sum_squares * (1.0 + ROUNDING) {
        let problem = format!(
            "is not possible with these sums of squares: its magnitude is at most {}",
            (x.sum_squares * y.sum_squares).sqrt()
        );
        return Err(fields.wrong("productSum", &problem));
    }
    Ok(PairMoments {
        units,
        sum_x: x.sum,
        sum_xx: x.sum_squares,
        sum_y: y.sum,
        sum_yy: y.sum_squares,
        sum_xy,
    })
}

pub(super) fn quantile(fields: &mut Fields<'_>, units: u64) -> Result<Quantile> {
    let level = fields.number("quantile")?;
    if !(level > 0.0 && level < 1.0) {
        return Err(fields.wrong(
            "quantile",
            &format!("must be above 0 and below 1, not {level}"),
        ));
    }
    let estimate = fields.number("estimate")?;
    let lower = fields.number("lower")?;
    let upper = fields.number("upper")?;
    if lower > upper {
        return Err(fields.wrong(
            "lower",
            &format!("must be at most `upper`, which is {upper}, not {lower}"),
        ));
    }
    let interval_observations = fields.optional_count("sampleUnits")?.unwrap_or(units);
    let clusters = match fields.optional_count("clusters")? {
        Some(clusters) => Some(pairs(
            fields,
            clusters,
            "denominatorSum",
            "denominatorSumSquares",
        )?),
        None => None,
    };
    Ok(Quantile {
        observations: units,
        level,
        estimate,
        lower,
        upper,
        interval_observations,
        clusters,
    })
}

//! Several comparisons at once: p-values adjusted for how many there are.
//!
//! The family is metrics × arms: primary metrics by Holm, secondary ones by Benjamini–Hochberg.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of comparisons are far below 2^53"
)]

/// Holm's adjusted p-values, in the order given: the chance of any false positive is at most α where those at most α
/// count as significant.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p_values.len()];
    let mut so_far = 0.0f64;
    for (rank, index) in ascending(p_values).into_iter().enumerate() {
        let remaining = (p_values.len() - rank) as f64;
        so_far = so_far.max((remaining * p_values[index]).min(1.0));
        adjusted[index] = so_far;
    }
    adjusted
}

/// Benjamini and Hochberg's adjusted p-values, in the order given: of those at most α, a share of at most α is expected
/// to be false.
///
/// Source: Benjamini and Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B
/// 57 (1995).
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p_values.len()];
    let mut so_far = 1.0f64;
    for (rank, index) in ascending(p_values).into_iter().enumerate().rev() {
        let scale = p_values.len() as f64 / (rank as f64 + 1.0);
        so_far = so_far.min(scale * p_values[index]);
        adjusted[index] = so_far;
    }
    adjusted
}

fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comparison_is_left_as_it_is() {
        assert_eq!(holm(&[0.03]), [0.03]);
        assert_eq!(benjamini_hochberg(&[0.03]), [0.03]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn the_order_of_p_values_is_kept() {
        assert_eq!(holm(&[0.5, 0.01, 0.25]), [0.5, 0.03, 0.5]);
        assert_eq!(benjamini_hochberg(&[0.5, 0.01, 0.25]), [0.5, 0.03, 0.375]);
    }

    #[test]
    fn an_adjusted_p_value_is_never_above_one_nor_below_the_original() {
        let p_values = [0.9, 0.8, 0.2, 0.04, 0.9];
        for adjusted in [holm(&p_values), benjamini_hochberg(&p_values)] {
            for (adjusted, original) in adjusted.iter().zip(p_values) {
                assert!((original..=1.0).contains(adjusted));
            }
        }
    }
}

//! Who is connected: contexts that differ from each other, and environments of very different size.

use serde_json::{Map, Value, json};

/// The context of a client key's nth connection: every one has a key of its own, and a few attributes that many share.
pub(crate) fn context(index: u32) -> Map<String, Value> {
    const COUNTRIES: [&str; 5] = ["SE", "NO", "DK", "FI", "IS"];
    const PLANS: [&str; 3] = ["free", "pro", "enterprise"];
    let pick = |from: &[&str], index: u32| from[index as usize % from.len()].to_owned();
    let context = json!({
        "targetingKey": format!("user-{index}"),
        "country": pick(&COUNTRIES, index),
        "plan": pick(&PLANS, index / 5),
        "age": 18 + index % 60,
    });
    match context {
        Value::Object(context) => context,
        _ => Map::new(),
    }
}

/// Splits `total` among `parts` by Zipf's law: the nth gets in proportion to 1/n, and everyone at least one.
///
/// The sizes add up to `total` and never rise.
pub(crate) fn zipf(total: u32, parts: u32) -> Vec<u32> {
    let weights: Vec<f64> = (1..=parts).map(|rank| 1.0 / f64::from(rank)).collect();
    let all: f64 = weights.iter().sum();
    let spare = f64::from(total.saturating_sub(parts));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a u32, rounded down"
    )]
    let mut sizes: Vec<u32> = weights
        .iter()
        .map(|weight| 1 + (spare * weight / all) as u32)
        .collect();
    // What rounding left over goes to the largest.
    let given: u32 = sizes.iter().sum();
    if let Some(first) = sizes.first_mut() {
        *first += total.saturating_sub(given);
    }
    sizes
}

/// Numbers that look random and are the same in every run.
#[derive(Clone)]
pub(crate) struct SeededRandom(u64);

impl SeededRandom {
    /// Starts again.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `limit`, by the generator `SplitMix64`.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        let scaled = (u128::from(bits) * u128::from(limit)) >> 64;
        u32::try_from(scaled).unwrap_or_default()
    }

    /// One of `sizes`, each as often as it is large.
    pub(crate) fn weighted(&mut self, sizes: &[u32]) -> usize {
        let mut rest = self.below(sizes.iter().sum());
        for (index, size) in sizes.iter().enumerate() {
            match rest.checked_sub(*size) {
                Some(less) => rest = less,
                None => return index,
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn contexts_differ_and_stay_the_same() {
        let contexts: HashSet<String> = (0..500)
            .map(|index| Value::Object(context(index)).to_string())
            .collect();
        assert_eq!(contexts.len(), 500);
        assert_eq!(context(7), context(7));
    }

    #[test]
    fn sizes_by_zipf_add_up_and_fall_as_one_over_rank() {
        let sizes = zipf(10_000, 300);
        assert_eq!(sizes.iter().sum::<u32>(), 10_000);
        assert!(sizes.is_sorted_by(|left, right| left >= right));
        assert!(sizes.iter().all(|size| *size >= 1));
        let (first, tenth) = (f64::from(sizes[0]), f64::from(sizes[9]));
        assert!(
            (8.0..13.0).contains(&(first / tenth)),
            "{first} and {tenth}"
        );
        assert_eq!(zipf(3, 3), [1, 1, 1]);
    }

    #[test]
    fn the_larger_is_picked_more_often() {
        let mut dice = SeededRandom::new(1);
        let mut picked = [0_u32; 3];
        for _ in 0..10_000 {
            picked[dice.weighted(&[70, 20, 10])] += 1;
        }
        let near = |count: u32, expected: u32| count.abs_diff(expected) < 300;
        assert!(
            near(picked[0], 7_000) && near(picked[1], 2_000) && near(picked[2], 1_000),
            "{picked:?}"
        );
    }
}

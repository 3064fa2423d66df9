//! What a call takes: the median of samples. `bench/peers/engines` measures other engines by this very file, so it needs
//! nothing but the standard library.

use std::time::{Duration, Instant};

/// Samples that are taken, and how long each lasts at least.
pub(crate) const SAMPLES: usize = 25;
const SAMPLE: Duration = Duration::from_millis(2);

/// The nanoseconds of one call.
pub(crate) fn median(mut call: impl FnMut()) -> f64 {
    // The first samples find out how many calls last long enough.
    let mut calls = 1_000;
    while sample(&mut call, calls) < SAMPLE {
        calls *= 2;
    }
    let mut samples: Vec<f64> = (0..SAMPLES)
        .map(|_| sample(&mut call, calls).as_secs_f64() * 1e9 / f64::from(calls))
        .collect();
    samples.sort_unstable_by(f64::total_cmp);
    samples[SAMPLES / 2]
}

fn sample(call: &mut impl FnMut(), calls: u32) -> Duration {
    let begun = Instant::now();
    for _ in 0..calls {
        call();
    }
    begun.elapsed()
}

"""Power of designs by statsmodels, and the units that catch a difference of rare errors by SciPy."""

import numpy as np
from scipy import stats
from statsmodels.stats.power import NormalIndPower

from rare import closed_form

ALTERNATIVES = {"two": "two-sided", "greater": "larger", "less": "smaller"}


def effective_alpha(looks, side, alpha):
    """The error rate of a single look that has the sequence's critical value at its planned end."""
    if looks == "once":
        return alpha
    rate = alpha if side == "two" else 2 * alpha
    q = -2 * np.log(rate) + np.log(1 - 2 * np.log(rate))
    surprise = np.log(np.sqrt(q + 1) / alpha) if side == "two" else np.log1p(np.sqrt(q + 1) / rate)
    tail = stats.norm.sf(np.sqrt(2 * (q + 1) / q * surprise))
    return 2 * tail if side == "two" else tail


def power(rng):
    cases = []
    for index in range(40):
        side = str(rng.choice(list(ALTERNATIVES)))
        looks = str(rng.choice(["once", "always"]))
        scale = str(rng.choice(["relative", "absolute"]))
        alpha = float(rng.choice([0.01, 0.05, 0.1]))
        ratio = float(rng.choice([0.25, 0.5, 1, 2]))
        lift = float(rng.uniform(0.02, 0.4) * (-1 if side == "less" else 1))
        units = int(rng.integers(200, 50_000))
        if rng.random() < 0.5:
            baseline = {"proportion": float(rng.uniform(0.02, 0.6))}
            mean = baseline["proportion"]
            variance, treated_variance = mean * (1 - mean), mean * (1 + lift) * (1 - mean * (1 + lift))
        else:
            mean, variance = float(rng.uniform(-20, 20)), float(rng.uniform(1, 900))
            baseline = {"mean": mean, "variance": variance}
            treated_variance = variance
        treated = mean + abs(mean) * lift
        growth = treated / mean if scale == "relative" else 1.0
        # statsmodels knows one variance for both arms: the one that gives the difference its standard error.
        error = np.sqrt(treated_variance / (units * ratio) + variance * growth**2 / units)
        common = error / np.sqrt(1 / units + 1 / (units * ratio))
        expect = NormalIndPower(ddof=0).power(
            effect_size=lift * abs(mean) / common,
            nobs1=units,
            alpha=effective_alpha(looks, side, alpha),
            ratio=ratio,
            alternative=ALTERNATIVES[side],
        )
        asked = {"baseline": baseline, "lift": lift, "controlUnits": units, "ratio": ratio}
        asked |= {"side": side, "looks": looks, "scale": scale, "alpha": alpha}
        cases.append({"name": f"design {index}", "input": asked, "expect": float(expect)})
    return {
        "description": "The chance of detecting a lift.",
        "function": "power",
        "source": "statsmodels: NormalIndPower",
        "cases": cases,
    }


def units_to_catch(rng):
    cases = []
    for index in range(6):
        control = float(rng.uniform(0.001, 0.02))
        treatment = control * float(rng.uniform(1.8, 4))
        alpha, caught = float(rng.choice([0.05, 0.05 / 3, 0.01])), float(rng.choice([0.5, 0.8, 0.9]))
        share = treatment / (control + treatment)
        open_counts, total = {0: 1.0}, 0
        while 1 - sum(open_counts.values()) < caught:
            total += 1
            flipped = {}
            for count, probability in open_counts.items():
                flipped[count] = flipped.get(count, 0.0) + probability * (1 - share)
                flipped[count + 1] = flipped.get(count + 1, 0.0) + probability * share
            open_counts = {
                count: probability
                for count, probability in flipped.items()
                if closed_form(count, total - count, 1.0) < -np.log(alpha)
            }
        asked = {"control": control, "treatment": treatment, "alpha": alpha, "caught": caught}
        expect = int(np.ceil(total / (control + treatment)))
        cases.append({"name": f"rates {index}", "input": asked, "expect": expect})
    return {
        "description": "Units in each arm after which harm is caught.",
        "function": "unitsToCatch",
        "source": "the probabilities of all counts, with SciPy's beta distribution",
        "cases": cases,
    }


FILES = {"power": power, "units-to-catch": units_to_catch}

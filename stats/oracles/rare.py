"""The test of rare errors: the mixture as an integral, by mpmath; bounds by SciPy's root finder."""

import mpmath
import numpy as np
from scipy import optimize, special, stats


def ln_evidence(more, less, odds):
    """The bet's capital: the likelihood ratio, averaged over alternatives above `odds` by a Beta(½, ½) prior."""
    null = mpmath.mpf(odds) / (1 + mpmath.mpf(odds))

    def likelihood_ratio(share):
        return (share / null) ** more * ((1 - share) / (1 - null)) ** less

    # Integrated in units of its largest value: mpmath estimates its error from differences, and fails on exactly 1.
    largest = likelihood_ratio(max(mpmath.mpf(more) / (more + less), null))

    # With θ = sin²(t) the prior is uniform in t.
    def ratio(t):
        return likelihood_ratio(mpmath.sin(t) ** 2) / largest

    start, end = mpmath.asin(mpmath.sqrt(null)), mpmath.pi / 2
    middle = mpmath.asin(mpmath.sqrt(mpmath.mpf(more + 0.5) / (more + less + 1)))
    points = sorted({start, end, *(min(max(middle + mpmath.mpf(step) / 20, start), end) for step in range(-6, 7))})
    return mpmath.log(mpmath.quad(ratio, points) / (end - start)) + mpmath.log(largest)


def closed_form(more, less, odds):
    null = odds / (1 + odds)
    return (
        special.betaln(0.5 + more, 0.5 + less)
        - special.betaln(0.5, 0.5)
        - more * np.log(null)
        - less * np.log1p(-null)
        + stats.beta.logsf(null, 0.5 + more, 0.5 + less)
        - stats.beta.logsf(null, 0.5, 0.5)
    )


def bounds(control, treatment, alpha):
    def root(more, less):
        return optimize.brentq(
            lambda ln_odds: closed_form(more, less, np.exp(ln_odds)) + np.log(alpha), -8, 8, xtol=1e-14, rtol=1e-14
        )

    return np.exp(root(treatment, control)), 1 / np.exp(root(control, treatment))


def evidence(rng):
    cases = []
    with mpmath.workdps(40):
        for index in range(30):
            control = int(rng.integers(5, 120))
            treatment = max(5, int(control * rng.uniform(0.3, 3)))
            odds = float(rng.choice([0.5, 0.9, 1.0, 1.0, 1.1, 1.5, 2.0]))
            alpha = float(rng.choice([0.01, 0.05, 0.1]))
            lower, upper = bounds(control, treatment, alpha)
            expect = {
                "lnEvidenceAbove": float(ln_evidence(treatment, control, odds)),
                "lnEvidenceBelow": float(ln_evidence(control, treatment, 1 / mpmath.mpf(odds))),
                "lowerOdds": float(lower),
                "upperOdds": float(upper),
            }
            asked = {"control": control, "treatment": treatment, "odds": odds, "alpha": alpha}
            cases.append({"name": f"counts {index}", "input": asked, "expect": expect})
    return {
        "description": "Evidence about the odds of rare errors, and the odds that it leaves.",
        "function": "rareErrors",
        "source": "the mixture integrated by mpmath; bounds by SciPy's brentq",
        "cases": cases,
    }


FILES = {"rare-errors": evidence}

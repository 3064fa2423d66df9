"""Sample-ratio mismatch: SciPy for chi-square, ssrm-test for the sequential test, mpmath where counts are large."""

import mpmath
import numpy as np
from scipy import stats

# ssrm-test is older than NumPy 2, which dropped this name.
np.Inf = np.inf
from ssrm_test.ssrm_test import sequential_p_values  # noqa: E402


def counts(rng, most):
    arms = int(rng.integers(2, 5))
    weights = rng.integers(1, 10, arms)
    shares = weights / weights.sum()
    skewed = rng.dirichlet(shares * rng.choice([1e4, 1e6]))
    return rng.multinomial(int(rng.integers(100, most)), skewed), weights, shares


def fixed(rng):
    cases = []
    for index in range(20):
        observed, weights, shares = counts(rng, 1_000_000)
        p_value = stats.chisquare(observed, shares * observed.sum()).pvalue
        asked = {
            "test": "sampleRatio",
            "method": "fixed",
            "observed": observed.tolist(),
            "expected": weights.tolist(),
        }
        cases.append({"name": f"counts {index}", "input": asked, "expect": {"pValue": float(p_value)}})
    return {
        "description": "Sample-ratio mismatch by chi-square.",
        "function": "analyze",
        "source": "SciPy: chisquare",
        "cases": cases,
    }


def sequential(rng):
    cases = []
    for index in range(20):
        observed, weights, shares = counts(rng, 20_000)
        p_value = sequential_p_values(np.array([observed]), shares)[0]
        asked = {
            "test": "sampleRatio",
            "method": "sequential",
            "observed": observed.tolist(),
            "expected": weights.tolist(),
        }
        cases.append({"name": f"counts {index}", "input": asked, "expect": {"pValue": float(p_value)}})
    return {
        "description": "Sample-ratio mismatch at one of many looks.",
        "function": "analyze",
        "source": "ssrm-test: sequential_p_values",
        "cases": cases,
    }


def large(rng):
    cases = []
    with mpmath.workdps(50):
        for index in range(20):
            observed, weights, _ = counts(rng, 10 ** int(rng.integers(3, 9)))
            total, sum_of_weights = int(observed.sum()), int(weights.sum())
            factor = mpmath.loggamma(10_000) - mpmath.loggamma(10_000 + total)
            for count, weight in zip(observed.tolist(), weights.tolist()):
                share = mpmath.mpf(weight) / sum_of_weights
                prior = 10_000 * share
                factor += mpmath.loggamma(prior + count) - mpmath.loggamma(prior) - count * mpmath.log(share)
            asked = {"observed": observed.tolist(), "weights": weights.tolist()}
            cases.append({"name": f"counts {index}", "input": asked, "expect": float(factor)})
    return {
        "description": "The logarithm of the Bayes factor against the planned ratio, also at large counts.",
        "function": "lnBayesFactor",
        "source": "the ratio of gamma functions in mpmath, 50 digits",
        "cases": cases,
    }


FILES = {"ratio-fixed": fixed, "ratio-sequential": sequential, "ratio-bayes-factor": large}

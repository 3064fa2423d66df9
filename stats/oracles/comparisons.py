"""Questions of `peekaboo analyze` about arms, answered by gbstats; by SciPy or NumPy where gbstats has no class."""

from dataclasses import replace

import numpy as np
from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig, GaussianPrior
from gbstats.frequentist.tests import (
    FrequentistConfig,
    OneSidedTreatmentGreaterTTest,
    SequentialConfig,
    SequentialTwoSidedTTest,
    TwoSidedTTest,
)
from gbstats.models.statistics import (
    ProportionStatistic,
    QuantileClusteredStatistic,
    QuantileStatistic,
    RatioStatistic,
    RegressionAdjustedStatistic,
    SampleMeanStatistic,
)
from scipy import stats

CASES = 24
DIFFERENCES = ("relative", "absolute")


def question(rng, metric, arms, **fields):
    """The fields that every question has, at random where they matter."""
    return {
        "metric": metric,
        "difference": str(rng.choice(DIFFERENCES)),
        "method": "fixed",
        "side": "two",
        "alpha": float(rng.choice([0.01, 0.05, 0.1, 0.2])),
        "arms": [{"name": name, **arm} for name, arm in zip(["control", "treatment"], arms)],
        **fields,
    }


def answer(estimate, error, interval, **evidence):
    numbers = {"estimate": estimate, "standardError": error, "lower": interval[0], "upper": interval[1], **evidence}
    plain = {key: None if value is None or np.isinf(value) else float(value) for key, value in numbers.items()}
    return {"arms": [{"name": "treatment", **plain}], "warnings": []}


def case(name, asked, statistics, expect):
    """A case of two arms. A relative difference from a control near 0 carries a warning, by gbstats' mean and error."""
    control = statistics[0]
    near = abs(control.unadjusted_mean) <= 5 * np.sqrt(control.variance / control.n)
    if asked["difference"] == "relative" and near:
        expect["warnings"].append(
            "control: is within 5 standard errors of 0, so the relative difference is not reliable; "
            "decide by the absolute one"
        )
    return {"name": name, "input": asked, "expect": expect}


def of_result(result):
    return answer(result.expected, result.uplift.stddev, result.ci, pValue=result.p_value)


def config(kind, asked, **fields):
    return kind(alpha=asked["alpha"], difference_type=asked["difference"], **fields)


# Arms, as the fields of a question and as gbstats' statistic.


def mean_arm(rng):
    units = int(rng.integers(150, 50_000))
    mean, deviation = rng.uniform(1, 50), rng.uniform(0.5, 10)
    values = {"units": units, "sum": units * mean, "sumSquares": units * (mean**2 + deviation**2)}
    return values, SampleMeanStatistic(n=units, sum=values["sum"], sum_squares=values["sumSquares"])


def proportion_arm(rng):
    units = int(rng.integers(1_000, 200_000))
    converted = int(rng.integers(units // 20, units // 2))
    return {"units": units, "sum": converted}, ProportionStatistic(n=units, sum=converted)


def pairs(rng, shift=0.0):
    """Units with a metric x and a second value y that goes with it."""
    units = int(rng.integers(150, 400))
    y = rng.gamma(4.0, 1.5, units)
    x = 1.0 + shift + rng.uniform(0.3, 0.9) * y + rng.normal(0.0, 0.7, units)
    return np.round(x, 6), np.round(y, 6)


def sums(x, y, y_sum, y_squares):
    return {
        "units": len(x),
        "sum": float(x.sum()),
        "sumSquares": float((x * x).sum()),
        y_sum: float(y.sum()),
        y_squares: float((y * y).sum()),
        "productSum": float((x * y).sum()),
    }


def ratio_arm(rng):
    x, y = pairs(rng)
    arm = sums(x, y, "denominatorSum", "denominatorSumSquares")
    n = arm["units"]
    statistic = RatioStatistic(
        n=n,
        m_statistic=SampleMeanStatistic(n=n, sum=arm["sum"], sum_squares=arm["sumSquares"]),
        d_statistic=SampleMeanStatistic(n=n, sum=arm["denominatorSum"], sum_squares=arm["denominatorSumSquares"]),
        m_d_sum_of_products=arm["productSum"],
    )
    return arm, statistic


def adjusted_statistic(arm):
    n = arm["units"]
    return RegressionAdjustedStatistic(
        n=n,
        post_statistic=SampleMeanStatistic(n=n, sum=arm["sum"], sum_squares=arm["sumSquares"]),
        pre_statistic=SampleMeanStatistic(n=n, sum=arm["preSum"], sum_squares=arm["preSumSquares"]),
        post_pre_sum_of_products=arm["productSum"],
        theta=0,
    )


def quantile_arm(rng, level):
    units = int(rng.integers(2_000, 40_000))
    estimate, width = rng.uniform(100, 300), rng.uniform(2, 20)
    arm = {
        "units": units,
        "quantile": level,
        "estimate": estimate,
        "lower": estimate - width,
        "upper": estimate + width * rng.uniform(0.8, 1.2),
        "sampleUnits": int(rng.integers(1_000, units)),
    }
    statistic = QuantileStatistic(
        n=units,
        n_star=arm["sampleUnits"],
        nu=level,
        quantile_hat=estimate,
        quantile_lower=arm["lower"],
        quantile_upper=arm["upper"],
    )
    return arm, statistic


def clustered_quantile_arm(rng, level):
    clusters = int(rng.integers(200, 600))
    observations = rng.integers(1, 30, clusters)
    below = rng.binomial(observations, rng.beta(level * 3, (1 - level) * 3, clusters))
    arm, _ = quantile_arm(rng, level)
    arm["units"] = int(observations.sum())
    arm["sampleUnits"] = arm["units"]
    arm["clusters"] = clusters
    arm.update(
        {
            "sum": int(below.sum()),
            "sumSquares": int((below**2).sum()),
            "denominatorSum": int(observations.sum()),
            "denominatorSumSquares": int((observations**2).sum()),
            "productSum": int((below * observations).sum()),
        }
    )
    statistic = QuantileClusteredStatistic(
        n=arm["units"],
        n_star=arm["units"],
        nu=level,
        quantile_hat=arm["estimate"],
        quantile_lower=arm["lower"],
        quantile_upper=arm["upper"],
        main_sum=arm["sum"],
        main_sum_squares=arm["sumSquares"],
        denominator_sum=arm["denominatorSum"],
        denominator_sum_squares=arm["denominatorSumSquares"],
        main_denominator_sum_product=arm["productSum"],
        n_clusters=clusters,
    )
    return arm, statistic


def two_arms(rng, metric):
    if metric in ("quantile", "clustered"):
        make = quantile_arm if metric == "quantile" else clustered_quantile_arm
        level = float(rng.choice([0.5, 0.75, 0.9, 0.95]))
        made = [make(rng, level) for _ in range(2)]
    else:
        make = {"mean": mean_arm, "proportion": proportion_arm, "ratio": ratio_arm}[metric]
        made = [make(rng) for _ in range(2)]
    return [arm for arm, _ in made], [statistic for _, statistic in made]


# Files.


def fixed(rng):
    cases = []
    for metric in ("mean", "proportion", "ratio", "quantile", "clustered"):
        for index in range(CASES // 2):
            arms, statistics = two_arms(rng, metric)
            asked = question(rng, "quantile" if metric == "clustered" else metric, arms)
            result = TwoSidedTTest(*statistics, config(FrequentistConfig, asked)).compute_result()
            cases.append(case(f"{metric} {index}", asked, statistics, of_result(result)))
    return {
        "description": "Fixed tests, two-sided.",
        "function": "analyze",
        "source": "gbstats: TwoSidedTTest",
        "cases": cases,
    }


def fixed_one_sided(rng):
    cases = []
    for index in range(CASES):
        metric = str(rng.choice(["mean", "proportion", "ratio"]))
        arms, statistics = two_arms(rng, metric)
        asked = question(rng, metric, arms, side=str(rng.choice(["greater", "less"])))
        test = OneSidedTreatmentGreaterTTest(*statistics, config(FrequentistConfig, asked))
        result = test.compute_result()
        if asked["side"] == "less":
            # gbstats gives the lower bound for this alternative.
            error, degrees = np.sqrt(test.variance), test.dof
            upper = test.point_estimate + stats.t.ppf(1 - asked["alpha"], degrees) * error
            result = replace(result, ci=[-np.inf, upper], p_value=stats.t.cdf(test.critical_value, degrees))
        cases.append(case(f"{metric} {index}", asked, statistics, of_result(result)))
    return {
        "description": "Fixed tests, one-sided.",
        "function": "analyze",
        "source": "gbstats: OneSidedTreatmentGreaterTTest; SciPy for the other side",
        "cases": cases,
    }


def sequential(rng):
    cases = []
    for index in range(2 * CASES):
        metric = str(rng.choice(["mean", "proportion", "ratio"]))
        arms, statistics = two_arms(rng, metric)
        planned = int(rng.integers(1_000, 200_000))
        asked = question(rng, metric, arms, method="sequential", plannedUnits=planned)
        settings = config(SequentialConfig, asked, sequential_tuning_parameter=planned)
        result = SequentialTwoSidedTTest(*statistics, settings).compute_result()
        cases.append(case(f"{metric} {index}", asked, statistics, of_result(result)))
    return {
        "description": "Asymptotic confidence sequences, two-sided.",
        "function": "analyze",
        "source": "gbstats: SequentialTwoSidedTTest",
        "cases": cases,
    }


def sequential_one_sided(rng):
    """By inverting the mixture e-value: the boundary is where it reaches 1/alpha, the p-value its reciprocal."""
    cases = []
    for index in range(CASES):
        metric = str(rng.choice(["mean", "proportion"]))
        arms, statistics = two_arms(rng, metric)
        planned = int(rng.integers(1_000, 200_000))
        side = str(rng.choice(["greater", "less"]))
        asked = question(rng, metric, arms, method="sequential", plannedUnits=planned, side=side)
        test = TwoSidedTTest(*statistics, config(FrequentistConfig, asked))
        estimate, error = test.point_estimate, np.sqrt(test.variance)
        units = sum(arm["units"] for arm in arms)
        twice = 2 * asked["alpha"]
        q = units * (-2 * np.log(twice) + np.log(1 - 2 * np.log(twice))) / planned
        # z at which 1 + 2·expm1(…)/√(q + 1)-like evidence reaches its threshold, written for the exponent.
        exponent = np.log(1 + np.sqrt(q + 1) / twice)
        z = np.sqrt(2 * exponent * (q + 1) / q)
        towards = (estimate if side == "greater" else -estimate) / error
        p_value = 1.0
        if towards > 0:
            p_value = min(1.0, np.sqrt(q + 1) / (2 * (np.exp(towards**2 * q / (2 * (q + 1))) - 1)))
        interval = [estimate - z * error, np.inf] if side == "greater" else [-np.inf, estimate + z * error]
        expect = answer(estimate, error, interval, pValue=p_value)
        cases.append(case(f"{metric} {index}", asked, statistics, expect))
    return {
        "description": "Asymptotic confidence sequences, one-sided.",
        "function": "analyze",
        "source": "the formulas of arXiv 2103.06476 in NumPy; estimate and error by gbstats",
        "cases": cases,
    }


def adjusted(rng):
    cases = []
    for index in range(CASES):
        units = [pairs(rng), pairs(rng, shift=rng.uniform(-0.3, 0.5))]
        arms = [sums(x, y, "preSum", "preSumSquares") for x, y in units]
        asked = question(rng, "adjusted", arms)
        test = TwoSidedTTest(*map(adjusted_statistic, arms), config(FrequentistConfig, asked))
        result = test.compute_result()
        if asked["difference"] == "relative":
            result = relative_adjusted(units, asked["alpha"], test.dof)
        else:
            result = of_result(result)
        cases.append({"name": f"adjusted {index}", "input": asked, "expect": result})
    return {
        "description": "Means adjusted by CUPED.",
        "function": "analyze",
        "source": "gbstats: RegressionAdjustedStatistic; relative ones from the units, by the delta method in NumPy",
        "cases": cases,
    }


def relative_adjusted(units, alpha, degrees):
    """The delta method as a quadratic form of gradient and covariance, from the units themselves."""
    x, y = (np.concatenate(values) for values in zip(*units))
    theta = np.cov(x, y)[0, 1] / np.var(y, ddof=1)
    (xa, ya), (xb, yb) = units
    baseline = xa.mean()
    estimate = (xb.mean() - theta * yb.mean() - xa.mean() + theta * ya.mean()) / baseline
    gradients = [(-xb.mean() / baseline**2, theta / baseline), (1 / baseline, -theta / baseline)]
    variance = sum(
        np.array(gradient) @ np.cov(*arm) @ np.array(gradient) / len(arm[0]) for gradient, arm in zip(gradients, units)
    )
    error = np.sqrt(variance)
    width = stats.t.ppf(1 - alpha / 2, degrees) * error
    p_value = 2 * stats.t.sf(abs(estimate / error), degrees)
    return answer(estimate, error, [estimate - width, estimate + width], pValue=p_value)


def bayesian(rng):
    cases = []
    for index in range(CASES):
        metric = str(rng.choice(["mean", "proportion", "ratio"]))
        arms, statistics = two_arms(rng, metric)
        proper = bool(rng.random() < 0.7)
        prior = {"mean": float(rng.normal(0, 0.1)), "variance": float(rng.uniform(0.01, 1)), "proper": proper}
        side = str(rng.choice(["two", "greater", "less"]))
        asked = question(rng, metric, arms, method="bayesian", prior=prior, side=side)
        settings = EffectBayesianConfig(
            alpha=asked["alpha"],
            difference_type=asked["difference"],
            prior_type=asked["difference"],
            prior_effect=GaussianPrior(**prior),
            inverse=side == "less",
        )
        result = EffectBayesianABTest(*statistics, settings).compute_result()
        expect = answer(
            result.expected,
            result.uplift.stddev,
            result.ci,
            chanceToWin=result.chance_to_win,
            risk=result.risk[1],
        )
        cases.append(case(f"{metric} {index}", asked, statistics, expect))
    return {
        "description": "The Bayesian view; the prior is in the unit of the difference.",
        "function": "analyze",
        "source": "gbstats: EffectBayesianABTest",
        "cases": cases,
    }


FILES = {
    "fixed": fixed,
    "fixed-one-sided": fixed_one_sided,
    "sequential": sequential,
    "sequential-one-sided": sequential_one_sided,
    "adjusted": adjusted,
    "bayesian": bayesian,
}

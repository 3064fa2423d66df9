"""Adjusted p-values of several comparisons, by statsmodels."""

from statsmodels.stats.multitest import multipletests


def make(method, function, description):
    def cases(rng):
        made = []
        for index in range(20):
            p_values = rng.random(int(rng.integers(1, 30))) ** rng.uniform(1, 6)
            if rng.random() < 0.3:
                p_values = p_values.round(2)
            adjusted = multipletests(p_values, method=method)[1]
            made.append({"name": f"family {index}", "input": {"pValues": p_values.tolist()}, "expect": adjusted.tolist()})
        return {
            "description": description,
            "function": function,
            "source": f"statsmodels: multipletests, method {method}",
            "cases": made,
        }

    return cases


FILES = {
    "holm": make("holm", "holm", "Adjusted p-values by Holm."),
    "benjamini-hochberg": make("fdr_bh", "benjaminiHochberg", "Adjusted p-values by Benjamini and Hochberg."),
}

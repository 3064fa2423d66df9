"""Writes conformance cases for peekaboo-stats, with the numbers that other implementations come to.

    PIP_NO_DEPS=1 scripts/python stats/oracles/requirements.txt stats/oracles/generate.py --seed 1 --out stats/conformance

makes the cases that are kept; `make test` makes others by a seed of its own each time.
"""

import argparse
import json
import pathlib

import numpy as np

import comparisons
import families
import planning
import rare
import ratios


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for module in (comparisons, families, planning, rare, ratios):
        for name, make in module.FILES.items():
            # A generator for each file, so that a change to one leaves the others as they are.
            content = make(np.random.default_rng([options.seed, *name.encode()]))
            text = json.dumps(content, indent=1, allow_nan=False)
            (options.out / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()

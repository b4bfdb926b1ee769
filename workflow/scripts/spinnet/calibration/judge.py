"""Coverage and pulls: do errors claim what they should?

An interval at a level is value +- t error, with the quantile t of Student's distribution for the
degrees of freedom of the error: at two bins an error is itself uncertain by half.
"""

import numpy as np
import pandas as pd
from scipy.stats import t as student

LEVELS = {68: 0.03, 95: 0.02}  # percent: largest deviation of the coverage, as a fraction, that the goal allows
MEAN_PULL = 0.15  # largest mean pull that the goal allows
LEAST = 50  # replicas, without which nothing is said of a case
DECIDED = 2.0  # standard errors outside of the goal that make a miss


def pulls(found):
    """(value - exact) / error of a "calibration" dataset (case, replica); the error of the truth is included."""
    return (found["value"] - found["exact"]) / np.hypot(found["error"], found["exact_error"])


def inside(found, level):
    """(case, replica) bool: the interval at `level` percent holds the truth."""
    width = student.ppf(0.5 + level / 200, found["freedom"])
    return np.abs(pulls(found)) <= width


def judge(found):
    """Table with a row for each case: coverage and pulls of the replicas that are not flagged, and a verdict.

    Columns: role, estimator, quantity, condition, replicas, flagged (fraction), mean_pull,
    pull_deviation (standard deviation), coverage_68 and coverage_95, errors of them, and the verdict: "met", "missed"
    (outside of the goal by more than `DECIDED` standard errors), "undecided" (outside by less), or "flagged"
    (fewer than `LEAST` replicas are left).
    """
    p, within = pulls(found).values, {level: inside(found, level).values for level in LEVELS}
    rows = []
    for i in range(found.sizes["case"]):
        names = {name: str(found[name].values[i]) for name in found.coords if found[name].dims == ("case",)}
        kept = found["flagged"].values[i] == 0
        row = {"replicas": len(kept), "flagged": 1 - kept.mean()}
        shared = (found["exact_error"] / np.hypot(found["error"], found["exact_error"])).values[i, kept]
        rows.append(names | row | _numbers(p[i, kept], shared, {level: w[i, kept] for level, w in within.items()}))
    return pd.DataFrame(rows)


def _numbers(pull, shared, within):
    """shared: (replicas,) error of the truth, which all replicas have in common, in units of their own error."""
    n = len(pull)
    if n < LEAST:
        return {"verdict": "flagged"}
    deviation = pull.std(ddof=1)
    result = {"mean_pull": pull.mean(), "mean_pull_error": np.hypot(deviation / np.sqrt(n), shared.mean())}
    result["pull_deviation"] = deviation
    excess = [(abs(pull.mean()) - MEAN_PULL) / result["mean_pull_error"]]
    for level, allowed in LEVELS.items():
        fraction = within[level].mean()
        error = binomial_error(level / 100, n)
        result |= {f"coverage_{level}": fraction, f"coverage_{level}_error": error}
        excess.append((abs(fraction - level / 100) - allowed) / error)
    worst = max(excess)
    return result | {"verdict": "met" if worst <= 0 else "missed" if worst > DECIDED else "undecided"}


def binomial_error(probability, n):
    """Standard error of a fraction of n trials that all succeed with `probability`."""
    return np.sqrt(probability * (1 - probability) / n)

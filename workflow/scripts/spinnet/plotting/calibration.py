"""Pulls and coverage of every estimator, problem by problem."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import norm

from spinnet.calibration.judge import LEAST, LEVELS, MEAN_PULL, judge, pulls
from spinnet.plotting.style import BLACK, BLUE, ORANGE, VERMILLION, WIDTH

LOOKS = {"used": (BLUE, "o"), "compared": (ORANGE, "^")}
WIDEST, ROW, COLUMNS = 4.0, 0.135, 4  # largest pull shown; inches a row of the table; panels beside each other
TITLES = {"free_energies": "free energies"}


def plot(data):
    """data: by name of a problem its "calibration" dataset with all replicas."""
    found = {problem: judge(cases) for problem, cases in data.items()}
    rows, lines = sum(map(len, found.values())), -(-len(data) // COLUMNS)
    heights = 1.6 * lines, ROW * (rows + 2 * len(data)) + 0.8
    figure = plt.figure(figsize=(WIDTH, sum(heights)), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=heights)
    panels = upper.subplots(lines, COLUMNS, sharex=True, sharey=True)
    for axis, (problem, cases) in zip(panels.flat, data.items(), strict=False):
        _histograms(axis, problem, cases)
    for axis in panels.flat[len(data) :]:
        axis.set_visible(False)
    upper.supxlabel("pull: (value - exact) / error", fontsize="medium")
    upper.supylabel("density", fontsize="medium")
    _coverage(lower.subplots(1, 3, sharey=True, width_ratios=(1, 1, 1)), found)
    lower.legend(*_legend(), loc="outside lower center", ncols=3)
    return figure


def _histograms(axis, problem, cases):
    """Pulls of the cases in use, one line each, that are not flagged; and the standard normal distribution."""
    edges, x = np.linspace(-WIDEST, WIDEST, 17), np.linspace(-WIDEST, WIDEST, 161)
    for pull, flagged in zip(pulls(cases).values, cases["flagged"].values, strict=True):
        kept = pull[flagged == 0]
        if len(kept) >= LEAST:
            axis.stairs(_density(kept, edges), edges, color="0.7", lw=0.5)
    used = (cases["role"] == "used").values[:, None] & (cases["flagged"] == 0).values
    axis.stairs(_density(pulls(cases).values[used], edges), edges, color=BLUE, lw=1.5)
    axis.plot(x, norm.pdf(x), color=BLACK, lw=1, linestyle="--")
    axis.set(ylim=(0, 0.6), xticks=(-4, -2, 0, 2, 4))
    axis.set_title(TITLES.get(problem, problem), fontsize="medium")


def _density(values, edges):
    """Histogram of values; those beyond the edges count in the outermost bins."""
    return np.histogram(np.clip(values, edges[0], edges[-1]), edges, density=True)[0]


def _coverage(axes, found):
    """A row for each case: both coverages and the mean pull with errors, the goal shaded."""
    names, row = [], 0
    for problem, table in found.items():
        names.append((row, TITLES.get(problem, problem).upper()))
        for one in table.itertuples():
            row += 1
            names.append((row, f"{one.quantity}, {one.estimator}; {one.condition}"))
            _row(axes, row, one)
        row += 2
    for axis, (level, allowed) in zip(axes, LEVELS.items(), strict=False):
        axis.axvspan(level - 100 * allowed, level + 100 * allowed, color="0.88")
        axis.set(xlabel=f"coverage of {level} % [%]")
    axes[0].set_xlim(20, 100)
    axes[1].set_xlim(60, 101)
    axes[2].axvspan(-MEAN_PULL, MEAN_PULL, color="0.88")
    axes[2].set(xlabel="mean pull", xlim=(-1.5, 1.5))
    axes[0].set_yticks(*zip(*names, strict=True), fontsize="x-small")
    axes[0].set_ylim(row - 1, -1)
    for axis in axes:
        axis.tick_params("y", length=0)
        axis.grid(visible=False, axis="y")


def _row(axes, row, one):
    """Marks of one case, at the edge of a panel where they lie outside of it."""
    if one.verdict == "flagged":
        axes[0].text(21, row, "flagged by the estimator", va="center", fontsize="x-small")
        return
    color, marker = LOOKS[one.role]
    color = VERMILLION if one.role == "used" and one.verdict == "missed" else color
    for axis, value, error, low, high in (
        (axes[0], 100 * one.coverage_68, 100 * one.coverage_68_error, 20, 100),
        (axes[1], 100 * one.coverage_95, 100 * one.coverage_95_error, 60, 101),
        (axes[2], one.mean_pull, one.mean_pull_error, -1.5, 1.5),
    ):
        at = min(max(value, low), high)
        inside = at == value
        axis.errorbar(at, row, xerr=error * inside, color=color, marker=marker, ms=3, mfc=color if inside else "white")


def _legend():
    handles = [plt.Line2D([], [], color=c, marker=m, linestyle="") for c, m in (*LOOKS.values(), (VERMILLION, "o"))]
    return handles, ["used by the workflow", "compared", "used, misses the goal (shaded)"]


def table(data):
    """Rows of `judge` of all problems."""
    parts = {problem: judge(cases) for problem, cases in data.items()}
    return pd.concat(parts, names=["problem"]).reset_index("problem").reset_index(drop=True)

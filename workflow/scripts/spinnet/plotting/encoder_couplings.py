"""Couplings read off learned Hamiltonians against the true ones, and blind trials of their errors."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import norm

from spinnet.plotting.encoder_panels import letters
from spinnet.plotting.style import BLACK, BLUE, ORANGE, VERMILLION, WIDTH
from spinnet.statistics import mean_and_error

MULTIPLES = {1: ("o", BLUE), 2: ("s", VERMILLION)}  # of the standard error, and their look
LINEAR = 0.02  # J; below, the axes of deviations are linear
COLUMNS = ("network", "correction", "correction_error", "estimate", "estimate_error", "true")


def plot(data):
    """data: by name of a model its "read couplings" file, and "trials", a "coverage" file."""
    models = {name: found for name, found in data.items() if name != "trials"}
    figure = plt.figure(figsize=(WIDTH, 5.8), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(1.2, 1))
    columns = upper.subplots(1, len(models), squeeze=False, sharey=True)[0]
    for axis, found in zip(columns, models.values(), strict=True):
        _model(axis, found)
    _scale(columns)
    upper.legend(*columns[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    panels = lower.subplots(1, 2, width_ratios=(1, 1.35))
    _pulls(panels[0], data["trials"])
    _coverage(panels[1], data["trials"])
    letters([*columns, *panels])
    for axis, name in zip(columns, models, strict=True):
        axis.set_title(name, fontsize="medium")
    return figure


def _model(axis, found):
    """Couplings of a model minus the true ones (those on the right), or as they are where the truth is not known."""
    known, y = bool(found["true"].notnull().all()), -np.arange(found.sizes["term"])
    true = found["true"].fillna(0.0)
    axis.axvline(0, color=BLACK, linewidth=0.8)
    axis.plot(found["network"] - true, y + 0.15, "D", color=ORANGE, markerfacecolor="white", label="network alone")
    axis.errorbar(
        found["estimate"] - true, y - 0.15, xerr=found["estimate_error"], fmt="o", color=BLUE,
        label="with the correction by configurations that it has not seen",
    )  # fmt: skip
    axis.set_yticks(y, found.term.values)
    axis.set_ylim(y[-1] - 0.6, 0.6)
    axis.set_xlabel(r"$K - K_\mathrm{true}$ [$J$]" if known else "$K$ [$J$]")
    if true.any():
        axis.annotate(r"$K_\mathrm{true}$", (1.02, 0.5), xycoords=("axes fraction", "data"), va="center")
    for row in np.flatnonzero(true):
        axis.annotate(f"{float(true[row]):g}", (1.02, y[row]), xycoords=("axes fraction", "data"), va="center")


def _scale(columns):
    """Common axis of deviations: linear around zero, logarithmic to both sides."""
    reach = max(2 * LINEAR, 1.5 * max(float(np.abs(axis.dataLim.intervalx).max()) for axis in columns))
    ticks = np.array([LINEAR, *[top for top in (1.0, 0.2) if top < reach][:1]])
    ticks = [*-ticks[::-1], 0, *ticks]
    for axis in columns:
        axis.set_xscale("symlog", linthresh=LINEAR, linscale=1.5)
        axis.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axis.minorticks_off()
        axis.set_xlim(-reach, reach)


def pulls(found):
    """(K - K_true) / error of a file of trials or of one model."""
    return (found["estimate"] - found["true"]) / found["estimate_error"]


def _pulls(axis, trials):
    """Histogram of the pulls of all trials and terms, for good and poor networks, and what it should be."""
    edges, x = np.linspace(-4, 4, 17), np.linspace(-4, 4, 201)
    axis.plot(x, norm.pdf(x), color=BLACK, label="standard normal")
    for poor, label, style in (
        (0, "good networks", {"color": BLUE, "histtype": "stepfilled", "alpha": 0.4}),
        (1, "poor networks", {"color": VERMILLION, "histtype": "step", "linestyle": "--"}),
    ):
        chosen = pulls(trials).values[trials["poor"].values == poor].ravel()
        axis.hist(np.clip(chosen, -4, 4), edges, density=True, label=label, **style)
    axis.set(xlabel=r"$(K - K_\mathrm{true})$ / error, trials", ylabel="density", ylim=(0, 0.7))
    axis.legend(loc="upper left")


def coverage(trials, multiple):
    """Fraction of pulls within `multiple`, and its error: for each term (terms, 2), and for all together (2,).

    The terms of a trial depend on each other, so the error of all together comes from the scatter of the trials.
    """
    inside = (np.abs(pulls(trials)) < multiple).transpose("term", "trial").values
    return np.stack(mean_and_error(inside), 1), np.array(mean_and_error(inside.mean(0)))


def _coverage(axis, trials):
    """Fraction of the trials with the truth within one and two errors, for each term, with what they should be."""
    names = ["all terms", *trials.term.values]
    for multiple, (marker, color) in MULTIPLES.items():
        axis.axhline(norm.cdf(multiple) - norm.cdf(-multiple), color=BLACK, linewidth=0.8, linestyle=":")
        each, together = coverage(trials, multiple)
        values, errors = np.vstack([together, each]).T
        axis.errorbar(
            range(len(names)),
            values,
            errors,
            fmt=marker,
            color=color,
            label=f"within {multiple} error" + "s" * (multiple > 1),
        )
    axis.set_xticks(range(len(names)), names, rotation=35, ha="right")
    axis.set(ylim=(0.4, 1.02), ylabel=f"fraction of {trials.sizes['trial']} trials")
    axis.legend(loc="lower right", ncols=2)


def table(data):
    """Rows of the models' couplings [J], and, as source "blind trials", of the coverage by one and two errors."""
    rows = []
    for name, found in data.items():
        if name != "trials":
            one = found.assign(pull=pulls(found))
            rows += [{"source": name, "term": str(t), **_row(one.sel(term=t))} for t in found.term.values]
    claims = {multiple: coverage(data["trials"], multiple) for multiple in MULTIPLES}
    for i, term in enumerate(["all", *data["trials"].term.values]):
        row = {"source": "blind trials", "term": str(term), "trials": data["trials"].sizes["trial"]}
        for multiple, (each, together) in claims.items():
            row[f"within_{multiple}_errors"], row[f"within_{multiple}_errors_error"] = each[i - 1] if i else together
        rows.append(row)
    return pd.DataFrame(rows)


def _row(one):
    return {column: float(one[column]) for column in (*COLUMNS, "pull")}

"""Standard regressors beside the network (Mills & Tamblyn, section IV A 7): errors and times."""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from spinnet.io import settings_of
from spinnet.operators.levels import levels
from spinnet.plotting.operators_panels import letters
from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION, WIDTH

FLOOR = 0.01  # J; errors below it are drawn there, as levels lie 4 J apart
PAPER = ((60.3, "paper, kernel ridge", "--"), (5.8, "paper, random forest", ":"))
SERIES = (
    ("0.45", "_", "-"), (VERMILLION, "s", ":"), (ORANGE, "^", "-."), (ORANGE, "v", "-"),
    (SKY, "D", "-"), (BLACK, "P", "--"), (BLUE, "o", "-"),
)  # fmt: skip
TIMES = {"training_seconds": "training time [s]", "prediction_seconds": "prediction time\nof 1000 configurations [s]"}


def plot(data):
    """data: "baselines", and "network" (predictions of a network that learns the 8x8 energy)."""
    baselines = data["baselines"]
    figure, axes = plt.subplot_mosaic("ab;ac", figsize=(WIDTH, 4.6), layout="constrained", width_ratios=(1.5, 1))
    errors, *times = axes.values()
    for name, looks in zip(baselines.regressor.values, itertools.cycle(SERIES), strict=False):
        one, style = baselines.sel(regressor=name), dict(zip(("color", "marker", "linestyle"), looks, strict=True))
        _errors(errors, one, str(name), style)
        for axis, column in zip(times, TIMES, strict=True):
            axis.plot(one.examples.values, one[column].values, **style)
    _network(errors, data["network"])
    _finish(errors, times)
    return figure


def _errors(axis, one, name, style):
    """Median errors of one regressor; hollow triangles at `FLOOR` for those below."""
    x, value, error = one.examples.values, one["median_error"].values, one["median_error_error"].values
    axis.errorbar(x, np.maximum(value, FLOOR), np.where(value > FLOOR, error, 0), label=name, **style)
    low = x[value < FLOOR]
    axis.plot(low, [FLOOR] * len(low), "v", color=style["color"], markerfacecolor="white", markersize=6, zorder=3)


def _network(axis, predictions):
    """Median error of the network at its number of training configurations."""
    settings = settings_of(predictions)
    examples = settings["examples"] * len(levels(settings["size"]))  # counted for each energy level
    value, error = float(predictions["median_error"]), float(predictions["median_error_error"])
    style = {"color": ORANGE, "marker": "*", "markersize": 11, "markeredgecolor": BLACK, "linestyle": "none"}
    axis.errorbar(examples, max(value, FLOOR), error, label="network", **style)


def _finish(errors, times):
    for value, label, line in PAPER:
        errors.axhline(value, color="0.3", linewidth=1, linestyle=line, label=f"{label}, {value:g} $J$", zorder=1)
    errors.set(xscale="log", yscale="log", xlabel="training configurations", ylabel="median error [$J$]")
    errors.set_ylim(bottom=FLOOR / 1.6)
    for axis, label in zip(times, TIMES.values(), strict=True):
        axis.set(xscale="log", yscale="log", ylabel=label)
    times[1].set_xlabel("training configurations")
    letters((errors, *times), itertools.repeat(""))
    handles, _ = errors.get_legend_handles_labels()
    errors.figure.legend(handles=handles, loc="outside lower center", ncols=3)

"""Encoders side by side: KL gap from the exact distribution, and deviations of |m|, E and C over temperature."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from spinnet.exact import kaufman
from spinnet.io import settings_of
from spinnet.plotting.encoder_panels import (
    KL,
    LOOKS,
    all_starts,
    draw_deviations,
    gap,
    largest_deviations,
    letters,
)
from spinnet.plotting.style import BLACK, WIDTH

GOALS = {"magnetization": 0.01, "energy": 0.015}  # largest deviations that are aimed at; the energy in J
GOAL_GAP = 0.02  # nats
LINEAR = {"magnetization": 0.01, "energy": 0.02, "specific_heat": 0.1}  # below, the axes of deviations are linear


def plot(data):
    """data: "names", "labels" (lists), "seconds" {name: of training on one core, or NaN}, and by name of an encoder
    "likelihood_{name}" and "deviation_{name}" files."""
    figure, axes = plt.subplots(2, 2, figsize=(WIDTH, 5.6), layout="constrained")
    _gaps(axes[0, 0], data)
    deviations = {label: data[f"deviation_{n}"] for n, label in zip(data["names"], data["labels"], strict=True)}
    for axis, (quantity, linear) in zip(axes.ravel()[1:], LINEAR.items(), strict=True):
        if quantity in GOALS:
            axis.axhspan(-GOALS[quantity], GOALS[quantity], color="0.88", zorder=0)
        draw_deviations(axis, deviations, quantity)
        axis.set_yscale("symlog", linthresh=linear, linscale=1.5)
    handles, labels = axes[0, 1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(4, len(labels)))
    letters(axes)
    return figure


def _gaps(axis, data):
    """KL gap of each encoder, its training time beside it."""
    axis.axvspan(-GOAL_GAP, GOAL_GAP, color="0.88", zorder=0)
    axis.axvline(0, color=BLACK, linewidth=0.8)
    ticks = []
    for y, (name, label) in enumerate(zip(data["names"], data["labels"], strict=True)):
        found, seconds = gap(data[f"likelihood_{name}"]), data["seconds"].get(name, np.nan)
        axis.errorbar(found["kl_gap"], -y, xerr=found["kl_gap_error"], **(LOOKS[y] | {"linestyle": "none"}))
        ticks.append(label if np.isnan(seconds) else f"{label}\n{seconds:.0f} s")
    axis.set_yticks(-np.arange(len(ticks)), ticks)
    highest = max(float(data[f"likelihood_{name}"]["kl_gap"]) for name in data["names"])
    axis.set_xscale("symlog", linthresh=GOAL_GAP, linscale=0.5)
    axis.set_xticks([0, 0.02, 0.1, 1, 10], ["0", "0.02", "0.1", "1", "10"])
    axis.set(xlabel=KL, xlim=(-GOAL_GAP, 2 * max(highest, GOAL_GAP)), ylim=(-len(ticks) + 0.4, 0.6))


def table(data):
    """A row an encoder: KL gap, training time, largest deviations of |m| and E, relative deviation of the peak of C."""
    rows = []
    for name, label in zip(data["names"], data["labels"], strict=True):
        deviation = data[f"deviation_{name}"]
        peak, error = peak_deviation(deviation)
        rows.append(
            {"name": name, "encoder": label, **gap(data[f"likelihood_{name}"])}
            | {"kl_gap_reliable": int(data[f"likelihood_{name}"].get("kl_gap_reliable", 1))}
            | {"training_seconds": data["seconds"].get(name, np.nan), **largest_deviations(deviation)}
            | {"peak_of_specific_heat_deviation": peak, "peak_of_specific_heat_deviation_error": error}
            | {"temperatures_where_starts_differ": int(deviation["starts_differ"].sum())}
        )
    return pd.DataFrame(rows)


def peak_deviation(deviation):
    """Relative deviation of the highest specific heat on the grid of temperatures, and its error."""
    exact = kaufman(settings_of(deviation)["size"], deviation.temperature.values).specific_heat
    values, errors = all_starts(deviation, "specific_heat")
    highest = int((exact + values).argmax())
    return (exact + values)[highest] / exact.max() - 1, errors[highest] / exact.max()

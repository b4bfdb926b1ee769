"""Panels that several figures share: curves with errors over temperature, exact curves."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.deviation import pooled, starts_differ
from spinnet.exact import T_CRITICAL
from spinnet.plotting.style import BLACK, WIDTH

TEMPERATURE = r"temperature $T$ [$J/k_\mathrm{B}$]"


def panels(height):
    """Figure with axes m (left), its deviation below, E and C (right), all over temperature."""
    figure = plt.figure(figsize=(WIDTH, height), layout="constrained")
    grid = figure.add_gridspec(4, 2, width_ratios=(1.35, 1))
    axes = {"m": figure.add_subplot(grid[:3, 0])}
    axes["deviation"] = figure.add_subplot(grid[3, 0], sharex=axes["m"])
    axes["energy"] = figure.add_subplot(grid[:2, 1], sharex=axes["m"])
    axes["specific_heat"] = figure.add_subplot(grid[2:, 1], sharex=axes["m"])
    for axis in axes.values():
        axis.axvline(T_CRITICAL, color="0.6", linewidth=0.8, linestyle=(0, (1, 2)))
    axes["deviation"].axhline(0, color=BLACK, linewidth=0.9)
    return figure, axes


def draw(axis, sweep, name, label=None, **style):
    """Mean over both starts of a sweep with its error; where hot and cold starts differ, each alone."""
    ordered = sweep[[name, name + "_error"]].transpose("start", "temperature", ...)
    means = ordered[name].mean("chain").values if "chain" in ordered.dims else ordered[name].values
    by_start = {str(s): (means[i], ordered[name + "_error"].values[i]) for i, s in enumerate(sweep.start.values)}
    return _points(axis, sweep.temperature.values, pooled(sweep, name), by_start, starts_differ(sweep), label, style)


def draw_deviation(axis, deviation, **style):
    """Deviation of |m| from the exact Hamiltonian, drawn as in `draw`."""
    by_start = {}
    for start in ("hot", "cold", "all"):
        part = deviation.sel(start=start)
        by_start[start] = part["magnetization_deviation"].values, part["magnetization_deviation_error"].values
    split = deviation["starts_differ"].values.astype(bool)
    return _points(axis, deviation.temperature.values, by_start.pop("all"), by_start, split, None, style)


def _points(axis, t, both, by_start, split, label, style):
    """Error bars of `both` where not `split`, hollow triangles (hot up, cold down) where split."""
    line = axis.errorbar(t, *(np.where(split, np.nan, a) for a in both), label=label, **style)
    for start, marker in (("hot", "^"), ("cold", "v")):
        axis.errorbar(
            t[split], *(a[split] for a in by_start[start]), color=style["color"], linestyle="none",
            marker=marker, markerfacecolor="white",
        )  # fmt: skip
    return line, bool(split.any())


def draw_kaufman(axis, kaufman, name):
    """Exact curve on the finite lattice; returns its line."""
    return axis.plot(kaufman.temperature, kaufman[name], color=BLACK, linewidth=0.9, label="exact, finite lattice")[0]


def label(axes, split):
    """Axis labels of `panels`, letters, and a note if any starts were drawn apart."""
    note = "\nhollow: hot (triangle up) and cold (down) starts differ" if split else ""
    axes["m"].set(ylabel=r"spin per site $\langle|m|\rangle$", ylim=(0, 1.05))
    axes["deviation"].set(xlabel=TEMPERATURE + note, ylabel=r"$\Delta\langle|m|\rangle$")
    axes["energy"].set(ylabel=r"energy per spin [$J$]")
    axes["specific_heat"].set(xlabel=TEMPERATURE, ylabel=r"specific heat per spin [$k_\mathrm{B}$]")
    for name in ("m", "energy"):
        axes[name].tick_params(labelbottom=False)
    for letter, axis in zip("abcd", axes.values(), strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")

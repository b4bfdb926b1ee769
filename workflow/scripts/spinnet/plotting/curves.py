"""Panels that several figures share: curves with errors over temperature, exact curves."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.deviation import pooled, starts_differ
from spinnet.exact import T_CRITICAL
from spinnet.plotting.style import BLACK, WIDTH

TEMPERATURE = r"temperature $T$ [$J/k_\mathrm{B}$]"


def panels(height):
    """Figure with one wide axis (left) and two stacked ones that share their temperature axis (right)."""
    figure = plt.figure(figsize=(WIDTH, height), layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=(1.35, 1))
    left = figure.add_subplot(grid[:, 0])
    top = figure.add_subplot(grid[0, 1])
    bottom = figure.add_subplot(grid[1, 1], sharex=top)
    top.tick_params(labelbottom=False)
    for axis in (left, top, bottom):
        axis.axvline(T_CRITICAL, color="0.6", linewidth=0.8, linestyle=(0, (1, 2)))
    return figure, left, top, bottom


def draw(axis, sweep, name, label=None, **style):
    """Mean over both starts with its error; where hot and cold starts differ, each on its own.

    The start that `pooled` would hide is drawn with hollow markers: triangles up for hot, down
    for cold.
    """
    t = sweep.temperature.values
    split = starts_differ(sweep)
    if "chain" in sweep[name].dims:
        mean, error = pooled(sweep, name)
    else:
        mean = sweep[name].mean("start").values
        error = np.sqrt((sweep[name + "_error"] ** 2).sum("start").values) / 2
    line = axis.errorbar(t, np.where(split, np.nan, mean), np.where(split, np.nan, error), label=label, **style)
    for start, marker in (("hot", "^"), ("cold", "v")):
        part = sweep.sel(start=start)
        mean = (part[name].mean("chain") if "chain" in part[name].dims else part[name]).values
        plain = {k: v for k, v in style.items() if k in ("color", "linewidth", "zorder")}
        axis.errorbar(
            t[split], mean[split], part[name + "_error"].values[split],
            linestyle="none", marker=marker, markerfacecolor="white", **plain,
        )  # fmt: skip
    return line, bool(split.any())


def draw_kaufman(axis, kaufman, name):
    """Exact curve on the finite lattice."""
    axis.plot(kaufman.temperature, kaufman[name], color=BLACK, linewidth=0.9, label="exact, finite lattice")


def label(left, top, bottom, split):
    """Axis labels of `panels`, letters, and a note if any starts were drawn apart."""
    note = "\nhollow: hot (triangle up) and cold (down) starts differ" if split else ""
    left.set(xlabel=TEMPERATURE + note, ylabel=r"spin per site $\langle|m|\rangle$", ylim=(0, 1.05))
    top.set(ylabel=r"energy per spin [$J$]")
    bottom.set(xlabel=TEMPERATURE, ylabel=r"specific heat per spin [$k_\mathrm{B}$]")
    for letter, axis in zip("abc", (left, top, bottom), strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")

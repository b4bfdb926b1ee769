"""Fig. 5 of Mills & Tamblyn: the configuration space of the 4x4 Ising model, coloured by the density of states."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import BoundaryNorm, LogNorm

from spinnet.operators.levels import level_of, levels
from spinnet.plotting.operators_panels import ENERGY, letters
from spinnet.plotting.style import WIDTH

BYTE = 256


def plot(data):
    """data: "energy" (65536,) [J] and "magnetization" (65536,), total, of all 4x4 states by number."""
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.6), layout="constrained", width_ratios=(1, 1.5))
    level = level_of(data["energy"], 4)
    degeneracy = np.bincount(level)
    _space(figure, axes[0], degeneracy[level])
    _plane(axes[1], level, data["magnetization"], degeneracy)
    letters(axes, ("all 65\N{THIN SPACE}536 states", "number of states"))
    return figure


def _space(figure, axis, states):
    """The states as a picture: a row for each lower half of the lattice, a column for each upper half."""
    values = np.unique(states)
    ranks = np.searchsorted(values, states).reshape(BYTE, BYTE)
    norm = BoundaryNorm(np.arange(len(values) + 1) - 0.5, plt.get_cmap("cividis").N)
    image = axis.imshow(ranks, cmap="cividis", norm=norm, interpolation="nearest", aspect="auto")
    bar = figure.colorbar(image, ax=axis, location="bottom", label="states with the same energy")
    bar.set_ticks(range(len(values)), labels=values, fontsize=5)
    axis.set(xlabel="upper two rows of spins (lower byte)", ylabel="lower two rows of spins (upper byte)")
    axis.set(xticks=[0, 64, 128, 192, 255], yticks=[0, 64, 128, 192, 255])
    axis.grid(visible=False)


def _plane(axis, level, magnetization, degeneracy):
    """Exact number of states at each energy and magnetization."""
    known, values = levels(4), np.unique(magnetization)
    count = np.zeros((len(known), len(values)), int)
    np.add.at(count, (level, np.searchsorted(values, magnetization)), 1)
    norm = LogNorm(1, count.max())
    axis.imshow(np.ma.masked_equal(count, 0), cmap="cividis", norm=norm, origin="lower", aspect="auto")
    for row, column in np.argwhere(count):
        number = count[row, column]
        axis.text(column, row, number, ha="center", va="center", fontsize=4.5,
                  color="black" if norm(number) > 0.5 else "white")  # fmt: skip
    axis.set_xticks(range(0, len(values), 2), values[::2])
    axis.set_yticks(range(len(known)), known)
    axis.set(xlabel="total magnetization $M$", ylabel=ENERGY)
    axis.grid(visible=False)
    totals = axis.secondary_yaxis("right")
    totals.set_yticks(range(len(known)), degeneracy)
    totals.set_ylabel("states at this energy")

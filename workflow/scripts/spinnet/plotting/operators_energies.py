"""Figs. 2 and 3 of Mills & Tamblyn: training examples and misclassified states by energy level."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.operators.levels import level_of, levels
from spinnet.plotting.operators_panels import ENERGY, grouped, letters
from spinnet.plotting.style import BLUE, VERMILLION, WIDTH


def plot(data):
    """data: "training", energies (examples,) [J] of the training examples, and "predictions" of all 4x4 states."""
    one = data["predictions"]
    energy, seen = one["energy"].values, one["seen"].values == 1
    wrong = one["predicted"].values != energy
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 2.9), layout="constrained")
    _bars(axes[0], data["training"], color=BLUE)
    _bars(axes[1], energy, label="all states", color="0.88", edgecolor="0.6", linewidth=0.5, numbers=False)
    _bars(axes[1], energy[wrong], label="misclassified", color=VERMILLION)
    axes[0].set(xlabel=ENERGY, ylabel="training examples")
    axes[1].set(xlabel=ENERGY, ylabel="states", yscale="log", ylim=(0.5, 4e5))
    axes[1].legend(loc="upper left", ncols=2)
    trained = f"{grouped(len(data['training']))} examples, {grouped(seen.sum())} distinct states"
    found = f"accuracy {100 * (1 - wrong.mean()):.3f} %: {grouped(wrong.sum())} wrong"
    letters(axes, (trained, f"{found}, {grouped((wrong & seen).sum())} of them seen"))
    return figure


def _bars(axis, energies, numbers=True, **style):
    """Number of states at each level of L = 4, and the numbers in figures."""
    known = levels(4)
    count = np.bincount(level_of(energies, 4), minlength=len(known))
    bars = axis.bar(known, count, width=3.2, **style)
    if numbers:
        axis.bar_label(bars, [str(n) if n else "" for n in count], fontsize=5, padding=2, rotation=90)
    axis.margins(y=0.15)
    axis.set_xticks(known[known % 8 == 0])
    axis.grid(axis="x", visible=False)

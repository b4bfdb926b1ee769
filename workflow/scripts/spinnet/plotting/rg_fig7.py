"""Fig. 7 of Bachtis, Aarts & Lucini: the majority rule on all blocks of 2 x 2 spins."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from spinnet.plotting.style import BLUE, ORANGE, WIDTH

UP, DOWN = ORANGE, BLUE


def plot(_data):
    """All 16 blocks, each with the rescaled spin; blocks without majority give either sign at random."""
    figure, axis = plt.subplots(figsize=(WIDTH, 1.9), layout="constrained")
    blocks = sorted(itertools.product((1, -1), repeat=4), key=lambda b: -sum(b))
    for i, block in enumerate(blocks):
        x, y = 3.4 * (i % 8), -3.4 * (i // 8)
        for k, spin in enumerate(block):
            _spin(axis, x + 0.8 * (k % 2), y - 0.8 * (k // 2), spin)
        axis.annotate("", (x + 2.0, y), (x + 1.6, y), arrowprops={"arrowstyle": "->", "lw": 0.8})
        total = np.sign(sum(block))
        _spin(axis, x + 2.1, y - 0.4 + (0.45 if not total else 0), total or 1)
        if not total:
            _spin(axis, x + 2.1, y - 0.4 - 0.45, -1)
    axis.set(xlim=(-0.3, 27.2), ylim=(-4.9, 1.2), aspect="equal")
    axis.axis("off")
    axis.text(0, -5.0, "two rescaled spins: no majority, either sign with probability 1/2", fontsize="small", va="top")
    return figure


def _spin(axis, x, y, spin):
    axis.add_patch(Rectangle((x, y), 0.75, 0.75, facecolor=UP if spin > 0 else DOWN, edgecolor="black", linewidth=0.6))
    axis.text(x + 0.375, y + 0.36, "+" if spin > 0 else "−", ha="center", va="center", fontsize="small",
              color="black" if spin > 0 else "white")  # fmt: skip

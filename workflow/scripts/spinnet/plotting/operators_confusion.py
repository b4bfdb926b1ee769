"""By how many classes networks are wrong at each energy level (Mills & Tamblyn, Sec. IV A: by one at most)."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle

from spinnet.operators.levels import level_of, levels
from spinnet.plotting.operators_panels import ENERGY, grouped, letters
from spinnet.plotting.style import VERMILLION, WIDTH

FAR = 3  # classes; at least so many off are counted together
ROWS = [rf"$\leq-{FAR}$", *(f"${n:+d}$" if n else "0" for n in range(1 - FAR, FAR)), rf"$\geq+{FAR}$"]


def plot(data):
    """data: "small" and "large", predictions of classifying networks for L = 4 and L = 8."""
    small, large = data["small"], data["large"]
    seen = small["seen"].values == 1
    panels = (
        ("$L=4$, not seen in training", 4, small.isel(sample=~seen)),
        ("$L=4$, seen in training", 4, small.isel(sample=seen)),
        ("$L=8$, test part and seen extremes", 8, large),
    )
    figure, axes = plt.subplots(3, 1, figsize=(WIDTH, 6.6), layout="constrained")
    norm = LogNorm(1, max(_confusion(one, size).max() for _, size, one in panels))
    for axis, (_, size, one) in zip(axes, panels, strict=True):
        image = _matrix(axis, _confusion(one, size), size, norm)
    titles = [f"{title}: {_summary(one, size)}" for title, size, one in panels]
    titles[-1] += f"\n{_extremes(large, 8)}"
    letters(axes, titles)
    figure.colorbar(image, ax=axes, label="states", location="right", aspect=40, pad=0.01)
    figure.supylabel("predicted class $-$ true class", fontsize="medium")
    axes[-1].set_xlabel(ENERGY)
    return figure


def _confusion(one, size):
    """Number of states (difference of classes, level)."""
    true = level_of(one["energy"].values, size)
    difference = np.clip(level_of(one["predicted"].values, size) - true, -FAR, FAR)
    count = np.zeros((2 * FAR + 1, len(levels(size))), int)
    np.add.at(count, (difference + FAR, true), 1)
    return count


def _summary(one, size):
    count = _confusion(one, size)
    wrong, near = count.sum() - count[FAR].sum(), count[FAR - 1 : FAR + 2].sum()
    return f"{grouped(wrong)} of {grouped(count.sum())} wrong, {grouped(count.sum() - near)} by more than one class"


def _extremes(one, size):
    """Wrong predictions at the lowest and the highest level, seen and not seen in training."""
    texts = []
    for level in levels(size)[[0, -1]]:
        at = one.isel(sample=one["energy"].values == level)
        wrong, seen = at["predicted"].values != level, at["seen"].values == 1
        parts = (f"{wrong[s].sum()} of {s.sum()} {name}" for name, s in (("test", ~seen), ("training", seen)))
        texts.append(f"$E={level:+d}$: " + " and ".join(parts))
    return "wrong at " + "; ".join(texts)


def _matrix(axis, count, size, norm):
    """Counts as colours and figures; white is none, a red frame marks the extreme levels."""
    known = levels(size)
    image = axis.imshow(np.ma.masked_equal(count, 0), cmap="cividis", norm=norm, origin="lower", aspect="auto")
    upright = len(known) < 20
    for row, column in np.argwhere(count):
        number = count[row, column]
        axis.text(column, row, number, ha="center", va="center", rotation=0 if upright else 90,
                  fontsize=6 if upright else 4.5, color="black" if norm(number) > 0.5 else "white")  # fmt: skip
    for column in (0, len(known) - 1):
        axis.add_patch(Rectangle((column - 0.5, -0.5), 1, len(count), fill=False, edgecolor=VERMILLION, linewidth=1.5,
                                 clip_on=False, zorder=3))  # fmt: skip
    ticks = np.flatnonzero(known % (4 if upright else 32) == 0)
    axis.set_xticks(ticks, known[ticks])
    axis.set_yticks(range(len(ROWS)), ROWS)
    axis.grid(visible=False)
    return image

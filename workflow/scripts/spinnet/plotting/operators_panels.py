"""Panels that figures of the operator study share."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import NullLocator
from scipy.stats import binomtest

from spinnet.io import settings_of
from spinnet.operators.levels import level_of, levels
from spinnet.plotting.style import BLACK, BLUE, ORANGE, VERMILLION, WIDTH

ENERGY = "energy $E$ [$J$]"
SETS = ((BLUE, "o"), (VERMILLION, "s"), (ORANGE, "^"))
LIMIT = 3.0  # of a count that is zero: 95 % upper limit


def grouped(number):
    """A number with thin spaces between its thousands."""
    return f"{number:,}".replace(",", "\N{THIN SPACE}")


def letters(axes, titles):
    """Titles "(a) ...", "(b) ..." of panels."""
    for letter, axis, title in zip("abcdef", axes, titles, strict=False):
        axis.set_title(f"({letter}) {title}", loc="left", fontsize="medium")


def learning_figure(predictions, size, parts):
    """Figs. 4 and 6: fraction misclassified, and off by more than one class, against training examples.

    predictions: list of datasets.  parts: (label, values of "seen" of its states, whether its markers are filled).
    Returns the figure and its axes, for what the paper says.
    """
    figure, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(WIDTH, 3.4), layout="constrained")
    for axis, off in zip(axes, (0, 1), strict=True):
        for part in parts:
            _learning_curves(axis, predictions, size, off, part)
        axis.set(xlabel="training examples", xscale="log", yscale="log")
        axis.grid(axis="x", visible=False)
    totals = np.unique([_examples(one, size) for one in predictions])
    axes[0].set_xticks(totals, map(grouped, totals))
    axes[0].xaxis.set_minor_locator(NullLocator())
    axes[0].set_xlim(totals[0] / 1.4, totals[-1] * 1.4)
    axes[0].set_ylabel("fraction of states")
    letters(axes, ("misclassified", "off by more than one class"))
    return figure, axes


def _examples(one, size):
    """Number of training examples of all levels."""
    return settings_of(one)["examples"] * len(levels(size))


def _learning_curves(axis, predictions, size, off, part):
    """Fractions that are wrong by more than `off` classes: each data set, side by side, and their mean."""
    label, kept, filled = part
    fractions = {}
    for one in predictions:
        number, examples = settings_of(one)["set"], _examples(one, size)
        chosen = one.isel(sample=np.isin(one["seen"], kept))
        classes = (level_of(chosen[name].values, size) for name in ("predicted", "energy"))
        wrong = np.abs(np.subtract(*classes)) > off
        fractions.setdefault(examples, []).append(wrong.mean())
        color, marker = SETS[number % len(SETS)]
        face = color if filled else "white"
        shift = 1.05 ** (number % len(SETS) - 1) * (1 if filled else 1.16)
        name = f"{label}, set {number + 1}" if examples == _examples(predictions[0], size) else None
        style = {"color": color, "marker": marker, "markerfacecolor": face, "linestyle": "none", "label": name}
        _fraction(axis, examples * shift, wrong.sum(), wrong.size, style)
    if filled:
        mean = np.array([np.mean(f) for f in fractions.values()])
        mean[mean == 0] = np.nan
        axis.plot(list(fractions), mean, color=BLACK, linewidth=0.8, label=f"{label}, mean", zorder=1)


def _fraction(axis, x, count, number, style):
    """A binomial fraction with its interval of one sigma (Wilson), or an upper limit of 95 %."""
    if not count:
        limit = LIMIT / number
        axis.errorbar(x, limit, yerr=0.45 * limit, uplims=True, **style)
        return
    interval = binomtest(int(count), number).proportion_ci(0.6827, method="wilson")
    fraction = count / number
    axis.errorbar(x, fraction, yerr=[[fraction - interval.low], [interval.high - fraction]], **style)

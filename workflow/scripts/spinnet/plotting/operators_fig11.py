"""Fig. 11 of Mills & Tamblyn: predicted against exact long-range energies, and the error against k."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

from spinnet.io import settings_of
from spinnet.plotting.operators_panels import letters
from spinnet.plotting.style import BLACK, BLUE, VERMILLION, WIDTH

BINS = 100
RESIDUALS = 60  # bins of the residuals, over +-`RANGE` median errors
RANGE = 6
PAPER = {"coulomb": 0.640, "sinusoidal": 0.253}  # median errors [J] of the paper
KINDS = {
    "coulomb": ("screened Coulomb", {"color": BLUE, "marker": "o", "linestyle": "-"}),
    "sinusoidal": ("sinusoidal", {"color": VERMILLION, "marker": "s", "linestyle": "--"}),
}


def plot(data):
    """data: "coulomb", "sinusoidal" (kind "predictions"), and "scan", a list of predictions for several k."""
    figure, axes = plt.subplots(2, 2, figsize=(WIDTH, 5.6), layout="constrained", height_ratios=(1.8, 1))
    for axis, kind in zip(axes[0], KINDS, strict=True):
        comparison(axis, data[kind])
    titles = [f"{text}, $k={settings_of(data[kind])['k']:g}$" for kind, (text, _) in KINDS.items()]
    letters(axes.ravel(), [*titles, "", ""])
    _scan(*axes[1], data["scan"])
    handles, _ = axes[1, 0].get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def comparison(axis, predictions):
    """Two-dimensional histogram of predicted against exact energies, its median error, and the residuals inside."""
    exact, predicted = (predictions[name].values for name in ("energy", "predicted"))
    limits = min(exact.min(), predicted.min()), max(exact.max(), predicted.max())
    look = {"cmap": "cividis_r", "norm": LogNorm(), "rasterized": True}
    *_, image = axis.hist2d(exact, predicted, bins=BINS, range=(limits, limits), **look)
    axis.plot(limits, limits, color=BLACK, linewidth=0.7)
    axis.set(xlabel="exact energy [$J$]", ylabel="predicted energy [$J$]", aspect="equal")
    axis.figure.colorbar(image, cax=axis.inset_axes((1.03, 0, 0.04, 1)), label="configurations")
    median, error = float(predictions["median_error"]), float(predictions["median_error_error"])
    relative = rf"{median / exact.std():.4f} $\sigma(E)$"
    text = f"median error\n{median:.4f} ± {error:.4f} $J$\n{relative}"
    axis.text(0.04, 0.97, text, transform=axis.transAxes, va="top", fontsize="small")
    _residuals(axis.inset_axes((0.60, 0.16, 0.37, 0.27)), predicted - exact, median)


def _residuals(axis, residuals, median):
    axis.hist(residuals, bins=RESIDUALS, range=(-RANGE * median, RANGE * median), color=BLUE)
    axis.axvline(0, color=BLACK, linewidth=0.7)
    axis.set_yticks([])
    axis.set_xlabel("residual [$J$]", fontsize="small", labelpad=1)
    axis.tick_params(labelsize="small")


def _scan(left, right, scan):
    """Median error against k: in J, and relative to the standard deviation of the exact energies."""
    for kind, (text, style) in KINDS.items():
        own = sorted((p for p in scan if settings_of(p)["interaction"] == kind), key=lambda p: settings_of(p)["k"])
        k = [settings_of(p)["k"] for p in own]
        median, error = (np.array([float(p[n]) for p in own]) for n in ("median_error", "median_error_error"))
        sigma = np.array([p["energy"].values.std() for p in own])
        left.errorbar(k, median, error, label=text, **style)
        left.axhline(
            PAPER[kind], color=style["color"], linewidth=0.9, linestyle=":", label=f"{text}, paper, no $k$ given"
        )
        right.errorbar(k, median / sigma, error / sigma, **style)
    left.set(ylabel="median error [$J$]")
    right.set(ylabel=r"median error / $\sigma(E)$")
    for axis in (left, right):
        axis.set(xlabel=r"screening $k$ [1/lattice unit]", xscale="log", ylim=(0, None))

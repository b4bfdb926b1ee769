"""Fig. 4 of Bachtis, Aarts & Lucini: the predictive function of original and rescaled system against beta."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.lattice import BETA_CRITICAL
from spinnet.plotting.rg_panels import COUPLING, band
from spinnet.plotting.style import BLUE, VERMILLION, WIDTH

TITLES = {"single": "one blocking against none", "double": "two blockings against one"}


def plot(data):
    """data: "mapping" of beta; single blocking as in the paper, and double blocking beside it."""
    mapping = data["mapping"]
    figure, axes = plt.subplots(2, 2, sharex=True, figsize=(WIDTH, 4.2), layout="constrained", height_ratios=(2, 1))
    beta = mapping.beta.values
    for column, kind in zip(axes.T, TITLES, strict=True):
        one = mapping.sel(blocking=kind)
        original = band(
            column[0], beta, one["original"].values, one["original_error"].values, color=BLUE, linestyle="--"
        )
        rescaled = band(column[0], beta, one["rescaled"].values, one["rescaled_error"].values, color=VERMILLION)
        difference = one["rescaled"].values - one["original"].values
        band(
            column[1],
            beta,
            difference,
            np.hypot(one["rescaled_error"].values, one["original_error"].values),
            color=VERMILLION,
        )
        column[1].axhline(0, color=BLUE, linestyle="--", linewidth=0.9)
        found = one["value"].sel(quantity="beta_c").item(), one["error"].sel(quantity="beta_c").item()
        column[1].errorbar(found[0], 0, xerr=found[1], color="black", marker="o", markersize=3)
        for axis in column:
            axis.axvline(BETA_CRITICAL["square"], color="0.6", linewidth=0.8, linestyle=(0, (1, 2)))
        column[0].set_title(f"{TITLES[kind]}\n" rf"$\beta_c={found[0]:.6f}\pm{found[1]:.6f}$", fontsize="medium")
        column[1].set_xlabel(COUPLING)
    axes[0, 0].set_ylabel(r"predictive function $\langle f\rangle$")
    axes[1, 0].set_ylabel(r"$f'-f$")
    for letter, axis in zip("abcd", axes.ravel(), strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")
    dots = plt.Line2D([], [], color="0.6", linewidth=0.8, linestyle=(0, (1, 2)))
    figure.legend(
        [original, rescaled, dots],
        ["original, $f$", "rescaled, $f'$", r"exact $\beta_c$"],
        loc="outside lower center",
        ncols=3,
    )
    return figure

"""Fig. 9 of Mills & Tamblyn: the 8x8 Ising model with a classifying and a regressing network as Hamiltonian."""

import numpy as np

from spinnet.operators.chains import curves
from spinnet.plotting.operators_chains import EXACT, NETWORK, columns, exact_curve, legend, peak, points
from spinnet.plotting.style import ORANGE

NETWORKS = {
    "classes": ("network, classes", NETWORK),
    "regression": ("network, regression", NETWORK | {"color": ORANGE, "marker": "x", "markersize": 4.5}),
}
LINEAR = 1e-4  # J; differences below it are drawn on a linear scale, as many are exactly 0


def plot(data):
    """data: "classes" and "regression" (kind "operator chains") with exact averages."""
    found = {name: curves(data[name]) for name in NETWORKS}
    size = int(data["classes"].attrs["size"])
    figure, axes = columns(2, 5.0, (1.4, 1))
    for axis, name in zip(axes[0], ("energy", "specific_heat"), strict=True):
        exact_curve(axis, data["classes"], name, "exact, finite lattice")
        points(axis, found["classes"], name, "exact", **EXACT, label="chains, exact Hamiltonian")
        for network, (label, style) in NETWORKS.items():
            points(axis, found[network], name, "network", **style, label=label)
    for network, (_, style) in NETWORKS.items():
        _agreement(axes[1], found[network], style)
    axes[1, 0].set_yscale("symlog", linthresh=LINEAR)
    axes[1, 0].set(ylabel=r"$|\Delta\langle E\rangle|/N$ [$J$], paired", ylim=(-LINEAR / 4, None))
    axes[1, 1].set(ylabel="identical pairs of chains", ylim=(-0.05, 1.05))
    maximum = peak(size)
    for axis in axes.ravel():
        axis.axvline(maximum, color="0.5", linewidth=0.9, linestyle=":", label=rf"$\gamma T_c={maximum:.3f}$")
    legend(figure, axes[0, 0])
    return figure


def _agreement(axes, found, style):
    """|network - exact| of the energy with its error, and the fraction of identical pairs."""
    t, joined = found.temperature.values, style | {"linestyle": "-", "linewidth": 0.6}
    axes[0].errorbar(t, np.abs(found["energy_difference"].values), found["energy_difference_error"].values, **joined)
    axes[1].plot(t, found["identical"].values, **joined)

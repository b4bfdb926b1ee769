"""Fig. 8 of Mills & Tamblyn: magnetization of the 4x4 Ising model by networks for energy and magnetization."""

from spinnet.exact import random_magnetization
from spinnet.operators.chains import curves
from spinnet.plotting.operators_chains import (
    both,
    columns,
    deviation,
    difference,
    exact_curve,
    legend,
)


def plot(data):
    """data: "chains" (kind "operator chains") with exact averages."""
    chains = data["chains"]
    found = curves(chains)
    figure, axes = columns(1, 5.0, (2.6, 1, 1))
    exact_curve(axes[0, 0], chains, "magnetization", "exact enumeration")
    both(axes[0, 0], found, "magnetization")
    value = random_magnetization(int(chains.attrs["size"]) ** 2)
    axes[0, 0].axhline(value, color="0.4", linestyle="--", label=f"random spins, {value:.5f}")
    axes[0, 0].set_ylim(0, 1.05)
    deviation(axes[1, 0], chains, found, "magnetization")
    difference(axes[2, 0], found, "magnetization")
    legend(figure, axes[0, 0])
    return figure

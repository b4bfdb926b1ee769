"""Fig. 10 of Mills & Tamblyn: magnetizations of the antiferromagnetic screened Coulomb model."""

from spinnet.exact import random_magnetization
from spinnet.operators.chains import curves
from spinnet.plotting.operators_chains import (
    EXACT,
    LABELS,
    NETWORK,
    both,
    columns,
    difference,
    legend,
)


def plot(data):
    """data: "chains" (kind "operator chains")."""
    chains = data["chains"]
    found = curves(chains)
    figure, axes = columns(2, 4.4, (2.4, 1))
    value = random_magnetization(int(chains.attrs["size"]) ** 2)
    for column, name in zip(axes.T, ("magnetization", "staggered"), strict=True):
        _band(column[0], chains[name], "exact", EXACT)
        _band(column[0], chains[name], "network", NETWORK)
        both(column[0], found, name)
        column[0].axhline(value, color="0.4", linestyle="--", label=f"random spins, {value:.5f}")
        column[0].set(ylabel=LABELS[name], ylim=(0, None))
        difference(column[1], found, name)
    legend(figure, axes[0, 0])
    return figure


def _band(axis, values, hamiltonian, style):
    """One standard deviation of the chains' means on either side of their mean."""
    one = values.sel(hamiltonian=hamiltonian)
    mean, deviation = one.mean("chain").values, one.std("chain", ddof=1).values
    axis.fill_between(
        one.temperature.values, mean - deviation, mean + deviation, color=style["color"], alpha=0.2, linewidth=0,
        label=f"standard deviation, {hamiltonian}",
    )  # fmt: skip

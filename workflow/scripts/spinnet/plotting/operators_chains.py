"""What Figs. 7-10 of Mills & Tamblyn share: chains of a network beside exact ones, over temperature."""

from functools import cache
from itertools import repeat

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize_scalar

from spinnet.exact import T_CRITICAL, kaufman
from spinnet.plotting.curves import TEMPERATURE
from spinnet.plotting.operators_panels import letters
from spinnet.plotting.style import BLACK, BLUE, VERMILLION, WIDTH

EXACT = {"color": VERMILLION, "linestyle": "none", "marker": "s", "markersize": 5, "markerfacecolor": "none"}
NETWORK = {"color": BLUE, "linestyle": "none", "marker": "o", "markersize": 3}
LABELS = {
    "energy": r"energy per site $\langle E\rangle/N$ [$J$]",
    "specific_heat": r"specific heat per site $C/N$ [$k_\mathrm{B}$]",
    "magnetization": r"magnetization per site $\langle|m|\rangle$",
    "staggered": r"staggered magnetization $\langle|m_\mathrm{s}|\rangle$",
}
SHORT = {
    "energy": r"$\Delta\langle E\rangle/N$ [$J$]",
    "specific_heat": r"$\Delta C/N$ [$k_\mathrm{B}$]",
    "magnetization": r"$\Delta\langle|m|\rangle$",
    "staggered": r"$\Delta\langle|m_\mathrm{s}|\rangle$",
}
POINTS = 100  # of exact curves


def peak(size):
    """Temperature [J/k_B] of the largest exact specific heat of the L x L torus: the gamma T_c of the paper."""
    bounds = (0.9 * T_CRITICAL, 1.5 * T_CRITICAL)
    return minimize_scalar(lambda t: -kaufman(size, [t]).specific_heat[0], bounds=bounds, method="bounded").x


def exact_curve(axis, chains, name, label):
    """Exact values of the finite lattice, by Kaufman's formula between the temperatures, too, where it gives them."""
    t = chains.temperature.values
    if name == "magnetization":
        values = chains["exact_magnetization"].values
    else:
        t, exact = _kaufman(int(chains.attrs["size"]), t.min(), t.max())
        values = getattr(exact, name)
    axis.plot(t, values, color=BLACK, linewidth=0.9, label=label)
    axis.set_ylabel(LABELS[name])


@cache
def _kaufman(size, low, high):
    """`POINTS` temperatures from low to high, and the exact thermodynamics there."""
    t = np.linspace(low, high, POINTS)
    return t, kaufman(size, t)


def points(axis, found, name, hamiltonian, **style):
    """Means over chains of one Hamiltonian, from `chains.curves`, with standard errors."""
    one = found.sel(hamiltonian=hamiltonian)
    axis.errorbar(one.temperature.values, one[name].values, one[f"{name}_error"].values, **style)


def both(axis, found, name):
    """Chains of the exact Hamiltonian and of the network."""
    points(axis, found, name, "exact", **EXACT, label="chains, exact Hamiltonian")
    points(axis, found, name, "network", **NETWORK, label="chains, network as Hamiltonian")


def deviation(axis, chains, found, name):
    """Deviation of both kinds of chains from the exact average."""
    both(axis, found.assign({name: found[name] - chains[f"exact_{name}"]}), name)
    _around_zero(axis, f"{SHORT[name]}\nfrom exact")


def difference(axis, found, name):
    """Network - exact from pairs of chains with the same random numbers."""
    value, error = (found[f"{name}_difference{suffix}"].values for suffix in ("", "_error"))
    axis.errorbar(found.temperature.values, value, error, **NETWORK)
    _around_zero(axis, f"{SHORT[name]}\npaired")


def _around_zero(axis, label):
    axis.axhline(0, color=BLACK, linewidth=0.9)
    axis.set_ylabel(label)
    axis.ticklabel_format(axis="y", scilimits=(-2, 3), useMathText=True)


def columns(number, height, ratios):
    """Figure with a column of panels for each of `number` observables, axes (panels, columns), over temperature."""
    figure, axes = plt.subplots(
        len(ratios), number, sharex=True, squeeze=False, figsize=(WIDTH, height), layout="constrained",
        height_ratios=ratios,
    )  # fmt: skip
    letters(axes.ravel(), repeat(""))
    for axis in axes[-1]:
        axis.set_xlabel(TEMPERATURE)
    return figure, axes


def legend(figure, axis):
    """Legend of the curves of `axis` below all panels."""
    handles, _ = axis.get_legend_handles_labels()
    figure.legend(handles=handles, loc="outside lower center", ncols=3)

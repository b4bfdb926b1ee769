"""Fig. 5 of Bachtis, Aarts & Lucini: rescaled against original inverse temperature, the fixed point."""

import matplotlib.pyplot as plt

from spinnet.lattice import BETA_CRITICAL
from spinnet.plotting.rg_panels import COUPLING
from spinnet.plotting.style import BLACK, BLUE, VERMILLION, WIDTH

STYLES = {"single": (BLUE, "single blocking (the paper's)"), "double": (VERMILLION, "double blocking")}


def plot(data):
    """data: "mapping" of beta."""
    mapping, exact = data["mapping"], BETA_CRITICAL["square"]
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.2), layout="constrained")
    beta = mapping.beta.values
    near = abs(beta - exact) < (beta[-1] - beta[0]) / 8
    for kind, (color, label) in STYLES.items():
        one = mapping.sel(blocking=kind)
        value, error = one["mapped"].values, one["mapped_error"].values
        edge = (beta[1] - beta[0]) / 1000
        inside = (value > beta[0] + edge) & (value < beta[-1] - edge)  # beyond, f^-1 is clipped
        beta_c, deviation, nu, nu_error = (
            one[name].sel(quantity=quantity).item() for quantity in ("beta_c", "nu") for name in ("value", "error")
        )
        for shift, line, width in ((0, "-", 1.2), (-error, "--", 0.7), (error, "--", 0.7)):
            look = {"color": color, "linestyle": line, "linewidth": width}
            axes[0].plot(beta[inside], (value + shift)[inside], label=label if line == "-" else None, **look)
            axes[1].plot(beta[near], (value + shift - beta)[near] * 1e4, **look)
        text = rf"$\beta_c={beta_c:.6f}\pm{deviation:.6f}$" "\n" rf"$\nu={nu:.4f}\pm{nu_error:.4f}$"
        axes[1].errorbar(beta_c, 0, xerr=deviation, color=color, marker="o", linestyle="none", zorder=3, label=text)
    axes[0].plot(beta, beta, color=BLACK, linestyle=":", label=r"$\beta'=\beta$")
    axes[1].axhline(0, color=BLACK, linestyle=":")
    for axis in axes:
        axis.axvline(
            exact,
            color="0.6",
            linewidth=0.8,
            linestyle=(0, (1, 2)),
            label=r"exact $\beta_c$" if axis is axes[1] else None,
        )
        axis.set_xlabel(COUPLING)
        axis.legend(loc="upper left", fontsize="small")
        axis.locator_params(axis="x", nbins=5)
    axes[0].set_ylabel(r"rescaled $\beta'$ [$1/J$]")
    axes[1].set_ylabel(r"$\beta'-\beta$ [$10^{-4}/J$]")
    axes[1].set_ylim(top=axes[1].get_ylim()[1] * 2.2)
    for letter, axis in zip("ab", axes, strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")
    return figure

"""Fig. 3 of Wang & Jiang: exact and MADE Hamiltonian, with the energy comparison as inset."""

import numpy as np

from spinnet.io import settings_of
from spinnet.plotting.curves import draw, draw_deviation, draw_kaufman, label, panels
from spinnet.plotting.style import BLUE, ORANGE, SKY, VERMILLION


def plot(data):
    """data: sweeps "exact" and "neural", its "deviation", "kaufman", and the network's "likelihood"."""
    figure, axes = panels(4.2)
    neural, likelihood = data["neural"], data["likelihood"]
    t0 = settings_of(likelihood)["temperature"]
    made = {"color": BLUE, "marker": "o"}
    draw(axes["m"], data["exact"], "magnetization", "Ising Hamiltonian", color=VERMILLION, linestyle="--", marker="s")
    _, split = draw(axes["m"], neural, "magnetization", "MADE Hamiltonian", linestyle="-", **made)
    star = float(neural.magnetization.sel(temperature=t0, method="nearest").mean())
    axes["m"].plot(
        t0, star, "*", color=ORANGE, markeredgecolor="black", markersize=10, zorder=5, label=f"training, $T_0$ = {t0:g}"
    )
    axes["m"].legend(loc="lower left", title=_gap(likelihood), alignment="left")
    draw_deviation(axes["deviation"], data["deviation"], linestyle="-", **made)
    for quantity in ("energy", "specific_heat"):
        draw_kaufman(axes[quantity], data["kaufman"], quantity)
        draw(axes[quantity], neural, quantity, "MADE, Ising energy", linestyle="none", **made)
        draw(
            axes[quantity], neural, "learned_" + quantity, "MADE, learned energy",
            color=SKY, linestyle="none", marker="D",
        )  # fmt: skip
    axes["energy"].legend(loc="lower right", handlelength=1.0, fontsize="small", borderaxespad=0.1)
    label(axes, split)
    _inset(axes["m"].inset_axes((0.6, 0.53, 0.38, 0.45)), likelihood, t0)
    return figure


def _gap(likelihood):
    """The KL gap of the network with its error, in words."""
    return f"KL gap {float(likelihood.kl_gap):.2f} $\\pm$ {float(likelihood.kl_gap_error):.2f} nats"


def _inset(axis, likelihood, t0):
    """Learned against true energy per configuration, both in J, on held-out configurations."""
    energy, learned = likelihood.energy.values, -t0 * likelihood.log_prob.values
    learned = learned - learned.mean() + energy.mean()
    shown = np.linspace(0, len(energy) - 1, min(2000, len(energy))).astype(int)
    axis.plot(energy[shown], learned[shown], ".", color=BLUE, markersize=1, alpha=0.4, rasterized=True)
    limits = (energy.min(), energy.max())
    axis.plot(limits, limits, color="black", linewidth=0.8)
    axis.set_xlabel(r"$H_\mathrm{Ising}$ [$J$]", fontsize="small", labelpad=1)
    axis.set_ylabel(r"$H_\theta$ + const [$J$]", fontsize="small", labelpad=1)
    axis.tick_params(labelsize="small")
    text = f"slope {float(likelihood.slope):.2f}\n$R^2$ {float(likelihood.r_squared):.2f}"
    axis.text(0.05, 0.95, text, transform=axis.transAxes, va="top", fontsize="small")

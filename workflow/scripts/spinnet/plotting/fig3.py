"""Fig. 3 of Wang & Jiang: exact and MADE Hamiltonian, with the energy comparison as inset."""

import json

import numpy as np

from spinnet.plotting.curves import draw, draw_kaufman, label, panels
from spinnet.plotting.style import BLUE, ORANGE, SKY, VERMILLION


def plot(data):
    """data: sweeps "exact" and "neural", "kaufman", and the "likelihood" of the network."""
    figure, left, top, bottom = panels(3.6)
    neural, kaufman = data["neural"], data["kaufman"]
    header_t0 = json.loads(data["likelihood"].attrs["settings"])["temperature"]
    draw(left, data["exact"], "magnetization", "Ising Hamiltonian", color=VERMILLION, linestyle="--", marker="s")
    _, split = draw(left, neural, "magnetization", "MADE Hamiltonian", color=BLUE, linestyle="-", marker="o")
    star = float(neural.magnetization.sel(temperature=header_t0, method="nearest").mean())
    left.plot(header_t0, star, "*", color=ORANGE, markeredgecolor="black", markersize=10, zorder=5, linestyle="none",
              label=f"training, $T_0$ = {header_t0:g}")  # fmt: skip
    handles, _ = left.get_legend_handles_labels()
    left.legend(handles=handles, loc="lower left")
    for axis, name, title in ((top, "energy", "Ising energy"), (bottom, "specific_heat", None)):
        draw_kaufman(axis, kaufman, name)
        draw(axis, neural, name, f"MADE, {title}", color=BLUE, linestyle="none", marker="o")
        draw(axis, neural, "learned_" + name, "MADE, learned energy", color=SKY, linestyle="none", marker="D")
    top.legend(loc="upper left", borderaxespad=0.2)
    top.set_ylim(top=0.25)
    label(left, top, bottom, split)
    _inset(left.inset_axes((0.6, 0.56, 0.38, 0.42)), data["likelihood"], header_t0)
    return figure


def _inset(axis, likelihood, t0):
    """Learned against true energy per configuration, both in J, on held-out configurations."""
    energy, learned = likelihood.energy.values, -t0 * likelihood.log_prob.values
    learned = learned - learned.mean() + energy.mean()
    shown = np.linspace(0, len(energy) - 1, min(2000, len(energy))).astype(int)
    axis.plot(energy[shown], learned[shown], ".", color=BLUE, markersize=1, alpha=0.4, rasterized=True)
    limits = (energy.min(), energy.max())
    axis.plot(limits, limits, color="black", linewidth=0.8)
    axis.set_facecolor("white")
    axis.set_xlabel(r"$H_\mathrm{Ising}$ [$J$]", fontsize="small", labelpad=1)
    axis.set_ylabel(r"$H_\theta$ + const [$J$]", fontsize="small", labelpad=1)
    axis.tick_params(labelsize="small")
    text = f"slope {float(likelihood.slope):.2f}\n$R^2$ {float(likelihood.r_squared):.2f}"
    axis.text(0.05, 0.95, text, transform=axis.transAxes, va="top", fontsize="small")

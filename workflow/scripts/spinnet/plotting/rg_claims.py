"""Claims beyond the paper's figures: sign of the fields, search, transfer, Monte Carlo RG, order parameter."""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from spinnet.lattice import BETA_CRITICAL
from spinnet.plotting.rg_panels import COUPLING, band
from spinnet.plotting.style import BLACK, BLUE, ORANGE, VERMILLION, WIDTH


def plot(data):
    """data: "reweighted", "search", "transfer" (mapping on the triangular lattice), "mcrg" and "mapping"."""
    figure, axes = plt.subplots(3, 2, figsize=(WIDTH, 7.6), layout="constrained")
    _signs(axes[0, 0], data["reweighted"])
    _search(axes[0, 1], data["search"])
    _transfer(axes[1, 0], data["transfer"])
    _mcrg(axes[1, 1], data["mcrg"], data["mapping"])
    _order_parameter(axes[2], data["mapping"])
    for letter, axis in zip("abcdef", axes.ravel(), strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")
    return figure


def _signs(axis, reweighted):
    """<|m|> against Y and against h at the beta nearest to the critical one."""
    nearest = int(np.abs(reweighted.beta.values - BETA_CRITICAL["square"]).argmin())
    curve = reweighted.isel(ensemble=nearest, network=0)
    for name, color, line, label in (
        ("Y", BLUE, "-", "$Y$, coupled to $Vf$"),
        ("h", VERMILLION, "--", "$h$, coupled to $Vm$"),
    ):
        one = curve.sel(couples_to=name)
        band(axis, curve.field.values, one["abs_magnetization"].values, one["abs_magnetization_error"].values,
             color=color, linestyle=line, label=label)  # fmt: skip
    axis.set(xlabel="field [$J$]", ylabel=rf"$\langle|m|\rangle$ at $\beta={float(curve.beta):g}$", ylim=(0, 1))
    axis.legend(loc="lower right")


def _search(axis, search):
    """Distance of beta from the exact critical point, step by step."""
    exact, looks = BETA_CRITICAL["square"], ((BLUE, "o"), (VERMILLION, "s"), (ORANGE, "^"))
    for start, (color, marker) in zip(search.start.values, itertools.cycle(looks), strict=False):
        path = search.sel(start=start)
        distance = np.append(np.abs(path.beta.values - exact), np.abs(path.crossing.values[-1] - exact))
        axis.plot(np.arange(len(distance)), distance, color=color, marker=marker, label=f"start at {start:g}")
    error = np.nanmean(search.crossing_error.values)
    axis.axhspan(0, error, color="0.85", zorder=0, label="error of one step")
    axis.set(xlabel="step", ylabel=r"$|\beta-\beta_c|$ [$1/J$]", yscale="log", ylim=(error / 20, None))
    axis.legend()


def _transfer(axis, transfer):
    """f' - f on the triangular lattice by networks that saw the square lattice only."""
    beta = transfer.beta.values
    for kind, color, marker in (("single", BLUE, "o"), ("double", VERMILLION, "s")):
        one = transfer.sel(blocking=kind)
        error = np.hypot(one["rescaled_error"].values, one["original_error"].values)
        band(axis, beta, one["rescaled"].values - one["original"].values, error, color=color)
        value, deviation = (one[n].sel(quantity="beta_c").item() for n in ("value", "error"))
        axis.errorbar(value, 0, xerr=deviation, color=color, marker=marker, linestyle="none",
                      label=f"{kind}: {value:.5f} ± {deviation:.5f}")  # fmt: skip
    axis.axhline(0, color=BLACK, linewidth=0.8)
    axis.axvline(BETA_CRITICAL["triangular"], color="0.6", linestyle=(0, (1, 2)), label=r"exact, $\ln(3)/4$")
    axis.set(xlabel=COUPLING, ylabel="$f'-f$, triangular lattice")
    axis.legend(fontsize="small", loc="upper left")


def _mcrg(axis, mcrg, mapping):
    """Deviation of y_T and y_h from the exact values, by Monte Carlo RG and by the network."""
    rows = []
    for parity, name, exact in (("even", "y_T", 1.0), ("odd", "y_h", 15 / 8)):
        for step in mcrg.step.values:
            one = mcrg.sel(parity=parity, step=step)
            rows.append(
                (f"${name}$, MCRG, blocking {step}", one["exponent"].item() - exact, one["exponent_error"].item(), BLUE)
            )
        quantity = "nu" if parity == "even" else "theta |m|"
        for kind in mapping.blocking.values:
            value, error = (mapping[n].sel(blocking=kind, quantity=quantity).item() for n in ("value", "error"))
            what = "network" if parity == "even" else "$|m|$, network read"
            rows.append((f"${name}$, {what}, {kind}", 1 / value - exact, error / value**2, VERMILLION))
    for y, (_, value, error, color) in enumerate(rows):
        axis.errorbar(value, -y, xerr=error, color=color, marker="o" if color == BLUE else "s")
    axis.axvline(0, color=BLACK, linewidth=0.8)
    axis.set_yticks(-np.arange(len(rows)), [r[0] for r in rows], fontsize="small")
    axis.set_xlabel("deviation from the exact exponent")


def _order_parameter(axes, mapping):
    """|m| and chi of both lattices, reweighted around the critical point."""
    labels = {"magnetization": r"$\langle|m|\rangle$", "susceptibility": r"susceptibility $\chi$ [$1/J$]"}
    for axis, (name, label) in zip(axes, labels.items(), strict=True):
        for lattice, color, line in (("L/2", BLUE, "--"), ("L", VERMILLION, "-")):
            one = mapping.sel(lattice=lattice)
            value, error = one[name].values, one[f"{name}_error"].values
            band(axis, mapping.beta.values, value, error, color=color, linestyle=line, label=f"${lattice}$")
        axis.axvline(BETA_CRITICAL["square"], color="0.6", linestyle=(0, (1, 2)), label=r"exact $\beta_c$")
        axis.set(xlabel=COUPLING, ylabel=label)
        axis.legend()

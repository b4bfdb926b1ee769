"""The ring of three of Appendix A, and how many layers rings and lattices need (Wang & Jiang, eqs. 3-5)."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from spinnet.plotting.encoder_panels import KL, gap, legend_above, letters
from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION, WIDTH

FLOOR = 1e-16  # nats, rounding of the sums


def plot(data):
    """data: "ring"; "labels" (list) of networks of a large lattice and "likelihood_{n}" for the n-th of them."""
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.6), layout="constrained", width_ratios=(1, 1.2))
    _conditionals(axes[0], data["ring"])
    _divergences(axes[1], table(data))
    letters(axes)
    return figure


def _conditionals(axis, ring):
    """Eq. 5, and what one layer learned in each of the six orders."""
    places = np.arange(ring.sizes["condition"])
    looks = ((BLUE, "o"), (VERMILLION, "s"), (ORANGE, "D"), (SKY, "^"), (BLACK, "v"), ("0.5", "P"))
    for n, (order, (color, marker)) in enumerate(zip(ring.order.values, looks, strict=True)):
        axis.plot(places + 0.11 * (n - 2.5), ring["learned"].sel(order=order), color=color, marker=marker,
                  linestyle="none", markersize=3, label="order " + ", ".join(str(order)))  # fmt: skip
    axis.hlines(ring["equation5"], places - 0.42, places + 0.42, color=BLACK, linewidth=0.9, label="eq. 5, exact")
    labels = ["none" if not c else ", ".join(str(c)) for c in ring.condition.values]
    axis.set_xticks(places, labels)
    axis.set(xlabel="spins before", ylabel="probability that the next spin is up", ylim=(-0.04, 1.04),
             yticks=np.linspace(0, 1, 5))  # fmt: skip
    legend_above(axis, ncols=2, title="exact, and one layer fitted in six orders")


def _divergences(axis, rows):
    """KL gaps, one a row: exact sums where there is no error."""
    colors = {"ring": BLUE, "torus": VERMILLION, "large lattice": ORANGE}
    for system, part in rows.groupby("system", sort=False):
        axis.barh(-part.index, np.maximum(part["kl_gap"], FLOOR), xerr=part["kl_gap_error"], color=colors[system],
                  height=0.65, hatch={"torus": "//", "large lattice": ".."}.get(system), edgecolor="white")  # fmt: skip
    axis.set_yticks(-rows.index, rows["name"], fontsize="small")
    axis.set(xlabel=KL, xscale="log", xlim=(FLOOR / 3, None))


def table(data):
    """A row a fit: KL [nats] from the exact distribution, its error where it was sampled."""
    ring = data["ring"]
    rows = [("ring", f"ring of 3, order {o}, one layer", kl) for o, kl in _pairs(ring, "order")]
    rows += [("ring", f"ring of {n}, one layer", kl) for n, kl in _pairs(ring, "ring")[1:]]
    rows += [("torus", f"{n}x{n}, one layer", kl) for n, kl in _pairs(ring, "torus")[::-1]]
    rows += [("torus", f"3x3, {n}", kl) for n, kl in _pairs(ring, "layers")[1:]]
    frame = pd.DataFrame(rows, columns=["system", "name", "kl_gap"]).assign(kl_gap_error=0.0)
    large = [
        {"system": "large lattice", "name": label, **gap(data[f"likelihood_{n}"])}
        for n, label in enumerate(data["labels"])
    ]
    return pd.concat([frame, pd.DataFrame(large)], ignore_index=True) if large else frame


def _pairs(ring, name):
    """(coordinate, KL) of a one-dimensional variable {name}_divergence."""
    variable = ring[f"{name}_divergence"]
    return list(zip(variable[variable.dims[0]].values, variable.values, strict=True))

"""Block sums understood: the gap of the method exactly, over L and stride, and its parts at the paper's size."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from spinnet.deviation import pooled
from spinnet.encoder.blocks import decomposition, difference, shift_of
from spinnet.io import settings_of
from spinnet.plotting.encoder_panels import LOOKS, gap, largest, legend_above, letters, over_temperature
from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION, WIDTH

STRIDES = (1, 2)
COLORS = {"4x4 stride 1": (ORANGE, "^"), "4x4 stride 2": (BLUE, "o"), "6x6 stride 2": (VERMILLION, "s")}
PARTS = {
    "learning": {"color": BLUE, "marker": "o", "linestyle": "-"},
    "remainder": {"color": VERMILLION, "marker": "s", "linestyle": "--"},
    "multiplicity": {"color": ORANGE, "marker": "D", "linestyle": ":"},
    "equilibration": {"color": SKY, "marker": "^", "linestyle": "-."},
}
MEANINGS = {
    "learning": "learning: made minus direct",
    "remainder": "left: direct minus exact",
    "multiplicity": "of it mended by $g(S)$",
    "equilibration": "hot minus cold starts",
}


def plot(data):
    """data: "blocks"; sweeps "scan_{L}_stride{s}" and "exact_{L}"; deviations as in `decomposition`, and
    "likelihood_stride{s}_{made,direct}" for the table."""
    figure, axes = plt.subplots(3, 2, figsize=(WIDTH, 7.6), layout="constrained")
    _exact(axes[0], data["blocks"])
    for column, stride in enumerate(STRIDES):
        _scan(axes[1, column], data, stride)
        _parts(axes[2, column], data, stride)
    letters(axes)
    return figure


def method_gap(blocks, lattice, prediction, quantity="magnetization"):
    """Exact deviation of a prediction over temperature, in |m| or energy per spin [J]."""
    one = blocks[quantity].sel(lattice=lattice)
    return (one.sel(prediction=prediction) - one.sel(prediction="exact")).values


def _exact(axes, blocks):
    """Gap in |m| and KL per spin of both predictions."""
    t = blocks.temperature.values
    for prediction, line in (("plain", "-"), ("corrected", ":")):
        for lattice, (color, marker) in COLORS.items():
            look = {"color": color, "marker": marker, "linestyle": line, "markevery": 2}
            axes[0].plot(t, method_gap(blocks, lattice, prediction), label=f"{lattice}, {prediction}", **look)
            kl = blocks["divergence"].sel(lattice=lattice, prediction=prediction)
            axes[1].plot(t, kl / int(lattice[0]) ** 2, **look)
    over_temperature(axes[0], "magnetization")
    over_temperature(axes[1], "magnetization")
    legend_above(axes[0], ncols=2)
    axes[1].set(ylabel="KL of the prediction [nats per spin]", yscale="log", ylim=(1e-7, 0.1))


def scan_sizes(data, stride):
    """L of the sweeps at a stride, rising."""
    return sorted(int(n.split("_")[1]) for n in data if n.startswith("scan_") and n.endswith(f"stride{stride}"))


def scan_gap(data, size, stride):
    """Deviation of |m| of a learned model of block sums from the exact sweep of its lattice, and its error."""
    (value, error), (exact, exact_error) = (
        pooled(data[name], "magnetization") for name in (f"scan_{size}_stride{stride}", f"exact_{size}")
    )
    shift = shift_of(data["blocks"], size, stride, data[f"exact_{size}"].temperature.values)
    return difference(difference((value, error), (exact, exact_error)), shift)


def parts_of(data, stride):
    """`decomposition` at a stride, and its temperatures."""
    deviation = data[f"deviation_stride{stride}_direct"]
    t = deviation.temperature.values
    return decomposition(data, stride, shift_of(data["blocks"], settings_of(deviation)["size"], stride, t)), t


def _scan(axis, data, stride):
    """Gap in |m| of learned models on lattices of several sizes, beside the exact one of small lattices."""
    over_temperature(axis, "magnetization")
    blocks = data["blocks"]
    exact = [lattice for lattice in blocks.lattice.values if lattice.endswith(f"stride {stride}")]
    for lattice, line in zip(exact, ("-", "--"), strict=False):
        values = method_gap(blocks, lattice, "plain")
        axis.plot(blocks.temperature, values, color=BLACK, linestyle=line, label=f"$L={lattice[0]}$, exact p(S)")
    for size, look in zip(scan_sizes(data, stride), LOOKS, strict=False):
        t = data[f"scan_{size}_stride{stride}"].temperature.values
        axis.errorbar(t, *scan_gap(data, size, stride), label=f"$L={size}$, learned", **look)
    legend_above(axis, ncols=2, title=f"stride {stride}")


def _parts(axis, data, stride):
    over_temperature(axis, "magnetization")
    parts, t = parts_of(data, stride)
    for part, (value, error) in parts.items():
        axis.errorbar(t, value, error, label=MEANINGS[part], **PARTS[part])
    axis.set(ylabel=r"part of the deviation of $\langle|m|\rangle$")
    legend_above(axis, ncols=2, title=f"stride {stride}, parts")


def table(data):
    """Largest deviation of |m| of each prediction, scanned model and part of the gap; KL of the networks [nats].

    For predictions also the largest deviation of energy per spin [J] and of the KL over temperature.
    """
    rows = _exact_rows(data["blocks"])
    for stride in STRIDES:
        for size in scan_sizes(data, stride):
            found = largest(*scan_gap(data, size, stride), data[f"exact_{size}"].temperature.values)
            rows.append(("scan", f"{size}x{size} stride {stride}", "learned", *found, *[np.nan] * 3))
        parts, grid = parts_of(data, stride)
        for part, found in parts.items():
            rows.append(("parts", f"stride {stride}", part, *largest(*found, grid), *[np.nan] * 3))
        for network in ("made", "direct"):
            kl = gap(data[f"likelihood_stride{stride}_{network}"]).values()
            rows.append(("network", f"stride {stride}", network, *[np.nan] * 3, *kl, np.nan))
    columns = ["kind", "lattice", "what", "magnetization_deviation", "magnetization_deviation_error"]
    return pd.DataFrame(rows, columns=[*columns, "temperature", "kl", "kl_error", "energy_deviation"])


def _exact_rows(blocks):
    t, rows = blocks.temperature.values, []
    none = np.zeros(len(t))
    for lattice in blocks.lattice.values:
        for prediction in blocks.prediction.values[1:]:
            found = largest(method_gap(blocks, lattice, prediction), none, t)
            kl = float(blocks["divergence"].sel(lattice=lattice, prediction=prediction).max())
            energy = largest(method_gap(blocks, lattice, prediction, "energy"), none, t)[0]
            rows.append(("exact", lattice, prediction, *found, kl, 0.0, energy))
    return rows

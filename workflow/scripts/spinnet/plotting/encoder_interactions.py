"""Learned Hamiltonians of other interactions than Ising's: |m| and E of their chains against the true Hamiltonian's."""

import matplotlib.pyplot as plt
import pandas as pd

from spinnet.deviation import deviations
from spinnet.plotting.curves import TEMPERATURE, draw
from spinnet.plotting.encoder_panels import all_starts, largest_deviations, letters
from spinnet.plotting.style import BLACK, BLUE, VERMILLION, WIDTH

QUANTITIES = {
    "magnetization": (r"$\langle|m|\rangle$", r"$\Delta\langle|m|\rangle$"),
    "energy": (r"energy per spin [$J$]", r"$\Delta E/N$ [$J$]"),
}
EXACT = {"color": BLACK, "linestyle": "-", "linewidth": 0.9}
LEARNED = {
    "magnetization": {"color": BLUE, "marker": "o", "linestyle": "none"},
    "energy": {"color": VERMILLION, "marker": "s", "linestyle": "none"},
}


def plot(data):
    """data: "names" (list), and by name "exact_{name}" and "neural_{name}" sweeps and "header_{name}" of the model."""
    figure, axes = plt.subplots(
        4, len(data["names"]), figsize=(WIDTH, 6.2), layout="constrained", sharex="col", squeeze=False,
        height_ratios=(2, 1, 2, 1),
    )  # fmt: skip
    split = [_column(axes[:, i], data, name) for i, name in enumerate(data["names"])]
    letters(axes[0])
    for axis, name in zip(axes[0], data["names"], strict=True):
        axis.set_title(_hamiltonian(data[f"header_{name}"]) + " [$J$]", fontsize="medium")
    note = "\nhollow: hot (triangle up) and cold (down) starts differ" if any(split) else ""
    for axis in axes[-1]:
        axis.set_xlabel(TEMPERATURE + note)
    return figure


def _column(axes, data, name):
    """|m|, its deviation, E and its deviation for one model; returns whether starts differ anywhere."""
    exact, neural, header = data[f"exact_{name}"], data[f"neural_{name}"], data[f"header_{name}"]
    deviation, split = deviations(neural, exact, header["size"], ising=False), False
    for axis in axes:
        axis.axvline(header["temperature"], color="0.6", linewidth=0.8, linestyle=(0, (1, 2)))
    for (quantity, labels), upper, lower in zip(QUANTITIES.items(), axes[::2], axes[1::2], strict=True):
        draw(upper, exact, quantity, "true Hamiltonian", **EXACT)
        split |= draw(upper, neural, quantity, "learned", **LEARNED[quantity])[1]
        lower.axhline(0, color=BLACK, linewidth=0.8)
        lower.errorbar(deviation.temperature, *all_starts(deviation, quantity), **LEARNED[quantity])
        upper.set_ylabel(labels[0])
        lower.set_ylabel(labels[1])
        upper.legend(loc="upper right" if quantity == "magnetization" else "upper left")
    axes[0].annotate(
        "$T_0$", (header["temperature"], 0), (2, 3), xycoords=("data", "axes fraction"), textcoords="offset points"
    )
    return split


def _hamiltonian(header):
    """The interactions of a model in words."""
    return ", ".join(f"{name} {strength:g}" for name, strength in header["interactions"].items())


def table(data):
    """A row a model: T0 [J/k_B], and the largest deviations of |m| and E per spin [J] with errors and temperatures."""
    rows = []
    for name in data["names"]:
        exact, neural, header = data[f"exact_{name}"], data[f"neural_{name}"], data[f"header_{name}"]
        deviation = deviations(neural, exact, header["size"], ising=False)
        at_t0 = deviation.sel(start="all").sel(temperature=header["temperature"], method="nearest")
        row = {"name": name, "interactions": _hamiltonian(header), "training_temperature": header["temperature"]}
        for quantity in QUANTITIES:
            for column in (f"{quantity}_deviation", f"{quantity}_deviation_error"):
                row[f"{column}_nearest_to_T0"] = float(at_t0[column])
        row |= largest_deviations(deviation)
        rows.append(row | {"temperatures_where_starts_differ": int(deviation["starts_differ"].sum())})
    return pd.DataFrame(rows)

"""What theta_Y depends on: network, training, symmetrisation, number of networks, reading of the coupling."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.plotting.rg_fig6 import REFERENCES
from spinnet.plotting.style import BLUE, ORANGE, VERMILLION, WIDTH

PANELS = {"separate": "$f$ of the whole lattice, own network", "blocked": "$f$ of the blocked configuration"}


def plot(data):
    """data: "sensitivity" (Dataset with a row a case)."""
    cases = data["sensitivity"]
    names = list(dict.fromkeys(cases.classifier.values.tolist()))
    figure, axes = plt.subplots(1, 2, sharey=True, figsize=(WIDTH, 0.85 + 0.62 * len(names)), layout="constrained")
    for axis, (reading, title) in zip(axes, PANELS.items(), strict=True):
        for value, text, line in REFERENCES:
            axis.axvline(value, color="0.5", linewidth=0.9, linestyle=line)
            axis.text(
                value, 1.005, text, ha="center", va="bottom", fontsize="small", transform=axis.get_xaxis_transform()
            )
        for row, name in enumerate(names):
            _row(axis, cases.isel(case=cases.classifier.values == name).sel(reading=reading), row)
        axis.set(xlabel=r"exponent $\theta_Y$")
        axis.set_title(title, fontsize="medium", pad=14)
    for letter, axis in zip("ab", axes, strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium", pad=14)
    axes[0].set_yticks(range(len(names)), [_label(cases.isel(case=cases.classifier.values == n)) for n in names])
    axes[0].set_ylim(len(names) - 0.5, -0.5)
    figure.legend(handles=axes[0].get_legend_handles_labels()[0][:3], loc="outside lower center", ncols=3)
    return figure


def _label(cases):
    width, epochs = (cases[name].values[0] for name in ("width", "epochs"))
    return f"{cases.classifier.values[0]}\n{width} units,\nepochs: {epochs}"


def _row(axis, cases, row):
    """Single networks (points), growing averages (squares, downwards), and the symmetrised average."""
    numbers, symmetric = cases.networks.values, cases.symmetric.values.astype(bool)
    kinds = (
        (numbers == 1) & ~symmetric, "o", BLUE, "single networks", -0.25,
    ), (
        (numbers > 1) & ~symmetric, "s", VERMILLION, "mean over 2, 3, ... networks", 0.0,
    ), (
        symmetric, "D", ORANGE, r"mean over all networks and $\pm s$", 0.27,
    )  # fmt: skip
    for chosen, marker, color, label, offset in kinds:
        value, error = cases["value"].values[chosen], cases["error"].values[chosen]
        y = row + offset + np.linspace(-0.07, 0.07, len(value)) * (len(value) > 1)
        axis.errorbar(value, y, xerr=error, linestyle="none", marker=marker, color=color, label=label)

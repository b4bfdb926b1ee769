"""Sampling of learned distributions without bias: importance sampling, and algorithms side by side."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from spinnet.plotting.curves import TEMPERATURE
from spinnet.plotting.encoder_panels import LOOKS, letters
from spinnet.plotting.style import BLACK, BLUE, WIDTH

SHIFT = 0.18  # between the algorithms' points at one temperature; temperatures are one apart


def plot(data):
    """data: "names", "labels" (lists) and, by name of a model, "importance_{name}" and "algorithms_{name}" files."""
    names = data["names"]
    figure, axes = plt.subplots(
        4, len(names), figsize=(WIDTH, 8.6), layout="constrained", sharey="row", squeeze=False
    )  # fmt: skip
    for column, name in zip(axes.T, names, strict=True):
        importance, algorithms = data[f"importance_{name}"], data[f"algorithms_{name}"]
        _free_energy(column[0], importance)
        column[1].plot(importance["temperature"], importance["effective_fraction"], color=BLUE, marker="o")
        _times(column[2], algorithms)
        _agreement(column[3], algorithms)
        for axis in column:
            axis.set_xlabel(TEMPERATURE, fontsize="small")
    axes[0, 0].set(ylabel=r"$F - F_\mathrm{exact}$ per spin [$J$]")
    axes[0, 0].set_yscale("symlog", linthresh=1e-4)
    axes[1, 0].set(ylabel="effective fraction of samples", yscale="log", ylim=(1e-4, 2))
    axes[2, 0].set(ylabel=r"$\tau_\mathrm{int}$ [$N$ evaluations]", yscale="log")
    axes[3, 0].set(ylabel=r"($\langle|m|\rangle$ $-$ common) / error")
    axes[3, 0].set_yscale("symlog", linthresh=3)
    axes[0, 0].legend(fontsize="small")
    figure.legend(*axes[2, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    letters(axes)
    for axis, label in zip(axes[0], data["labels"], strict=True):
        axis.set_title(label, loc="right", fontsize="small")
    return figure


def _free_energy(axis, importance):
    """Free energy and its upper bound against Kaufman's formula; hollow where too few samples count."""
    axis.axhline(0, color=BLACK, linewidth=0.8)
    t, exact = importance["temperature"].values, importance["free_energy_exact"].values
    reliable = importance["reliable"].values == 1
    bound = importance["variational_free_energy"].values - exact
    axis.plot(t, bound, color=LOOKS[1]["color"], linestyle="--", marker="s", label=r"$\langle E + T \ln p\rangle$")
    value, error = importance["free_energy"].values - exact, importance["free_energy_error"].values
    for chosen, face, text in ((reliable, BLUE, "reweighted"), (~reliable, "white", "reweighted, not reliable")):
        axis.errorbar(
            t[chosen], value[chosen], error[chosen], color=BLUE, marker="o", markerfacecolor=face, linestyle="none",
            label=text,
        )  # fmt: skip


def _places(axis, algorithms, i):
    """Places of the i-th algorithm's points: temperatures stand one apart, in their order."""
    t = algorithms["temperature"].values
    axis.set_xticks(range(len(t)), [f"{value:g}" for value in t])
    axis.set_xlim(-0.5, len(t) - 0.5)
    return np.arange(len(t)) + (i - (algorithms.sizes["algorithm"] - 1) / 2) * SHIFT


def _times(axis, algorithms):
    """Autocorrelation times of |m| (filled) and of m (hollow); arrows where chains are too short for them."""
    for i, (algorithm, look) in enumerate(zip(algorithms["algorithm"].values, LOOKS, strict=False)):
        one, look = algorithms.sel(algorithm=algorithm), look | {"linestyle": "none"}
        for name, face, move in (("magnetization", look["color"], 0), ("signed_magnetization", "white", SHIFT / 2)):
            short = one[f"{name}_converged"].values == 0
            axis.errorbar(
                _places(axis, algorithms, i) + move, one[f"{name}_time"], one[f"{name}_time_error"], lolims=short,
                markerfacecolor=face, label=f"{algorithm}: " + (r"$m$" if move else r"$|m|$"), **look,
            )  # fmt: skip


def _agreement(axis, algorithms):
    """Each algorithm's |m| against the weighted mean of those with long enough chains; hollow where too short."""
    axis.axhline(0, color=BLACK, linewidth=0.8)
    means, errors = algorithms["magnetization"].values, algorithms["magnetization_error"].values
    counted = algorithms["magnetization_converged"].values == 1
    weights = counted / np.maximum(errors, 1e-12) ** 2
    common = (weights * means).sum(0) / np.maximum(weights.sum(0), 1e-300)
    for i, look in enumerate(LOOKS[: len(means)]):
        for chosen, face in ((counted[i], look["color"]), (~counted[i], "white")):
            axis.errorbar(
                _places(axis, algorithms, i)[chosen], ((means[i] - common) / errors[i])[chosen], 1.0,
                **(look | {"linestyle": "none", "markerfacecolor": face}),
            )  # fmt: skip


def table(data):
    """A row a model and temperature for importance sampling, and one a model, algorithm and temperature."""
    frames = []
    for name, label in zip(data["names"], data["labels"], strict=True):
        for kind in ("importance", "algorithms"):
            frame = data[f"{kind}_{name}"].to_dataframe().reset_index()
            if kind == "importance":
                frame["algorithm"] = "importance sampling"
            frames.append(frame.assign(name=name, model=label))
    whole = pd.concat(frames, ignore_index=True)
    first = ["name", "model", "algorithm", "temperature"]
    return whole[first + [column for column in whole if column not in first]]

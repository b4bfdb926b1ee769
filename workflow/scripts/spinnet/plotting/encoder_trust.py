"""Where sweeps of learned Hamiltonians can be trusted, and how far they really are from the exact Hamiltonian."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from spinnet.deviation import pooled
from spinnet.encoder.trust import REASONS, TOLERANCE
from spinnet.plotting.curves import TEMPERATURE
from spinnet.plotting.encoder_panels import LOOKS, all_starts, letters
from spinnet.plotting.style import BLACK, BLUE, WIDTH

QUANTITIES = {"magnetization": r"$|m|$", "energy": r"$E$", "specific_heat": r"$C$"}
# where these alone hold, the data say too little; the other reasons speak against the chains
LACKING = REASONS["extrapolated"] + REASONS["far from data"] + REASONS["not vouched for"]
LIGHT, DARK = "0.93", "0.82"


def plot(data):
    """data: "names", "labels" (lists); by name of a sweep its files "trust_{name}", "sweep_{name}", "deviation_{name}".

    Grey: not trusted, light where the data say too little, darker where something speaks against it.
    """
    names = data["names"]
    figure, axes = plt.subplots(
        3, len(names), figsize=(WIDTH, 5.6), layout="constrained", sharex="col", sharey="row", squeeze=False
    )
    for column, name in zip(axes.T, names, strict=True):
        trust, sweep, deviation = (data[f"{kind}_{name}"] for kind in ("trust", "sweep", "deviation"))
        for axis in column:
            _shade(axis, trust)
        _magnetization(column[0], sweep, deviation)
        _effective(column[1], trust)
        _pulls(column[2], trust, deviation)
        column[2].set_xlabel(TEMPERATURE, fontsize="small")
    axes[0, 0].set(ylabel=r"spin per site $\langle|m|\rangle$", ylim=(0, 1.05))
    axes[1, 0].set(ylabel="effective fraction of data", yscale="log", ylim=(1e-4, 2))
    axes[2, 0].set(ylabel="(chains $-$ exact) / error")
    axes[2, 0].set_yscale("symlog", linthresh=TOLERANCE)
    greys = [plt.Rectangle((0, 0), 1, 1, color=grey) for grey in (LIGHT, DARK)]
    drawn = [axis.get_legend_handles_labels() for axis in (axes[0, 0], axes[2, 0])]
    handles, texts = drawn[0][0] + drawn[1][0] + greys, drawn[0][1] + drawn[1][1]
    texts += ["flagged: the data say too little", "flagged: data or starts contradict"]
    figure.legend(handles, texts, loc="outside lower center", ncols=4)
    letters(axes[0])
    for axis, label in zip(axes[0], data["labels"], strict=True):
        axis.set_title(label, loc="right", fontsize="small")
    return figure


def _shade(axis, trust):
    """A grey span around each temperature that is not trusted."""
    t, reasons = trust["temperature"].values, trust["reasons"].values
    edges = np.concatenate([t[:1], (t[1:] + t[:-1]) / 2, t[-1:]])
    for low, high, reason in zip(edges[:-1], edges[1:], reasons, strict=True):
        if reason:
            axis.axvspan(low, high, color=DARK if reason & ~LACKING else LIGHT, linewidth=0, zorder=0)
    axis.axvline(trust.attrs["training_temperature"], color=BLACK, linewidth=0.8, linestyle=":")


def _magnetization(axis, sweep, deviation):
    mean, error = pooled(sweep, "magnetization")
    t = sweep["temperature"].values
    axis.plot(t, mean - all_starts(deviation, "magnetization")[0], color=BLACK, linewidth=0.9, label="exact")
    axis.errorbar(t, mean, error, label="chains", color=BLUE, marker="o", linestyle="none")


def _effective(axis, trust):
    axis.plot(trust["temperature"], trust["effective_fraction"], color=BLUE, marker="o")
    axis.axhline(trust.attrs["least_fraction"], color=BLACK, linewidth=0.8, linestyle="--")


def _pulls(axis, trust, deviation):
    """Deviations in standard errors; those beyond `TOLERANCE` at trusted temperatures get a ring, and are counted."""
    axis.axhspan(-TOLERANCE, TOLERANCE, color=BLACK, fill=False, linewidth=0.8, linestyle="--")
    t, missed, off = trust["temperature"].values, 0, 0
    for (quantity, found), look in zip(pulls(deviation).items(), LOOKS, strict=False):
        axis.errorbar(t, found, **(look | {"linestyle": "none"}), label=QUANTITIES[quantity])
        beyond = np.abs(found) > TOLERANCE
        unflagged = beyond & (trust["trusted"].values == 1)
        axis.plot(t[unflagged], found[unflagged], "o", markersize=9, markerfacecolor="none", color=BLACK)
        off, missed = off + beyond.sum(), missed + unflagged.sum()
    axis.set_title(f"{off} off, {missed} of them unflagged", loc="right", fontsize="x-small")


def pulls(deviation):
    """{quantity: (temperature,)} deviation of the chains of both starts from the exact Hamiltonian in errors."""
    return {name: np.divide(*all_starts(deviation, name)) for name in QUANTITIES if f"{name}_deviation" in deviation}


def contingency(trust, deviation):
    """DataFrame, a row a quantity: temperatures that are off (beyond `TOLERANCE`) or not, flagged or not."""
    flagged, rows = trust["trusted"].values == 0, []
    for name, found in pulls(deviation).items():
        off = np.abs(found) > TOLERANCE
        counts = {"off_flagged": off & flagged, "off_unflagged": off & ~flagged}
        counts |= {"within_flagged": ~off & flagged, "within_unflagged": ~off & ~flagged}
        rows.append({"quantity": name} | {key: int(value.sum()) for key, value in counts.items()})
    return pd.DataFrame(rows)


def table(data):
    """A row a sweep and temperature: flag and reasons, overlap with the data, estimated and true deviations."""
    rows = []
    for name, label in zip(data["names"], data["labels"], strict=True):
        trust, found = data[f"trust_{name}"], pulls(data[f"deviation_{name}"])
        for i, t in enumerate(trust["temperature"].values):
            reasons = int(trust["reasons"][i])
            row = {"name": name, "sweep": label, "temperature": t, "trusted": int(trust["trusted"][i])}
            row["reasons"] = "; ".join(reason for reason, number in REASONS.items() if reasons & number)
            for column in ("effective_fraction", "effective_size", "start_pull", "outside"):
                row[column] = float(trust[column][i])
            for quantity in (*QUANTITIES, "learned_energy", "learned_specific_heat"):
                for column in ("pull", "systematic", "systematic_error"):
                    if f"{quantity}_{column}" in trust:
                        row[f"{quantity}_{column}"] = float(trust[f"{quantity}_{column}"][i])
            row |= {f"{quantity}_exact_pull": values[i] for quantity, values in found.items()}
            rows.append(row)
    return pd.DataFrame(rows)

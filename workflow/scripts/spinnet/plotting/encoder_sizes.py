"""One learned Hamiltonian on several lattices: E and |m| of its chains against the exact values of each lattice."""

import matplotlib.pyplot as plt
import pandas as pd

from spinnet.deviation import deviations, pooled
from spinnet.exact import kaufman
from spinnet.plotting.curves import TEMPERATURE, draw
from spinnet.plotting.encoder_panels import LOOKS, all_starts, letters, over_temperature
from spinnet.plotting.style import WIDTH

QUANTITIES = {"magnetization": r"$\langle|m|\rangle$", "energy": r"energy per spin [$J$]"}


def plot(data):
    """data: "sizes" (list of L), and for each the sweeps "exact_{L}" and "neural_{L}"."""
    figure, axes = plt.subplots(
        2, 2, figsize=(WIDTH, 4.4), layout="constrained", sharex=True, height_ratios=(1.5, 1)
    )  # fmt: skip
    split = [_draw(axes, data, size, look) for size, look in zip(data["sizes"], LOOKS, strict=False)]
    for axis, label in zip(axes[0], QUANTITIES.values(), strict=True):
        axis.set_ylabel(label)
    axes[0, 0].legend(title="marker: learned, line: exact", alignment="left")
    if any(split):
        for axis in axes[1]:
            axis.set_xlabel(TEMPERATURE + "\nhollow: hot (triangle up) and cold (down) starts differ")
    letters(axes)
    return figure


def _draw(axes, data, size, look):
    """Curves (upper panels) and deviations (lower panels) of one lattice; returns whether starts differ anywhere."""
    exact, neural, split = data[f"exact_{size}"], data[f"neural_{size}"], False
    deviation, markers = deviations(neural, exact, size, ising=True), look | {"linestyle": "none"}
    for quantity, upper, lower in zip(QUANTITIES, *axes, strict=True):
        upper.plot(
            exact.temperature,
            pooled(exact, quantity)[0],
            color=look["color"],
            linestyle=look["linestyle"],
            linewidth=0.9,
        )
        split |= draw(upper, neural, quantity, f"L = {size}", **markers)[1]
        over_temperature(lower, quantity)
        lower.errorbar(deviation.temperature, *all_starts(deviation, quantity), **markers)
    return split


def table(data):
    """A row for each L and temperature [J/k_B]: learned and exact energy per spin [J] and |m|, errors, pulls.

    A pull is the deviation over its error.  The exact energy is Kaufman's, the exact |m| from chains.
    """
    frames = []
    for size in data["sizes"]:
        exact, neural = data[f"exact_{size}"], data[f"neural_{size}"]
        t, deviation = neural.temperature.values, deviations(neural, exact, size, ising=True)
        frame = pd.DataFrame({"size": size, "temperature": t})
        known = {
            "energy": (kaufman(size, t).energy, 0.0),
            "magnetization": pooled(exact.sel(temperature=t), "magnetization"),
        }
        for quantity, (value, error) in known.items():
            difference, total = all_starts(deviation, quantity)
            frame[quantity], frame[f"{quantity}_error"] = pooled(neural, quantity)
            frame[f"exact_{quantity}"], frame[f"exact_{quantity}_error"] = value, error
            frame[f"{quantity}_deviation"], frame[f"{quantity}_pull"] = difference, difference / total
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)

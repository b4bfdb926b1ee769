"""Fig. 6 of Bachtis, Aarts & Lucini: rescaled against original field Y, for each reading of its coupling."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.plotting.rg_panels import FIELD
from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION, WIDTH

READINGS = {
    "separate": (BLUE, "-", "$f$ of the whole lattice, own network"),
    "blocked": (VERMILLION, "-", "$f$ of the blocked configuration"),
    "|m|": (ORANGE, "--", "control, $|m|$"),
    "m^2": (SKY, "--", "control, $m^2$"),
}
REFERENCES = ((8 / 15, "8/15", "--"), (0.5, "1/2", ":"), (4 / 7, "4/7", "-."))


def plot(data):
    """data: "field_mapping" of Y, and "mapping" of beta with the slopes at Y = 0."""
    mapped, estimates = data["field_mapping"], data["mapping"].sel(blocking="single")
    figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 3.4), layout="constrained", width_ratios=(1.3, 1))
    field = mapped.field.values * 1e4
    for k, (reading, (color, line, label)) in enumerate(READINGS.items()):
        value, error = (mapped[n].sel(reading=reading).values * 1e4 for n in ("mapped", "mapped_error"))
        axes[0].plot(field, value, color=color, linestyle=line, label=label)
        for sign in (-1, 1):
            axes[0].plot(field, value + sign * error, color=color, linestyle="--", linewidth=0.6)
        theta, deviation = (estimates[n].sel(quantity=f"theta {reading}").item() for n in ("value", "error"))
        axes[1].errorbar(theta, -k, xerr=deviation, color=color, marker="o")
        axes[1].text(theta, -k + 0.12, f"{theta:.4f} ± {deviation:.4f}", ha="center", va="bottom", fontsize="small")
    axes[0].plot(field, field, color=BLACK, linestyle=":", label="$Y'=Y$")
    axes[0].set(xlabel=FIELD.replace("[$J$]", "[$10^{-4}J$]"), ylabel=r"rescaled $Y'$ [$10^{-4}J$]")
    axes[0].legend(loc="upper left", fontsize="small")
    axes[0].set_ylim(top=np.max(axes[0].get_ylim()) * 1.5)
    for value, text, line in REFERENCES:
        axes[1].axvline(value, color="0.5", linewidth=0.9, linestyle=line)
        axes[1].text(value, 0.62, text, ha="center", va="bottom", fontsize="small")
    axes[1].errorbar(0.534, -len(READINGS), xerr=0.003, color=BLACK, marker="s")
    axes[1].text(0.534, -len(READINGS) + 0.12, "0.534 ± 0.003", ha="center", va="bottom", fontsize="small")
    axes[1].set(xlabel=r"exponent $\theta_Y$", ylim=(-len(READINGS) - 0.6, 0.95), xlim=(0.46, 0.61))
    labels = ["$f$, own network", "$f$, blocked", "$|m|$", "$m^2$", "paper"]
    axes[1].set_yticks(-np.arange(len(labels)), labels)
    for letter, axis in zip("ab", axes, strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")
    return figure

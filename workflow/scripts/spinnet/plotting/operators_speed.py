"""Speed ledger of Mills & Tamblyn, section IV A 4: rates of all procedures that give a long-range energy."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.plotting.operators_panels import grouped
from spinnet.plotting.style import BLUE, ORANGE, VERMILLION, WIDTH

PAPER = 1600  # network over explicit sum, both with CUDA
NAIVE, NETWORK, LOCAL, CUDA = "naive image sum", "network", "incremental local field", ", CUDA"


def plot(data):
    """data: "speed" (kind "operator speed"); the bars of a GPU are missing where there was none."""
    speed = data["speed"]
    names = [str(name) for name in speed.procedure.values]
    rate, error, deviation = (speed[name].values for name in ("rate", "rate_error", "deviation"))
    naive = np.array([rate[names.index(_naive(name))] for name in names])
    figure, axis = plt.subplots(figsize=(WIDTH, 0.9 + 0.36 * len(names)), layout="constrained")
    for y, name in enumerate(names):
        axis.barh(y, rate[y], xerr=error[y], **_look(name))
        text = f"{_short(rate[y] / naive[y])} ×, within {deviation[y]:.2g} $J$"
        axis.text(0.99, y, text, transform=axis.get_yaxis_transform(), ha="right", va="center", fontsize="small")
        if name.startswith(NETWORK):
            label = f"{PAPER} × naive image sum" if name == NETWORK else None
            axis.plot([PAPER * naive[y]] * 2, [y - 0.45, y + 0.45], color=VERMILLION, linewidth=2, label=label)
    axis.set_yticks(range(len(names)), [name.replace(LOCAL, f"{LOCAL}\n(single flips)") for name in names])
    axis.invert_yaxis()
    lower, upper = np.log10(rate.min()) - 0.5, np.log10(max(rate.max(), PAPER * naive.max()))
    axis.set(xscale="log", xlabel="rate [configurations/s]", xlim=(10**lower, 10 ** (upper + 0.45 * (upper - lower))))
    axis.grid(axis="y", visible=False)
    figure.legend(loc="outside lower center")
    return figure


def _short(factor):
    """Three significant digits, thousands apart."""
    value = float(f"{factor:.3g}")
    return grouped(int(value)) if value >= 100 else f"{value:g}"


def _naive(name):
    """The naive sum on the same device."""
    return NAIVE + CUDA if name.endswith(CUDA) else NAIVE


def _look(name):
    color = ORANGE if name.startswith(NETWORK) else BLUE
    return {"color": color, "hatch": "///" if name.endswith(CUDA) else None, "edgecolor": "white", "height": 0.7}

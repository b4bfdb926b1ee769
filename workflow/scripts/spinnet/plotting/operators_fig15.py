"""Fig. 15 of Mills & Tamblyn: the hash that assigns a state to a part, and how even it is."""

import hashlib

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from scipy.stats import poisson

from spinnet.operators.split import BINS
from spinnet.plotting.operators_panels import grouped, letters
from spinnet.plotting.rg_fig7 import DOWN, UP
from spinnet.plotting.style import BLACK, BLUE, VERMILLION, WIDTH

GROUPS = 64  # of bins, for the eye
EXAMPLE = np.array([[1, -1, -1, 1], [1, 1, -1, -1], [-1, 1, 1, -1], [1, -1, 1, 1]], np.int8)


def plot(data):
    """data: "split"."""
    split = data["split"]
    figure = plt.figure(figsize=(WIDTH, 4.6), layout="constrained")
    axes = figure.subplot_mosaic("aaa;bbc", height_ratios=(1, 1.9))
    _schematic(axes["a"])
    _bits(axes["b"], split["count"].values)
    _law(axes["c"], split["count"].values)
    chi_square, p = split["chi_square"].item(), split["p_value"].item()
    test = rf"$\chi^2/$dof$\,={chi_square / (BINS - 1):.3f}$, $p={p:.3f}$"
    common = f"{grouped(split['common'].item())} states in both parts"
    states = f"{grouped(split['count'].values.sum())} distinct states, {common}"
    letters(axes.values(), ("from a state to its part", states, test))
    return figure


def _schematic(axis):
    """One state, its bytes, their digest, the 12 leading bits, and what they decide."""
    row_major = (EXAMPLE == 1).astype(np.uint8).ravel()
    digest = hashlib.sha3_512(row_major.tobytes()).hexdigest()
    number = int(digest[:3], 16)
    bytes_ = "\n".join(" ".join(f"{b:02x}" for b in row) for row in row_major.reshape(EXAMPLE.shape))
    wrapped = "\n".join(digest[i : i + 32] for i in range(0, 128, 32))
    steps = (
        (0.24, "row-major bytes", bytes_),
        (0.50, "SHA3-512 digest (512 bits)", wrapped),
        (0.745, "12 leading bits", f"{digest[:3]}\n{number:012b}\n= {number}"),
        (0.92, f"of {BINS} bins", "highest ones:\ntest\nall others:\ntraining"),
    )
    inset = axis.inset_axes((0.01, 0.12, 0.12, 0.62))
    inset.imshow(EXAMPLE, cmap=ListedColormap([DOWN, UP]), interpolation="nearest")
    inset.set(xticks=[], yticks=[])
    axis.text(0.07, 0.84, "state", ha="center", fontsize="small", fontweight="bold")
    box = {"boxstyle": "round,pad=0.4", "facecolor": "0.95", "edgecolor": BLACK, "linewidth": 0.8}
    for x, title, text in steps:
        axis.text(x, 0.84, title, ha="center", fontsize="small", fontweight="bold")
        axis.text(x, 0.42, text, ha="center", va="center", fontsize="x-small", family="monospace", bbox=box)
    for start, end in ((0.125, 0.16), (0.317, 0.35), (0.65, 0.685), (0.805, 0.84)):
        axis.annotate("", (end, 0.42), (start, 0.42), arrowprops={"arrowstyle": "->", "lw": 0.9})
    axis.set(xlim=(0, 1), ylim=(0, 1))
    axis.axis("off")


def _bits(axis, count):
    """States in each of `GROUPS` groups of bins, and their expected number with one sigma."""
    grouped_count = count.reshape(GROUPS, -1).sum(1)
    edges = np.linspace(0, BINS, GROUPS + 1)
    mean = count.sum() / GROUPS
    sigma = np.sqrt(mean * (1 - 1 / GROUPS))
    axis.stairs(grouped_count, edges, baseline=None, color=BLUE, label=f"groups of {BINS // GROUPS} bins")
    axis.axhline(mean, color=BLACK, linestyle="--", linewidth=0.8, label="expected")
    axis.axhspan(mean - sigma, mean + sigma, color="0.85", label=r"$\pm1\sigma$", zorder=0)
    reach = max(4 * sigma, np.abs(grouped_count - mean).max() * 1.1)
    axis.set(xlabel="12 leading bits of SHA3-512", ylabel="distinct states in a group", xlim=(0, BINS))
    axis.set(ylim=(mean - reach, mean + 1.4 * reach), xticks=np.linspace(0, BINS, 9))
    axis.legend(loc="upper center", ncols=3)


def _law(axis, count):
    """How often a bin holds n states, beside Poisson's law."""
    mean = count.mean()
    n = np.arange(count.min(), count.max() + 1)
    axis.stairs(np.bincount(count)[n[0] :], np.append(n, n[-1] + 1) - 0.5, color=BLUE, fill=True, alpha=0.35)
    axis.plot(n, BINS * poisson.pmf(n, mean), color=VERMILLION, marker="o", linestyle="none", label="Poisson")
    axis.set(xlabel="distinct states in a bin", ylabel="bins", ylim=(0, axis.get_ylim()[1] * 1.2))
    axis.legend(loc="upper right")

"""Bars of all kernels beside others, and their cost against the size of the lattice."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION, WIDTH

OURS = ("multispin", "this project", "bfloat16")
COLORS = {"plain loop": SKY, "batched forward": ORANGE, "mcising": ORANGE, "peapods": VERMILLION, "ising-rs": "0.6"}
BARS = {  # kernel: its sizes
    "Metropolis": (32, 128), "Wolff": (32, 64, 128), "chain of made": (16,), "chain of direct": (16,),
    "energy network": (8,), "scan": (16,),
}  # fmt: skip
SCALING = (("chain of local", "this project"), ("decorrelated sample", "multispin"), ("decorrelated sample", "wolff"))


def chart(table):
    """table: DataFrame of rows as of `measure.row`."""
    figure = plt.figure(figsize=(WIDTH, 7.2), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=(2, 1))
    for axis, (kernel, sizes) in zip(upper.subplots(3, 2).flat, BARS.items(), strict=True):
        chosen = table[(table["kernel"] == kernel) & table["size"].isin(sizes)]
        _bars(axis, kernel, chosen.sort_values("size", kind="stable"))
    axis = lower.subplots()
    for (kernel, name), marker, color in zip(SCALING, "osD", (BLUE, VERMILLION, BLACK), strict=True):
        one = table[(table["kernel"] == kernel) & (table["implementation"] == name)]
        slope = np.polyfit(np.log(one["size"]), np.log(one["value"]), 1)[0]
        label = f"{kernel}, {name.replace('this project', 'flip')}: $\\propto L^{{{slope:.2f}}}$"
        axis.loglog(one["size"], one["value"], marker=marker, color=color, label=label)
    axis.set(xlabel="$L$", ylabel=r"time [$\mu$s]", xticks=[8, 16, 32, 64, 128], xticklabels=[8, 16, 32, 64, 128])
    axis.minorticks_off()
    axis.legend()
    figure.suptitle(table["machine"].iloc[0], fontsize="small")
    return figure


def _bars(axis, kernel, table):
    """One bar a line of the table, with its value."""
    labels = [f"{' '.join(filter(None, (r.implementation, r.version)))}, $L={r.size}$" for r in table.itertuples()]
    colors = [BLUE if r.implementation in OURS else COLORS.get(r.implementation, SKY) for r in table.itertuples()]
    bars = axis.barh(range(len(table)), table["value"], color=colors)
    axis.bar_label(bars, [f"{v:.3g}" for v in table["value"]], padding=2, fontsize="x-small")
    axis.set_yticks(range(len(table)), labels, fontsize="x-small")
    axis.invert_yaxis()
    if table["value"].max() > 20 * table["value"].min():
        axis.set_xscale("log")
    axis.margins(x=0.25)
    axis.grid(visible=False, axis="y")
    axis.set_title(f"{kernel} [{table['unit'].iloc[0]}]", fontsize="small")

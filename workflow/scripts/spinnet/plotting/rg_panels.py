"""Panels that figures of the renormalization-group study share."""

import itertools

import matplotlib.pyplot as plt
import numpy as np

from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION, WIDTH
from spinnet.rg.field import ENOUGH, disagree, pulls

FIELD = r"field $Y$ [$J$]"
COUPLING = r"inverse temperature $\beta$ [$1/J$]"
SERIES = ((BLUE, "-", "o"), (VERMILLION, "--", "s"), (BLACK, ":", "D"), (ORANGE, "-.", "^"), (SKY, (0, (5, 1)), "v"))


def band(axis, x, value, error, **style):
    """Line with a band of one standard error."""
    (line,) = axis.plot(x, value, **style)
    axis.fill_between(x, value - error, value + error, color=line.get_color(), alpha=0.25, linewidth=0)
    return line


def field_figure(data, name, ylabel, measure):
    """Reweighted curves over Y for each beta, direct sampling on top, pulls, and what to believe.

    data: "reweighted" and "direct", a list of direct sampling.  name: curve to draw; measure maps
    direct sampling to (mean, error) of the same quantity.
    """
    ensembles = [data["reweighted"].isel(ensemble=i, network=0) for i in range(data["reweighted"].sizes["ensemble"])]
    figure, axes = plt.subplots(
        4, 1, sharex=True, figsize=(WIDTH, 7.2), layout="constrained", height_ratios=(3.2, 1.2, 1, 1)
    )
    for curve, (color, line, marker) in zip(ensembles, itertools.cycle(SERIES), strict=False):
        own = [d for d in data["direct"] if np.isclose(float(d.beta), float(curve.beta))]
        _curves(axes[0], curve, name, color, line)
        _reliability(axes[2:], curve, color, line)
        for sampled in own:
            _direct(axes[:2], sampled, curve, measure, color, marker)
    _legends(axes)
    axes[0].set_ylabel(ylabel)
    axes[1].set(ylabel="pull of $\\langle f\\rangle$", ylim=(-6, 6))
    axes[1].axhspan(-3, 3, color="0.93", zorder=0)
    axes[2].set(ylabel="effective\nsample size", yscale="log")
    axes[3].set(ylabel="configurations\non target side", xlabel=FIELD)
    axes[3].set_yscale("symlog", linthresh=1)
    axes[3].set_ylim(bottom=0)
    axes[3].set_yticks([0, 1, 100, 10000])
    axes[3].axhline(ENOUGH, color="0.5", linewidth=0.8)
    for letter, axis in zip("abcd", axes, strict=True):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")
    return figure


def _curves(axis, curve, name, color, line):
    """The reweighted curve: full where the target side holds enough configurations, thin elsewhere."""
    y, on = curve.field.values, curve.sel(couples_to="Y")
    label = rf"$\beta={float(curve.beta):g}$, reweighted"
    believed = curve["on_target"].values > ENOUGH
    value, error = on[name].values, on[f"{name}_error"].values
    axis.plot(y, value, color=color, linestyle=line, linewidth=0.5)
    band(
        axis,
        y,
        np.where(believed, value, np.nan),
        np.where(believed, error, np.nan),
        color=color,
        linestyle=line,
        label=label,
    )


def _reliability(axes, curve, color, line):
    y = curve.field.values
    axes[0].plot(y, curve.sel(couples_to="Y")["effective_sample_size"], color=color, linestyle=line)
    axes[1].plot(y, curve["on_target"], color=color, linestyle=line, drawstyle="steps-mid")


def _direct(axes, sampled, curve, measure, color, marker):
    """Direct sampling, its pulls against the curve; hot and cold starts apart where they differ."""
    y, split = sampled.field.values, disagree(sampled)
    metropolis = sampled.attrs["moves"] == "metropolis"
    style = {
        "color": color,
        "linestyle": "none",
        "marker": "x" if metropolis else marker,
        "markersize": 5 if metropolis else 3.5,
    }
    mean, error = measure(sampled)
    axes[0].errorbar(y[~split], mean[~split], error[~split], **style)
    for start, sign in (("hot", "^"), ("cold", "v")):
        value, deviation = measure(sampled.sel(start=[start]))
        axes[0].errorbar(
            y[split],
            value[split],
            deviation[split],
            color=color,
            linestyle="none",
            marker=sign,
            markerfacecolor="white",
        )
    pull, target = pulls(curve, sampled)
    good = (target > ENOUGH) & ~split
    axes[1].plot(y[good], pull[good], **style)
    clipped = np.clip(pull[~good], -5.5, 5.5)
    axes[1].plot(y[~good], clipped, **(style | {"markerfacecolor": "white", "marker": marker}))


def _legends(axes):
    handles, _ = axes[0].get_legend_handles_labels()
    for marker, text, face in (
        ("o", "direct, Wolff proposals", "0.4"),
        ("x", "direct, single-spin moves", "0.4"),
        ("^", "direct, hot starts where they differ", "white"),
        ("v", "direct, cold starts where they differ", "white"),
    ):
        handles += axes[0].plot([], [], linestyle="none", marker=marker, color="0.4", markerfacecolor=face, label=text)
    axes[0].figure.legend(handles=handles, loc="outside lower center", ncols=2)

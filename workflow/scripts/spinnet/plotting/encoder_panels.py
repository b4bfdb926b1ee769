"""What figures of the study of encoders share: curves of deviations over temperature, the largest of them."""

import itertools

import numpy as np

from spinnet.exact import T_CRITICAL
from spinnet.plotting.curves import TEMPERATURE
from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION

DEVIATIONS = {
    "magnetization": r"deviation of $\langle|m|\rangle$",
    "energy": r"deviation of energy per spin [$J$]",
    "specific_heat": r"deviation of specific heat per spin [$k_\mathrm{B}$]",
}
KL = "KL gap [nats per configuration]"
LOOKS = [
    {"color": color, "marker": marker, "linestyle": line}
    for color, marker, line in zip(
        itertools.cycle((BLUE, VERMILLION, ORANGE, SKY, BLACK)), "osD^vP*Xph", itertools.cycle(("-", "--", ":", "-.")),
        strict=False,
    )
]  # fmt: skip


def all_starts(deviation, quantity):
    """Deviation of a quantity over temperature, both starts together, and its error: two arrays (temperature,)."""
    one = deviation.sel(start="all")
    return one[f"{quantity}_deviation"].values, one[f"{quantity}_deviation_error"].values


def largest(values, errors, temperatures):
    """The value of largest modulus, its error, and its temperature [J/k_B]."""
    worst = int(np.nanargmax(np.abs(values)))
    return values[worst], errors[worst], temperatures[worst]


def largest_deviations(deviation):
    """{column: value} of a table: the largest deviations of |m| and energy, with errors and temperatures."""
    row = {}
    for quantity in ("magnetization", "energy"):
        found = largest(*all_starts(deviation, quantity), deviation.temperature.values)
        names = (f"{quantity}_deviation", f"{quantity}_deviation_error", f"{quantity}_deviation_temperature")
        row |= dict(zip(names, found, strict=True))
    return row


def gap(likelihood):
    """{column: value} of a table: KL gap [nats] and its error."""
    return {name: float(likelihood[name]) for name in ("kl_gap", "kl_gap_error")}


def over_temperature(axis, quantity):
    """Labels of a panel of deviations over temperature, its zero, and the critical temperature."""
    axis.axhline(0, color=BLACK, linewidth=0.8)
    axis.axvline(T_CRITICAL, color="0.6", linewidth=0.8, linestyle=(0, (1, 2)))
    axis.set(xlabel=TEMPERATURE, ylabel=DEVIATIONS[quantity])


def draw_deviations(axis, deviations, quantity):
    """Deviations {label: file of deviations} over temperature, with errors."""
    over_temperature(axis, quantity)
    for (label, deviation), look in zip(deviations.items(), LOOKS, strict=False):
        axis.errorbar(deviation.temperature.values, *all_starts(deviation, quantity), label=label, **look)


def legend_above(axis, **options):
    """A legend over the curves, for which the axis grows by half."""
    low, high = axis.get_ylim()
    axis.set_ylim(low, high + 0.5 * (high - low))
    axis.legend(fontsize="x-small", loc="upper center", title_fontsize="small", **options)


def letters(axes):
    """(a), (b) ... over the panels."""
    for letter, axis in zip("abcdefghi", np.ravel(axes), strict=False):
        axis.set_title(f"({letter})", loc="left", fontsize="medium")

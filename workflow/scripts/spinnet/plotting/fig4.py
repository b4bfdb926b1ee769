"""Fig. 4 of Wang & Jiang: spin per site for spins, stride-1 and stride-2 block sums."""

from spinnet.plotting.curves import draw, draw_deviation, draw_kaufman, label, panels
from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION

CURVES = (
    ("exact", "Ising Hamiltonian", {"color": BLACK, "linestyle": "--", "marker": "none"}),
    ("neural", "MADE, spins", {"color": BLUE, "linestyle": "-", "marker": "o"}),
    ("stride1", "MADE, stride 1, single-site moves", {"color": VERMILLION, "linestyle": ":", "marker": "s"}),
    ("stride1_control", "MADE, stride 1, legal moves", {"color": ORANGE, "linestyle": ":", "marker": "P"}),
    ("stride2", "MADE, stride 2", {"color": SKY, "linestyle": "-.", "marker": "D"}),
)


def plot(data):
    """data: sweeps by the names in `CURVES`, their deviations as deviation_{name}, and "kaufman"."""
    figure, axes = panels(5.0)
    handles, any_split = [], False
    for name, text, style in CURVES:
        line, split = draw(axes["m"], data[name], "magnetization", text, **style)
        handles.append(line)
        any_split |= split
    for name, _, style in CURVES[1:]:
        draw_deviation(axes["deviation"], data[f"deviation_{name}"], **style)
        for quantity in ("energy", "specific_heat"):
            draw(axes[quantity], data[name], "learned_" + quantity, **(style | {"linestyle": "none"}))
    for quantity in ("energy", "specific_heat"):
        exact = draw_kaufman(axes[quantity], data["kaufman"], quantity)
    axes["specific_heat"].set_yscale("log")
    label(axes, any_split)
    axes["energy"].set_ylabel(r"learned energy per spin [$J$]")
    figure.legend(handles=[*handles, exact], loc="outside lower center", ncols=3)
    return figure

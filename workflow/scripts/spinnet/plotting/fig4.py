"""Fig. 4 of Wang & Jiang: spin per site for spins, stride-1 and stride-2 block sums."""

from spinnet.plotting.curves import draw, draw_kaufman, label, panels
from spinnet.plotting.style import BLACK, BLUE, ORANGE, SKY, VERMILLION

CURVES = (
    ("exact", "Ising Hamiltonian", {"color": BLACK, "linestyle": "--", "marker": "none"}),
    ("neural", "MADE, spins", {"color": BLUE, "linestyle": "-", "marker": "o"}),
    ("stride1", "MADE, stride 1, single-site moves", {"color": VERMILLION, "linestyle": ":", "marker": "s"}),
    ("stride1_control", "MADE, stride 1, legal moves", {"color": ORANGE, "linestyle": ":", "marker": "P"}),
    ("stride2", "MADE, stride 2", {"color": SKY, "linestyle": "-.", "marker": "D"}),
)


def plot(data):
    """data: sweeps "exact", "neural", "stride1", "stride1_control", "stride2", and "kaufman"."""
    figure, left, top, bottom = panels(4.4)
    handles, any_split = [], False
    for name, text, style in CURVES:
        line, split = draw(left, data[name], "magnetization", text, **style)
        handles.append(line)
        any_split |= split
    for axis, quantity in ((top, "energy"), (bottom, "specific_heat")):
        draw_kaufman(axis, data["kaufman"], quantity)
        for name, _, style in CURVES[1:]:
            draw(axis, data[name], "learned_" + quantity, **(style | {"linestyle": "none"}))
    label(left, top, bottom, any_split)
    bottom.set_yscale("log")
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    top.legend(loc="upper left")
    top.set_ylim(top=0.9)
    return figure

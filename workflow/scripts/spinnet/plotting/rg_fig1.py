"""Fig. 1 of Bachtis, Aarts & Lucini: the network, and the mapping between original and rescaled system."""

import matplotlib.pyplot as plt
from matplotlib.colors import ListedColormap
from matplotlib.patches import FancyBboxPatch

from spinnet.plotting.rg_fig7 import DOWN, UP
from spinnet.plotting.style import BLACK, WIDTH


def plot(data):
    """data: configurations "original" (L/2, L/2), "large" (L, L), "blocked" (L/2, L/2), and "width" of FC1."""
    figure, axis = plt.subplots(figsize=(WIDTH, 3.4), layout="constrained")
    half, size = len(data["original"]), len(data["large"])
    _lattice(axis, data["original"], 2.6, 2.7, 1.6, rf"original, $L'={half}$, at $\beta'$")
    _lattice(axis, data["large"], 0.0, 0.0, 2.1, rf"original, $L={size}$, at $\beta$")
    _lattice(axis, data["blocked"], 2.6, 0.0, 1.6, rf"rescaled, $L'={half}$")
    _arrow(axis, (2.15, 0.8), (2.55, 0.8), "$b=2$")
    for y, text in ((2.7, r"$f(\beta')$"), (0.0, r"$f'(\beta)$")):
        _network(axis, 4.6, y + 0.8, data["width"], text)
    _arrow(axis, (9.75, 1.15), (9.75, 3.05), r"$\beta'=f^{-1}(f'(\beta))$", side="left", style="<->")
    axis.set(xlim=(-0.1, 10.6), ylim=(-0.4, 4.4), aspect="equal")
    axis.axis("off")
    return figure


def _lattice(axis, spins, x, y, width, text):
    axis.imshow(spins, cmap=ListedColormap([DOWN, UP]), vmin=-1, vmax=1, extent=(x, x + width, y, y + width),
                interpolation="nearest")  # fmt: skip
    axis.text(x + width / 2, y - 0.12, text, ha="center", va="top", fontsize="small")


def _network(axis, x, y, width, text):
    """Boxes of the layers with arrows between them."""
    layers = (
        (f"FC1\n{width} units\nReLU", 1.5),
        ("FC2\n32 units\nReLU", 1.2),
        ("FC3\n2 units\nsoftmax", 0.9),
        (text, 0.0),
    )
    _arrow(axis, (x - 0.35, y), (x, y))
    for i, (label, height) in enumerate(layers):
        left = x + 1.25 * i
        if height:
            axis.add_patch(
                FancyBboxPatch((left + 0.05, y - height / 2), 0.8, height, boxstyle="round,pad=0.03",
                               facecolor="0.93", edgecolor=BLACK, linewidth=0.8)
            )  # fmt: skip
            _arrow(axis, (left + 0.9, y), (left + 1.25, y))
        axis.text(left + 0.45, y, label, ha="center", va="center", fontsize="small" if height else "medium")


def _arrow(axis, start, end, text="", side="right", style="->"):
    axis.annotate("", end, start, arrowprops={"arrowstyle": style, "lw": 0.9, "color": BLACK})
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    if side == "left":
        axis.text(middle[0] - 0.1, middle[1], text, ha="right", va="center", fontsize="medium")
    elif text:
        axis.text(middle[0], middle[1] + 0.08, text, ha="center", va="bottom", fontsize="small")

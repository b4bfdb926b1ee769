"""Fig. 1 of Mills & Tamblyn: the layers of the network, and what they make of one state."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import FancyBboxPatch

from spinnet.plotting.rg_fig7 import DOWN, UP
from spinnet.plotting.style import BLACK, SKY

SIDE = 0.8  # of a picture, where layers are 1 apart
PICTURE, BOX, HALF = 1.9, 5.2, 1.9  # left edge of the pictures; centre and half width of the boxes


def plot(data):
    """data: "state" (L, L), "upscale", "padding", "layers", (filters in, filters out, kernel, stride) of each
    convolution, "maps", their outputs, a list of (filters, n, n), "width" of the fully connected layer, "outputs".
    """
    figure, axis = plt.subplots(figsize=(5.2, 7.4), layout="constrained")
    _input(axis, data["state"], data["upscale"])
    for row, (layer, maps) in enumerate(zip(data["layers"], data["maps"], strict=True), 1):
        _convolution(axis, row, layer, maps)
    top = len(data["layers"]) + 1
    _box(axis, top, "white", f"fully connected, {data['width']} units, ReLU")
    _box(axis, top + 1, "white", f"fully connected, {data['outputs']} outputs")
    for row in range(top + 1):
        _arrow(axis, BOX, row)
        if row < top - 1:
            _arrow(axis, PICTURE + SIDE / 2, row)
    axis.text(BOX, -0.6, f"{data['padding']} padding", ha="center", va="center", fontsize="small")
    axis.set(xlim=(0, BOX + HALF + 0.2), ylim=(-0.75, top + 1.5), aspect="equal")
    axis.axis("off")
    return figure


def _input(axis, state, upscale):
    """The state as the first layer sees it."""
    size = len(state) * upscale
    _picture(axis, 0, np.kron(state, np.ones((upscale, upscale))), f"{size}×{size}", ListedColormap([DOWN, UP]))
    _box(axis, 0, "white", f"{len(state)}×{len(state)} spins, repeated {upscale}×{upscale} times")


def _convolution(axis, row, layer, maps):
    """A layer, and the output of that of its filters whose output varies most."""
    _, filters, kernel, stride = layer
    strongest = maps.std((1, 2)).argmax()
    size = maps.shape[1]
    _picture(axis, row, maps[strongest], f"{size}×{size}, filter {strongest + 1}", "cividis")
    kind, color = ("reducing", SKY) if stride > 1 else ("non-reducing", "0.92")
    text = f"{kind} convolution, {filters} filters,\n{kernel}×{kernel}, stride {stride}, ReLU"
    _box(axis, row, color, text)


def _picture(axis, row, values, text, colors):
    extent = (PICTURE, PICTURE + SIDE, row - SIDE / 2, row + SIDE / 2)
    axis.imshow(values, cmap=colors, extent=extent, interpolation="nearest")
    axis.text(PICTURE - 0.1, row, text, ha="right", va="center", fontsize="small")


def _box(axis, row, color, text):
    axis.add_patch(
        FancyBboxPatch((BOX - HALF, row - 0.27), 2 * HALF, 0.54, boxstyle="round,pad=0.05", facecolor=color,
                       edgecolor=BLACK, linewidth=0.8)
    )  # fmt: skip
    axis.text(BOX, row, text, ha="center", va="center", fontsize="small")


def _arrow(axis, x, row):
    """From a layer to the next one."""
    style = {"arrowstyle": "->", "lw": 0.8, "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", (x, row + 1 - SIDE / 2), (x, row + SIDE / 2), arrowprops=style)

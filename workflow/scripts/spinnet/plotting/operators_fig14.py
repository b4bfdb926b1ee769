"""Fig. 14 of Mills & Tamblyn: images that maximise the first and the last filter of Fig. 13."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from spinnet.plotting.operators_fig13 import draw_weights
from spinnet.plotting.style import BLACK, ORANGE, WIDTH


def plot(data):
    """data: "activations" with kernel, image, response and filter_number of each choice."""
    found = data["activations"]
    kernels, numbers = found["kernel"].values, found["filter_number"].values
    figure, axes = plt.subplots(len(numbers), 3, figsize=(WIDTH, 2.3 * len(numbers)), layout="constrained")
    for letter, row, choice in zip("abcdefgh", axes, range(len(numbers)), strict=False):
        one, kernel = found.isel(choice=choice), kernels[numbers[choice]]
        bars = (
            (draw_weights(row[0], one["image"].values, 1), "spin"),
            (draw_weights(row[1], kernel, np.abs(kernel).max()), "weight"),
            (row[2].imshow(one["response"].values, cmap="Greys", vmin=0), "response"),
        )
        _signs(row[0], one["image"].values)
        _blocks(row[0], len(kernel), one["image"].shape)
        for axis, (image, label) in zip(row, bars, strict=True):
            axis.set(xticks=[], yticks=[])
            figure.colorbar(image, ax=axis, label=label, shrink=0.8)
        row[0].set_title(f"({letter}) filter {numbers[choice] + 1}, best image", loc="left", fontsize="medium")
        row[1].set_title("kernel", loc="left", fontsize="medium")
        row[2].set_title("response map", loc="left", fontsize="medium")
        _numbers(row[1], kernel)
        _numbers(row[2], one["response"].values)
    return figure


def _signs(axis, image):
    """Signs of the pixels, for grey print."""
    for (r, c), value in np.ndenumerate(image):
        color = "white" if abs(value) > 0.5 else BLACK
        axis.text(c, r, "+" if value > 0 else "−", ha="center", va="center", fontsize="x-small", color=color)


def _numbers(axis, values):
    """Values in the cells, on a background that does not depend on the colours."""
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
    for (r, c), value in np.ndenumerate(values):
        axis.text(c, r, f"{value:.2g}", ha="center", va="center", fontsize="small", bbox=box)


def _blocks(axis, width, shape):
    """Lines between what the filter sees at a time, and a frame around the block that was set by hand."""
    for edge in range(width, shape[0], width):
        axis.axhline(edge - 0.5, color=BLACK, linewidth=0.8)
        axis.axvline(edge - 0.5, color=BLACK, linewidth=0.8)
    corner = shape[1] - width - 0.5, shape[0] - width - 0.5
    axis.add_patch(Rectangle(corner, width, width, fill=False, edgecolor=ORANGE, linewidth=2))

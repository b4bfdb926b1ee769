"""Fig. 13 of Mills & Tamblyn: all kernels of the demonstration network."""

import matplotlib.pyplot as plt
import numpy as np

from spinnet.plotting.style import WIDTH

COLUMNS = 32


def plot(data):
    """data: "activations" with kernel (filter, kernel_row, kernel_column); the first filter is the upper left one."""
    kernels = data["activations"]["kernel"].values
    figure, axis = plt.subplots(figsize=(WIDTH, 3.3), layout="constrained")
    image = draw_weights(axis, _mosaic(kernels), np.abs(kernels).max())
    figure.colorbar(image, ax=axis, label="weight (red negative, blue positive)", shrink=0.9)
    axis.axis("off")
    return figure


def draw_weights(axis, weights, largest):
    """Image of weights: red negative, blue positive, white 0, on a scale up to +-`largest`."""
    return axis.imshow(weights, cmap="RdBu", vmin=-largest, vmax=largest, interpolation="nearest")


def _mosaic(kernels):
    """Kernels (filters, n, n) row by row in one image, NaN between them."""
    empty = -len(kernels) % COLUMNS
    framed = np.pad(kernels, ((0, empty), (0, 1), (0, 1)), constant_values=np.nan)
    framed[len(kernels) :] = np.nan
    n = framed.shape[1]
    tiled = framed.reshape(-1, COLUMNS, n, n).swapaxes(1, 2)
    return tiled.reshape(-1, COLUMNS * n)[:-1, :-1]

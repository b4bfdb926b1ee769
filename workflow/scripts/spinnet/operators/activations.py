"""Images that a filter of the first layer answers to most (Mills & Tamblyn, Sec. IV A 8 and Fig. 14)."""

import numpy as np
import torch
import xarray as xr
from torch.nn import functional

from spinnet.models.demonstration import KERNEL, SIZE
from spinnet.rng import generator

NOISE = 0.1  # standard deviation of the image at the start
STEPS = 100
RATE = 0.05  # of Adam, whose steps of a linear function are this long for each pixel


def channel(image, kernel, bias):
    """Output (3, 3) of one filter before the ReLU. image: (9, 9); kernel: (3, 3); bias: scalar; torch tensors."""
    return functional.conv2d(image[None, None], kernel[None, None], bias.reshape(1), stride=KERNEL)[0, 0]


def maximise(kernel, bias, image):
    """Image (9, 9) in [-1, 1] with the largest sum of `channel`, by gradient ascent from `image`.

    The sum is taken before the ReLU, whose gradient is zero where a filter is silent at the start.
    """
    image = image.clone().requires_grad_()
    optimizer = torch.optim.Adam([image], lr=RATE, maximize=True)
    for _ in range(STEPS):
        optimizer.zero_grad()
        channel(image, kernel, bias).sum().backward()
        optimizer.step()
        with torch.no_grad():
            image.clamp_(-1, 1)
    return image.detach()


def activations(arrays, settings):
    """Kernels (Fig. 13), and for the first and the last filter its best image and response (Fig. 14).

    arrays: those of a `Demonstration`.  settings: seed.  The lower right block of each image is
    then set by hand to the negative of what the filter detects.  Returns kernel (filter,
    kernel_row, kernel_column), image (choice, row, column), response (choice, map_row, map_column)
    after the ReLU, and filter_number (choice), counted from 0.
    """
    kernels, biases = (torch.from_numpy(arrays[f"conv.{name}"]) for name in ("weight", "bias"))
    numbers = [0, len(kernels) - 1]
    noise = NOISE * generator(settings["seed"], "activations").standard_normal((len(numbers), SIZE, SIZE))
    images, responses = [], []
    for number, start in zip(numbers, torch.from_numpy(noise.astype(np.float32)), strict=True):
        image = maximise(kernels[number, 0], biases[number], start)
        image[-KERNEL:, -KERNEL:] *= -1
        images.append(image)
        responses.append(channel(image, kernels[number, 0], biases[number]).relu())
    return xr.Dataset(
        {
            "kernel": (("filter", "kernel_row", "kernel_column"), kernels[:, 0].numpy(), {"units": "1"}),
            "image": (("choice", "row", "column"), torch.stack(images).numpy(), {"units": "1"}),
            "response": (("choice", "map_row", "map_column"), torch.stack(responses).numpy(), {"units": "1"}),
            "filter_number": ("choice", numbers),
        }
    )

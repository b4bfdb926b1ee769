"""Symmetries of lattice and values, to multiply the configurations that a network learns from."""

import numpy as np
import torch

from spinnet.rng import generator

CHUNK = 1024  # configurations gathered at once: their indices stay in the cache


def site_images(rows, names):
    """(elements, N) int64: the site of a (rows, rows) lattice that an element brings to each site.

    The elements are the group that `names` span, the identity first.  translation: all shifts of
    the periodic lattice; point_group: the eight rotations and reflections of the square.
    """
    sites = np.arange(rows * rows).reshape(rows, rows)
    images = [sites]
    if "point_group" in names:
        images = [np.rot90(image, turns) for image in (sites, sites.T) for turns in range(4)]
    if "translation" in names:
        shifts = [(r, c) for r in range(rows) for c in range(rows)]
        images = [np.roll(image, shift, (0, 1)) for image in images for shift in shifts]
    return np.stack([image.ravel() for image in images])


def augmentation(names, order, values, settings):
    """Function (epoch, categories) -> [categories]: each configuration under a random symmetry of its own.

    names: translation, point_group, flip (category k becomes q-1-k).  order: (N,) raster indices
    in the factorisation order.  values: q.  settings: seed, name.  The function takes and returns
    (samples, N) int8 tensors; its draws depend on seed, name and epoch alone.
    """
    position = np.argsort(order)
    table = torch.from_numpy(position[site_images(round(len(order) ** 0.5), names)[:, order]])

    def augment(epoch, categories):
        random = generator(settings["seed"], "symmetries", settings["name"], epoch)
        elements = torch.from_numpy(random.integers(0, len(table), len(categories))).to(categories.device)
        image = torch.cat([c.gather(1, i) for c, i in _chunks(categories, table.to(categories.device), elements)])
        if "flip" in names:
            flipped = torch.from_numpy(random.integers(0, 2, (len(image), 1), bool)).to(image.device)
            image = torch.where(flipped, values - 1 - image, image)
        return [image]

    return augment


def _chunks(categories, table, elements):
    """Chunks of configurations with the positions that their elements take them from."""
    for chunk, chosen in zip(categories.split(CHUNK), elements.split(CHUNK), strict=True):
        yield chunk, table[chosen]

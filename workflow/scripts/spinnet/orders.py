"""Orders of factorisation: permutations that list the sites of a (size, size) lattice."""

import numpy as np

from spinnet.rng import generator

ORDERS = ("raster", "column", "checkerboard", "spiral", "random")


def site_order(name, size, seed):
    """(size*size,) int64 raster indices in the order in which the network visits the sites.

    `seed` is used by the order "random" alone.
    """
    sites = np.arange(size * size).reshape(size, size)
    if name == "raster":
        return sites.ravel()
    if name == "column":
        return sites.T.ravel()
    if name == "checkerboard":
        odd = np.add.outer(np.arange(size), np.arange(size)) % 2 == 1
        return np.concatenate([sites[~odd], sites[odd]])
    if name == "spiral":
        return _spiral(sites)
    if name == "random":
        return generator(seed, "order", size).permutation(size * size)
    raise ValueError(f"order of sites: {name!r} is unknown; allowed are {', '.join(ORDERS)}")


def _spiral(sites):
    rows = []
    while sites.size:
        rows.append(sites[0])
        sites = np.rot90(sites[1:])
    return np.concatenate(rows)

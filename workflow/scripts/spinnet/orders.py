"""Orders of factorisation: permutations that list the sites of a (size, size) lattice."""

import numpy as np

from spinnet.order_names import ORDERS, RANDOM
from spinnet.rng import generator


def site_order(name, size, seed):
    """(size*size,) int64 raster indices in the order in which the network visits the sites.

    "hierarchical" goes from coarse to fine: both coordinates multiples of 8, then of 4, 2 and 1 (L = 16).
    `seed` is used by the orders `RANDOM` alone.
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
    if name == "hierarchical":
        return _hierarchical(sites)
    if name in RANDOM:
        numbers = [int(number) for number in name.split("_")[1:]]
        return generator(seed, "order", size, *numbers).permutation(size * size)
    raise ValueError(f"order of sites: {name!r} is unknown; allowed are {', '.join(ORDERS)}")


def _spiral(sites):
    rows = []
    while sites.size:
        rows.append(sites[0])
        sites = np.rot90(sites[1:])
    return np.concatenate(rows)


def _hierarchical(sites):
    """Sites by the largest power of two that divides both coordinates, falling; of equal ones in raster order."""
    either = np.bitwise_or.outer(np.arange(len(sites)), np.arange(len(sites)))
    power = np.where(either == 0, len(sites), either & -either)
    return sites.ravel()[np.argsort(-power.ravel(), kind="stable")]

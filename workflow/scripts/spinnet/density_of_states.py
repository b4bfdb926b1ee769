"""Exact number of states g(E, M) of the Ising model on an L x L torus, by transfer matrix.

The lattice grows site by site, and for each configuration of its last L sites the states are counted
by their broken bonds and up spins (K. Binder, Physica 62, 508 (1972)).  One run for each first row,
up to symmetry, closes the torus.
"""

from collections import Counter
from typing import NamedTuple

import numba as nb
import numpy as np
import xarray as xr

from spinnet.compiled import kernel
from spinnet.errors import UserError

LARGEST = 8  # the counts of larger lattices do not fit into 64 bits


class Averages(NamedTuple):
    """Arrays over temperature, per site: energy [J], specific heat [k_B], mean |magnetization|."""

    energy: np.ndarray
    specific_heat: np.ndarray
    magnetization: np.ndarray


@nb.njit
def _different(row, other):
    """Number of sites in which two rows, given as bits, differ."""
    bits, count = row ^ other, 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


@nb.njit
def _add_site(column, size, old, new, length):
    """Counts `new` when the site below `column` of the last row takes its place; the first `length` change.

    old, new: (rows, counts) with the two exponents of a count, broken bonds and up spins, as one index.
    """
    stride = size * size + 1
    margin = new.shape[1] - (2 * size * size + 1) * stride
    for row in range(len(new)):
        spin = (row >> column) & 1
        shift = spin
        if column > 0:
            shift += stride * (spin ^ (row >> (column - 1)) & 1)
        if column == size - 1:
            shift += stride * (spin ^ row & 1)
        target, like, unlike = new[row, margin:], old[row, margin - shift :], old[row ^ (1 << column)]
        unlike = unlike[margin - shift - stride :]
        for n in range(length):
            target[n] = like[n] + unlike[n]


@kernel
def _count(size, first):
    """(2 L^2 + 1, L^2 + 1) uint64 states with `first` as first row, by broken bonds and up spins."""
    stride = size * size + 1
    margin = (size + 4) * stride  # zeros before the counts, read when a count is shifted
    old = np.zeros((2**size, margin + (2 * size * size + 1) * stride), np.uint64)
    new = np.zeros_like(old)
    rotated = (first >> 1) | ((first & 1) << (size - 1))
    old[first, margin + _different(first, rotated) * stride + _different(first, 0)] = 1
    bonds = size
    for _ in range(size - 1):
        for column in range(size):
            bonds += 1 + (column > 0) + (column == size - 1)
            _add_site(column, size, old, new, (bonds + 1) * stride)
            old, new = new, old
    total = np.zeros((2 * size * size + 1) * stride, np.uint64)
    for row in range(len(old)):
        total += old[row, margin - _different(row, first) * stride :][: len(total)]
    return total.reshape(-1, stride)


def _first_rows(size):
    """Counter: the smallest of all first rows (bits) that symmetries make equal -> how many they are."""
    classes = Counter()
    for row in range(2**size):
        bits = np.array([row >> c & 1 for c in range(size)])
        images = [np.roll(image, c) ^ flip for image in (bits, bits[::-1]) for c in range(size) for flip in (0, 1)]
        classes[min(int(image @ 2 ** np.arange(size)) for image in images)] += 1
    return classes


def density_of_states(size):
    """States (energy, magnetization), uint64: number of states with total energy [J] and magnetization.

    size: L from 2 to 8; the sum is 2^(L^2), which is 0 in 64 bits for L = 8.  Raises UserError for others.
    """
    if not 2 <= size <= LARGEST:
        raise UserError(f"density of states: size {size} was found; allowed is 2 to {LARGEST}")
    counts = sum(_count(size, row) * np.uint64(number // 2) for row, number in _first_rows(size).items())
    counts += counts[:, ::-1]  # the other half of a class, its flipped rows
    sites = size * size
    possible = counts.any(axis=1)
    return xr.Dataset(
        {"states": (("energy", "magnetization"), counts[possible], {"units": "1", "long_name": "number of states"})},
        {
            "energy": ("energy", (2 * np.arange(2 * sites + 1) - 2 * sites)[possible], {"units": "J"}),
            "magnetization": ("magnetization", 2 * np.arange(sites + 1) - sites, {"units": "1"}),
        },
    )


def averages(density, temperatures):
    """Exact `Averages` at temperatures [J/k_B] from a dataset of `density_of_states`."""
    counts = density["states"].values
    row, column = np.nonzero(counts)
    log_count, energy = np.log(counts[row, column]), density["energy"].values[row]
    magnetization = np.abs(density["magnetization"].values[column])
    rows = []
    for t in temperatures:
        log_weight = log_count - energy / t
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        mean = weight @ energy
        rows.append([mean, weight @ (energy - mean) ** 2 / t**2, weight @ magnetization])
    return Averages(*np.array(rows).T / (density.sizes["magnetization"] - 1))

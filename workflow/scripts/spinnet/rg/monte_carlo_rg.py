"""Swendsen's exponents from the same configurations and blockings, to compare with."""

import itertools

import numpy as np
import xarray as xr

from spinnet.mcrg import EVEN, ODD, exponent, moments, operators
from spinnet.packing import unpack
from spinnet.rg.ensembles import levels, pieces

PARITIES = {"even": EVEN, "odd": ODD}


def all_moments(ensemble, blocks, progress):
    """Moments (step, chain, row, column) of the operators before and after each blocking."""
    sums = []
    for size, bits in progress(levels(ensemble, blocks)):
        parts = [operators(unpack(b, size)) for b in _flat_pieces(bits, size)]
        sums.append(np.concatenate(parts))
    chain = np.repeat(np.arange(len(bits)), bits.shape[1])
    steps = [moments(fine, coarse, chain) for fine, coarse in itertools.pairwise(sums)]
    dims = ("step", "chain", "row", "column")
    return xr.Dataset({"moments": (dims, np.stack(steps), {"units": "1", "long_name": "sums of x x^T, see mcrg"})})


def _flat_pieces(bits, size):
    """Bits (samples, row, byte), chain by chain, in pieces that fit into memory as int8."""
    flat = bits.reshape(-1, *bits.shape[2:])
    return [flat[piece] for piece in pieces(1, len(flat), size)]


def exponents(all_sums):
    """y_T (even) and y_h (odd) of each step with jackknife errors; all_sums (step, chain, row, column)."""
    found = np.array([[exponent(sums, names) for names in PARITIES.values()] for sums in all_sums])
    dims = ("step", "parity")
    return xr.Dataset(
        {"exponent": (dims, found[..., 0], {"units": "1"}), "exponent_error": (dims, found[..., 1], {"units": "1"})},
        {"parity": list(PARITIES), "step": np.arange(1, 1 + len(found))},
    )

"""Reweighting along one field: averages at x from configurations sampled at x = 0.

Configurations with the weight exp(x Q) have averages <O>_x = <O exp(x Q)> / <exp(x Q)>.  For a
shift of beta, Q = -E; for the field Y of Bachtis, Aarts & Lucini, Q = beta V f (their eq. 7), which
needs no Hamiltonian; for a magnetic field, Q = beta M.
"""

from typing import NamedTuple

import numpy as np


class Sums(NamedTuple):
    """Sums over the samples of each chain: arrays (grid, chains), and (observables, grid, chains)."""

    weight: np.ndarray
    square: np.ndarray  # of the weight
    conjugate: np.ndarray  # weight * Q
    observable: np.ndarray  # weight * O
    product: np.ndarray  # weight * O * Q


def reweighting_sums(grid, conjugate, observables):
    """`Sums` of Q = conjugate (chains, samples) and O = observables (k, chains, samples) over a grid of x.

    Weights have a common factor at each x, which drops out of every average, so that they stay
    finite; Q is centred, which changes no average or slope.
    """
    q = conjugate - conjugate.mean()
    k, (chains, _) = len(observables), q.shape
    sums = Sums(*np.empty((3, len(grid), chains)), *np.empty((2, k, len(grid), chains)))
    for i, x in enumerate(grid):
        exponent = x * q
        w = np.exp(exponent - exponent.max())
        wq = w * q
        sums.weight[i], sums.square[i], sums.conjugate[i] = w.sum(1), (w * w).sum(1), wq.sum(1)
        for j, o in enumerate(observables):
            sums.observable[j, i] = np.einsum("cs,cs->c", w, o)
            sums.product[j, i] = np.einsum("cs,cs->c", wq, o)
    return sums


def averages(weight, observable):
    """<O>_x from sums (or means) over all chains."""
    return observable / weight


def slopes(weight, conjugate, observable, product):
    """d<O>_x / dx = <O Q> - <O><Q>: exact for the reweighted average, no finite difference."""
    return product / weight - observable * conjugate / weight**2


def effective_sample_size(sums):
    """(sum w)^2 / sum w^2 (grid,): L. Kish, Survey Sampling (1965)."""
    return sums.weight.sum(-1) ** 2 / sums.square.sum(-1)


def rebin(sums, bins):
    """`Sums` with neighbouring chains joined into `bins` groups; rests of chains are dropped."""

    def join(a):
        per = a.shape[-1] // bins
        return a[..., : bins * per].reshape(*a.shape[:-1], bins, per).sum(-1)

    return Sums(*(join(a) for a in sums))

"""Parallel tempering: swaps of temperatures between chains of p^(T0/T) with neighbouring temperatures."""

import numpy as np


def swap(place, log_prob, ratios, first, random):
    """Propose to swap the temperatures of neighbours (k, k+1), k = first, first + 2, ..., of every ladder.

    place: (temperatures, ladders), which temperature each chain of a ladder has.  log_prob: log p of the
    chains, same shape.  ratios: (temperatures,) T0/T.  first: 0 or 1, in turn.  random: numpy Generator.
    Returns the new place, and (temperatures, ladders) whether the chain at a temperature was swapped, as float.
    Source: K. Hukushima & K. Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996).
    """
    chain = np.argsort(place, axis=0)  # which chain has a temperature
    ordered = np.take_along_axis(log_prob, chain, 0)
    swapped = np.zeros(place.shape)
    lower = np.arange(first, len(ratios) - 1, 2)
    gain = (ratios[lower] - ratios[lower + 1])[:, None] * (ordered[lower + 1] - ordered[lower])
    accepted = np.log(random.random(gain.shape)) < gain
    swapped[lower] = swapped[lower + 1] = accepted
    moved = chain.copy()
    moved[lower] = np.where(accepted, chain[lower + 1], chain[lower])
    moved[lower + 1] = np.where(accepted, chain[lower], chain[lower + 1])
    return np.argsort(moved, axis=0), swapped

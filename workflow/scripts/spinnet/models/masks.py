"""Degrees and masks of a masked autoregressive network (Germain et al., ICML 2015)."""

import itertools

import numpy as np


def degrees(sites, hidden):
    """Degrees of the hidden units, one sorted array a layer.

    A unit of degree m sees the first m positions of the factorisation order.  Degrees spread
    evenly over 1..sites-1, so units are sorted and every mask is a staircase.
    """
    top = max(sites - 1, 1)
    return [1 + (np.arange(width) * top) // width for width in hidden]


def masks(sites, hidden, inputs=1, outputs=1):
    """Boolean masks (rows, columns), one a layer, for `inputs` inputs and `outputs` logits a site."""
    levels = [np.repeat(np.arange(1, sites + 1), inputs), *degrees(sites, hidden)]
    result = [above[:, None] >= below for below, above in itertools.pairwise(levels)]
    return [*result, np.repeat(np.arange(sites), outputs)[:, None] >= levels[-1]]

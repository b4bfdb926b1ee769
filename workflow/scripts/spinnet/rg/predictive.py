"""f, |m| and V of the observables of an ensemble (see `observables.observe`)."""

import numpy as np
from scipy.special import expit


def predictive_function(observed, level, networks=slice(None), symmetric=False):
    """f (chain, sample) float64, the mean over the chosen networks; over s and -s if `symmetric`."""
    odds = observed[f"log_odds_{level}"].values[networks]
    odds = odds if symmetric else odds[:, :1]
    total = np.zeros(odds.shape[2:])
    for z in odds.reshape(-1, *total.shape):
        total += expit(z.astype(float))
    return total / (odds.shape[0] * odds.shape[1])


def sites(observed, level=0):
    """V of the lattice at a level."""
    return (observed.attrs["size"] // 2**level) ** 2


def absolute_magnetization(observed, level):
    """|m| per site (chain, sample)."""
    return np.abs(observed["magnetization"].values[level]) / sites(observed, level)

"""Pearson's test of counted states against exact probabilities."""

import numpy as np
from scipy.stats import chi2

FALSE_ALARM = 1e-5


def p_value(states, probability, smallest=10.0):
    """p-value that `states` (indices) were drawn from `probability`; rare states share one bin."""
    counts = np.bincount(np.ravel(states), minlength=len(probability)).astype(float)
    expected = probability * counts.sum()
    rare = expected < smallest
    counts = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    if expected[-1] < smallest:
        counts[-2:] = counts[-2:].sum()
        expected[-2:] = expected[-2:].sum()
        counts, expected = counts[:-1], expected[:-1]
    statistic = ((counts - expected) ** 2 / expected).sum()
    return chi2.sf(statistic, len(counts) - 1)


def state_index(digits, base):
    """(..., n) digits 0..base-1, lowest first -> (...,) integers."""
    return np.asarray(digits, np.int64) @ base ** np.arange(np.shape(digits)[-1])

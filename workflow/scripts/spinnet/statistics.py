"""Autocorrelation times and errors.

Convention: tau_int = 1/2 + sum over t >= 1 of rho(t), so independent samples have tau_int = 1/2
and the variance of a mean over n samples is 2 tau_int variance / n.
"""

import warnings

import numpy as np

DISAGREE = 4.0  # standard errors between hot and cold starts that count as "not equilibrated"
LEAST_TIMES = 100  # measured autocorrelation times in all chains together, below which errors of means are too small


def _gamma_method(series):
    """pyerrors observable of independent chains (chains, n) after the Gamma method; its value is not set.

    Automatic window, U. Wolff, Comput. Phys. Commun. 156, 143 (2004).  Deviations are from the mean of all chains,
    as there.  By itself pyerrors takes them from the mean of each chain, which makes the errors of many short
    chains too small: by a quarter for chains of 20 autocorrelation times.
    """
    import pyerrors  # 1.5 s to import, needed by few jobs

    series = np.asarray(series, float)
    mean, names = series.mean(), [f"chains|{c}" for c in range(len(series))]
    with warnings.catch_warnings():  # about constant series
        warnings.simplefilter("ignore", RuntimeWarning)
        observable = pyerrors.Obs(list(series - mean), names, means=[mean] * len(series))
        observable.gamma_method()
    return observable


def autocorrelation_time(series):
    """Integrated autocorrelation time and its error, in units of the sampling interval.

    series: (chains, n), independent chains of one ensemble.  A constant series has (0.5, 0.0).
    """
    if np.ptp(series) == 0:
        return 0.5, 0.0
    observable = _gamma_method(series)
    return observable.e_tauint["chains"], observable.e_dtauint["chains"]


def mean_of_series(series):
    """Mean of series (chains, n) and its standard error, autocorrelation included."""
    return np.mean(series, dtype=float), _gamma_method(series).dvalue


def long_enough(series, tau):
    """Whether series (chains, n) span `LEAST_TIMES` of their measured autocorrelation time `tau` in all."""
    return np.size(series) >= LEAST_TIMES * tau


def mean_and_error(values, axis=-1):
    """Mean over independent values along `axis`, and its standard error."""
    values = np.asarray(values, float)
    n = values.shape[axis]
    return values.mean(axis), values.std(axis, ddof=1) / np.sqrt(n)


def jackknife(function, *values):
    """Bias-corrected function of means over independent chains, and its error.

    values: arrays (..., chains); function takes arrays (...) of means.
    Source: B. Efron, Ann. Stat. 7, 1 (1979).
    """
    values = [np.asarray(v, float) for v in values]
    n = values[0].shape[-1]
    full = function(*(v.mean(-1) for v in values))
    left_out = [(v.sum(-1, keepdims=True) - v) / (n - 1) for v in values]
    estimates = np.stack([function(*(v[..., c] for v in left_out)) for c in range(n)], axis=-1)
    error = np.sqrt((n - 1) * estimates.var(axis=-1))
    return n * full - (n - 1) * estimates.mean(-1), error

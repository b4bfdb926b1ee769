"""Autocorrelation times and errors.

Convention: tau_int = 1/2 + sum over t >= 1 of rho(t), so independent samples have tau_int = 1/2
and the variance of a mean over n samples is 2 tau_int variance / n.
"""

import numpy as np

DISAGREE = 4.0  # standard errors between hot and cold starts that count as "not equilibrated"
LEAST_TIMES = 100  # measured autocorrelation times in all chains together, below which errors of means are too small


def _gamma_method(series):
    """Integrated autocorrelation time, its error, and the error of the mean of independent chains (chains, n).

    Automatic window with S = 2, U. Wolff, Comput. Phys. Commun. 156, 143 (2004), eqs. (42), (49) and (52).  Deviations
    are from the mean of all chains: those from the mean of each chain, as in pyerrors, make the errors of many
    short chains too small, by a quarter for chains of 20 autocorrelation times.
    """
    series = np.asarray(series, float)
    chains, n = series.shape
    lags, total = np.arange(n // 2), series.size
    power = np.abs(np.fft.rfft(series - series.mean(), 2 * n)) ** 2
    gamma = np.fft.irfft(power.sum(0))[: len(lags)] / (chains * (n - lags))
    if gamma[0] < 10 * np.finfo(float).tiny:
        return 0.5, 0.0, 0.0
    times = np.cumsum(gamma / gamma[0]) - 0.5
    times = np.where(times > 0.5, times, 0.5 + np.finfo(float).eps)
    decay = 2 / np.log((2 * times[1:] + 1) / (2 * times[1:] - 1))
    falls = np.exp(-lags[1:] / decay) - decay / np.sqrt(lags[1:] * total) < 0
    window = np.flatnonzero(np.append(falls[:-1], True))[0] + 1
    tau = times[window] * (1 + (2 * window + 1) / total) / (1 + 1 / total)
    error = 2 * times[window] * np.sqrt(abs(window + 0.5 - times[window]) / total)
    return tau, error, np.sqrt(2 * tau * gamma[0] * (1 + 1 / total) / total)


def autocorrelation_time(series):
    """Integrated autocorrelation time and its error, in units of the sampling interval.

    series: (chains, n), independent chains of one ensemble, n >= 4.  A constant series has (0.5, 0.0).
    """
    return (0.5, 0.0) if np.ptp(series) == 0 else _gamma_method(series)[:2]


def mean_of_series(series):
    """Mean of series (chains, n), n >= 4, and its standard error, autocorrelation included."""
    return np.mean(series, dtype=float), _gamma_method(series)[2]


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

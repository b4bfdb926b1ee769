"""Replicas of the problem "series": errors of means and variances of autoregressive series of known time tau_int.

x_t = a x_(t-1) + noise, of unit variance, has tau_int = (1 + a) / (2 (1 - a)).  The skewed series is exp(x/2), whose
variance is that of the log-normal distribution.
"""

import numpy as np
import pyerrors
from scipy.signal import lfilter

from spinnet.calibration.cases import case, join
from spinnet.checkpoint import NONE
from spinnet.rng import generator
from spinnet.statistics import autocorrelation_time, jackknife, long_enough, mean_and_error, mean_of_series

LENGTH = 1000  # of every chain
BINS = 10  # of one chain, as in the paper of the RG study
TIMES = {1: (0.5, 4.0, 10.0, 50.0), 8: (4.0, 32.0), 16: (4.0, 32.0)}  # tau_int by the number of chains
SKEWED = "variance, skewed"
SKEWED_VARIANCE = np.exp(1 / 4) * (np.exp(1 / 4) - 1)
# tau_int in all chains together from which errors hold; a variance and its error are correlated, the more the more
# skewed the values are, which only long series mend
ENOUGH = {"mean": 250, "variance": 500, "tau": 1000, SKEWED: 3000}


def replicas(numbers, seed, progress, checkpoint=NONE):
    """Dataset of kind "calibration" of the replicas `numbers` (range)."""
    kinds = {1: _one_chain, 8: _some_chains, 16: _many_chains}

    def cases(kind, _):
        chains, tau = kind
        return kinds[chains](autoregressive(numbers, chains, tau, seed), tau)

    found = checkpoint.map(cases, [(chains, tau) for chains, times in TIMES.items() for tau in times], progress)
    return join([case for cases in found for case in cases], numbers)


def autoregressive(numbers, chains, tau, seed):
    """Series (replicas, chains, `LENGTH`) of mean 0, unit variance and integrated autocorrelation time `tau`."""
    decay, shape = (2 * tau - 1) / (2 * tau + 1), (chains, LENGTH)
    noise = np.stack([generator(seed, "calibration", "series", chains, tau, i).normal(size=shape) for i in numbers])
    noise[..., 1:] *= np.sqrt(1 - decay**2)
    return lfilter([1.0], [1.0, -decay], noise)


def _one_chain(series, tau):
    """The Gamma method and bins; and without regard of correlation, or of the bias of short bins."""
    bins = series.reshape(len(series), BINS, -1)
    means = mean_and_error(bins.mean(-1))
    cases = [_gamma(series, tau), _case("binning, 10 bins", "mean", series, tau, means, freedom=BINS - 1)]
    if tau <= 4:
        cases += [_variance("jackknife, 10 bins", quantity, series, tau, bins) for quantity in ("variance", SKEWED)]
    if tau == 4:
        naive, binned = mean_and_error(series[:, 0]), mean_and_error(bins.var(-1))
        cases += [
            _case("uncorrelated", "mean", series, tau, naive, role="compared"),
            _case("binning, 10 bins", "variance", series, tau, binned, role="compared", freedom=BINS - 1),
        ]
    return cases


def _some_chains(series, tau):
    """The Gamma method of several chains; and pyerrors by itself, which takes deviations from each chain's own mean."""
    times = np.array([autocorrelation_time(s) for s in series]).T
    cases = [_gamma(series, tau), _case("Gamma method", "tau", series, tau, times)]
    if tau == 32:
        own = np.array([_own_means(s) for s in series]).T
        cases.append(_case("Gamma method, own means", "mean", series, tau, own, role="compared"))
    return cases


def _many_chains(series, tau):
    """The scatter of independent chains."""
    mean = mean_and_error(series.mean(-1))
    return [
        _case("scatter of chains", "mean", series, tau, mean, freedom=series.shape[1] - 1),
        *(_variance("jackknife, chains", quantity, series, tau, series) for quantity in ("variance", SKEWED)),
    ]


def _case(estimator, quantity, series, tau, found, role=None, **other):
    """One case of series (replicas, chains, n), used where they are long enough; found: (value, error) (replicas,)."""
    chains, exact = series.shape[1], {"mean": 0.0, "tau": tau, "variance": 1.0, SKEWED: SKEWED_VARIANCE}
    role = role or ("used" if chains * LENGTH >= ENOUGH[quantity] * tau else "compared")
    condition = f"tau = {tau:g}, n = {f'{chains} x ' if chains > 1 else ''}{LENGTH}"
    return case(role, estimator, quantity, condition, *found, exact[quantity], **other)


def _gamma(series, tau):
    means = np.array([mean_of_series(s) for s in series]).T
    short = [not long_enough(s, autocorrelation_time(s)[0]) for s in series]
    return _case("Gamma method", "mean", series, tau, means, flagged=short)


def _own_means(chains):
    observable = pyerrors.Obs(list(chains), [f"chains|{c}" for c in range(len(chains))])
    observable.gamma_method()
    return observable.value, observable.dvalue


def _variance(estimator, quantity, series, tau, parts):
    """Case of the variance from means of x and x^2 over parts (replicas, parts, n)."""
    x = np.exp(parts / 2) if quantity == SKEWED else parts
    found = jackknife(lambda m, m2: m2 - m**2, x.mean(-1), (x**2).mean(-1))
    return _case(estimator, quantity, series, tau, found, freedom=parts.shape[1] - 1)

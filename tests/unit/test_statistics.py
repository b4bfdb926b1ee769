"""Errors and autocorrelation times on series with known answers."""

import numpy as np
import pyerrors
import pytest

from spinnet.statistics import autocorrelation_time, jackknife, mean_and_error, mean_of_series


def autoregressive(chains, length, decay, seed):
    """AR(1) series of unit variance: tau_int = (1 + decay) / (2 (1 - decay))."""
    noise = np.random.default_rng(seed).normal(size=(chains, length))
    series = noise.copy()
    for t in range(1, length):
        series[:, t] = decay * series[:, t - 1] + np.sqrt(1 - decay**2) * noise[:, t]
    return series


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.8])
def test_autocorrelation_time_of_a_known_process(decay):
    tau, error = autocorrelation_time(autoregressive(50, 2000, decay, 1))
    exact = (1 + decay) / (2 * (1 - decay))
    assert abs(tau - exact) < 4.5 * error + 0.02 * exact


@pytest.mark.parametrize("shape", [(1, 5), (1, 1000), (3, 50), (20, 401)])
@pytest.mark.parametrize("decay", [-0.5, 0.0, 0.5, 0.97])
def test_gamma_method_is_that_of_pyerrors(shape, decay):
    """With deviations from the mean of all chains in both."""
    series = autoregressive(*shape, decay, 5) + 3.0
    mean, names = series.mean(), [f"chains|{c}" for c in range(shape[0])]
    other = pyerrors.Obs(list(series - mean), names, means=[mean] * shape[0])
    other.gamma_method()
    expected = other.e_tauint["chains"], other.e_dtauint["chains"], other.dvalue
    assert (*autocorrelation_time(series), mean_of_series(series)[1]) == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_constant_series():
    assert autocorrelation_time(np.ones((3, 50))) == (0.5, 0.0)


def test_error_of_a_correlated_mean():
    """The estimated error matches the scatter of 400 replicas within a few percent."""
    series = autoregressive(400, 500, 0.8, 2)
    estimates = [mean_of_series(s.reshape(1, -1)) for s in series]
    means, errors = np.array(estimates).T
    assert errors.mean() == pytest.approx(means.std(ddof=1), rel=0.16)


def test_jackknife_of_a_variance_is_unbiased():
    """Over 2000 replicas the variance from chain means of x and x^2 averages to its true value, 1."""
    random = np.random.default_rng(3)
    x = random.normal(size=(2000, 8, 20))
    value, error = jackknife(lambda m, m2: m2 - m**2, x.mean(-1), (x**2).mean(-1))
    scatter = value.std(ddof=1)
    assert abs(value.mean() - 1) < 4.5 * scatter / np.sqrt(2000)
    assert np.sqrt((error**2).mean()) == pytest.approx(scatter, rel=0.1)


def test_jackknife_of_a_mean_is_the_standard_error():
    x = np.random.default_rng(4).normal(size=(3, 12))
    value, error = jackknife(lambda m: m, x)
    assert value == pytest.approx(mean_and_error(x)[0])
    assert error == pytest.approx(mean_and_error(x)[1])

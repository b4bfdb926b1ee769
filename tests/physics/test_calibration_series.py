"""Calibration of the errors of autoregressive series: known time, independent replicas, errors that fail are caught."""

import numpy as np
import pytest
from scipy.stats import binom

from spinnet.calibration import series
from spinnet.calibration.judge import inside, pulls
from spinnet.statistics import autocorrelation_time, long_enough, mean_of_series

REPLICAS = 300
FALSE_ALARM = 1e-5  # of one fraction


@pytest.fixture(scope="module")
def found():
    return series.replicas(range(REPLICAS), 3, iter)


def select(found, estimator, quantity, condition):
    """The one case of these names, (replica,)."""
    names = {"estimator": estimator, "quantity": quantity, "condition": condition}
    return found.isel(case=np.flatnonzero(np.all([found[k] == v for k, v in names.items()], axis=0)).item())


@pytest.mark.parametrize(
    ("estimator", "quantity", "condition"),
    [
        ("Gamma method", "mean", "tau = 4, n = 8 x 1000"),
        ("Gamma method", "mean", "tau = 32, n = 8 x 1000"),
        ("binning, 10 bins", "mean", "tau = 4, n = 1000"),
        ("scatter of chains", "mean", "tau = 32, n = 16 x 1000"),
        ("jackknife, chains", "variance", "tau = 4, n = 16 x 1000"),
    ],
)
def test_used_errors_cover_the_truth(found, estimator, quantity, condition):
    of = select(found, estimator, quantity, condition)
    assert of.role == "used"
    for level, allowed in ((68, 0.03), (95, 0.02)):
        count = int(inside(of, level).sum())
        assert binom.cdf(count, REPLICAS, level / 100 - allowed) > FALSE_ALARM
        assert binom.sf(count - 1, REPLICAS, level / 100 + allowed) > FALSE_ALARM


@pytest.mark.parametrize(
    ("estimator", "quantity"),
    [("uncorrelated", "mean"), ("binning, 10 bins", "variance")],
)
def test_errors_that_are_too_small_are_caught(found, estimator, quantity):
    of = select(found, estimator, quantity, "tau = 4, n = 1000")
    assert of.role == "compared"
    assert binom.cdf(int(inside(of, 95).sum()), REPLICAS, 0.93) < FALSE_ALARM


def test_deviations_from_the_mean_of_all_chains_give_larger_errors(found):
    """A chain's own mean takes 2 tau/n = 0.064 of the variance away, and cuts the window short."""
    condition = "tau = 32, n = 8 x 1000"
    whole, own = (select(found, e, "mean", condition) for e in ("Gamma method", "Gamma method, own means"))
    np.testing.assert_allclose(whole.value, own.value, atol=1e-12)
    assert 1.1 < float((whole.error / own.error).mean()) < 1.4
    assert abs(float(pulls(whole).std()) - 1) < abs(float(pulls(own).std()) - 1)


def test_series_too_short_are_flagged(found):
    short, long = (select(found, "Gamma method", "mean", f"tau = {tau}, n = 1000") for tau in (50, 4))
    assert short.flagged.mean() > 0.95
    assert long.flagged.mean() < 0.05


def test_long_enough_counts_all_chains():
    values = np.random.default_rng(1).normal(size=(4, 250))
    assert long_enough(values, 10.0)
    assert not long_enough(values[:3], 10.0)


def test_chains_that_never_meet_have_a_long_time():
    """Eight chains about different means: the error of the mean is that of eight numbers, not of 1600."""
    random = np.random.default_rng(2)
    levels, noise = random.normal(size=(8, 1)), 0.1 * random.normal(size=(8, 200))
    value, error = mean_of_series(levels + noise)
    assert value == pytest.approx((levels + noise).mean())
    assert error > 0.5 * levels.std() / np.sqrt(8)
    assert autocorrelation_time(levels + noise)[0] > 20


def test_autoregressive_series_have_unit_variance_and_the_given_time():
    x = series.autoregressive(range(400), 1, 4.0, 5)[:, 0]
    assert x.var() == pytest.approx(1, abs=0.03)
    assert series.LENGTH * x.mean(1).var() / 2 == pytest.approx(4.0, rel=4.5 * np.sqrt(2 / 400))


def test_replicas_do_not_depend_on_the_parts():
    whole = series.replicas(range(4), 7, iter)
    part = series.replicas(range(2, 4), 7, iter)
    for name in ("value", "error", "flagged"):
        np.testing.assert_array_equal(whole[name].sel(replica=[2, 3]), part[name])
    assert not np.array_equal(whole.value.sel(replica=2), whole.value.sel(replica=3))

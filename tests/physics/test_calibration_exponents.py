"""Calibration of the exponents: a small part of it, and that it can fail."""

import numpy as np
import pytest
import xarray as xr

from spinnet.calibration import exponents
from spinnet.calibration.exponents import Kind, replicas, truth
from spinnet.calibration.judge import LEVELS, binomial_error, inside
from spinnet.lattice import BETA_CRITICAL

REPLICAS, LONG_RUN = 160, 80
LARGEST = 5.5  # standard errors of a coverage; the distribution at 95 % is skewed
QUANTITIES = ("beta_c", "nu", "theta |m|")
KINDS = tuple(Kind("used", estimator, "single", 20, 10, QUANTITIES) for estimator in ("jackknife", "mean over bins"))


@pytest.fixture(scope="module", autouse=True)
def small():
    """1000 configurations a replica, and no more than the estimators that are tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exponents, "CHAINS", 20)
        patch.setattr(exponents, "SAMPLES", 50)
        patch.setattr(exponents, "KINDS", KINDS)
        yield


@pytest.fixture(scope="module")
def exact():
    return truth(LONG_RUN, 1, iter)


@pytest.fixture(scope="module")
def found(exact):
    """{(estimator, quantity): case}."""
    result = replicas(range(REPLICAS), 1, exact, iter)
    names = zip(result["estimator"].values, result["quantity"].values, strict=True)
    return {name: result.isel(case=[i]) for i, name in enumerate(names)}


def excess(case):
    """Largest deviation of the coverage of one case, in standard errors."""
    n = case.sizes["replica"]
    return max(
        abs(inside(case, level).values.mean() - level / 100) / binomial_error(level / 100, n) for level in LEVELS
    )


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_intervals_of_the_jackknife_cover_the_truth(found, quantity):
    assert excess(found["jackknife", quantity]) < LARGEST


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_test_of_coverage_can_fail(found, quantity):
    case = found["jackknife", quantity]
    assert excess(case.assign(error=case["error"] / 2)) > LARGEST


def test_mean_over_bins_has_a_bias_that_the_jackknife_removes(found):
    """Both from the same configurations, so that little scatter is in the difference."""
    value, mean = (found[name, "nu"]["value"].values[0] for name in ("jackknife", "mean over bins"))
    difference = mean - value
    assert difference.mean() > 4.5 * difference.std(ddof=1) / np.sqrt(REPLICAS)
    case = found["jackknife", "nu"]
    assert abs(value.mean() - case["exact"][0, 0]) < 4.5 * value.std(ddof=1) * np.sqrt(1 / REPLICAS + 1 / LONG_RUN)


def test_truth_is_as_precise_as_its_length_says(exact, found):
    for quantity in QUANTITIES:
        error = exact["error"].loc["single", quantity].item()
        scatter = found["jackknife", quantity]["value"].values.std(ddof=1)
        assert 0.4 < error * np.sqrt(LONG_RUN) / scatter < 1.9  # relative error, of 20 bins: 17 percent
    beta_c, nu = (exact["value"].loc["double", name].item() for name in ("beta_c", "nu"))
    assert abs(beta_c / BETA_CRITICAL["square"] - 1) < 0.005
    assert abs(nu - 1) < 0.05


def test_replicas_do_not_depend_on_the_parts(exact):
    whole = replicas(range(4), 1, exact, iter)
    parts = [replicas(numbers, 1, exact, iter) for numbers in (range(1), range(1, 4))]
    xr.testing.assert_identical(whole, xr.concat(parts, "replica"))
    assert len(np.unique(whole["value"].values[0])) == 4


def test_a_replica_without_a_crossing_is_flagged(exact, monkeypatch):
    monkeypatch.setattr(exponents, "LIMITS", (1e-7, 21, 0.2))
    assert (replicas(range(3), 1, exact, iter)["flagged"] == 1).all()

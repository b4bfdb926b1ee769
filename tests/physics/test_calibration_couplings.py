"""Couplings in the calibration: trials of their own, the fixed network, and errors of a few replicas."""

import functools

import numpy as np
import pytest
from scipy.stats import chi2

from spinnet.calibration import couplings, judge
from spinnet.encoder import coverage
from spinnet.interactions import TERMS
from spinnet.local_learning import learn_local
from spinnet.rng import stream_key

REPLICAS, FIXED = 6, "good network, fixed"
FAST = (learn_local, coverage.NETWORKS[0][1] | {"window": 1, "hidden": [8], "max_epochs": 2})


@pytest.fixture(scope="module")
def found():
    """Replicas with a faster network, trained once, and fewer readings of it; for all tests that follow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coverage, "NETWORKS", (FAST, coverage.NETWORKS[1]))
        patch.setattr(couplings, "TRUTHS", 4)
        patch.setattr(couplings, "fixed_network", functools.cache(couplings.fixed_network))
        yield couplings.replicas(range(REPLICAS), 2020, iter)


def of(found, estimator, condition):
    chosen = (found["estimator"] == estimator) & (found["condition"] == condition)
    return found.isel(case=np.flatnonzero(chosen))


def too_large(pulls, independent):
    """Whether the mean square of pulls, of which so many are independent, is too large for true errors."""
    return float(np.square(pulls).mean()) > chi2.isf(1e-5, independent) / independent


def test_errors_cover_the_truth(found):
    """Mean square of the pulls; those of a trial's nine terms depend on each other, so four of them count."""
    blind, fixed = of(found, "pseudo-likelihood", "blind trials"), of(found, "pseudo-likelihood", FIXED)
    assert blind.sizes == {"case": len(TERMS), "replica": REPLICAS}
    assert fixed.sizes == {"case": len(couplings.CORRECTED), "replica": REPLICAS}
    for cases, independent in ((blind, 4 * REPLICAS), (fixed, REPLICAS)):
        assert not too_large(judge.pulls(cases), independent)
        assert np.square(judge.pulls(cases)).mean() > chi2.ppf(1e-5, independent) / independent


def test_a_third_of_the_error_is_found_out(found):
    blind = of(found, "pseudo-likelihood", "blind trials")
    assert too_large(3 * judge.pulls(blind), 4 * REPLICAS)


def test_a_poor_network_alone_misses_the_truth(found):
    assert too_large(judge.pulls(of(found, "network alone", "blind trials, poor network")), REPLICAS)


def test_trials_are_blind_and_not_those_of_the_study(found):
    own = int(stream_key(2020, "calibration", "couplings"))
    assert coverage.draw(1, own) != coverage.draw(1, 2020)
    trial = coverage.trial(2 * 3 + 1, own)
    assert int(trial["poor"]) == 1
    values = of(found, "pseudo-likelihood", "blind trials")["value"].values[:, 3]
    assert np.allclose(values, trial["estimate"] - trial["true"], rtol=0, atol=1e-12)


def test_replicas_do_not_depend_on_the_parts(found):
    part = couplings.replicas(range(4, 5), 2020, iter)
    assert part["replica"].values.tolist() == [4]
    for name in ("value", "error", "exact"):
        assert np.array_equal(part[name], found[name][:, 4:5])


def test_the_reading_of_the_fixed_network_scatters_little(found):
    """So that its mean is a truth: the error of the mean is small against those of the corrections."""
    fixed = of(found, "pseudo-likelihood", FIXED)
    assert (fixed["exact_error"] < 0.25 * fixed["error"]).all()

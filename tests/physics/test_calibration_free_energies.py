"""Importance sampling in the calibration: samples, truths, flags, and errors of a small part of the replicas."""

import numpy as np
import pytest
from calibrated import assert_covered
from scipy.stats import binom, chisquare

from spinnet.calibration import free_energies, judge, networks
from spinnet.exact import kaufman

REPLICAS = 150


@pytest.fixture(scope="module")
def log_p():
    return networks.log_probabilities(2020)


@pytest.fixture(scope="module")
def found():
    return free_energies.replicas(range(REPLICAS), 2020, iter)


def one(found, quantity, condition):
    chosen = (found["quantity"] == quantity) & (found["condition"] == condition)
    return found.isel(case=np.flatnonzero(chosen))


@pytest.mark.parametrize("quantity", ["free energy", "energy", "specific heat", "variational free energy"])
def test_errors_cover_the_truth(found, quantity):
    chosen = one(found, quantity, "good network, T = 2.5")
    assert_covered(chosen)


def test_errors_of_half_the_size_are_found_out(found):
    chosen = one(found, "free energy", "good network, T = 2.5")
    small = chosen.assign(error=chosen["error"] / 2)
    assert binom.cdf(int(judge.inside(small, 68).sum()), REPLICAS, 0.68) < 1e-5


def test_few_effective_samples_are_flagged(found):
    assert one(found, "free energy", "poor network, T = 2.5")["flagged"].mean() > 0.5
    assert one(found, "free energy", "good network, T = 2.5")["flagged"].sum() == 0


def test_a_network_that_lacks_states_misses_the_truth(found):
    """Its samples do not hold the states that it holds far too unlikely, and so F is too high."""
    pulls = judge.pulls(one(found, "free energy", "fair network, T = 2.5"))
    assert pulls.mean() > 0.3


def test_replicas_do_not_depend_on_the_parts(found):
    part = free_energies.replicas(range(7, 10), 2020, iter)
    assert part["replica"].values.tolist() == [7, 8, 9]
    assert np.array_equal(part["value"], found["value"][:, 7:10])
    assert np.array_equal(part["error"], found["error"][:, 7:10])


def test_truths_are_exact(log_p):
    for temperature in (2.0, 6.0):
        truth, exact = free_energies.truths(log_p["good"], temperature), kaufman(4, [temperature])
        assert truth["free_energy"] == pytest.approx(-temperature * exact.log_partition[0])
        assert truth["energy"] == pytest.approx(exact.energy[0])
        assert truth["specific_heat"] == pytest.approx(exact.specific_heat[0])
        assert truth["variational_free_energy"] > truth["free_energy"]


def test_samples_are_those_of_the_network(log_p):
    """Chi^2 of the states in at most 32 classes of similar probability."""
    p = np.exp(log_p["fair"])
    p /= p.sum()
    index = free_energies.drawn(log_p["fair"], np.random.default_rng(3))
    classes = np.unique(np.minimum((np.cumsum(p) * 32).astype(int), 31), return_inverse=True)[1]
    assert chisquare(np.bincount(classes[index]), np.bincount(classes, p) * len(index)).pvalue > 1e-5

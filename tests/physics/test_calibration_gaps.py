"""KL gaps in the calibration: chains as wanted, truths, and errors of a small part of the replicas."""

import numpy as np
import pytest
from calibrated import assert_covered
from scipy.special import logsumexp
from scipy.stats import binom

from spinnet.calibration import gaps, judge, networks
from spinnet.exact import all_configurations, enumerate_lattice
from spinnet.interactions import ISING, energy

REPLICAS = 300


@pytest.fixture(scope="module")
def found():
    return gaps.replicas(range(REPLICAS), 2020, iter)


def one(found, estimator, condition, quantity="KL gap"):
    chosen = (found["estimator"] == estimator) & (found["condition"] == condition) & (found["quantity"] == quantity)
    return found.isel(case=np.flatnonzero(chosen))


@pytest.mark.parametrize(
    ("estimator", "condition", "quantity"),
    [
        ("Gamma method", "good network", "KL gap"),
        ("Gamma method", "poor network", "-ln p"),
        ("jackknife", "ln Z from data, 0.95 J, n = 8 x 1000", "KL gap"),
    ],
)
def test_errors_cover_the_truth(found, estimator, condition, quantity):
    chosen = one(found, estimator, condition, quantity)
    assert_covered(chosen)


def test_errors_of_half_the_size_are_found_out(found):
    chosen = one(found, "Gamma method", "good network")
    small = chosen.assign(error=chosen["error"] / 2)
    assert binom.cdf(int(judge.inside(small, 68).sum()), REPLICAS, 0.68) < 1e-5
    naive, whole = (one(found, e, "good network", "-ln p")["error"].mean() for e in ("uncorrelated", "Gamma method"))
    assert naive < 0.95 * whole


def test_constant_from_data_fails_where_the_network_holds_what_they_lack(found):
    """ln <weight / p> misses the states that have nearly all of it; the sum is too small."""
    chosen = one(found, "jackknife", "ln Z from data, 0 J, n = 8 x 1000")
    assert judge.pulls(chosen).mean() < -0.2


def test_replicas_do_not_depend_on_the_parts(found):
    part = gaps.replicas(range(7, 10), 2020, iter)
    assert part["replica"].values.tolist() == [7, 8, 9]
    assert np.array_equal(part["value"], found["value"][:, 7:10])
    assert np.array_equal(part["error"], found["error"][:, 7:10])


def test_states_are_those_of_the_enumeration():
    energies = energy(all_configurations(4), ISING)[np.stack([gaps.drawn(n, 1) for n in range(40)])]
    exact = enumerate_lattice(4, networks.T0)["energy"] * 16
    means = energies.mean((1, 2))
    assert abs(means.mean() - exact) < 4.5 * means.std(ddof=1) / np.sqrt(40)


def test_local_weights_are_energies():
    energies = energy(all_configurations(4), ISING)
    assert np.allclose(gaps.local_weights(0.7), -0.7 * energies / networks.T0)


def test_networks_are_normalised_and_of_the_stated_quality(found):
    exact = enumerate_lattice(4, networks.T0)["probability"]
    log_p = networks.log_probabilities(2020)
    distances = {name: exact @ (np.log(exact) - one) for name, one in log_p.items()}
    assert all(abs(logsumexp(one)) < 1e-5 for one in log_p.values())
    assert 0.01 < distances["good"] < 0.1 < 0.5 < distances["fair"] < 1.5 < 2 < distances["poor"]
    for name, distance in distances.items():
        truth = one(found, "Gamma method", f"{name} network")["exact"]
        assert float(truth[0, 0]) == pytest.approx(distance)

"""Reweighting against enumeration of the 4x4 lattice, in beta and in the field Y, and its limits."""

import numpy as np
import pytest
import torch
from networks import random_classifier

from spinnet.exact import all_configurations, enumerate_lattice
from spinnet.lattice import ising_energy
from spinnet.reweighting import averages, effective_sample_size, rebin, reweighting_sums, slopes
from spinnet.statistics import jackknife

SITES = 16
BETA = 0.4
FIELDS = np.linspace(-0.06, 0.06, 5)  # beta V Y up to 0.4


@pytest.fixture(scope="module")
def states():
    """E, |m| and f of a random network, (states,); f by a forward pass in float64."""
    spins = all_configurations(4)
    model = random_classifier(SITES, 12, scale=5.0).double()
    with torch.no_grad():
        f = model.logits(torch.from_numpy(spins.reshape(-1, SITES))).softmax(1)[:, 1].numpy()
    low, high = np.quantile(f, [0.1, 0.9])
    assert high - low > 0.5  # or nothing is tested
    return ising_energy(spins).astype(float), np.abs(spins.mean(axis=(1, 2))), f


def total(sums):
    """Average and slope (observables, grid) over all chains."""
    weight, conjugate, observable, product = (a.sum(-1) for a in sums if a is not sums.square)
    return averages(weight, observable), slopes(weight, conjugate, observable, product)


def test_all_states_reweight_to_any_temperature_exactly(states):
    """The uniform distribution is that of beta = 0; every beta is reached to rounding, and antiferromagnets too."""
    energy, m, _ = (a.reshape(16, -1) for a in states)
    grid = np.array([-0.3, 0.0, 0.1, 0.3, 0.44, 0.8, 2.0])
    mean, slope = total(reweighting_sums(grid, -energy, [energy, m]))
    for i, beta in enumerate(grid):
        if beta > 0:
            exact = enumerate_lattice(4, 1 / beta)
            assert mean[0, i] == pytest.approx(SITES * exact["energy"], rel=1e-12)
            assert slope[0, i] == pytest.approx(-SITES * exact["specific_heat"] / beta**2, rel=1e-9, abs=1e-10)
            assert mean[1, i] == pytest.approx(exact["magnetization"], rel=1e-12)
    assert mean[0, 1] == pytest.approx(0, abs=1e-12)
    assert slope[0, 1] == pytest.approx(-2 * SITES, rel=1e-12)  # one variance of 1 a bond
    assert mean[0, 0] == pytest.approx(
        -SITES * enumerate_lattice(4, 1 / 0.3)["energy"], rel=1e-12
    )  # a bipartite lattice


def test_slopes_are_the_derivatives_of_the_averages(states):
    energy, m, f = (a.reshape(16, -1) for a in states)
    step = 1e-4
    for x in (-0.1, 0.05, 0.44):
        mean, slope = total(reweighting_sums(x + step * np.array([-1.0, 0.0, 1.0]), -energy, [energy, m, f]))
        assert (mean[:, 2] - mean[:, 0]) / (2 * step) == pytest.approx(slope[:, 1], rel=1e-5)


def in_field(states, base, field):
    """<f>, d<f>/dY by eq. 5 and <|m|> where the field acts on states with probabilities or counts `base`."""
    _, m, f = states
    p = base * np.exp(BETA * SITES * f * field)
    p /= p.sum()
    return p @ f, BETA * SITES * (p @ f**2 - (p @ f) ** 2), p @ m


def exact_in_field(states, field):
    return in_field(states, enumerate_lattice(4, 1 / BETA)["probability"], field)


def drawn(chains, samples, beta, seed=5):
    """Independent states (chains, samples) of the exact distribution."""
    probability = enumerate_lattice(4, 1 / beta)["probability"]
    return np.random.default_rng(seed).choice(len(probability), (chains, samples), p=probability)


def test_the_susceptibility_is_the_variance_of_f(states):
    """Eq. 5 holds to rounding in any sample, and is the derivative of <f>."""
    index = drawn(20, 500, BETA)
    f, counts, step = states[2][index], np.bincount(index.ravel(), minlength=2**SITES), 1e-4
    mean, slope = total(reweighting_sums(FIELDS, BETA * SITES * f, [f]))
    for i, field in enumerate(FIELDS):
        average, susceptibility, _ = in_field(states, counts, field)
        assert mean[0, i] == pytest.approx(average, rel=1e-12)
        assert slope[0, i] == pytest.approx(susceptibility, rel=1e-9)
        low, high = (in_field(states, counts, field + s)[0] for s in (-step, step))
        assert slope[0, i] == pytest.approx((high - low) / (2 * step), rel=1e-5)


def test_a_sample_at_zero_field_gives_averages_in_the_field(states):
    """Eq. 7, which knows no energy: <f>, chi_f and <|m|> with honest errors against enumeration."""
    index = drawn(100, 4000, BETA)
    _, m, f = (a[index] for a in states)
    sums = reweighting_sums(FIELDS, BETA * SITES * f, [f, m])
    for k, position in ((0, 0), (1, 2)):
        value, error = jackknife(averages, sums.weight, sums.observable[k])
        exact = np.array([exact_in_field(states, y)[position] for y in FIELDS])
        assert np.abs((value - exact) / error).max() < 5.5
        assert (np.abs(exact - exact[2])[[0, 4]] > 8 * error[[0, 4]]).all()  # the field does something
    value, error = jackknife(slopes, sums.weight, sums.conjugate, sums.observable[0], sums.product[0])
    exact = np.array([exact_in_field(states, y)[1] for y in FIELDS])
    assert np.abs((value - exact) / error).max() < 5.5
    assert (error < 0.02 * exact).all()


def test_a_sample_reweights_in_beta(states):
    index = drawn(100, 4000, BETA)
    energy, m, _ = (a[index] for a in states)
    shifts = np.array([-0.05, -0.02, 0.0, 0.02, 0.05])
    sums = reweighting_sums(shifts, -energy, [energy, m])
    for k, name in enumerate(("energy", "magnetization")):
        value, error = jackknife(averages, sums.weight, sums.observable[k])
        exact = np.array([enumerate_lattice(4, 1 / (BETA + s))[name] for s in shifts]) * (SITES, 1)[k]
        assert np.abs((value - exact) / error).max() < 5.5
    value, error = jackknife(slopes, sums.weight, sums.conjugate, sums.observable[0], sums.product[0])
    heat = np.array([-SITES * enumerate_lattice(4, 1 / b)["specific_heat"] / b**2 for b in BETA + shifts])
    assert np.abs((value - heat) / error).max() < 5.5


def test_effective_sample_size(states):
    """All at x = 0; only the states of largest Q far away; N exp(-x^2 var Q) for Gaussian Q (lognormal weights)."""
    energy = states[0].reshape(8, -1)
    grid = [0.0, 60.0, -60.0]
    size = effective_sample_size(reweighting_sums(grid, -energy, []))
    assert size == pytest.approx([2**16, 2, 2], rel=1e-9)
    magnetization = all_configurations(4).sum(axis=(1, 2), dtype=float).reshape(8, -1)
    assert effective_sample_size(reweighting_sums([60.0], magnetization, [])) == pytest.approx([1], rel=1e-9)
    q = np.random.default_rng(2).normal(10, 2, (10, 100_000))
    found = effective_sample_size(reweighting_sums([0.25], q, []))[0]
    assert found == pytest.approx(1e6 * np.exp(-0.25), rel=0.01)


def test_a_constant_in_the_field_term_changes_nothing(states):
    energy, m, f = (a.reshape(16, -1) for a in states)
    grid = np.linspace(-0.5, 0.5, 5)
    plain = reweighting_sums(grid, -energy, [m, f])
    for shift in (-1e5, 3.0, 1e5):
        moved = reweighting_sums(grid, shift - energy, [m, f])
        for a, b in zip(total(plain), total(moved), strict=True):
            assert b == pytest.approx(a, rel=1e-8)
        assert effective_sample_size(moved) == pytest.approx(effective_sample_size(plain), rel=1e-9)


def test_weights_stay_finite():
    """Exponents x Q of millions that differ by ten thousands: the state of the largest weight alone counts."""
    random = np.random.default_rng(1)
    q = 1e6 + 100.0 * random.permutation(200).reshape(4, 50)
    o = random.normal(size=q.shape)
    grid = np.array([-3.0, -1.0, 1.0, 3.0])
    sums = reweighting_sums(grid, q, [o])
    assert all(np.isfinite(a).all() for a in sums)
    mean, slope = total(sums)
    largest = [o.flat[q.argmin()], o.flat[q.argmin()], o.flat[q.argmax()], o.flat[q.argmax()]]
    assert mean[0] == pytest.approx(largest, rel=1e-6)
    assert slope[0] == pytest.approx(0, abs=1e-6)


def test_groups_of_chains_are_longer_chains(states):
    energy, m, f = (a[:61_440].reshape(12, -1) for a in states)
    grid = np.array([0.0, 0.2])
    sums = reweighting_sums(grid, -energy, [m, f])
    joined = reweighting_sums(grid, -energy.reshape(4, -1), [m.reshape(4, -1), f.reshape(4, -1)])
    for a, b in zip(rebin(sums, 4), joined, strict=True):
        assert a == pytest.approx(b, rel=1e-9, abs=1e-9)
    dropped = rebin(sums, 5)  # two chains each, the last two left over
    assert dropped.weight == pytest.approx(sums.weight[:, :10].reshape(2, 5, 2).sum(2), rel=1e-12)
    part = reweighting_sums(grid, -energy[:10], [m[:10], f[:10]])
    for a, b in zip(total(dropped), total(part), strict=True):
        assert a == pytest.approx(b, rel=1e-9)

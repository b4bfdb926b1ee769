"""Energies beyond the nearest neighbour: explicit sums, identities and symmetries; the speed ledger."""

from itertools import product
from math import cos, exp, pi, sin, sqrt

import numpy as np
import pytest
import torch

from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.lattice import ising_energy
from spinnet.operators import interactions, speed
from spinnet.operators.interactions import (
    coupling_matrix,
    couplings,
    disordered_energy,
    energy,
    fourier_energy,
    image_sum,
    potts_energy,
    random_bonds,
    walk,
)

KINDS = ["coulomb", "sinusoidal"]
RANDOM = np.random.default_rng(7)


def spins(samples, size):
    return RANDOM.choice(np.array([-1, 1], np.int8), (samples, size, size))


def checkerboard(size):
    return (1 - 2 * (np.indices((size, size)).sum(0) % 2)).astype(np.int8)


def explicit_coupling(kind, k, cutoff, down, right, size=4):
    """Sum over images without NumPy; an offset of (0, 0) has no coupling."""
    total = 0.0
    for a, b in product(range(-4, 5), repeat=2):
        r = sqrt((down + a * size) ** 2 + (right + b * size) ** 2)
        if 0 < r <= cutoff and (down, right) != (0, 0):
            total += exp(-k * r) / r * (sin(r) if kind == "sinusoidal" else 1.0)
    return total


@pytest.mark.parametrize("kind", KINDS)
def test_folded_couplings_are_the_explicit_sum_over_images(kind):
    folded = couplings(4, kind, 1.5, 5.0)
    explicit = [[explicit_coupling(kind, 1.5, 5.0, down, right) for right in range(4)] for down in range(4)]
    assert np.allclose(folded, explicit, rtol=1e-13, atol=0)
    state = spins(1, 4)
    total = 0.0
    for (r1, c1), (r2, c2) in product(product(range(4), repeat=2), repeat=2):
        total += 0.5 * state[0, r1, c1] * state[0, r2, c2] * explicit[r2 - r1][c2 - c1]
    assert energy(state, coupling_matrix(folded))[0] == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("size", "cutoff"), [(5, 24.5), (8, 32.0)])
def test_all_procedures_give_one_energy(kind, size, cutoff):
    states, folded = spins(6, size), couplings(size, kind, 0.3, cutoff)
    matrix = coupling_matrix(folded)
    exact = energy(states, matrix)
    assert np.abs(exact).max() > 1
    assert np.allclose(fourier_energy(states, folded), exact, rtol=0, atol=1e-11)
    assert np.allclose(image_sum(states, kind, 0.3, cutoff), exact, rtol=0, atol=1e-11)
    assert np.allclose(speed.device_energy(states, torch.as_tensor(matrix)), exact, rtol=0, atol=1e-11)
    assert np.allclose(speed.device_image_sum(states, kind, 0.3, cutoff, "cpu"), exact, rtol=0, atol=1e-11)


def test_each_flip_costs_what_the_matrix_says():
    state, matrix = spins(1, 8), coupling_matrix(couplings(8, "coulomb", 0.3, 64))
    sites = RANDOM.integers(0, 64, 300)
    visited = np.repeat(state, 301, 0).reshape(301, 64)
    for n, site in enumerate(sites):
        visited[n + 1 :, site] *= -1
    changes = walk(state.reshape(-1), matrix, sites)
    assert np.array_equal(state.reshape(-1), visited[-1])
    assert np.allclose(changes, np.diff(energy(visited.reshape(301, 8, 8), matrix)), rtol=0, atol=1e-11)


def test_nearest_neighbour_couplings_give_the_ising_energy():
    neighbours = np.zeros((8, 8))
    neighbours[[0, 0, 1, -1], [1, -1, 0, 0]] = -1.0
    states = np.concatenate([spins(50, 8), np.ones((1, 8, 8), np.int8), checkerboard(8)[None]])
    assert np.allclose(energy(states, coupling_matrix(neighbours)), ising_energy(states), rtol=0, atol=1e-11)
    assert np.allclose(fourier_energy(states, neighbours), ising_energy(states), rtol=0, atol=1e-11)


def test_the_checkerboard_is_the_ground_state_of_the_screened_coulomb_model():
    """Of all 65 536 states on 4x4, and against random trials on 8x8."""
    states = all_configurations(4)
    energies = energy(states, coupling_matrix(couplings(4, "coulomb", 1.0, 64)))
    lowest = states[energies < energies.min() + 1e-9]
    assert sorted(lowest[:, 0, 0]) == [-1, 1]
    assert all(np.array_equal(s * s[0, 0], checkerboard(4)) for s in lowest)
    matrix = coupling_matrix(couplings(8, "coulomb", 1.0, 64))
    assert energy(checkerboard(8)[None], matrix)[0] < energy(spins(5000, 8), matrix).min() - 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_mean_and_variance_over_all_states(kind):
    """Without self-images the mean is 0; the variance is N/2 times the sum of the squared couplings."""
    folded = couplings(4, kind, 0.5, 64)
    energies = energy(all_configurations(4), coupling_matrix(folded))
    assert energies.mean() == pytest.approx(0.0, abs=1e-11)
    assert energies.var() == pytest.approx(8 * (folded**2).sum(), rel=1e-11)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("k", "cutoff"), [(0.01, 64), (0.05, 64), (0.1, 32), (1.0, 3)])
def test_a_range_that_has_not_converged_is_refused(kind, k, cutoff):
    with pytest.raises(UserError, match=f"{kind}.*k = {k:g}.*not converged at cutoff = {cutoff:g}"):
        couplings(8, kind, k, cutoff)


@pytest.mark.parametrize("kind", KINDS)
def test_a_range_that_is_accepted_has_converged(kind):
    """The bound looks at 1.5 cutoffs only; a tenfold cutoff agrees, too."""
    for k in (0.1, 0.2, 1.0):
        near, far = couplings(8, kind, k, 64), couplings(8, kind, k, 640)
        assert np.abs(near - far).max() <= 1.1 * interactions.CONVERGED * near.max()


@pytest.mark.parametrize("cutoff", [0.0, -3.0, 1e9, np.inf, np.nan])
def test_absurd_cutoffs_are_refused_at_once(cutoff):
    with pytest.raises(UserError, match=r"cutoff = .*allowed is 1 to 1000"):
        couplings(8, "coulomb", 1.0, cutoff)


@pytest.mark.parametrize("k", [0.0, -1.0, 1e4, np.inf, np.nan])
def test_absurd_screening_is_refused(k):
    with pytest.raises(UserError, match=r"k = .*allowed is 0 < k <= 100"):
        couplings(8, "sinusoidal", k, 64)


def test_potts_energies_of_simple_states():
    size, sites = 8, 64
    row, column = np.indices((size, size))
    assert potts_energy(np.full((1, size, size), 0.7))[0] == pytest.approx(2 * sites)
    assert potts_energy(((row + column) % 2)[None] * pi / 2)[0] == pytest.approx(0.0, abs=1e-12)
    assert potts_energy((column % 2)[None] * pi / 3)[0] == pytest.approx(sites * (1 + 0.5))
    wave = potts_energy(2 * pi * column[None] / size)[0]
    assert wave == pytest.approx(sites * (1 + cos(2 * pi / size)))
    states = spins(50, size)
    assert np.allclose(potts_energy((1 - states) * pi / 2), -ising_energy(states))


def test_potts_energy_does_not_see_a_common_rotation():
    angles = RANDOM.uniform(0, pi, (20, 8, 8))
    assert np.allclose(potts_energy(angles), potts_energy(angles + 1.234), rtol=0, atol=1e-11)
    turned = np.where(np.arange(64).reshape(8, 8) == 5, angles + 1.234, angles)
    assert np.abs(potts_energy(turned) - potts_energy(angles)).min() > 1e-6


def test_disordered_energy_of_equal_and_of_gauged_bonds_is_ising():
    """Bonds t_i t_j without frustration: the energy of s is the Ising energy of t s (Mattis model)."""
    states, gauge = spins(50, 8), spins(1, 8)[0]
    assert np.array_equal(disordered_energy(states, np.ones((2, 8, 8), np.int8)), ising_energy(states))
    bonds = np.stack([gauge * np.roll(gauge, -1, axis) for axis in (0, 1)])
    assert np.array_equal(disordered_energy(states, bonds), ising_energy(states * gauge))


def test_disorder_is_fixed_by_the_seed():
    bonds = random_bonds(8, 3)
    assert set(bonds.ravel()) == {-1, 1}
    assert np.array_equal(bonds, random_bonds(8, 3))
    assert not np.array_equal(bonds, random_bonds(8, 4))


def test_only_disorder_breaks_translations():
    states, matrix = spins(200, 8), coupling_matrix(couplings(8, "coulomb", 0.3, 64))
    shifted = np.roll(states, (3, 2), (-2, -1))
    angles = RANDOM.uniform(0, pi, (200, 8, 8))
    assert np.allclose(energy(states, matrix), energy(shifted, matrix), rtol=0, atol=1e-11)
    assert np.allclose(potts_energy(angles), potts_energy(np.roll(angles, (3, 2), (-2, -1))), rtol=0, atol=1e-11)
    bonds = random_bonds(8, 3)
    change = disordered_energy(states, bonds) - disordered_energy(shifted, bonds)
    assert np.mean(change != 0) > 0.7
    moved = np.roll(bonds, (3, 2), (-2, -1))
    assert np.array_equal(disordered_energy(states, bonds), disordered_energy(shifted, moved))


def test_speed_ledger(monkeypatch):
    """One joule off is a deviation of one joule, and everything else agrees with the naive sum."""
    monkeypatch.setattr(speed, "DURATION", 0.002)
    monkeypatch.setattr(speed, "STATES", 512)
    settings = {"kind": "sinusoidal", "k": 0.3, "cutoff": 32.0}
    folded = couplings(8, **settings)
    ledger = speed.measure(folded, settings, {"cpu": lambda s: energy(s, coupling_matrix(folded)) + 1.0}, 1)
    deviation = dict(zip(ledger["procedure"].values, ledger["deviation"].values, strict=True))
    assert deviation.pop("network") == pytest.approx(1.0)
    assert set(deviation) == {"naive image sum", "folded matrix", "Fourier transform", "incremental local field"}
    assert max(deviation.values()) < 1e-10
    rate = ledger["rate"]
    assert float(rate.sel(procedure="folded matrix") / rate.sel(procedure="naive image sum")) > 100
    assert (ledger["rate_error"] > 0).all()

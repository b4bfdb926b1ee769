"""The exact density of states against enumeration, Kaufman's formula and counting."""

from math import comb

import numpy as np
import pytest

from spinnet.density_of_states import averages, density_of_states
from spinnet.errors import UserError
from spinnet.exact import all_configurations, enumerate_lattice, kaufman
from spinnet.lattice import ising_energy


@pytest.fixture(scope="module")
def eight():
    return density_of_states(8)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_small_lattices_against_enumeration(size):
    """Also odd L, without the symmetry E -> -E, and L = 2 with its double bonds."""
    spins = all_configurations(size)
    pairs = np.stack([ising_energy(spins), spins.sum((1, 2), dtype=np.int64)], axis=1)
    values, counts = np.unique(pairs, axis=0, return_counts=True)
    density = density_of_states(size)
    for (energy, magnetization), count in zip(values, counts, strict=True):
        assert density["states"].sel(energy=energy, magnetization=magnetization) == count
    assert density["states"].sum() == len(spins)


def test_extreme_energies_of_8(eight):
    """All spins alike, all but one, all but two neighbours; and the two checkerboards."""
    by_energy = eight["states"].sum("magnetization")
    assert len(by_energy) == 63
    assert by_energy.sel(energy=-128) == 2
    assert by_energy.sel(energy=-120) == 128
    assert by_energy.sel(energy=-116) == 256
    assert eight["states"].sel(energy=-128, magnetization=64) == 1
    assert eight["states"].sel(energy=128, magnetization=0) == 2


def test_symmetries_of_8(eight):
    """g(E, M) = g(E, -M); flipping one sublattice maps E to -E, but not M."""
    counts = eight["states"].values
    by_energy = counts.sum(1)
    assert np.array_equal(counts, counts[:, ::-1])
    assert np.array_equal(by_energy, by_energy[::-1])
    assert np.array_equal(eight["energy"], -eight["energy"][::-1])


def test_every_state_of_8_is_counted_once(eight):
    """The sum over energies is a binomial coefficient for each magnetization; in all 2^64."""
    for up, column in enumerate(eight["states"].values.T):
        assert sum(map(int, column)) == comb(64, up)


def test_energy_and_specific_heat_of_8_against_kaufman(eight):
    temperatures = [0.5, 1.0, 2.0, 2.27, 3.0, 10.0]
    found, exact = averages(eight, temperatures), kaufman(8, temperatures)
    np.testing.assert_allclose(found.energy, exact.energy, rtol=1e-12)
    np.testing.assert_allclose(found.specific_heat, exact.specific_heat, rtol=1e-11)


def test_averages_of_4_against_enumeration():
    density = density_of_states(4)
    for temperature in (1.0, 2.3, 5.0):
        exact = enumerate_lattice(4, temperature)
        found = averages(density, [temperature])._asdict()
        for name, value in found.items():
            np.testing.assert_allclose(value, exact[name], rtol=1e-10)


def test_magnetization_of_random_spins(eight):
    """At infinite temperature, the line in Fig. 10 of Mills & Tamblyn; at zero temperature 1."""
    found = averages(eight, [1e-3, 1e9]).magnetization
    assert found[0] == 1.0
    assert found[1] == pytest.approx(64 * comb(64, 32) / 2**64 / 64, rel=1e-6)


@pytest.mark.parametrize("size", [1, 9])
def test_other_sizes_are_refused(size):
    with pytest.raises(UserError, match=f"size {size} was found; allowed is 2 to 8"):
        density_of_states(size)

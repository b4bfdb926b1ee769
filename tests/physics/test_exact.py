"""Exact references against each other and against known limits."""

import mpmath
import numpy as np
import pytest

from spinnet.exact import T_CRITICAL, all_configurations, enumerate_lattice, kaufman
from spinnet.lattice import ising_energy


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("temperature", [0.8, T_CRITICAL, 2.5, 10.0])
def test_kaufman_equals_enumeration(size, temperature):
    exact, states = kaufman(size, [temperature]), enumerate_lattice(size, temperature)
    sites = size * size
    entropy = -(states["probability"] @ np.log(states["probability"])) / sites
    assert exact.energy[0] == pytest.approx(states["energy"], abs=1e-12)
    assert exact.specific_heat[0] == pytest.approx(states["specific_heat"], abs=1e-10)
    assert exact.log_partition[0] == pytest.approx(states["log_partition"] / sites, abs=1e-12)
    assert exact.entropy[0] == pytest.approx(entropy, abs=1e-12)


def in_many_digits(size, k):
    """ln Z of the L x L torus at coupling k as B. Kaufman, Phys. Rev. 76, 1232 (1949), writes it."""
    half = mpmath.mpf(size) / 2
    gamma = [2 * k + mpmath.log(mpmath.tanh(k))]
    base = mpmath.cosh(2 * k) * mpmath.coth(2 * k)
    gamma += [mpmath.acosh(base - mpmath.cos(mpmath.pi * r / size)) for r in range(1, 2 * size)]
    products = [
        mpmath.fprod(2 * function(half * g) for g in gamma[first::2])
        for function in (mpmath.cosh, mpmath.sinh)
        for first in (0, 1)
    ]
    return mpmath.log(mpmath.fsum(products) / 2) + half * size * mpmath.log(2 * mpmath.sinh(2 * k))


@pytest.mark.parametrize("size", [2, 7, 16, 32])
def test_kaufman_in_floating_point_numbers_equals_many_digits(size):
    """Close to the critical temperature and far from it; derivatives by differences in 80 + L digits."""
    for temperature in (0.1, 1.0, T_CRITICAL * (1 - 1e-9), T_CRITICAL, 2.5, 50.0):
        with mpmath.workdps(80 + size):
            k = 1 / mpmath.mpf(float(temperature))
            step = mpmath.mpf(10) ** -20
            log_z, first, second = mpmath.diffs(lambda x: in_many_digits(size, x), k, 2, h=step)
            found, sites = kaufman(size, [temperature]), size * size
            assert abs(found.log_partition[0] - log_z / sites) < 1e-13
            assert abs(found.energy[0] + first / sites) < 1e-13
            assert abs(found.specific_heat[0] - k**2 * second / sites) < 5e-13
            assert abs(found.entropy[0] - (log_z - k * first) / sites) < 1e-13


def test_kaufman_published_values():
    exact = kaufman(16, [2.5, 2.269185])
    assert exact.energy == pytest.approx([-1.131318, -1.453065], abs=5e-7)
    assert exact.specific_heat[0] == pytest.approx(1.064977, abs=5e-7)
    assert exact.entropy[0] * 256 == pytest.approx(109.3819, abs=5e-5)


def test_kaufman_limits():
    """Two ground states at T -> 0, ln 2 a site at T -> infinity, dE/dT = C between."""
    size, step = 12, 1e-4
    assert kaufman(size, [0.1]).log_partition[0] == pytest.approx(20 + np.log(2) / 144, abs=1e-10)
    assert kaufman(size, [1e6]).entropy[0] == pytest.approx(np.log(2), abs=1e-9)
    e = kaufman(size, [2.4 - step, 2.4, 2.4 + step])
    assert (e.energy[2] - e.energy[0]) / (2 * step) == pytest.approx(e.specific_heat[1], rel=1e-6)


def test_kaufman_large_lattice_is_onsager():
    """Energy at the critical temperature of the infinite lattice is -sqrt(2); corrections fall as 1/L."""
    small, large = (abs(kaufman(n, [T_CRITICAL]).energy[0] + np.sqrt(2)) for n in (32, 64))
    assert large < 0.011
    assert small / large == pytest.approx(2, rel=0.01)


def test_degeneracies_of_4x4():
    energies, counts = np.unique(ising_energy(all_configurations(4)), return_counts=True)
    table = dict(zip(energies.tolist(), counts.tolist(), strict=True))
    expected = {-32: 2, -24: 32, -20: 64, -16: 424, -12: 1728, -8: 6688, -4: 13568, 0: 20524}
    assert {e: table[e] for e in expected} == expected
    assert all(table[-e] == n for e, n in expected.items())


def test_enumeration_refuses_large_lattices():
    with pytest.raises(ValueError, match="L = 5"):
        all_configurations(5)

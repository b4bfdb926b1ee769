"""Exact references for the Ising model on an L x L torus (J = 1, k_B = 1, zero field)."""

from math import comb
from typing import NamedTuple

import mpmath
import numpy as np

from spinnet.lattice import BETA_CRITICAL, ising_energy

T_CRITICAL = 1.0 / BETA_CRITICAL["square"]  # J/k_B


class Thermodynamics(NamedTuple):
    """Arrays over temperature, per site: energy [J], specific heat [k_B], entropy [k_B], ln Z."""

    energy: np.ndarray
    specific_heat: np.ndarray
    entropy: np.ndarray
    log_partition: np.ndarray


def _log_partition(size, k):
    """ln Z of the L x L torus at coupling k = J/(k_B T). Source: B. Kaufman, Phys. Rev. 76, 1232 (1949)."""
    mp = mpmath
    half = mp.mpf(size) / 2
    gamma = [2 * k + mp.log(mp.tanh(k))]  # negative above the critical temperature
    base = mp.cosh(2 * k) * mp.coth(2 * k)
    gamma += [mp.acosh(base - mp.cos(mp.pi * r / size)) for r in range(1, 2 * size)]
    odd, even = gamma[1::2], gamma[0::2]
    terms = [
        mp.fprod(2 * mp.cosh(half * g) for g in odd),
        mp.fprod(2 * mp.sinh(half * g) for g in odd),
        mp.fprod(2 * mp.cosh(half * g) for g in even),
        mp.fprod(2 * mp.sinh(half * g) for g in even),
    ]
    return mp.log(mp.fsum(terms) / 2) + half * size * mp.log(2 * mp.sinh(2 * k))


def kaufman(size, temperatures):
    """Exact thermodynamics of the L x L torus, any L >= 2, at temperatures [J/k_B]."""
    sites = size * size
    rows = []
    with mpmath.workdps(80 + size):
        for t in temperatures:
            k = 1 / mpmath.mpf(float(t))
            log_z, first, second = mpmath.diffs(lambda x: _log_partition(size, x), k, 2, h=mpmath.mpf(10) ** -20)
            energy = -first / sites
            rows.append([energy, k**2 * second / sites, log_z / sites + k * energy, log_z / sites])
    return Thermodynamics(*np.array(rows, float).T)


def all_configurations(size):
    """All 2^(L^2) configurations (states, L, L), L <= 4, int8; state n holds the bits of n, raster order."""
    if size > 4:
        raise ValueError(f"enumeration: L = {size} has 2^{size * size} states; allowed is L <= 4")
    states = np.arange(2 ** (size * size))
    bits = (states[:, None] >> np.arange(size * size)) & 1
    return (2 * bits - 1).astype(np.int8).reshape(-1, size, size)


def enumerate_lattice(size, temperature, lattice="square"):
    """Exact averages by enumeration, L <= 4: dict of probabilities (states,), ln Z, and per-site means."""
    spins = all_configurations(size)
    energy = ising_energy(spins, lattice)
    sites = size * size
    weight = np.exp(-(energy - energy.min()) / temperature)
    probability = weight / weight.sum()
    magnetization = np.abs(spins.sum(axis=(1, 2), dtype=np.int64)) / sites
    mean = probability @ energy
    return {
        "probability": probability,
        "log_partition": np.log(weight.sum()) - energy.min() / temperature,
        "energy": mean / sites,
        "specific_heat": probability @ (energy - mean) ** 2 / temperature**2 / sites,
        "magnetization": probability @ magnetization,
    }


def random_magnetization(sites):
    """Mean |m| of independent random spins on an even number of sites: the limit of infinite temperature."""
    return comb(sites, sites // 2) / 2**sites

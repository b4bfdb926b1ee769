"""Exact references for the Ising model on an L x L torus (J = 1, k_B = 1, zero field)."""

from math import comb
from typing import NamedTuple

import numpy as np

from spinnet.lattice import BETA_CRITICAL, ising_energy

T_CRITICAL = 1.0 / BETA_CRITICAL["square"]  # J/k_B


class Thermodynamics(NamedTuple):
    """Arrays over temperature, per site: energy [J], specific heat [k_B], entropy [k_B], ln Z."""

    energy: np.ndarray
    specific_heat: np.ndarray
    entropy: np.ndarray
    log_partition: np.ndarray


def _gamma(size, k):
    """gamma_r of r = 0 ... 2L - 1 and its two derivatives by k, (3, temperatures, 2L); k: (temperatures, 1).

    cosh(gamma_r) = s + 1/s - cos(pi r / L), s = sinh(2k); gamma_0 is negative above the critical temperature.  All
    is written in u = 1/s and in 1 - u and 1 - cos, which vanish at the critical temperature and for small r, so that
    no digits cancel; s, cosh and sinh are scaled by exp(-2k), so that nothing overflows.
    """
    scale, s = np.exp(-2 * k), -np.expm1(-4 * k) / 2
    u, coth = scale / s, (1 - s) / s
    low = 2 * np.sin(np.pi * np.arange(2 * size) / (2 * size)) ** 2
    above = s * (1 - u) ** 2 + scale * low
    cosh, sinh = above + scale, np.sqrt(above * (above + 2 * scale))
    with np.errstate(divide="ignore", invalid="ignore"):  # r = 0 is replaced
        slope = 2 * (1 - u**2) * (1 - s) / sinh
        rest = low * (2 * s + (2 * u - 2 + low) * scale) - s * (1 - u) ** 2 * (2 + u) * (1 + u**2)
        bend = 4 * scale / sinh * (1 - low + 2 * u**3 + cosh * rest / sinh**2)
    gamma = np.stack([2 * k + np.log(cosh + sinh), slope, bend])
    gamma[..., :1] = 2 * k + np.log(np.tanh(k)), 2 + 2 * u, -4 * coth * u
    return gamma


def _log_product(z, sign):
    """Logarithm of the product over r of exp(z_r) + sign exp(-z_r), and its derivatives; z: (3, temperatures, r)."""
    small = sign * np.exp(-2 * np.abs(z[0]))
    slope = (1 - small) / (1 + small) * np.sign(z[0])
    bend = z[2] * slope + z[1] ** 2 * 4 * small / (1 + small) ** 2
    return np.stack([np.abs(z[0]) + np.log1p(small), z[1] * slope, bend]).sum(-1)


def _log_partition(size, k):
    """ln Z of the L x L torus at couplings k = J/(k_B T) (temperatures, 1), and its derivatives: (3, temperatures).

    Source: B. Kaufman, Phys. Rev. 76, 1232 (1949).  Of her four products that with sinh(L gamma_0 / 2), which
    changes its sign at the critical temperature, is the difference of two.
    """
    z = _gamma(size, k) * size / 2
    even, odd, zero = z[..., 0::2], z[..., 1::2], z[..., 0]
    others = _log_product(even[..., 1:], -1)
    products = [_log_product(odd, 1), _log_product(odd, -1), _log_product(even, 1), others + zero, others - zero]
    value, first, second = np.stack(products, axis=1)
    weight = np.array([1, 1, 1, 1, -1])[:, None] * np.exp(value - value.max(0))
    total = weight.sum(0)
    weight /= total
    mean = (weight * first).sum(0)
    variance = (weight * (second + (first - mean) ** 2)).sum(0)
    k, rest = k[:, 0], -np.expm1(-4 * k[:, 0])  # the factor (2 sinh(2k))^(N/2) / 2
    ground = value.max(0) + np.log(total / 2) + size**2 * (k + np.log(rest) / 2)
    return ground, mean + size**2 * (2 / rest - 1), variance - 8 * size**2 * np.exp(-4 * k) / rest**2


def kaufman(size, temperatures):
    """Exact thermodynamics of the L x L torus, any L >= 2, at temperatures [J/k_B]; rounded after 12 digits or more."""
    k = 1 / np.asarray(temperatures, float)
    log_z, first, second = _log_partition(size, k[:, None]) / np.float64(size * size)
    return Thermodynamics(-first, k**2 * second, log_z - k * first, log_z)


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

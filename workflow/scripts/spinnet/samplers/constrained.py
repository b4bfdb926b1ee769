"""Exact probability of disjoint 2x2 block sums S of the Ising model, by thermodynamic integration.

p(S) = Z_S(beta) / Z(beta), where Z_S sums over the spins whose block sums are S:
ln Z_S(beta) = sum over blocks ln C(4, k) - integral_0^beta <E>_{S, b} db, k up spins in a block.
<E>_{S, b} is sampled by heat-bath updates of whole blocks at fixed S.  The walk starts at beta
from a configuration of the ensemble, which is an equilibrium state there, and goes to smaller b.
"""

import math

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.lattice import block_sums
from spinnet.rng import stream_key, uniform
from spinnet.samplers.bonds import energy_and_magnetization

NODES = 8  # Gauss-Legendre nodes of the integral over the coupling
RELAXATION, MEASUREMENT = 8, 16  # sweeps at each node

_STATES = np.array([[(n >> i) & 1 for i in range(4)] for n in range(16)], np.int8) * 2 - 1


@nb.njit
def _block_update(spins, row, column, beta, key, counter, states, weight):
    """Redraw the spins of one 2x2 block at fixed sum by heat bath."""
    size = len(spins)
    r1, c1 = row + 1, column + 1
    r2, c2 = (row + 2) % size, (column + 2) % size
    fields = (
        spins[row - 1, column] + spins[row, column - 1],
        spins[row - 1, c1] + spins[row, c2],
        spins[r2, column] + spins[r1, column - 1],
        spins[r2, c1] + spins[r1, c2],
    )
    kept = spins[row, column] + spins[row, c1] + spins[r1, column] + spins[r1, c1]
    total = 0.0
    for n in range(16):
        a, b, c, d = states[n]
        if a + b + c + d == kept:
            bonds = a * b + c * d + a * c + b * d
            bonds += a * fields[0] + b * fields[1] + c * fields[2] + d * fields[3]
            total += np.exp(beta * bonds)
        weight[n] = total
    drawn = uniform(key, counter) * total
    n = 0
    while weight[n] <= drawn:
        n += 1
    spins[row, column], spins[row, c1], spins[r1, column], spins[r1, c1] = states[n]


@kernel
def _mean_energies(spins, couplings, keys, relaxation, measurement, states):
    """(nodes, configurations) mean energies [J] at fixed block sums; `spins` (.., L, L) are walked in place."""
    size = spins.shape[1]
    result = np.zeros((len(couplings), len(spins)))
    weight = np.empty(16)
    for i in range(len(spins)):
        counter = 0
        for node in range(len(couplings)):
            for sweep in range(relaxation + measurement):
                for row in range(0, size, 2):
                    for column in range(0, size, 2):
                        _block_update(spins[i], row, column, couplings[node], keys[i], counter, states, weight)
                        counter += 1
                if sweep >= relaxation:
                    result[node, i] += energy_and_magnetization(spins[i])[0] / measurement
    return result


def log_block_weight(spins, temperature, seed, *names):
    """ln Z_S (configurations,) of the stride-2 block sums of `spins` (configurations, L, L), L even.

    Unbiased but for the quadrature (below 1e-6 at T >= 1); the Monte Carlo noise of each
    configuration is independent.  `spins` must be equilibrium states at `temperature`.
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    couplings = (nodes[::-1] + 1) / (2 * temperature)  # from the given states' temperature upwards
    keys = np.array([stream_key(seed, *names, i) for i in range(len(spins))])
    energies = _mean_energies(spins.copy(), couplings, keys, RELAXATION, MEASUREMENT, _STATES)
    ups = (block_sums(spins, 2) + 4) // 2
    multiplicity = np.array([math.log(math.comb(4, k)) for k in range(5)])[ups].sum(axis=(1, 2))
    return multiplicity - weights[::-1] @ energies / (2 * temperature)

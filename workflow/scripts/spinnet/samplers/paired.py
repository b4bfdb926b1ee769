"""Metropolis chains with any function of configurations as Hamiltonian, e.g. a network, all advanced together.

Their random numbers are those of `samplers.lookup`.
"""

import numba as nb
import numpy as np

from spinnet.rng import GAMMA
from spinnet.samplers.lookup import hot, propose

LOG_SLOTS = 20  # 2 x 8 MB for the energies of states met before


def unpack(states, size):
    """Spins (n, L, L) int8 of state numbers (n,), L <= 8."""
    octets = np.ascontiguousarray(states, "<u8").view(np.uint8).reshape(-1, 8)
    bits = np.unpackbits(octets, axis=-1, count=size * size, bitorder="little").view(np.int8)
    return (2 * bits - 1).reshape(-1, size, size)


def remembering(energy, size):
    """Function (n,) state numbers -> (n,) energies that calls `energy` once for each state it has no record of.

    energy: function (m, L, L) int8 -> (m,) [J].  A record is lost when another state takes its slot.
    """
    known = np.zeros(2**LOG_SLOTS, np.uint64)
    record = np.full(2**LOG_SLOTS, np.nan)  # NaN: empty

    def look_up(states):
        slots = (states * GAMMA) >> np.uint64(64 - LOG_SLOTS)
        energies = np.where(known[slots] == states, record[slots], np.nan)
        missing = np.isnan(energies)
        if missing.any():
            new, where = np.unique(states[missing], return_inverse=True)
            found = np.asarray(energy(unpack(new, size)), float)
            energies[missing] = found[where]
            slots = (new * GAMMA) >> np.uint64(64 - LOG_SLOTS)
            known[slots], record[slots] = new, found
        return energies

    return look_up


@nb.njit(cache=True)
def _propose(states, keys, counter, sites):
    """Proposals (n,) uint64 and acceptance numbers (n,) of all chains."""
    proposed, u = np.empty_like(states), np.empty(len(states))
    for n in range(len(states)):
        proposed[n], u[n] = propose(states[n], keys[n], counter, sites)
    return proposed, u


def sweeps(energy, size, schedule, keys):
    """Yield states (n,) uint64 and energies (n,) [J] of n chains with hot starts, after each sweep.

    energy: function (m, L, L) int8 -> (m,) [J], L <= 8, of the state alone; batches vary in size.
    schedule: temperatures (n,) [J/k_B] for each sweep.  keys: (n,), see `lookup.keys`.
    """
    sites = size * size
    look_up = remembering(energy, size)
    states = hot(keys, sites)
    energies = look_up(states)
    for number, temperatures in enumerate(schedule):
        for step in range(sites):
            proposed, u = _propose(states, keys, 1 + number * sites + step, sites)
            new = look_up(proposed)
            accepted = u < np.exp(np.minimum(energies - new, 0.0) / temperatures)
            states, energies = np.where(accepted, proposed, states), np.where(accepted, new, energies)
        yield states, energies

"""Metropolis chains with any function of configurations as Hamiltonian, e.g. a network, all advanced together.

Their random numbers are those of `samplers.lookup`.
"""

from itertools import islice

import numpy as np

from spinnet.compiled import kernel
from spinnet.rng import GAMMA
from spinnet.samplers.lookup import hot, propose

LOG_SLOTS = 20  # 2 x 8 MB for the energies of states met before


def unpack(states, size):
    """Spins (n, L, L) int8 of state numbers (n,), L <= 8."""
    octets = np.ascontiguousarray(states, "<u8").view(np.uint8).reshape(-1, 8)
    bits = np.unpackbits(octets, axis=-1, count=size * size, bitorder="little").view(np.int8)
    return (2 * bits - 1).reshape(-1, size, size)


def remembering(energy, size, state=None):
    """Function (n,) state numbers -> (n,) energies that calls `energy` once for each state it has no record of.

    energy: function (m, L, L) int8 -> (m,) [J].  A record is lost when another state takes its slot.
    state: a dict that holds the records.
    """
    state = {} if state is None else state
    known = state.setdefault("known", np.zeros(2**LOG_SLOTS, np.uint64))
    record = state.setdefault("record", np.full(2**LOG_SLOTS, np.nan))  # NaN: empty

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


@kernel
def _propose(states, keys, counter, sites):
    """Proposals (n,) uint64 and acceptance numbers (n,) of all chains."""
    proposed, u = np.empty_like(states), np.empty(len(states))
    for n in range(len(states)):
        proposed[n], u[n] = propose(states[n], keys[n], counter, sites)
    return proposed, u


def sweeps(energy, size, schedule, keys, state=None):
    """Yield states (n,) uint64 and energies (n,) [J] of n chains with hot starts, after each sweep.

    energy: function (m, L, L) int8 -> (m,) [J], L <= 8, of the state alone; batches vary in size.
    schedule: temperatures (n,) [J/k_B] for each sweep.  keys: (n,), see `lookup.keys`.
    state: as in `lookup.sweeps`; the records of energies are part of it, as a batch of other states may change the
    last bits of an energy.
    """
    sites, state = size * size, {} if state is None else state
    look_up = remembering(energy, size, state)
    if "states" not in state:
        states = hot(keys, sites)
        state |= {"number": 0, "states": states, "energies": look_up(states)}
    states, energies = state["states"], state["energies"]
    for number, temperatures in enumerate(islice(schedule, state["number"], None), state["number"]):
        for step in range(sites):
            proposed, u = _propose(states, keys, 1 + number * sites + step, sites)
            new = look_up(proposed)
            accepted = u < np.exp(np.minimum(energies - new, 0.0) / temperatures)
            states, energies = np.where(accepted, proposed, states), np.where(accepted, new, energies)
        state |= {"number": number + 1, "states": states, "energies": energies}
        yield states, energies

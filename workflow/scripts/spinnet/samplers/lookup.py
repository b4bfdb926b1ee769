"""Metropolis chains on the numbers of states, with a table of energies as Hamiltonian.

The number of a state has bit b = (spin of raster site b + 1)/2, as in `exact.all_configurations`.
The n-th proposal of a chain takes the n-th number of its stream alone, so that chains of several
Hamiltonians with the same keys start alike and use the same random numbers.
"""

from itertools import islice

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.rng import random_bits, stream_key, uniform


def keys(seed, purpose, size, temperatures, chains):
    """(temperatures * chains,) uint64 keys of the streams, the chains of one temperature in sequence."""
    streams = [(float(t), c) for t in temperatures for c in range(chains)]
    return np.array([stream_key(seed, purpose, int(size), *stream) for stream in streams])


@kernel
def hot(keys, sites):
    """(n,) uint64 random states of up to 64 sites, number 0 of each stream."""
    states = np.empty(len(keys), np.uint64)
    for n in range(len(keys)):
        states[n] = random_bits(keys[n], 0) >> np.uint64(64 - sites)
    return states


@nb.njit(inline="always")
def propose(state, key, counter, sites):
    """`state` with one random spin flipped, and a number uniform in [0, 1), both from one number of the stream."""
    x = uniform(key, counter) * sites
    site = np.int64(x)
    return state ^ (np.uint64(1) << np.uint64(site)), x - site


@kernel
def _sweep(table, temperatures, keys, counter, sites, states):
    """Advance each state by `sites` proposals, in place; `counter` is that of the first."""
    for n in range(len(states)):
        state, key, temperature = states[n], keys[n], temperatures[n]
        energy = table[state]
        for step in range(sites):
            proposed, u = propose(state, key, counter + step, sites)
            new = table[proposed]
            if new <= energy or u < np.exp((energy - new) / temperature):
                state, energy = proposed, new
        states[n] = state


def sweeps(table, schedule, keys, state=None):
    """Yield states (n,) uint64 and energies (n,) [J] of n chains with hot starts, after each sweep.

    table: (2^N,) energies [J] of all states.  schedule: temperatures (n,) [J/k_B] for each sweep.  keys: (n,).
    state: a dict that is kept up to date with all that the chains need to go on; from an empty one they begin.
    """
    sites, state = len(table).bit_length() - 1, {} if state is None else state
    first, states = state.get("number", 0), state.setdefault("states", hot(keys, sites))
    for number, temperatures in enumerate(islice(schedule, first, None), first):
        _sweep(table, temperatures, keys, 1 + number * sites, sites, states)
        state["number"] = number + 1
        yield states.copy(), table[states]

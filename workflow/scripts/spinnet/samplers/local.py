"""Metropolis chains of a translation-invariant learned Hamiltonian, H = -T0 w with w of `models.local`.

The target at temperature T is exp(w T0/T).  A flip changes the indices of the n+1 sites in whose
windows the spin stands, so its cost does not depend on the size of the lattice.  `LANES` independent
chains advance together as the innermost loop; all numbers of a chain depend on that chain alone.
"""

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.models.local import holders, indices, offsets, signed_table, smallest_size
from spinnet.rng import random_bits
from spinnet.samplers.neural import LANES


@nb.njit
def _gain(table, state, around, site, out):
    """out (LANES,) = change of w if the spin of `site` flips; around: (n+1, sites) sites whose index it is part of."""
    out[:] = 0.0
    for b in range(len(around)):
        first, bit = around[b, site] * LANES, np.int32(1 << b)
        index = state[first : first + LANES]
        for c in range(LANES):
            i = index[c]
            out[c] += table[i ^ bit] - table[i]


@nb.njit
def _decide(keys, counter, ratio, gain, left_out, site, accepted):
    """Metropolis: 1 where the flip of `site` is accepted with min(1, exp(ratio * gain)), else 0."""
    for c in range(LANES):
        u = (random_bits(keys[c], counter) >> np.uint64(32)) * (1.0 / 4294967296.0)
        accepted[c] = (gain[c] >= 0.0 or u < np.exp(ratio[c] * gain[c])) and site != left_out[c]


@nb.njit
def _flip(state, around, site, accepted):
    """Flip the spin of `site` in the accepted lanes, in the indices of all sites that it is part of."""
    for b in range(len(around)):
        first = around[b, site] * LANES
        index = state[first : first + LANES]
        for c in range(LANES):
            index[c] ^= accepted[c] << b


@kernel
def _sweep(table, state, around, keys, number, ratio):
    """One sweep of every lane, the `number`-th of the chains, in place; returns w and accepted flips (LANES,).

    One site of each chain, drawn at random, is left out: see `metropolis.sweep`.
    """
    sites = around.shape[1]
    first = number * (sites + 1)
    gain, weight = np.zeros(LANES, np.float32), np.zeros(LANES)
    accepted, accepts, left_out = np.zeros(LANES, np.int32), np.zeros(LANES, np.int64), np.zeros(LANES, np.int64)
    for c in range(LANES):
        left_out[c] = ((random_bits(keys[c], first) >> np.uint64(32)) * np.uint64(sites)) >> np.uint64(32)
    for site in range(sites):
        _gain(table, state, around, site, gain)
        _decide(keys, first + 1 + site, ratio, gain, left_out, site, accepted)
        _flip(state, around, site, accepted)
        accepts += accepted
    for i in range(sites * LANES):
        weight[i % LANES] += table[state[i]]
    return weight, accepts


class LocalChains:
    """Independent Metropolis chains of a learned Hamiltonian on a lattice of any size, in blocks of `LANES`.

    arrays, header: a model file of architecture "local".  spins: (chains, L, L) +-1.  keys: (chains,)
    uint64 stream keys, one a chain.  ValueError if L is smaller than the square around a site.
    """

    def __init__(self, arrays, header, spins, keys):
        self._size, reach = spins.shape[1], header["window"]
        if self._size < smallest_size(reach):
            raise ValueError(f"L = {self._size}: a window of range {reach} needs L >= {smallest_size(reach)}")
        self._bits = len(offsets(reach))
        self._lay_out(indices(spins > 0, reach).reshape(len(spins), -1), np.asarray(keys, np.uint64))
        self._table, self._around = signed_table(np.asarray(arrays["field"], np.float32)), holders(self._size, reach)
        self._number = 0

    def _lay_out(self, states, keys):
        """Arrays in blocks, of states (chains, sites) and keys (chains,)."""
        self._chains = len(states)
        take = np.arange(-(-self._chains // LANES) * LANES) % self._chains  # the last block repeats chains to be full
        blocks = states[take].reshape(-1, LANES, self._size**2)
        self._state = np.ascontiguousarray(blocks.swapaxes(1, 2)).reshape(len(blocks), -1)
        self._take, self._keys = take, keys[take].reshape(-1, LANES)

    def _states(self):
        """(chains, sites), each as in `indices`."""
        blocks = self._state.reshape(-1, self._size**2, LANES).swapaxes(1, 2)
        return blocks.reshape(-1, self._size**2)[: self._chains]

    def keep(self, kept):
        """Go on with some of the chains, `kept` (chains,) bool; their results stay the same."""
        self._lay_out(self._states()[kept], self._keys.ravel()[: self._chains][kept])

    @property
    def spins(self):
        """(chains, L, L) int8."""
        up = (self._states() >> self._bits).reshape(-1, self._size, self._size)
        return (2 * up - 1).astype(np.int8)

    @property
    def state(self):
        """Copies of all that changes from sweep to sweep; to be set, to go on from there."""
        return self._state.copy(), self._number

    @state.setter
    def state(self, state):
        self._state[:], self._number = state

    def sweep(self, ratio):
        """One sweep at exp(w ratio), ratio = T0/T a chain; returns w [nats] and acceptance rate (chains,)."""
        ratio = np.asarray(ratio, float)[self._take].reshape(-1, LANES)
        results = [
            _sweep(self._table, s, self._around, k, self._number, r)
            for s, k, r in zip(self._state, self._keys, ratio, strict=True)
        ]
        self._number += 1
        weight, accepts = (np.concatenate(a)[: self._chains] for a in zip(*results, strict=True))
        return weight, accepts / self._size**2

"""Chains of the exact Ising Hamiltonian: recorded series and thinned ensembles."""

import numba as nb
import numpy as np

from spinnet.errors import UserError
from spinnet.lattice import energy_and_magnetization
from spinnet.rng import generator, stream_key
from spinnet.samplers import metropolis, wolff
from spinnet.statistics import autocorrelation_time

PILOT = 128  # updates of the first pilot run; doubled until it spans 50 autocorrelation times


@nb.njit(cache=True)
def _record(use_wolff, spins, beta, keys, counters, every, energy, magnetization, kept):
    """Advance each chain by `every` updates before each record; spins and counters in place."""
    table = wolff.neighbours(spins.shape[1])
    for chain in range(len(spins)):
        counter = counters[chain]
        for n in range(energy.shape[1]):
            for _ in range(every):
                if use_wolff:
                    counter = wolff.cluster(spins[chain], beta, keys[chain], counter, table)
                else:
                    counter = metropolis.sweep(spins[chain], beta, keys[chain], counter)
            energy[chain, n], magnetization[chain, n] = energy_and_magnetization(spins[chain])
            if len(kept) > 0:
                kept[chain, n] = spins[chain]
        counters[chain] = counter


class IsingChains:
    """Independent chains at one temperature.

    sampler: "metropolis" (an update is a sweep) or "wolff" (an update is one cluster).
    Chains start alternately hot (random) and cold (aligned, sign at random); `names` name the
    random streams.
    """

    def __init__(self, sampler, size, temperature, chains, seed, *names):
        self._use_wolff, self._beta = sampler == "wolff", 1.0 / temperature
        random = generator(seed, *names, "start")
        self.spins = 1 - 2 * random.integers(0, 2, (chains, size, size), np.int8)
        self.spins[1::2] = self.spins[1::2, :1, :1]
        self._keys = np.array([stream_key(seed, *names, "chain", c) for c in range(chains)])
        self._counters = np.zeros(chains, np.int64)

    def record(self, records, every, keep=False):
        """Energies [J] and magnetizations (chains, records), totals; and the spins if `keep`."""
        chains, size, _ = self.spins.shape
        energy, magnetization = np.empty((2, chains, records), np.int64)
        kept = np.empty((chains if keep else 0, records, size, size), np.int8)
        _record(
            self._use_wolff, self.spins, self._beta, self._keys, self._counters, every,
            energy, magnetization, kept,
        )  # fmt: skip
        return energy, magnetization, kept

    def equilibrate(self):
        """Run until the chains span 50 integrated autocorrelation times; returns that time [updates].

        The larger one of energy and |magnetization|, from the second half of the last run, plus
        its standard error.  Raises UserError if 2^20 updates do not suffice.
        """
        updates = PILOT
        while updates <= 2**20:
            energy, magnetization, _ = self.record(updates, 1)
            half = updates // 2
            tau = max(sum(autocorrelation_time(x[:, half:])) for x in (energy, np.abs(magnetization)))
            if half >= 50 * tau:
                return tau
            updates *= 2
        raise UserError(
            f"the chains at beta = {self._beta:.6g} did not decorrelate in 2^20 updates; "
            "use the wolff sampler or a smaller lattice"
        )

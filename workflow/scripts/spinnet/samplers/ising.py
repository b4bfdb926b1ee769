"""Chains of the exact Hamiltonian, Ising or of other interactions: recorded series and thinned ensembles."""

import numpy as np

from spinnet.checkpoint import NONE
from spinnet.compiled import kernel
from spinnet.errors import UserError
from spinnet.interactions import ISING, is_even
from spinnet.lattice import BONDS
from spinnet.rng import generator, stream_key
from spinnet.samplers import metropolis, multispin, recording, table, wolff
from spinnet.samplers.bonds import copy, energy_and_magnetization, neighbours
from spinnet.statistics import autocorrelation_time

PILOT = 128  # updates of the first pilot run; doubled until it spans 50 autocorrelation times
LONGEST = 2048  # records of a pilot run; longer ones are recorded every so many updates


@kernel
def _record(use_wolff, offsets, beta, spins, keys, counters, every, energy, magnetization, kept):
    """Advance each chain by `every` updates before each record; spins and counters in place."""
    table = neighbours(spins.shape[1], offsets)
    for chain in range(len(spins)):
        counter = counters[chain]
        for n in range(energy.shape[1]):
            for _ in range(every):
                if use_wolff:
                    counter, _ = wolff.cluster(spins[chain], beta, keys[chain], counter, offsets, table)
                else:
                    counter = metropolis.sweep(spins[chain], beta, keys[chain], counter)
            energy[chain, n], magnetization[chain, n] = energy_and_magnetization(spins[chain], offsets)
            if len(kept) > 0:
                copy(spins[chain], kept[chain, n])
        counters[chain] = counter


def start(size, chains, seed, *names):
    """Spins (chains, L, L), alternately hot (random) and cold (aligned, sign at random), and stream keys."""
    random = generator(seed, *names, "start")
    spins = 1 - 2 * random.integers(0, 2, (chains, size, size), np.int8)
    spins[1::2] = spins[1::2, :1, :1]
    return spins, np.array([stream_key(seed, *names, "chain", c) for c in range(chains)])


class IsingChains(recording.Chains):
    """Independent chains at one temperature, from the configurations of `start`.

    sampler: "metropolis" (an update is a sweep), "multispin" (the same for 64 chains at once), or "wolff" (an
    update is one cluster).  `names` name the random streams.  lattice: a name of `BONDS`.  interactions: {term:
    strength [J]} as in `interactions.energy`; others than Ising's need sampler "metropolis", the square lattice
    and terms within a plaquette.  ValueError if the sampler cannot do it.
    """

    def __init__(self, sampler, size, temperature, chains, seed, *names, lattice="square", interactions=ISING):
        if sampler != "wolff" and lattice != "square":
            raise ValueError(f"sampler {sampler} on the {lattice} lattice; allowed is wolff")
        self._tables = None
        if interactions != ISING:
            if sampler != "metropolis":
                raise ValueError(f"sampler {sampler} with the interactions {interactions}; allowed is metropolis")
            accept = np.exp(np.minimum(-table.flip_energies(interactions) / temperature, 0.0))
            self._tables = accept, table.plaquette_energies(interactions), is_even(interactions)
        self._observe = np.abs if is_even(interactions) else np.array
        self._sampler, self._beta, self._offsets = sampler, 1.0 / temperature, BONDS[lattice]
        self.spins, self._keys = start(size, chains, seed, *names)
        self._counters = np.zeros(chains, np.int64)

    def record(self, records, every, keep=False, checkpoint=NONE):
        """Energies [J] and magnetizations (chains, records), totals; and the spins if `keep`.

        Energies are int64 for Ising's interactions, else float64.
        """
        step = recording.step(self.spins, every)
        return recording.record(
            self._empty(records, keep), self, lambda n: self._advance(n, every, keep), step, checkpoint=checkpoint
        )

    def _empty(self, records, keep):
        """Arrays for `records` records of every chain."""
        chains, size, _ = self.spins.shape
        energy = np.empty((chains, records), np.float64 if self._tables else np.int64)
        magnetization = np.empty((chains, records), np.int64)
        return energy, magnetization, np.empty((chains if keep else 0, records, size, size), np.int8)

    def _advance(self, records, every, keep):
        """The next records."""
        energy, magnetization, kept = self._empty(records, keep)
        state = self.spins, self._keys, self._counters, every, energy, magnetization, kept
        if self._tables:
            table.record(*self._tables, *state)
        elif self._sampler == "multispin":
            multispin.record(self._beta, *state)
        else:
            _record(self._sampler == "wolff", self._offsets, self._beta, *state)
        return energy, magnetization, kept

    def equilibrate(self, checkpoint=NONE):
        """Run until the chains span 50 integrated autocorrelation times; returns that time [updates].

        The larger one of energy and |magnetization|, or magnetization where a flip of all spins costs energy, from
        the second half of the last run, plus its standard error.  Raises UserError if 2^20 updates do not suffice.
        """
        tau, self.state = checkpoint.once("equilibration", lambda part: (self._equilibrate(part), self.state))
        return tau

    def _equilibrate(self, checkpoint):
        updates, self.state = checkpoint.restore() or (PILOT, self.state)
        while updates <= 2**20:
            every = max(1, updates // LONGEST)
            energy, magnetization, _ = self.record(updates // every, every, checkpoint=checkpoint.part("pilot run"))
            half = updates // every // 2
            tau = max(sum(autocorrelation_time(x[:, half:])) for x in (energy, self._observe(magnetization)))
            if half >= 50 * tau:
                return every * tau
            updates *= 2
            checkpoint.save((updates, self.state))
        raise UserError(
            f"the chains at beta = {self._beta:.6g} did not decorrelate in 2^20 updates; "
            "use the wolff sampler or a smaller lattice"
        )

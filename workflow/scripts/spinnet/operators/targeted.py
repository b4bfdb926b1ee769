"""Data sets flat in energy, from targeted sampling, split by the hash of the state."""

import numpy as np

from spinnet.errors import UserError
from spinnet.lattice import ising_energy
from spinnet.operators.levels import levels
from spinnet.operators.split import in_test
from spinnet.rng import generator, stream_key
from spinnet.samplers.targeted import acceptance, climb

CHAINS = 32
RECORDS = 1024  # of each chain between looks at the quotas
PARTS = ("train", "test")


class Quotas:
    """Counts how many configurations each level and part still takes, first come first served."""

    def __init__(self, known, quota):
        self.levels, self.quota = known, np.array(quota)
        self.taken = np.zeros((len(known), len(PARTS)), np.int64)

    def wanted(self, energies):
        """(n,) bool: which energies [J] belong to levels that are not full yet."""
        return np.isin(energies, self.levels[(self.taken < self.quota).any(1)])

    def admit(self, energies, parts):
        """(n,) bool: which of the records are taken."""
        admitted = np.zeros(len(energies), bool)
        for i, energy in enumerate(self.levels):
            for part in range(len(PARTS)):
                rows = np.flatnonzero((energies == energy) & (parts == part))
                rows = rows[: self.quota[part] - self.taken[i, part]]
                admitted[rows] = True
                self.taken[i, part] += len(rows)
        return admitted

    def unfilled(self):
        """(n, 2) indices of level and part that lack examples; parts that the hash gives no state of a level do not."""
        full = self.taken >= self.quota
        elsewhere = (full & (self.quota > 0)).any(1, keepdims=True)
        return np.argwhere(~full & ~((self.taken == 0) & elsewhere))

    def lacking(self):
        """[(energy, part name)] of the levels without a single example in a part that asks for some."""
        empty = (self.taken == 0) & (self.quota > 0)
        return [(int(self.levels[i]), PARTS[p]) for i, p in np.argwhere(empty)]


def sample(settings, targets=None):
    """States (n, L, L) int8, energies (n,) float64 [J] and parts (n,) of a data set flat in energy, shuffled.

    settings: seed, name, size, width [J], interval [sweeps], train and test (configurations of each
    level), test_fraction, most (records before giving up).  targets: energies [J], the levels of L x L unless given.
    Raises UserError if a target is not reached, or if training lacks a level altogether.
    """
    size, name, seed = settings["size"], settings["name"], settings["seed"]
    targets = levels(size) if targets is None else np.asarray(targets)
    quotas = Quotas(targets, (settings["train"], settings["test"]))
    keys = np.array([stream_key(seed, "targeted", name, c) for c in range(CHAINS)])
    spins = 1 - 2 * generator(seed, "targeted", name, "start").integers(0, 2, (CHAINS, size, size), np.int8)
    energies, counters = ising_energy(spins), np.zeros(CHAINS, np.int64)
    accept = acceptance(size, targets, settings["width"])
    steps = np.arange(CHAINS) * 2 * len(targets) // CHAINS
    kept = np.empty((CHAINS, RECORDS, size, size), np.int8)
    kept_energy = np.empty((CHAINS, RECORDS), np.int64)
    found, records = [], 0
    while len(unfilled := quotas.unfilled()):
        if records >= settings["most"]:
            _give_up(quotas, *unfilled[0], settings, records)
        aims = _aims(steps, targets)
        climb(spins, energies, accept, steps, settings["interval"], keys, counters, kept, kept_energy)
        wanted = (kept_energy == aims).ravel() & quotas.wanted(kept_energy.ravel())
        states, values = kept.reshape(-1, size, size)[wanted], kept_energy.ravel()[wanted]
        parts = in_test(states, settings["test_fraction"]) if settings["test"] else np.zeros(len(states), bool)
        rows = quotas.admit(values, parts)
        found.append((states[rows], values[rows].astype(float), parts[rows]))
        records += len(wanted)
    _report(quotas, size)
    order = generator(seed, "targeted", name, "shuffle").permutation(sum(len(f[1]) for f in found))
    states, values, parts = (np.concatenate(x)[order] for x in zip(*found, strict=True))
    return states, values, np.array(PARTS)[parts.astype(int)]


def _aims(steps, targets):
    """Target energies (chains, RECORDS) [J] of the next records of `climb`.

    Only records at their target are used: a chain that falls behind the target, as in a stripe of the
    ground state, would else prefer the states that it is slow to leave.
    """
    step = (steps[:, None] + np.arange(RECORDS)) % (2 * len(targets))
    return targets[np.minimum(step, 2 * len(targets) - 1 - step)]


def _give_up(quotas, i, part, settings, records):
    raise UserError(
        f"targeted sampling {settings['name']}, L = {settings['size']}: the target energy {quotas.levels[i]} J has "
        f"{quotas.taken[i, part]} of {quotas.quota[part]} examples for the part {PARTS[part]!r} after {records} "
        "records; it cannot be reached, or only with other operators.targeted.width and .interval"
    )


def _report(quotas, size):
    for energy, part in quotas.lacking():
        if part == "train":
            raise UserError(
                f"data set of L = {size}: the class E = {energy} J has no example to train on: the hash puts all its "
                "states into the test part; change operators.test_fraction"
            )
        print(f"warning: the class E = {energy} J has no state in the {part} part; all that were met are in the other")

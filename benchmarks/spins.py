"""Samplers of the Ising model at the critical point: attempts, clusters, and what a decorrelated sample costs."""

import numpy as np
from measure import row, seconds

from spinnet.exact import T_CRITICAL
from spinnet.samplers import metropolis, multispin
from spinnet.samplers.ising import IsingChains
from spinnet.statistics import autocorrelation_time

SIZES, SCALING = (16, 32, 64, 128), (8, 16, 32, 64, 128)
WORDS, ATTEMPTS = 64, 2**22
CHAINS, CLUSTERS = 4, 3000
RECORDS = 4000  # of each chain, for autocorrelation times


def attempts():
    """Rows of attempted flips per ns: many replicas at once, and one chain in a plain loop."""
    rows = []
    for size in SIZES:
        state = np.random.default_rng(0).integers(0, 2**64, (size, size, WORDS), np.uint64)
        masks, keys = multispin.acceptance_masks(1 / T_CRITICAL), np.arange(1, WORDS + 1).astype(np.uint64)
        number = max(1, ATTEMPTS // (size**2 * WORDS))
        time = seconds(lambda s=state, n=number, m=masks, k=keys: multispin.sweeps(s, m, k, 0, n))
        rows.append(row("Metropolis", size, "multispin", "", number * state.size * 64 / time / 1e9, "attempts/ns"))
        spins, number = np.ones((size, size), np.int8), max(1, ATTEMPTS // size**2)
        time = seconds(lambda s=spins, n=number: plain(s, n))
        rows.append(row("Metropolis", size, "plain loop", "", number * size**2 / time / 1e9, "attempts/ns"))
    return rows


def plain(spins, number):
    """Sweeps of the reference kernel."""
    for n in range(number):
        metropolis.sweep(spins, 1 / T_CRITICAL, np.uint64(1), n * (spins.size + 2))


def clusters():
    """Rows of the time of a Wolff cluster [us]."""
    rows = []
    for size in SIZES:
        chains = IsingChains("wolff", size, T_CRITICAL, CHAINS, 0, "benchmark")
        chains.spins[:] = 1  # random starts bias large lattices for hundreds of clusters
        chains.record(1, 500)
        time = seconds(lambda c=chains: c.record(1, CLUSTERS)) / (CHAINS * CLUSTERS)
        rows.append(row("Wolff", size, "this project", "", 1e6 * time, "us/cluster"))
    return rows


def decorrelated():
    """Rows of the time of a decorrelated sample [us]: 2 tau_int updates, energy and |m|, the larger tau."""
    rows = []
    for sampler, chains, sizes in (("multispin", 64 * WORDS, SCALING[:4]), ("wolff", 16, SCALING)):
        for size in sizes:
            walkers = IsingChains(sampler, size, T_CRITICAL, chains, 0, "benchmark")
            walkers.spins[:] = 1
            burn_in = size**2 if sampler == "multispin" else 500
            walkers.record(1, burn_in)
            every = max(1, size**2 // 100) if sampler == "multispin" else 1
            tau = every * _time(walkers, min(RECORDS, 400000 // chains), every)
            update = seconds(lambda w=walkers: w.record(1, 50)) / (50 * chains)
            rows.append(row("decorrelated sample", size, sampler, "", 2e6 * tau * update, "us"))
    return rows


def _time(walkers, records, every):
    energy, magnetization, _ = walkers.record(records, every)
    return max(autocorrelation_time(x[:64].astype(float))[0] for x in (energy, np.abs(magnetization)))

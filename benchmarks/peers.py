"""Speed of peer packages on the square-lattice Ising model at the critical point, one thread.

Runs in an environment of its own (benchmarks/requirements-peers.lock) and prints one CSV line a measurement:
package, version, kernel, L, value, unit.  An energy a spin off Onsager's by more than finite size
and statistics allow is an error.  Left out: single-spin steps of ising-rs (one attempt a call, so
a time of Python) and clusters of peapods (only together with a Metropolis sweep).
"""

import os

os.environ["RAYON_NUM_THREADS"] = "1"

import time
from importlib.metadata import version

import numpy as np
from isingmodel import Lattice
from mcising._core import IsingSimulation
from peapods import Ising

SIZES, REPEATS = (16, 32, 64, 128), 5
CLUSTERS, ATTEMPTS = 2000, 2**23  # in one timed run
T_CRITICAL = 2 / np.log(1 + np.sqrt(2))


def seconds(run):
    """Median wall time of run(), which returns an energy a spin, and the mean of these; one run warms up."""
    run()
    times, energies = [], []
    for _ in range(REPEATS):
        start = time.perf_counter()
        energies.append(run())
        times.append(time.perf_counter() - start)
    return float(np.median(times)), float(np.mean(energies))


def mcising(algorithm, size, updates):
    simulation = IsingSimulation(size, 1.0, 0.0, 0.0, 0.0, 7, algorithm)

    def run():
        simulation.sweep(updates, temperature=T_CRITICAL)
        return simulation.energy()

    return run


def peapods(size, sweeps):
    model = Ising((size, size), temperatures=np.array([T_CRITICAL]))

    def run():
        model.sample(sweeps, sequential=True)
        return -float(model.get_energies()[0])  # its sign is the other one

    return run


def ising_rs(size, clusters):
    lattice = Lattice(size, size, T_CRITICAL, 0.0)

    def run():
        for _ in range(clusters):
            lattice.wolff_step()
        return lattice.get_energy() / size**2

    return run


def report(package, kernel, size, run, updates):
    time_, energy = seconds(run)
    if not abs(energy + np.sqrt(2)) < 0.25:
        raise RuntimeError(f"{package}, {kernel}, L = {size}: energy a spin {energy:.3f} instead of -1.41")
    metropolis = kernel == "Metropolis"
    value, unit = (
        (updates * size**2 / time_ / 1e9, "attempts/ns") if metropolis else (time_ / updates * 1e6, "us/cluster")
    )
    print(package, version(package), kernel, size, f"{value:.4g}", unit, sep=",", flush=True)


def main():
    for size in SIZES:
        sweeps = ATTEMPTS // size**2
        report("mcising", "Metropolis", size, mcising("metropolis", size, sweeps), sweeps)
        report("peapods", "Metropolis", size, peapods(size, sweeps), sweeps)
        report("mcising", "Wolff", size, mcising("wolff", size, CLUSTERS), CLUSTERS)
        report("ising-rs", "Wolff", size, ising_rs(size, CLUSTERS), CLUSTERS)


if __name__ == "__main__":
    main()

"""A scan of temperatures on one core and on all: wall time, and whether the results are the same."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from measure import row

from spinnet.exact_sweep import exact_sweep

TEMPERATURES = np.linspace(1.8, 3.0, 16).tolist()
SETTINGS = {
    "seed": 0, "name": "benchmark", "size": 16, "sampler": "wolff", "chains_per_start": 16, "burn_in": 500,
    "sweeps": 16000,
}  # fmt: skip


def temperature(t):
    """|m| of the chains at one temperature."""
    return exact_sweep([t], SETTINGS, iter)["magnetization"].values


def ready(everyone):
    """Compile, and wait for the other processes."""
    temperature(TEMPERATURES[0])
    everyone.wait()


def scan():
    """Rows of the wall time [s] of a scan by one process and by one for each core. Raises ValueError if they differ."""
    cores, rows, found, spawn = os.cpu_count(), [], {}, get_context("spawn")
    for number in sorted({1, cores}):
        with ProcessPoolExecutor(number, spawn, ready, (spawn.Barrier(number),)) as pool:
            list(pool.map(int, range(number)))  # as many processes as tasks
            start = time.perf_counter()
            found[number] = np.array(list(pool.map(temperature, TEMPERATURES)))
        rows.append(row("scan", 16, f"{number} cores", "", time.perf_counter() - start, "s"))
    if not all(np.array_equal(found[1], other) for other in found.values()):
        raise ValueError("a scan on several cores differs from that on one")
    return rows

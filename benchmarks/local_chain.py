"""Cost of a proposed flip under a local learned Hamiltonian, against the size of the lattice."""

import sys
import time
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from spinnet.environment import prepare

prepare(SCRIPTS)  # before Numba is imported: vectors and threads as in the jobs

import numpy as np

from spinnet.models.local import offsets
from spinnet.samplers.local import LocalChains
from spinnet.samplers.neural import LANES

SIZES, PROPOSALS = (16, 32, 64, 128), 2**20  # proposals of a lane in a measurement


def microseconds(size, reach):
    """CPU time of a proposed flip [us], at couplings of the order of the critical ones."""
    random = np.random.default_rng(0)
    field = 0.2 * random.normal(size=1 << len(offsets(reach)))
    spins = 1 - 2 * random.integers(0, 2, (LANES, size, size), np.int8)
    chains = LocalChains({"field": field}, {"window": reach}, spins, np.arange(LANES, dtype=np.uint64))
    chains.sweep(np.ones(LANES))
    sweeps = PROPOSALS // size**2
    start = time.process_time()
    for _ in range(sweeps):
        chains.sweep(np.ones(LANES))
    return 1e6 * (time.process_time() - start) / (sweeps * size**2 * LANES)


for reach in (1, 2):
    costs = [microseconds(size, reach) for size in SIZES]
    slope = np.polyfit(np.log(SIZES), np.log(costs), 1)[0]
    listed = ", ".join(f"L = {size}: {cost:.4f}" for size, cost in zip(SIZES, costs, strict=True))
    print(f"local Hamiltonian of range {reach}, us a flip: {listed}; cost ~ L^{slope:.2f}")

"""Speed of a proposed flip under a MADE Hamiltonian: this kernel against a batched torch forward pass.

One thread, the paper's network (256-180-120-256) with random weights, without and with direct
connections, all in one run; prints CPU microseconds a proposal and their ratio.
"""

import sys
import time
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from spinnet.environment import prepare

prepare(SCRIPTS)  # before Numba is imported: vectors and threads as in the jobs

import numpy as np
import torch

from spinnet.models.made import MADE
from spinnet.rng import stream_key
from spinnet.samplers.neural import LANES, NeuralChains, chain_model, site_moves

SITES, REPEATS = 256, 5


def seconds(function):
    """Median CPU time of a call, after one call to warm up."""
    function()
    times = []
    for _ in range(REPEATS):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return float(np.median(times))


def compare(direct):
    """Print both times for a network with or without direct connections."""
    torch.manual_seed(0)
    model = MADE(SITES, 2, [180, 120], direct)
    states = np.random.default_rng(0).integers(0, 2, (LANES, SITES)).astype(np.int8)
    keys = [stream_key(0, c) for c in range(LANES)]
    chains = NeuralChains(chain_model(model.arrays(), SITES, 2), site_moves(SITES), states, keys)
    kernel = seconds(lambda: chains.sweep(np.ones(LANES))) / (LANES * SITES) * 1e6
    batch = torch.from_numpy(np.random.default_rng(1).integers(0, 2, (1024, SITES)).astype(np.int8))
    with torch.no_grad():
        forward = seconds(lambda: model.log_prob(batch)) / len(batch) * 1e6
    print(f"direct {direct}: kernel {kernel:.3f} us a proposed flip, torch {forward:.3f} us, {forward / kernel:.1f}")


def main():
    torch.set_num_threads(1)
    for direct in (False, True):
        compare(direct)


if __name__ == "__main__":
    main()

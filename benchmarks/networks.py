"""Chains of learned Hamiltonians, and energies by a convolutional network."""

import numpy as np
import torch
from measure import row, seconds

from spinnet.models.convolutional import ConvNet
from spinnet.models.local import offsets
from spinnet.models.made import MADE
from spinnet.operators.fit import precision
from spinnet.rng import stream_key
from spinnet.samplers.local import LocalChains
from spinnet.samplers.neural import LANES, NeuralChains, chain_model, site_moves

SIDE, BATCH = 16, 1024
SIZES, PROPOSALS = (8, 16, 32, 64, 128), 2**19  # proposals of a lane in a measurement


def flips():
    """Rows of the time of a proposed flip under the paper's network (256-180-120-256) with random weights [us]."""
    rows, sites = [], SIDE**2
    for name, direct in (("chain of made", False), ("chain of direct", True)):
        torch.manual_seed(0)
        model = MADE(sites, 2, [180, 120], direct)
        states = np.random.default_rng(0).integers(0, 2, (LANES, sites)).astype(np.int8)
        keys = [stream_key(0, c) for c in range(LANES)]
        chains = NeuralChains(chain_model(model.arrays(), sites, 2), site_moves(sites), states, keys)
        time = seconds(lambda c=chains: c.sweep(np.ones(LANES))) / (LANES * sites)
        rows.append(row(name, SIDE, "this project", "", 1e6 * time, "us/flip"))
        batch = torch.from_numpy(np.random.default_rng(1).integers(0, 2, (BATCH, sites)).astype(np.int8))
        with torch.no_grad():
            time = seconds(lambda m=model, b=batch: m.log_prob(b)) / BATCH
        rows.append(row(name, SIDE, "batched forward", f"torch {torch.__version__}", 1e6 * time, "us/flip"))
    return rows


def local_flips():
    """Rows of the time of a proposed flip under a local Hamiltonian of range 2 [us], couplings about critical."""
    rows, random = [], np.random.default_rng(0)
    field = 0.2 * random.normal(size=1 << len(offsets(2)))
    for size in SIZES:
        spins = 1 - 2 * random.integers(0, 2, (LANES, size, size), np.int8)
        chains = LocalChains({"field": field}, {"window": 2}, spins, np.arange(LANES, dtype=np.uint64))
        sweeps = PROPOSALS // size**2

        def run(chains=chains, sweeps=sweeps):
            for _ in range(sweeps):
                chains.sweep(np.ones(LANES))

        time = seconds(run) / (sweeps * size**2 * LANES)
        rows.append(row("chain of local", size, "this project", "", 1e6 * time, "us/flip"))
    return rows


def energies():
    """Rows of energies per second by the network of Mills & Tamblyn, 8x8 spins up-scaled to 16x16."""
    rows, types = [], {"float32": torch.float32, "bfloat16": torch.bfloat16}
    states = torch.from_numpy(1 - 2 * np.random.default_rng(0).integers(0, 2, (BATCH, 8, 8), np.int8))
    if precision(torch.device("cpu")) == torch.float32:
        types.pop("bfloat16")  # no instructions for it
    model = ConvNet(8, 1, 2, "periodic")
    for name, dtype in types.items():
        with torch.inference_mode(), torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
            time = seconds(lambda: model(states)) / BATCH
        rows.append(row("energy network", 8, name, f"torch {torch.__version__}", 1 / time, "configurations/s"))
    return rows

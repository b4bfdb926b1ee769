"""One call of every Numba kernel on the smallest arrays, to compile them all."""

import numpy as np

from spinnet.density_of_states import density_of_states
from spinnet.mcrg import operators
from spinnet.models.masks import masks
from spinnet.operators.interactions import image_sum, walk
from spinnet.pseudo_likelihood import States, evaluate
from spinnet.samplers import lookup, paired
from spinnet.samplers.constrained import log_block_weight
from spinnet.samplers.field import FieldChains
from spinnet.samplers.ising import IsingChains
from spinnet.samplers.local import LocalChains
from spinnet.samplers.neural import NeuralChains, chain_model, site_moves
from spinnet.samplers.targeted import acceptance, climb


def compile_all(depths):
    """Compile the kernels of every study; depths: numbers of hidden layers of the networks whose chains will run."""
    for sampler in ("metropolis", "multispin", "wolff"):
        IsingChains(sampler, 2, 2.5, 2, 0).record(1, 1)
    IsingChains("wolff", 2, 2.5, 2, 0, lattice="triangular").record(1, 1)
    IsingChains("metropolis", 2, 2.5, 2, 0, interactions={"plaquette": 1.0}).record(1, 1)
    _field()
    spins = np.ones((1, 2, 2), np.int8)
    log_block_weight(spins, 2.5, 0)
    operators(spins)
    _operators(spins)
    _learned(depths)


def _learned(depths):
    """Chains of learned Hamiltonians."""
    for depth in depths:
        arrays = {}
        for i, mask in enumerate(masks(2, [4] * depth)):
            arrays |= {f"layers.{i}.weight": mask * 1.0, f"layers.{i}.bias": np.zeros(len(mask))}
        chains = NeuralChains(chain_model(arrays, 2, 2), site_moves(2), np.zeros((1, 2)), [1])
        chains.sweep([1.0])
        chains.log_prob()
    key = np.ones(1, np.uint64)
    evaluate(np.zeros(16), States(np.ones((1, 3, 3), np.int8), 1))
    LocalChains({"field": np.zeros(16)}, {"window": 1}, np.ones((1, 3, 3), np.int8), key).sweep(np.ones(1))


def _field():
    """Chains of E - V f Y."""
    network = {f"fc{i}.bias": np.ones(n) for i, n in ((1, 4), (2, 32), (3, 2))}
    network |= {f"fc{i}.weight": np.ones(shape) for i, shape in ((1, (4, 4)), (2, (32, 4)), (3, (2, 32)))}
    FieldChains("wolff", network, 2, 0.4, 0.0, 2, 0).record(1, 1)


def _operators(spins):
    """Data, chains and the speed ledger of the operator study."""
    energies, steps, counters = np.zeros((3, 1), np.int64)
    kept, kept_energy = np.zeros((1, 1, 2, 2), np.int8), np.zeros((1, 1), np.int64)
    climb(spins, energies, acceptance(2, [0], 4.0), steps, 1, np.zeros(1, np.uint64), counters, kept, kept_energy)
    image_sum(spins, "coulomb", 1.0, 1.0)
    walk(np.ones(4, np.int8), np.zeros((4, 4)), np.zeros(1, np.int64))
    density_of_states(2)
    keys = lookup.keys(0, "compile", 2, [1.0], 1)
    list(lookup.sweeps(np.zeros(16), [np.ones(1)], keys))
    list(paired.sweeps(lambda states: np.zeros(len(states)), 2, [np.ones(1)], keys))

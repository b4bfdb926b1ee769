"""Compile every Numba kernel once into the cache that the jobs share.

Arguments: the numbers of hidden layers of the networks whose chains will run.
"""

import sys

import numpy as np

from spinnet.mcrg import operators
from spinnet.models.masks import masks
from spinnet.samplers.constrained import log_block_weight
from spinnet.samplers.field import FieldChains
from spinnet.samplers.ising import IsingChains
from spinnet.samplers.neural import NeuralChains, chain_model, site_moves

for sampler, lattice in (("metropolis", "square"), ("wolff", "square"), ("wolff", "triangular")):
    IsingChains(sampler, 2, 2.5, 2, 0, lattice=lattice).record(1, 1)
network = {f"fc{i}.bias": np.ones(n) for i, n in ((1, 4), (2, 32), (3, 2))}
network |= {f"fc{i}.weight": np.ones(shape) for i, shape in ((1, (4, 4)), (2, (32, 4)), (3, (2, 32)))}
FieldChains("wolff", network, 2, 0.4, 0.0, 2, 0).record(1, 1)
log_block_weight(np.ones((1, 2, 2), np.int8), 2.5, 0)
operators(np.ones((1, 2, 2), np.int8))
for depth in map(int, sys.argv[1:]):
    arrays = {}
    for i, mask in enumerate(masks(2, [4] * depth)):
        arrays |= {f"layers.{i}.weight": mask * 1.0, f"layers.{i}.bias": np.zeros(len(mask))}
    chains = NeuralChains(chain_model(arrays, 2, 2), site_moves(2), np.zeros((1, 2)), [1])
    chains.sweep([1.0])

"""Compile every Numba kernel once into the cache that the other jobs share."""

from pathlib import Path

import numpy as np
from spinnet import job
from spinnet.models.masks import masks
from spinnet.samplers.ising import IsingChains
from spinnet.samplers.neural import NeuralChains, chain_model, site_moves

job.start(snakemake)
for sampler in ("metropolis", "wolff"):
    IsingChains(sampler, 2, 2.5, 2, 0).record(1, 1)
for layers in {len(hidden) + 1 for hidden in snakemake.params.settings["hidden"]}:
    arrays = {}
    for i, mask in enumerate(masks(2, [4] * (layers - 1))):
        arrays |= {f"layers.{i}.weight": mask * 1.0, f"layers.{i}.bias": np.zeros(len(mask))}
    chains = NeuralChains(chain_model(arrays, 2, 2), site_moves(2), np.zeros((1, 2)), [1])
    chains.sweep([1.0])
Path(snakemake.output.flag).write_text("compiled\n")

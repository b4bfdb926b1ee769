"""Blind trials: random interactions are sampled, learned and read off; do the errors cover the truth as they claim?"""

import numpy as np
import xarray as xr

from spinnet import ensembles, learned
from spinnet.checkpoint import NONE
from spinnet.encoder import couplings
from spinnet.interactions import TERMS
from spinnet.learning import learn
from spinnet.local_learning import learn_local
from spinnet.rng import generator

STRONGEST = {"field": 0.3, "nearest": 1.0, "diagonal": 0.6, "three": 0.15, "plaquette": 0.6}  # J
WEAKEST = 0.1  # of the strongest
TEMPERATURE = 0.55, 0.9  # in units of the mean-field temperature of unfrustrated bonds; Ising's transition is at 0.57
SIZE, SAMPLES = 8, 400  # L, configurations a chain
SPLIT = {"train": 8, "validation": 2, "test": 8}  # chains
SHOWN = {"configurations": 1000, "flips": 8}  # to the network
# Every second trial has a poor network, linear and hardly trained: the errors must cover all the same.
NETWORKS = (
    (learn_local, {"hidden": [24], "window": 2, "symmetries": ["point_group"], "max_epochs": 8}),
    (learn, {"architecture": "made", "order": "raster", "hidden": [], "symmetries": [], "max_epochs": 1}),
)
TRAINING = {"device": "cpu", "learning_rate": 0.01, "batches_per_epoch": 32, "patience": 12}


def draw(number, seed):
    """Interactions {term: strength [J]}, each term absent with probability 1/2, and temperature [J/k_B] of a trial."""
    random = generator(seed, "coverage", number)
    strengths = {name: top * random.uniform(WEAKEST, 1) * random.choice([-1, 1]) for name, top in STRONGEST.items()}
    interactions = {name: strength for name, strength in strengths.items() if random.random() < 0.5}
    bonds = sum(abs(k) * len(TERMS[name]) * len(TERMS[name][0]) for name, k in interactions.items())
    return interactions, max(1.0, bonds * random.uniform(*TEMPERATURE))


def trial(number, seed):
    """One blind trial: the result of `couplings.read` with temperature [J/k_B] and poor (1 for the poor network).

    The same number and seed are the same trial.  The reader is not told the interactions.
    """
    interactions, temperature = draw(number, seed)
    named = {"seed": seed, "name": f"trial {number}"}
    sampling = {"size": SIZE, "sampler": "metropolis", "chains": sum(SPLIT.values()), "samples": SAMPLES}
    sampling |= {"temperatures": [temperature], "thinning": 2.0, "interactions": interactions}
    ensemble = ensembles.sample(named | sampling, iter)
    dataset = ensembles.to_dataset(ensemble, named | SPLIT | {"transform": "raw"})
    train, network = NETWORKS[number % 2]
    arrays, header = train(dataset, named | TRAINING | network, iter)
    result = couplings.read(dataset, learned.log_weight(arrays, header), header, named | SHOWN)
    result["temperature"] = (), temperature, {"units": "J/k_B"}
    result["poor"] = (), number % 2, {"long_name": "1 if the network is the poor one"}
    return result


def trials(numbers, seed, progress, checkpoint=NONE):
    """Dataset of kind "coverage" with dims (trial, term): `trial` for each of `numbers`."""
    results = checkpoint.map(lambda n, _: trial(n, seed), numbers, progress)
    return xr.concat(results, xr.IndexVariable("trial", np.array(numbers, np.int32)))

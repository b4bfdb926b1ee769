"""Small fixed networks of the Ising model on 4x4, whose distributions are known on all 65 536 states."""

from spinnet import ensembles
from spinnet.exact import all_configurations
from spinnet.learned import log_weight
from spinnet.learning import learn

SIZE, T0 = 4, 2.5  # L, J/k_B
DATA = {"size": SIZE, "sampler": "metropolis", "temperatures": [T0], "chains": 10, "samples": 2000, "thinning": 2.0}
SPLIT = {"train": 8, "validation": 1, "test": 1, "transform": "raw"}
NETWORK = {"architecture": "made", "hidden": [32], "order": "raster", "symmetries": [], "device": "cpu", "patience": 99}
TRAINING = {  # of networks that are poor, fair and good; gaps of about 3, 0.9 and 0.03 nats
    "poor": {"learning_rate": 0.01, "batches_per_epoch": 10, "max_epochs": 1},
    "fair": {"learning_rate": 0.01, "batches_per_epoch": 40, "max_epochs": 1},
    "good": {"learning_rate": 0.01, "batches_per_epoch": 100, "max_epochs": 4},
}


def log_probabilities(seed):
    """{name of `TRAINING`: log p [nats] (65536,)} of networks, states as in `exact.all_configurations`."""
    named = {"seed": seed, "name": "calibration"}
    dataset = ensembles.to_dataset(ensembles.sample(named | DATA, iter), named | SPLIT)
    states = all_configurations(SIZE)
    learned = {name: learn(dataset, named | NETWORK | training, iter) for name, training in TRAINING.items()}
    return {name: log_weight(*model)(states) for name, model in learned.items()}

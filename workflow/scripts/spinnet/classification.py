"""Networks that tell the broken from the symmetric phase (Bachtis, Aarts & Lucini, Appendix B)."""

import numpy as np
import torch

from spinnet.checkpoint import NONE
from spinnet.errors import UserError
from spinnet.models.classifier import Classifier, log_odds
from spinnet.training import choose_device, make_deterministic, train

SEPARATED = 0.95  # validation accuracy below which a network has not separated the phases


def labelled(ensemble, broken, train_chains):
    """((spins, labels) for training, the same for validation) of an ensemble of several temperatures.

    Spins are (samples, V) int8, labels int64, 1 for the `broken` lowest temperatures.  The first
    `train_chains` chains train, the others validate.
    """
    values = ensemble["spins"].values
    spins = values.reshape(*values.shape[:2], -1)
    labels = np.broadcast_to((np.arange(len(spins)) < broken)[:, None], spins.shape[:2])
    first = ensemble["chain"].values < train_chains
    return tuple(
        (np.concatenate(spins[:, chosen]), np.ascontiguousarray(labels[:, chosen], np.int64).ravel())
        for chosen in (first, ~first)
    )


def learn_classifiers(ensemble, source, settings, progress, checkpoint=NONE):
    """Train independent networks on one lattice size; returns stacked arrays (network, ...) and a header.

    source: name of the ensemble's file, for the error message.  settings: seed, name, size,
    networks, width, learning_rate, batch_size, max_epochs, patience, broken, train, device.
    Raises UserError if a network does not separate the phases of the validation part.
    """
    device = choose_device(settings["device"])
    data, validation = labelled(ensemble, settings["broken"], settings["train"])
    batches = -(-len(data[0]) // settings["batch_size"])

    def learn(k, part):
        name = f"{settings['name']} network {k}"
        make_deterministic(settings["seed"], "classifier", name)
        model = Classifier(data[0].shape[1], settings["width"]).to(device)
        optimizer = torch.optim.Adam(model.parameters(), lr=settings["learning_rate"], fused=True)
        own = settings | {"name": name, "batches_per_epoch": batches}
        history = train(model, optimizer, data, validation, own, progress, checkpoint=part)
        arrays = model.arrays()
        found = accuracy(arrays, validation)
        print(f"{name}: validation accuracy {found:.4f}")
        if found < SEPARATED:
            raise UserError(
                f"classifier {name}: validation accuracy {found:.3f} on {source}, needed is "
                f"{SEPARATED}: it did not separate the phases; raise max_epochs or lower learning_rate in "
                "rg.classifiers, or move rg.phases.symmetric and rg.phases.broken apart"
            )
        return arrays, history, found

    networks = checkpoint.map(learn, range(settings["networks"]), iter)
    models, histories, accuracies = (list(column) for column in zip(*networks, strict=True))
    header = {"settings": settings, "histories": histories, "accuracies": accuracies}
    return {name: np.stack([m[name] for m in models]) for name in models[0]}, header


def accuracy(arrays, data):
    """Fraction of `data` (spins, labels) that the network classifies rightly."""
    odds = log_odds({name: a[None] for name, a in arrays.items()}, data[0])[0, 0]
    return float(((odds > 0) == data[1]).mean())

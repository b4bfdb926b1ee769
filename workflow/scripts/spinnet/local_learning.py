"""From a data set of two-valued lattices to a translation-invariant Hamiltonian."""

import json

import numpy as np
import torch

from spinnet.energy_offset import energy_offset
from spinnet.ensembles import PARTS
from spinnet.errors import UserError
from spinnet.io import categories
from spinnet.models.local import RANGES, log_weight, smallest_size
from spinnet.models.local_network import LocalCoefficients, LocalNetwork
from spinnet.statistics import mean_and_error
from spinnet.training import EVALUATION_BATCH, choose_device, losses, make_deterministic, train

POLISH = 12  # iterations of L-BFGS
TOLERANCE = 2.0  # standard errors


def learn_local(dataset, settings, progress):
    """Train a local network by pseudo-likelihood; returns its arrays and the header of its model file.

    arrays: {"field": (2^n,) float32}, see `models.local`.  settings: seed, name, hidden, window
    (range), symmetries (translations are always one), device, learning_rate, and those of
    `training.train`; the optimiser is Adam, its learning rate falls to zero over max_epochs along a
    cosine.  The field that the network has found is the start of a few steps of L-BFGS on its
    coefficients, for directions in which the loss is flat.  The losses in the header are negative log
    pseudo-likelihoods [nats a configuration].
    Raises UserError if the data or the window do not suit.
    """
    values = dataset["values"]
    rows, alphabet = values.sizes["row"], [int(a) for a in values.attrs["alphabet"]]
    _check(settings, rows, alphabet)
    make_deterministic(settings["seed"], "model", settings["name"])
    device = choose_device(settings["device"])
    data, validation, _ = (categories(dataset, p, np.arange(rows * rows)) for p in range(len(PARTS)))
    symmetries = [name for name in settings["symmetries"] if name != "translation"]
    model = LocalNetwork(settings["window"], settings["hidden"], symmetries).to(device)
    print(f"{len(data)} configurations of {rows} x {rows} sites on {device}")
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["learning_rate"])
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings["max_epochs"])
    history = train(model, optimizer, (data,), (validation,), settings, progress, scheduler)
    model, polished = _polish(model, data, validation)
    arrays = {"field": model.field().detach().cpu().numpy()}
    header = {
        "architecture": "local", "interactions": json.loads(dataset.attrs["interactions"]),
        "temperature": float(dataset["temperature"].values[0]), "size": rows, "sites": rows * rows, "values": 2,
        "alphabet": alphabet, "transform": "raw", "hidden": settings["hidden"], "window": settings["window"],
        "training_loss": [float(h[0]) for h in (*history, *polished)],
        "validation_loss": [float(h[1]) for h in (*history, *polished)],
        "settings": settings,
    }  # fmt: skip
    judged = values.values[0, dataset["part"].values == PARTS.index("validation")]
    return arrays, header | {"energy_offset": energy_offset(dataset, log_weight(arrays, header, judged))}


def _polish(network, data, validation):
    """The `LocalCoefficients` at the end of a way down from a network, and the losses on it.

    Those of lowest validation loss in their place, if the end is worse by more than `TOLERANCE` standard
    errors of the difference: the end has learned the noise of the data, as it may with many coefficients.
    """
    model = LocalCoefficients(network)
    device = model.coefficients.device
    batches = torch.from_numpy(data).to(device).split(EVALUATION_BATCH)
    optimizer = torch.optim.LBFGS([model.coefficients], max_iter=POLISH, line_search_fn="strong_wolfe")
    points = []  # training loss, validation losses, coefficients

    def loss():
        optimizer.zero_grad()
        total = sum(_backward(model.loss(batch).sum() / len(data)) for batch in batches)
        points.append((total, losses(model, (validation,)), model.coefficients.detach().clone()))
        print(f"polishing: training {total:.7g}, validation {points[-1][1].mean():.7g} nats")
        return total

    optimizer.step(loss)
    end, best = min(points, key=lambda p: p[0]), min(points, key=lambda p: p[1].mean())
    worse, error = mean_and_error(end[1] - best[1])
    with torch.no_grad():
        model.coefficients.copy_(best[2] if worse > TOLERANCE * error else end[2])
    return model, [(total, judged.mean()) for total, judged, _ in points]


def _backward(loss):
    """Value of a part of the loss, whose gradient is added."""
    loss.backward()
    return loss.item()


def _check(settings, rows, alphabet):
    """UserError if a network of this window cannot learn from lattices of so many rows and values."""
    name, reach = settings["name"], settings["window"]
    if reach not in RANGES:
        allowed = " or ".join(map(str, RANGES))
        raise UserError(f"models.{name}.window: found {reach}; allowed is {allowed}, the range of the window in sites")
    if len(alphabet) != 2:
        raise UserError(f"models.{name}: the architecture local needs two values a site, its data set has {alphabet}")
    if rows < smallest_size(reach):
        raise UserError(
            f"models.{name}.window: found {reach} for data of {rows} x {rows} sites, "
            f"it needs at least {smallest_size(reach)} x {smallest_size(reach)}"
        )

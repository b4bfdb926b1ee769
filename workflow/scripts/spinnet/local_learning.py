"""From a data set of two-valued lattices to a translation-invariant Hamiltonian."""

import json

import numpy as np
import torch

from spinnet.checkpoint import NONE
from spinnet.energy_offset import energy_offset
from spinnet.ensembles import PARTS
from spinnet.errors import UserError
from spinnet.io import categories
from spinnet.models.local import RANGES, invariants, log_weight, smallest_size, widened
from spinnet.models.local_network import LocalNetwork
from spinnet.pseudo_likelihood import States, descend, evaluate
from spinnet.statistics import mean_and_error
from spinnet.training import choose_device, make_deterministic, refuse_unlearned, train

POLISH = 40  # iterations of L-BFGS
TOLERANCE = 2.0  # standard errors


def learn_local(dataset, settings, progress, checkpoint=NONE):
    """Train a local network by pseudo-likelihood; returns its arrays and the header of its model file.

    arrays: {"field": (2^n,) float32}, see `models.local`.  settings: seed, name, hidden, window
    (range), symmetries (translations are always one), device, learning_rate, and those of
    `training.train`; the optimiser is Adam, its learning rate falls to zero over max_epochs along a
    cosine.  The field that the network has found is the start of a few steps of L-BFGS on its
    coefficients, for directions in which the loss is flat; a field of range 1 takes its place where the data
    tell no more, see `_polish`.  The losses in the header are negative log
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
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["learning_rate"], fused=True)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings["max_epochs"])

    def trained(part):
        history = train(model, optimizer, (data,), (validation,), settings, progress, scheduler, checkpoint=part)
        return history, model.field().detach().cpu().numpy()

    history, found = checkpoint.once("network", trained)
    parts = [States(part.reshape(-1, rows, rows), settings["window"]) for part in (data, validation)]
    field, polished = _polish(found, symmetries, settings["window"], *parts, checkpoint)
    refuse_unlearned(settings["name"], evaluate(field, parts[1])[0].mean(), rows * rows, len(alphabet))
    arrays = {"field": field.astype(np.float32)}
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


def _polish(field, symmetries, reach, training, validation, checkpoint=NONE):
    """The field at the end of a way down from `field`, and the mean losses on it.

    The one of lowest validation loss in its place, if the end is significantly worse: it has learned the noise of the
    data, as it may with many coefficients.  And a field of the shortest range in place of both, unless it is
    significantly worse: it has few coefficients, which the data determine well.
    """
    basis = invariants(reach, symmetries) if symmetries else np.eye(len(field))
    points = _way_down(field.astype(float), basis, training, validation, checkpoint.part("polish"))
    end, best = min(points, key=lambda p: p[0]), min(points, key=lambda p: p[1].mean())
    chosen = best if _worse(end, best) else end
    if reach > RANGES[0]:
        short = widened(invariants(RANGES[0], symmetries), RANGES[0], reach)
        around = _way_down(np.zeros(len(field)), short, training, validation, checkpoint.part("short"))
        nearest = min(around, key=lambda p: p[0])
        chosen = chosen if _worse(nearest, chosen) else nearest
    return chosen[2], [(loss, judged.mean()) for loss, judged, _ in points]


def _way_down(field, basis, training, validation, checkpoint):
    """[(training loss, validation losses, field)] of L-BFGS from `field`; what was evaluated before is not again."""
    points = []

    def evaluated(now):
        def function(_):
            losses, gradient = evaluate(now, training)
            return losses.mean(), gradient, evaluate(now, validation)[0]

        loss, gradient, judged = checkpoint.once(len(points), function)
        points.append((loss, judged, now))
        print(f"{len(basis)} coefficients: training {loss:.8g}, validation {judged.mean():.8g} nats")
        return loss, gradient

    descend(field, basis, evaluated, POLISH)
    return points


def _worse(one, other):
    """Whether a point's validation losses exceed another's by more than `TOLERANCE` errors of the difference."""
    difference, error = mean_and_error(one[1] - other[1])
    return difference > TOLERANCE * error


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

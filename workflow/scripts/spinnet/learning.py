"""From a data set to a learned Hamiltonian."""

import json

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.optim.swa_utils import SWALR

from spinnet.checkpoint import NONE
from spinnet.energy_offset import energy_offset
from spinnet.ensembles import PARTS
from spinnet.io import categories
from spinnet.models.made import MADE
from spinnet.optimizer import MuonAdam
from spinnet.orders import site_order
from spinnet.symmetries import augmentation
from spinnet.training import choose_device, losses, make_deterministic, refuse_unlearned, train

AVERAGED = 0.5  # share of the epochs whose weights are averaged, with direct connections
FLOOR = 0.2  # learning rate in these epochs over that at the start


def learn(dataset, settings, progress, checkpoint=NONE):
    """Train a masked autoregressive network; returns its arrays and the header of its model file.

    settings: seed, name, architecture ("made" or "direct"), hidden, order, symmetries, device,
    learning_rate, and those of `training.train`.  The learning rate of "made" falls to zero over
    max_epochs along a cosine; that of "direct" falls to a constant, at which the weights are averaged.
    """
    make_deterministic(settings["seed"], "model", settings["name"])
    device = choose_device(settings["device"])
    values, direct = dataset["values"], settings["architecture"] == "direct"
    rows, alphabet = values.sizes["row"], values.attrs["alphabet"]
    order = site_order(settings["order"], rows, settings["seed"])
    data, validation, _ = (categories(dataset, p, order) for p in range(len(PARTS)))
    model = MADE(rows * rows, len(alphabet), settings["hidden"], direct).to(device)
    print(f"{len(data)} configurations of {rows} x {rows} sites on {device}")
    optimizer = _optimizer(model, settings["learning_rate"])
    average_from = int(settings["max_epochs"] * (1 - AVERAGED)) if direct else None
    scheduler = _schedule(optimizer, settings, average_from)
    augment = augmentation(settings["symmetries"], order, len(alphabet), settings) if settings["symmetries"] else None
    parts = (data,), (validation,)
    history = train(model, optimizer, *parts, settings, progress, scheduler, augment, average_from, checkpoint)
    refuse_unlearned(settings["name"], min(h[1] for h in history), rows * rows, len(alphabet))
    header = {
        "architecture": settings["architecture"], "interactions": json.loads(dataset.attrs["interactions"]),
        "temperature": float(dataset["temperature"].values[0]), "size": int(dataset.attrs["size"]),
        "sites": rows * rows, "values": len(alphabet),
        "alphabet": [int(a) for a in alphabet], "transform": values.attrs["long_name"],
        "hidden": settings["hidden"], "order": [int(site) for site in order],
        "energy_offset": energy_offset(dataset, -losses(model, (validation,))),
        "training_loss": [float(h[0]) for h in history], "validation_loss": [float(h[1]) for h in history],
        "settings": settings,
    }  # fmt: skip
    return model.arrays(), header


def _optimizer(model, learning_rate):
    """Muon for several hidden layers, as the paper's network has; Adam for fewer, or with direct connections."""
    if model.direct or len(model.hidden) < 2:
        return torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    return MuonAdam(model.parameters(), learning_rate)


def _schedule(optimizer, settings, average_from):
    """Learning rate that falls along a cosine, to zero at the last epoch or to the floor at `average_from`."""
    if average_from is None:
        return CosineAnnealingLR(optimizer, settings["max_epochs"])
    return SWALR(optimizer, FLOOR * settings["learning_rate"], anneal_epochs=average_from)

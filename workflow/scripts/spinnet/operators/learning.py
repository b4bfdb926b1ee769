"""From a data set of states and energies to a trained network."""

import numpy as np
import torch
from torch.nn import functional

from spinnet.checkpoint import NONE
from spinnet.operators.examples import training_rows
from spinnet.operators.fit import fit, precision, steps
from spinnet.operators.levels import level_of, levels
from spinnet.operators.networks import build
from spinnet.training import choose_device, make_deterministic

WEIGHT_DECAY = 0.01  # of AdamW


def optimisers(model, settings, samples):
    """Optimiser and scheduler: AdamW with one cycle of the learning rate, or AdaDelta as the paper's."""
    rate = settings["learning_rate"]
    if settings["optimizer"] == "adadelta":
        optimizer = torch.optim.Adadelta(model.parameters(), lr=rate, rho=0.95, eps=1e-8)
        return optimizer, torch.optim.lr_scheduler.ConstantLR(optimizer, 1.0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=WEIGHT_DECAY, fused=True)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps(samples, settings))


def _squared_error(output, targets):
    return functional.mse_loss(output[:, 0], targets)


def targets(states, energies, settings):
    """What the network learns: (targets (samples,), loss, mean, scale).

    Classes are indices of energy levels; energies and magnetizations per spin are standardised.
    """
    if settings["learns"] == "class":
        classes = level_of(energies, settings["size"])
        missing = np.setdiff1d(np.arange(len(levels(settings["size"]))), classes)
        for i in missing:
            print(f"warning: no example of the class E = {levels(settings['size'])[i]} J in the training part")
        return classes, functional.cross_entropy, 0.0, 1.0
    values = energies if settings["learns"] == "energy" else states.mean((1, 2), dtype=float)
    mean, scale = values.mean(), values.std()
    return ((values - mean) / scale).astype(np.float32), _squared_error, float(mean), float(scale)


def learn(data, settings, progress, start=None, rank=0, ranks=1, checkpoint=NONE):
    """Train a network on the training part of `data`; returns its arrays and the header of its model file.

    settings: seed, name, architecture, size, learns ("class", "energy" or "magnetization"), examples, upscale,
    padding, vectors, optimizer, learning_rate, batch_size, epochs, precision, device.  start:
    arrays of a trained network to go on from.  With several `ranks` (processes of one
    torch.distributed group) the gradients are shared; all ranks return the same.
    """
    make_deterministic(settings["seed"], "operator network", settings["name"])
    device = choose_device(settings["device"])
    rows = training_rows(data, settings["examples"])
    states, energies = data["state"].values[rows], data["energy"].values[rows]
    values, loss, mean, scale = targets(states, energies, settings)
    model = build(settings)
    if start:
        model.load_state_dict({name: torch.from_numpy(array) for name, array in start.items()})
    model.to(device)
    dtype = precision(device) if settings["precision"] == "auto" else torch.float32
    own = settings | {"dtype": dtype}
    print(f"{len(states)} examples on {device}, {steps(len(states), settings)} steps, convolutions in {dtype}")
    optimizer, scheduler = optimisers(model, settings, len(states))
    shared = torch.nn.parallel.DistributedDataParallel(model) if ranks > 1 else model
    history = fit(shared, optimizer, scheduler, (states, values), loss, own, progress, rank, ranks, checkpoint)
    kept = ("architecture", "size", "learns", "upscale", "padding", "vectors")
    header = {key: settings[key] for key in kept}
    header |= {"mean": mean, "scale": scale, "loss": history, "precision": str(dtype), "settings": settings}
    return {name: p.detach().cpu().contiguous().numpy() for name, p in model.state_dict().items()}, header

"""Training of a network on a data set with a fixed number of epochs, on one or several processes."""

import numpy as np
import torch

from spinnet.errors import UserError
from spinnet.rng import generator


def precision(device):
    """bfloat16 where the device computes convolutions in it, else float32; weights are always float32."""
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported()
    else:
        found = torch.cpu.get_capabilities()
        fast = found.get("amx_bf16") or found.get("avx512_bf16")
    return torch.bfloat16 if fast else torch.float32


def batches(samples, settings, epoch):
    """(number, batch_size) rows of each batch of an epoch; the incomplete last batch is left out."""
    size = min(settings["batch_size"], samples)
    order = generator(settings["seed"], "training", settings["name"], epoch).permutation(samples)
    return order[: samples // size * size].reshape(-1, size)


def steps(samples, settings):
    """Number of optimiser steps of a training."""
    return settings["epochs"] * (samples // min(settings["batch_size"], samples))


def fit(model, optimizer, scheduler, data, loss, settings, progress, rank=0, ranks=1):
    """Minimise the mean of loss(model(states), targets) over `data`, (states, targets) as NumPy arrays.

    The scheduler steps after each batch.  With several `ranks` each takes its share of every batch, and
    `model` is DistributedDataParallel.  settings: seed, name, batch_size, epochs, dtype (of the
    convolutions).  Returns the mean loss of each epoch.  Raises UserError if it is not finite.
    """
    device = next(model.parameters()).device
    states, targets = (torch.from_numpy(d).to(device) for d in data)
    history = []
    for epoch in progress(range(settings["epochs"])):
        total = torch.zeros((), device=device)
        order = batches(len(states), settings, epoch)
        for rows in order:
            rows = torch.from_numpy(rows[rank::ranks]).to(device)
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(device.type, settings["dtype"], enabled=settings["dtype"] != torch.float32):
                output = model(states[rows])
            value = loss(output.float(), targets[rows])
            value.backward()
            optimizer.step()
            scheduler.step()
            total += value.detach()
        if ranks > 1:
            torch.distributed.all_reduce(total)
        history.append(total.item() / ranks / len(order))
        print(f"epoch {epoch}: loss {history[-1]:.5g}")
        if not np.isfinite(history[-1]):
            raise UserError(
                f"network {settings['name']}: the loss became {history[-1]} in epoch {epoch}; lower its learning_rate"
            )
    return history

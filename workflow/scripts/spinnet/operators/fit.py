"""Training of a network on a data set with a fixed number of epochs, on one or several processes."""

import copy

import numpy as np
import torch

from spinnet.checkpoint import NONE
from spinnet.errors import UserError
from spinnet.rng import generator

ASK = 16  # steps, after which the processes of a training agree whether to save a checkpoint


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


def fit(model, optimizer, scheduler, data, loss, settings, progress, rank=0, ranks=1, checkpoint=NONE):
    """Minimise the mean of loss(model(states), targets) over `data`, (states, targets) as NumPy arrays.

    The scheduler steps after each batch.  With several `ranks` each takes its share of every batch, and
    `model` is DistributedDataParallel.  settings: seed, name, batch_size, epochs, dtype (of the
    convolutions).  Returns the mean loss of each epoch.  Raises UserError if it is not finite.
    """
    device = next(model.parameters()).device
    states, targets = (torch.from_numpy(d).to(device) for d in data)
    parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
    checkpoint = checkpoint.part(device.type)
    history, done, total = [], 0, torch.zeros((), device=device)  # done: batches of the epoch
    if saved := copy.deepcopy(checkpoint.restore()):
        history, done, total = saved["history"], saved["done"], saved["totals"][rank].to(device)
        for name, part in parts.items():
            part.load_state_dict(saved[name])
    for epoch in progress(range(len(history), settings["epochs"])):
        order = batches(len(states), settings, epoch)
        for rows in order[done:]:
            rows = torch.from_numpy(rows[rank::ranks]).to(device)
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(device.type, settings["dtype"], enabled=settings["dtype"] != torch.float32):
                output = model(states[rows])
            value = loss(output.float(), targets[rows])
            value.backward()
            optimizer.step()
            scheduler.step()
            total += value.detach()
            done += 1
            if _due(checkpoint, epoch * len(order) + done, ranks, device):
                state = {name: part.state_dict() for name, part in parts.items()}
                state |= {"history": history, "done": done, "totals": _totals(total, ranks)}
                checkpoint.save(copy.deepcopy(state))
        if ranks > 1:
            torch.distributed.all_reduce(total)
        history.append(total.item() / ranks / len(order))
        done, total = 0, torch.zeros((), device=device)
        print(f"epoch {epoch}: loss {history[-1]:.5g}")
        if not np.isfinite(history[-1]):
            raise UserError(
                f"network {settings['name']}: the loss became {history[-1]} in epoch {epoch}; lower its learning_rate"
            )
    if not all(torch.isfinite(p).all() for p in model.parameters()):
        raise UserError(f"network {settings['name']}: weights are not finite in the end; lower its learning_rate")
    return history


def _due(checkpoint, step, ranks, device):
    """Whether the checkpoint is due; of several processes the first one tells the others, every `ASK` steps."""
    if ranks == 1 or step % ASK:
        return ranks == 1 and checkpoint.due()
    answer = torch.tensor(float(checkpoint.due()), device=device)
    torch.distributed.broadcast(answer, 0)
    return bool(answer)


def _totals(total, ranks):
    """The summed losses of all processes."""
    if ranks == 1:
        return [total]
    totals = [torch.empty_like(total) for _ in range(ranks)]
    torch.distributed.all_gather(totals, total)
    return totals

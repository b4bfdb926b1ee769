"""Training of a network, with early stopping."""

import os

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel

from spinnet.devices import accelerator
from spinnet.errors import UserError
from spinnet.rng import generator, stream_key

EVALUATION_BATCH = 4096


def choose_device(name):
    """torch device for "auto", "cpu" or "cuda"; UserError if CUDA is asked for and missing."""
    return torch.device(accelerator(name) or "cpu")


def make_deterministic(seed, *names):
    """Fix torch's seed and thread number, so that a model depends on seed and names alone."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # asked for by cuBLAS to be deterministic
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(int(stream_key(seed, *names) >> np.uint64(1)))


@torch.no_grad()
def losses(model, data):
    """(samples,) float64 losses [nats] of `data`, a tuple of arrays with samples along the first axis, in batches."""
    device = next(model.parameters()).device
    parts = [
        model.loss(*(torch.from_numpy(d[i : i + EVALUATION_BATCH]).to(device) for d in data)).cpu().double()
        for i in range(0, len(data[0]), EVALUATION_BATCH)
    ]
    return torch.cat(parts).numpy()


def train(
    model, optimizer, data, validation, settings, progress, scheduler=None, augment=None, average_from=None
):  # fmt: skip
    """Minimise the mean of model.loss(*data) [nats]; keep the weights of the best epoch.

    data, validation: tuples of arrays with samples along the first axis.  settings: seed, name,
    batches_per_epoch, max_epochs, patience.  The scheduler of the learning rate, if any, steps once
    an epoch; training stops early after `patience` epochs without improvement of
    the validation loss.  augment(epoch, *data), if any, gives the tensors of an epoch in place of
    `data`.  From epoch `average_from` on, the mean of the weights over all later steps is judged and
    kept in place of the weights (B. T. Polyak & A. B. Juditsky, SIAM J. Control Optim. 30, 838
    (1992)).  Returns the history: (training loss, validation loss) in nats, an epoch
    each.  Raises UserError if the loss is not finite.
    """
    device = next(model.parameters()).device
    on_device = [torch.from_numpy(d).to(device) for d in data]
    samples = len(data[0])
    average = None
    history, best, best_epoch, best_state = [], np.inf, 0, None
    for epoch in progress(range(settings["max_epochs"])):
        order = generator(settings["seed"], "training", settings["name"], epoch).permutation(samples)
        batches = np.array_split(order, settings["batches_per_epoch"])
        shown = augment(epoch, *on_device) if augment else on_device
        if epoch == average_from:
            average = AveragedModel(model)
        total = _epoch(model, optimizer, shown, batches, average)
        judged = average.module if average else model
        loss = losses(judged, validation).mean()
        history.append((total / samples, loss))
        if scheduler:
            scheduler.step()
        if not np.isfinite(loss):
            raise UserError(
                f"model {settings['name']}: the validation loss became {loss} in epoch {epoch}; lower learning_rate"
            )
        if loss < best:
            best, best_epoch = loss, epoch
            best_state = {k: v.detach().clone() for k, v in judged.state_dict().items()}
        print(f"epoch {epoch}: training {total / samples:.5g}, validation {loss:.5g}, best {best:.5g} nats")
        if epoch - best_epoch >= settings["patience"]:
            break
    model.load_state_dict(best_state)
    return history


def _epoch(model, optimizer, data, batches, average):
    """One pass over the batches (lists of row indices); returns the summed loss [nats]."""
    total = 0.0
    for batch in batches:
        optimizer.zero_grad(set_to_none=True)
        rows = torch.from_numpy(batch).to(data[0].device)
        loss = model.loss(*(d[rows] for d in data)).mean()
        loss.backward()
        optimizer.step()
        if average:
            average.update_parameters(model)
        total += loss.item() * len(batch)
    return total

"""Maximum-likelihood training of an autoregressive network, with early stopping."""

import os

import numpy as np
import torch

from spinnet.errors import UserError
from spinnet.rng import generator, stream_key

EVALUATION_BATCH = 4096


def choose_device(name):
    """torch device for "auto", "cpu" or "cuda"; UserError if CUDA is asked for and missing."""
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("device: 'cuda' was asked for, no CUDA device was found; use 'auto' or 'cpu'")
    return torch.device("cuda" if name == "cuda" or (name == "auto" and torch.cuda.is_available()) else "cpu")


def make_deterministic(seed, *names):
    """Fix torch's seed and thread number, so that a model depends on seed and names alone."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # asked for by cuBLAS to be deterministic
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(int(stream_key(seed, *names) >> np.uint64(1)))


@torch.no_grad()
def log_prob(model, categories):
    """(samples,) float64 log p of int8 category indices (samples, N), in batches."""
    device = next(model.parameters()).device
    parts = [
        model.log_prob(torch.from_numpy(categories[i : i + EVALUATION_BATCH]).to(device)).cpu().double()
        for i in range(0, len(categories), EVALUATION_BATCH)
    ]
    return torch.cat(parts).numpy()


def train(model, data, validation, settings, progress):
    """Minimise the mean of -log p over `data` with Adam; keep the weights of the best epoch.

    data, validation: (samples, N) int8 category indices.  settings: seed, name, learning_rate,
    batches_per_epoch, max_epochs, patience.  The learning rate falls to zero over
    max_epochs along a cosine; training stops early after `patience` epochs without improvement of
    the validation loss.  Returns the history: (training loss, validation loss) in nats, an epoch
    each.  Raises UserError if the loss is not finite.
    """
    device = next(model.parameters()).device
    data_on_device = torch.from_numpy(data).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings["learning_rate"])
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings["max_epochs"])
    history, best, best_epoch, best_state = [], np.inf, 0, None
    for epoch in progress(range(settings["max_epochs"])):
        order = generator(settings["seed"], "training", settings["name"], epoch).permutation(len(data))
        batches = np.array_split(order, settings["batches_per_epoch"])
        total = _epoch(model, optimizer, data_on_device, batches)
        loss = -log_prob(model, validation).mean()
        history.append((total / len(data), loss))
        scheduler.step()
        if not np.isfinite(loss):
            raise UserError(
                f"model {settings['name']}: the validation loss became {loss} in epoch {epoch}; lower learning_rate"
            )
        if loss < best:
            best, best_epoch = loss, epoch
            best_state = {k: v.detach().clone() for k, v in model.state_dict().items()}
        print(f"epoch {epoch}: training {total / len(data):.4f}, validation {loss:.4f}, best {best:.4f} nats")
        if epoch - best_epoch >= settings["patience"]:
            break
    model.load_state_dict(best_state)
    return history


def _epoch(model, optimizer, data, batches):
    """One pass over the batches (lists of row indices); returns the summed loss [nats]."""
    total = 0.0
    for batch in batches:
        optimizer.zero_grad(set_to_none=True)
        loss = -model.log_prob(data[torch.from_numpy(batch).to(data.device)]).mean()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    return total

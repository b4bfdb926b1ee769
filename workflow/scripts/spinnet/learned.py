"""A learned distribution as a function of configurations, whatever the architecture of its network."""

from functools import partial

import numpy as np
import torch

from spinnet.models import local
from spinnet.models.made import MADE
from spinnet.rng import stream_key

BATCH = 4096


def network(arrays, header):
    """The MADE of a model file, on the CPU."""
    model = MADE(header["sites"], header["values"], header["hidden"], direct=header["architecture"] == "direct")
    model.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})
    return model.eval()


def log_weight(arrays, header):
    """Function of values (n, rows, rows), members of the alphabet, to their log p (n,) [nats], float64.

    The learned Hamiltonian is -T0 log p (Wang & Jiang, eq. 2).  For the architecture "local" log p
    lacks a constant, and the lattice may have any size.
    """
    if header["architecture"] == "local":
        return partial(local.log_weight, arrays, header)
    model = network(arrays, header)
    alphabet, order = np.asarray(header["alphabet"]), np.asarray(header["order"])

    def function(values):
        flat = np.asarray(values).reshape(len(values), -1)[:, order]
        return _in_batches(model.log_prob, np.searchsorted(alphabet, flat).astype(np.int8))

    return function


@torch.no_grad()
def _in_batches(function, rows):
    parts = [function(torch.from_numpy(np.ascontiguousarray(rows[i : i + BATCH]))) for i in range(0, len(rows), BATCH)]
    return torch.cat(parts).double().numpy()


def sample_ancestral(arrays, header, number, seed, *names):
    """(number, rows, rows) int8 independent values drawn site by site; `names` name the random stream."""
    model, rows = network(arrays, header), round(header["sites"] ** 0.5)
    key = int(stream_key(seed, "ancestral", *names) >> np.uint64(1))
    drawn = model.sample(number, torch.Generator().manual_seed(key)).numpy()
    raster = np.argsort(header["order"])
    return np.asarray(header["alphabet"], np.int8)[drawn[:, raster]].reshape(number, rows, rows)

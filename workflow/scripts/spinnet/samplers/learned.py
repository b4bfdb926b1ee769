"""Chains of a learned Hamiltonian at their starting states, whatever the architecture of its network."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from spinnet.blocking import transform
from spinnet.devices import accelerator
from spinnet.rng import generator, stream_key
from spinnet.samplers.batched import BatchedChains
from spinnet.samplers.local import LocalChains
from spinnet.samplers.neural import NeuralChains, chain_model, site_moves, spin_moves

MULTIPLICITY = {"block_sum_stride2": (1, 4, 6, 4, 1)}  # spin states of a block by its value; 1 elsewhere


class LearnedChains(NamedTuple):
    """The chains and what to observe of them."""

    chains: NeuralChains | BatchedChains | LocalChains  # `sweep` gives log weight [nats] and acceptance rate (chains,)
    values: Callable  # () -> (chains, N) values of the network's alphabet, in any order of the sites
    spins: Callable | None  # () -> (chains, L, L) spins +-1, or None if they are not known


def start(arrays, header, settings, names, hot):
    """`LearnedChains`, one a name (temperature, start, number); hot: (chains,) bool.

    arrays, header: a model file.  settings: seed, name, moves, size (of the lattice, if not the
    data's), multiplicity (whether block sums are corrected by it), device ("cpu" if missing).
    Single-site moves of an autoregressive network run on a GPU if the device says so; all else on the CPU.
    """
    keys = [stream_key(settings["seed"], "neural sweep", settings["name"], *n) for n in names]
    size = settings.get("size") or header["size"]
    values, spins = _states(header, size, settings, names, hot)
    if header["architecture"] == "local":
        return _local(arrays, header, values, keys)
    return _autoregressive(arrays, header, settings, values, spins, keys)


def _states(header, size, settings, names, hot):
    """Values (chains, rows, rows) and spins (chains, L, L) to start from: hot random, cold at the extreme values.

    Raw values of other alphabets than spins have their lowest and highest value in place of spins.
    """
    raw = header["transform"] == "raw"
    alphabet = np.array(header["alphabet"] if raw else (-1, 1))
    states = np.empty((len(names), size, size), np.int64)
    for chain, name in enumerate(names):
        if hot[chain]:
            random = generator(settings["seed"], "neural sweep", settings["name"], *name, "start")
            states[chain] = random.integers(0, len(alphabet), (size, size))
        else:
            states[chain] = (len(alphabet) - 1) * (name[2] % 2)
    spins = alphabet[len(alphabet) - 1 - states].astype(np.int8)
    return spins if raw else transform(header["transform"], spins), spins


def _local(arrays, header, values, keys):
    """Chains of a translation-invariant Hamiltonian."""
    low, high = header["alphabet"]
    chains = LocalChains(arrays, header, np.where(values == high, 1, -1), keys)

    def observed():
        return np.where(chains.spins > 0, high, low).reshape(len(chains.spins), -1)

    return LearnedChains(chains, observed, lambda: chains.spins)


def _autoregressive(arrays, header, settings, values, spins, keys):
    """Chains of an autoregressive network."""
    order, alphabet, size = np.asarray(header["order"]), np.asarray(header["alphabet"], np.int8), header["size"]
    by_spin, raster = settings["moves"] == "spin", np.argsort(header["order"])
    weights = MULTIPLICITY.get(header["transform"]) if settings.get("multiplicity") else None
    model = chain_model(arrays, header["sites"], header["values"], None if weights is None else np.log(weights))
    categories = np.searchsorted(alphabet, values.reshape(len(keys), -1)[:, order])
    if by_spin:
        chains = NeuralChains(model, spin_moves(size, order), categories, keys, spins.reshape(len(keys), -1))
    elif device := accelerator(settings.get("device", "cpu")):
        chains = BatchedChains(model, categories, keys, device)
    else:
        chains = NeuralChains(model, site_moves(header["sites"]), categories, keys)

    def lattice():
        flat = chains.spins if by_spin else alphabet[chains.values][:, raster]
        return flat.reshape(-1, size, size)

    known = by_spin or header["transform"] == "raw"
    return LearnedChains(chains, lambda: alphabet[chains.values], lattice if known else None)

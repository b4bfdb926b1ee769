"""Rates of the procedures that give a long-range energy, side by side (Mills & Tamblyn, section IV A 4).

Every procedure maps spins in memory to energies in memory; on CUDA that includes both transfers.
"""

from time import perf_counter

import numpy as np
import torch
import xarray as xr

from spinnet.operators.interactions import (
    SINUSOIDAL,
    coupling_matrix,
    energy,
    fourier_energy,
    image_sum,
    walk,
)
from spinnet.rng import generator
from spinnet.statistics import mean_and_error

STATES = 8192  # random configurations of one batch
SHARED = 16  # of them, for the naive sum
CHUNK = 1024  # of them, for the naive sum on CUDA
REPEATS = 5
DURATION = 0.2  # seconds, at least, of one repeat


def devices():
    """Where a network can be timed: "cpu", and "cuda" if there is one."""
    return ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


def device_energy(states, matrix):
    """As `interactions.energy`, for a torch matrix (N, N) on any device."""
    flat = torch.as_tensor(states, device=matrix.device).flatten(1).to(matrix.dtype)
    return ((flat @ matrix * flat).sum(1) / 2).cpu().numpy()


def device_image_sum(states, kind, k, cutoff, device):
    """As `interactions.image_sum`, in torch: v is evaluated for each configuration, pair and image."""
    size = states.shape[-1]
    spins = torch.as_tensor(states, device=device).flatten(1).double()
    i, j = torch.triu_indices(size**2, size**2, 1, device=device)
    products = spins[:, i] * spins[:, j]
    down, right = ((d.double().expand_as(products)) for d in (j // size - i // size, j % size - i % size))
    energies = torch.zeros(len(states), dtype=torch.float64, device=device)
    reach = int(cutoff) // size + 1
    for a in range(-reach, reach + 1):
        for b in range(-reach, reach + 1):
            r = ((down + a * size) ** 2 + (right + b * size) ** 2).sqrt()
            v = torch.exp(-k * r) / r * (r <= cutoff)
            energies += (products * (v * torch.sin(r) if SINUSOIDAL[kind] else v)).sum(1)
    return energies.cpu().numpy()


def _procedures(coupling, interaction, predict):
    """Name -> (function of states, number of states)."""
    matrix, sum_settings = coupling_matrix(coupling), [interaction[key] for key in ("kind", "k", "cutoff")]
    table = {
        "naive image sum": (lambda s: image_sum(s, *sum_settings), SHARED),
        "folded matrix": (lambda s: energy(s, matrix), STATES),
        "Fourier transform": (lambda s: fourier_energy(s, coupling), STATES),
        "network": (predict["cpu"], STATES),
    }
    if "cuda" in predict:
        on_device = torch.as_tensor(matrix, device="cuda")
        table |= {
            "naive image sum, CUDA": (lambda s: device_image_sum(s, *sum_settings, "cuda"), CHUNK),
            "folded matrix, CUDA": (lambda s: device_energy(s, on_device), STATES),
            "network, CUDA": (predict["cuda"], STATES),
        }
    return table


def _rate(function, argument):
    """Entries of `argument` per second [1/s]."""
    done, began = 0, perf_counter()
    while (elapsed := perf_counter() - began) < DURATION:
        function(argument)
        done += len(argument)
    return done / elapsed


def measure(coupling, interaction, predict, seed):
    """Speed ledger: rate, rate_error [configurations/s] and deviation [J] (procedure).

    coupling: (L, L) [J] by offset, folded with the settings `interaction` (kind, k, cutoff).
    predict: device -> function of states (n, L, L) that gives energies (n,) [J], for "cpu" and,
    where there is one, "cuda".  deviation: largest difference from the naive sum on the states
    shared with it.  The rate of "incremental local field" counts flips, each of them made, and its
    deviation is that of the energy after a walk of as many flips as there are states.
    """
    size, random = len(coupling), generator(seed, "operators", "speed")
    states = 1 - 2 * random.integers(0, 2, (STATES, size, size), np.int8)
    sites, matrix = random.integers(0, size**2, STATES), coupling_matrix(coupling)
    table = _procedures(coupling, interaction, predict)
    naive, _ = table["naive image sum"]
    exact = naive(states[:SHARED])
    timed, deviation = {}, {}
    for name, (function, count) in table.items():
        timed[name] = (function, states[:count])
        deviation[name] = np.abs(function(states[:count])[:SHARED] - exact).max()  # warms up, too
    walker = states[:1].copy()
    end = exact[0] + walk(walker.reshape(-1), matrix, sites).sum()
    timed["incremental local field"] = (lambda steps: walk(walker.reshape(-1), matrix, steps), sites)
    deviation["incremental local field"] = abs(end - naive(walker)[0])
    rates = {name: [] for name in timed}
    for _ in range(REPEATS):
        for name, (function, argument) in timed.items():
            rates[name].append(_rate(function, argument))
    rate, rate_error = mean_and_error(list(rates.values()))
    columns = {"rate": (rate, "1/s"), "rate_error": (rate_error, "1/s"), "deviation": ([*deviation.values()], "J")}
    return xr.Dataset(
        {name: ("procedure", values, {"units": unit}) for name, (values, unit) in columns.items()},
        {"procedure": list(rates)},
    )

"""Ensembles of configurations of an exact Hamiltonian, and the data sets made of them."""

import json
import math

import numpy as np
import xarray as xr

from spinnet.blocking import ALPHABETS, transform
from spinnet.checkpoint import NONE
from spinnet.errors import UserError
from spinnet.interactions import ISING, energy
from spinnet.rng import generator
from spinnet.samplers.ising import IsingChains
from spinnet.statistics import mean_of_series

PARTS = ["train", "validation", "test"]
LEAST_VALIDATION = 1000  # configurations that a smaller training set leaves for early stopping


def sample(settings, progress, checkpoint=NONE):
    """Sample an ensemble at each temperature.

    settings: seed, name, size, sampler, temperatures, chains (number), samples (a chain), thinning (in units of
    tau_int) and interactions ({term: strength [J]}; Ising's if missing).  Returns spins (temperature, sample, row,
    column), samples ordered by chain, with the measured autocorrelation time and the updates between samples.
    """
    interactions, sites = settings.get("interactions", ISING), settings["size"] ** 2

    def one(temperature, part):
        chains = IsingChains(
            settings["sampler"], settings["size"], temperature, settings["chains"],
            settings["seed"], "ensemble", settings["name"], float(temperature), interactions=interactions,
        )  # fmt: skip
        tau = chains.equilibrate(part)
        every = math.ceil(settings["thinning"] * tau)
        print(f"T = {temperature}: tau_int {tau:.2f} updates, {every} updates between samples")
        energy, magnetization, kept = chains.record(settings["samples"], every, True, part.part("samples"))
        means = mean_of_series(energy / sites), mean_of_series(np.abs(magnetization) / sites)
        return kept.reshape(-1, settings["size"], settings["size"]), tau, every, means

    found = checkpoint.map(one, settings["temperatures"], progress)
    spins, taus, updates, means = (list(column) for column in zip(*found, strict=True))
    unit = {"units": "cluster" if settings["sampler"] == "wolff" else "sweep"}
    (energy, energy_error), (magnetization, magnetization_error) = np.moveaxis(np.array(means), 0, -1)
    text = {"long_name": "integrated autocorrelation time plus its error, larger of energy and |m|"}
    t = ("temperature",)
    return xr.Dataset(
        {
            "spins": ((*t, "sample", "row", "column"), np.stack(spins), {"long_name": "spin", "units": "1"}),
            "autocorrelation_time": (t, taus, unit | text),
            "thinning": (t, updates, unit | {"long_name": "updates between samples"}),
            "energy": (t, energy, {"long_name": "mean energy per site", "units": "J"}),
            "energy_error": (t, energy_error, {"units": "J"}),
            "magnetization": (t, magnetization, {"long_name": "mean |magnetization| per site", "units": "1"}),
            "magnetization_error": (t, magnetization_error, {"units": "1"}),
        },
        {
            "temperature": (t, np.array(settings["temperatures"], float), {"units": "J/k_B"}),
            "chain": ("sample", np.repeat(np.arange(settings["chains"], dtype=np.int32), settings["samples"])),
        },
        {"interactions": json.dumps(interactions)},
    )


def to_dataset(ensemble, settings):
    """Transform an ensemble: values (temperature, sample, row, column) with part and, if it is known, energy.

    settings: seed, name, transform, and the number of chains of each part in `PARTS`; the first
    chains train, the next ones validate, the last ones test.  If wanted, noise (probability that a spin is
    flipped before the transform; the energy stays that of the clean spins) and configurations (as in `_fewer`).
    An ensemble of a user's own values has interactions "null" and their alphabet; UserError if the transform or
    the noise needs spins +-1 and it has others.
    """
    clean, dims = ensemble["spins"].values, ("temperature", "sample", "row", "column")
    interactions = json.loads(ensemble.attrs["interactions"])
    alphabet = np.array(ensemble["spins"].attrs.get("alphabet", ALPHABETS["raw"]), np.int8)
    noise = settings.get("noise", 0.0)
    if (noise or settings["transform"] != "raw") and alphabet.tolist() != [-1, 1]:
        raise UserError(
            f"data set {settings['name']}: noise and transforms other than raw need spins -1 and 1, "
            f"its ensemble has the values {alphabet.tolist()}"
        )
    random = generator(settings["seed"], "dataset", settings["name"])
    values = transform(settings["transform"], _noisy(clean, noise, settings), random)
    if settings["transform"] != "raw":
        alphabet = np.array(ALPHABETS[settings["transform"]], np.int8)
    attributes = {"long_name": settings["transform"], "units": "1", "alphabet": alphabet}
    result = xr.Dataset(
        {"values": (dims, values, attributes)},
        {"temperature": ensemble["temperature"], "chain": ensemble["chain"], "part": _parts(ensemble, settings)},
        {"size": clean.shape[-1], "interactions": ensemble.attrs["interactions"]},
    )
    if interactions is not None:
        text = "energy of the spins" + " without the noise" * (noise > 0)
        energies = np.stack([energy(spins, interactions) for spins in clean])
        result["energy"] = dims[:2], energies, {"long_name": text, "units": "J"}
    return _fewer(result, settings["configurations"]) if settings.get("configurations") else result


def _parts(ensemble, settings):
    """Part (sample,) of each configuration by its chain, an index into `PARTS`."""
    ends = np.cumsum([settings[part] for part in PARTS])
    names = {"flag_values": np.arange(3, dtype=np.int8), "flag_meanings": " ".join(PARTS)}
    return "sample", np.searchsorted(ends, ensemble["chain"].values, side="right").astype(np.int8), names


def _noisy(spins, noise, settings):
    """Spins, each flipped with probability `noise`."""
    if not noise:
        return spins
    flipped = generator(settings["seed"], "noise", settings["name"]).random(spins.shape, np.float32) < noise
    return np.where(flipped, -spins, spins)


def _fewer(dataset, number):
    """Keep `number` training configurations, the first ones of every training chain.

    Validation shrinks in proportion, but not below `LEAST_VALIDATION` configurations; the test part stays whole.
    """
    chain, part = dataset["chain"].values, dataset["part"].values
    _, first, inverse = np.unique(chain, return_index=True, return_inverse=True)
    age = np.arange(len(chain)) - first[inverse]
    rows = [np.flatnonzero(part == p) for p in range(len(PARTS))]
    most = [number, max(LEAST_VALIDATION, round(number / len(rows[0]) * len(rows[1]))), len(rows[2])]
    kept = [r[np.argsort(age[r], kind="stable")[:n]] for r, n in zip(rows, most, strict=True)]
    return dataset.isel(sample=np.sort(np.concatenate(kept)))

"""Ensembles of exact Ising configurations, and the data sets made of them."""

import math

import numpy as np
import xarray as xr

from spinnet.blocking import ALPHABETS, transform
from spinnet.lattice import ising_energy
from spinnet.rng import generator
from spinnet.samplers.ising import IsingChains
from spinnet.statistics import mean_of_series

PARTS = ["train", "validation", "test"]


def sample(settings, progress):
    """Sample an ensemble at each temperature.

    settings: seed, name, size, sampler, temperatures, chains (number), samples (a chain),
    thinning (in units of tau_int).  Returns spins (temperature, sample, row, column), samples
    ordered by chain, with the measured autocorrelation time and the updates between samples.
    """
    spins, taus, updates, means = [], [], [], []
    for temperature in progress(settings["temperatures"]):
        chains = IsingChains(
            settings["sampler"], settings["size"], temperature, settings["chains"],
            settings["seed"], "ensemble", settings["name"], float(temperature),
        )  # fmt: skip
        tau = chains.equilibrate()
        every = math.ceil(settings["thinning"] * tau)
        energy, magnetization, kept = chains.record(settings["samples"], every, keep=True)
        sites = settings["size"] ** 2
        means.append([mean_of_series(energy / sites), mean_of_series(np.abs(magnetization) / sites)])
        spins.append(kept.reshape(-1, settings["size"], settings["size"]))
        taus.append(tau)
        updates.append(every)
        print(f"T = {temperature}: tau_int {tau:.2f} updates, {every} updates between samples")
    unit = {"units": "sweep" if settings["sampler"] == "metropolis" else "cluster"}
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
    )


def to_dataset(ensemble, settings):
    """Transform an ensemble: values (temperature, sample, row, column) with part and Ising energy.

    settings: seed, name, transform, and the number of chains of each part in `PARTS`; the first
    chains train, the next ones validate, the last ones test.
    """
    spins = ensemble["spins"].values
    random = generator(settings["seed"], "dataset", settings["name"])
    values = transform(settings["transform"], spins, random)
    ends = np.cumsum([settings[part] for part in PARTS])
    part = np.searchsorted(ends, ensemble["chain"].values, side="right").astype(np.int8)
    alphabet = np.array(ALPHABETS[settings["transform"]], np.int8)
    names = {"flag_values": np.arange(3, dtype=np.int8), "flag_meanings": " ".join(PARTS)}
    dims = ("temperature", "sample", "row", "column")
    return xr.Dataset(
        {
            "values": (dims, values, {"long_name": settings["transform"], "units": "1", "alphabet": alphabet}),
            "energy": (dims[:2], ising_energy(spins), {"long_name": "Ising energy of the spins", "units": "J"}),
        },
        {
            "temperature": ensemble["temperature"],
            "chain": ensemble["chain"],
            "part": ("sample", part, names),
        },
        {"size": spins.shape[-1]},
    )

"""Judgement of a learned distribution: likelihood of held-out configurations, ancestral samples."""

import numpy as np
import torch
import xarray as xr

from spinnet.blocking import magnetization_per_spin
from spinnet.ensembles import PARTS
from spinnet.exact import kaufman
from spinnet.io import categories
from spinnet.lattice import ising_energy
from spinnet.models.made import MADE
from spinnet.rng import stream_key
from spinnet.samplers.constrained import log_block_weight
from spinnet.statistics import mean_and_error, mean_of_series
from spinnet.training import losses, make_deterministic


def load(arrays, header):
    """The MADE of a model file, on the CPU."""
    model = MADE(header["sites"], header["values"], header["hidden"])
    model.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})
    return model


def exact_log_prob(spins, energy, header, settings):
    """Exact log p (configurations,) of what the network sees of `spins`; None if it is not known.

    Spins: -E/T0 - ln Z with Kaufman's Z.  Stride-1 block sums: the same, as they determine the
    spins except where a checkerboard stripe runs through the whole lattice.  Stride-2 block sums:
    thermodynamic integration at fixed sums (`log_block_weight`).  Differences from -log p of a
    network are far less noisy than its likelihood minus the entropy.
    """
    size, t0 = header["size"], header["temperature"]
    log_z = kaufman(size, [t0]).log_partition[0] * size**2
    if header["transform"] in ("raw", "block_sum_stride1"):
        return -energy / t0 - log_z
    if header["transform"] == "block_sum_stride2":
        return log_block_weight(spins, t0, settings["seed"], "exact log p", settings["name"]) - log_z
    return None


def energy_comparison(learned, energy):
    """Least-squares line of the learned on the true energy [J]: slope, R^2, residual deviation [J]."""
    slope, intercept = np.polyfit(energy, learned, 1)
    residual = learned - slope * energy - intercept
    return slope, 1 - residual.var() / learned.var(), residual.std()


def evaluate(dataset, spins, arrays, header, settings):
    """Log p and energy (sample,) on the test part, KL gap, energy comparison, ancestral samples.

    spins: (samples, L, L) of the whole ensemble behind `dataset`.  settings: seed, name,
    ancestral_samples.
    """
    make_deterministic(settings["seed"], "evaluation", settings["name"])
    model, order, t0 = load(arrays, header), np.array(header["order"]), header["temperature"]
    test = PARTS.index("test")
    chosen = dataset["part"].values == test
    log_p, energy = -losses(model, (categories(dataset, test, order),)), dataset["energy"].values[0, chosen]
    result = xr.Dataset(
        {
            "log_prob": ("sample", log_p, {"long_name": "log probability", "units": "nat"}),
            "energy": ("sample", energy, {"long_name": "Ising energy", "units": "J"}),
        }
    )

    def by_chain(values):
        return values.reshape(len(np.unique(dataset["chain"].values[chosen])), -1)

    numbers = {"negative_log_likelihood": (*mean_of_series(by_chain(-log_p)), "nat")}
    exact = exact_log_prob(spins[chosen], energy, header, settings)
    if exact is not None:
        numbers["kl_gap"] = (*mean_of_series(by_chain(exact - log_p)), "nat")
    for name, values in ancestral_observables(model, header, settings).items():
        numbers[f"ancestral_{name}"] = (*mean_and_error(values), "J" if "energy" in name else "1")
    for name, (value, error, unit) in numbers.items():
        result[name] = ((), value, {"units": unit})
        result[name + "_error"] = ((), error, {"units": unit})
    slope, r_squared, residual = energy_comparison(-t0 * log_p, energy)
    result["slope"] = ((), slope, {"long_name": "slope of learned on true energy", "units": "1"})
    result["r_squared"] = ((), r_squared, {"long_name": "coefficient of determination", "units": "1"})
    result["residual"] = ((), residual, {"long_name": "standard deviation from the line", "units": "J"})
    return result


def ancestral_observables(model, header, settings):
    """{observable: (samples,)} per spin of independent samples drawn from the network at T0."""
    seed = int(stream_key(settings["seed"], "ancestral", settings["name"]) >> np.uint64(1))
    drawn = model.sample(settings["ancestral_samples"], torch.Generator().manual_seed(seed))
    spins = header["size"] ** 2
    learned = header["temperature"] * losses(model, (drawn.numpy(),)) / spins + header["energy_offset"]
    values = np.array(header["alphabet"], np.int8)[drawn.numpy()]
    result = {"magnetization": magnetization_per_spin(values, header["alphabet"]), "learned_energy": learned}
    if header["transform"] == "raw":
        lattice = values[:, np.argsort(header["order"])].reshape(-1, header["size"], header["size"])
        result["energy"] = ising_energy(lattice) / spins
    return result

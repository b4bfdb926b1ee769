"""From a data set to a learned Hamiltonian, and its judgement on held-out configurations."""

import numpy as np
import torch

from spinnet.ensembles import PARTS
from spinnet.io import categories
from spinnet.lattice import ising_energy
from spinnet.likelihood import likelihood
from spinnet.models.made import MADE
from spinnet.orders import site_order
from spinnet.rng import stream_key
from spinnet.statistics import mean_and_error
from spinnet.training import choose_device, log_prob, make_deterministic, train


def learn(dataset, settings, progress):
    """Train a MADE; returns its arrays and the header of its model file.

    settings: seed, name, hidden, order, device, and those of `training.train`.  The header's
    energy_offset [J per spin] makes the mean of the learned Hamiltonian H = -T0 log p over the
    validation part equal the mean energy of the data; H itself is known up to a constant.
    """
    make_deterministic(settings["seed"], "model", settings["name"])
    device = choose_device(settings["device"])
    values = dataset["values"]
    rows, alphabet = values.sizes["row"], values.attrs["alphabet"]
    order = site_order(settings["order"], rows, settings["seed"])
    data, validation, _ = (categories(dataset, p, order) for p in range(len(PARTS)))
    model = MADE(rows * rows, len(alphabet), settings["hidden"]).to(device)
    print(f"{len(data)} configurations of {rows} x {rows} sites on {device}")
    history = train(model, data, validation, settings, progress)
    t0, size = float(dataset["temperature"].values[0]), int(dataset.attrs["size"])
    energy = dataset["energy"].values[0, dataset["part"].values == PARTS.index("validation")]
    learned = -t0 * log_prob(model, validation)
    header = {
        "temperature": t0, "size": size, "sites": rows * rows, "values": len(alphabet),
        "alphabet": [int(a) for a in alphabet], "transform": values.attrs["long_name"],
        "hidden": settings["hidden"], "order": [int(site) for site in order],
        "energy_offset": float((energy - learned).mean() / size**2),
        "training_loss": [float(h[0]) for h in history], "validation_loss": [float(h[1]) for h in history],
        "settings": settings,
    }  # fmt: skip
    return model.arrays(), header


def load(arrays, header):
    """The MADE of a model file, on the CPU."""
    model = MADE(header["sites"], header["values"], header["hidden"])
    model.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})
    return model


def evaluate(dataset, arrays, header, settings):
    """Likelihood dataset of the test part, with observables of ancestral samples at T0.

    settings: seed, name, ancestral_samples.
    """
    make_deterministic(settings["seed"], "evaluation", settings["name"])
    model, order = load(arrays, header), np.array(header["order"])
    test = PARTS.index("test")
    chosen = dataset["part"].values == test
    chains = len(np.unique(dataset["chain"].values[chosen]))
    log_p = log_prob(model, categories(dataset, test, order)).reshape(chains, -1)
    energy = dataset["energy"].values[0, chosen].reshape(chains, -1)
    result = likelihood(log_p, energy, header)
    for name, values in ancestral_observables(model, header, settings).items():
        mean, error = mean_and_error(values)
        result[f"ancestral_{name}"] = ((), mean, {"long_name": f"{name} per spin of ancestral samples"})
        result[f"ancestral_{name}_error"] = ((), error)
    return result


def ancestral_observables(model, header, settings):
    """{observable: (samples,)} per spin of independent samples drawn from the network at T0."""
    seed = int(stream_key(settings["seed"], "ancestral", settings["name"]) >> np.uint64(1))
    drawn = model.sample(settings["ancestral_samples"], torch.Generator().manual_seed(seed))
    spins = header["size"] ** 2
    learned = -header["temperature"] * log_prob(model, drawn.numpy()) / spins + header["energy_offset"]
    values = np.array(header["alphabet"], np.int8)[drawn.numpy()]
    magnetization = np.abs(values.mean(axis=1)) / max(header["alphabet"])
    result = {"magnetization": magnetization, "learned_energy": learned}
    if header["transform"] == "raw":
        lattice = values[:, np.argsort(header["order"])].reshape(-1, header["size"], header["size"])
        result["energy"] = ising_energy(lattice) / spins
    return result

"""Large Wolff ensembles as bits, and their majority blockings."""

import math

import numpy as np
import xarray as xr

from spinnet.checkpoint import NONE
from spinnet.errors import UserError
from spinnet.lattice import majority
from spinnet.packing import ATTRIBUTES, pack, unpack
from spinnet.rng import generator
from spinnet.samplers import recording
from spinnet.samplers.ising import IsingChains

PIECE = 2**25  # spins held as int8 at a time


def pieces(chains, samples, size):
    """Slices of samples that hold about `PIECE` spins each."""
    step = max(1, PIECE // (chains * size * size))
    return [slice(i, min(i + step, samples)) for i in range(0, samples, step)]


def sample(settings, progress, checkpoint=NONE):
    """Thinned Wolff configurations of one lattice at one beta.

    settings: seed, name, lattice, size, beta, chains, samples (a chain), thinning (in units of
    tau_int).  Returns bits (chain, sample, row, byte) of the spins and energy (chain, sample) [J].
    """
    size, chains, samples = settings["size"], settings["chains"], settings["samples"]
    walkers = IsingChains(
        "wolff", size, 1 / settings["beta"], chains, settings["seed"], "rg", settings["name"],
        lattice=settings["lattice"],
    )  # fmt: skip
    tau = walkers.equilibrate(checkpoint)
    every = math.ceil(settings["thinning"] * tau)
    print(f"beta = {settings['beta']}: tau_int {tau:.2f} clusters, {every} clusters between samples")
    bits = np.empty((chains, samples, size, -(-size // 8)), np.uint8)
    energy = np.empty((chains, samples), np.int32)

    def advance(records):
        energies, _, spins = walkers.record(records, every, keep=True)
        return pack(spins), energies

    step, part = max(1, PIECE // walkers.spins.size), checkpoint.part("samples")
    recording.record((bits, energy), walkers, advance, step, progress, part)
    text = "integrated autocorrelation time plus its error, larger of energy and |m|"
    return xr.Dataset(
        {
            "bits": (("chain", "sample", "row", "byte"), bits, ATTRIBUTES),
            "energy": (("chain", "sample"), energy, {"units": "J", "long_name": "energy of the lattice"}),
            "autocorrelation_time": ((), tau, {"units": "cluster", "long_name": text}),
            "thinning": ((), every, {"units": "cluster", "long_name": "clusters between samples"}),
            "beta": ((), settings["beta"], {"units": "1/J", "long_name": "inverse temperature"}),
        },
        attrs={"size": size, "lattice": settings["lattice"]},
    )


def blocked(ensemble, settings, progress):
    """Majority rule with b = 2 applied 1 .. blockings times: bits_1, bits_2, ... of L/2, L/4, ...

    settings: seed, name, blockings.  Ties are random (Bachtis, Aarts & Lucini, Fig. 7).  Raises
    UserError if a lattice of odd size would have to be blocked.
    """
    size, bits = ensemble.attrs["size"], ensemble["bits"].values
    if size % 2 ** settings["blockings"]:
        raise UserError(
            f"ensemble {settings['name']}: {settings['blockings']} blockings with b = 2 need a lattice whose size is a "
            f"multiple of {2 ** settings['blockings']}, found {size} (rg.size)"
        )
    chains, samples = bits.shape[:2]
    sizes = [size // 2**n for n in range(1, settings["blockings"] + 1)]
    result = [np.empty((chains, samples, s, -(-s // 8)), np.uint8) for s in sizes]
    for chain in progress(range(chains)):
        random = generator(settings["seed"], "rg", settings["name"], "ties", chain)
        spins = unpack(bits[chain], size)
        for level in result:
            spins = majority(spins, random)
            level[chain] = pack(spins)
    return xr.Dataset(
        {
            f"bits_{n}": (("chain", "sample", f"row_{n}", f"byte_{n}"), level, ATTRIBUTES)
            for n, level in enumerate(result, 1)
        },
        attrs={"size": size},
    )


def levels(ensemble, blocks):
    """[(size, bits)] of the configurations and of their blockings; `blocks` (Dataset) or None."""
    size = ensemble.attrs["size"]
    numbers = range(1, 1 + (len(blocks.data_vars) if blocks is not None else 0))
    return [(size, ensemble["bits"].values), *((size // 2**n, blocks[f"bits_{n}"].values) for n in numbers)]

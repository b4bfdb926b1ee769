"""What the networks and the magnetization say of each configuration and of its blockings."""

import numpy as np
import xarray as xr

from spinnet.models.classifier import log_odds
from spinnet.packing import unpack
from spinnet.rg.ensembles import levels, pieces


def observe(ensemble, blocks, networks, progress):
    """Observables of an ensemble, level 0, and of its blockings, levels 1, 2, ...

    networks: {size: stacked arrays}; a level without networks of its size has no log odds.  Returns
    energy (chain, sample) [J], magnetization (level, chain, sample), the sum of the spins, and
    log_odds_{level} (network, sign, chain, sample), float32: the log odds of the broken phase of s
    (sign 1) and of -s (sign -1).  Log odds do not saturate, as f does.
    """
    dims, stack = ("chain", "sample"), levels(ensemble, blocks)
    shape = ensemble["energy"].shape
    magnetization = np.empty((len(stack), *shape), np.int32)
    variables = {"energy": ensemble["energy"], "magnetization": (("level", *dims), magnetization, {"units": "1"})}
    for n, (size, bits) in enumerate(progress(stack)):
        arrays = networks.get(size)
        odds = np.empty((len(arrays["fc1.bias"]) if arrays else 0, 2, *shape), np.float32)
        for piece in pieces(len(bits), shape[1], size):
            spins = unpack(bits[:, piece], size).reshape(-1, size * size)
            magnetization[n, :, piece] = spins.sum(1, dtype=np.int32).reshape(shape[0], -1)
            if arrays:
                odds[:, :, :, piece] = log_odds(arrays, spins).reshape(*odds.shape[:3], -1)
        if arrays:
            text = {"units": "1", "long_name": "log odds of the broken phase"}
            variables[f"log_odds_{n}"] = (("network", "sign", *dims), odds, text)
    coordinates = {"sign": [1, -1], "beta": ensemble["beta"]}
    return xr.Dataset(variables, coordinates, {name: ensemble.attrs[name] for name in ("size", "lattice")})

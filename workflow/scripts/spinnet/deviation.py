"""Deviation of a sweep from the exact Hamiltonian at every temperature, with errors."""

import numpy as np
import xarray as xr

from spinnet.exact import kaufman
from spinnet.statistics import DISAGREE, mean_and_error


def pooled(sweep, name):
    """Mean over both starts, and its standard error, (temperature,)."""
    if "chain" not in sweep[name].dims:
        error = np.sqrt((sweep[name + "_error"] ** 2).sum("start").values)
        return sweep[name].mean("start").values, error / sweep.sizes["start"]
    both = sweep[name].stack(all=("start", "chain")).transpose("temperature", "all")
    return mean_and_error(both.values)


def starts_differ(sweep, name="magnetization"):
    """(temperature,) bool: hot and cold starts differ by more than `DISAGREE` standard errors, or chains are stuck."""
    difference = np.abs(np.diff(sweep[name].mean("chain").transpose("temperature", "start").values))[:, 0]
    error = np.sqrt((sweep[name + "_error"].transpose("temperature", "start").values ** 2).sum(axis=1))
    differ = difference > DISAGREE * np.maximum(error, 1e-12)
    return differ | (sweep["stuck"].values > 0) if "stuck" in sweep else differ


def deviations(sweep, reference, size, ising):
    """Deviations from the exact Hamiltonian in |m|, E and C.

    E and C of the Ising model (`ising`) come from Kaufman's formula.  No closed formula gives <|m|>
    on a finite lattice, nor E and C of other Hamiltonians, so the long exact sweep `reference`
    stands for them and its error is included.  Dims (temperature, start), start "hot", "cold" or
    "all" (both together); variables {magnetization, energy, specific_heat, learned_energy,
    learned_specific_heat}_deviation with errors, and starts_differ (temperature,).
    """
    reference = reference.sel(temperature=sweep.temperature)
    references = {"magnetization": pooled(reference, "magnetization")}
    exact = kaufman(size, sweep.temperature.values) if ising else None
    for name in ("energy", "specific_heat"):
        references[name] = (getattr(exact, name), 0.0) if ising else pooled(reference, name)
        references["learned_" + name] = references[name]
    result = xr.Dataset(coords={"temperature": sweep.temperature, "start": [*sweep.start.values, "all"]})
    for name, (value, error) in references.items():
        if name in sweep:
            mean, own_error = _with_all(sweep, name)
            attrs = {"units": sweep[name].attrs["units"]}
            dims = ("start", "temperature")
            result[name + "_deviation"] = (dims, mean - value, attrs)
            result[name + "_deviation_error"] = (dims, np.hypot(own_error, error), attrs)
    result["starts_differ"] = ("temperature", starts_differ(sweep))
    return result.transpose("temperature", "start")


def _with_all(sweep, name):
    """(start, temperature) means and errors of each start and of all chains together."""
    ordered = sweep[[name, name + "_error"]].transpose("start", "temperature", ...)
    means = ordered[name].mean("chain") if "chain" in ordered.dims else ordered[name]
    mean, error = pooled(sweep, name)
    return np.append(means.values, [mean], axis=0), np.append(ordered[name + "_error"].values, [error], axis=0)

"""Deviation of a sweep from the exact Hamiltonian at every temperature, with errors."""

import numpy as np
import xarray as xr

from spinnet.exact import kaufman
from spinnet.statistics import mean_and_error

DISAGREE = 4.0  # standard errors between hot and cold starts that count as "not equilibrated"


def pooled(sweep, name):
    """Mean over all chains of both starts, and its standard error, (temperature,)."""
    both = sweep[name].stack(all=("start", "chain")).transpose("temperature", "all")
    return mean_and_error(both.values)


def starts_differ(sweep, name="magnetization"):
    """(temperature,) bool: hot and cold starts differ by more than `DISAGREE` standard errors."""
    difference = np.abs(np.diff(sweep[name].mean("chain").transpose("temperature", "start").values))[:, 0]
    error = np.sqrt((sweep[name + "_error"].transpose("temperature", "start").values ** 2).sum(axis=1))
    return difference > DISAGREE * np.maximum(error, 1e-12)


def deviations(sweep, reference, size):
    """Deviations per start from the reference sweep (|m|) and Kaufman's formula (E, C).

    Dims (temperature, start); variables {magnetization, energy, specific_heat,
    learned_energy, learned_specific_heat}_deviation and their errors.  No closed formula gives
    <|m|> on a finite lattice, so a long Wolff sweep stands for it and its error is included.
    """
    exact = kaufman(size, sweep.temperature.values)
    m_ref, m_err = (xr.DataArray(a, {"temperature": sweep.temperature}) for a in pooled(reference, "magnetization"))
    energy = xr.DataArray(exact.energy, {"temperature": sweep.temperature})
    heat = xr.DataArray(exact.specific_heat, {"temperature": sweep.temperature})
    references = {"magnetization": (m_ref, m_err), "energy": (energy, 0.0), "learned_energy": (energy, 0.0)}
    references |= {"specific_heat": (heat, 0.0), "learned_specific_heat": (heat, 0.0)}
    result = xr.Dataset()
    for name, (value, error) in references.items():
        if name in sweep:
            mean = sweep[name].mean("chain") if "chain" in sweep[name].dims else sweep[name]
            attrs = {"units": sweep[name].attrs["units"]}
            result[name + "_deviation"] = (mean - value).assign_attrs(attrs)
            result[name + "_deviation_error"] = np.hypot(sweep[name + "_error"], error).assign_attrs(attrs)
    result["starts_differ"] = ("temperature", starts_differ(sweep))
    return result

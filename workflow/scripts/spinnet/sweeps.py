"""Averages of sweeps over temperature.

Every sweep is an xarray dataset with dims temperature, start ("hot", "cold") and chain; values
are averages over the measured part of a chain, errors come from the scatter of the independent
chains.
"""

import numpy as np
import xarray as xr

from spinnet.statistics import autocorrelation_time, jackknife, mean_and_error

STARTS = ["hot", "cold"]
FAR = 0.05  # in |m| or energy per spin [J]; a domain wall across 64 x 64 spins costs 0.03 J, and |m| tells it

UNITS = {
    "temperature": ("temperature", "J/k_B"),
    "magnetization": ("mean |magnetization| per spin", "1"),
    "energy": ("energy per spin", "J"),
    "learned_energy": ("learned Hamiltonian per spin, offset fixed on data at T0", "J"),
    "specific_heat": ("specific heat per spin from the fluctuations of energy", "k_B"),
    "learned_specific_heat": ("specific heat per spin from the fluctuations of the learned Hamiltonian", "k_B"),
    "susceptibility": ("susceptibility per spin, N (<m^2> - <|m|>^2) / T", "1/J"),
    "acceptance": ("fraction of accepted proposals", "1"),
    "autocorrelation_time": ("integrated autocorrelation time of |magnetization|", "updates"),
    "measured": ("measured updates of each chain", "1"),
    "stuck": ("chains that never moved, away from the others", "1"),
}


def summary(temperatures, series, spins):
    """Averages and errors of series per spin of N = `spins` spins.

    series: {observable: one array (start, chain, time) a temperature}, of which the times may be of different numbers.
    """
    t = np.asarray(temperatures, float)
    result = xr.Dataset(coords={"temperature": t, "start": STARTS})
    means = {name: np.array([s.mean(-1, dtype=float) for s in values]) for name, values in series.items()}
    for name, values in means.items():
        result[name] = (("temperature", "start", "chain"), values)
        result[name + "_error"] = (("temperature", "start"), mean_and_error(values)[1])
    heats = {"energy": "specific_heat", "learned_energy": "learned_specific_heat"}
    quadratic = {heats[k]: (k, t**2) for k in means if k in heats} | {"susceptibility": ("magnetization", t)}
    for name, (source, power) in quadratic.items():
        square = np.array([(s.astype(float) ** 2).mean(-1) for s in series[source]])
        value, error = jackknife(lambda m, m2, power=power: spins * (m2 - m**2) / power[:, None], means[source], square)
        result[name] = (("temperature", "start"), value)
        result[name + "_error"] = (("temperature", "start"), error)
    times = [[autocorrelation_time(c)[0] for c in row] for row in series["magnetization"]]
    result["autocorrelation_time"] = (("temperature", "start"), np.array(times))
    result["measured"] = "temperature", np.array([s.shape[-1] for s in series["magnetization"]])
    result["stuck"] = "temperature", stuck(series)
    for temperature, number in zip(t, result["stuck"].values, strict=True):
        if number:
            print(f"warning: T = {temperature:g}: {number} chains never moved, away from the others: no equilibrium")
    return describe(result)


def stuck(series):
    """(temperature,) number of chains that did not move while measured, and are `FAR` from the mean of all chains.

    series: see `summary`.  At low temperature chains rest in a ground state, rightly; there they agree.
    """
    still, away = np.True_, np.False_
    for values in series.values():
        still = still & np.array([np.ptp(s, axis=-1) == 0 for s in values])
        away = away | np.array([np.abs(s[..., 0] - s.mean(dtype=float)) > FAR for s in values])
    return (still & away).sum((1, 2))


def describe(result):
    """The result with names and units of its variables."""
    for name, variable in result.variables.items():
        base = str(name).removesuffix("_error")
        if base in UNITS:
            text, unit = UNITS[base]
            prefix = "standard error of " if base != name else ""
            variable.attrs.update(long_name=prefix + text, units=unit)
    return result

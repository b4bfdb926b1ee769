"""Chains that a network drives, beside chains of the exact Hamiltonian with the same random numbers.

Source: Mills & Tamblyn, section IV A 3-4 and Figs. 7-10.  An operator is a function of configurations
(n, L, L) int8 -> (n,), of each configuration alone: total energies [J], or magnetizations per spin.
"""

import copy
from functools import partial
from itertools import repeat

import numpy as np
import xarray as xr

from spinnet.checkpoint import NONE
from spinnet.density_of_states import averages
from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.samplers import lookup, paired
from spinnet.statistics import jackknife

LARGEST = 8  # states of up to 64 sites are numbers of 64 bits
LARGEST_TABLE = 4  # lattices up to this size have all their energies in a table
MEANS = {
    "energy": ("J", "energy per site"),
    "energy_squared": ("J^2", "squared total energy per squared number of sites"),
    "magnetization": ("1", "absolute magnetization per spin"),
    "staggered": ("1", "absolute staggered magnetization per spin"),
}


def annealing(settings):
    """Yield the temperatures (temperatures * chains,) [J/k_B] of all chains for each sweep.

    A hot start, then one ramp for all, geometric in time, from the highest temperature to the lowest
    one during 3/4 of the burn-in; each chain stays at its own once the ramp is there.  The highest
    one is to be above the transition: after a quench below it, stripes and domains outlive the chains.
    """
    final = np.repeat(np.asarray(settings["temperatures"], float), settings["chains"])
    falling = 3 * settings["burn_in"] // 4
    for ramp in np.geomspace(final.max(), final.min(), falling):
        yield np.maximum(ramp, final)
    yield from repeat(final, settings["burn_in"] - falling + settings["sweeps"])


def _finite(operator):
    """`operator`, which ends the job at a value that is not finite: a chain would never leave or reach it."""

    def values(states):
        result = np.asarray(operator(states), float)
        if not np.isfinite(result).all():
            raise UserError("operator chains: a network predicts a value that is not finite; train it anew")
        return result

    return values


def _sweeps(energy, settings, purpose, state):
    """Iterator over the states and energies after each sweep, by the sampler that suits the size, from its `state`."""
    size = settings["size"]
    if not 2 <= size <= LARGEST:
        raise UserError(f"operator chains: size {size} was found; allowed is 2 to {LARGEST}")
    keys = lookup.keys(settings["seed"], purpose, size, settings["temperatures"], settings["chains"])
    if size <= LARGEST_TABLE:
        return lookup.sweeps(_finite(energy)(all_configurations(size)), annealing(settings), keys, state)
    return paired.sweeps(_finite(energy), size, annealing(settings), keys, state)


def _by_number(operator, size):
    """`operator` as a function of state numbers (n,)."""
    checked = _finite(operator)
    if size <= LARGEST_TABLE:
        return checked(all_configurations(size)).__getitem__
    return lambda states: checked(paired.unpack(states, size))


def _magnetization(states, sites, pattern=0):
    """Magnetization per spin of state numbers (n,), with the spins of the sites in `pattern` (bits) reversed."""
    return 2 * np.bitwise_count(states ^ np.uint64(pattern)) / sites - 1


def _observables(states, energies, size, magnetization):
    """`MEANS` of single states, (4, n)."""
    sites, per_site = size**2, energies / size**2
    board = sum(1 << site for site in range(sites) if (site // size + site % size) % 2)
    staggered = _magnetization(states, sites, board)
    return np.array([per_site, per_site**2, np.abs(magnetization(states)), np.abs(staggered)])


def operator_chains(exact, network, settings, progress, magnetization=None, checkpoint=NONE):
    """Dataset "operator chains": means over the sweeps of each chain, driven by `exact` and by `network`.

    exact, network: operators that give energies.  magnetization: the one that gives the magnetization
    of the network's chains; without it, and for the exact chains, the spins are counted.
    settings: seed, size (L <= 8), temperatures [J/k_B], chains (a temperature), burn_in and sweeps.
    Chains depend on seed, size, temperature and annealing alone, not on the network.
    """
    size, burn_in, sweeps = settings["size"], settings["burn_in"], settings["sweeps"]
    count = partial(_magnetization, sites=size**2)
    measures = count, _by_number(magnetization, size) if magnetization else count
    chains = len(settings["temperatures"]) * settings["chains"]
    start = [{}, {}], 0, np.zeros((2, len(MEANS), chains)), np.ones(chains, bool)
    states, first, sums, identical = copy.deepcopy(checkpoint.restore()) or start
    operators = zip((exact, network), states, strict=True)
    runs = [_sweeps(energy, settings, "operator chains", state) for energy, state in operators]
    for number in progress(range(first, burn_in + sweeps)):
        after = [next(run) for run in runs]
        identical &= after[0][0] == after[1][0]
        if number >= burn_in:
            for total, pair, measure in zip(sums, after, measures, strict=True):
                total += _observables(*pair, size, measure)
        if checkpoint.due():
            checkpoint.save(copy.deepcopy((states, number + 1, sums, identical)))
    return _dataset(sums / sweeps, identical, settings)


def _dataset(means, identical, settings):
    temperatures, dims = settings["temperatures"], ("hamiltonian", "temperature", "chain")
    means = means.reshape(2, len(MEANS), len(temperatures), -1)
    variables = {
        name: (dims, means[:, i], {"units": units, "long_name": f"mean over the sweeps of the {text}"})
        for i, (name, (units, text)) in enumerate(MEANS.items())
    }
    identical = identical.reshape(len(temperatures), -1).astype(np.int8)
    attributes = {"units": "1", "long_name": "1 if both chains went through the same states"}
    variables["identical"] = (dims[1:], identical, attributes)
    temperature = ("temperature", np.array(temperatures, float), {"units": "J/k_B"})
    coordinates = {"hamiltonian": ["exact", "network"], "temperature": temperature}
    return xr.Dataset(variables, coordinates, {"size": settings["size"]})


def with_exact_averages(chains, density):
    """`chains` of the Ising model with the exact averages from its "density of states"."""
    names = ("exact_energy", "exact_specific_heat", "exact_magnetization")
    rows = zip(names, averages(density, chains["temperature"].values), ("J", "k_B", "1"), strict=True)
    return chains.assign({name: ("temperature", row, {"units": units}) for name, row, units in rows})


def curves(chains):
    """Means over independent chains and their standard errors, from a dataset of `operator_chains`.

    Variables energy [J], specific_heat [k_B], magnetization, staggered, per site, (hamiltonian, temperature);
    {name}_difference (temperature), network - exact, from pairs of chains; {name}_error of each; and
    identical (temperature), the fraction of identical pairs.  Errors by jackknife over chains.
    """
    sites, temperature = chains.attrs["size"] ** 2, chains["temperature"].values
    estimators = {name: (lambda mean: mean, [name]) for name in ("energy", "magnetization", "staggered")}
    estimators["specific_heat"] = (
        lambda mean, squared: sites * (squared - mean**2) / temperature**2, ["energy", "energy_squared"],
    )  # fmt: skip
    result = chains[["identical"]].mean("chain").assign_coords(hamiltonian=chains["hamiltonian"])
    for name, (function, means) in estimators.items():
        values = [chains[mean].values for mean in means]
        both = jackknife(function, *values)
        difference = jackknife(lambda *means, f=function: np.diff(f(*means), axis=0)[0], *values)
        for suffix, value, error in zip(("", "_difference"), *zip(both, difference, strict=True), strict=True):
            dims = ("hamiltonian", "temperature")[-np.ndim(value) :]
            result[name + suffix], result[f"{name}{suffix}_error"] = (dims, value), (dims, error)
    return result


def thermal_configurations(energy, settings, progress, checkpoint=NONE):
    """Configurations of chains at several temperatures (samples, L, L) int8, and their energies [J] (samples,).

    energy: the operator that drives them.  settings: as for `operator_chains`, but instead of sweeps
    `snapshots`, the number of configurations from each chain, and `every`, the sweeps between them.
    """
    burn_in, every = settings["burn_in"], settings["every"]
    settings = settings | {"sweeps": settings["snapshots"] * every}
    state, first, kept = copy.deepcopy(checkpoint.restore()) or ({}, 0, [])
    sweeps = _sweeps(energy, settings, "thermal configurations", state)
    for number in progress(range(first, burn_in + settings["sweeps"])):
        pair = next(sweeps)
        if number >= burn_in and (number - burn_in + 1) % every == 0:
            kept.append(pair)
        if checkpoint.due():
            checkpoint.save(copy.deepcopy((state, number + 1, kept)))
    states, energies = (np.concatenate(column) for column in zip(*kept, strict=True))
    return paired.unpack(states, settings["size"]), energies

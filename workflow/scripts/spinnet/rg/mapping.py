"""The mappings of beta and of the field Y, with errors: Figs. 4-6 and Table I of Bachtis, Aarts & Lucini."""

import numpy as np
import xarray as xr

from spinnet.reweighting import averages, rebin, reweighting_sums
from spinnet.rg.estimates import METHODS, QUANTITIES, READINGS, binned, couplings, jackknifed, rebinned, system
from spinnet.rg.fixed_point import curve, inverse, trusted
from spinnet.rg.predictive import absolute_magnetization, predictive_function, sites
from spinnet.statistics import autocorrelation_time, jackknife, mean_of_series


def map_beta(small, large, settings):
    """beta' = f^-1(f'(beta)), its fixed point, and all exponents, by both kinds of blocking.

    small, large: observables of the ensembles on L/2 and L.  settings: beta_range, points,
    least_effective, bins.  Beside the curves and the estimates: |m| and chi of both lattices, and the
    autocorrelation time [samples] of f' and its error by the Gamma method.
    """
    grid = _grid(small, large, settings)
    parts = [_kind(grid, _systems(grid, large, raw), raw[1][1], settings["bins"]) for raw in _series(small, large)]
    result = xr.concat(parts, "blocking").assign_coords(blocking=list(METHODS), beta=("beta", grid, {"units": "1/J"}))
    order = [_order_parameter(grid, o, settings["bins"]) for o in (small, large)]
    result = result.merge(xr.concat(order, "lattice").assign_coords(lattice=["L/2", "L"]))
    return _with_units(result)


def _kind(grid, systems, rescaled, bins):
    """Results of one kind of blocking; rescaled: f' (chains, samples)."""
    value, error = jackknifed(grid, *systems, bins)
    result = xr.Dataset({"value": ("quantity", value), "error": ("quantity", error)}, {"quantity": list(QUANTITIES)})
    for name, (mean, deviation) in _curves(grid, *(rebinned(s, bins).sums for s in systems)).items():
        unit = {"units": "1/J" if name == "mapped" else "1"}
        result[name], result[f"{name}_error"] = ("beta", mean, unit), ("beta", deviation, unit)
    result["tau_rescaled"], result["tau_rescaled_error"] = autocorrelation_time(rescaled)
    result["gamma_error"] = mean_of_series(rescaled)[1]
    return result


def _order_parameter(grid, observed, bins):
    """<|m|> and chi = beta V (<m^2> - <|m|>^2) over the grid (eqs. A3 and A4), each with its error."""
    m, volume = absolute_magnetization(observed, 0), sites(observed)
    energy = observed["energy"].values.astype(float)
    sums = rebin(reweighting_sums(grid - float(observed.beta), -energy, [m, m * m]), bins)

    def chi(weight, m, square):
        return grid * volume * (averages(weight, square) - averages(weight, m) ** 2)

    result = xr.Dataset()
    for name, unit, (value, error) in (
        ("magnetization", "1", jackknife(averages, sums.weight, sums.observable[0])),
        ("susceptibility", "1/J", jackknife(chi, sums.weight, *sums.observable)),
    ):
        result[name], result[f"{name}_error"] = ("beta", value, {"units": unit}), ("beta", error, {"units": unit})
    return result


def replicas(small, large, settings):
    """Estimates from disjoint replicas with the paper's statistics, by both kinds of blocking.

    settings: as in `map_beta`, and number, configurations, replica_bins.  Returns value and error
    (blocking, replica, quantity) by the paper's binning and, with the prefix jackknife_, by the jackknife.
    """
    grid, bins = _grid(small, large, settings), settings["replica_bins"]
    rows = {name: [] for name in ("value", "error", "jackknife_value", "jackknife_error")}
    for raw in _series(small, large):
        for i in range(settings["number"]):
            systems = _systems(grid, large, raw, lambda a, i=i: _replica(a, i, settings))
            for prefix, estimate in (("", binned(grid, *systems)), ("jackknife_", jackknifed(grid, *systems, bins))):
                for name, numbers in zip(("value", "error"), estimate, strict=True):
                    rows[prefix + name].append(numbers)
    dims, shape = ("blocking", "replica", "quantity"), (len(METHODS), settings["number"], len(QUANTITIES))
    variables = {name: (dims, np.reshape(row, shape)) for name, row in rows.items()}
    return _with_units(xr.Dataset(variables, {"blocking": list(METHODS), "quantity": list(QUANTITIES)}))


def _replica(series, number, settings):
    """The samples of one replica as bins: (chains, samples) -> (replica_bins, samples a bin)."""
    bins, size = settings["replica_bins"], settings["configurations"] // settings["replica_bins"]
    return series.reshape(-1)[number * bins * size : (number + 1) * bins * size].reshape(bins, size)


def _grid(small, large, settings):
    limits = settings["beta_range"], settings["points"], settings["least_effective"]
    trusted(small, *limits)
    return trusted(large, *limits)


def _series(small, large):
    """For each kind of blocking, [(E, f, couplings)] of the original and the rescaled ensemble."""
    for levels in METHODS.values():
        yield [
            (o["energy"].values, predictive_function(o, level), list(couplings(o, level).values()))
            for o, level in zip((small, large), levels, strict=True)
        ]


def _systems(grid, large, series, arrange=np.asarray):
    """`System` of the original and of the rescaled ensemble; arrange takes samples out of (chains, samples)."""
    shifts = grid - float(large.beta)
    return [system(shifts, arrange(e), arrange(f), [arrange(c) for c in g]) for e, f, g in series]


def _with_units(result):
    for variable in result.data_vars.values():
        variable.attrs.setdefault("units", "1")
    return result


def _curves(grid, original, rescaled):
    """f, f' and beta' over the grid with jackknife errors."""
    result = {
        name: jackknife(averages, s.weight, s.observable[0])
        for name, s in (("original", original), ("rescaled", rescaled))
    }

    def mapped(weight, conjugate, observable, product, new_weight, new_observable):
        return inverse(curve(grid, weight, conjugate, observable, product), averages(new_weight, new_observable))

    values = original.weight, original.conjugate, original.observable[0], original.product[0]
    result["mapped"] = jackknife(mapped, *values, rescaled.weight, rescaled.observable[0])
    return result


WIDER = 6  # range of Y' over that of Y; their ratio is about 2^(15/8) = 3.7 or 4


def map_field(small, large, settings):
    """Y' = f^-1(f'(Y)) at the sampled beta for each reading of the coupling, by single blocking.

    settings: field_range [J], points, bins.  Returns mapped (reading, field) and its error, in J.
    """
    grid = np.linspace(-settings["field_range"], settings["field_range"], settings["points"])
    beta, rows = float(large.beta), []
    old, new = couplings(small, 0), couplings(large, 1)
    for reading in READINGS:
        original = _field_sums(WIDER * grid, small, beta, old[reading], old["blocked"], settings["bins"])
        rescaled = _field_sums(grid, large, beta, new[reading], new["blocked"], settings["bins"])

        def mapped(weight, conjugate, observable, product, new_weight, new_observable):
            old_curve = curve(WIDER * grid, weight, conjugate, observable, product)
            return inverse(old_curve, averages(new_weight, new_observable))

        values = original.weight, original.conjugate, original.observable[0], original.product[0]
        rows.append(jackknife(mapped, *values, rescaled.weight, rescaled.observable[0]))
    dims, unit = ("reading", "field"), {"units": "J"}
    mean, error = np.moveaxis(np.array(rows), 1, 0)
    return xr.Dataset(
        {"mapped": (dims, mean, unit), "mapped_error": (dims, error, unit)},
        {"reading": list(READINGS), "field": ("field", grid, unit)},
    )


def _field_sums(grid, observed, beta, coupled, f, bins):
    """Reweighting sums of f over a grid of Y for the term -V g Y, g = coupled, in groups of chains."""
    return rebin(reweighting_sums(grid, beta * sites(observed) * coupled, [f]), bins)

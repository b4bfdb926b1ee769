"""What the fields Y and h do: reweighting (Figs. 2 and 3), and its comparison with direct sampling."""

import numpy as np
import xarray as xr

from spinnet.reweighting import averages, effective_sample_size, reweighting_sums, slopes
from spinnet.rg.predictive import absolute_magnetization, predictive_function, sites
from spinnet.statistics import DISAGREE, jackknife, mean_and_error

ENOUGH = 100  # configurations on the target side of f = 1/2 from which reweighting in Y is believed


def reweighted(observed, settings):
    """<f>, chi_f and <|m|> over a grid of Y and of h, from configurations at zero field (eqs. 5 and 7).

    settings: field_range [J], points.  Dims (network, couples_to, field): Y couples to V f of the
    network, h to the magnetization.  Beside the averages, their jackknife errors over chains, and
    what tells whether to believe them: the effective sample size, and the number of configurations
    on the side of f = 1/2 to which Y drives (`on_target`).
    """
    parts = [_of_network(observed, k, settings) for k in range(observed.sizes["network"])]
    return xr.concat(parts, "network")


def _of_network(observed, network, settings):
    """`reweighted` of one network."""
    grid = np.linspace(-settings["field_range"], settings["field_range"], settings["points"])
    beta, volume = float(observed.beta), sites(observed)
    f, m = predictive_function(observed, 0, [network]), absolute_magnetization(observed, 0)
    conjugates = {"Y": volume * f, "h": observed["magnetization"].values[0].astype(float)}
    result = xr.Dataset(
        coords={
            "field": ("field", grid, {"units": "J"}),
            "beta": ((), beta, {"units": "1/J"}),
            "couples_to": list(conjugates),
        }
    )
    parts = [reweighting_sums(grid, beta * q, [f, m]) for q in conjugates.values()]
    dims = ("couples_to", "field")
    for k, name in enumerate(("f", "abs_magnetization")):
        for suffix, function, unit in (("", _average, "1"), ("_slope", _slope, "1/J")):
            values = [(s.weight, s.conjugate, s.observable[k], s.product[k]) for s in parts]
            # Not the jackknife's value: its correction of the bias may leave [0, 1] where reweighting fails.
            mean = np.array([function(*(v.sum(-1) for v in value)) for value in values])
            error = np.array([jackknife(function, *value)[1] for value in values])
            result[name + suffix], result[f"{name}{suffix}_error"] = (dims, mean), (dims, error)
            result[name + suffix].attrs["units"] = result[f"{name}{suffix}_error"].attrs["units"] = unit
    size = np.array([effective_sample_size(s) for s in parts])
    result["effective_sample_size"] = (dims, size, {"units": "1"})
    target = np.where(grid > 0, (f > 0.5).sum(), (f < 0.5).sum())
    result["on_target"] = ("field", target, {"units": "1", "long_name": "configurations on the target side of f = 1/2"})
    return result


def _average(weight, _conjugate, observable, _product):
    return averages(weight, observable)


def _slope(weight, conjugate, observable, product):
    return slopes(weight, conjugate, observable, product)


def pooled(sampled):
    """<f> over all chains of direct sampling and its error, (field,)."""
    values = sampled["f"].values
    return mean_and_error(values.reshape(len(values), -1))


def susceptibility(sampled):
    """chi_f = beta V (<f^2> - <f>^2) of direct sampling [1/J] (eq. 5) and its jackknife error, (field,)."""
    f, square = (sampled[name].values.reshape(sampled.sizes["field"], -1) for name in ("f", "f_squared"))
    factor = float(sampled.beta) * sampled.attrs["size"] ** 2
    return jackknife(lambda f, f2: factor * (f2 - f * f), f, square)


def disagree(sampled):
    """(field,) bool: <f> of hot and of cold starts differ by more than `DISAGREE` errors: not equilibrated."""
    mean, error = mean_and_error(sampled["f"].values)
    return np.abs(mean[:, 0] - mean[:, 1]) > DISAGREE * np.maximum(np.hypot(*error.T), 1e-12)


def pulls(curve, sampled):
    """(field,) (reweighted - direct) / error of <f>, and the number of configurations on the target side.

    curve: reweighted curve of the network that was sampled, over a grid that holds the fields.
    """
    at = curve.sel(couples_to="Y").sel(field=sampled.field.values, method="nearest")
    mean, error = pooled(sampled)
    return (at["f"].values - mean) / np.maximum(np.hypot(at["f_error"].values, error), 1e-12), at["on_target"].values

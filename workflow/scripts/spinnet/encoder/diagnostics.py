"""Whether a learned distribution fits its data, when nothing but the data is known.

Held-out likelihood against that of the training part and of simpler models, and chains and samples of the model at
T0 against the data.
"""

import numpy as np
import xarray as xr
from scipy.special import logsumexp

from spinnet.blocking import magnetization_per_spin
from spinnet.deviation import pooled
from spinnet.ensembles import PARTS
from spinnet.errors import UserError
from spinnet.learned import log_weight, sample_ancestral
from spinnet.rng import generator
from spinnet.statistics import mean_and_error, mean_of_series

CONFIGURATIONS = 2000  # at most, of each part, for what needs many evaluations of the network
SITES = 4  # random sites of each configuration that are asked for
SAMPLES = 1000  # drawn from the model


def diagnose(dataset, arrays, header, sweep, settings):
    """Likelihoods of the parts, and the model at T0 against its data; all per site.

    dataset: of one temperature.  sweep: chains of the model with T0 among its temperatures.  settings: seed, name.
    Returns, with dims part ("train", "validation", "test") and an _error each, [nats]:
      negative_log_likelihood: -log p(s); left out for the architecture "local", whose p lacks a constant
      conditional: -log p(s_i | all other sites), which needs no constant
      conditional_neighbours: the same of a table over the sum of the four neighbours, counted in the training part
      independent: -log p of independent sites, with frequencies counted in the training part
    gain: conditional_neighbours - conditional in the test part, from differences; gap: test - train of the likelihood,
    or of -gain for "local".  With dim comparison: data and model, values with errors, and pull, their difference in
    standard errors.  Raises UserError if the sweep lacks T0.
    """
    function, parts = log_weight(arrays, header), _parts(dataset, header)
    rows = [_likelihoods(function, part, parts[0], header, settings) for part in parts]
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    units = {"units": "nat"}
    result = xr.Dataset(coords={"part": PARTS})
    for name, numbers in columns.items():
        if name != "gain":
            result[name], result[name + "_error"] = (("part", column, units) for column in numbers.T)
    if "negative_log_likelihood" in columns:
        (train, train_error), _, (test, test_error) = columns["negative_log_likelihood"]
    else:  # differences from the table have a smaller error
        (train, train_error), _, (test, test_error) = columns["gain"] * (-1, 1)
    result["gap"], result["gap_error"] = ((), test - train, units), ((), np.hypot(train_error, test_error), units)
    result["gain"], result["gain_error"] = (((), x, units) for x in columns["gain"][-1])
    return result.merge(_comparison(function, dataset, arrays, header, sweep, settings))


def _parts(dataset, header):
    """[(chains, configurations, rows, columns)] of each part, as indices into the alphabet."""
    values = np.searchsorted(header["alphabet"], dataset["values"].values[0]).astype(np.int8)
    part, chain = dataset["part"].values, dataset["chain"].values
    chosen = [part == p for p in range(len(PARTS))]
    return [values[c].reshape(len(np.unique(chain[c])), -1, *values.shape[1:]) for c in chosen]


def _likelihoods(function, part, training, header, settings):
    """{name: (value, error)} of one part [nats per site]."""
    chains, length, rows, columns = part.shape
    thinned = part[:, :: -(-chains * length // CONFIGURATIONS)]
    number = thinned.shape[0] * thinned.shape[1]
    sites = generator(settings["seed"], "conditional", settings["name"]).integers(0, rows * columns, (number, SITES))
    flat = thinned.reshape(number, rows, columns)
    own = conditional(function, flat, sites, header["alphabet"])
    table = conditional_of_neighbours(training, flat, sites, len(header["alphabet"]))
    frequencies = np.stack([(training == v).sum((0, 1)) for v in range(len(header["alphabet"]))]) + 1
    information = -np.log(frequencies / frequencies.sum(0))
    single = sum(np.tensordot(part == v, information[v], 2) for v in range(len(information))) / (rows * columns)
    series = {
        "conditional": own.reshape(*thinned.shape[:2], SITES).mean(2),
        "conditional_neighbours": table.reshape(*thinned.shape[:2], SITES).mean(2),
        "gain": (table - own).reshape(*thinned.shape[:2], SITES).mean(2),
        "independent": single,
    }
    if header["architecture"] != "local":
        values = np.asarray(header["alphabet"], np.int8)[part.reshape(-1, rows, columns)]
        series["negative_log_likelihood"] = -function(values).reshape(chains, length) / (rows * columns)
    return {name: mean_of_series(s) for name, s in series.items()}


def conditional(function, categories, sites, alphabet):
    """-log p(s_i | all other sites) [nats], (n, k), at k sites i of each configuration.

    function: see `learned.log_weight`.  categories: (n, rows, columns) indices into the alphabet.  sites: (n, k).
    """
    values = np.asarray(alphabet, np.int8)[categories]
    reference, number = function(values), np.arange(len(values))
    result = np.empty(sites.shape)
    for k, site in enumerate(sites.T):
        weights = []
        for value in alphabet:
            changed = values.copy()
            changed.reshape(len(values), -1)[number, site] = value
            weights.append(function(changed))
        result[:, k] = logsumexp(weights, axis=0) - reference
    return result


def conditional_of_neighbours(training, categories, sites, values):
    """-log of the frequency of s_i in `training` among sites with the same sum of its four neighbours [nats], (n, k).

    training: (..., rows, columns), and categories: (n, rows, columns) of indices below `values`, periodic.
    """

    def sums(lattices):
        return sum(np.roll(lattices, step, axis) for step in (1, -1) for axis in (-2, -1))

    counts = np.ones((4 * values - 3, values))
    index = sums(training).astype(np.int64) * values + training
    counts += np.bincount(index.ravel(), minlength=counts.size).reshape(counts.shape)
    information = -np.log(counts / counts.sum(1, keepdims=True))
    own, around = (x.reshape(len(x), -1) for x in (categories, sums(categories)))
    return information[np.take_along_axis(around, sites, 1), np.take_along_axis(own, sites, 1)]


def _comparison(function, dataset, arrays, header, sweep, settings):
    """Data and model at T0: dataset with dim comparison.

    |m| and the correlation of neighbours are compared with all data, H with the test part, as it is lower on
    configurations that the network has learned from.
    """
    t0, spins = header["temperature"], header["size"] ** 2
    values, chain = dataset["values"].values[0], dataset["chain"].values
    test = dataset["part"].values == PARTS.index("test")
    energy = -t0 * function(values[test]) / spins + header["energy_offset"]
    data = {name: _by_chain(x, chain) for name, x in observables(values, header["alphabet"]).items()}
    data["learned_energy"] = _by_chain(energy, chain[test])
    point = _at_t0(sweep, t0)
    rows = {
        f"{name}, chains": (*mean_of_series(data[name]), *(float(x[0]) for x in pooled(point, name)))
        for name in ("magnetization", "learned_energy")
    }
    if header["architecture"] != "local":
        drawn = sample_ancestral(arrays, header, SAMPLES, settings["seed"], "diagnostics", settings["name"])
        model = observables(drawn, header["alphabet"])
        rows |= {f"{name}, samples": (*mean_of_series(data[name]), *mean_and_error(x)) for name, x in model.items()}
    value, error, model, model_error = np.array(list(rows.values())).T
    columns = {"data": value, "data_error": error, "model": model, "model_error": model_error}
    variables = {k: ("comparison", v, {"units": "J for learned_energy, else 1"}) for k, v in columns.items()}
    pull = (model - value) / np.maximum(np.hypot(error, model_error), 1e-12)
    return xr.Dataset(variables | {"pull": ("comparison", pull, {"units": "1"})}, {"comparison": list(rows)})


def observables(values, alphabet):
    """{name: (n,)} of configurations (n, rows, columns): |m|, and the correlation of neighbours inside the lattice.

    Both in units of the largest value of the alphabet.
    """
    scaled = values / np.float32(max(alphabet))
    pairs = (scaled[:, 1:] * scaled[:, :-1]).mean((1, 2)) + (scaled[..., 1:] * scaled[..., :-1]).mean((1, 2))
    magnetization = magnetization_per_spin(values.reshape(len(values), -1), alphabet)
    return {"magnetization": magnetization, "neighbour_correlation": pairs.astype(float) / 2}


def _by_chain(series, chain):
    return series.reshape(len(np.unique(chain)), -1)


def _at_t0(sweep, t0):
    """The sweep at T0 alone."""
    nearest = sweep.sel(temperature=[t0], method="nearest")
    if abs(float(nearest["temperature"][0]) - t0) > 1e-6 * t0:
        raise UserError(f"the sweep lacks T0 = {t0}, where chains are compared with the data; add it to temperatures")
    return nearest

"""Standard regressors of scikit-learn on raw spins (Mills & Tamblyn, Sec. IV A 7)."""

import json
import time
import timeit

import numpy as np
import xarray as xr
from sklearn.base import clone
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestRegressor
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, ShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from spinnet.errors import UserError
from spinnet.operators.scores import median_error
from spinnet.rng import generator, stream_key

TUNING = 3000  # examples for the search of hyperparameters; its time grows as their cube
HELD_OUT = 0.2  # fraction of them that validates
# The wider the radial kernel, the closer to a polynomial of second degree, which is exact; the grid
# ends where the kernel matrix is singular in double precision.
GRIDS = {
    "kernel ridge, rbf tuned": {"alpha": [1e-10, 1e-7, 1e-4], "gamma": [1e-5, 1e-4, 1e-3, 1e-2]},
    "kernel ridge, polynomial tuned": {"alpha": [1e-6, 1e-3, 1.0], "degree": [2, 3], "coef0": [0, 1]},
}


def pair_products(spins):
    """All products s_i s_j with i < j: (samples, N (N-1)/2) of spins (samples, N)."""
    i, j = np.triu_indices(spins.shape[1], 1)
    return spins[:, i] * spins[:, j]


def regressors(trees, seed):
    """Estimators by name, with the default hyperparameters of scikit-learn but for the pair products.

    "linear" predicts what kernel ridge regression does with the default kernel of scikit-learn,
    which is linear, in less time.  "pair products" is least squares: its penalty, far below any
    eigenvalue that the data determine, only lets the faster Cholesky solver work.
    """
    return {
        "constant": DummyRegressor(strategy="median"),
        "linear": Ridge(alpha=1.0, fit_intercept=False),
        "kernel ridge, rbf": KernelRidge(kernel="rbf"),
        "kernel ridge, rbf tuned": KernelRidge(kernel="rbf"),
        "kernel ridge, polynomial tuned": KernelRidge(kernel="polynomial"),
        "random forest": RandomForestRegressor(trees, random_state=seed, n_jobs=1),
        "pair products": make_pipeline(FunctionTransformer(pair_products), Ridge(alpha=1e-6, solver="cholesky")),
    }


def tune(estimator, grid, spins, energies, seed):
    """The estimator with those hyperparameters of `grid` that have the least median error on a held-out part."""
    held_out = ShuffleSplit(1, test_size=HELD_OUT, random_state=seed)
    search = GridSearchCV(estimator, grid, cv=held_out, scoring="neg_median_absolute_error", refit=False)
    search.fit(spins[:TUNING], energies[:TUNING])
    return clone(estimator).set_params(**search.best_params_)


def measure(estimator, training, test):
    """Dict of median_error, median_error_error [J], training_seconds, prediction_seconds (for 1000 configurations).

    training, test: (spins (samples, N), energies (samples,) [J]).  Seconds are wall time on one core.
    """
    began = time.perf_counter()
    estimator.fit(*training)
    trained = time.perf_counter()
    error, uncertainty = median_error(estimator.predict(test[0]), test[1])
    predicting = min(timeit.repeat(lambda: estimator.predict(test[0]), number=1, repeat=3))
    return {
        "median_error": error,
        "median_error_error": uncertainty,
        "training_seconds": trained - began,
        "prediction_seconds": predicting * 1000 / len(test[1]),
    }


def baselines(dataset, settings, progress):
    """Errors and times of all `regressors` for several training sizes.

    dataset: of kind "operator data", Ising spins.  settings: seed, examples (numbers of training
    configurations), largest_kernel (the largest of these for kernel ridge regression, whose memory
    grows as the square; NaN beyond), trees, test (number of test configurations).  Smaller training
    sets are part of larger ones.  Training seconds are those of the last fit, without the search.
    """
    seed = int(stream_key(settings["seed"], "baselines", "scikit-learn") % np.uint64(2**32))
    training = _examples(dataset, "train", max(settings["examples"]), settings["seed"])
    test = _examples(dataset, "test", settings["test"], settings["seed"])
    estimators, sizes = regressors(settings["trees"], seed), settings["examples"]
    dims, coords = ("regressor", "examples"), {"regressor": list(estimators), "examples": sizes}
    shape = (len(estimators), len(sizes))
    names = ("median_error", "median_error_error", "training_seconds", "prediction_seconds")
    units = {name: {"units": "J" if "error" in name else "s"} for name in names}
    result = xr.Dataset({name: (dims, np.full(shape, np.nan), units[name]) for name in names}, coords)
    result["chosen"] = dims, np.full(shape, "", object), {"long_name": "tuned hyperparameters"}
    for name, size in progress([(name, size) for size in sizes for name in estimators]):
        if name.startswith("kernel") and size > settings["largest_kernel"]:
            continue
        estimator, spins, energies = estimators[name], training[0][:size], training[1][:size]
        if name in GRIDS:
            estimator = tune(estimator, GRIDS[name], spins, energies, seed)
            chosen = {key: estimator.get_params()[key] for key in GRIDS[name]}
            result["chosen"].loc[name, size] = json.dumps(chosen)
        for key, value in measure(estimator, (spins, energies), test).items():
            result[key].loc[name, size] = value
    return result


def _examples(dataset, part, number, seed):
    """`number` configurations of a part in random order: spins (number, N) and energies [J], float64."""
    rows = np.flatnonzero(dataset["part"].values == part)
    if len(rows) < number:
        raise UserError(f"baselines: {number} {part} configurations were asked for, the data set has {len(rows)}")
    rows = generator(seed, "baselines", part).permutation(rows)[:number]
    return dataset["state"].values[rows].reshape(number, -1).astype(float), dataset["energy"].values[rows]

"""Standard regressors on the energy of the 8 x 8 Ising model."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import binom
from sklearn.kernel_ridge import KernelRidge

from spinnet.errors import UserError
from spinnet.lattice import ising_energy
from spinnet.operators.baselines import baselines, pair_products, regressors
from spinnet.operators.scores import median_error

SETTINGS = {"seed": 5, "examples": [400, 2400], "largest_kernel": 2400, "trees": 10, "test": 800}


def states_at_all_energies(number, seed):
    """Spins (number, 8, 8): a ground state of either sign of J, with sites flipped at a random rate."""
    random = np.random.default_rng(seed)
    orders = np.stack([np.ones((8, 8)), 1 - 2 * (np.indices((8, 8)).sum(0) % 2)])
    rates = (1 - np.sqrt(random.random((number, 1, 1)))) / 2
    flips = np.where(random.random((number, 8, 8)) < rates, -1, 1)
    signs = random.choice([-1, 1], (number, 1, 1))
    return (orders[random.integers(0, 2, number)] * flips * signs).astype(np.int8)


@pytest.fixture(scope="module")
def data():
    states = states_at_all_energies(3600, 1)
    parts = np.repeat(["train", "test"], [2600, 1000])
    variables = {"energy": ("sample", ising_energy(states).astype(float)), "part": ("sample", parts)}
    return xr.Dataset({"state": (("sample", "row", "column"), states), **variables})


@pytest.fixture(scope="module")
def result(data):
    return baselines(data, SETTINGS, lambda items: items)


def test_pair_products_find_the_couplings(data):
    """-1 J on the 128 bonds and nothing on the other 1888 pairs, from 2400 energies."""
    spins, energies = data["state"].values.reshape(-1, 64)[:2400].astype(float), data["energy"].values[:2400]
    fit = regressors(1, 0)["pair products"].fit(spins, energies)[-1]
    i, j = np.triu_indices(64, 1)
    rows, columns = (np.minimum(abs(x), 8 - abs(x)) for x in (i // 8 - j // 8, i % 8 - j % 8))
    assert np.allclose(fit.coef_, np.where(rows + columns == 1, -1.0, 0.0), atol=1e-5)
    assert fit.intercept_ == pytest.approx(0, abs=1e-5)


def test_pair_products_represent_the_energy():
    spins = states_at_all_energies(50, 2)
    bonds = np.zeros((64, 64))
    for site in range(64):
        row, column = divmod(site, 8)
        for other in (8 * row + (column + 1) % 8, 8 * ((row + 1) % 8) + column):
            bonds[min(site, other), max(site, other)] -= 1
    assert np.array_equal(pair_products(spins.reshape(50, 64)) @ bonds[np.triu_indices(64, 1)], ising_energy(spins))


def test_pair_products_are_exact_once_determined(result):
    errors = result["median_error"].sel(regressor="pair products")
    assert errors[0] > 0.1  # 400 equations for 2016 couplings
    assert errors[1] < 1e-5


def test_a_linear_function_is_no_better_than_a_constant(result):
    """The energy is even in the spins; what is odd in them says nothing about it."""
    constant, linear = (result.sel(regressor=name, examples=2400) for name in ("constant", "linear"))
    difference = abs(float(constant["median_error"] - linear["median_error"]))
    assert difference < 5 * np.hypot(constant["median_error_error"], linear["median_error_error"])
    assert constant["median_error"] > 30


def test_linear_is_kernel_ridge_with_the_default_kernel(data):
    spins, energies = data["state"].values.reshape(-1, 64)[:300].astype(float), data["energy"].values[:300]
    expected = KernelRidge().fit(spins[:200], energies[:200]).predict(spins[200:])
    found = regressors(1, 0)["linear"].fit(spins[:200], energies[:200]).predict(spins[200:])
    assert np.allclose(found, expected, atol=1e-8)


def test_order_of_the_regressors(result):
    error = result["median_error"].sel(examples=2400)
    names = ["kernel ridge, polynomial tuned", "kernel ridge, rbf tuned", "kernel ridge, rbf", "constant"]
    assert np.all(np.diff(error.sel(regressor=names)) > 0)
    assert error.sel(regressor="kernel ridge, polynomial tuned") < 1e-2
    assert error.sel(regressor="random forest") < error.sel(regressor="constant") / 2


def test_the_tuned_polynomial_is_of_second_degree(result):
    chosen = result["chosen"].sel(examples=2400)
    assert '"degree": 2' in str(chosen.sel(regressor="kernel ridge, polynomial tuned").values)
    assert chosen.sel(regressor="random forest") == ""


def test_kernels_stop_at_the_largest_size(data):
    settings = {**SETTINGS, "examples": [100, 200], "largest_kernel": 100, "test": 50}
    found = baselines(data, settings, lambda items: items)["median_error"]
    kernels = [name for name in found["regressor"].values if name.startswith("kernel")]
    assert len(kernels) == 3
    assert np.all(np.isnan(found.sel(regressor=kernels, examples=200)))
    assert not np.any(np.isnan(found.sel(examples=100)))
    assert not np.any(np.isnan(found.drop_sel(regressor=kernels)))


def test_the_same_seed_gives_the_same_errors(data):
    settings = {**SETTINGS, "examples": [100], "test": 50}
    runs = [baselines(data, settings, lambda items: items)["median_error"] for _ in range(2)]
    assert runs[0].identical(runs[1])
    other = baselines(data, {**settings, "seed": 6}, lambda items: items)["median_error"]
    assert not np.any(other.drop_sel(regressor=["constant"]) == runs[0].drop_sel(regressor=["constant"]))


def test_times_are_positive(result):
    assert np.all(result[["training_seconds", "prediction_seconds"]].to_array() > 0)


def test_too_few_configurations_are_refused(data):
    with pytest.raises(UserError, match="5000 test configurations were asked for, the data set has 1000"):
        baselines(data, {**SETTINGS, "test": 5000}, lambda items: items)


def test_error_of_the_median_covers():
    """Medians of absolute normal errors lie within one standard error as often as they should."""
    random = np.random.default_rng(7)
    medians, errors = np.array([median_error(random.standard_normal(401), 0.0) for _ in range(400)]).T
    inside = np.sum(abs(medians - 0.6744898) < errors)
    assert binom.ppf(1e-5, 400, 0.68) - 10 <= inside <= binom.ppf(1 - 1e-5, 400, 0.68) + 10

"""Couplings read off Hamiltonians and configurations: exact recovery, unbiased correction, honest errors."""

import numpy as np
import pytest
import xarray as xr

from spinnet import ensembles
from spinnet.encoder import couplings, coverage
from spinnet.errors import UserError
from spinnet.interactions import TERMS, energy, is_even, local_fields, term_sums
from spinnet.plotting import encoder_couplings

T0, TRUE = 2.5, {"nearest": 0.8, "diagonal": -0.2, "three": 0.05, "plaquette": 0.3}
HEADER = {"temperature": T0, "interactions": TRUE, "transform": "raw", "alphabet": [-1, 1]}
SETTINGS = {"seed": 1, "name": "test", "configurations": 500, "flips": 4}
SPLIT = {"train": 1, "validation": 1, "test": 8}


def made(seed, size=8, interactions=TRUE):
    """Data set of 8 x 300 test configurations."""
    settings = {
        "seed": seed, "name": "e", "size": size, "sampler": "metropolis", "temperatures": [T0], "chains": 10,
        "samples": 300, "thinning": 2.0, "interactions": interactions,
    }  # fmt: skip
    return ensembles.to_dataset(ensembles.sample(settings, iter), {"seed": 1, "name": "d", "transform": "raw", **SPLIT})


def log_weight(interactions):
    return lambda values: -energy(values, interactions) / T0


@pytest.fixture(scope="module")
def dataset():
    return made(5)


@pytest.fixture(scope="module")
def found(dataset):
    return couplings.read(dataset, log_weight(TRUE), HEADER, SETTINGS)


@pytest.mark.parametrize("size", [4, 5, 8])
def test_local_fields_are_changes_of_the_terms(size):
    spins = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (50, size, size))
    flipped = spins.copy()
    flipped[:, 2, 1] *= -1
    change = -2 * spins[:, 2, 1, None] * local_fields(spins, TERMS)[:, 2, 1]
    assert np.array_equal(change, term_sums(flipped, TERMS) - term_sums(spins, TERMS))


def test_couplings_of_a_known_hamiltonian_are_exact(dataset):
    """All nine terms at once, from log weights that hold them and a constant."""
    strengths = dict(zip(TERMS, np.linspace(-0.3, 0.4, len(TERMS)), strict=True))
    read = couplings.read(dataset, lambda v: 7.0 + log_weight(strengths)(v), HEADER, SETTINGS)
    assert np.allclose(read["network"], list(strengths.values()), rtol=0, atol=1e-7)
    assert float(read["unexplained"]) < 1e-6


def test_couplings_of_the_data_are_true(found):
    assert np.abs((found["estimate"] - found["true"]) / found["estimate_error"]).max() < 4.5
    assert found["estimate_error"].max() < 0.03
    assert np.allclose(found["estimate"], found["network"] + found["correction"])
    assert np.allclose(found["true"], [TRUE.get(name, 0.0) for name in TERMS])


def test_correction_undoes_any_network(dataset, found):
    """A network that lacks a term, adds another and is no sum of terms leaves K as it is, and is found out."""
    wrong = log_weight({"nearest": 0.8, "diagonal": -0.2, "three": 0.05, "line_four": 0.1})
    read = couplings.read(dataset, lambda v: wrong(v) + 1e-4 * wrong(v) ** 2, HEADER, SETTINGS)
    assert np.array_equal(read["estimate"], found["estimate"])
    assert np.array_equal(read["estimate_error"], found["estimate_error"])
    significance = read["correction"] / read["correction_error"]
    assert significance.sel(term="plaquette") > 10
    assert significance.sel(term="line_four") < -10
    assert read["unexplained"] > 0.001
    true = found["correction"] / found["correction_error"]
    assert np.abs(true).max() < 4.5


def test_errors_are_honest():
    """Mean square of the pulls over independent data sets."""
    pulls = []
    for seed in range(24):
        found = couplings.read(made(seed, 6), log_weight(TRUE), HEADER, SETTINGS | {"configurations": 100, "flips": 2})
        pulls.append(encoder_couplings.pulls(found).values)
    assert 0.6 < np.square(pulls).mean() < 1.5
    assert np.abs(np.mean(pulls, 0)).max() < 4.5 / np.sqrt(24)


def test_any_two_values_are_spins(dataset, found):
    other = dataset.copy()
    other["values"] = (dataset["values"] + 3).assign_attrs(dataset["values"].attrs | {"alphabet": np.array([2, 4])})
    header = HEADER | {"interactions": None, "alphabet": [2, 4]}
    read = couplings.read(other, lambda v: log_weight(TRUE)(v - 3), header, SETTINGS)
    assert np.array_equal(read["estimate"], found["estimate"])
    assert np.array_equal(read["network"], found["network"])
    assert read["true"].isnull().all()


def test_unsuitable_data_are_refused(dataset):
    few = dataset.isel(sample=slice(0, None, 30))
    with pytest.raises(UserError, match="at least 128 test configurations are needed, found 80"):
        couplings.read(few, log_weight(TRUE), HEADER, SETTINGS)
    aligned = dataset.copy()
    aligned["values"] = dataset["values"] * 0 + 1
    aligned["values"].attrs = dataset["values"].attrs
    with pytest.raises(UserError, match="vary too little"):
        couplings.read(aligned, log_weight(TRUE), HEADER, SETTINGS)
    sums = dataset.copy()
    sums["values"].attrs = dataset["values"].attrs | {"alphabet": np.array([-2, 0, 2])}
    with pytest.raises(UserError, match="two values"):
        couplings.read(sums, log_weight(TRUE), HEADER, SETTINGS)


def test_trials_draw_all_kinds_of_interactions():
    drawn = [coverage.draw(n, 3) for n in range(200)]
    assert drawn[7] == coverage.draw(7, 3)
    for name, top in coverage.STRONGEST.items():
        strengths = [interactions[name] for interactions, _ in drawn if name in interactions]
        assert 60 < len(strengths) < 140
        assert 0.05 * top < np.abs(strengths).min() < np.abs(strengths).max() <= top
        assert min(strengths) < 0 < max(strengths)
    assert {is_even(interactions) for interactions, _ in drawn} == {True, False}


def test_a_blind_trial_finds_its_interactions():
    """A good and a poor network: only the poor one misses terms, the intervals hold for both."""
    trials = coverage.trials([6, 5], 2020, iter)
    assert np.abs(encoder_couplings.pulls(trials)).max() < 4.5
    wrong = np.abs(trials["network"] - trials["true"]).max("term")
    assert wrong[0] < 0.5 * wrong[1]
    table = encoder_couplings.table({"model": trials.isel(trial=0), "trials": trials})
    assert table["source"].value_counts().to_dict() == {"blind trials": 10, "model": 9}
    assert np.allclose(table["estimate"][:9], table["network"][:9] + table["correction"][:9])


def test_coverage_counts_trials():
    trials = xr.Dataset({"estimate": (("trial", "term"), [[0.5, 1.5], [0.0, 3.0], [-0.9, -0.5], [1.0, 0.1]])})
    trials["true"], trials["estimate_error"] = trials["estimate"] * 0, trials["estimate"] * 0 + 1.0
    each, together = encoder_couplings.coverage(trials, 1)
    assert each[:, 0].tolist() == [0.75, 0.5]
    assert together[0] == 0.625


def test_the_page_on_own_configurations_is_told_why_there_are_no_couplings(dataset):
    few = dataset.isel(sample=slice(0, None, 30))
    with pytest.raises(UserError, match="found 80"):
        couplings.read_or_say_why(few, log_weight(TRUE), HEADER, SETTINGS)
    reason = couplings.read_or_say_why(few, log_weight(TRUE), HEADER | {"interactions": None}, SETTINGS)
    assert reason.sizes["term"] == 0
    assert "found 80" in reason.attrs["reason"]

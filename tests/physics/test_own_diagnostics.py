"""Diagnostics of a model by its data alone, against networks whose distributions are enumerated."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from networks import all_states, probabilities, random_made

from spinnet import ensembles, learned
from spinnet.encoder.diagnostics import conditional, conditional_of_neighbours, diagnose
from spinnet.encoder.trust import held_out, trust
from spinnet.errors import UserError
from spinnet.lattice import ising_energy
from spinnet.neural_sweep import neural_sweep
from spinnet.own.ensemble import read_ensemble
from spinnet.own.verdict import trusted, verdict
from spinnet.plotting import encoder_own
from spinnet.samplers.ising import IsingChains

SIZE, SITES, T0, BOUND = 3, 9, 1.7, 4.5
ALPHABETS = {2: [-1, 1], 3: [-2, 0, 2]}
PARTS = {"train": 16, "validation": 2, "test": 2}
SETTINGS = {"seed": 4, "name": "x"}


def model_of(values):
    """(arrays, header, probabilities of all states) of a network of correlated sites."""
    network = random_made(SITES, values, [10], seed=values, scale=5.0)
    header = {
        "architecture": "made", "temperature": T0, "size": SIZE, "sites": SITES, "values": values, "hidden": [10],
        "alphabet": ALPHABETS[values], "transform": "raw", "order": list(range(SITES)), "energy_offset": 0.3,
        "interactions": None, "training_loss": [7.0, 6.0, 5.8], "validation_loss": [6.8, 6.1, 6.0],
    }  # fmt: skip
    p = probabilities(network, all_states(SITES, values))
    return network.arrays(), header, p / p.sum()


def drawn(p, number, seed):
    return np.random.default_rng(seed).choice(len(p), number, p=p)


def dataset_of(states, values, folder):
    """Ensemble and data set of states (numbers) of a lattice, read from a file as a user's."""
    index = all_states(SITES, values)[states].reshape(-1, SIZE, SIZE)
    np.save(folder / "mine.npy", np.array(ALPHABETS[values])[index])
    reading = {"temperature": T0, "variable": None, "tile": None, "pixels_per_site": 1, **PARTS}
    ensemble = read_ensemble([folder / "mine.npy"], reading)
    return ensemble, ensembles.to_dataset(ensemble, {**SETTINGS, "transform": "raw", **PARTS})


def sweep_of(arrays, header, sweeps_a_chain=250):
    chain = {**SETTINGS, "moves": "site", "chains_per_start": 8, "burn_in": 50, "sweeps": sweeps_a_chain}
    return neural_sweep([0.8 * T0, T0, 1.3 * T0], arrays, header, chain, iter)


def exact_conditional(p, weight, values):
    """Mean -log p(s_i | rest) [nats] under `weight`, averaged over the sites."""
    p, weight = (x.reshape((values,) * SITES) for x in (p, weight))
    return np.mean([-(weight * np.log(p / p.sum(i, keepdims=True))).sum() for i in range(SITES)])


@pytest.mark.parametrize("values", [2, 3])
def test_a_model_that_made_its_data_is_found_to_be_right(tmp_path, values):
    arrays, header, p = model_of(values)
    _, dataset = dataset_of(drawn(p, 6000, 1), values, tmp_path)
    result = diagnose(dataset, arrays, header, sweep_of(arrays, header), SETTINGS)
    exact = {
        "negative_log_likelihood": -(p * np.log(p)).sum() / SITES,
        "conditional": exact_conditional(p, p, values),
    }
    for name, value in exact.items():
        assert (np.abs(result[name] - value) < BOUND * result[name + "_error"]).all()
        assert (result[name + "_error"] < 0.05).all()
    assert abs(result["gap"]) < BOUND * result["gap_error"]
    assert np.abs(result["pull"]).max() < BOUND
    marginals = np.array([np.bincount(s, p, values) for s in all_states(SITES, values).T])
    independent = -(marginals * np.log(marginals)).sum() / SITES
    assert abs(result["independent"][0] - independent) < BOUND * result["independent_error"][0] + 0.002
    assert (result["independent"] > result["negative_log_likelihood"] + 0.01).all()


def test_a_model_of_something_else_is_found_to_be_wrong(tmp_path):
    """Cross-entropies are exact, training configurations of another kind show as a gap, and |m| is off."""
    arrays, header, p = model_of(2)
    sharp, flat = p**3 / (p**3).sum(), p**0.2 / (p**0.2).sum()
    _, dataset = dataset_of(np.concatenate([drawn(sharp, 4800, 1), drawn(flat, 1200, 2)]), 2, tmp_path)
    result = diagnose(dataset, arrays, header, sweep_of(arrays, header), SETTINGS)
    exact = [-(w * np.log(p)).sum() / SITES for w in (sharp, flat, flat)]
    pulls = (result["negative_log_likelihood"] - exact) / result["negative_log_likelihood_error"]
    assert np.abs(pulls).max() < BOUND
    gap = exact[2] - exact[0]
    assert gap > 20 * result["gap_error"]
    assert abs(result["gap"] - gap) < BOUND * result["gap_error"]
    assert np.abs(result["pull"]).max() > 10
    expected = [exact_conditional(p, w, 2) for w in (sharp, flat, flat)]
    assert np.abs((result["conditional"] - expected) / result["conditional_error"]).max() < BOUND


def test_conditionals_of_the_ising_model_are_the_heat_bath():
    """From energies: p(s|rest) = 1 / (1 + exp(-2 s h / T)); the table over the neighbours comes to the same."""
    chains = IsingChains("wolff", 8, 2.5, 8, 3)
    chains.equilibrate()
    spins = chains.record(1000, 4, keep=True)[2].reshape(-1, 8, 8)
    sites = np.random.default_rng(1).integers(0, 64, (len(spins), 3))
    field = sum(np.roll(spins, step, axis) for step in (1, -1) for axis in (1, 2))
    aligned = np.take_along_axis((field * spins).reshape(len(spins), -1), sites, 1)
    exact = np.log1p(np.exp(-2 * aligned / 2.5))
    found = conditional(lambda s: -ising_energy(s) / 2.5, (spins + 1) // 2, sites, [-1, 1])
    assert found == pytest.approx(exact, abs=1e-12)
    table = conditional_of_neighbours((spins[:4000] + 1) // 2, (spins[4000:] + 1) // 2, sites[4000:], 2)
    assert np.abs(table - exact[4000:]).max() < 0.2
    assert abs((table - exact[4000:]).mean()) < 0.005


def test_a_sweep_without_t0_is_refused(tmp_path):
    arrays, header, p = model_of(2)
    _, dataset = dataset_of(drawn(p, 400, 1), 2, tmp_path)
    with pytest.raises(UserError, match=r"lacks T0 = 1\.7"):
        diagnose(dataset, arrays, header, sweep_of(arrays, header).isel(temperature=[0, 2]), SETTINGS)


def page_data(states, folder):
    arrays, header, _ = model_of(2)
    ensemble, dataset = dataset_of(states, 2, folder)
    sweep = sweep_of(arrays, header, 6)
    data = {"ensemble": ensemble, "dataset": dataset, "header": header, "sweep": sweep}
    data["trust"] = trust(sweep, held_out(dataset, learned.log_weight(arrays, header), header), header)
    data["diagnostics"] = diagnose(dataset, arrays, header, sweep, SETTINGS)
    numbers = {
        "estimate": ("term", [0.1, 0.9]),
        "estimate_error": ("term", [0.02, 0.03]),
        "network": ("term", [0.1, 0.8]),
    }
    return data | {"couplings": xr.Dataset(numbers, {"term": ["field", "nearest"]})}


def test_the_page_tells_right_from_wrong(tmp_path):
    _, _, p = model_of(2)
    flat = drawn(p**0.2 / (p**0.2).sum(), 6000, 1)
    right, wrong = page_data(drawn(p, 12000, 1), tmp_path), page_data(flat, tmp_path)
    assert any("No overfitting" in s for s in verdict(right))
    assert any("reproduces its data" in s for s in verdict(right))
    assert trusted(right)[1]
    assert any("does not reproduce its data" in s for s in verdict(wrong))
    assert any("at no temperature; reasons at T0: " in s and "misses its data" in s for s in verdict(wrong))
    wrong["trust"]["trusted"][:] = 1  # what is wrong at T0 counts for all temperatures
    assert not trusted(wrong).any()
    wrong["couplings"] = wrong["couplings"].isel(term=[]).assign_attrs(reason="two values a site are needed")
    assert verdict(wrong)[-1] == "No couplings were read off: two values a site are needed."
    for data in (right, wrong):
        figure, table = encoder_own.plot(data), encoder_own.table(data)
        assert len(figure.axes) == 8 + 1 + 1 + 3 + (data is right) + 1
        plt.close(figure)
        predictions = table[table["of"] == "prediction"]
        assert predictions["trusted"].tolist() == 3 * trusted(data).astype(int).tolist()
        expected = data["sweep"]["magnetization"].mean(("start", "chain")).values
        assert predictions["value"].to_numpy()[:3] == pytest.approx(expected)
    couplings = encoder_own.table(right).query("quantity == 'coupling'")
    assert couplings["value"].tolist() == [0.1, 0.9]

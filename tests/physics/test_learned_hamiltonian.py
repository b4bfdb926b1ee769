"""A trained network end to end on a small lattice: likelihood, chains at T0, other temperatures."""

import numpy as np
import pytest
import xarray as xr

from spinnet import ensembles, evaluation, learning, neural_sweep
from spinnet.blocking import ALPHABETS, transform
from spinnet.deviation import deviations, starts_differ
from spinnet.exact import all_configurations, enumerate_lattice, kaufman
from spinnet.exact_sweep import exact_sweep
from spinnet.interactions import ISING
from spinnet.lattice import ising_energy
from spinnet.learned import log_weight
from spinnet.samplers.constrained import log_block_weight

SIZE, T0 = 4, 2.5
TRAINING = {"learning_rate": 0.01, "batches_per_epoch": 16, "max_epochs": 40, "patience": 40}


@pytest.fixture(scope="module")
def ensemble():
    settings = {
        "seed": 2, "name": "e", "size": SIZE, "sampler": "wolff", "temperatures": [T0],
        "chains": 40, "samples": 1000, "thinning": 2.0, "interactions": ISING,
    }  # fmt: skip
    return ensembles.sample(settings, iter)


def learned(ensemble, transform, hidden, order="raster", architecture="made", symmetries=(), **training):
    split = {"train": 30, "validation": 5, "test": 5}
    dataset = ensembles.to_dataset(ensemble, {"seed": 2, "name": "d", "transform": transform, **split})
    settings = {
        "seed": 2, "name": transform, "device": "cpu", "hidden": hidden, "order": order,
        "architecture": architecture, "symmetries": list(symmetries), **TRAINING, **training,
    }  # fmt: skip
    return dataset, *learning.learn(dataset, settings, iter)


@pytest.fixture(scope="module")
def spins(ensemble):
    return learned(ensemble, "raw", [48, 32])


@pytest.fixture(scope="module")
def sweep(spins):
    _, arrays, header = spins
    settings = {"seed": 2, "name": "s", "moves": "site", "chains_per_start": 64, "burn_in": 60, "sweeps": 300}
    return neural_sweep.neural_sweep([2.0, T0, 3.5], arrays, header, settings, iter)


def exact_learned_averages(arrays, header, temperature):
    """Averages under p^(T0/T) by summing over all 65 536 states."""
    states = all_configurations(SIZE)
    log_p = log_weight(arrays, header)(states) * T0 / temperature
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    energy = ising_energy(states) / SIZE**2
    m = np.abs(states.mean(axis=(1, 2)))
    h = -log_p * temperature / SIZE**2 + header["energy_offset"]
    heat = SIZE**2 * (p @ energy**2 - (p @ energy) ** 2) / temperature**2
    return {"magnetization": p @ m, "energy": p @ energy, "learned_energy": p @ h, "specific_heat": heat}


def exact_gap(name, arrays, header):
    """KL divergence [nats] of a network from the exact p of what transform `name` sees of the 4x4 lattice."""
    states, index = np.unique(transform(name, all_configurations(SIZE)), axis=0, return_inverse=True)
    p = np.bincount(index.ravel(), enumerate_lattice(SIZE, T0)["probability"])
    return p @ (np.log(p) - log_weight(arrays, header)(states))


@pytest.mark.parametrize("name", ["raw", "block_sum_stride2"])
def test_kl_gap_equals_the_exact_sum(ensemble, name):
    """The estimate from held-out configurations against the sum over all states, spins and block sums."""
    dataset, arrays, header = learned(ensemble, name, [20])
    settings = {"seed": 1, "name": "x", "ancestral_samples": 10}
    result = evaluation.evaluate(dataset, ensemble["spins"].values[0], arrays, header, settings)
    exact = exact_gap(name, arrays, header)
    assert exact > 0.001
    assert float(result["kl_gap_error"]) < 0.02
    assert abs(float(result["kl_gap"]) - exact) < 4.5 * float(result["kl_gap_error"])
    if name == "raw":
        assert result["kl_gap_error"] < 0.3 * result["negative_log_likelihood_error"]


@pytest.mark.parametrize("temperature", [1.5, 2.5])
def test_weight_of_block_sums_equals_enumeration(temperature):
    """ln Z_S by thermodynamic integration, averaged over equilibrium configurations of the same S."""
    states, exact = all_configurations(SIZE), enumerate_lattice(SIZE, temperature)
    _, index = np.unique(transform("block_sum_stride2", states).reshape(2**16, -1), axis=0, return_inverse=True)
    p = np.bincount(index.ravel(), exact["probability"])
    drawn = np.random.default_rng(3).choice(2**16, 4000, p=exact["probability"])
    weight = log_block_weight(states[drawn], temperature, 1, "test")
    difference = weight - exact["log_partition"] - np.log(p[index.ravel()[drawn]])
    assert difference.std() > 0
    assert abs(difference.mean()) < 4.5 * difference.std() / np.sqrt(len(drawn))
    assert difference.std() < 0.3


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("name", ["magnetization", "energy", "learned_energy", "specific_heat"])
def test_sweep_equals_the_enumerated_learned_ensemble(spins, sweep, index, name):
    """Hot and cold chains of p^(T0/T) against its exact averages, at T0 and on both sides of it."""
    _, arrays, header = spins
    point = sweep.isel(temperature=index)
    exact = exact_learned_averages(arrays, header, float(point.temperature))[name]
    value = point[name].mean("chain") if "chain" in point[name].dims else point[name]
    pulls = (value - exact) / point[name + "_error"]
    assert np.abs(pulls).max() < 4.5


def test_chains_at_t0_reproduce_ancestral_samples(spins, sweep):
    """Two independent ways to sample the network itself (row N19) agree in E, |m| and H."""
    _, arrays, header = spins
    settings = {"seed": 5, "name": "a", "ancestral_samples": 20_000}
    drawn = evaluation.ancestral_observables(arrays, header, settings)
    point = sweep.sel(temperature=T0)
    for name, values in drawn.items():
        error = np.hypot(values.std() / np.sqrt(len(values)), point[name + "_error"])
        assert np.abs((point[name].mean("chain") - values.mean()) / error).max() < 4.5


def test_a_temperature_ends_at_the_wanted_error_whatever_others_do(spins):
    _, arrays, header = spins
    settings = {"seed": 4, "name": "s", "moves": "site", "chains_per_start": 8, "burn_in": 20, "sweeps": 160}

    def run(temperatures, **other):
        return neural_sweep.neural_sweep(temperatures, arrays, header, settings | other, iter)

    found = run([1.0, T0, 4.0], error=0.012)
    both = found["magnetization"].stack(all=("start", "chain"))
    error = both.std("all", ddof=1) / np.sqrt(both.sizes["all"])
    measured = found["measured"].values
    assert len(set(measured)) > 1
    assert measured.min() == 40
    assert ((measured == 160) | (error < 0.012)).all()
    for temperature in found["temperature"].values:
        assert run([temperature], error=0.012).identical(found.sel(temperature=[temperature]))
    assert (run([1.0, 4.0])["measured"] == 160).all()


def test_chains_whose_starts_disagree_are_measured_no_more():
    """Frozen ones have no scatter that falls with the number of sweeps; equilibrated ones of the same scatter go on."""
    m = np.random.default_rng(5).normal(0.5, 0.1, (40, 2, 2, 16))
    m[:, 0, 0] -= 0.2
    settings = {"sweeps": 160, "error": 1e-6}
    assert neural_sweep._enough(m, settings).tolist() == [True, False]
    assert not np.any(neural_sweep._enough(m[:39], settings))
    assert not np.any(neural_sweep._enough(m, {"sweeps": 160}))


def test_deviations_are_measured_against_the_exact_curves(sweep):
    exact = {"seed": 3, "name": "r", "size": SIZE, "sampler": "wolff", "chains_per_start": 64, "burn_in": 50}
    reference = exact_sweep([2.0, T0, 3.5], exact | {"sweeps": 500}, iter)
    own = deviations(reference, reference, SIZE, True)
    assert np.abs(own["energy_deviation"] / own["energy_deviation_error"]).max() < 4.5
    assert np.abs(own["specific_heat_deviation"] / own["specific_heat_deviation_error"]).max() < 4.5
    found = deviations(sweep, reference, SIZE, True)["energy_deviation"].sel(start="hot")
    expected = sweep["energy"].sel(start="hot").mean("chain") - kaufman(SIZE, [2.0, T0, 3.5]).energy
    assert found.values == pytest.approx(expected.values)
    m = [enumerate_lattice(SIZE, t)["magnetization"] for t in (2.0, T0, 3.5)]
    pulls = (reference["magnetization"].mean("chain") - xr.DataArray(m, dims="temperature")) / reference[
        "magnetization_error"
    ]
    assert np.abs(pulls).max() < 4.5


def test_disagreeing_starts_are_noticed(sweep):
    assert not starts_differ(sweep).any()
    moved = sweep.copy(deep=True)
    moved["magnetization"][0, 0] += 0.2
    assert starts_differ(moved).tolist() == [True, False, False]


@pytest.mark.parametrize("order", ["column", "spiral", "checkerboard", "random"])
def test_any_order_of_the_sites_learns_the_same_distribution(ensemble, order):
    """Row N15 on 4x4: each order comes within 0.1 nats of the exact distribution."""
    _, arrays, header = learned(ensemble, "raw", [48, 32], order)
    assert 0 < exact_gap("raw", arrays, header) < 0.1
    averages = exact_learned_averages(arrays, header, T0)
    assert averages["energy"] == pytest.approx(enumerate_lattice(SIZE, T0)["energy"], abs=0.03)


def test_block_sums_learn_their_marginal(ensemble):
    """On 4x4 -> 2x2 the learned p(S) comes close to the enumerated marginal of the block sums."""
    _, arrays, header = learned(ensemble, "block_sum_stride2", [48, 32])
    assert 0 < exact_gap("block_sum_stride2", arrays, header) < 0.02
    assert header["alphabet"] == list(ALPHABETS["block_sum_stride2"])


def test_direct_connections_bring_the_learned_closer_to_the_exact_p(ensemble):
    plain, direct = (exact_gap("raw", *learned(ensemble, "raw", [24], architecture=a)[1:]) for a in ("made", "direct"))
    assert 0 < direct < 0.2 * plain


def test_symmetries_stand_in_for_configurations(ensemble):
    """750 configurations of 4x4 spins and all 256 images of each; without them the network overfits."""
    few = ensemble.isel(sample=slice(None, None, 40))
    without, images = (
        exact_gap("raw", *learned(few, "raw", [], architecture="direct", symmetries=names)[1:])
        for names in ((), ("translation", "point_group", "flip"))
    )
    assert 0 < images < 0.3 * without


def test_a_model_file_is_the_same_for_the_same_settings(ensemble):
    first, second = (learned(ensemble, "raw", [6], "raster", "direct", ["flip"], max_epochs=3)[1:] for _ in range(2))
    assert first[1] == second[1]
    assert all(np.array_equal(first[0][name], second[0][name]) for name in first[0])
    assert first[1]["interactions"] == ISING


def test_data_without_energies_are_judged_by_their_likelihood_alone(ensemble):
    """A user's own configurations: the mean learned energy of the validation part is zero."""
    own = ensemble.assign_attrs(interactions="null")
    dataset, arrays, header = learned(own, "raw", [12], max_epochs=3)
    validation = dataset["values"].values[0, dataset["part"].values == 1]
    mean = (-T0 * log_weight(arrays, header)(validation)).mean() / SIZE**2 + header["energy_offset"]
    assert mean == pytest.approx(0, abs=1e-6)
    settings = {"seed": 1, "name": "x", "ancestral_samples": 10}
    result = evaluation.evaluate(dataset, own["spins"].values[0], arrays, header, settings)
    assert "negative_log_likelihood" in result
    assert not {"energy", "kl_gap", "slope", "ancestral_energy"} & set(result)


def test_the_gap_of_an_unnormalised_network_finds_its_constant():
    """x = exact - learned log p, shifted by any constant, gives the same KL as the normalised one."""
    random = np.random.default_rng(5)
    p, q = random.dirichlet(np.ones(50), 2)
    difference = np.log(p / q)[random.choice(50, (20, 2000), p=p)]
    value, error, _ = evaluation.kl_gap(difference + 123.4, normalised=False)["kl_gap"]
    assert abs(value - p @ np.log(p / q)) < 4.5 * error
    assert error < 0.1


def test_line_of_learned_on_true_energy():
    """Learned = 1.1 true + noise: the line, and errors that are those of independent configurations."""
    random = np.random.default_rng(6)
    true = 300.0 + 3.0 * random.normal(size=(50, 400))
    noise = 0.5 * random.normal(size=true.shape)
    found = evaluation.energy_comparison(1.1 * true + noise - 77.0, true)
    assert [unit for _, _, unit in found.values()] == ["1", "1", "J"]
    slope, intercept = np.polyfit(true.ravel(), (1.1 * true + noise).ravel(), 1)
    residual = (1.1 * true + noise - slope * true - intercept).std()
    expected = {"slope": slope, "r_squared": 1 - residual**2 / (1.1 * true + noise).var(), "residual": residual}
    errors = {"slope": 0.5 / 3 / true.size**0.5, "residual": 0.5 / (2 * true.size) ** 0.5}
    for name, (value, error, _) in found.items():
        assert value == pytest.approx(expected[name], abs=0.2 * error)
        assert error == pytest.approx(errors.get(name, error), rel=0.5)
    assert abs(found["slope"][0] - 1.1) < 4.5 * errors["slope"]
    assert found["r_squared"][1] < 1e-3

"""Reweighted independent samples of a network against enumeration and Kaufman's formula."""

import numpy as np
import pytest
import torch

from spinnet.encoder import importance
from spinnet.errors import UserError
from spinnet.exact import all_configurations, enumerate_lattice
from spinnet.interactions import ISING, energy
from spinnet.models.made import MADE

SIZE, TEMPERATURES = 3, [2.5, 3.5]
SETTINGS = {"seed": 1, "name": "t", "samples": 20_000, "temperatures": TEMPERATURES}


def network(interactions=ISING):
    torch.manual_seed(2)
    model = MADE(9, 2, [16])
    header = {
        "architecture": "made", "sites": 9, "values": 2, "hidden": [16], "size": SIZE, "temperature": 2.5,
        "order": list(range(9)), "alphabet": [-1, 1], "transform": "raw", "interactions": interactions,
    }  # fmt: skip
    return model.arrays(), header


def enumerated(temperature, interactions):
    spins = all_configurations(SIZE)
    e, m = energy(spins, interactions), np.abs(spins.mean((1, 2)))
    w = np.exp(-e / temperature)
    z, p = w.sum(), w / w.sum()
    heat = (p @ e**2 - (p @ e) ** 2) / temperature**2 / 9
    return {
        "free_energy": -temperature * np.log(z) / 9, "energy": p @ e / 9, "magnetization": p @ m, "specific_heat": heat,
    }  # fmt: skip


@pytest.mark.parametrize("interactions", [ISING, {"nearest": 0.6, "diagonal": -0.3, "field": 0.2}])
def test_an_untrained_network_gives_exact_averages(interactions):
    """The samples are far from the Boltzmann distribution; their weights correct F, E, C and |m|."""
    result = importance.importance(*network(interactions), SETTINGS)
    for temperature in TEMPERATURES:
        point = result.sel(temperature=temperature)
        for name, value in enumerated(temperature, interactions).items():
            assert abs(float(point[name]) - value) < 4.5 * float(point[f"{name}_error"])
        assert float(point["effective_fraction"]) < 0.6
        assert float(point["variational_free_energy"]) > float(point["free_energy"])
        assert int(point["reliable"]) == (float(point["effective_fraction"]) >= 0.5)


def test_pulls_are_against_kaufman():
    result = importance.importance(*network(), SETTINGS)
    for temperature in TEMPERATURES:
        point, exact = result.sel(temperature=temperature), enumerate_lattice(SIZE, temperature)
        assert float(point["free_energy_exact"]) == pytest.approx(-temperature * exact["log_partition"] / 9)
        assert float(point["energy_exact"]) == pytest.approx(exact["energy"])
        assert float(point["specific_heat_exact"]) == pytest.approx(exact["specific_heat"])
        expected = (float(point["energy"]) - exact["energy"]) / float(point["energy_error"])
        assert float(point["energy_pull"]) == pytest.approx(expected)


def test_errors_are_those_of_repeated_runs():
    """F, E, C and |m| of 60 independent samples scatter by as much as their errors say, about the exact values."""
    spins, random = all_configurations(SIZE), np.random.default_rng(3)
    e, m = energy(spins, ISING), np.abs(spins.mean((1, 2)))
    q = np.exp(-e / 3.2 + 0.3 * random.normal(size=len(e)))
    q /= q.sum()
    pulls, truth = [], enumerated(2.5, ISING)
    for _ in range(60):
        drawn = random.choice(len(q), 4000, p=q)
        found = importance.reweighted(np.log(q[drawn]), e[drawn], m[drawn], [2.5], 9).isel(temperature=0)
        pulls.append([(float(found[n]) - truth[n]) / float(found[f"{n}_error"]) for n in truth])
    square = (np.array(pulls) ** 2).sum(0)
    assert (np.abs(np.sqrt(2 * square) - np.sqrt(2 * 60 - 1)) < 4).all()  # chi^2 of 60, Fisher's approximation


def test_samples_of_the_boltzmann_distribution_have_no_error_in_f():
    spins = all_configurations(SIZE)
    e, exact = energy(spins, ISING), enumerate_lattice(SIZE, 2.5)
    drawn = np.random.default_rng(4).choice(len(e), 1000, p=exact["probability"])
    log_p = -e[drawn] / 2.5 - exact["log_partition"]
    found = importance.reweighted(log_p, e[drawn], np.zeros(1000), [2.5, 0.3], 9)
    assert float(found["free_energy"][0]) == pytest.approx(-2.5 * exact["log_partition"] / 9, rel=1e-12)
    assert float(found["effective_fraction"][0]) == pytest.approx(1)
    assert float(found["effective_fraction"][1]) < 0.9


def test_few_effective_samples_are_marked():
    e = -np.linspace(0, 300, 1000)
    found = importance.reweighted(np.zeros(1000), e, np.zeros(1000), [1.0, 1e4], 9)
    assert found["reliable"].values.tolist() == [0, 1]


@pytest.mark.parametrize("change", [{"interactions": None}, {"transform": "majority"}, {"architecture": "local"}])
def test_a_network_without_known_weights_is_refused(change):
    arrays, header = network()
    with pytest.raises(UserError, match="importance sampling of model t"):
        importance.importance(arrays, header | change, SETTINGS)

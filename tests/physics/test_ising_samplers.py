"""Samplers of the exact Hamiltonian against enumeration and Kaufman's formula."""

import numpy as np
import pytest
from chi_square import FALSE_ALARM, p_value, state_index

from spinnet.ensembles import sample, to_dataset
from spinnet.exact import T_CRITICAL, enumerate_lattice, kaufman
from spinnet.io import categories
from spinnet.lattice import BETA_CRITICAL, ising_energy
from spinnet.samplers.ising import IsingChains

SAMPLERS = ["metropolis", "multispin", "wolff"]
# Updates P between states of a chain on 4x4. Their correlation adds 2 (Tr P^7 + Tr P^14 + ... - 1 each) to chi square:
# at most 12, for clusters at T = 5, where its width is 290.
APART = 7


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("temperature", [1.6, 2.5, 5.0])
def test_states_follow_the_boltzmann_distribution(sampler, temperature):
    chains = IsingChains(sampler, 4, temperature, 4000, 11, "test")
    chains.record(200, 1)
    _, _, kept = chains.record(500, APART, keep=True)
    states = state_index((kept.reshape(-1, 16) + 1) // 2, 2)
    probability = enumerate_lattice(4, temperature)["probability"]
    assert p_value(states, probability) > FALSE_ALARM


@pytest.mark.parametrize("beta", [0.2, BETA_CRITICAL["triangular"]])
def test_clusters_on_the_triangular_lattice_follow_the_boltzmann_distribution(beta):
    chains = IsingChains("wolff", 4, 1 / beta, 4000, 11, "test", lattice="triangular")
    chains.record(200, 1)
    energy, _, kept = chains.record(200, APART, keep=True)
    states = state_index((kept.reshape(-1, 16) + 1) // 2, 2)
    assert p_value(states, enumerate_lattice(4, 1 / beta, "triangular")["probability"]) > FALSE_ALARM
    assert p_value(states, enumerate_lattice(4, 1 / beta)["probability"]) < 1e-12
    assert np.array_equal(energy, ising_energy(kept, "triangular"))


@pytest.mark.parametrize("sampler", ["metropolis", "multispin"])
def test_single_spin_flips_refuse_the_triangular_lattice(sampler):
    with pytest.raises(ValueError, match="triangular"):
        IsingChains(sampler, 4, 2.5, 1, 1, lattice="triangular")


def test_the_chi_square_test_can_fail():
    """The same counts are refused at a temperature two percent off."""
    chains = IsingChains("wolff", 4, 2.5, 1000, 11, "test")
    chains.record(200, 1)
    _, _, kept = chains.record(400, APART, keep=True)
    states = state_index((kept.reshape(-1, 16) + 1) // 2, 2)
    assert p_value(states, enumerate_lattice(4, 2.55)["probability"]) < FALSE_ALARM


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("temperature", [T_CRITICAL, 2.5])
def test_energy_and_specific_heat_at_16(sampler, temperature):
    chains = IsingChains(sampler, 16, temperature, 400, 5, "test")
    tau = chains.equilibrate()
    energy, _, _ = chains.record(400, int(2 * tau) + 1)
    exact = kaufman(16, [temperature])
    means = energy.mean(axis=1) / 256
    pull = (means.mean() - exact.energy[0]) / (means.std(ddof=1) / 20)
    heats = energy.var(axis=1, ddof=1) / temperature**2 / 256
    assert abs(pull) < 4.5
    assert abs(heats.mean() - exact.specific_heat[0]) / (heats.std(ddof=1) / 20) < 4.5


def test_chains_depend_on_their_own_stream_only():
    """Chain c of a large and of a small set are the same, bit for bit."""
    few, many = (IsingChains("metropolis", 6, 2.3, n, 3, "x") for n in (4, 9))
    many.spins[:4] = few.spins
    a, b = few.record(20, 2, keep=True), many.record(20, 2, keep=True)
    assert all(np.array_equal(x, y[:4]) for x, y in zip(a, b, strict=True))


@pytest.fixture(scope="module")
def ensemble():
    settings = {
        "seed": 1, "name": "e", "size": 6, "sampler": "metropolis", "temperatures": [2.0, 2.5],
        "chains": 6, "samples": 50, "thinning": 2.0,
    }  # fmt: skip
    return sample(settings, iter)


def test_ensemble_records_its_thinning(ensemble):
    assert ensemble["spins"].dims == ("temperature", "sample", "row", "column")
    assert ensemble["spins"].dtype == np.int8
    assert set(np.unique(ensemble["spins"])) == {-1, 1}
    assert (ensemble["thinning"] >= 2 * ensemble["autocorrelation_time"]).all()
    exact = kaufman(6, [2.0, 2.5]).energy
    pulls = (ensemble["energy"] - exact) / ensemble["energy_error"]
    assert np.abs(pulls).max() < 4.5


def test_parts_of_a_dataset_share_no_chain(ensemble):
    settings = {"seed": 1, "name": "d", "transform": "majority", "train": 3, "validation": 2, "test": 1}
    dataset = to_dataset(ensemble, settings)
    parts = {p: set(dataset["chain"].values[dataset["part"].values == p]) for p in range(3)}
    assert parts == {0: {0, 1, 2}, 1: {3, 4}, 2: {5}}
    one = dataset.isel(temperature=[1])
    assert len(categories(one, 0, np.arange(9))) == 150

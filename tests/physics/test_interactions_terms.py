"""Terms of one to four spins: clusters, symmetries, explicit sums, Ising's energy."""

import json
from itertools import product

import numpy as np
import pytest

from spinnet import ensembles
from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.interactions import ISING, PLAQUETTE_TERMS, TERMS, energy, is_even, term_sums
from spinnet.lattice import ising_energy

SPINS = np.random.default_rng(4).choice(np.array([-1, 1], np.int8), (20, 6, 6))
CLUSTERS = {
    "field": 1, "nearest": 2, "diagonal": 2, "third": 2, "knight": 4,
    "three": 4, "line_three": 2, "plaquette": 1, "line_four": 2,
}  # fmt: skip


def test_terms_have_all_images_of_their_clusters():
    assert {name: len(clusters) for name, clusters in TERMS.items()} == CLUSTERS
    assert set(PLAQUETTE_TERMS) == {"field", "nearest", "diagonal", "three", "plaquette"}
    for clusters in TERMS.values():
        assert all(cluster[0] == (0, 0) for cluster in clusters)
        assert len(set(clusters)) == len(clusters)


@pytest.mark.parametrize("name", TERMS)
def test_sums_equal_explicit_loops(name):
    expected = np.zeros(len(SPINS))
    for r, c, cluster in product(range(6), range(6), TERMS[name]):
        factors = [SPINS[:, (r + dr) % 6, (c + dc) % 6].astype(float) for dr, dc in cluster]
        expected += np.prod(factors, axis=0)
    assert np.array_equal(term_sums(SPINS, [name])[:, 0], expected)


def test_sums_have_the_symmetry_of_the_lattice():
    sums = term_sums(SPINS, TERMS)
    for image in (np.rot90(SPINS, 1, (1, 2)), SPINS[:, :, ::-1], np.roll(SPINS, (1, 3), (1, 2))):
        assert np.array_equal(term_sums(image, TERMS), sums)
    signs = [1 if is_even([name]) else -1 for name in TERMS]
    assert np.array_equal(term_sums(-SPINS, TERMS), sums * signs)


def test_terms_are_independent_functions():
    """No term is a combination of the others on 4x4 but for those that a small torus identifies."""
    assert np.linalg.matrix_rank(term_sums(SPINS, TERMS) - term_sums(SPINS, TERMS).mean(0)) == len(TERMS)


def test_energy_of_nearest_neighbours_is_ising():
    states = all_configurations(4)[::7]
    assert np.array_equal(energy(states, ISING), ising_energy(states))
    assert not np.signbit(energy(states, ISING)[ising_energy(states) == 0]).any()


def test_energy_of_an_aligned_lattice():
    strengths = dict.fromkeys(TERMS, 1.0)
    up = np.ones((1, 6, 6), np.int8)
    assert energy(up, strengths) == -36 * sum(CLUSTERS.values())
    assert energy(-up, {"field": 0.5, "three": 2.0})[0] == 36 * (0.5 + 8.0)


@pytest.fixture(scope="module")
def ensemble():
    settings = {
        "seed": 1, "name": "e", "size": 6, "sampler": "metropolis", "temperatures": [3.0], "chains": 12,
        "samples": 500, "thinning": 2.0, "interactions": {"nearest": 1.0, "plaquette": 0.5},
    }  # fmt: skip
    return ensembles.sample(settings, iter)


SPLIT = {"seed": 1, "name": "d", "transform": "raw", "train": 8, "validation": 3, "test": 1}


def test_dataset_knows_its_interactions(ensemble):
    dataset = ensembles.to_dataset(ensemble, SPLIT)
    assert json.loads(dataset.attrs["interactions"]) == {"nearest": 1.0, "plaquette": 0.5}
    expected = energy(ensemble["spins"].values[0], {"nearest": 1.0, "plaquette": 0.5})
    assert np.array_equal(dataset["energy"].values[0], expected)


@pytest.mark.parametrize("number", [900, 901, 4000])
def test_fewer_configurations_come_from_all_chains(ensemble, number):
    whole = ensembles.to_dataset(ensemble, SPLIT)
    fewer = ensembles.to_dataset(ensemble, SPLIT | {"configurations": number})
    part, chain = fewer["part"].values, fewer["chain"].values
    counts = np.bincount(chain[part == 0])
    assert counts.sum() == number
    assert np.ptp(counts) <= 1
    assert (part == 1).sum() == max(1000, round(1500 * number / 4000))
    first = whole["values"].values[0, whole["chain"].values == 3][: counts[3]]
    assert np.array_equal(fewer["values"].values[0, chain == 3], first)
    assert np.array_equal(fewer["values"].values[0, part == 2], whole["values"].values[0, whole["part"].values == 2])


def test_noise_flips_spins_and_not_the_energy(ensemble):
    clean = ensembles.to_dataset(ensemble, SPLIT)
    noisy, again = (ensembles.to_dataset(ensemble, SPLIT | {"noise": 0.1}) for _ in range(2))
    other = ensembles.to_dataset(ensemble, SPLIT | {"noise": 0.1, "name": "other"})
    flipped = (noisy["values"] != clean["values"]).values
    assert abs(flipped.mean() - 0.1) < 4.5 * np.sqrt(0.09 / flipped.size)
    assert np.array_equal(noisy["values"], again["values"])
    assert not np.array_equal(noisy["values"], other["values"])
    assert np.array_equal(noisy["energy"], clean["energy"])


def test_values_of_a_user_pass_through(ensemble):
    mine = ensemble.assign_attrs(interactions="null").copy()
    mine["spins"] = (ensemble["spins"] + 3).assign_attrs(alphabet=np.array([2, 4], np.int8))
    dataset = ensembles.to_dataset(mine, SPLIT)
    assert dataset["values"].attrs["alphabet"].tolist() == [2, 4]
    assert "energy" not in dataset
    with pytest.raises(UserError, match=r"data set d: .* \[2, 4\]"):
        ensembles.to_dataset(mine, SPLIT | {"noise": 0.1})

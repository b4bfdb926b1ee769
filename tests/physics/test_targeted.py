"""Targeted sampling: its weight, and uniform states within each energy class, against enumeration."""

import numpy as np
import pytest
from chi_square import FALSE_ALARM, p_value, state_index
from scipy.stats import chi2, chisquare

from spinnet.density_of_states import density_of_states
from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.lattice import ising_energy
from spinnet.operators.data import make
from spinnet.operators.levels import level_of, levels
from spinnet.operators.split import histogram, in_test
from spinnet.operators.targeted import sample
from spinnet.rng import generator, stream_key
from spinnet.samplers.targeted import acceptance, climb, symmetric_copy

STATES = all_configurations(4)
ENERGIES = ising_energy(STATES)
WIDTH = 4.0
FOUR = {"seed": 1, "name": "test", "sampling": "targeted", "size": 4, "width": WIDTH, "interval": 5, "most": 10**7}
FOUR |= {"train": 8000, "test": 0, "test_fraction": 1 / 3}
EIGHT = FOUR | {"size": 8, "train": 20, "test": 10}


def records(targets, interval, number, burn_in, chains=64, size=4):
    """States (chains * number, L, L) and energies of chains after `burn_in` records."""
    spins = generator(2, "start").choice(np.array([-1, 1], np.int8), (chains, size, size))
    kept = np.empty((chains, burn_in + number, size, size), np.int8), np.empty((chains, burn_in + number), np.int64)
    keys = np.array([stream_key(2, "targeted", chain) for chain in range(chains)])
    steps, counters = (np.zeros(chains, np.int64) for _ in range(2))
    climb(spins, ising_energy(spins), acceptance(size, targets, WIDTH), steps, interval, keys, counters, *kept)
    return kept[0][:, burn_in:].reshape(-1, size, size), kept[1][:, burn_in:].ravel()


def numbers(states):
    return state_index((states.reshape(len(states), -1) + 1) // 2, 2)


def images():
    """Places of the sites (128, 16) under translations, rotations and reflections of the 4x4 torus."""
    sites = np.arange(16).reshape(4, 4)
    turned = [np.rot90(m, turns) for m in (sites, sites.T) for turns in range(4)]
    return [np.roll(t, (r, c), (0, 1)).ravel() for t in turned for r in range(4) for c in range(4)]


@pytest.fixture(scope="module")
def orbits():
    """Index of the orbit of each of the 4x4 states under all symmetries and the spin flip."""
    bits = (STATES.reshape(-1, 16) > 0).astype(float)
    powers = 2 ** np.arange(16)
    codes = bits @ np.array([powers[np.argsort(image)] for image in images()]).T
    lowest = np.minimum(codes.min(1), (2**16 - 1 - codes).min(1))
    return np.unique(lowest, return_inverse=True)[1]


def within_classes(states, orbits):
    """p-value that the states of each energy are uniform: the smallest of all classes, times their number.

    Counted are orbits, so that few states that are too frequent show.
    """
    counts = np.bincount(orbits[numbers(states)], minlength=orbits.max() + 1)
    sizes = np.bincount(orbits)
    energy = ENERGIES[np.unique(orbits, return_index=True)[1]]
    p = [
        chisquare(counts[rows], sizes[rows] / sizes[rows].sum() * counts[rows].sum()).pvalue
        for rows in (energy == level for level in levels(4))
        if rows.sum() > 1
    ]
    return len(p) * min(p)


@pytest.fixture(scope="module")
def four():
    return sample(FOUR)


@pytest.fixture(scope="module")
def eight():
    return make(EIGHT)


@pytest.mark.parametrize("size", [4, 8])
def test_detailed_balance_of_single_flips(size):
    """Acceptances there and back have the ratio of the weights exp(-(E - E*)^2 / (2 w^2))."""
    top, target = 2 * size**2, -11.0
    table = acceptance(size, [target], WIDTH)[0]
    for i, energy in enumerate(range(-top, top + 1, 4)):
        for change in range(-2, 3):
            if 0 <= i + change < len(table):
                after = energy + 4 * change
                ratio = np.exp(((energy - target) ** 2 - (after - target) ** 2) / (2 * WIDTH**2))
                assert table[i, 2 + change] / table[i + change, 2 - change] == pytest.approx(ratio, rel=1e-12)
    assert table.max() == 1


@pytest.mark.parametrize("target", [-20.0, -6.0, 0.0, 16.0])
def test_states_at_a_fixed_target_follow_their_weight(target, orbits):
    kept, energies = records([target], 40, 500, 25)
    assert np.array_equal(energies, ising_energy(kept))
    for width, right in ((WIDTH, True), (0.9 * WIDTH, False)):
        weight = np.exp(-((ENERGIES - target) ** 2) / (2 * width**2))
        share = np.bincount(orbits, weight / weight.sum())
        assert (p_value(orbits[numbers(kept)], share) > FALSE_ALARM) == right


def test_classes_are_flat(four):
    states, energies, parts = four
    assert np.array_equal(energies, ising_energy(states))
    assert np.array_equal(np.bincount(level_of(energies, 4)), np.full(15, FOUR["train"]))
    assert (parts == "train").all()


def test_states_are_uniform_within_each_class(four, orbits):
    assert within_classes(four[0], orbits) > FALSE_ALARM


def test_records_behind_their_target_prefer_stripes(orbits):
    """Why only records at their target are used: all of them fail the same test."""
    kept, _ = records(levels(4), 5, 6000, 60)
    assert within_classes(kept, orbits) < FALSE_ALARM


def test_magnetization_within_each_class_of_8():
    """Mean |m| at each energy against the exact numbers of states; stripes have none."""
    states, energies, _ = sample(EIGHT | {"train": 300, "test": 0})
    density = density_of_states(8)
    count = density["states"].sel(energy=levels(8)).values.astype(float)
    weight = count / count.sum(1, keepdims=True)
    m = np.abs(density["magnetization"].values) / 64
    mean, square = weight @ m, weight @ m**2
    found = np.bincount(level_of(energies, 8), np.abs(states.sum((1, 2), dtype=int)) / 64) / 300
    spread = np.sqrt(square - mean**2)
    varies = spread > 1e-9
    assert np.allclose(found[~varies], mean[~varies])
    pulls = (found - mean)[varies] / spread[varies] * np.sqrt(300)
    assert chi2.sf((pulls**2).sum(), varies.sum()) > FALSE_ALARM
    assert varies.sum() == 57


def test_both_ground_states_and_both_antiferromagnets_occur(four, eight):
    for state, energy in ((four[0], four[1]), (eight["state"].values, eight["energy"].values)):
        for extreme in (energy.min(), energy.max()):
            assert len(np.unique(state[energy == extreme], axis=0)) == 2


@pytest.mark.parametrize("size", [4, 5])
def test_symmetric_copies_are_all_images_equally_often(size):
    spins = generator(0, "spins").choice(np.array([-1, 1], np.int8), (size, size))  # without a symmetry
    order = 16 * size**2
    bits = generator(3, "bits").integers(0, 2**64, 40 * order, np.uint64)
    copies = np.empty((len(bits), size, size), np.int8)
    for word, copy in zip(bits, copies, strict=True):
        symmetric_copy(spins, word, copy)
    assert (ising_energy(copies) == ising_energy(spins)).all()
    turned = [np.rot90(s * m, turns) for s in (1, -1) for m in (spins, spins.T) for turns in range(4)]
    expected = [np.roll(t, (r, c), (0, 1)).ravel() for t in turned for r in range(size) for c in range(size)]
    distinct, state = np.unique(copies.reshape(len(copies), -1), axis=0, return_inverse=True)
    assert len(distinct) == order
    assert np.array_equal(distinct, np.unique(expected, axis=0))
    assert p_value(state, np.full(order, 1 / order)) > FALSE_ALARM


def test_data_depend_on_seed_and_name_alone():
    small = FOUR | {"train": 10}
    first, again = sample(small), sample(small)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], sample(small | {"name": "other"})[0])


def test_an_unreachable_target_is_named():
    with pytest.raises(UserError, match=r"the target energy -28 J has 0 of 8000 examples for the part 'train'"):
        sample(FOUR | {"most": 1}, targets=[-28])


def test_the_part_that_the_hash_leaves_empty_is_not_blamed_for_an_unreachable_target():
    """All ground states of 8x8 are in the training part."""
    with pytest.raises(UserError, match="the target energy -124 J"):
        sample(EIGHT | {"most": 200_000}, targets=[-128, -124])


def test_data_that_are_complete_after_the_last_record_are_fine():
    assert len(sample(FOUR | {"train": 2, "most": 1})[0]) == 30


def test_a_class_without_training_states_is_named():
    """Hash bins of both ground states: 579 and 728 of 4096; the test part has the highest bins."""
    with pytest.raises(UserError, match="the class E = -128 J has no example to train on"):
        sample(EIGHT | {"train": 2, "test": 2, "test_fraction": 0.9})


def test_a_class_without_test_states_is_named(capsys):
    states, energies, parts = sample(EIGHT)
    assert capsys.readouterr().out.startswith("warning: the class E = -128 J has no state in the test part")
    assert set(parts[energies == -128]) == {"train"}
    assert set(parts[energies == 128]) == {"train", "test"}
    number = {part: np.bincount(level_of(energies[parts == part], 8)) for part in ("train", "test")}
    assert (number["train"] == 20).all()
    assert (number["test"][1:] == 10).all()
    assert number["test"][0] == 0
    assert np.array_equal(energies, ising_energy(states))


def test_no_state_is_in_both_parts(eight):
    state, part = eight["state"].values, eight["part"].values
    assert histogram(state, part)["common"] == 0
    assert np.array_equal(in_test(state, EIGHT["test_fraction"]), part == "test")

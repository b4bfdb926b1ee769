"""Energy, blockings and orders of sites."""

import itertools

import numpy as np
import pytest
from scipy.stats import binomtest

from spinnet.blocking import ALPHABETS, magnetization_per_spin, transform
from spinnet.lattice import block_sums, ising_energy, majority
from spinnet.orders import ORDERS, RANDOM, site_order
from spinnet.samplers.bonds import energy_and_magnetization


def random_spins(*shape):
    return 1 - 2 * np.random.default_rng(1).integers(0, 2, shape, np.int8)


def test_energy_counts_every_bond_once():
    spins = random_spins(4, 5, 5)
    expected = np.zeros(4)
    for r, c in itertools.product(range(5), repeat=2):
        expected -= spins[:, r, c] * (spins[:, (r + 1) % 5, c] + spins[:, r, (c + 1) % 5])
    assert np.array_equal(ising_energy(spins), expected)
    assert [energy_and_magnetization(s) for s in spins] == [
        (e, s.sum(dtype=int)) for e, s in zip(expected, spins, strict=True)
    ]


def test_energy_of_ground_and_checkerboard_states():
    board = (-1) ** np.add.outer(np.arange(6), np.arange(6))
    assert ising_energy(np.ones((6, 6))) == -72
    assert ising_energy(board) == 72


@pytest.mark.parametrize(("stride", "size"), [(1, 15), (2, 8)])
def test_block_sums_are_the_papers_windows(stride, size):
    """S_IJ = s_ij + s_i+1,j + s_i,j+1 + s_i+1,j+1 with i = 1 + d(I-1), no wrap-around (row N10)."""
    spins = random_spins(3, 16, 16)
    sums = block_sums(spins, stride)
    assert sums.shape == (3, size, size)
    for i, j in itertools.product(range(size), repeat=2):
        window = spins[:, stride * i : stride * i + 2, stride * j : stride * j + 2]
        assert np.array_equal(sums[:, i, j], window.sum(axis=(1, 2)))


def test_majority_of_all_sixteen_blocks():
    """Row B11: clear majorities are kept, the six ties are fair coins."""
    blocks = np.array(list(itertools.product((-1, 1), repeat=4)), np.int8).reshape(16, 2, 2)
    random = np.random.default_rng(7)
    drawn = np.array([majority(blocks, random)[:, 0, 0] for _ in range(2000)])
    total = blocks.sum(axis=(1, 2))
    assert (drawn[:, total != 0] == np.sign(total[total != 0])).all()
    for block in np.flatnonzero(total == 0):
        assert binomtest(int((drawn[:, block] == 1).sum()), 2000).pvalue > 1e-6


@pytest.mark.parametrize("name", ALPHABETS)
def test_transforms_stay_in_their_alphabet(name):
    values = transform(name, random_spins(50, 8, 8), np.random.default_rng(0))
    assert set(np.unique(values)) == set(ALPHABETS[name])
    full = transform(name, np.ones((2, 8, 8), np.int8), np.random.default_rng(0))
    assert magnetization_per_spin(full.reshape(2, -1), ALPHABETS[name]).tolist() == [1, 1]


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("size", [2, 5, 8])
def test_orders_are_permutations(name, size):
    order = site_order(name, size, 4)
    assert sorted(order) == list(range(size * size))


def test_orders_are_what_they_say():
    assert site_order("column", 3, 0).tolist() == [0, 3, 6, 1, 4, 7, 2, 5, 8]
    assert site_order("spiral", 3, 0).tolist() == [0, 1, 2, 5, 8, 7, 6, 3, 4]
    assert site_order("checkerboard", 3, 0).tolist() == [0, 2, 4, 6, 8, 1, 3, 5, 7]
    assert not np.array_equal(site_order("random", 8, 0), site_order("random", 8, 1))
    assert len({tuple(site_order(name, 8, 0)) for name in RANDOM}) == 5
    with pytest.raises(ValueError, match="hilbert"):
        site_order("hilbert", 4, 0)


@pytest.mark.parametrize("size", [5, 8, 16, 24])
def test_hierarchical_order_lists_each_coarser_lattice_first(size):
    """The sites with both coordinates multiples of 8, then of 4, 2 and 1, whatever the size."""
    order = site_order("hierarchical", size, 0)
    for step in (8, 4, 2, 1):
        coarse = {r * size + c for r in range(0, size, step) for c in range(0, size, step)}
        assert set(order[: len(coarse)]) == coarse
    assert site_order("hierarchical", 4, 0).tolist() == [0, 2, 8, 10, 1, 3, 4, 5, 6, 7, 9, 11, 12, 13, 14, 15]

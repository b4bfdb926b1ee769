"""The ring of three of Appendix A (eqs. 3-5) exactly, and how many layers a ring and a torus need."""

import itertools

import numpy as np
import pytest

from spinnet.encoder import ring
from spinnet.encoder.one_layer import divergence
from spinnet.exact import enumerate_lattice

SETTINGS = {"seed": 1, "iterations": 300, "temperature": 2.5}


@pytest.fixture(scope="module")
def three():
    return ring.ring(3)


def test_probabilities_of_the_ring(three):
    """Z = 2 e^-3 + 6 e: two aligned states, six with one spin against the others."""
    states, p = three
    z = 2 * np.exp(-3) + 6 * np.e
    expected = [np.exp(-3 if abs(s.sum()) == 3 else 1) / z for s in states]
    assert p == pytest.approx(expected)


@pytest.mark.parametrize("order", ring.ORDERS)
def test_equation5_in_every_order_of_conditioning(three, order):
    """Row N13: the printed conditionals are exact, p(s1) = 1/2, and every order has the same ones."""
    for before in ring.CONDITIONS:
        assert ring.conditional(*three, order, before) == pytest.approx(ring.equation5(before), rel=1e-12)
    assert ring.equation5(()) == pytest.approx(0.5, rel=1e-12)


def test_factorisations_give_back_the_joint_distribution(three):
    states, p = three
    for order in ring.ORDERS:
        for state, exact in zip(states, p, strict=True):
            values = tuple(int(s) for s in state[list(order)])
            up = [ring.conditional(states, p, order, values[:d]) for d in range(3)]
            assert np.prod([u if v == 1 else 1 - u for u, v in zip(up, values, strict=True)]) == pytest.approx(exact)


@pytest.mark.parametrize("order", ring.ORDERS)
def test_one_layer_is_exact_on_the_ring_of_three(three, order):
    """Row N14 is refuted by the paper's own example, in any order."""
    assert 0 <= ring.learn(*three, order, [], SETTINGS, *order)[1] < 1e-9


@pytest.mark.parametrize("sites", range(3, 9))
def test_one_layer_is_exact_on_longer_rings(sites):
    order = np.random.default_rng(sites).permutation(sites)
    assert ring.learn(*ring.ring(sites), order, [], SETTINGS, sites)[1] < 1e-9


def test_logits_of_rings_are_linear_in_the_spins_before():
    """Why: each is a sum of functions of the nearest seen spin on either side, linear in a spin +-1."""
    states, p = ring.ring(6)
    order = (0, 3, 5, 1, 4, 2)
    for d in range(1, 6):
        before = list(itertools.product((1, -1), repeat=d))
        up = np.array([ring.conditional(states, p, order, b) for b in before])
        logit = np.log(up / (1 - up))
        design = np.column_stack([np.ones(len(before)), before])
        assert logit == pytest.approx(design @ np.linalg.lstsq(design, logit)[0], abs=1e-10)


def test_one_layer_fails_on_the_torus_and_hidden_layers_mend_it():
    states, p = ring.torus(3, 2.5)
    assert p == pytest.approx(enumerate_lattice(3, 2.5)["probability"])
    one, two = (ring.learn(states, p, range(9), hidden, SETTINGS, *hidden)[1] for hidden in ([], [64]))
    assert one == pytest.approx(3.3028e-4, rel=1e-3)  # convex, so it does not depend on the seed
    other_seed = ring.learn(states, p, range(9), [], SETTINGS | {"seed": 5}, "other")[1]
    assert other_seed == pytest.approx(one, rel=1e-6)
    assert two < 0.05 * one


def test_divergence_is_the_definition_and_sees_small_differences():
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.4, 0.4, 0.2])
    assert divergence(p, q) == pytest.approx((p * np.log(p / q)).sum())
    small = p * np.array([1 + 1e-7, 1 - 1e-7 * 5 / 3, 1])
    assert divergence(p, small) == pytest.approx(0.5 * (p * (small / p - 1) ** 2).sum(), rel=0.05)

"""Rings of antiferromagnetic spins and small lattices, exactly: Appendix A of Wang & Jiang (eqs. 3-5)."""

import itertools

import numpy as np
import xarray as xr

from spinnet.encoder.one_layer import divergence, fit, probabilities
from spinnet.exact import all_configurations, enumerate_lattice

ORDERS = list(itertools.permutations((0, 1, 2)))
CONDITIONS = [c for n in range(3) for c in itertools.product((1, -1), repeat=n)]  # values of the spins before
SIZES = range(3, 9)
NETWORKS = {"one layer": [], "one hidden layer": [64], "two hidden layers": [64, 64]}
LATTICES = (3, 4)  # L of the tori


def ring(sites):
    """States (2^n, n) of +-1 and probabilities of H = sum s_i s_i+1 [J], periodic, at T = 1 J/k_B (eq. 3)."""
    states = np.array(list(itertools.product((1, -1), repeat=sites)), np.int8)
    weight = np.exp(-(states * np.roll(states, 1, 1)).sum(1, dtype=float))
    return states, weight / weight.sum()


def conditional(states, probability, order, before):
    """p(next spin up | the first spins of `order` have the values `before`), by summation."""
    chosen = (states[:, list(order[: len(before)])] == before).all(1)
    up = chosen & (states[:, order[len(before)]] == 1)
    return probability[up].sum() / probability[chosen].sum()


def equation5(before):
    """Eq. 5 of the paper, p(next spin up | the spins before it in the order 1, 2, 3) at T = 1."""
    e = np.exp
    marginal = {s: e(-2 * s - 1) + 2 * e(1) + e(2 * s - 1) for s in (1, -1)}
    if not before:
        return marginal[1] / sum(marginal.values())
    if len(before) == 1:
        s = before[0]
        return e(-s) * (e(s + 1) + e(-s - 1)) / marginal[s]
    s = sum(before)
    return e(-s) / (e(s) + e(-s))


def categories(states, order):
    """(states, N) indices 0 (down), 1 (up) in the order of factorisation."""
    return np.ascontiguousarray((states[:, list(order)] + 1) // 2)


def learn(states, probability, order, hidden, settings, *names):
    """Probabilities (states,) of the fitted network and their KL divergence [nats] from the exact ones.

    hidden: widths of the hidden layers, none for one layer.  settings: seed, iterations; names: of the fit.
    """
    data = categories(states, order)
    model = fit(probability, data, hidden, settings["iterations"], settings["seed"], "ring", *names)
    learned = probabilities(model, data)
    return learned, divergence(probability, learned)


def torus(size, temperature):
    """States (2^(L^2), L^2) and probabilities of the Ising model on the torus."""
    return all_configurations(size).reshape(-1, size**2), enumerate_lattice(size, temperature)["probability"]


def solve(settings, progress):
    """Dataset of the ring of three in all orders, of longer rings and of small tori.

    settings: seed, iterations (of L-BFGS), temperature (of the tori [J/k_B]; the rings have T = 1).
    Variables: exact, learned (order, condition): p(next up | spins before); equation5 (condition,);
    KL [nats] of one layer: order_divergence, ring_divergence (size,) and torus_divergence (length,);
    of several layers on the smallest torus: layers_divergence (network,).
    """

    def gap(states, probability, hidden, *names):
        return learn(states, probability, range(states.shape[1]), hidden, settings, *names)[1]

    states, p = ring(3)
    fits = [learn(states, p, order, [], settings, *order) for order in progress(ORDERS)]
    nats, one = {"units": "nat"}, {"units": "1"}
    smallest = torus(LATTICES[0], settings["temperature"])
    values = {
        "exact": (("order", "condition"), _table(states, [p] * len(ORDERS)), one),
        "learned": (("order", "condition"), _table(states, [q for q, _ in fits]), one),
        "equation5": ("condition", [equation5(c) for c in CONDITIONS], one),
        "order_divergence": ("order", [kl for _, kl in fits], nats),
        "ring_divergence": ("size", [gap(*ring(n), [], n) for n in SIZES], nats),
        "torus_divergence": (
            "length", [gap(*torus(n, settings["temperature"]), [], "torus", n) for n in progress(LATTICES)], nats,
        ),
        "layers_divergence": ("network", [gap(*smallest, h, "layers", *h) for h in NETWORKS.values()], nats),
    }  # fmt: skip
    coords = {
        "order": ["".join(str(site + 1) for site in order) for order in ORDERS],
        "condition": ["".join("+" if s > 0 else "-" for s in c) for c in CONDITIONS],
        "size": ("size", list(SIZES), one),
        "length": ("length", list(LATTICES), one),
        "network": list(NETWORKS),
    }
    return xr.Dataset(values, coords, {"temperature": settings["temperature"]})


def _table(states, rows):
    """(order, condition) conditional probabilities of the distributions `rows`, one an order."""
    return [[conditional(states, q, o, c) for c in CONDITIONS] for q, o in zip(rows, ORDERS, strict=True)]

"""Replicas of the problem "gaps": KL gaps and likelihoods on 4x4, from correlated chains as an ensemble has them.

The truth is a sum over all 65 536 states.  A network without a normalisation has to find ln Z = ln <weight / exact p>
from the same configurations, which lack the states that it holds far too likely.
"""

import numpy as np
from scipy.special import logsumexp

from spinnet.calibration.cases import case, join
from spinnet.calibration.networks import SIZE, T0, log_probabilities
from spinnet.checkpoint import NONE
from spinnet.evaluation import LEAST_OVERLAP, kl_gap, likelihood, overlap
from spinnet.exact import all_configurations, enumerate_lattice
from spinnet.learned import log_weight
from spinnet.models.local import offsets
from spinnet.samplers.ising import IsingChains
from spinnet.statistics import mean_and_error

CHAINS, SAMPLES = 8, 1000  # of a test part
FEW = 100  # samples of a short one
BURN_IN, THINNING = 200, 3  # sweeps; twice the autocorrelation time of 1.4
# Couplings [J] of networks without normalisation; the true one is 1, and 0 spreads weight / exact p over 11 decades.
COUPLINGS = {0.95: "used", 0.7: "used", 0.4: "used", 0.0: "compared"}


def replicas(numbers, seed, progress, checkpoint=NONE):
    """Dataset of kind "calibration" of the replicas `numbers` (range); each has one test part for all cases."""
    states = np.stack(checkpoint.map(lambda n, _: drawn(n, seed), numbers, progress))
    exact = np.log(enumerate_lattice(SIZE, T0)["probability"])
    networks = log_probabilities(seed)
    cases = [one for name, log_p in networks.items() for one in _normalised(name, states, exact, log_p)]
    cases += [_unnormalised(f"{k:g} J", states, exact, local_weights(k), role) for k, role in COUPLINGS.items()]
    cases.append(_unnormalised("0.95 J", states[..., :FEW], exact, local_weights(0.95)))
    cases.append(_unnormalised("fair network", states, exact, networks["fair"], "compared"))
    return join(cases, numbers)


def drawn(number, seed):
    """Indices (`CHAINS`, `SAMPLES`) uint16 of the states of the test part of replica `number`."""
    chains = IsingChains("metropolis", SIZE, T0, CHAINS, seed, "calibration", "gaps", number)
    chains.record(1, BURN_IN)
    spins = chains.record(SAMPLES, THINNING, keep=True)[2].reshape(CHAINS, SAMPLES, -1)
    return ((spins > 0) @ (1 << np.arange(SIZE**2))).astype(np.uint16)


def local_weights(coupling):
    """Log weights (65536,) of a network "local" of nearest neighbours with `coupling` [J]."""
    window = offsets(1)
    spins = 2.0 * (np.arange(1 << len(window))[:, None] >> np.arange(len(window)) & 1) - 1
    field = coupling / T0 * (spins[:, window.index((0, -1))] + spins[:, window.index((-1, 0))])
    header = {"architecture": "local", "window": 1, "alphabet": [-1, 1]}
    return log_weight({"field": field}, header)(all_configurations(SIZE))


def _normalised(name, states, exact, log_p):
    """Cases of a network with log p (65536,): gap and likelihood, and their errors without regard of correlation."""
    condition, gap, minus = f"{name} network", exact - log_p, -log_p
    methods = [
        ("used", "Gamma method", "KL gap", gap, lambda x: kl_gap(x, True)["kl_gap"]),
        ("used", "Gamma method", "-ln p", minus, lambda x: likelihood(-x)["negative_log_likelihood"]),
        ("compared", "uncorrelated", "-ln p", minus, lambda x: mean_and_error(x.ravel())),
    ]
    for role, estimator, quantity, table, estimate in methods:
        found = _found(estimate, table, states)
        yield case(role, estimator, quantity, condition, *found, np.exp(exact) @ table)


def _unnormalised(name, states, exact, log_w, role="used"):
    """Case of the KL gap of a network that knows only its log weights (65536,)."""
    found = _found(lambda x: kl_gap(x, False)["kl_gap"], exact - log_w, states)
    truth = np.exp(exact) @ (exact - log_w) + logsumexp(log_w)
    condition = f"ln Z from data, {name}, n = {CHAINS} x {states.shape[-1]}"
    flagged = [overlap((exact - log_w)[one]) < LEAST_OVERLAP for one in states]
    return case(role, "jackknife", "KL gap", condition, *found, truth, freedom=CHAINS - 1, flagged=flagged)


def _found(estimate, table, states):
    """Values and errors (2, replicas) of `estimate`, from the table's values (chains, samples) of each replica."""
    return np.array([estimate(table[one])[:2] for one in states]).T

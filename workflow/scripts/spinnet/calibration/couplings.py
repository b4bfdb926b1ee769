"""Replicas of the problem "couplings": those read off learned Hamiltonians, in blind trials and of a fixed network.

Blind trials have random interactions.  Nothing of the network remains in the estimate, so all have the poor network,
which trains fast.  The fixed network is a good one; the truth of its correction is K_true minus the mean of its own
reading over many test parts.
"""

import xarray as xr

from spinnet import ensembles
from spinnet.calibration.cases import case, join
from spinnet.checkpoint import NONE
from spinnet.encoder import coverage
from spinnet.encoder.couplings import BLOCKS, read
from spinnet.interactions import TERMS
from spinnet.learned import log_weight
from spinnet.rng import stream_key
from spinnet.statistics import mean_and_error

INTERACTIONS, T0 = {"nearest": 1.0, "diagonal": -0.2, "plaquette": 0.4}, 2.8  # J, J/k_B; of the fixed network
CORRECTED = ("nearest", "three", "plaquette")  # terms that are shown of it
TRUTHS = 16  # test parts for the mean of its reading


def replicas(numbers, seed, progress, checkpoint=NONE):
    """Dataset of kind "calibration" of the replicas `numbers` (range)."""
    seed = int(stream_key(seed, "calibration", "couplings"))  # other trials than those of the encoder's study
    model = checkpoint.once("network", lambda _: fixed_network(seed))

    def truth(n, _):
        return reading(model, f"truth {n}", seed)["network"].values

    def replica(n, _):
        return coverage.trial(2 * n + 1, seed), reading(model, f"replica {n}", seed)  # odd ones have the poor network

    means = mean_and_error(checkpoint.part("truth").map(truth, range(TRUTHS), iter), 0)
    found = checkpoint.part("replicas").map(replica, numbers, progress)
    blind, fixed = (xr.concat(parts, "replica") for parts in zip(*found, strict=True))
    return join([*_blind(blind), *_fixed(fixed, *means)], numbers)


def fixed_network(seed):
    """Arrays and header of the good network of `coverage`, trained on configurations of `INTERACTIONS`."""
    train, network = coverage.NETWORKS[0]
    dataset = _dataset("training", coverage.SPLIT, seed)
    return train(dataset, {"seed": seed, "name": "calibration"} | coverage.TRAINING | network, iter)


def reading(model, name, seed):
    """Result of `couplings.read` of a model from the test part `name`, as large as that of a blind trial."""
    dataset = _dataset(name, coverage.SPLIT | {"train": 0, "validation": 0}, seed)
    return read(dataset, log_weight(*model), model[1], {"seed": seed, "name": name} | coverage.SHOWN)


def _dataset(name, split, seed):
    """Data set of `INTERACTIONS` with so many chains of each part."""
    named = {"seed": seed, "name": name}
    sampling = {"size": coverage.SIZE, "sampler": "metropolis", "temperatures": [T0], "interactions": INTERACTIONS}
    sampling |= {"chains": sum(split.values()), "samples": coverage.SAMPLES, "thinning": 2.0}
    return ensembles.to_dataset(ensembles.sample(named | sampling, iter), named | split | {"transform": "raw"})


def _blind(found):
    """Cases of deviations of K from the truth, which is 0 for absent terms."""
    for term in TERMS:
        yield _case("used", "pseudo-likelihood", term, "blind trials", found, "estimate")
    for term in ("nearest", "plaquette"):
        yield _case("compared", "network alone", term, "blind trials, poor network", found, "network")


def _fixed(found, mean, error):
    """Cases of the fixed network, whose reading has this mean and error (terms,): its correction, and itself."""
    exact = found["true"].isel(replica=0) - mean
    for term in CORRECTED:
        i = list(TERMS).index(term)
        one, condition = found.sel(term=term), "good network, fixed"
        values = one["correction"], one["correction_error"], exact[i], error[i], BLOCKS - 1
        yield case("used", "pseudo-likelihood", f"correction, {term}", condition, *values)
        yield _case("compared", "network alone", term, condition, found, "network")


def _case(role, estimator, term, condition, found, name):
    """Case of `name` minus the true coupling; the network alone has but the error of its correction."""
    one, claims = found.sel(term=term), "estimate_error" if name == "estimate" else "correction_error"
    deviation = one[name] - one["true"]
    return case(role, estimator, f"K - K_true, {term}", condition, deviation, one[claims], 0.0, freedom=BLOCKS - 1)

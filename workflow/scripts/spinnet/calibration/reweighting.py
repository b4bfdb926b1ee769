"""Replicas of observables reweighted in beta on 8x8, from one ensemble and from several at once (MBAR).

The truth comes from the density of states, the samples from Wolff chains as thinned as those of the
workflow.  Two estimators of one ensemble are judged as they are used: the jackknife over groups of
chains for the order parameter (`rg.mapping`), and that for energy and specific heat (`encoder.trust`).
"""

import logging

import numpy as np
from scipy.special import logsumexp

from spinnet.calibration.cases import case, join
from spinnet.checkpoint import NONE
from spinnet.density_of_states import density_of_states
from spinnet.encoder import trust
from spinnet.reweighting import averages, effective_sample_size, rebin, reweighting_sums, slopes
from spinnet.samplers.ising import IsingChains
from spinnet.statistics import jackknife

SIZE, SITES = 8, 64
BETA = 0.44
CHAINS, SAMPLES, EVERY = 80, 64, 4  # 5120 samples, 2 tau_int or more apart
GROUPS = 40  # of neighbouring chains: rg.mapping.bins
LEAST_EFFECTIVE = 0.3  # rg.mapping.least_effective
EQUILIBRATION = 60  # clusters, 15 autocorrelation times or more

# shift of beta: quantities whose errors are used there, and those that show what happens elsewhere.  Effective
# fractions are 0.68, 0.36, 0.14, 0.05 and 0.01 towards small beta, 0.68 and 0.43 towards large beta.  Small beta needs
# states from the tail of the sampled distribution; at large beta are the ground states, which the samples hold.
SHIFTS = {
    -0.03: (("energy", "specific_heat", "magnetization", "susceptibility", "slope"), ("energy, naive",)),
    -0.05: (("magnetization", "susceptibility", "slope"), ("energy", "specific_heat")),
    -0.075: ((), ("energy", "specific_heat", "slope")),
    -0.10: ((), ("specific_heat", "magnetization")),
    -0.134: ((), ("energy", "magnetization")),
    0.04: (("energy", "specific_heat", "susceptibility", "slope"), ()),
    0.08: (("magnetization", "slope"), ("specific_heat",)),
}
# estimator, degrees of freedom of its error, and the effective fraction below which the workflow refuses or flags
ORDER = f"jackknife, {GROUPS} groups", GROUPS - 1, LEAST_EFFECTIVE
HELD_OUT = f"jackknife, {trust.BINS} groups", trust.BINS - 1, trust.least_fraction(CHAINS * SAMPLES)
ESTIMATORS = {
    "magnetization": ORDER,
    "susceptibility": ORDER,
    "slope": ORDER,
    "energy": HELD_OUT,
    "specific_heat": HELD_OUT,
    "energy, naive": ("sqrt(variance / effective size)", np.inf, 0.0),
}

MBAR_BETAS, MBAR_TARGET = (0.30, 0.37, 0.44), 0.34  # no ensemble at the target
MBAR_CHAINS, MBAR_SAMPLES = 10, 20
MBAR_EVERY = {"independent samples": (20, 13, 9), "every cluster": (1, 1, 1)}  # clusters; tau_int 4.1, 2.5 and 1.7


def multi_histogram(betas, energies, target, observables):
    """Averages at beta = target from independent samples at several betas, and their asymptotic errors.

    betas: (k,).  energies: (k, n) totals [J].  observables: (m, k, n).  Returns value and error (m,).
    Source: M. R. Shirts & J. D. Chodera, J. Chem. Phys. 129, 124105 (2008); pymbar.
    """
    logging.getLogger("pymbar").setLevel(logging.ERROR)  # its import asks for JAX, which small problems do not need
    from pymbar import MBAR

    energy = np.asarray(energies, float).reshape(-1)
    counts = [energy.size // len(betas)] * len(betas)
    newton = ({"method": "adaptive"},)  # others hand scipy options that it warns of
    with np.errstate(divide="ignore"):  # it takes the logarithm of an observable less its minimum
        solved = MBAR(np.outer(betas, energy), counts, solver_protocol=newton)
        found = solved.compute_multiple_expectations(np.reshape(observables, (-1, energy.size)), target * energy)
    return found["mu"], found["sigma"]


def single_histogram(energy, magnetization, shifts):
    """{quantity: (value, error)} at `BETA` + shifts as the workflow finds them, and the effective fractions.

    energy: total [J], magnetization: |m| per spin, (chains, samples).
    """
    betas = BETA + shifts
    sums = reweighting_sums(shifts, -energy, [magnetization, magnetization**2])
    groups = rebin(sums, GROUPS)

    def susceptibility(weight, m, square):
        return betas * SITES * (averages(weight, square) - averages(weight, m) ** 2)

    m = groups.observable[0]
    result = {
        "magnetization": jackknife(averages, groups.weight, m),
        "susceptibility": jackknife(susceptibility, groups.weight, *groups.observable),
        "slope": jackknife(slopes, groups.weight, groups.conjugate, m, groups.product[0]),
    }
    data = {"log_prob": -BETA * energy, "magnetization": magnetization, "energy": energy / SITES}
    held_out = {name: values.reshape(-1) for name, values in data.items()}
    found, _ = trust.reweighted(held_out, 1 / betas, 1 / BETA, SITES)
    size = effective_sample_size(sums)
    variance = found["specific_heat"][0] / (betas**2 * SITES)
    result |= {name: found[name] for name in ("energy", "specific_heat")}
    result["energy, naive"] = found["energy"][0], np.sqrt(np.maximum(variance, 0) / size)
    return result, size / energy.size


def exact(density, betas):
    """{quantity: (betas,)} of a dataset of `density_of_states`, energies in J, and log Z.

    The quantities are energy, specific heat, magnetization, susceptibility, and slope, d<|m|>/dbeta.
    """
    row, column = np.nonzero(density["states"].values)
    energy, m = density["energy"].values[row], np.abs(density["magnetization"].values[column]) / SITES
    log_weight = np.log(density["states"].values[row, column]) - np.outer(betas, energy)
    log_partition = logsumexp(log_weight, axis=1)
    p = np.exp(log_weight - log_partition[:, None])
    e, mean = p @ energy, p @ m
    return {
        "energy": e / SITES,
        "specific_heat": betas**2 * (p @ energy**2 - e**2) / SITES,
        "magnetization": mean,
        "susceptibility": betas * SITES * (p @ m**2 - mean**2),
        "slope": e * mean - p @ (energy * m),
        "log_partition": log_partition,
    }


def effective_fraction(density, shifts):
    """Exact effective fraction (shifts,) of many samples at `BETA`: Z(beta + x)^2 / (Z(beta) Z(beta + 2 x))."""
    start, there, twice = (exact(density, BETA + k * shifts)["log_partition"] for k in (0, 1, 2))
    return np.exp(2 * there - start - twice)


def replicas(numbers, seed, progress, checkpoint=NONE):
    """Cases of the reweighted observables for the replicas `numbers`, kind "calibration"."""
    shifts = np.array(list(SHIFTS))

    def replica(number, _):
        names, several = (seed, "calibration", "reweighting", number), {}
        single = single_histogram(*_series(BETA, CHAINS, SAMPLES, EVERY, *names), shifts)
        for name, every in MBAR_EVERY.items():
            ensembles = [
                _series(beta, MBAR_CHAINS, MBAR_SAMPLES, e, *names, name)
                for beta, e in zip(MBAR_BETAS, every, strict=True)
            ]
            energy, m = np.moveaxis(np.array(ensembles).reshape(len(MBAR_BETAS), 2, -1), 1, 0)
            several[name] = multi_histogram(MBAR_BETAS, energy, MBAR_TARGET, [energy / SITES, m])
        return single, several

    single, found = zip(*checkpoint.map(replica, numbers, progress), strict=True)
    several = {name: [one[name] for one in found] for name in MBAR_EVERY}
    density = density_of_states(SIZE)
    return join([*_single_cases(density, single, shifts), *_several_cases(density, several)], numbers)


def _series(beta, chains, samples, every, *names):
    """Energies [J] and |m| (chains, samples) of equilibrated Wolff chains."""
    walkers = IsingChains("wolff", SIZE, 1 / beta, chains, *names, beta)
    walkers.record(1, EQUILIBRATION)
    energy, magnetization, _ = walkers.record(samples, every)
    return energy.astype(float), np.abs(magnetization) / SITES


def _single_cases(density, found, shifts):
    """Cases of one ensemble; flagged: replicas that the workflow would not reweight so far."""
    truth, expected = exact(density, BETA + shifts), effective_fraction(density, shifts)
    fractions = np.array([fraction for _, fraction in found])
    for i, (used, compared) in enumerate(SHIFTS.values()):
        condition = f"8x8, beta {BETA} to {BETA + shifts[i]:.3f}, fraction {expected[i]:.2g}"
        for name in (*used, *compared):
            quantity, (estimator, freedom, least) = name.removesuffix(", naive"), ESTIMATORS[name]
            value, error = np.moveaxis([estimates[name] for estimates, _ in found], 1, 0)[..., i]
            role, flagged = ("used", fractions[:, i] < least) if name in used else ("compared", False)
            exactly = truth[quantity][i]
            yield case(
                role,
                estimator,
                quantity.replace("_", " "),
                condition,
                value,
                error,
                exactly,
                freedom=freedom,
                flagged=flagged,
            )


def _several_cases(density, found):
    truth = exact(density, np.array([MBAR_TARGET]))
    for name, estimates in found.items():
        value, error = np.moveaxis(estimates, 1, 0)
        condition = f"8x8, beta {', '.join(map(str, MBAR_BETAS))} to {MBAR_TARGET}, {name}"
        for i, quantity in enumerate(("energy", "magnetization")):
            yield case("compared", "MBAR", quantity, condition, value[:, i], error[:, i], truth[quantity][0])

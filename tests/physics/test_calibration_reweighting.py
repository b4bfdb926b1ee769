"""Calibration of reweighted observables: truth, errors that hold, errors that fail, MBAR beside reweighting."""

import numpy as np
import pytest
from scipy.stats import binom

from spinnet.calibration import reweighting
from spinnet.calibration.judge import inside, pulls
from spinnet.density_of_states import averages as exact_averages
from spinnet.density_of_states import density_of_states
from spinnet.reweighting import averages, effective_sample_size, reweighting_sums
from spinnet.statistics import jackknife

REPLICAS = 150
FALSE_ALARM = 1e-6  # of one fraction


@pytest.fixture(scope="module")
def density():
    return density_of_states(reweighting.SIZE)


@pytest.fixture(scope="module")
def found():
    return reweighting.replicas(range(REPLICAS), 4, iter)


@pytest.fixture(scope="module")
def series():
    """Energies and |m| of 400 chains."""
    return reweighting._series(reweighting.BETA, 400, 15, 9, 5)


def test_the_truth(density):
    betas, step = np.array([0.3, 0.44, 0.5]), 1e-5
    truth, known = reweighting.exact(density, betas), exact_averages(density, 1 / betas)
    for name in ("energy", "specific_heat", "magnetization"):
        assert truth[name] == pytest.approx(getattr(known, name), rel=1e-10)
    above, below = (reweighting.exact(density, betas + s)["magnetization"] for s in (step, -step))
    assert truth["slope"] == pytest.approx((above - below) / (2 * step), rel=1e-6)
    hot = reweighting.exact(density, np.array([1e-9]))  # <m^2> = 1/64 of independent spins
    assert hot["susceptibility"] / 1e-9 + 64 * hot["magnetization"] ** 2 == pytest.approx(1, rel=1e-6)


def test_effective_fractions(density, series):
    shifts = np.array([-0.06, -0.036, 0.0, 0.054])
    size = effective_sample_size(reweighting_sums(shifts, -series[0], []))
    assert size / series[0].size == pytest.approx(reweighting.effective_fraction(density, shifts), rel=0.2)
    assert reweighting.effective_fraction(density, shifts)[2] == pytest.approx(1, rel=1e-9)


def test_used_errors_cover_the_truth(found):
    near = found["condition"].str.endswith("0.68") & (found["role"] == "used")
    chosen = found.isel(case=near | found["condition"].str.endswith("independent samples"))
    assert chosen.sizes["case"] == 11
    assert not chosen["flagged"].any()
    for level, allowed in ((68, 0.03), (95, 0.02)):
        counts = inside(chosen, level).sum(axis=1)
        assert binom.cdf(counts, REPLICAS, level / 100 - allowed).min() > FALSE_ALARM
        assert binom.sf(counts - 1, REPLICAS, level / 100 + allowed).min() > FALSE_ALARM
    assert np.abs(pulls(chosen).mean("replica")).max() < 0.15 + 4.5 / np.sqrt(REPLICAS)


@pytest.mark.parametrize(
    ("estimator", "quantity", "condition"),
    [
        ("jackknife, 16 groups", "specific heat", "fraction 0.047"),
        ("MBAR", "energy", "every cluster"),
        ("MBAR", "magnetization", "every cluster"),
    ],
)
def test_errors_that_are_too_small_are_caught(found, estimator, quantity, condition):
    names = found["estimator"] == estimator, found["quantity"] == quantity, found["condition"].str.endswith(condition)
    of = found.isel(case=np.flatnonzero(np.all(names, axis=0)).item())
    assert of.role == "compared"
    assert binom.cdf(int(inside(of, 95).sum()), REPLICAS, 0.93) < FALSE_ALARM


def test_replicas_do_not_depend_on_their_split_into_parts(found):
    part = reweighting.replicas(range(7, 9), 4, iter)
    for name in part.data_vars:
        np.testing.assert_array_equal(part[name], found[name].isel(replica=slice(7, 9)))
    assert list(part["condition"].values) == list(found["condition"].values)


def test_mbar_of_one_ensemble_is_the_reweighting_of_one(series):
    """Same values to rounding; errors of the jackknife over 400 chains scatter by 1/sqrt(800)."""
    (energy, m), beta, target = series, reweighting.BETA, reweighting.BETA - 0.03
    value, error = reweighting.multi_histogram([beta], energy[None], target, [energy[None], m[None]])
    sums = reweighting_sums([target - beta], -energy, [energy, m])
    plain = averages(sums.weight.sum(-1), sums.observable.sum(-1))[:, 0]
    assert value == pytest.approx(plain, rel=1e-10)
    errors = [jackknife(averages, sums.weight, o)[1][0] for o in sums.observable]
    assert error == pytest.approx(errors, rel=0.18)


def test_mbar_of_several_ensembles_is_the_solution_of_its_equations():
    """f_k of eq. 11 of Shirts and Chodera, by iteration."""
    betas, n = (0.40, 0.44), 90
    energy, m = np.moveaxis([reweighting._series(b, 9, 10, 9, 6, b) for b in betas], 1, 0).reshape(2, -1)
    f = np.zeros(2)
    for _ in range(2000):
        mixture = sum(n * np.exp(f[k] - b * (energy + 100)) for k, b in enumerate(betas))
        f = -np.log([(np.exp(-b * (energy + 100)) / mixture).sum() for b in betas])
    w = np.exp(-0.42 * (energy + 100)) / mixture
    value, _ = reweighting.multi_histogram(betas, energy, 0.42, [energy, m])
    assert value == pytest.approx([(w @ energy) / w.sum(), (w @ m) / w.sum()], rel=1e-7)

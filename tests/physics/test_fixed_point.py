"""Fixed point, exponents and their errors: synthetic curves, and two lattices that are summed over exactly."""

import numpy as np
import pytest
import xarray as xr
from networks import magnetization_classifier, stacked
from scipy.optimize import brentq
from scipy.special import expit

from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.lattice import block_sums, ising_energy
from spinnet.reweighting import reweighting_sums, slopes
from spinnet.rg import mapping
from spinnet.rg.ensembles import blocked, sample
from spinnet.rg.estimates import QUANTITIES, READINGS, couplings
from spinnet.rg.fixed_point import (
    Curve,
    NoFixedPoint,
    exponent,
    field_slope,
    fixed_point,
    inverse,
    scaling_relations,
    trusted,
)
from spinnet.rg.observables import observe
from spinnet.rg.predictive import absolute_magnetization

GRID = np.linspace(0.40, 0.48, 21)


def rising(centre, steepness, grid=GRID):
    """(1 + tanh) / 2 with its slope."""
    value = (1 + np.tanh(steepness * (grid - centre))) / 2
    return Curve(grid, value, 2 * steepness * value * (1 - value))


@pytest.mark.parametrize("steepness", [5, 20, 30])
def test_inverse_of_a_smooth_curve(steepness):
    original = rising(0.437, steepness)
    x = np.linspace(0.4001, 0.4799, 1001)
    assert inverse(original, rising(0.437, steepness, x).value) == pytest.approx(x, abs=1e-6)
    assert inverse(original, original.value) == pytest.approx(GRID, abs=1e-12)


def test_inverse_is_clipped_to_its_grid():
    original = rising(0.437, 20)
    outside = inverse(original, np.array([-np.inf, -1.0, 0.0, original.value[0] - 1e-12, original.value[-1], 1.0, 2.0]))
    assert outside == pytest.approx([0.40] * 4 + [0.48] * 3, abs=1e-12)


def test_a_curve_that_does_not_rise_has_no_inverse():
    grid, value, slope = rising(0.437, 20)
    flat_value, flat_slope = value.copy(), slope.copy()
    flat_value[7], flat_slope[7] = value[6], 0.0
    for bad in (Curve(grid, value[::-1], -slope), Curve(grid, flat_value, slope), Curve(grid, value, flat_slope)):
        with pytest.raises(UserError, match=r"rg\.mapping"):
            inverse(bad, np.array([0.5]))


def test_fixed_point_of_cubic_curves_is_exact():
    """Hermite splines hold cubics exactly: f = 1/2 + 2d + 3d^2, f' = 1/2 + 5d + d^3 with d = beta - c cross at c."""
    for c in (0.4137, 0.44, 0.4712):
        d = GRID - c
        original = Curve(GRID, 0.5 + 2 * d + 3 * d**2, 2 + 6 * d)
        rescaled = Curve(GRID, 0.5 + 5 * d + d**3, 5 + 3 * d**2)
        assert fixed_point(original, rescaled) == pytest.approx((c, 2.5), abs=1e-10)
        assert fixed_point(rescaled, original) == pytest.approx((c, 0.4), abs=1e-10)


def test_fixed_point_of_smooth_curves():
    beta, slope = fixed_point(rising(0.4363, 15), rising(0.4363, 30))
    assert beta == pytest.approx(0.4363, abs=1e-8)
    assert slope == pytest.approx(2, abs=1e-4)
    assert exponent(slope) == pytest.approx(1, abs=1e-4)


def test_the_crossing_nearest_to_the_middle_counts():
    """f' - f has zeros at 0.41, 0.432 and 0.475, and slopes there that tell them apart."""
    x = GRID
    zero = (x - 0.41) * (x - 0.432) * (x - 0.475)
    slope = (x - 0.432) * (x - 0.475) + (x - 0.41) * (x - 0.475) + (x - 0.41) * (x - 0.432)
    beta, ratio = fixed_point(Curve(x, x, np.ones_like(x)), Curve(x, x + zero, 1 + slope))
    assert beta == pytest.approx(0.432, abs=1e-9)
    assert ratio == pytest.approx(1 + (0.432 - 0.41) * (0.432 - 0.475), abs=1e-9)


@pytest.mark.parametrize("shift", [0.2, -0.2])
def test_curves_that_do_not_cross_have_no_fixed_point(shift):
    original = rising(0.44, 20)
    with pytest.raises(NoFixedPoint, match=r"rg\.mapping\.beta_range") as error:
        fixed_point(original, original._replace(value=original.value + shift))
    assert "beta = 0.4 and 0.48" in str(error.value)


@pytest.mark.parametrize("c", [0.398, 0.482])
def test_crossings_outside_the_grid_do_not_count(c):
    line = Curve(GRID, 0.5 + 2 * (GRID - c), np.full(21, 2.0))
    steeper = Curve(GRID, 0.5 + 3 * (GRID - c), np.full(21, 3.0))
    with pytest.raises(NoFixedPoint):
        fixed_point(line, steeper)


def test_exponents():
    """Eqs. 14 and 16, and the scaling relations for the 2-D Ising model and for mean-field theory in d = 4."""
    assert exponent(2) == 1
    assert exponent(2 ** (15 / 8)) == pytest.approx(8 / 15, rel=1e-14)
    ising = {"alpha": 0, "beta": 1 / 8, "gamma": 7 / 4, "delta": 15}
    assert scaling_relations(1, 8 / 15) == pytest.approx(ising, abs=1e-12)
    landau = {"alpha": 0, "beta": 1 / 2, "gamma": 1, "delta": 3}
    assert scaling_relations(1 / 2, 1 / 3, dimension=4) == pytest.approx(landau, abs=1e-12)


def test_field_slope_is_the_ratio_of_two_susceptibilities():
    """d<f'>/dY over d<f>/dY', both as the reweighting gives them (eq. 5)."""
    random, beta, volumes = np.random.default_rng(4), 0.43, (64, 16)
    means, response = [], []
    for volume in volumes:
        g = random.normal(size=(3, 200))
        f = 0.3 * g + random.normal(2, 1, (3, 200))
        sums = reweighting_sums([0.0], beta * volume * g, [f])
        weight, _, conjugate, observable, product = (a.sum(-1) for a in sums)
        response.append(slopes(weight, conjugate, observable, product)[0, 0])
        means.append(((f * g).mean(), f.mean(), g.mean()))
    found = field_slope(volumes, *means[0], *means[1])
    assert found == pytest.approx(response[0] / response[1], rel=1e-10)


def gaussian_energies(source="results/rg/observables/L64.nc"):
    """Energies of variance 100: an effective sample size of N exp(-100 (shift of beta)^2)."""
    energy = np.random.default_rng(6).normal(-900, 10, (20, 5000))
    dataset = xr.Dataset({"energy": (("chain", "sample"), energy)}, {"beta": 0.5})
    return dataset.assign_attrs(source=source)


def test_a_range_with_enough_effective_samples_is_trusted():
    span = 2 * np.sqrt(np.log(4)) / 10  # at its ends a quarter of all
    grid = trusted(gaussian_energies(), span, 5, 0.22)
    assert grid == pytest.approx(0.5 + 0.5 * span * np.array([-1, -0.5, 0, 0.5, 1]), abs=1e-12)
    with pytest.raises(UserError, match=r"lower rg\.mapping\.beta_range") as error:
        trusted(gaussian_energies(), span, 5, 0.28)
    assert "results/rg/observables/L64.nc" in str(error.value)
    assert "0.28" in str(error.value)


# Two lattices that can be summed over: L = 4, blocked once, and L = 2, with f a function of |m| alone.
GAIN, THRESHOLD, BETA = 8.0, 0.5, 0.42
SETTINGS = {"beta_range": 0.2, "points": 21, "least_effective": 0.2, "bins": 50}


class Exact:
    """Averages over all configurations of L = 4, all outcomes of the ties included, and of L = 2."""

    def __init__(self):
        large, small = all_configurations(4), all_configurations(2)
        self.energy = [ising_energy(s).astype(float) for s in (small, large)]
        signs = np.sign(block_sums(large, 2)).reshape(-1, 4)
        blocks = small.reshape(-1, 4)
        # (states of L = 4, states of L = 2): probability that one is blocked into the other
        self.blocking = np.prod([(1 + np.multiply.outer(signs[:, i], blocks[:, i])) / 2 for i in range(4)], axis=0)
        m = [np.abs(s.mean(axis=(1, 2))) for s in (small, large)]
        f = [expit(GAIN * (x - THRESHOLD)) for x in m]
        self.f = f[0]
        self.couplings = {"separate": f, "blocked": (f[0], None), "|m|": m, "m^2": [x**2 for x in m]}

    def probability(self, level, beta):
        w = np.exp(-beta * (self.energy[level] - self.energy[level].min()))
        return w / w.sum()

    def original(self, beta):
        return self.probability(0, beta) @ self.f

    def rescaled(self, beta):
        return self.probability(1, beta) @ self.blocking @ self.f

    def in_field(self, reading, field, rescaled):
        """<f> or <f'> where -V g Y is added to the Hamiltonian at `BETA`."""
        small, large = self.couplings[reading]
        if not rescaled:
            w = self.probability(0, BETA) * np.exp(BETA * 4 * field * small)
            return w @ self.f / w.sum()
        if large is None:  # g is f', and depends on the ties
            w = (self.probability(1, BETA) @ self.blocking) * np.exp(BETA * 16 * field * small)
        else:
            w = (self.probability(1, BETA) * np.exp(BETA * 16 * field * large)) @ self.blocking
        return w @ self.f / w.sum()


def slope_of(function, x, step=1e-4):
    return (function(x + step) - function(x - step)) / (2 * step)


@pytest.fixture(scope="module")
def exact():
    return Exact()


@pytest.fixture(scope="module")
def monte_carlo():
    """Observables on L = 2 and on L = 4: a million configurations each."""
    networks = {size: stacked([magnetization_classifier(size * size, GAIN, THRESHOLD)]) for size in (2, 4)}
    observed = []
    for size, blockings in ((2, 0), (4, 1)):
        settings = {
            "seed": 3, "name": f"L{size}", "lattice": "square", "size": size, "beta": BETA,
            "chains": 50, "samples": 20_000, "thinning": 2.0, "blockings": blockings,
        }  # fmt: skip
        ensemble = sample(settings, iter)
        blocks = blocked(ensemble, settings, iter) if blockings else None
        observed.append(observe(ensemble, blocks, networks, iter).assign_attrs(source=f"L{size}.nc"))
    return observed


@pytest.fixture
def single(monkeypatch):
    """Only the blocking that leaves more than one spin."""
    monkeypatch.setattr(mapping, "METHODS", {"single": (0, 1)})


def exact_quantities(exact):
    """beta_c, nu and theta of each reading."""
    beta_c = brentq(lambda b: exact.rescaled(b) - exact.original(b), 0.35, 0.5, xtol=1e-13)
    result = [beta_c, np.log(2) / np.log(slope_of(exact.rescaled, beta_c) / slope_of(exact.original, beta_c))]
    for reading in READINGS:
        new, old = (slope_of(lambda y, g=reading, r=r: exact.in_field(g, y, r), 0.0) for r in (True, False))
        result.append(np.log(2) / np.log(new / old))
    return np.array(result)


def test_free_spins_have_the_exact_magnetic_field_slope(exact):
    """Without couplings dh'/dh = 4 p with p = E[s' s] = 3/8, since <m'> = 2 x sum over a block of p beta h."""
    m = all_configurations(2).mean(axis=(1, 2))
    large = all_configurations(4).mean(axis=(1, 2))
    m_blocked = exact.blocking @ m
    new = (m_blocked * large).mean(), m_blocked.mean(), large.mean()
    assert field_slope((16, 4), *new, (m * m).mean(), m.mean(), m.mean()) == pytest.approx(3 / 2, rel=1e-12)


@pytest.mark.usefixtures("single")
def test_fixed_point_and_exponents_equal_the_exact_sums(exact, monte_carlo):
    """From chains, bits, blocking and networks to beta_c, nu and theta_Y, with errors."""
    found = mapping.map_beta(*monte_carlo, SETTINGS).isel(blocking=0)
    expected = exact_quantities(exact)
    assert 0.002 < abs(expected[0] - BETA) < 0.2 * BETA  # not where the ensembles are sampled
    value, error = (found[n].values[: len(expected)] for n in ("value", "error"))
    assert list(found["quantity"].values) == list(QUANTITIES)
    assert (error < [0.002, 0.03, *[0.01] * 4]).all()
    assert np.abs((value - expected) / error).max() < 5.5
    # the exponents of the scaling relations are made of these
    for i, reading in enumerate(READINGS):
        for name, number in scaling_relations(value[1], value[2 + i]).items():
            q = found.sel(quantity=name if name == "alpha" else f"{name} {reading}")
            assert abs(float(q["value"]) - number) < float(q["error"])


@pytest.mark.usefixtures("single")
def test_the_mapping_of_beta_equals_the_exact_one(exact, monte_carlo):
    found = mapping.map_beta(*monte_carlo, SETTINGS).isel(blocking=0)
    beta = found["beta"].values
    assert beta == pytest.approx(np.linspace(0.8 * BETA, 1.2 * BETA, 21), abs=1e-12)
    expected = {"original": [exact.original(b) for b in beta], "rescaled": [exact.rescaled(b) for b in beta]}
    low, high = expected["original"][0], expected["original"][-1]
    inside = [i for i, f in enumerate(expected["rescaled"]) if low + 0.02 < f < high - 0.02]
    assert len(inside) > 5
    assert np.isfinite(found["mapped"]).all()
    mapped = [brentq(lambda b, i=i: exact.original(b) - expected["rescaled"][i], 0.2, 0.8) for i in inside]
    for name in ("original", "rescaled"):
        assert np.abs((found[name] - expected[name]) / found[f"{name}_error"]).max() < 5.5
    pulls = (found["mapped"][inside] - mapped) / found["mapped_error"][inside]
    assert np.abs(pulls).max() < 5.5
    assert float(found["mapped_error"][inside].max()) < 0.005


@pytest.mark.parametrize("reading", READINGS)
def test_the_mapping_of_the_field_equals_the_exact_one(exact, monte_carlo, reading):
    found = mapping.map_field(*monte_carlo, {"field_range": 0.03, "points": 7, "bins": 50}).sel(reading=reading)
    mapped = []
    for field in found["field"].values:
        new = exact.in_field(reading, field, rescaled=True)
        mapped.append(brentq(lambda y, new=new: exact.in_field(reading, y, rescaled=False) - new, -2, 2))
    assert np.ptp(mapped) > 2.5 * np.ptp(found["field"].values)
    assert float(found["mapped_error"].max()) < 0.02
    assert np.abs((found["mapped"] - mapped) / found["mapped_error"]).max() < 5.5


def test_what_couples_to_the_field(monte_carlo):
    """By each reading, for each level that f is read at; networks are of |m|, and so are known."""
    for observed, level in zip(monte_carlo, (0, 1), strict=True):
        f = [expit(GAIN * (absolute_magnetization(observed, n) - THRESHOLD)) for n in range(level + 1)]
        m = absolute_magnetization(observed, 0)
        found = couplings(observed, level)
        assert tuple(found) == READINGS
        for g, exact in zip(found.values(), (f[0], f[level], m, m * m), strict=True):
            np.testing.assert_allclose(g, exact, atol=1e-6)


@pytest.mark.usefixtures("single")
def test_replicas_are_disjoint_parts(monte_carlo):
    """Each gives what its own configurations alone give."""
    settings = SETTINGS | {"number": 3, "configurations": 30_000, "replica_bins": 6, "beta_range": 0.3}
    whole = mapping.replicas(*monte_carlo, settings)
    halves = [o.coarsen(sample=10_000).construct(sample=("half", "sample")) for o in monte_carlo]
    halves = [o.stack(both=("chain", "half"), create_index=False).rename(both="chain") for o in halves]
    for i in range(3):
        part = [o.isel(chain=slice(3 * i, 3 * i + 3)).transpose(..., "chain", "sample") for o in halves]
        alone = mapping.replicas(*part, settings | {"number": 1})
        xr.testing.assert_allclose(alone.isel(replica=0), whole.isel(replica=i), rtol=1e-9)


@pytest.mark.usefixtures("single")
def test_errors_equal_the_scatter_of_independent_replicas(exact, monte_carlo):
    """By the jackknife and by the paper's binning; the ratio of 50 replicas has a standard error of 11 percent."""
    settings = SETTINGS | {"number": 50, "configurations": 20_000, "replica_bins": 10, "beta_range": 0.3}
    with np.errstate(divide="ignore", invalid="ignore"):  # delta at theta = 1/2, which a single bin may have
        found = mapping.replicas(*monte_carlo, settings).isel(blocking=0)
    expected = exact_quantities(exact)
    for prefix in ("", "jackknife_"):
        value, error = (found[prefix + n].values[:, : len(expected)] for n in ("value", "error"))
        scatter = value.std(axis=0, ddof=1)
        ratio = np.sqrt((error**2).mean(axis=0)) / scatter
        assert np.abs(ratio - 1).max() < 0.5
    pulls = (value.mean(axis=0) - expected) / (scatter / np.sqrt(50))
    assert np.abs(pulls).max() < 5.5

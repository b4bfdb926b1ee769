"""Fields Y and h, the search for the critical point, and what theta_Y depends on."""

import numpy as np
import pytest
import xarray as xr
from networks import magnetization_classifier, random_classifier, stacked

from spinnet.lattice import BETA_CRITICAL
from spinnet.packing import pack, unpack
from spinnet.rg.direct import direct
from spinnet.rg.ensembles import blocked, sample
from spinnet.rg.field import disagree, pooled, pulls, reweighted, susceptibility
from spinnet.rg.iteration import search
from spinnet.rg.observables import observe
from spinnet.rg.sensitivity import scan, theta

SIZE, BETA = 8, 0.40
FIELDS = [-0.08, -0.04, 0.0, 0.04, 0.08]


def ensemble(size, beta, samples=1000):
    settings = {
        "seed": 3, "name": f"fields L{size}", "lattice": "square", "size": size, "beta": beta, "chains": 20,
        "samples": samples, "thinning": 2.0,
    }  # fmt: skip
    return sample(settings, iter)


@pytest.fixture(scope="module")
def networks():
    return [magnetization_classifier(SIZE**2, 12.0, 0.6), random_classifier(SIZE**2, 2, seed=2, scale=2.0)]


@pytest.fixture(scope="module")
def curves(networks):
    observed = observe(ensemble(SIZE, BETA), None, {SIZE: stacked(networks)}, iter)
    return reweighted(observed, {"field_range": 0.08, "points": 41})


@pytest.fixture(scope="module", params=["wolff", "metropolis"])
def sampled(request, networks):
    settings = {
        "seed": 5, "beta": BETA, "size": SIZE, "moves": request.param, "fields": FIELDS, "chains_per_start": 10,
        "samples": 400, "every": 5,
    }  # fmt: skip
    return direct({n: a[0] for n, a in stacked(networks).items()}, settings, iter)


def test_direct_sampling_agrees_with_reweighting(curves, sampled):
    """<f> and chi_f from chains of E - V f Y and from configurations at Y = 0 (eqs. 5 and 7)."""
    pull, target = pulls(curves.isel(network=0), sampled)
    assert target.min() > 1000
    assert not disagree(sampled).any()
    assert np.abs(pull).max() < 5
    at = curves.isel(network=0).sel(couples_to="Y").sel(field=FIELDS, method="nearest")
    chi, error = susceptibility(sampled)
    assert np.abs((at["f_slope"] - chi) / np.hypot(at["f_slope_error"], error)).max() < 5
    assert np.ptp(pooled(sampled)[0]) > 0.5


def test_direct_sampling_of_another_field_is_refused(curves, sampled):
    moved = sampled.assign_coords(field=sampled.field + 0.016).isel(field=slice(4))
    assert np.abs(pulls(curves.isel(network=0), moved)[0]).max() > 6


def test_starts_that_differ_are_marked(sampled):
    apart = sampled.copy(deep=True)
    apart["f"][1, 0] += 0.3
    assert disagree(apart).tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("network", [0, 1])
def test_f_rises_with_its_field(curves, network):
    """chi_f is a variance: never negative, and <f> rises with Y for any network."""
    one = curves.isel(network=network).sel(couples_to="Y")
    assert (one["f_slope"] > 0).all()
    assert (np.diff(one["f"]) > 0).all()
    assert one["effective_sample_size"].sel(field=0, method="nearest") == pytest.approx(20_000)


def test_h_of_either_sign_breaks_the_symmetry_and_Y_of_one(networks):
    """On an ensemble closed under s -> -s, <|m|> is even in h, with its minimum at h = 0 (claim of Sec. III)."""
    half = ensemble(SIZE, BETA, 300)
    both = xr.concat([half, half], "sample", data_vars="minimal")
    both["bits"].values[:, 300:] = pack(-unpack(half["bits"].values, SIZE))
    observed = observe(both, None, {SIZE: stacked(networks[:1])}, iter)
    m = reweighted(observed, {"field_range": 0.04, "points": 9}).isel(network=0)["abs_magnetization"]
    h, y = m.sel(couples_to="h").values, m.sel(couples_to="Y").values
    assert h == pytest.approx(h[::-1], abs=1e-12)
    assert (np.diff(h[4:]) > 0).all()
    assert (np.diff(y) > 0).all()


def test_theta_is_one_half_where_the_coupled_f_is_the_measured_one():
    """dY'/dY = 4 var(f) / var(f) = 4 exactly, for any network, if both systems are the same."""
    arrays = {4: stacked([magnetization_classifier(16, 4.0, 0.5)] * 2)}
    one, other = (observe(ensemble(4, beta, 500), None, arrays, iter) for beta in (0.5, 0.4))
    for reading, found in theta(one, one, levels=(0, 0)).items():
        assert found == pytest.approx((0.5, 0.0), abs=1e-9), reading
    for reading, (value, error) in theta(one, other, levels=(0, 0)).items():
        assert abs(value - 0.5) > 5 * error > 0, reading


def test_scan_lists_single_networks_averages_and_the_symmetrised_mean():
    small, large = ensemble(4, BETA, 200), ensemble(8, BETA, 200)
    blocks = blocked(large, {"seed": 3, "name": "scan", "blockings": 1}, iter)
    arrays = {s: stacked([magnetization_classifier(s * s, g, 0.5) for g in (3.0, 4.0, 5.0)]) for s in (4, 8)}
    both = observe(small, None, arrays, iter), observe(large, blocks, arrays, iter)
    result = scan({"main": both}, {"main": (2, 1)})
    assert result.networks.values.tolist() == [1, 1, 1, 2, 3, 3]
    assert result.symmetric.values.tolist() == [0, 0, 0, 0, 0, 1]
    # f depends on |m| alone, so the mean over s and -s changes nothing.
    assert result["value"][-1].values == pytest.approx(result["value"][-2].values, abs=1e-6)
    assert np.isfinite(result["value"]).all()


@pytest.mark.parametrize("start", [0.41, 0.475])
def test_the_search_finds_the_critical_point_from_both_sides(start):
    """L = 16 against 8, blocked once: the finite-size bias is below 0.002, the errors are about as large."""
    settings = {
        "seed": 11, "size": 16, "starts": [start], "steps": 6, "chains": 20, "samples": 500, "thinning": 2.0,
        "beta_range": 0.02, "points": 11,
    }  # fmt: skip
    found = search({8: stacked([magnetization_classifier(64, 10.0, 0.6)])}, settings, iter).isel(start=0)
    assert np.isnan(found["crossing"][0])
    path = np.abs(found["beta"].values - BETA_CRITICAL["square"])
    assert path[1] < path[0]
    last, error = found["crossing"].values[-1], found["crossing_error"].values[-1]
    assert abs(last - BETA_CRITICAL["square"]) < 0.002 + 5 * error
    assert error < 0.003

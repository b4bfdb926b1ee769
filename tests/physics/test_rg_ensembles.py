"""Ensembles as bits, their blockings, and what the networks say of them."""

from itertools import pairwise

import numpy as np
import pytest
import torch
import xarray as xr
from networks import random_classifier, stacked

from spinnet.exact import enumerate_lattice
from spinnet.lattice import block_sums, ising_energy
from spinnet.packing import pack, unpack
from spinnet.rg import ensembles
from spinnet.rg.ensembles import blocked, levels, pieces, sample
from spinnet.rg.observables import observe
from spinnet.rg.predictive import absolute_magnetization, predictive_function, sites

CHAINS, SAMPLES = 20, 150
BETA = {"square": 0.35, "triangular": 0.22}  # hot enough for many ties


def settings_of(size, lattice="square", **changes):
    return {
        "seed": 6, "name": f"test {lattice} {size}", "lattice": lattice, "size": size, "beta": BETA[lattice],
        "chains": CHAINS, "samples": SAMPLES, "thinning": 2.0, "blockings": 2,
    } | changes  # fmt: skip


@pytest.fixture(scope="module", params=[("square", 8), ("triangular", 8), ("square", 12)], ids=str)
def case(request):
    """(settings, ensemble, blocks)."""
    settings = settings_of(*request.param[::-1])
    ensemble = sample(settings, iter)
    return settings, ensemble, blocked(ensemble, settings, iter)


def spins_of(ensemble, blocks):
    return [unpack(bits, size) for size, bits in levels(ensemble, blocks)]


def test_stored_energies_are_those_of_the_bits(case):
    settings, ensemble, _ = case
    spins = unpack(ensemble["bits"].values, settings["size"])
    assert spins.shape == (CHAINS, SAMPLES, settings["size"], settings["size"])
    assert np.array_equal(ensemble["energy"], ising_energy(spins, settings["lattice"]))
    other = {"square": "triangular", "triangular": "square"}[settings["lattice"]]
    assert not np.array_equal(ensemble["energy"], ising_energy(spins, other))
    assert ensemble.attrs == {"size": settings["size"], "lattice": settings["lattice"]}
    assert float(ensemble["beta"]) == settings["beta"]
    assert float(ensemble["thinning"]) >= 2 * float(ensemble["autocorrelation_time"])


@pytest.mark.parametrize(("lattice", "size"), [("square", 2), ("square", 4), ("triangular", 4)])
def test_samples_have_the_exact_averages(lattice, size):
    ensemble = sample(settings_of(size, lattice, samples=1000, chains=50), iter)
    m = np.abs(unpack(ensemble["bits"].values, size).mean(axis=(2, 3)))
    exact = enumerate_lattice(size, 1 / BETA[lattice], lattice)
    for name, series in (("energy", ensemble["energy"].values / size**2), ("magnetization", m)):
        means = series.mean(1)
        assert abs(means.mean() - exact[name]) / (means.std(ddof=1) / np.sqrt(50)) < 5.5


def naive_block_sums(spins):
    *shape, size, _ = spins.shape
    return spins.reshape(*shape, size // 2, 2, size // 2, 2).sum(axis=(-3, -1), dtype=int)


def test_blocked_spins_are_majorities_and_ties_are_fair(case):
    """At each level, from the level before; ties are half up at every place and independent of each other."""
    settings, ensemble, blocks = case
    stack = spins_of(ensemble, blocks)
    assert [s.shape[-1] for s in stack] == [settings["size"] // 2**n for n in range(3)]
    for fine, coarse in pairwise(stack):
        sums = naive_block_sums(fine)
        assert np.array_equal(sums, block_sums(fine, 2))
        ties = sums == 0
        assert 0.02 < ties.mean() < 0.5
        assert np.array_equal(coarse[~ties], np.sign(sums[~ties]))
        number = ties.sum()
        assert abs(coarse[ties].sum(dtype=int)) < 5 * np.sqrt(number)
        at_place = (coarse * ties).sum(axis=(0, 1), dtype=int) / np.sqrt(ties.sum(axis=(0, 1)))
        assert np.abs(at_place).max() < 5.5
        both = ties[..., :-1] & ties[..., 1:]
        assert abs((coarse[..., :-1] * coarse[..., 1:])[both].sum(dtype=int)) < 5 * np.sqrt(both.sum())
        following = ties[:, :-1] & ties[:, 1:]
        assert abs((coarse[:, :-1] * coarse[:, 1:])[following].sum(dtype=int)) < 5 * np.sqrt(following.sum())


def test_two_blockings_are_one_blocking_of_one(case):
    """But for ties, whose coins are others; and one blocking is the first of two."""
    settings, ensemble, blocks = case
    once = blocked(ensemble, settings | {"blockings": 1}, iter)
    assert list(once.data_vars) == ["bits_1"]
    assert np.array_equal(once["bits_1"], blocks["bits_1"])
    size = settings["size"] // 2
    half = xr.Dataset({"bits": (("chain", "sample", "row", "byte"), once["bits_1"].values)}, attrs={"size": size})
    again = blocked(half, settings | {"blockings": 1, "name": "again"}, iter)
    one, two = (unpack(b["bits_1" if b is again else "bits_2"].values, size // 2) for b in (again, blocks))
    ties = naive_block_sums(unpack(once["bits_1"].values, size)) == 0
    assert np.array_equal(one[~ties], two[~ties])
    assert abs((one * two)[ties].sum(dtype=int)) < 5 * np.sqrt(ties.sum())
    other = blocked(ensemble, settings | {"seed": 7}, iter)
    assert not np.array_equal(other["bits_1"], blocks["bits_1"])


@pytest.mark.parametrize("piece", [1, 8 * 8 * CHAINS * 7, 2**25])
def test_results_do_not_depend_on_the_memory_of_a_piece(case, monkeypatch, piece):
    settings, ensemble, blocks = case
    size = settings["size"]
    networks = {size: stacked([random_classifier(size * size, 4)])}
    observed = observe(ensemble, blocks, networks, iter)
    monkeypatch.setattr(ensembles, "PIECE", piece)
    if piece == 1:
        assert len(pieces(CHAINS, SAMPLES, size)) == SAMPLES
    xr.testing.assert_identical(sample(settings, iter), ensemble)
    xr.testing.assert_allclose(observe(ensemble, blocks, networks, iter), observed, rtol=1e-5, atol=1e-5)
    xr.testing.assert_identical(blocked(ensemble, settings, iter), blocks)


def test_observables_equal_a_direct_evaluation(case):
    """Magnetization at each level; log odds of s and -s where there are networks of its size, and only there."""
    settings, ensemble, blocks = case
    size = settings["size"]
    models = {s: [random_classifier(s * s, 6, seed, scale=2.0) for seed in (1, 2)] for s in (size, size // 4)}
    observed = observe(ensemble, blocks, {s: stacked(m) for s, m in models.items()}, iter)
    assert "log_odds_1" not in observed
    assert np.array_equal(observed["energy"], ensemble["energy"])
    assert observed.attrs == ensemble.attrs
    assert float(observed["beta"]) == settings["beta"]
    for level, spins in enumerate(spins_of(ensemble, blocks)):
        total = spins.sum(axis=(2, 3), dtype=int)
        assert np.array_equal(observed["magnetization"][level], total)
        assert sites(observed, level) == spins[0, 0].size
        assert absolute_magnetization(observed, level) == pytest.approx(np.abs(total) / spins[0, 0].size)
        for k, model in enumerate(models.get(spins.shape[-1], [])):
            for j, sign in enumerate(observed["sign"].values):
                flat = torch.from_numpy(sign * spins).flatten(2)
                with torch.no_grad():
                    logits = model.logits(flat).numpy()
                assert observed[f"log_odds_{level}"].dims == ("network", "sign", "chain", "sample")
                expected = logits[..., 1] - logits[..., 0]
                assert observed[f"log_odds_{level}"].values[k, j] == pytest.approx(expected, abs=1e-4)
                assert expected.std() > 0.1


def test_the_symmetrised_function_does_not_see_the_sign(case):
    settings, ensemble, _ = case
    size = settings["size"]
    networks = {size: stacked([random_classifier(size * size, 6, seed) for seed in (1, 2)])}
    negative = ensemble.copy(deep=True)
    negative["bits"].values[:] = pack(-unpack(ensemble["bits"].values, size))
    pair = [observe(e, None, networks, iter) for e in (ensemble, negative)]
    for which in ({}, {"networks": [1]}):
        even = [predictive_function(o, 0, symmetric=True, **which) for o in pair]
        plain = [predictive_function(o, 0, **which) for o in pair]
        assert even[0] == pytest.approx(even[1], abs=1e-6)
        assert even[0] == pytest.approx((plain[0] + plain[1]) / 2, abs=1e-6)
        assert np.abs(plain[0] - plain[1]).max() > 0.05

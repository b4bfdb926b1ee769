"""The translation-invariant Hamiltonian: weights, symmetries, couplings, learning, and its chains."""

import numpy as np
import pytest
import torch
from chi_square import FALSE_ALARM, p_value, state_index

from spinnet import ensembles, local_learning
from spinnet.errors import UserError
from spinnet.exact import all_configurations, kaufman
from spinnet.interactions import energy
from spinnet.lattice import ising_energy
from spinnet.local_learning import learn_local
from spinnet.models.local import couplings, invariants, log_weight, offsets
from spinnet.models.local_network import LocalNetwork
from spinnet.neural_sweep import neural_sweep
from spinnet.pseudo_likelihood import States, evaluate
from spinnet.samplers.local import LocalChains

T0 = 2.5
ISING = {"nearest": 1.0}


def header(reach, **other):
    return {
        "architecture": "local", "window": reach, "alphabet": [-1, 1], "temperature": T0, "size": 8,
        "transform": "raw", "interactions": ISING, "energy_offset": 0.0,
    } | other  # fmt: skip


def random_field(reach, strength=0.3):
    return {"field": strength * np.random.default_rng(4).normal(size=1 << len(offsets(reach)))}


def random_spins(*shape):
    return (1 - 2 * np.random.default_rng(5).integers(0, 2, shape)).astype(np.int8)


def ising_field(reach):
    """The field of the Ising model at T0: the left and the upper neighbour, over T0."""
    window, states = offsets(reach), np.arange(1 << len(offsets(reach)))
    spins = {o: 2 * (states >> b & 1) - 1 for b, o in enumerate(window)}
    return {"field": (spins[0, -1] + spins[-1, 0]) / T0}


@pytest.mark.parametrize("reach", [1, 2])
@pytest.mark.parametrize("size", [5, 8])
def test_one_field_is_the_ising_model_on_every_lattice(reach, size):
    spins = random_spins(20, size, size)
    assert -T0 * log_weight(ising_field(reach), header(reach), spins) == pytest.approx(ising_energy(spins))


def test_couplings_rebuild_the_hamiltonian():
    """Sum over sites and clusters of strength times spins, with plain products, against -T0 w."""
    arrays, spins = random_field(2), random_spins(3, 6, 6).astype(float)
    found = couplings(arrays, header(2))
    total = np.zeros(3)
    for cluster, strength in found.items():
        product = np.prod([np.roll(spins, (-r, -c), (1, 2)) for r, c in cluster], axis=0)
        total -= strength * product.sum(axis=(1, 2))
    assert len(found) == 4096
    assert total == pytest.approx(-T0 * log_weight(arrays, header(2), spins), rel=1e-9)


def test_couplings_of_the_ising_model():
    found = couplings(ising_field(2), header(2))
    present = {((0, -1), (0, 0)), ((-1, 0), (0, 0))}
    assert all(abs(strength - (cluster in present)) < 1e-6 for cluster, strength in found.items())


@pytest.mark.parametrize(("names", "invariant"), [(["flip"], [0]), (["point_group"], [1, 2]), ([], [])])
def test_projected_fields_have_the_symmetries_asked_for(names, invariant):
    basis, spins = invariants(2, names), random_spins(1, 7, 7)
    arrays = {"field": random_field(2)["field"] @ basis.T @ basis}
    weight = log_weight(arrays, header(2), spins)
    for i, image in enumerate((-spins, np.rot90(spins, 1, (1, 2)), spins[:, :, ::-1])):
        assert (abs(log_weight(arrays, header(2), image) - weight) < 1e-5)[0] == (i in invariant)


@pytest.mark.parametrize("interactions", [{"nearest": 0.7, "plaquette": 0.4, "diagonal": -0.2}, {"three": 0.3}])
def test_interactions_within_a_plaquette_are_representable(interactions):
    """The fields with the symmetries hold the exact Hamiltonian of other interactions: least squares leaves nothing."""
    basis, spins = invariants(1, ["point_group"]), random_spins(60, 5, 5)
    columns = np.stack([log_weight({"field": row}, header(1), spins) for row in basis], axis=1)
    target = -energy(spins, interactions) / T0
    assert np.linalg.lstsq(columns, target)[0] @ columns.T == pytest.approx(target)


@pytest.mark.parametrize("names", [[], ["point_group", "flip"]])
def test_loss_is_the_pseudo_likelihood_of_the_log_weight(names):
    torch.manual_seed(1)
    model, spins = LocalNetwork(2, [6, 5], names), random_spins(4, 6, 6)
    torch.nn.init.normal_(model.layers[-1].weight)
    torch.nn.init.normal_(model.direct.weight)
    arrays = {"field": model.field().detach().numpy()}
    expected = np.zeros(4)
    for site in np.ndindex(6, 6):
        flipped = spins.copy()
        flipped[:, *site] *= -1
        gain = log_weight(arrays, header(2), spins) - log_weight(arrays, header(2), flipped)
        expected += np.logaddexp(0, -gain)
    categories = torch.from_numpy((spins.reshape(4, 36) + 1) // 2)
    assert model.loss(categories).detach().numpy() == pytest.approx(expected, rel=1e-4)


@pytest.fixture(scope="module")
def dataset():
    settings = {
        "seed": 2, "name": "e", "size": 8, "sampler": "wolff", "temperatures": [T0],
        "chains": 20, "samples": 500, "thinning": 2.0,
    }  # fmt: skip
    split = {"train": 16, "validation": 2, "test": 2, "transform": "raw"}
    return ensembles.to_dataset(ensembles.sample(settings, iter), {"seed": 2, "name": "d"} | split)


def settings(**other):
    return {
        "seed": 2, "name": "local", "device": "cpu", "hidden": [16, 8], "window": 1, "symmetries": [],
        "learning_rate": 0.01, "batches_per_epoch": 64, "max_epochs": 10, "patience": 10,
    } | other  # fmt: skip


@pytest.mark.parametrize(
    "other", [{"symmetries": ["flip"]}, {"window": 2, "symmetries": ["translation", "point_group", "flip"]}]
)
def test_learns_the_ising_model(dataset, other):
    """8000 configurations of 8x8: the KL divergence from the exact distribution on unseen ones, up to its constant."""
    arrays, found = learn_local(dataset, settings(**other), iter)
    test = dataset["part"].values == 2
    weight = log_weight(arrays, found, dataset["values"].values[0, test])
    energies = dataset["energy"].values[0, test]
    x = -energies / T0 - weight
    assert x.std() > 1e-4
    assert np.log(np.exp(x.mean() - x).mean()) < 0.02
    assert (-T0 * weight / 64 + found["energy_offset"]).mean() == pytest.approx(energies.mean() / 64, abs=0.02)


def test_polishing_reaches_the_maximum_of_the_pseudo_likelihood(dataset):
    """From a hardly trained network: one coefficient, the coupling of neighbours, against its own logistic fit."""
    arrays, found = learn_local(dataset, settings(symmetries=["point_group", "flip"], max_epochs=1), iter)
    spins = dataset["values"].values[0, dataset["part"].values == 0].astype(float)
    around = sum(np.roll(spins, shift, axis) for shift in (1, -1) for axis in (1, 2))
    corner = sum(np.roll(spins, (r, c), (1, 2)) for r in (1, -1) for c in (1, -1))
    squares = sum(
        np.roll(spins, (r, 0), (1, 2)) * np.roll(spins, (r, c), (1, 2)) * np.roll(spins, (0, c), (1, 2))
        for r in (1, -1)
        for c in (1, -1)
    )
    terms = np.stack([around, corner, squares], axis=-1).reshape(-1, 3)
    k = np.zeros(3)
    for _ in range(20):
        up = 1 / (1 + np.exp(-2 * terms @ k))
        gradient = 2 * ((spins.ravel() + 1) / 2 - up) @ terms
        k += np.linalg.solve(4 * (terms * (up * (1 - up))[:, None]).T @ terms, gradient)
    strengths = couplings(arrays, found)
    clusters = [((0, -1), (0, 0)), ((-1, -1), (0, 0)), ((-1, -1), (-1, 0), (0, -1), (0, 0))]
    assert [strengths[c] / T0 for c in clusters] == pytest.approx(list(k), abs=2e-4)


def test_polishing_keeps_an_earlier_field_where_it_learns_noise(dataset):
    """2^12 coefficients and 100 configurations: the loss of unseen ones rises on the way, and the end is not taken."""
    few = dataset.isel(sample=np.flatnonzero(dataset["part"].values != 0))
    few["part"] = few["part"].where(np.arange(few.sizes["sample"]) >= 100, 0)
    found = learn_local(few, settings(window=2, max_epochs=1), iter)
    judged = found[1]["validation_loss"]
    assert judged[-1] > min(judged) + 1
    up = (few["values"].values[0, few["part"].values == 1].reshape(-1, 64) + 1) // 2
    kept = LocalNetwork(2, [4], [])
    kept.field = lambda: torch.from_numpy(found[0]["field"])
    assert kept.loss(torch.from_numpy(up)).mean().item() <= min(judged[1:]) * (1 + 1e-5)


def test_few_configurations_get_a_field_of_short_range(dataset):
    """400 configurations determine the coupling of neighbours, not 2^12 coefficients; 8000 of a longer range do."""
    few = dataset.isel(sample=np.flatnonzero(dataset["part"].values != 0))
    few["part"] = few["part"].where(np.arange(few.sizes["sample"]) >= 400, 0)
    options = settings(window=2, max_epochs=1, symmetries=["point_group", "flip"])
    strengths = couplings(*learn_local(few, options, iter))
    far = [k for cluster, k in strengths.items() if max(abs(x) for o in cluster for x in o) > 1]
    assert np.abs(far).max() < 1e-6
    assert strengths[((0, -1), (0, 0))] == pytest.approx(1, abs=0.1)


def test_a_longer_range_is_kept_where_the_data_tell_it():
    """Third neighbours, (0, 2), have a coupling of their own."""
    random, spins = np.random.default_rng(5), np.ones((600, 6, 6), np.int8)
    spins[:] = random.choice([-1, 1], spins.shape)
    for _ in range(30):
        for r, c in np.ndindex(6, 6):
            third = spins[:, r, c - 2] + spins[:, r, (c + 2) % 6] + spins[:, r - 2, c] + spins[:, (r + 2) % 6, c]
            near = spins[:, r, c - 1] + spins[:, r, (c + 1) % 6] + spins[:, r - 1, c] + spins[:, (r + 1) % 6, c]
            spins[:, r, c] = 2 * (random.random(600) < 1 / (1 + np.exp(-2 * (0.2 * near + 0.15 * third)))) - 1
    parts = [States((part + 1) // 2, 2) for part in (spins[:400], spins[400:])]
    field, _ = local_learning._polish(np.zeros(1 << 12), ["point_group", "flip"], 2, *parts)
    strengths = couplings({"field": field}, header(2) | {"temperature": 1.0})
    assert strengths[((0, -2), (0, 0))] == pytest.approx(0.15, abs=0.05)


def test_learning_is_reproducible(dataset):
    first, second = (learn_local(dataset, settings(max_epochs=1), iter)[0]["field"] for _ in range(2))
    other = learn_local(dataset, settings(max_epochs=1, seed=3), iter)[0]["field"]
    assert (first == second).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("change", "message"),
    [({"window": 3}, "found 3; allowed is 1 or 2"), ({"window": 2, "rows": 4}, "at least 5 x 5")],
)
def test_unsuitable_windows_are_refused(dataset, change, message):
    rows = change.pop("rows", 8)
    small = dataset.isel(row=slice(rows), column=slice(rows))
    with pytest.raises(UserError, match=message):
        learn_local(small, settings(**change), iter)


def test_more_than_two_values_are_refused(dataset):
    several = dataset.copy(deep=True)
    several["values"].attrs["alphabet"] = [-1, 0, 1]
    with pytest.raises(UserError, match="needs two values a site"):
        learn_local(several, settings(), iter)


@pytest.mark.parametrize(("reach", "size"), [(1, 3), (2, 5), (2, 9)])
def test_weight_of_chains_is_that_of_their_states(reach, size):
    arrays, spins = random_field(reach), random_spins(70, size, size)
    chains = LocalChains(arrays, header(reach), spins, np.arange(70))
    assert (chains.spins == spins).all()
    for _ in range(3):
        weight, acceptance = chains.sweep(np.full(70, 0.8))
    assert (chains.spins != spins).any()
    assert 0 < acceptance.mean() < 1
    assert weight == pytest.approx(log_weight(arrays, header(reach), chains.spins), abs=1e-4)


def test_chains_do_not_depend_on_their_grouping():
    arrays, spins, keys = random_field(1), random_spins(70, 4, 4), np.arange(70, dtype=np.uint64)
    ratio = np.linspace(0.5, 2, 70)
    together = LocalChains(arrays, header(1), spins, keys)
    apart = LocalChains(arrays, header(1), spins[60:67], keys[60:67])
    for _ in range(4):
        all_weights, _ = together.sweep(ratio)
        some_weights, _ = apart.sweep(ratio[60:67])
    assert (together.spins[60:67] == apart.spins).all()
    assert (all_weights[60:67] == some_weights).all()


@pytest.mark.parametrize("ratio", [0.6, 1.3])
def test_chains_sample_the_weight_to_its_power(ratio):
    """All 512 states of 3x3 against enumeration, at a temperature above and one below T0."""
    arrays, states = random_field(1, 0.2), all_configurations(3)
    weight = ratio * log_weight(arrays, header(1), states)
    p = np.exp(weight - weight.max())
    chains = LocalChains(arrays, header(1), random_spins(2048, 3, 3), np.arange(2048))
    found = []
    for n in range(400):
        chains.sweep(np.full(2048, ratio))
        if n >= 100 and n % 20 == 19:
            found.append(state_index((chains.spins.reshape(-1, 9) + 1) // 2, 2))
    assert p_value(np.concatenate(found), p / p.sum()) > FALSE_ALARM


def test_a_window_larger_than_the_lattice_is_refused():
    with pytest.raises(ValueError, match="needs L >= 5"):
        LocalChains(random_field(2), header(2), random_spins(2, 4, 4), np.arange(2))


def test_sweep_on_another_lattice_equals_kaufman():
    """The Ising field, with data of 8x8, sampled on 6x6: energy, learned energy and specific heat."""
    options = {
        "seed": 3,
        "name": "s",
        "moves": "site",
        "chains_per_start": 32,
        "burn_in": 100,
        "sweeps": 600,
        "size": 6,
    }
    temperatures = [2.0, 3.0]
    sweep = neural_sweep(temperatures, ising_field(2), header(2), options, iter)
    exact = kaufman(6, temperatures)
    for name in ("energy", "learned_energy", "specific_heat"):
        value = sweep[name].mean("chain") if "chain" in sweep[name].dims else sweep[name]
        truth = getattr(exact, name.removeprefix("learned_"))
        assert np.abs((value.values - truth[:, None]) / sweep[name + "_error"].values).max() < 4.5


def test_values_of_a_users_alphabet():
    """Chains of unknown interactions with values 0 and 7: no energy but the learned one, weights as of spins."""
    own = header(1, alphabet=[0, 7], interactions=None)
    spins = random_spins(4, 6, 6)
    assert (
        log_weight(random_field(1), own, np.where(spins > 0, 7, 0)) == log_weight(random_field(1), header(1), spins)
    ).all()
    options = {"seed": 3, "name": "s", "moves": "site", "chains_per_start": 4, "burn_in": 5, "sweeps": 5, "size": 6}
    sweep = neural_sweep([1.0, 5.0], ising_field(1), own, options, iter)
    assert "energy" not in sweep
    assert "learned_energy" in sweep


@pytest.mark.parametrize("reach", [1, 2])
def test_pseudo_likelihood_is_that_of_the_network_and_its_gradient_the_slope(reach):
    model = LocalNetwork(reach, [6], [])
    with torch.no_grad():
        model.layers[-1].weight.normal_(std=0.3, generator=torch.Generator().manual_seed(1))
    spins, field = random_spins(7, 6, 6), model.field().detach().numpy()
    states = States((spins + 1) // 2, reach)
    losses, gradient = evaluate(field, states)
    categories = torch.from_numpy((spins.reshape(7, 36) + 1) // 2)
    assert losses == pytest.approx(model.loss(categories).detach().numpy(), rel=1e-5)
    way = np.random.default_rng(3).normal(size=len(field))
    slope = (evaluate(field + 1e-5 * way, states)[0] - evaluate(field - 1e-5 * way, states)[0]).mean() / 2e-5
    assert gradient @ way == pytest.approx(slope, rel=1e-6)

"""Trust in sweeps of imperfect Hamiltonians on the 4x4 lattice, where everything is known by enumeration."""

import itertools
import json

import numpy as np
import pytest
import xarray as xr

from spinnet.encoder import trust
from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.interactions import energy
from spinnet.sweeps import summary

T0, SIZE, CHAINS, LENGTH = 2.2, 4, 32, 60
TEMPERATURES = np.array([1.2, 1.6, 1.9, 2.1, 2.2, 2.4, 3.0, 5.0, 10.0])
HEADER = {"size": SIZE, "temperature": T0, "transform": "raw", "alphabet": [-1, 1], "energy_offset": 0.0}


@pytest.fixture(scope="module")
def states():
    spins = all_configurations(SIZE)
    return {
        "energy": energy(spins, {"nearest": 1.0}),
        "extra": energy(spins, {"diagonal": 1.0}),
        "magnetization": np.abs(spins.mean((1, 2))),
    }


def boltzmann(hamiltonian, temperature):
    w = np.exp(-(hamiltonian - hamiltonian.min()) / temperature)
    return w / w.sum()


def observables(states, hamiltonian, drawn):
    spins = SIZE**2
    return {
        "magnetization": states["magnetization"][drawn],
        "energy": states["energy"][drawn] / spins,
        "learned_energy": hamiltonian[drawn] / spins,
    }


def judged(states, strength, samples, seed):
    """Trust in chains of E + strength * (diagonal bonds), "learned" from `samples` Ising configurations at T0."""
    random, hamiltonian = np.random.default_rng(seed), states["energy"] + strength * states["extra"]
    drawn = random.choice(len(hamiltonian), samples, p=boltzmann(states["energy"], T0))
    data = observables(states, hamiltonian, drawn) | {"log_prob": -hamiltonian[drawn] / T0}
    shape = (2, CHAINS, LENGTH)
    drawn = np.array([random.choice(len(hamiltonian), shape, p=boltzmann(hamiltonian, t)) for t in TEMPERATURES])
    sweep = summary(TEMPERATURES, observables(states, hamiltonian, drawn), SIZE**2)
    return sweep, trust.trust(sweep, data, HEADER)


def exact(states, hamiltonian, temperature):
    p, spins = boltzmann(hamiltonian, temperature), SIZE**2
    e = states["energy"] / spins
    heat = spins * (p @ e**2 - (p @ e) ** 2) / temperature**2
    return {"magnetization": p @ states["magnetization"], "energy": p @ e, "specific_heat": heat}


@pytest.fixture(scope="module")
def cases(states):
    strengths = [0.0, 0.005, 0.01, 0.02, 0.05, -0.02]
    return {(a, s): judged(states, a, 16_000, s) for a in strengths for s in range(2)}


def pulls(states, sweep):
    """(quantities, temperatures) deviations of the chains from the exact Ising values in standard errors."""
    result = []
    for i, t in enumerate(TEMPERATURES):
        reference = exact(states, states["energy"], t)
        result.append([(pool[0][i] - reference[n]) / pool[1][i] for n, pool in pooled(sweep).items()])
    return np.array(result).T


def pooled(sweep):
    return {name: trust.pooled(sweep, name) for name in ("magnetization", "energy", "specific_heat")}


def test_every_point_that_is_off_is_flagged(states, cases):
    """No quantity deviates by more than 3 standard errors at a trusted temperature; many do elsewhere."""
    off = np.array([np.abs(pulls(states, sweep)).max(0) > 3 for sweep, _ in cases.values()])
    trusted = np.array([result["trusted"].values == 1 for _, result in cases.values()])
    assert off.sum() > 30
    assert (off & ~trusted).sum() == off.sum()
    assert trusted.sum() > 10


def test_a_correct_hamiltonian_is_trusted_near_t0_and_extrapolated_far_off(cases):
    near = [int(cases[0.0, seed][1]["trusted"].sel(temperature=[2.1, 2.2, 2.4]).sum()) for seed in range(2)]
    assert sum(near) >= 4  # of 6; chains that happen to deviate by more than 2 errors are not trusted
    for seed in range(2):
        _, result = cases[0.0, seed]
        reasons = result["reasons"].sel(temperature=[5.0, 10.0]).values
        assert (reasons & trust.REASONS["extrapolated"]).all()
        assert not (result["reasons"].values & trust.REASONS["misses its data"]).any()


def test_a_wrong_hamiltonian_is_trusted_nowhere(cases):
    for seed in range(2):
        _, result = cases[0.05, seed]
        assert not result["trusted"].any()
        assert (result["reasons"].values & trust.REASONS["misses its data"]).all()


def test_effective_size_is_that_of_the_enumerated_weights(states, cases):
    _, result = cases[0.0, 0]
    p = boltzmann(states["energy"], T0)
    for t in (1.6, 1.9, 2.4, 3.0):
        w = np.exp(-states["energy"] * (1 / t - 1 / T0))
        fraction = (p @ w) ** 2 / (p @ w**2)
        assert float(result["effective_fraction"].sel(temperature=t)) == pytest.approx(fraction, rel=0.06)
    assert float(result["effective_size"].sel(temperature=T0)) == pytest.approx(16_000)


@pytest.mark.parametrize("strength", [0.005, 0.01, -0.02])
def test_data_reweighted_by_the_learned_hamiltonian_equal_enumeration(states, cases, strength):
    for seed, t in itertools.product(range(2), (1.9, 2.1, 2.2, 2.4, 3.0)):
        point, expected = cases[strength, seed][1].sel(temperature=t), mixed(states, strength, t)
        for name, value in expected.items():
            assert abs(float(point[f"{name}_reweighted"]) - value) < 5 * float(point[f"{name}_reweighted_error"])


def mixed(states, strength, temperature):
    """Averages under the data's distribution times p^(T0/T - 1), by enumeration."""
    hamiltonian = states["energy"] + strength * states["extra"]
    found = exact(states, states["energy"] + hamiltonian * (T0 / temperature - 1), T0)
    return found | {"specific_heat": found["specific_heat"] * (T0 / temperature) ** 2}


@pytest.mark.parametrize("temperature", [1.9, 2.2, 3.0])
def test_chains_are_off_by_t0_over_t_times_their_difference_from_the_data(states, cases, temperature):
    """To first order in the error of H, at every temperature, in |m|, E and C; the estimate is that product."""
    strength = 1e-4
    truth = exact(states, states["energy"], temperature)
    learned = exact(states, states["energy"] + strength * states["extra"], temperature)
    for name, data in mixed(states, strength, temperature).items():
        assert (learned[name] - data) * T0 / temperature == pytest.approx(learned[name] - truth[name], rel=2e-3)
    sweep, result = cases[0.01, 0]
    for name, (value, _) in pooled(sweep).items():
        expected = (value - result[f"{name}_reweighted"].values) * T0 / TEMPERATURES
        assert result[f"{name}_systematic"].values == pytest.approx(expected)


def test_chains_off_by_more_than_their_error_are_not_vouched_for(states):
    """Chains of the correct Hamiltonian, moved by four of their errors at one temperature other than T0."""
    sweep, drawn = judged(states, 0.0, 4000, 1)[0].copy(deep=True), np.random.default_rng(9)
    drawn = drawn.choice(2**16, 100_000, p=boltzmann(states["energy"], T0))
    data = observables(states, states["energy"], drawn) | {"log_prob": -states["energy"][drawn] / T0}
    before = trust.trust(sweep, data, HEADER)["reasons"].values
    value, error = trust.pooled(sweep, "magnetization")
    target = exact(states, states["energy"], TEMPERATURES[5])["magnetization"] + 4 * error[5]
    sweep["magnetization"][5] += target - value[5]
    after = trust.trust(sweep, data, HEADER)["reasons"].values
    assert before[5] == 0
    assert after[5] == trust.REASONS["not vouched for"]


def test_chains_that_depend_on_their_start_or_leave_the_data_are_flagged(states):
    sweep, _ = judged(states, 0.0, 4000, 1)
    data = observables(states, states["energy"], slice(None)) | {"log_prob": -states["energy"] / T0}
    moved = sweep.copy(deep=True)
    moved["magnetization"][4, 0] += 0.1
    moved["learned_energy"][5] -= 3.0
    reasons = trust.trust(moved, data, HEADER)["reasons"].values
    assert reasons[4] & trust.REASONS["starts differ"]
    assert reasons[5] & trust.REASONS["far from data"]
    assert not trust.trust(sweep, data, HEADER)["reasons"].values[4] & trust.REASONS["starts differ"]


def test_blocks_of_several_spin_states_are_never_trusted(states):
    sweep, _ = judged(states, 0.0, 4000, 1)
    data = observables(states, states["energy"], slice(None)) | {"log_prob": -states["energy"] / T0}
    assert not trust.trust(sweep, data, HEADER | {"transform": "block_sum_stride2"})["trusted"].any()


def test_what_is_measured_on_held_out_configurations():
    """|m|, learned and true energy of the validation and test parts; the true one only of a known Hamiltonian."""
    spins = all_configurations(SIZE)[::97]
    part = (np.arange(len(spins)) % 3).astype(np.int8)
    interactions = {"nearest": 0.7, "plaquette": 0.2}
    dims = ("temperature", "sample", "row", "column")
    dataset = xr.Dataset({"values": (dims, spins[None]), "part": ("sample", part)})
    header = HEADER | {"energy_offset": 0.5}

    def log_weight(values):
        return -energy(values, {"nearest": 1.0}) / T0

    found = trust.held_out(dataset.assign_attrs(interactions=json.dumps(interactions)), log_weight, header)
    kept = spins[part > 0]
    assert found["magnetization"] == pytest.approx(np.abs(kept.mean((1, 2))))
    assert found["learned_energy"] == pytest.approx(energy(kept, {"nearest": 1.0}) / SIZE**2 + 0.5)
    assert found["energy"] == pytest.approx(energy(kept, interactions) / SIZE**2)
    assert "energy" not in trust.held_out(dataset.assign_attrs(interactions="null"), log_weight, header)
    with pytest.raises(UserError, match="found 20"):
        trust.held_out(dataset.isel(sample=slice(30)).assign_attrs(interactions="null"), log_weight, header)


def test_few_data_vouch_for_nothing(states):
    """With 320 configurations their error alone allows deviations beyond three errors of the chains."""
    sweep, result = judged(states, 0.0, 320, 4)
    for name, (_, error) in pooled(sweep).items():
        assert (result[f"{name}_limit"].values >= 2 * result[f"{name}_reweighted_error"].values / error).all()
    assert not result["trusted"].any()

"""Chains that an operator drives, against enumeration, the density of states, and one another."""

import numpy as np
import pytest
from chi_square import FALSE_ALARM, p_value

from spinnet.density_of_states import averages, density_of_states
from spinnet.errors import UserError
from spinnet.exact import all_configurations
from spinnet.lattice import ising_energy
from spinnet.operators.chains import annealing, curves, operator_chains, thermal_configurations, with_exact_averages
from spinnet.rng import generator
from spinnet.samplers import lookup, paired

FOUR = {"seed": 3, "size": 4, "temperatures": [1.5, 2.3, 4.0], "chains": 300, "burn_in": 200, "sweeps": 200}
EIGHT = {"seed": 3, "size": 8, "temperatures": [1.8, 2.5, 3.5], "chains": 100, "burn_in": 160, "sweeps": 80}
FEW = {"seed": 3, "size": 8, "temperatures": [1.2, 3.0], "chains": 4, "burn_in": 8, "sweeps": 5}


def antiferromagnet(states):
    return -ising_energy(states)


def random_table():
    return generator(1, "random energies").normal(0.0, 1.0, 2**16)


def ising_table():
    return ising_energy(all_configurations(4)).astype(float)


@pytest.mark.parametrize(("table", "temperature"), [(ising_table(), 2.5), (ising_table(), 5.0), (random_table(), 1.0)])
def test_states_follow_the_boltzmann_distribution_of_their_table(table, temperature):
    keys = lookup.keys(5, "test", 4, [temperature], 4000)
    runs = lookup.sweeps(table, [np.full(4000, temperature)] * 1200, keys)
    kept = [states for n, (states, _) in enumerate(runs) if n >= 200 and n % 20 == 0]
    weight = np.exp(-(table - table.min()) / temperature)
    assert p_value(np.ravel(kept), weight / weight.sum()) > FALSE_ALARM
    wrong = np.exp(-(table - table.min()) / (1.1 * temperature))
    assert p_value(np.ravel(kept), wrong / wrong.sum()) < FALSE_ALARM


@pytest.fixture(scope="module", params=[FOUR, EIGHT], ids=["4x4", "8x8"])
def ising(request):
    """Chains of the Ising model beside those of the antiferromagnet."""
    chains = operator_chains(ising_energy, antiferromagnet, request.param, iter)
    return with_exact_averages(chains, density_of_states(request.param["size"]))


def test_averages_are_exact(ising):
    """The antiferromagnet has the energy of the ferromagnet, and its staggered magnetization is |m|."""
    found = curves(ising)
    order = {"exact": "magnetization", "network": "staggered"}
    for hamiltonian, row in ((h, found.sel(hamiltonian=h)) for h in order):
        for name, exact in (
            ("energy", "energy"), ("specific_heat", "specific_heat"), (order[hamiltonian], "magnetization"),
        ):  # fmt: skip
            pulls = (row[name] - ising[f"exact_{exact}"]) / row[f"{name}_error"]
            assert np.abs(pulls).max() < 4.5, f"{hamiltonian} {name}: {pulls.values}"
    assert (found["magnetization_error"] > 0).all()
    assert (found["identical"] == 0).all()


def test_sizes_differ_in_their_averages(ising):
    """The pulls above would see the exact averages of another size."""
    other = averages(density_of_states(12 - ising.attrs["size"]), ising["temperature"].values)
    found = curves(ising).sel(hamiltonian="exact")
    assert (np.abs(found["magnetization"] - other.magnetization) / found["magnetization_error"]).max() > 10


@pytest.mark.parametrize("settings", [FOUR | {"chains": 20}, FEW], ids=["4x4", "8x8"])
def test_the_same_hamiltonian_makes_identical_chains(settings):
    chains = operator_chains(ising_energy, lambda states: ising_energy(states), settings, iter)
    found = curves(chains)
    assert (chains["identical"] == 1).all()
    for name in ("energy", "specific_heat", "magnetization", "staggered"):
        assert (found[f"{name}_difference"] == 0).all()
        assert (found[f"{name}_difference_error"] == 0).all()


def test_chains_differ_where_they_visit_states_with_wrong_energies():
    """Ground states 4 J too high are met by all cold chains; the highest states, 16 J too low, by none."""

    def wrong(at, by):
        return lambda states: ising_energy(states) + by * (ising_energy(states) == at)

    settings = FOUR | {"temperatures": [1.0, 1.2], "chains": 40, "burn_in": 20}
    assert (operator_chains(ising_energy, wrong(-32, 4), settings, iter)["identical"] == 0).all()
    assert (operator_chains(ising_energy, wrong(32, -16), settings, iter)["identical"] == 1).all()


def test_paired_difference_of_nearly_equal_hamiltonians():
    """A network that errs by 1 % in the energy scale has the energy of a temperature 1 % lower."""
    found = curves(operator_chains(ising_energy, lambda states: 1.01 * ising_energy(states), FOUR, iter))
    temperatures = np.array(FOUR["temperatures"])
    exact, shifted = (averages(density_of_states(4), t).energy for t in (temperatures, temperatures / 1.01))
    pulls = (found["energy_difference"] - (1.01 * shifted - exact)) / found["energy_difference_error"]
    assert np.abs(pulls).max() < 4.5
    assert (found["energy_difference_error"] < found["energy_error"].sel(hamiltonian="exact")).all()


def test_both_samplers_walk_the_same_way():
    """On 4x4 the table and the function give the same states, for energies without any symmetry."""
    table = random_table()
    keys = lookup.keys(7, "test", 4, [0.5, 2.0], 10)
    schedule = [np.repeat([0.5, 2.0], 10)] * 30
    runs = lookup.sweeps(table, schedule, keys), paired.sweeps(lambda s: table[_numbers(s)], 4, schedule, keys)
    for (a, energy_a), (b, energy_b) in zip(*runs, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(energy_a, energy_b)


def _numbers(states):
    return (states.reshape(len(states), -1) > 0) @ (1 << np.arange(states[0].size))


def test_numbers_of_states():
    assert np.array_equal(paired.unpack(np.arange(2**16, dtype=np.uint64), 4), all_configurations(4))
    spins = paired.unpack(np.array([0, 1, 2**63, 2**64 - 1], np.uint64), 8)
    assert [spins[1, 0, 0], spins[1].sum(), spins[2, 7, 7], spins[2].sum()] == [1, -62, 1, -62]
    assert (spins[0] == -1).all()
    assert (spins[3] == 1).all()


def test_chains_do_not_depend_on_their_company():
    """Chains of one temperature are the same, bit for bit, with and without another one."""
    keys = lookup.keys(7, "test", 8, [1.5, 3.0], 5)
    temperatures = np.repeat([1.5, 3.0], 5)
    both = paired.sweeps(ising_energy, 8, [temperatures] * 10, keys)
    alone = paired.sweeps(ising_energy, 8, [temperatures[5:]] * 10, keys[5:])
    for (a, _), (b, _) in zip(both, alone, strict=True):
        assert np.array_equal(a[5:], b)
    assert np.array_equal(keys[5:], lookup.keys(7, "test", 8, [3.0], 5))


@pytest.mark.parametrize("log_slots", [2, 20])
def test_remembered_energies_are_the_direct_ones(monkeypatch, log_slots):
    """Also if states take one another's slots; with room for all, no state is evaluated twice."""
    monkeypatch.setattr(paired, "LOG_SLOTS", log_slots)
    evaluated = []

    def energy(states):
        evaluated.append(states)
        return ising_energy(states)

    look_up, random = paired.remembering(energy, 8), generator(2, "test")
    pool = np.append(random.integers(0, 2**64, 300, np.uint64, endpoint=False), np.uint64(0))
    for _ in range(20):
        states = random.choice(pool, 100)
        assert np.array_equal(look_up(states), ising_energy(paired.unpack(states, 8)))
    assert (sum(map(len, evaluated)) <= 301) == (log_slots == 20)


@pytest.mark.parametrize("settings", [FOUR | {"chains": 5}, FEW], ids=["4x4", "8x8"])
def test_magnetization_by_an_operator(settings):
    """It replaces the sum of the spins in the network's chains alone."""
    plain = operator_chains(ising_energy, ising_energy, settings, iter)
    shifted = operator_chains(ising_energy, ising_energy, settings, iter, lambda s: s.mean((1, 2)) + 3.0)
    exact, network = (shifted["magnetization"].sel(hamiltonian=h) for h in ("exact", "network"))
    assert np.array_equal(exact, plain["magnetization"].sel(hamiltonian="exact"))
    assert ((network >= 2) & (network <= 4) & (network != exact)).all()
    absolute = operator_chains(ising_energy, ising_energy, settings, iter, lambda s: -s.mean((1, 2)))
    np.testing.assert_allclose(absolute["magnetization"], plain["magnetization"], rtol=1e-12)


def test_annealing_ends_at_the_temperatures():
    schedule, final = np.array(list(annealing(FEW))), np.repeat(FEW["temperatures"], 4)
    assert schedule.shape == (13, 8)
    assert (schedule[0] == 3.0).all()
    assert (np.diff(schedule[:6], axis=0)[:, :4] < 0).all()
    np.testing.assert_allclose(schedule[5:], np.tile(final, (8, 1)), rtol=1e-12)


def test_thermal_configurations():
    """Energies are those of the configurations, and their mean at one temperature is the exact one."""
    settings = EIGHT | {"temperatures": [3.0], "chains": 200, "burn_in": 30, "snapshots": 3, "every": 10}
    states, energies = thermal_configurations(ising_energy, settings, iter)
    assert states.shape == (600, 8, 8)
    assert states.dtype == np.int8
    assert np.array_equal(ising_energy(states), energies)
    chains = energies.reshape(3, 200).mean(0) / 64
    exact = averages(density_of_states(8), [3.0]).energy[0]
    assert abs(chains.mean() - exact) / (chains.std(ddof=1) / np.sqrt(200)) < 4.5


@pytest.mark.parametrize("settings", [FOUR, FEW], ids=["4x4", "8x8"])
def test_predictions_that_are_not_finite_end_the_job(settings):
    with pytest.raises(UserError, match="not finite"):
        operator_chains(ising_energy, lambda states: np.full(len(states), np.nan), settings, iter)


def test_other_sizes_are_refused():
    with pytest.raises(UserError, match="size 9 was found; allowed is 2 to 8"):
        operator_chains(ising_energy, ising_energy, FEW | {"size": 9}, iter)

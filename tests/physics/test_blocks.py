"""Block sums by enumeration and by transfer matrices, and what their distribution at T0 predicts."""

import itertools

import numpy as np
import pytest
import xarray as xr

from spinnet.encoder import blocks
from spinnet.exact import all_configurations, enumerate_lattice, kaufman
from spinnet.lattice import block_sums, ising_energy

T0 = 2.5


@pytest.fixture(scope="module")
def compared():
    return blocks.compare([1.5, T0, 4.0], T0, iter)


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_transfer_matrices_equal_enumeration(temperature):
    """p(S), |m| and g(S) of 4x4 -> 2x2, each S in its place."""
    by_rows, by_states = blocks.transferred(4, temperature), blocks.enumerated(2, temperature)
    order = [np.ravel_multi_index(d[::-1], (5,) * 4) for d in itertools.product(range(5), repeat=4)]
    for one, other in zip(by_rows, by_states, strict=True):
        assert one[order] == pytest.approx(other, rel=1e-9, abs=1e-9)


def test_blocks_of_six_by_six():
    """Against Kaufman's Z and the sum over all 4^9 states of one S; reversal of all spins; 2^36 states in all."""
    found, log_z = blocks.transferred(6, T0), 36 * kaufman(6, [T0]).log_partition[0]
    assert len(found.log_probability) == 5**9
    assert found.log_probability[[0, -1]] == pytest.approx(72 / T0 - log_z)
    up = np.array([[3, 1, 3], [3, 3, 1], [1, 3, 3]])  # spins up in each block
    odd = np.indices((4,) * 9).reshape(9, -1).T.reshape(-1, 3, 3)  # which spin of a block differs
    spins = np.where(up == 3, 1, -1)[None].repeat(2, 1).repeat(2, 2).repeat(len(odd), 0)
    for r, c in itertools.product(range(6), repeat=2):
        spins[:, r, c] *= 1 - 2 * (odd[:, r // 2, c // 2] == r % 2 * 2 + c % 2)
    exact = np.log(np.exp(-ising_energy(spins) / T0).sum()) - log_z
    place = np.ravel_multi_index(up.ravel(), (5,) * 9)
    assert found.log_probability[[place, 5**9 - 1 - place]] == pytest.approx(exact)
    assert found.log_multiplicity[place] == pytest.approx(9 * np.log(4))
    assert found.magnetization[place] == pytest.approx(6 / 36)
    assert np.exp(found.log_multiplicity).sum() == pytest.approx(2**36)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("state", [0, 12345, 40000])
def test_marginal_and_multiplicity_of_a_configuration(stride, state):
    """p(S) and g(S) against a search through all states."""
    sums = block_sums(all_configurations(4), stride).reshape(2**16, -1)
    same = (sums == sums[state]).all(1)
    probability = enumerate_lattice(4, T0)["probability"][same].sum()
    found = blocks.enumerated(stride, T0)
    alike = np.isclose(found.log_probability, np.log(probability), atol=1e-10)
    assert np.isclose(found.log_multiplicity[alike], np.log(same.sum())).any()


def test_every_prediction_is_exact_at_the_training_temperature(compared):
    at_t0 = compared.sel(temperature=T0)
    for name in ("magnetization", "energy"):
        exact = at_t0[name].sel(prediction="exact")
        assert np.abs(at_t0[name] - exact).max() < 1e-12
    assert np.abs(at_t0["divergence"]).max() < 1e-12


def test_exact_curves_are_those_of_the_spins(compared):
    """|sum S| of stride 2 is the magnetization of the spins."""
    exact = compared["magnetization"].sel(lattice="4x4 stride 2", prediction="exact")
    assert exact.values == pytest.approx([enumerate_lattice(4, t)["magnetization"] for t in (1.5, T0, 4.0)])


def test_predictions_away_from_the_training_temperature(compared):
    """p^(T0/T) summed directly; the multiplicity mends most of it, a finer stride nearly all."""
    exact = blocks.enumerated(2, T0)
    p = np.exp(exact.log_probability) ** (T0 / 4.0)
    plain = compared.sel(lattice="4x4 stride 2", prediction="plain", temperature=4.0)
    assert plain["magnetization"] == pytest.approx(p @ exact.magnetization / p.sum())
    gap = compared["divergence"].sel(temperature=[1.5, 4.0])
    assert (gap.sel(prediction="corrected") < 0.3 * gap.sel(prediction="plain")).all()
    assert (gap.sel(lattice="4x4 stride 1") < 0.15 * gap.sel(lattice="4x4 stride 2"))[..., 1:, :].all()


def test_corrected_prediction_has_the_limit_of_high_temperature():
    """Without energy every spin state is as likely: p(S) = g(S) / 2^16."""
    exact = blocks.enumerated(2, T0)
    log_p, _ = blocks.predict(exact, T0, 1e9, corrected=True)
    assert np.exp(log_p) == pytest.approx(np.exp(exact.log_multiplicity) / 2**16, rel=1e-6)


def test_specific_heat_is_the_derivative_of_the_predicted_energy(monkeypatch):
    """C = dE/dT of the predicted Hamiltonian, whatever the prediction."""
    step = 1e-3
    monkeypatch.setattr(blocks, "LATTICES", {n: s for n, s in blocks.LATTICES.items() if s[0] == 4})
    found = blocks.compare([3.0 - step, 3.0, 3.0 + step], T0, iter)
    slope = (found["energy"][..., 2] - found["energy"][..., 0]) / (2 * step)
    assert slope.values == pytest.approx(found["specific_heat"][..., 1].values, rel=1e-5)


def test_parts_of_the_gap_add_up():
    """Learning and method make up the whole deviation; errors add in quadrature."""

    def deviation(all_starts, hot=0.0, cold=0.0):
        values = np.array([[hot, cold, all_starts]])
        coords = {"start": ["hot", "cold", "all"]}
        dims = ("temperature", "start")
        errors = np.full(values.shape, 0.003)
        return xr.Dataset(
            {"magnetization_deviation": (dims, values), "magnetization_deviation_error": (dims, errors)}, coords
        )

    data = {"deviation_stride2_made": deviation(0.10, 0.12, 0.08), "deviation_stride2_direct": deviation(0.07)}
    none = np.zeros(1), np.zeros(1)
    parts = blocks.decomposition(data, 2, none)
    assert parts["learning"][0] + parts["remainder"][0] == pytest.approx(0.10)
    assert parts["equilibration"] == (pytest.approx(0.04), pytest.approx(0.003 * np.sqrt(2)))
    assert "multiplicity" not in parts
    data["deviation_stride2_corrected"] = deviation(0.01)
    assert blocks.decomposition(data, 2, none)["multiplicity"][0] == pytest.approx(0.06)
    shifted = blocks.decomposition(data, 2, (np.full(1, 0.02), np.full(1, 0.004)))["remainder"]
    assert shifted == (pytest.approx(0.05), pytest.approx(0.005))


@pytest.mark.parametrize("temperature", [3.0, 4.0])
def test_window_shift_equals_enumeration(temperature):
    """Windows of stride 1 do not wrap around: their mean fluctuates more than the magnetization."""
    exact = enumerate_lattice(4, temperature)
    windows = blocks.enumerated(1, temperature)
    expected = np.exp(windows.log_probability) @ windows.magnetization - exact["magnetization"]
    found = blocks.window_shift([4], [temperature], 3, iter).squeeze()
    assert abs(found["window_shift"] - expected) < 4.5 * found["window_shift_error"]
    assert expected > 3 * found["window_shift_error"]

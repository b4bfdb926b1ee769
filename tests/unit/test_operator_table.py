"""The table of numbers: rows from small synthetic results, and their text."""

import numpy as np
import pytest
import xarray as xr

from spinnet.operators.levels import levels
from spinnet.operators.table import COLUMNS, markdown, rows, verdict
from spinnet.tables import parenthesis

SPEED = xr.Dataset(
    {
        "rate": ("procedure", [10.0, 16000.0, 3.2e6, 50.0, 40000.0, 8e6]),
        "rate_error": ("procedure", [0.1, 320.0, 3.2e4, 0.5, 800.0, 8e4]),
    },
    {
        "procedure": [
            name + device for device in ("", ", CUDA") for name in ("naive image sum", "network", "folded matrix")
        ]
    },
)
BASELINES = xr.Dataset(
    {
        "median_error": (("regressor", "examples"), [[70.0, 60.0], [9.0, np.nan]]),
        "median_error_error": (("regressor", "examples"), [[2.0, 1.0], [0.5, np.nan]]),
        "training_seconds": (("regressor", "examples"), [[0.1, 0.2], [3.0, np.nan]]),
        "prediction_seconds": (("regressor", "examples"), [[0.01, 0.02], [0.3, np.nan]]),
    },
    {"regressor": ["linear", "kernel"], "examples": [1000, 3000]},
)
SPLIT = xr.Dataset({"chi_square": 4100.5, "common": 0})


def classes(size, energy, predicted, seen):
    """Predictions of classes as `scores.predictions` leaves them."""
    wrong = predicted != energy
    counted = np.full(len(energy), True) if size == 4 else seen == 0
    return xr.Dataset(
        {
            "energy": ("sample", energy, {"units": "J"}),
            "predicted": ("sample", predicted),
            "seen": ("sample", seen.astype(np.int8)),
            "accuracy": 1 - wrong[counted].mean(),
            "accuracy_unseen": 1 - wrong[counted & (seen == 0)].mean(),
            "accuracy_distinct": 0.75,
            "distinct": 300,
            "wrong": wrong[counted].sum(),
            "beyond_neighbours": 0,
        }
    )


def all_4x4():
    """All states; 1000 were seen, 64 of the others are wrong, among them one of the two highest."""
    energy = np.zeros(2**16)
    energy[[0, 1]], energy[[2, 3]] = -32.0, 32.0
    predicted = energy.copy()
    predicted[3], predicted[4000:4063] = 24.0, 4.0
    seen = np.zeros(2**16)
    seen[[0, 2, *range(10, 1008)]] = 1
    return classes(4, energy, predicted, seen)


def some_8x8():
    """400 test states, none wrong; 100 training states of the lowest energy, one of them wrong."""
    energy = np.concatenate([np.full(399, 4.0), [128.0], np.full(100, -128.0)])
    predicted = energy.copy()
    predicted[-1] = -120.0
    return classes(8, energy, predicted, np.arange(500) >= 400)


def regression(median, error, sigma, units="J"):
    return xr.Dataset(
        {
            "energy": ("sample", np.zeros(3), {"units": units}),
            "median_error": median,
            "median_error_error": error,
            "sigma": sigma,
        }
    )


def chains():
    """Two temperatures, three chains; at the second the network's energies lie 0.1 J above the exact ones."""
    dims = ("hamiltonian", "temperature", "chain")
    base = np.array([[-1.9, -1.91, -1.89], [-1.4, -1.43, -1.37]])
    energy = np.array([base, base + np.array([[0.0], [0.1]])])
    return xr.Dataset(
        {
            "energy": (dims, energy),
            "energy_squared": (dims, energy**2 + np.array([0.1, 0.2])[:, None]),
            "magnetization": (dims, 0 * energy + 0.5),
            "staggered": (dims, 0 * energy + 0.1),
            "identical": (dims[1:], np.array([[1, 1, 1], [0, 1, 1]], np.int8)),
        },
        {"hamiltonian": ["exact", "network"], "temperature": [1.0, 3.0]},
        {"size": 4},
    )


def samples(number, distinct):
    """Training configurations and as many of the test part."""
    states = np.zeros((2 * number, 4, 4), np.int8)
    states.reshape(len(states), 16)[:, 0] = np.arange(len(states)) % distinct
    part = np.repeat(["train", "test"], number)
    return xr.Dataset({"state": (("sample", "row", "column"), states), "part": ("sample", part)})


@pytest.fixture(scope="module")
def table():
    predictions = {"classes_L4_2_1800": all_4x4(), "classes_L8_0_1588": some_8x8()}
    predictions |= {"energy_L8_0_1588": regression(0.2, 0.01, 40.0), "coulomb_k01_0_100": regression(1.0, 0.1, 8.0)}
    predictions |= {"magnetization_L4_0_1800": regression(2e-3, 1e-4, 0.5, "1"), "mine_0_10": regression(3.0, 0.2, 6.0)}
    data = {
        "predictions": predictions,
        "headers": {"classes_L8_adadelta_0_1588": {"loss": [4.14, 4.13]}},
        "chains": {"classes_L4": chains()},
        "data": {"random_L4": samples(50, 7)},
        "speed": SPEED,
        "baselines": BASELINES,
        "split": SPLIT,
    }
    return rows(data)


def found(table, quantity):
    """The one row of a quantity, but for the quantity."""
    (row,) = [r for r in table if r[1] == quantity]
    return row[0], *row[2:]


def test_accuracies_in_per_cent_with_binomial_errors(table):
    label = "classes_L4, set 2, 1800 examples: "
    row, value, error, paper = found(table, label + "accuracy [%]")
    p = 1 - 64 / 2**16
    assert (row, value) == ("M9", pytest.approx(100 * p))
    assert error == pytest.approx(100 * np.sqrt(p * (1 - p) / 2**16))
    assert "handful" in paper
    p = 1 - 64 / (2**16 - 1000)
    _, value, error, _ = found(table, label + "accuracy on unseen states [%]")
    assert value == pytest.approx(100 * p)
    assert error == pytest.approx(100 * np.sqrt(p * (1 - p) / (2**16 - 1000)))
    assert found(table, label + "misclassified")[1] == 64
    assert found(table, label + "by more than one class") == ("M9", 0, "", 0)


def test_training_states_do_not_count_in_the_error_of_an_8x8_accuracy(table):
    """No error among 400: one more would have been 1/400."""
    label = "classes_L8, set 0, 1588 examples: "
    assert found(table, label + "accuracy [%]") == ("M10", 100.0, pytest.approx(100 / 400), 99.922)
    assert not [r for r in table if r[1] == label + "accuracy on unseen states [%]"]
    _, value, error, _ = found(table, label + "accuracy over distinct states [%]")
    assert (value, error) == (75.0, pytest.approx(100 * np.sqrt(0.75 * 0.25 / 300)))


def test_extreme_classes_by_side(table):
    label = "classes_L4, set 2, 1800 examples: right at E = "
    assert found(table, label + "-32 J, seen (of 1)")[1] == 1
    assert found(table, label + "-32 J, unseen (of 1)")[1] == 1
    assert found(table, label + "32 J, unseen (of 1)")[1] == 0
    label = "classes_L8, set 0, 1588 examples: right at E = "
    assert found(table, label + "-128 J, seen (of 100)")[1] == 99
    assert found(table, label + "128 J, unseen (of 1)")[1] == 1
    assert not [r for r in table if r[1].startswith(label + "-128 J, unseen")]
    assert levels(8)[0] == -128


@pytest.mark.parametrize(
    ("network", "unit", "expected"),
    [
        ("energy_L8", "J", ("M11", 0.2, 0.01, 1.782, 40)),
        ("coulomb_k01", "J", ("M16", 1.0, 0.1, "", 8)),
        ("magnetization_L4", "1", ("M12", 2e-3, 1e-4, 4e-3, 0.5)),
        ("mine", "J", ("M11", 3.0, 0.2, "", 6)),
    ],
)
def test_median_errors(table, network, unit, expected):
    *whole, sigma = expected
    assert found(table, f"{network}: median absolute error [{unit}]") == tuple(whole)
    _, value, error, _ = found(table, f"{network}: the same over the standard deviation")
    assert (value, error) == (pytest.approx(whole[1] / sigma), pytest.approx(whole[2] / sigma))


def test_chains(table):
    assert found(table, "classes_L4: fraction of chains identical to the exact ones")[:2] == ("M13", 5 / 6)
    _, value, error, _ = found(table, "classes_L4: largest difference of energy, at T = 3")
    assert value == pytest.approx(0.1)
    assert error == pytest.approx(0, abs=1e-12)
    for hamiltonian in ("exact", "network"):
        quantity = f"classes_L4: temperature of the largest specific heat, {hamiltonian}"
        assert found(table, quantity)[1] == 1.0


def test_losses_and_training_sets(table):
    assert found(table, "classes_L8_adadelta_0_1588: loss of the first epoch")[:2] == ("M3", 4.14)
    assert found(table, "classes_L8_adadelta_0_1588: loss of epoch 2")[:2] == ("M3", 4.13)
    assert found(table, "random_L4: training configurations")[:2] == ("M6", 50)
    assert found(table, "random_L4: distinct ones")[:2] == ("M6", 7)


@pytest.mark.parametrize(("device", "ratio"), [("", 1600), (", CUDA", 800)])
def test_ratios_of_speeds(table, device, ratio):
    row, value, error, paper = found(table, f"rate of network{device} over naive image sum{device}")
    assert (row, value, paper) == ("M19", ratio, 1600)
    assert error == pytest.approx(ratio * np.hypot(0.01, 0.02))
    assert found(table, f"rate of folded matrix{device} over network{device}")[1] == 200


def test_verdict_is_that_of_one_core():
    assert "the network is 1600 times faster" in verdict(SPEED)
    assert "200 times slower" in verdict(SPEED)


def test_baselines_at_their_largest_training_set(table):
    assert found(table, "linear, 3000 examples: median absolute error [J]") == ("M22", 60.0, 1.0, 60.3)
    assert found(table, "kernel, 1000 examples: median absolute error [J]") == ("M22", 9.0, 0.5, "")
    assert found(table, "kernel, 1000 examples: training [s]")[1] == 3.0
    assert found(table, "linear, 3000 examples: prediction of 1000 configurations [s]")[1] == 0.02


def test_split(table):
    assert found(table, "chi^2 of the hash over 4095 degrees of freedom")[:2] == ("M25", 4100.5)
    assert found(table, "states in both parts") == ("M25", 0, "", 0)


def test_every_line_of_the_markdown_table_has_four_cells(table):
    assert all(len(row) == len(COLUMNS) for row in table)
    text = markdown([*table, ("M8", "mean |m| of a|b", 1.5, 0.25, "")], SPEED)
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len(lines) == len(table) + 3
    assert all(line.replace("\\|", "").count("|") == 5 for line in lines)
    assert r"| M8 | mean \|m\| of a\|b | 1.50(25) |  |" in lines
    assert text.endswith(f"\n\n{verdict(SPEED)}\n")


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.440692, 0.000022, "0.440692(22)"), (99.9923, 0.0031, "99.9923(31)"), (1.5, 0.25, "1.50(25)"),
        (1600.4, 35.8, "1600(36)"), (12.34, 1.5, "12.3(1.5)"), (-0.5, 0.125, "-0.50(12)"),
        (0.123456789, "", "0.123457"), (0.2, 0.0, "0.2"), (0.2, float("nan"), "0.2"), (64, "", "64"),
    ],
)  # fmt: skip
def test_value_with_error(value, error, text):
    assert parenthesis(value, error) == text

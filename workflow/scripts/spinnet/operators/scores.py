"""How well a network predicts states that it has and has not seen."""

import numpy as np
import xarray as xr
from scipy.stats import mstats

from spinnet.exact import all_configurations
from spinnet.lattice import ising_energy
from spinnet.operators.examples import training_rows
from spinnet.operators.levels import level_of, levels


def median_error(predicted, exact):
    """Median of |predicted - exact| and its standard error (Maritz & Jarrett, J. Am. Stat. Assoc. 73, 194 (1978))."""
    errors = np.abs(predicted - exact)
    return np.median(errors), mstats.mjci(errors, prob=[0.5])[0]


def _numbers(states):
    """Number (n,) of each 4x4 state, as in `exact.all_configurations`."""
    return (states.reshape(len(states), -1) == 1) @ (1 << np.arange(states[0].size))


def _enumerable(settings):
    return settings["size"] == 4 and settings["interaction"] == "ising"


def _judged(data, settings):
    """States to predict, their energies [J], and whether training has seen them.

    4x4 Ising: all states.  Otherwise the test part and, for classes, the training states of the extreme energies.
    """
    rows = training_rows(data, settings["examples"])
    states, values = data["state"].values, data["energy"].values
    if _enumerable(settings):
        everything = all_configurations(4)
        seen = np.zeros(len(everything), bool)
        seen[_numbers(states[rows])] = True
        return everything, ising_energy(everything).astype(float), seen
    test = np.flatnonzero(data["part"].values == "test")
    extreme = rows[np.isin(values[rows], levels(settings["size"])[[0, -1]])] if settings["learns"] == "class" else []
    chosen = np.concatenate([test, extreme]).astype(int)
    return states[chosen], values[chosen], np.arange(len(chosen)) >= len(test)


def predictions(predict, data, settings):
    """Dataset "predictions" of a network: exact and predicted values, and its scores.

    predict: function of states (n, L, L) -> (n,).  settings: those of `learning.learn`, and interaction.  Scores
    are over all states of the 4x4 Ising model, else over the test part.
    """
    states, exact, seen = _judged(data, settings)
    units = "J"
    if settings["learns"] == "magnetization":
        exact, units = states.mean((1, 2), dtype=float), "1"
    predicted = predict(states)
    result = xr.Dataset(
        {
            "energy": ("sample", exact, {"units": units, "long_name": f"exact {settings['learns']}"}),
            "predicted": ("sample", predicted, {"units": units, "long_name": f"predicted {settings['learns']}"}),
            "seen": ("sample", seen.astype(np.int8), {"long_name": "1 if the state was in the training set"}),
        }
    )
    counted = slice(None) if _enumerable(settings) else ~seen
    judge = _classes if settings["learns"] == "class" else _values
    for name, value in judge(states[counted], exact[counted], predicted[counted], seen[counted], settings).items():
        result[name] = (), value, {"units": "1" if settings["learns"] == "class" else units}
    return result


def _classes(states, exact, predicted, seen, settings):
    """Scores of a classifying network; extreme levels repeat few states, so distinct states count apart."""
    right = predicted == exact
    off = np.abs(level_of(predicted, settings["size"]) - level_of(exact, settings["size"]))
    _, first = np.unique(states.reshape(len(states), -1), axis=0, return_index=True)
    return {
        "accuracy": right.mean(),
        "accuracy_unseen": right[~seen].mean(),
        "accuracy_distinct": right[first].mean(),
        "distinct": len(first),
        "wrong": (~right).sum(),
        "beyond_neighbours": (off > 1).sum(),
    }


def _values(_states, exact, predicted, _seen, _settings):
    error, uncertainty = median_error(predicted, exact)
    return {"median_error": error, "median_error_error": uncertainty, "sigma": exact.std()}

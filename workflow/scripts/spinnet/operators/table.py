"""The numbers in the text of Mills & Tamblyn beside those of this run."""

import numpy as np

from spinnet.exact import random_magnetization
from spinnet.operators.chains import curves
from spinnet.operators.levels import levels
from spinnet.tables import parenthesis

COLUMNS = ("row", "quantity", "value", "error", "paper")
PAPER_SPEED = 1600  # network over an explicit sum, both on a Tesla K40


def rows(data):
    """List of (row of the list of claims, quantity, value, error, the paper's number); "" where there is none.

    data: "predictions" ({network_set_examples: dataset}), "headers" ({network: header}), "chains" ({name: dataset}),
    "data" ({name: dataset}), "speed", "baselines", "split".
    """
    found = [*_classes(data), *_energies(data["predictions"]), *_chains(data["chains"])]
    found += [*_speed(data["speed"]), *_baselines(data["baselines"])]
    found.append(("M14", "mean |m| of random spins, 16 sites", random_magnetization(16), "", 0.19638))
    found.append(("M17", "mean |m| of random spins, 64 sites", random_magnetization(64), "", 0.09935))
    split = data["split"]
    found.append(("M25", "chi^2 of the hash over 4095 degrees of freedom", split["chi_square"].item(), "", "uniform"))
    found.append(("M25", "states in both parts", split["common"].item(), "", 0))
    return found


def _fraction(predictions, name="accuracy"):
    """A fraction of right predictions in per cent and its binomial error."""
    unseen = (predictions["seen"].values == 0).sum()
    everything = predictions.sizes["sample"] == 2**16
    number = {
        "accuracy": predictions.sizes["sample"] if everything else unseen,
        "accuracy_unseen": unseen,
        "accuracy_distinct": predictions["distinct"].item(),
    }[name]
    p = predictions[name].item()
    return 100 * p, 100 * np.sqrt(max(p * (1 - p), 1 / number) / number)


def _classes(data):
    """Rows of the classifying networks."""
    of, found = data["predictions"], []
    papers = {"classes_L4_random": ("M6", 99.88), "classes_L4": ("M9", "all but a handful; 100 for one set")}
    papers |= {"classes_L8": ("M10", 99.922), "classes_L8_small": ("M4", "the same"), "classes_L4_zero": ("M1", "")}
    for name, one in of.items():
        if "accuracy" not in one:
            continue
        network, number, examples = name.rsplit("_", 2)
        row, paper = papers.get(network, ("M1", ""))
        label = f"{network}, set {number}, {examples} examples: "
        found.append((row, label + "accuracy [%]", *_fraction(one), paper))
        if one.sizes["sample"] == 2**16:
            found.append((row, label + "accuracy on unseen states [%]", *_fraction(one, "accuracy_unseen"), ""))
        else:
            found.append((row, label + "accuracy over distinct states [%]", *_fraction(one, "accuracy_distinct"), ""))
        found.append((row, label + "misclassified", one["wrong"].item(), "", ""))
        found.append((row, label + "by more than one class", one["beyond_neighbours"].item(), "", 0))
        found += _extremes(one, row, label)
    for name, header in data["headers"].items():
        found.append(("M3", f"{name}: loss of the first epoch", header["loss"][0], "", ""))
        found.append(("M3", f"{name}: loss of epoch {len(header['loss'])}", header["loss"][-1], "", "converged"))
    for name, states in data["data"].items():
        train = states["state"].values[states["part"].values == "train"]
        found.append(("M6" if "random" in name else "M9", f"{name}: training configurations", len(train), "", ""))
        distinct = len(np.unique(train.reshape(len(train), -1), axis=0))
        found.append(("M6" if "random" in name else "M9", f"{name}: distinct ones", distinct, "", ""))
    return found


def _extremes(one, row, label):
    """How many states of the lowest and of the highest energy are right, by side of the split."""
    found = []
    size = 4 if one.sizes["sample"] == 2**16 else 8
    energy, right = one["energy"].values, (one["predicted"] == one["energy"]).values
    seen = one["seen"].values == 1
    for extreme in levels(size)[[0, -1]]:
        for side, chosen in (("seen", seen), ("unseen", ~seen)):
            rows = (energy == extreme) & chosen
            quantity = f"{label}right at E = {extreme} J, {side} (of {rows.sum()})"
            if rows.any():
                found.append((row, quantity, int(right[rows].sum()), "", ""))
    return found


def _energies(predictions):
    """Rows of the networks that learn energies or magnetizations."""
    papers = {"energy_L8": ("M11", 1.782), "magnetization_L4": ("M12", 4e-3), "magnetization_L8": ("M12", 2e-3)}
    papers |= {"coulomb": ("M16", 0.640), "sinusoidal": ("M18", 0.253), "potts_angles": ("M20", 0.542)}
    papers |= {"disordered": ("M21", "out of reach")}
    others = {"coulomb": "M16", "sinusoidal": "M18", "potts": "M20", "demonstration": "M23", "magnetization": "M12"}
    found = []
    for name, one in predictions.items():
        network = name.rsplit("_", 2)[0]
        if "accuracy" in one:
            continue
        row, paper = papers.get(network, (others.get(network.split("_")[0], "M11"), ""))
        unit = one["energy"].attrs["units"]
        error = one["median_error"].item(), one["median_error_error"].item()
        found.append((row, f"{network}: median absolute error [{unit}]", *error, paper))
        relative = [e / one["sigma"].item() for e in error]
        found.append((row, f"{network}: the same over the standard deviation", *relative, ""))
    return found


def _chains(chains):
    found = []
    for name, one in chains.items():
        row = {"classes_L4": "M13", "coulomb": "M17"}.get(name, "M15")
        curve = curves(one)
        same = one["identical"].values.mean()
        found.append((row, f"{name}: fraction of chains identical to the exact ones", same, "", ""))
        for quantity in ("energy", "specific_heat", "magnetization", "staggered"):
            difference = curve[f"{quantity}_difference"].values
            worst = np.abs(difference).argmax()
            at = f"largest difference of {quantity}, at T = {one['temperature'].values[worst]:g}"
            error = curve[f"{quantity}_difference_error"].values[worst]
            found.append((row, f"{name}: {at}", difference[worst], error, 0))
        peaks = curve["temperature"].values[curve["specific_heat"].values.argmax(1)]
        for hamiltonian, peak in zip(curve["hamiltonian"].values, peaks, strict=True):
            found.append((row, f"{name}: temperature of the largest specific heat, {hamiltonian}", peak, "", ""))
    return found


def _speed(speed):
    """Ratios of the speed ledger; those of one device in one run."""
    found = []
    rate, error = (dict(zip(speed["procedure"].values, speed[n].values, strict=True)) for n in ("rate", "rate_error"))
    for device in ("", ", CUDA"):
        if f"network{device}" not in rate:
            continue
        for fast, slow, paper in (
            ("network", "naive image sum", PAPER_SPEED),
            ("folded matrix", "naive image sum", ""),
            ("folded matrix", "network", ""),
        ):
            a, b = fast + device, slow + device
            ratio = rate[a] / rate[b]
            spread = ratio * np.hypot(error[a] / rate[a], error[b] / rate[b])
            found.append(("M19", f"rate of {a} over {b}", ratio, spread, paper))
    return found


def _baselines(baselines):
    papers = {"linear": 60.3, "random forest": 5.8}
    found = []
    for name in baselines["regressor"].values:
        one = baselines.sel(regressor=name)
        one = one.isel(examples=np.flatnonzero(np.isfinite(one["median_error"].values))[-1])
        label = f"{name}, {one['examples'].item()} examples: "
        error = one["median_error"].item(), one["median_error_error"].item()
        found.append(("M22", label + "median absolute error [J]", *error, papers.get(name, "")))
        found.append(("M22", label + "training [s]", one["training_seconds"].item(), "", ""))
        seconds = one["prediction_seconds"].item()
        found.append(("M22", label + "prediction of 1000 configurations [s]", seconds, "", ""))
    return found


def verdict(speed):
    """What is left of the 1600, in a sentence."""
    rate = dict(zip(speed["procedure"].values, speed["rate"].values, strict=True))
    network, naive, folded = (rate[n] for n in ("network", "naive image sum", "folded matrix"))
    return (
        f"On one core the network is {network / naive:.0f} times faster than the explicit sum over images "
        f"(the paper: {PAPER_SPEED} on a GPU), and {folded / network:.0f} times slower than the same sum folded once "
        "into a matrix of couplings, which is exact: the speed comes from not repeating the sum over images, not "
        "from learning."
    )


def markdown(table, speed):
    """All rows as a Markdown table, and the verdict on the speed."""
    lines = ["| row | quantity | this run | paper |", "|---|---|---|---|"]
    for row, quantity, value, error, paper in table:
        name = quantity.replace("|", "\\|")
        lines.append(f"| {row} | {name} | {parenthesis(value, error)} | {paper} |")
    return "\n".join(lines) + f"\n\n{verdict(speed)}\n"

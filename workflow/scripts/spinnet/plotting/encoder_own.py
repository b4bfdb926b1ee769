"""One page on a user's own configurations: the data, the fit, the predictions, and how far to trust them."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from spinnet.deviation import pooled
from spinnet.own.verdict import trusted, verdict
from spinnet.plotting.curves import TEMPERATURE, draw
from spinnet.plotting.style import BLACK, BLUE, VERMILLION
from spinnet.tables import parenthesis

PAGE = (8.27, 11.69)  # inches, A4
PICTURES = 8
CURVES = {  # variable of a sweep -> label, and where the data's own value at T0 is found
    "magnetization": (r"$\langle|m|\rangle$ per site", ("diagnostics", "magnetization, chains")),
    "learned_energy": (r"learned energy per site [$J$]", ("diagnostics", "learned_energy, chains")),
    "learned_specific_heat": (r"learned specific heat per site [$k_\mathrm{B}$]", ("trust", "learned_specific_heat")),
}
LIKELIHOODS = {
    "negative_log_likelihood": r"$-\ln\,p(s)/N$",
    "independent": "independent\nsites",
    "conditional": r"$-\ln\,p(s_i|\mathrm{rest})$",
    "conditional_neighbours": "sum of\nneighbours",
}


def plot(data):
    """data: ensemble, dataset, header (of the model), likelihood, sweep, trust, diagnostics, couplings.

    couplings may lack, or have no terms and the reason in attrs["reason"].
    """
    figure = plt.figure(figsize=PAGE)
    grid = figure.add_gridspec(
        4,
        6,
        height_ratios=(0.62, 1.5, 1.5, 1.5),
        hspace=0.42,
        wspace=1.25,
        left=0.12,
        right=0.96,
        bottom=0.06,
        top=0.88,
    )
    _heading(figure, data)
    _pictures(figure, grid[0, :], data)
    _training(figure.add_subplot(grid[1, :2]), data["header"])
    _tables(figure.add_subplot(grid[1, 2:]), data["diagnostics"])
    for column, name in enumerate(CURVES):
        _curve(figure.add_subplot(grid[2, 2 * column : 2 * column + 2]), data, name)
    known = _couplings_known(data)
    if known:
        _couplings(figure.add_subplot(grid[3, :2]), data["couplings"])
    _verdict(figure.add_subplot(grid[3, 2:] if known else grid[3, :]), verdict(data), 76 if known else 110)
    return figure


def _couplings_known(data):
    return "couplings" in data and data["couplings"].sizes["term"] > 0


def _verdict(axis, sentences, width):
    axis.axis("off")
    axis.text(0, 1, "\n\n".join(textwrap.fill(s, width) for s in sentences), va="top", linespacing=1.3)


def _heading(figure, data):
    ensemble, header = data["ensemble"], data["header"]
    values = ", ".join(f"{v:g}" for v in ensemble["spins"].attrs["values_in_file"])
    parts = np.bincount(data["dataset"]["part"].values, minlength=3)
    figure.text(
        0.12, 0.965, textwrap.shorten(ensemble.attrs["source"], 80), fontsize="x-large", weight="bold", va="top"
    )
    lines = (
        f"{header['size']} x {header['size']} sites, values {values}; T0 = {header['temperature']:g}",
        f"{parts[0]} configurations train, {parts[1]} validate, {parts[2]} test; network {header['architecture']}",
        f"autocorrelation time in the given order: {float(ensemble['autocorrelation_time'][0]):.2f} configurations; "
        f"SHA-256 {ensemble.attrs['source_sha256'][:16]}...",
    )
    figure.text(0.12, 0.942, "\n".join(lines), va="top", linespacing=1.4)


def _pictures(figure, place, data):
    """Configurations at even distances in the file."""
    spins = data["ensemble"]["spins"].values[0]
    inner = place.subgridspec(1, PICTURES, wspace=0.08)
    for column, sample in enumerate(np.linspace(0, len(spins) - 1, PICTURES).astype(int)):
        axis = figure.add_subplot(inner[column])
        axis.imshow(spins[sample], cmap="gray", interpolation="nearest", vmin=spins.min(), vmax=spins.max())
        axis.set(xticks=[], yticks=[])
        axis.set_title(f"{sample + 1}", fontsize="small", pad=2)


def _training(axis, header):
    epochs = np.arange(1, len(header["training_loss"]) + 1)
    losses = {key: np.array(header[f"{key}_loss"]) / header["sites"] for key in ("training", "validation")}
    for (key, values), color, line in zip(losses.items(), (BLUE, VERMILLION), ("-", "--"), strict=True):
        axis.plot(epochs, values, line, color=color, label=key)
    settled = np.concatenate([values[-(-len(epochs) // 10) :] for values in losses.values()])
    if len(settled):  # the first tenth would hide the rest
        margin = 0.1 * np.ptp(settled) + 1e-4
        axis.set_ylim(settled.min() - margin, settled.max() + margin)
    kind = "pseudo-likelihood" if header["architecture"] == "local" else "likelihood"
    axis.set(xlabel="epoch", ylabel=f"$-\\log$ {kind}\nper site [nat]", title="training")
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend()


def _tables(axis, diagnostics):
    """Likelihoods by part, and the model at T0 against the data."""
    axis.axis("off")
    names = [name for name in LIKELIHOODS if name in diagnostics]
    parts = [str(part) for part in diagnostics["part"].values]
    cells = [[part, *(_text(diagnostics, name, i) for name in names)] for i, part in enumerate(parts)]
    axis.set_title("information per site [nat], and model against data at $T_0$")
    _table(axis, cells, ["part", *(LIKELIHOODS[name] for name in names)], (0, 0.5, 1, 0.48))
    cells = [
        [_name(row), _text(diagnostics, "data", i), _text(diagnostics, "model", i), f"{pull:+.1f}"]
        for i, (row, pull) in enumerate(zip(diagnostics["comparison"].values, diagnostics["pull"].values, strict=True))
    ]
    columns = ["per site", "data", "model", "difference\nin errors"]
    _table(axis, cells, columns, (0, -0.12, 1, 0.52), (0.43, 0.19, 0.19, 0.19))


def _name(comparison):
    return str(comparison).replace("magnetization", r"$|m|$").replace("_", " ")


def _text(dataset, name, index):
    return parenthesis(float(dataset[name][index]), float(dataset[name + "_error"][index]))


def _table(axis, cells, columns, box, widths=None):
    table = axis.table(cells, colLabels=columns, bbox=box, cellLoc="center", colWidths=widths)
    table.auto_set_font_size(False)
    for (row, column), cell in table.get_celld().items():
        cell.set(edgecolor="0.8", linewidth=0.5, height=cell.get_height() * (1.6 if row == 0 else 1))
        if column == 0:
            cell.set_text_props(ha="left")


def _curve(axis, data, name):
    """Prediction over temperature, grey where it is not trusted, and the data's own value at T0."""
    text, place = CURVES[name]
    _shade(axis, data["trust"]["temperature"].values, trusted(data))
    draw(axis, data["sweep"], name, label="learned", color=BLUE, marker="o", linestyle="-")
    value, error = _own_value(data, *place)
    axis.errorbar(
        data["header"]["temperature"], value, error, color=VERMILLION, marker="*", markersize=9,
        linestyle="none", label=r"data at $T_0$", zorder=4,
    )  # fmt: skip
    axis.set(xlabel=TEMPERATURE, ylabel=text)
    axis.margins(x=0.02)
    if name == "magnetization":
        axis.set_ylim(0, 1.05)
        axis.plot([], [], color="0.75", linewidth=6, label="not trusted")
        axis.legend(loc="best")


def _own_value(data, source, name):
    """(value, error) of the configurations at T0."""
    found = data[source]
    if source == "diagnostics":
        row = found.sel(comparison=name)
        return float(row["data"]), float(row["data_error"])
    at_t0 = found.sel(temperature=data["header"]["temperature"], method="nearest")
    return float(at_t0[name + "_reweighted"]), float(at_t0[name + "_reweighted_error"])


def _shade(axis, t, chosen):
    """Grey bands around temperatures that are not trusted, up to halfway to their neighbours."""
    middle = (t[1:] + t[:-1]) / 2
    edges = np.concatenate([[t[0]], middle, [t[-1]]])
    for i in np.flatnonzero(~chosen):
        axis.axvspan(edges[i], edges[i + 1], facecolor="0.9", edgecolor="none", linewidth=0, zorder=0)


def _couplings(axis, couplings):
    """Strengths of the terms by the held-out data, and by the network."""
    terms = [str(term).replace("_", " ") for term in couplings["term"].values]
    rows, error = np.arange(len(terms))[::-1], couplings["estimate_error"]
    axis.axvline(0, color=BLACK, linewidth=0.8)
    axis.errorbar(
        couplings["estimate"], rows, xerr=error, color=BLUE, marker="o", linestyle="none", label="held-out data"
    )
    axis.plot(couplings["network"], rows, "s", color=VERMILLION, markerfacecolor="none", markersize=6, label="network")
    axis.set_yticks(rows, terms)
    axis.set(xlabel="coupling read off [$J$]", title="couplings")
    axis.legend()


def table(data):
    """All numbers of the page: quantity, of (part, comparison or term), temperature, value, error, unit, trusted."""
    diagnostics, sweep = data["diagnostics"], data["sweep"]
    rows = []
    for name in [name for name in LIKELIHOODS if name in diagnostics]:
        rows += [(name, part, *v, "nat") for part, v in _numbers(diagnostics, "part", name, name + "_error")]
    for kind in ("data", "model"):
        for comparison, v in _numbers(diagnostics, "comparison", kind, kind + "_error"):
            name = comparison.split(", ")[0]
            rows.append((name, f"{kind}, {comparison.split(', ')[1]}", *v, "J" if "energy" in name else "1"))
    if _couplings_known(data):
        couplings = _numbers(data["couplings"], "term", "estimate", "estimate_error")
        rows += [("coupling", term, *v, "J") for term, v in couplings]
        network = zip(data["couplings"]["term"].values, data["couplings"]["network"].values, strict=True)
        rows += [("coupling of the network", str(term), value, np.nan, "J") for term, value in network]
    frame = pd.DataFrame(rows, columns=["quantity", "of", "value", "error", "unit"])
    curves = [_prediction(sweep, name, trusted(data)) for name in CURVES]
    columns = ["quantity", "of", "temperature", "value", "error", "unit", "trusted"]
    return pd.concat([frame, *curves], ignore_index=True).reindex(columns=columns)


def _numbers(dataset, dim, value, error):
    """[(name, (value, error))] along a dimension."""
    numbers = zip(dataset[value].values.tolist(), dataset[error].values.tolist(), strict=True)
    return list(zip(map(str, dataset[dim].values), numbers, strict=True))


def _prediction(sweep, name, chosen):
    value, error = pooled(sweep, name)
    unit = sweep[name].attrs["units"]
    return pd.DataFrame({
        "quantity": name, "of": "prediction", "temperature": sweep["temperature"].values,
        "value": value, "error": error, "unit": unit, "trusted": pd.array(chosen, "Int8"),
    })  # fmt: skip

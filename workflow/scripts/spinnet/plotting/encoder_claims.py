"""Claims of Wang & Jiang on the order of factorisation, noise in the data and the number of configurations."""

from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import chi2, f

from spinnet.exact import kaufman
from spinnet.io import settings_of
from spinnet.plotting.encoder_panels import (
    KL,
    LOOKS,
    all_starts,
    draw_deviations,
    gap,
    largest_deviations,
    legend_above,
    letters,
)
from spinnet.plotting.style import BLACK, WIDTH

BINS = 40  # of consecutive configurations of the test part


def plot(data):
    """data: "temperature" (T0 [J/k_B]) and files "likelihood_{variant}", "deviation_{variant}" of the variants
    order_{order}, noise_{rate}, and number_{architecture}_{n}, which have no deviation."""
    figure, axes = plt.subplots(3, 2, figsize=(WIDTH, 7.8), layout="constrained")
    _orders(axes[0, 0], data)
    draw_deviations(axes[0, 1], select(data, "deviation_order_"), "magnetization")
    _noise_gaps(axes[1, 0], data)
    noise = {rf"$\epsilon={rate}$": d for rate, d in select(data, "deviation_noise_").items()}
    for axis, quantity in ((axes[1, 1], "magnetization"), (axes[2, 0], "energy")):
        draw_deviations(axis, noise, quantity)
    legend_above(axes[1, 1], ncols=3)
    _hotter(axes[2, 0], data)
    _numbers(axes[2, 1], data)
    letters(axes)
    return figure


def select(data, prefix):
    """{rest of the name: file} of the files whose name starts with `prefix`; numbers rise, names keep their order."""
    found = {name.removeprefix(prefix): file for name, file in data.items() if name.startswith(prefix)}
    numbers = all(key.replace(".", "").isdigit() for key in found)
    return {key: found[key] for key in sorted(found, key=float)} if numbers else found


def _orders(axis, data):
    found = select(data, "likelihood_order_")
    for y, likelihood in enumerate(found.values()):
        value, error = gap(likelihood).values()
        axis.errorbar(value, -y, xerr=error, **(LOOKS[y] | {"linestyle": "none"}))
    axis.set_yticks(-np.arange(len(found)), [name.replace("_", " ") for name in found])
    axis.set(xlabel=KL)


@cache
def effective_temperature(size, t0, rate):
    """Temperature [J/k_B] at which the energy is that of spins at T0 that are flipped at a rate.

    Each flip is independent, so bonds shrink by (1 - 2 rate)^2 on average.
    """
    target = (1 - 2 * rate) ** 2 * kaufman(size, [t0]).energy[0]
    return brentq(lambda t: kaufman(size, [t]).energy[0] - target, t0, 20 * t0, xtol=1e-6) if rate else t0


def gap_of_temperatures(size, t0, other):
    """KL divergence [nats] of the Ising model at another temperature from that at T0."""
    exact = kaufman(size, [t0, other])
    return size**2 * (exact.energy[0] * (1 / other - 1 / t0) + exact.log_partition[1] - exact.log_partition[0])


def _noise(data):
    """(rate, size, effective temperature) of the data sets with noise."""
    for rate, deviation in select(data, "deviation_noise_").items():
        size = settings_of(deviation)["size"]
        yield float(rate), size, effective_temperature(size, data["temperature"], float(rate))


def _noise_gaps(axis, data):
    found = select(data, "likelihood_noise_")
    values = np.array([[float(rate), *gap(likelihood).values()] for rate, likelihood in found.items()])
    axis.errorbar(*values.T, label="network", **LOOKS[0])
    hotter = [(rate, gap_of_temperatures(size, data["temperature"], t)) for rate, size, t in _noise(data)]
    axis.plot(
        *np.transpose(hotter), color=BLACK, linestyle=":", marker="x", label="Ising model as disordered as the data"
    )
    axis.set(xlabel=r"rate $\epsilon$ of flipped spins", ylabel=KL, ylim=(0, None))
    axis.legend(fontsize="x-small")


def _hotter(axis, data):
    """Deviation in energy if the noise did no more than to raise T0."""
    for (_, size, t), look in zip(_noise(data), LOOKS, strict=False):
        grid = next(iter(select(data, "deviation_noise_").values())).temperature.values
        shifted, exact = (kaufman(size, s).energy for s in (grid * t / data["temperature"], grid))
        axis.plot(grid, shifted - exact, color=look["color"], linewidth=0.8, alpha=0.6)
    axis.plot([], [], color="0.4", linewidth=0.8, label="$T_0$ raised, exact")
    axis.legend(handles=axis.get_lines()[-1:], fontsize="x-small")


def _numbers(axis, data):
    found = select(data, "likelihood_number_")
    architectures = dict.fromkeys(name.rpartition("_")[0] for name in found)
    for architecture, look in zip(architectures, LOOKS, strict=False):
        own = {name: found[name] for name in found if name.rpartition("_")[0] == architecture}
        values = sorted([float(name.rpartition("_")[2]), *gap(file).values()] for name, file in own.items())
        axis.errorbar(*np.transpose(values), label=architecture.replace("_", " "), **look)
    axis.set(xlabel="configurations to learn from", ylabel=KL, xscale="log", yscale="log")
    axis.legend(fontsize="small")


def table(data):
    """A row a variant: KL gap, largest deviations, effective temperature of noise; rows "all" test claim N15."""
    rates = {f"noise_{rate}": t for (_, _, t), rate in zip(_noise(data), select(data, "deviation_noise_"), strict=True)}
    rows = []
    for variant, likelihood in select(data, "likelihood_").items():
        row = {"variant": variant, **gap(likelihood), "effective_temperature": rates.get(variant, np.nan)}
        deviation = data.get(f"deviation_{variant}")
        rows.append(row | (largest_deviations(deviation) if deviation is not None else {}))
    rows.append({"variant": "all orders, KL", **order_of_likelihood(list(select(data, "likelihood_order_").values()))})
    rows.append(
        {"variant": "all orders, |m|", **order_of_magnetization(list(select(data, "deviation_order_").values()))}
    )
    return pd.DataFrame(rows)


def order_of_likelihood(likelihoods):
    """Spread (largest minus smallest KL gap), Hotelling's T^2 and p-value of equal likelihoods of all orders.

    All judge the same configurations, so differences from their mean over orders are compared, over `BINS`
    bins.  Source: H. Hotelling, Ann. Math. Stat. 2, 360 (1931).
    """
    log_p = np.array([one["log_prob"].values for one in likelihoods])
    differences = (log_p - log_p.mean(0))[1:]
    binned = np.array([part.mean(1) for part in np.array_split(differences, BINS, axis=1)])
    number = len(differences)
    mean, covariance = binned.mean(0), np.atleast_2d(np.cov(binned.T)) / BINS
    squared = mean @ np.linalg.solve(covariance, mean)
    scaled = squared * (BINS - number) / (number * (BINS - 1))
    gaps = [float(one["kl_gap"]) for one in likelihoods]
    return {"spread": np.ptp(gaps), "chi_squared": squared, "p_value": f.sf(scaled, number, BINS - number)}


def order_of_magnetization(deviations):
    """Largest spread of |m| over the orders, chi^2 and p-value of equal |m| at every temperature.

    The reference is the same for all; its part of the errors makes chi^2 a little too small.
    """
    values, errors = np.moveaxis([all_starts(one, "magnetization") for one in deviations], 1, 0)
    weight = 1 / errors**2
    mean = (weight * values).sum(0) / weight.sum(0)
    squared = (weight * (values - mean) ** 2).sum()
    freedom = (len(values) - 1) * values.shape[1]
    return {"spread": np.ptp(values, axis=0).max(), "chi_squared": squared, "p_value": chi2.sf(squared, freedom)}

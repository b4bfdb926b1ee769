"""Block sums as degrees of freedom (Wang & Jiang, Fig. 4), exactly: what p(S)^(T0/T) predicts and what is true.

The marginal of the block sums is p_T(S) = g(S) <exp(-E/T)>_S / Z for g(S) spin states of these sums, so
-T log p_T(S) is a free energy that depends on T.  The plain prediction p_T0(S)^(T0/T) takes it for an
energy; the corrected one, p_T0(S)^(T0/T) g(S)^(1-T0/T), keeps the entropy log g(S) fixed instead, which is
exact at T0 and in the limit of high temperature.
"""

from functools import reduce
from math import comb
from typing import NamedTuple

import numpy as np
import xarray as xr
from scipy.special import log_softmax

from spinnet.blocking import ALPHABETS, magnetization_per_spin
from spinnet.exact import all_configurations, enumerate_lattice, kaufman
from spinnet.lattice import block_sums
from spinnet.samplers.ising import IsingChains
from spinnet.statistics import mean_and_error

LATTICES = {"4x4 stride 1": (4, 1), "4x4 stride 2": (4, 2), "6x6 stride 2": (6, 2)}  # size, stride
PREDICTIONS = ["exact", "plain", "corrected"]
SUMS = ALPHABETS["block_sum_stride2"]  # category d: d of the four spins are up

CHAINS, BURN_IN, SAMPLES, CLUSTERS = 64, 300, 50, 20  # of `window_shift`; clusters between samples


class Blocks(NamedTuple):
    """Arrays over the block configurations: |mean S|/4, log p(S) [nats] at one temperature, log g(S)."""

    magnetization: np.ndarray
    log_probability: np.ndarray
    log_multiplicity: np.ndarray


def enumerated(stride, temperature):
    """Blocks of the 4x4 lattice by summing over its 65 536 spin states."""
    sums = block_sums(all_configurations(4), stride).reshape(2**16, -1)
    codes = np.searchsorted(SUMS, sums) @ 5 ** np.arange(sums.shape[1])
    _, first, index, multiplicity = np.unique(codes, return_index=True, return_inverse=True, return_counts=True)
    probability = np.bincount(index, enumerate_lattice(4, temperature)["probability"])
    return Blocks(magnetization_per_spin(sums[first], SUMS), np.log(probability), np.log(multiplicity))


def transferred(size, temperature):
    """Blocks of stride 2, L = `size` even and <= 6, as traces of transfer matrices over pairs of rows.

    Configuration n has the categories of its blocks as digits to base 5, first block leading.
    """
    matrices, rows = row_matrices(size, temperature), size // 2
    kinds, states, _ = matrices.shape
    wide = matrices.transpose(1, 0, 2).reshape(states, -1)
    closing = matrices.transpose(2, 1, 0).reshape(-1, kinds)
    weights = []
    for top in matrices[: kinds // 2 + 1]:
        product = top[None]
        for _ in range(rows - 2):
            product = (product.reshape(-1, states) @ wide).reshape(-1, states, kinds, states).swapaxes(1, 2)
        weights.append((product.reshape(-1, states**2) @ closing).ravel())
    half = np.concatenate(weights)
    weight = np.concatenate([half, half[: kinds**rows - len(half)][::-1]])  # reversal of all spins
    digits = np.indices((5,) * rows).reshape(rows, -1)
    sums = reduce(np.add.outer, [np.array(SUMS)[digits].sum(0)] * rows).ravel()
    multiplicity = reduce(np.add.outer, [np.log([comb(4, d) for d in range(5)])[digits].sum(0)] * rows).ravel()
    return Blocks(np.abs(sums) / size**2, np.log(weight / weight.sum()), multiplicity)


def row_matrices(size, temperature):
    """(5^(L/2), 2^L, 2^L) weights [S, above, lower] of two spin rows with block sums S, summed over the upper row.

    `above` is the row over the two; the bonds to it, between the two and along both are counted.
    """
    spins = 1 - 2 * ((np.arange(2**size)[:, None] >> np.arange(size)) & 1)
    along = np.exp((spins * np.roll(spins, 1, 1)).sum(1) / temperature)
    down = np.exp(spins @ spins.T / temperature)
    pairs = spins[:, 0::2] + spins[:, 1::2]
    categories = (pairs[:, None] + pairs + 4) // 2
    code = categories @ 5 ** np.arange(size // 2)[::-1]
    upper, lower = np.indices(code.shape)
    weights = np.zeros((5 ** (size // 2), *code.shape))
    weights[code, upper, lower] = along[:, None] * down * along
    return down @ weights


def exact_blocks(lattice, temperature):
    """Blocks of an entry of `LATTICES` at a temperature [J/k_B]."""
    size, stride = LATTICES[lattice]
    return enumerated(stride, temperature) if size == 4 else transferred(size, temperature)


def predict(blocks, t0, temperature, corrected):
    """log p [nats] and Hamiltonian [J], over block configurations, that `blocks` at T0 predict at a temperature.

    H = -T0 log p_T0 and p ~ exp(-H/T); corrected, H = -T0 log(p_T0 / g) and p ~ g exp(-H/T).
    """
    log_g = blocks.log_multiplicity if corrected else 0.0
    hamiltonian = -t0 * (blocks.log_probability - log_g)
    return log_softmax(log_g - hamiltonian / temperature), hamiltonian


def compare(temperatures, t0, progress):
    """Dataset (lattice, prediction, temperature): |m|, energy, specific heat per spin, and KL [nats].

    Energy and specific heat are those of the predicted Hamiltonian, whose offset makes the mean at T0
    exact; of "exact" those of the spins (Kaufman).  KL is that of the prediction from the exact p_T(S).
    """
    shape = (len(LATTICES), len(PREDICTIONS), len(temperatures))
    values = {name: np.zeros(shape) for name in UNITS}
    exact = {size: kaufman(size, [t0, *temperatures]) for size in {size for size, _ in LATTICES.values()}}
    for i, lattice in enumerate(LATTICES):
        at_t0, size = exact_blocks(lattice, t0), LATTICES[lattice][0]
        for k, temperature in enumerate(progress(temperatures)):
            blocks = exact_blocks(lattice, temperature)
            values["magnetization"][i, 0, k] = np.exp(blocks.log_probability) @ blocks.magnetization
            values["energy"][i, 0, k] = exact[size].energy[k + 1]
            values["specific_heat"][i, 0, k] = exact[size].specific_heat[k + 1]
            for j in (1, 2):
                averages = _averages(at_t0, blocks, t0, temperature, PREDICTIONS[j] == "corrected", size**2)
                averages["energy"] += exact[size].energy[0]
                for name, value in averages.items():
                    values[name][i, j, k] = value
    dims = ("lattice", "prediction", "temperature")
    variables = {n: (dims, v, {"long_name": UNITS[n][0], "units": UNITS[n][1]}) for n, v in values.items()}
    coords = {"lattice": list(LATTICES), "prediction": PREDICTIONS}
    coords["temperature"] = ("temperature", np.asarray(temperatures, float), {"units": "J/k_B"})
    return xr.Dataset(variables, coords, {"training_temperature": t0})


UNITS = {
    "magnetization": ("mean |sum S| per spin", "1"),
    "energy": ("energy per spin", "J"),
    "specific_heat": ("specific heat per spin", "k_B"),
    "divergence": ("KL divergence of the prediction from the exact distribution of block sums", "nat"),
}


def _averages(at_t0, blocks, t0, temperature, corrected, spins):
    """Averages of a prediction; its energy is relative to that at T0."""
    log_p, hamiltonian = predict(at_t0, t0, temperature, corrected)
    p = np.exp(log_p)
    mean = p @ hamiltonian
    return {
        "magnetization": p @ at_t0.magnetization,
        "energy": (mean - np.exp(at_t0.log_probability) @ hamiltonian) / spins,
        "specific_heat": p @ (hamiltonian - mean) ** 2 / temperature**2 / spins,
        "divergence": np.exp(blocks.log_probability) @ (blocks.log_probability - log_p),
    }


def window_shift(sizes, temperatures, seed, progress):
    """Dataset (length, temperature): <|mean S|>/4 of stride 1 minus <|m|> in the Ising model, and its error.

    Windows do not wrap around, so spins at the edge count less and the mean over windows fluctuates
    more than m.  Sampled with Wolff's algorithm; the difference is far less noisy than either.
    """
    values = np.zeros((2, len(sizes), len(temperatures)))
    for i, size in enumerate(progress(sizes)):
        for k, temperature in enumerate(temperatures):
            chains = IsingChains("wolff", size, temperature, CHAINS, seed, "window shift", size, float(temperature))
            chains.record(BURN_IN, 1)
            spins = chains.record(SAMPLES, CLUSTERS, keep=True)[2]
            windows, sites = (np.abs(x.mean(axis=(-2, -1), dtype=float)) for x in (block_sums(spins, 1) / 4, spins))
            values[:, i, k] = mean_and_error((windows - sites).mean(1))
    one, dims = {"units": "1"}, ("length", "temperature")
    coords = {"length": ("length", list(sizes), one)}
    coords["temperature"] = ("temperature", np.asarray(temperatures, float), {"units": "J/k_B"})
    return xr.Dataset({"window_shift": (dims, values[0], one), "window_shift_error": (dims, values[1], one)}, coords)


def shift_of(blocks, size, stride, temperatures):
    """`window_shift` and its error of a lattice, each (temperature,); zero for stride 2, whose sums count each spin."""
    if stride == 2:
        return np.zeros(len(temperatures)), np.zeros(len(temperatures))
    one = blocks.sel(length=size, temperature=temperatures)
    return one["window_shift"].values, one["window_shift_error"].values


def difference(one, other):
    """Difference of two (value, error), with its error."""
    return one[0] - other[0], np.hypot(one[1], other[1])


def decomposition(deviations, stride, shift):
    """Parts of the gap in |m| of chains at a stride: {part: (value, error)}, each (temperature,).

    deviations: files of deviations by name, deviation_stride{s}_{made,direct}, and, where it was run,
    deviation_stride{s}_corrected: chains of the network of "direct" with the multiplicity.  shift: from
    `shift_of`.  learning: made minus direct connections, whose KL gap is far smaller.  remainder: what is
    left with direct connections, of method and of learning.  multiplicity: the part of it that the correction removes.
    equilibration: hot minus cold starts of made.
    """

    def found(name, start="all"):
        one = deviations[f"deviation_stride{stride}_{name}"].sel(start=start)
        return one["magnetization_deviation"].values, one["magnetization_deviation_error"].values

    parts = {
        "learning": difference(found("made"), found("direct")),
        "remainder": difference(found("direct"), shift),
        "equilibration": difference(found("made", "hot"), found("made", "cold")),
    }
    if f"deviation_stride{stride}_corrected" in deviations:
        parts["multiplicity"] = difference(found("direct"), found("corrected"))
    return parts

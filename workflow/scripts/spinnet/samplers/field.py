"""Chains of the modified Hamiltonian E_Y = E - V f Y, f the probability of the broken phase by a network.

p(s) ~ exp(-beta E + beta V f Y) on the square lattice, V = L^2.  Source: Bachtis, Aarts & Lucini,
"Adding machine learning within Hamiltonians", eq. 3.

The first layer's pre-activations are kept, in float64.  Its weights are rounded to multiples of
2^-50 of the largest sum, so that sums are exact and depend on the state alone, not on the way to it.
"""

from typing import NamedTuple

import numba as nb
import numpy as np

from spinnet.checkpoint import NONE
from spinnet.compiled import kernel
from spinnet.lattice import SQUARE
from spinnet.rng import uniform
from spinnet.samplers import recording, wolff
from spinnet.samplers.bonds import energy_and_magnetization, neighbours
from spinnet.samplers.ising import start

_FAST = {"contract", "reassoc", "nsz"}
_UNKNOWN = -1.0  # f of a state for which the network was not evaluated


class FieldModel(NamedTuple):
    """Weight of a state and network, laid out for the kernels: V sites, W and H hidden units."""

    beta: float
    coupling: float  # beta V Y
    spread: np.ndarray  # (V,) largest exp(|coupling df|) that the flip of a site can bring about
    rows: np.ndarray  # (V * W,) float32, change of the pre-activations from spin -1 to +1
    bias: np.ndarray  # (W,) float64
    down: np.ndarray  # (W,) float64, pre-activations of the state with all spins -1
    hidden: np.ndarray  # (H * W,) float64, weight of the second layer
    hidden_bias: np.ndarray  # (H,)
    odds: np.ndarray  # (H,) float64, weight of log f/(1-f)
    odds_bias: float


def field_model(network, beta, field):
    """Lay out `network` (float64 arrays of float32 numbers, see `FieldChains`) for `beta` and Y = `field`."""
    quantum = 4 * np.spacing((np.abs(network["fc1.weight"]).sum(axis=1) + np.abs(network["fc1.bias"])).max())
    first, first_bias = (np.round(network[f"fc1.{n}"] / quantum) * quantum for n in ("weight", "bias"))
    odds, odds_bias = (np.diff(network[f"fc3.{n}"], axis=0)[0] for n in ("weight", "bias"))
    coupling = beta * first.shape[1] * field
    reach = _reach(2 * first, odds[:, None] * network["fc2.weight"])
    return FieldModel(
        float(beta), float(coupling), np.exp(abs(coupling) * np.minimum(1.0, reach / 4)),  # f' is at most 1/4
        (2 * first.T).astype(np.float32).ravel(), first_bias, first_bias - first.sum(axis=1),
        network["fc2.weight"].ravel(), network["fc2.bias"], odds, float(odds_bias),
    )  # fmt: skip


def _reach(change, paths):
    """(V,) bound of the change of log f/(1-f) by a flip, for any state: ReLU slopes lie in [0, 1]."""
    gain, loss = np.maximum(paths, 0).sum(axis=0), np.maximum(-paths, 0).sum(axis=0)
    up, down = np.maximum(change, 0), np.maximum(-change, 0)
    return np.maximum(gain @ up + loss @ down, loss @ up + gain @ down)


@nb.njit(fastmath=_FAST)
def _add_rows(pre, rows, sites, sign):
    """Add the rows of `sites`, times the sign, to the pre-activations: two in one turn of the loop."""
    width, single = len(pre), len(sites) % 2
    for site in sites[:single]:
        a = rows[site * width : (site + 1) * width]
        for u in range(width):
            pre[u] += sign * np.float64(a[u])
    for n in range(single, len(sites), 2):
        a = rows[sites[n] * width : (sites[n] + 1) * width]
        b = rows[sites[n + 1] * width : (sites[n + 1] + 1) * width]
        for u in range(width):
            pre[u] += sign * (np.float64(a[u]) + np.float64(b[u]))


@nb.njit(fastmath=_FAST)
def _broken(model, pre, active):
    """f from the pre-activations, by an exponential that cannot overflow; `active` (W,) is work space."""
    width, hidden, bias, odds, z = len(pre), model.hidden, model.hidden_bias, model.odds, model.odds_bias
    for u in range(width):
        active[u] = pre[u] if pre[u] > 0.0 else 0.0
    for h in range(len(bias)):
        row, total = hidden[h * width : (h + 1) * width], bias[h]
        for u in range(width):
            total += active[u] * row[u]
        z += odds[h] * max(total, 0.0)
    small = np.exp(-abs(z))
    return (1.0 if z >= 0.0 else small) / (1.0 + small)


@nb.njit
def _decide(model, weight, u, pre, f, trial, active):
    """Whether to accept `trial` with probability weight * exp(coupling df), and f of the chain then."""
    if model.coupling == 0.0:
        return u < weight, f if u >= weight else _UNKNOWN
    old = f if f >= 0.0 else _broken(model, pre, active)
    new = _broken(model, trial, active)
    accepted = u < weight * np.exp(model.coupling * (new - old))
    return accepted, new if accepted else old


@nb.njit
def _cluster(model, spins, pre, f, key, counter, table, trial, active):
    """Wolff's cluster, whose flip E always accepts, as a proposal; returns the next counter and f."""
    flat = spins.reshape(-1)
    counter, sites = wolff.cluster(spins, model.beta, key, counter, SQUARE, table)
    trial[:] = pre
    _add_rows(trial, model.rows, sites, np.float64(flat[sites[0]]))
    accepted, f = _decide(model, 1.0, uniform(key, counter), pre, f, trial, active)
    if accepted:
        pre[:] = trial
    else:
        flat[sites] = -flat[sites[0]]
    return counter + 1, f


@nb.njit
def _sweep(model, spins, pre, f, key, counter, trial, active):
    """One Metropolis sweep, with the steps of `metropolis.sweep`; returns the next counter and f.

    The network is evaluated only if u lies where the change of f can decide.  Elsewhere the loop does
    without `model`: counting references to its arrays would take most of the time.
    """
    size, rows, spreads = len(spins), model.rows, model.spread
    boltzmann = np.exp(-model.beta * 4.0 * np.arange(-2, 3))  # for energy differences -8, -4 ... 8
    left_out = counter + 1 + np.int64(uniform(key, counter) * size * size)
    for r in range(size):
        for c in range(size):
            counter += 1
            around = spins[r - 1, c] + spins[r + 1 - size, c] + spins[r, c - 1] + spins[r, c + 1 - size]
            site, old, u = r * size + c, spins[r, c], uniform(key, counter)
            weight, spread = boltzmann[2 + old * around // 2], spreads[site]
            if u < weight * spread and counter != left_out:
                row = rows[site * len(pre) : (site + 1) * len(pre)]
                for unit in range(len(pre)):
                    trial[unit] = pre[unit] - old * np.float64(row[unit])
                if u * spread < weight:
                    accepted, f = True, _UNKNOWN
                else:
                    accepted, f = _decide(model, weight, u, pre, f, trial, active)
                if accepted:
                    spins[r, c] = -old
                    for unit in range(len(pre)):
                        pre[unit] = trial[unit]
    return _flip_all(model, spins, pre, f, key, counter + 1, trial, active)


@nb.njit
def _flip_all(model, spins, pre, f, key, counter, trial, active):
    """Propose, with probability 1/2, the flip of all spins; returns the next counter and f."""
    if uniform(key, counter) < 0.5:
        trial[:] = 2.0 * model.bias - pre
        accepted, f = _decide(model, 1.0, uniform(key, counter + 1), pre, f, trial, active)
        if accepted:
            pre[:] = trial
            spins[:] = -spins
    return counter + 2, f


@kernel
def _record(use_wolff, model, spins, keys, counters, every, energy, magnetization, broken):
    """Advance each chain by `every` updates before each record; spins and counters in place."""
    table = neighbours(spins.shape[1], SQUARE)
    pre, trial, active = np.empty_like(model.bias), np.empty_like(model.bias), np.empty_like(model.bias)
    for chain in range(len(spins)):
        counter, key, state = counters[chain], keys[chain], spins[chain]
        pre[:], f = model.down, _UNKNOWN
        _add_rows(pre, model.rows, np.flatnonzero(state > 0), 1.0)
        for n in range(energy.shape[1]):
            for _ in range(every):
                if use_wolff:
                    counter, f = _cluster(model, state, pre, f, key, counter, table, trial, active)
                else:
                    counter, f = _sweep(model, state, pre, f, key, counter, trial, active)
            broken[chain, n] = f = f if f >= 0.0 else _broken(model, pre, active)
            energy[chain, n], magnetization[chain, n] = energy_and_magnetization(state)
        counters[chain] = counter


class FieldChains(recording.Chains):
    """Independent chains of E_Y at one temperature, from the configurations of `ising.start`.

    moves: "metropolis" (an update is a sweep) or "wolff" (an update is one proposed cluster).
    network: arrays fc1.weight (width, V), fc1.bias, fc2.weight (H, width), fc2.bias, fc3.weight
    (2, H), fc3.bias; ReLU after fc1 and fc2, spins +-1 in raster order, unit 1 of fc3 for the
    broken phase.  beta [1/J].  field: Y [J].  `names` name the random streams.
    """

    def __init__(self, moves, network, size, beta, field, chains, seed, *names):
        network = {name: np.asarray(a, np.float32).astype(np.float64) for name, a in network.items()}
        self._use_wolff, self._model = moves == "wolff", field_model(network, beta, field)
        self.spins, self._keys = start(size, chains, seed, *names)
        self._counters = np.zeros(chains, np.int64)

    def record(self, records, every, checkpoint=NONE):
        """Energies E [J], magnetizations (totals) and f (chains, records), one each `every` updates."""

        def advance(n):
            out = self._empty(n)
            _record(self._use_wolff, self._model, self.spins, self._keys, self._counters, every, *out)
            return out

        step = recording.step(self.spins, every)
        return recording.record(self._empty(records), self, advance, step, checkpoint=checkpoint)

    def _empty(self, records):
        """Arrays for `records` records of every chain."""
        energy, magnetization = np.empty((2, len(self.spins), records), np.int64)
        return energy, magnetization, np.empty(energy.shape)

"""Metropolis chains under a learned Hamiltonian H = -T0 log p(s), p a masked autoregressive network.

The target at temperature T is p(s)^(T0/T), for block sums also p^r g^(1-r) with r = T0/T and the
number g(S) of spin states behind the sums.  A proposal changes the input at one position of the
factorisation order (or at the few positions that one underlying spin touches), so only the tails
of the masked layers change: each layer's change is computed from the units that change in the layer before.
`LANES` independent chains advance together as the innermost loop, which makes every loop a
vector loop over contiguous memory; all numbers of a chain depend on that chain alone, so results
do not depend on how chains are grouped.  Work arrays are flat, (rows * LANES,).

Shapes: N positions, q values a site, H_l units of hidden layer l.  Values are category indices
0..q-1 in the factorisation order.  Log probabilities are natural logarithms, float32.
"""

import itertools
from typing import NamedTuple

import numba as nb
import numpy as np

from spinnet.compiled import kernel
from spinnet.models.masks import degrees
from spinnet.rng import random_bits
from spinnet.samplers.tile import CHAINS, ROWS, multiply_rows, widest_vectors

LANES = 64
_BLOCK = ROWS  # rows of one register tile, of which `first` and `last` are multiples
_FAST = {"contract", "reassoc", "nsz"}
_NEVER = -100.0  # logit of the sites that fill up the last group: their terms are zero
_f32 = np.float32
_i32 = np.int32


class ChainModel(NamedTuple):
    """A masked network laid out for the kernel (layer l maps units l to units l+1)."""

    values: int  # q
    weights: tuple  # (H_1, N*(q-1)) on the indicators of categories 1..q-1, ..., (N*(q-1), H_last)
    biases: tuple  # one (rows,) array a layer
    first: np.ndarray  # (layers, N) first row of a layer that a change at a position reaches
    last: tuple  # one (rows,) array a layer: columns [0, last) of a row are unmasked
    direct: np.ndarray  # (rows of the last layer, N*(q-1)) from the indicators to the logits, or no rows
    direct_last: np.ndarray  # (rows,) as `last`, for `direct`
    log_multiplicity: np.ndarray  # (q,) log g of each value


class Moves(NamedTuple):
    """Which positions each proposal of a sweep touches, smallest first; -1 where fewer are touched."""

    touched: np.ndarray  # (moves, at most 4)
    flips_spin: bool  # True: a move flips an underlying spin and shifts each touched block sum


def _pad(a, rows, cols=None):
    out = np.zeros((rows,) if cols is None else (rows, cols), a.dtype)
    out[tuple(slice(n) for n in a.shape)] = a
    return out


def _round_up(n):
    return -(-n // _BLOCK) * _BLOCK


def chain_model(arrays, sites, values, log_multiplicity=None):
    """Lay out a trained network for the kernel.

    arrays: {"layers.0.weight": (H_1, N or N*q), "layers.0.bias": ..., ...} masked weights as saved,
    with +-1 input for q = 2 and one-hot input for q > 2, and q-1 logits a site (the first
    category's logit is 0); "direct.weight" from the input to the logits, if the network has it.
    sites: N.  values: q.  log_multiplicity: (q,) log g, for chains of p^r product g^(1-r), r = T0/T;
    without it g = 1.
    """
    layers = len(arrays) // 2
    weights = [np.asarray(arrays[f"layers.{i}.weight"], _f32) for i in range(layers)]
    biases = [np.asarray(arrays[f"layers.{i}.bias"], _f32) for i in range(layers)]
    weights[0], biases[0] = _on_indicators(weights[0], biases[0], sites, values)
    direct = np.zeros((0, weights[0].shape[1]), _f32)
    if "direct.weight" in arrays:
        direct, biases[-1] = _on_indicators(np.asarray(arrays["direct.weight"], _f32), biases[-1], sites, values)
    inputs, logits = (np.repeat(np.arange(sites) + shift, values - 1) for shift in (1, 0))
    levels = [inputs, *degrees(sites, [len(b) for b in biases[:-1]]), logits]
    first = np.array([np.searchsorted(d, np.arange(1, sites + 1)) for d in levels[1:]])
    # the terms of the whole group of the site are computed again
    first[-1] = np.arange(sites) // _BLOCK * _BLOCK * (values - 1)
    rows = [_round_up(len(b)) for b in biases[:-1]] + [_round_up(sites) * (values - 1)]
    biases = [_pad(b, n) for b, n in zip(biases, rows, strict=True)]
    biases[-1][sites * (values - 1) :] = _NEVER
    return ChainModel(
        values,
        tuple(_pad(w, n, _round_up(w.shape[1])) for w, n in zip(weights, rows, strict=True)),
        tuple(biases),
        first // _BLOCK * _BLOCK,
        tuple(_limits(*pair, n) for pair, n in zip(itertools.pairwise(levels), rows, strict=True)),
        _pad(direct, rows[-1] if len(direct) else 0, _round_up(direct.shape[1])),
        _limits(inputs, logits, rows[-1]),
        np.zeros(values) if log_multiplicity is None else np.asarray(log_multiplicity, float),
    )


def _on_indicators(weight, bias, sites, values):
    """A map of the network input on the indicators of categories 1..q-1 instead of +-1 or one-hot input."""
    if values == 2:
        return 2 * weight, bias - weight.sum(axis=1)
    weight = weight.reshape(len(weight), sites, values)
    base = weight[:, :, :1]
    return (weight[:, :, 1:] - base).reshape(len(weight), -1), bias + base.sum(axis=(1, 2))


def _limits(below, own, rows):
    """(rows,) column limits of whole row tiles between two levels: masked weights inside the limit are zero."""
    last = _pad(np.searchsorted(below, own, side="right"), rows)
    tiles = last.reshape(-1, _BLOCK).max(axis=1)
    return np.repeat(-(-tiles // _BLOCK) * _BLOCK, _BLOCK)


def site_moves(sites):
    """One proposal a position: a new value, uniform among the other q-1."""
    return Moves(np.arange(sites, dtype=np.int64)[:, None], False)


def spin_moves(size, order):
    """One proposal a spin of the (size, size) lattice whose stride-1 2x2 block sums are modelled.

    Flipping one spin shifts the one to four windows that hold it, so every proposal is a legal
    configuration of block sums.  order: position -> site of the (size-1)^2 windows.
    """
    position = np.empty(len(order), np.int64)
    position[order] = np.arange(len(order))
    position = position.reshape(size - 1, size - 1)
    touched = np.full((size * size, 4), -1, np.int64)
    for r in range(size):
        for c in range(size):
            found = np.sort(position[max(r - 1, 0) : r + 1, max(c - 1, 0) : c + 1].ravel())
            touched[r * size + c, : len(found)] = found
    return Moves(touched, True)


@nb.njit(inline="always", fastmath=_FAST)
def _exp(x):
    """exp(x) to 1e-7 (Cephes expf) for x <= 80, x clamped from below; plain arithmetic, so loops vectorise."""
    x = max(x, _f32(-87.0))
    n = np.floor(x * _f32(1.44269504) + _f32(0.5))
    f = (x - n * _f32(0.693359375)) + n * _f32(2.12194440e-4)
    p = _f32(1.9875691500e-4)
    p = p * f + _f32(1.3981999507e-3)
    p = p * f + _f32(8.3334519073e-3)
    p = p * f + _f32(4.1665795894e-2)
    p = p * f + _f32(1.6666665459e-1)
    p = p * f + _f32(5.0000001201e-1)
    p = p * f * f + f + _f32(1.0)
    return p * _i32((_i32(n) + _i32(127)) << _i32(23)).view(np.float32)


@nb.njit(inline="always", fastmath=_FAST)
def _log(x):
    """log(x) to 1e-7 relative for finite x >= 1 (Cephes logf)."""
    bits = _f32(x).view(np.int32)
    e = _i32((bits - _i32(0x3F3504F3)) >> _i32(23))
    t = _i32(bits - _i32(e << _i32(23))).view(np.float32) - _f32(1.0)
    z = t * t
    p = _f32(7.0376836292e-2)
    p = p * t - _f32(1.1514610310e-1)
    p = p * t + _f32(1.1676998740e-1)
    p = p * t - _f32(1.2420140846e-1)
    p = p * t + _f32(1.4249322787e-1)
    p = p * t - _f32(1.6668057665e-1)
    p = p * t + _f32(2.0000714765e-1)
    p = p * t - _f32(2.4999993993e-1)
    p = p * t + _f32(3.3333331174e-1)
    return (t + (p * t * z - _f32(0.5) * z)) + _f32(e) * _f32(0.69314718)


@nb.njit
def _product(weight, last, row, columns, below, x, out):
    """out[j] = sum of weight[j, k] x[k] over the `columns` k < last[j] for rows j >= row; below: see `_activate`."""
    x, out = x.reshape(-1, LANES), out.reshape(-1, LANES)
    for j in range(row, len(weight), _BLOCK):
        for c in range(0, LANES, CHAINS):
            multiply_rows(weight, j, columns, below[last[j]], x[:, c:], out[:, c:])


@nb.njit(inline="always", fastmath=_FAST)
def _excess(logit):
    """Part of a logit above 20, where 1 + exp(logit) is exp(logit) to 2e-9: keeps products finite."""
    return max(logit - _f32(20.0), _f32(0.0))


@nb.njit(fastmath=_FAST)
def _binary_terms(logits, shift, values, group, terms):
    """terms[g] = log-probability of the four sites of group g >= `group`, two values a site.

    Logits are logits + shift.
    The normalisers 1 + exp(logit) of a group are multiplied, so that one logarithm serves all.
    """
    widest_vectors()
    for first in range(group * _BLOCK, len(values), _BLOCK):
        x, y = logits[first * LANES : (first + _BLOCK) * LANES], shift[first * LANES : (first + _BLOCK) * LANES]
        up0, up1, up2, up3 = values[first], values[first + 1], values[first + 2], values[first + 3]
        out = terms[first // _BLOCK * LANES : (first // _BLOCK + 1) * LANES]
        for c in range(LANES):
            x0, x1 = x[c] + y[c], x[LANES + c] + y[LANES + c]
            x2, x3 = x[2 * LANES + c] + y[2 * LANES + c], x[3 * LANES + c] + y[3 * LANES + c]
            e0, e1, e2, e3 = _excess(x0), _excess(x1), _excess(x2), _excess(x3)
            low = (_f32(1.0) + _exp(x0 - e0)) * (_f32(1.0) + _exp(x1 - e1))
            high = (_f32(1.0) + _exp(x2 - e2)) * (_f32(1.0) + _exp(x3 - e3))
            chosen = _f32(up0[c]) * x0 + _f32(up1[c]) * x1 + _f32(up2[c]) * x2 + _f32(up3[c]) * x3
            out[c] = chosen - (e0 + e1 + e2 + e3) - _log(low * high)


@nb.njit(fastmath=_FAST)
def _categorical_terms(logits, shift, values, group, channels, terms, scratch):
    """As `_binary_terms` for q = channels + 1 values a site; the logit of category 0 is 0."""
    total, excess, norm = scratch[:LANES], scratch[LANES : 2 * LANES], scratch[2 * LANES : 3 * LANES]
    for first in range(group * _BLOCK, len(values), _BLOCK):
        out = terms[first // _BLOCK * LANES : (first // _BLOCK + 1) * LANES]
        out[:], total[:] = _f32(0.0), _f32(1.0)
        for d in range(first, first + _BLOCK):
            value = values[d]
            excess[:], norm[:] = _f32(0.0), _f32(1.0)
            for row in range(d * channels, (d + 1) * channels):
                x, y = logits[row * LANES : (row + 1) * LANES], shift[row * LANES : (row + 1) * LANES]
                for c in range(LANES):
                    excess[c] = max(excess[c], _excess(x[c] + y[c]))
            for v in range(channels):
                row = d * channels + v
                x, y = logits[row * LANES : (row + 1) * LANES], shift[row * LANES : (row + 1) * LANES]
                for c in range(LANES):
                    logit = x[c] + y[c]
                    norm[c] += _exp(logit - excess[c])
                    out[c] += logit if value[c] == v + 1 else _f32(0.0)
            for c in range(LANES):
                total[c] *= norm[c]
                out[c] -= excess[c]
        for c in range(LANES):
            out[c] -= _log(total[c])


@nb.njit(fastmath=_FAST)
def _quinary_terms(logits, shift, values, group, terms, total):
    """`_categorical_terms` of five values a site, those of block sums: with all logits of a site at once, faster."""
    widest_vectors()
    for first in range(group * _BLOCK, len(values), _BLOCK):
        out = terms[first // _BLOCK * LANES : (first // _BLOCK + 1) * LANES]
        out[:], total[:] = _f32(0.0), _f32(1.0)
        for d in range(first, first + _BLOCK):
            x, y = logits[4 * d * LANES : 4 * (d + 1) * LANES], shift[4 * d * LANES : 4 * (d + 1) * LANES]
            value = values[d]
            for c in range(LANES):
                x1, x2 = x[c] + y[c], x[LANES + c] + y[LANES + c]
                x3, x4 = x[2 * LANES + c] + y[2 * LANES + c], x[3 * LANES + c] + y[3 * LANES + c]
                excess = _excess(max(max(x1, x2), max(x3, x4)))
                v = value[c]
                low = x1 if v == 1 else (x2 if v == 2 else _f32(0.0))
                high = x3 if v == 3 else (x4 if v == 4 else _f32(0.0))
                norm = (_exp(x1 - excess) + _exp(x2 - excess)) + (_exp(x3 - excess) + _exp(x4 - excess))
                total[c] *= _f32(1.0) + norm
                out[c] += low + high - excess
        for c in range(LANES):
            out[c] -= _log(total[c])


@nb.njit
def _group_terms(model, logits, shift, values, position, terms, scratch):
    """Log-probability terms of all groups from that of `position` on, for logits + shift."""
    group = position // _BLOCK
    if model.values == 2:
        _binary_terms(logits, shift, values, group, terms)
    elif model.values == 5:
        _quinary_terms(logits, shift, values, group, terms, scratch[:LANES])
    else:
        _categorical_terms(logits, shift, values, group, model.values - 1, terms, scratch)


@nb.njit(fastmath=_FAST)
def _refresh(model, values, pre, shift, terms, scratch):
    """Full forward pass of all lanes: fills pre-activations and log-probability terms."""
    channels, everything = model.values - 1, np.arange(len(scratch) // LANES + 1)
    for p in range(len(values)):
        for v in range(channels):
            row = scratch[(p * channels + v) * LANES : (p * channels + v + 1) * LANES]
            for c in range(LANES):
                row[c] = _f32(values[p, c] == v + 1)
    shift[-1][:] = _f32(0.0)
    if len(model.direct) > 0:
        _product(model.direct, model.direct_last, 0, everything, everything, scratch, shift[-1])
    for i in range(len(model.weights)):
        _product(model.weights[i], model.last[i], 0, everything, everything, scratch, pre[i])
        for k in range(len(model.biases[i])):
            row, out = pre[i][k * LANES : (k + 1) * LANES], scratch[k * LANES : (k + 1) * LANES]
            bias = model.biases[i][k]
            for c in range(LANES):
                row[c] += bias
                out[c] = max(row[c], _f32(0.0))
    for k in range(len(pre[-1])):
        pre[-1][k] += shift[-1][k]
    shift[-1][:] = _f32(0.0)
    _group_terms(model, pre[-1], shift[-1], values, 0, terms, scratch)


@nb.njit(fastmath=_FAST)
def _add_input_shift(weight, start, touched, values, before, channels, out, step):
    """Add to rows >= start of a layer on the input: weight times the change of the touched sites' indicators."""
    for t in range(len(touched)):
        if touched[t] >= 0:
            new, old = values[touched[t]], before[t]
            for v in range(channels):
                for c in range(LANES):
                    step[c] = _f32(new[c] == v + 1) - _f32(old[c] == v + 1)
                for k in range(start, len(weight)):
                    w, row = weight[k, touched[t] * channels + v], out[k * LANES : (k + 1) * LANES]
                    for c in range(LANES):
                        row[c] += w * step[c]


@nb.njit(fastmath=_FAST)
def _activate(pre, shift, start, change, columns, below):
    """change = relu(pre + shift) - relu(pre) of the units from `start` on.

    `columns` begins with the units that change in any lane, and below[k] is the number of these below unit k.
    """
    below[: start + 1] = 0
    number = 0
    for k in range(start, len(pre) // LANES):
        p, s = pre[k * LANES : (k + 1) * LANES], shift[k * LANES : (k + 1) * LANES]
        out = change[k * LANES : (k + 1) * LANES]
        bits = _i32(0)
        for c in range(LANES):
            old = p[c]
            out[c] = max(old + s[c], _f32(0.0)) - max(old, _f32(0.0))
            bits |= _f32(out[c]).view(np.int32)
        columns[number] = k
        number += bits != 0
        below[k + 1] = number


@nb.njit
def _propose(model, values, before, touched, pre, shift, change, columns, below):
    """Shifts of the pre-activations when the touched positions went from `before` to their new values."""
    position, start, channels = touched[0], model.first[0, touched[0]], model.values - 1
    shift[0][start * LANES :] = _f32(0.0)
    _add_input_shift(model.weights[0], start, touched, values, before, channels, shift[0], change[:LANES])
    for i in range(1, len(pre)):
        _activate(pre[i - 1], shift[i - 1], start, change, columns, below)
        _product(model.weights[i], model.last[i], model.first[i, position], columns, below, change, shift[i])
        start = model.first[i, position]
    if len(model.direct) > 0:
        _add_input_shift(model.direct, start, touched, values, before, channels, shift[-1], change[:LANES])


@nb.njit(fastmath=_FAST)
def _take_over(accepted, first, pre, shift):
    """Add the shift in the accepted lanes; `first` is a multiple of `_BLOCK`."""
    for k in range(first * LANES, len(pre), _BLOCK * LANES):
        p, s = pre[k : k + _BLOCK * LANES], shift[k : k + _BLOCK * LANES]
        for c in range(LANES):
            taken = accepted[c] != 0
            for i in range(_BLOCK):
                kept = p[i * LANES + c]
                moved = kept + s[i * LANES + c]
                p[i * LANES + c] = moved if taken else kept


@nb.njit(fastmath=_FAST)
def _take_over_terms(accepted, group, old, new):
    """Take over the terms of the accepted lanes from `group` on."""
    for g in range(group * LANES, len(old), LANES):
        o, n = old[g : g + LANES], new[g : g + LANES]
        for c in range(LANES):
            a, b = o[c], n[c]
            o[c] = b if accepted[c] != 0 else a


@nb.njit
def _draw(moves, m, q, keys, counter, values, spins, before):
    """Write the proposed values of move m into `values`, the old ones into `before`."""
    for t in range(moves.touched.shape[1]):
        p = moves.touched[m, t]
        if p >= 0:
            for c in range(LANES):
                old = values[p, c]
                before[t, c] = old
                if moves.flips_spin:
                    values[p, c] = old - spins[m, c]
                elif q == 2:
                    values[p, c] = 1 - old
                else:
                    low = random_bits(keys[c], counter) & np.uint64(0xFFFFFFFF)
                    new = old + 1 + np.int64((low * np.uint64(q - 1)) >> np.uint64(32))
                    values[p, c] = new if new < q else new - q


@nb.njit
def _multiplicity_gain(log_multiplicity, touched, values, before, out):
    """out = change of the sum of log g over the touched sites."""
    out[:] = 0.0
    for t in range(len(touched)):
        if touched[t] >= 0:
            for c in range(LANES):
                out[c] += log_multiplicity[values[touched[t], c]] - log_multiplicity[before[t, c]]


@nb.njit
def _decide(keys, counter, ratio, difference, gain, accepted):
    """Metropolis on ratio * log p + (1 - ratio) * log g, from their changes; returns the number accepted."""
    count = 0
    for c in range(LANES):
        u = (random_bits(keys[c], counter) >> np.uint64(32)) * (1.0 / 4294967296.0)
        exponent = ratio[c] * difference[c] + (1.0 - ratio[c]) * gain[c]
        accepted[c] = exponent >= 0.0 or u < np.exp(exponent)
        count += accepted[c]
    return count


@nb.njit(fastmath=_FAST)
def _difference(position, old, new, out):
    """out = sum of new - old log-probability terms from the group of `position` on."""
    out[:] = _f32(0.0)
    for g in range(position // _BLOCK * LANES, len(old), LANES):
        o, n = old[g : g + LANES], new[g : g + LANES]
        for c in range(LANES):
            out[c] += n[c] - o[c]


@nb.njit
def _settle(moves, m, accepted, before, values, spins):
    """Undo the proposal in rejected lanes, flip the underlying spin in accepted ones."""
    for t in range(moves.touched.shape[1]):
        p = moves.touched[m, t]
        if p >= 0:
            for c in range(LANES):
                values[p, c] = values[p, c] if accepted[c] else before[t, c]
    if moves.flips_spin:
        for c in range(LANES):
            spins[m, c] = -spins[m, c] if accepted[c] else spins[m, c]


@nb.njit
def _sum_of_terms(terms):
    """(lanes,) float64 sum over groups.  Loops, as Numba takes a second to compile `sum` along an axis."""
    total = np.zeros(LANES)
    for g in range(0, len(terms), LANES):
        for c in range(LANES):
            total[c] += terms[g + c]
    return total


@kernel
def _log_prob(model, values, pre, shift, terms, scratch):
    """(lanes,) log p of the states, by a full forward pass."""
    _refresh(model, values, pre, shift, terms[0], scratch)
    return _sum_of_terms(terms[0])


@kernel
def _sweep(model, moves, values, spins, keys, index, ratio, pre, shift, terms, scratch):
    """One sweep of every lane, the `index`-th of the chains; `values` and `spins` change in place.

    Returns log p (lanes,) and the number of accepted proposals (lanes,).  Every sweep begins with
    a full forward pass, so rounding errors of the updates do not pile up.
    """
    widest_vectors()
    proposals = len(moves.touched)
    before = np.zeros((moves.touched.shape[1], LANES), np.int32)
    accepted, difference = np.zeros(LANES, np.int32), np.zeros(LANES, _f32)
    accepts, gain = np.zeros(LANES, np.int64), np.zeros(LANES)
    columns, below = np.zeros((2, len(scratch) // LANES + 1), np.int64)
    _refresh(model, values, pre, shift, terms[0], scratch)
    for m in range(proposals):
        counter, touched = index * proposals + m, moves.touched[m]
        _draw(moves, m, model.values, keys, counter, values, spins, before)
        _propose(model, values, before, touched, pre, shift, scratch, columns, below)
        _group_terms(model, pre[-1], shift[-1], values, touched[0], terms[1], scratch)
        _difference(touched[0], terms[0], terms[1], difference)
        _multiplicity_gain(model.log_multiplicity, touched, values, before, gain)
        if _decide(keys, counter, ratio, difference, gain, accepted) > 0:
            for i in range(len(pre)):
                _take_over(accepted, model.first[i, touched[0]], pre[i], shift[i])
            _take_over_terms(accepted, touched[0] // _BLOCK, terms[0], terms[1])
        _settle(moves, m, accepted, before, values, spins)
        accepts += accepted
    return _sum_of_terms(terms[0]), accepts


@kernel
def _proposal_differences(model, moves, values, spins, keys, pre, shift, terms, scratch):
    """(moves, lanes) change of log p under each proposal of sweep 0, and the values it writes."""
    width = moves.touched.shape[1]
    before = np.zeros((width, LANES), np.int32)
    rejected = np.zeros(LANES, np.int32)
    columns, below = np.zeros((2, len(scratch) // LANES + 1), np.int64)
    out = np.zeros((len(moves.touched), LANES), _f32)
    proposed = np.zeros((len(moves.touched), width, LANES), np.int8)
    _refresh(model, values, pre, shift, terms[0], scratch)
    for m in range(len(moves.touched)):
        touched = moves.touched[m]
        _draw(moves, m, model.values, keys, m, values, spins, before)
        _propose(model, values, before, touched, pre, shift, scratch, columns, below)
        _group_terms(model, pre[-1], shift[-1], values, touched[0], terms[1], scratch)
        _difference(touched[0], terms[0], terms[1], out[m])
        for t in range(width):
            proposed[m, t] = values[touched[t]]
        _settle(moves, m, rejected, before, values, spins)
    return out, proposed


class NeuralChains:
    """Independent Metropolis chains of a learned Hamiltonian, in blocks of `LANES`.

    model, moves: see `chain_model`, `site_moves`, `spin_moves`.  values: (chains, N) int8 category
    indices in the factorisation order.  keys: (chains,) uint64 stream keys, one a chain.
    spins: (chains, size^2) +-1 int8, for spin moves only.
    """

    def __init__(self, model, moves, values, keys, spins=None):
        self.model, self.moves, self.chains = model, moves, len(values)
        blank = np.zeros((self.chains, 1), np.int8)
        self._sites = values.shape[1]
        filled = np.zeros((self.chains, _round_up(self._sites)), np.int32)
        filled[:, : self._sites] = values
        self._lay_out(filled, blank if spins is None else spins, np.asarray(keys))
        pre = tuple(np.zeros(len(b) * LANES, _f32) for b in model.biases)
        shift = tuple(np.zeros_like(p) for p in pre)
        terms = np.zeros((2, filled.shape[1] // _BLOCK * LANES), _f32)
        rows = max(max(w.shape) for w in model.weights)
        self._work = (pre, shift, terms, np.zeros(rows * LANES, _f32))
        self.index = 0

    def _lay_out(self, values, spins, keys):
        """Arrays in blocks, from those with the chains first."""
        self.chains = len(values)
        self._values, self._spins = self._blocks(values, np.int32), self._blocks(spins, np.int8)
        self._keys = self._blocks(keys[:, None], np.uint64)[:, 0]

    def keep(self, kept):
        """Go on with some of the chains, `kept` (chains,) bool; their results stay the same."""
        self._lay_out(*(self._flat(blocks)[kept] for blocks in (self._values, self._spins, self._keys)))

    def _blocks(self, rows, dtype):
        """(chains, n) -> (blocks, n, LANES); the last block repeats chains to be full."""
        rows = np.asarray(rows, dtype)
        take = np.arange(-(-self.chains // LANES) * LANES) % self.chains
        return np.ascontiguousarray(rows[take].reshape(-1, LANES, rows.shape[1]).swapaxes(1, 2))

    def _flat(self, blocks):
        """(blocks, ..., LANES) -> (chains, ...)."""
        return np.concatenate(list(np.moveaxis(blocks, -1, 1)))[: self.chains]

    @property
    def values(self):
        """(chains, N) int8 category indices in the factorisation order."""
        return self._flat(self._values)[:, : self._sites].astype(np.int8)

    @property
    def spins(self):
        """(chains, size^2) underlying spins of chains with spin moves."""
        return self._flat(self._spins)

    @property
    def state(self):
        """Copies of all that changes from sweep to sweep; to be set, to go on from there."""
        return self._values.copy(), self._spins.copy(), self.index

    @state.setter
    def state(self, state):
        self._values[:], self._spins[:], self.index = state

    def log_prob(self):
        """(chains,) natural logarithm of p of the present states."""
        blocks = [_log_prob(self.model, v, *self._work) for v in self._values]
        return self._flat(np.array(blocks))

    def sweep(self, ratio):
        """One sweep at p^ratio g^(1 - ratio), ratio = T0/T a chain; returns log p and acceptance rate (chains,)."""
        ratio = self._blocks(np.asarray(ratio, float)[:, None], float)[:, 0]
        results = [
            _sweep(self.model, self.moves, v, s, k, self.index, r, *self._work)
            for v, s, k, r in zip(self._values, self._spins, self._keys, ratio, strict=True)
        ]
        self.index += 1
        log_prob, accepts = (self._flat(np.array(a)) for a in zip(*results, strict=True))
        return log_prob, accepts / len(self.moves.touched)

    def proposal_differences(self):
        """Changes of log p (chains, moves) and proposed values (chains, moves, touched), state unchanged."""
        parts = [
            _proposal_differences(self.model, self.moves, v, s, k, *self._work)
            for v, s, k in zip(self._values, self._spins, self._keys, strict=True)
        ]
        return tuple(self._flat(np.array(a)) for a in zip(*parts, strict=True))

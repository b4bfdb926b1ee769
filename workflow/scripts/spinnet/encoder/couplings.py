"""Couplings of one- to four-spin terms, read off a learned Hamiltonian and off data that it has not seen.

With H = -sum of K_k times term k, a spin s of a configuration is up with probability
sigma(2 sum K_k f_k / T0), given all others and the terms' local fields f.  The same logistic fit gives the
network's couplings, from its own probabilities, and the data's, from the spins that are there: the maximum of the
pseudo-likelihood (J. Besag, J. R. Stat. Soc. B 36, 192 (1974)).  The data's couplings K are the network's
K_net plus a correction, which is zero within its error if the network gives a term its due.  K is free of
bias however bad the network is, as nothing of the network's remains in it; with the rest of the network's log-odds
kept as an offset it would not be, at second order in that rest.
"""

import numpy as np
import xarray as xr
from scipy.special import expit

from spinnet.ensembles import PARTS
from spinnet.errors import UserError
from spinnet.interactions import TERMS, local_fields
from spinnet.rng import generator

BLOCKS = 64  # of configurations, at least; the errors come from them
LEAST_SIZE = 5  # L, so that no two terms coincide
SINGULAR = 1e12  # condition number of the information from which on terms cannot be told apart
STEPS, LONGEST_STEP, CONVERGED = 50, 1.0, 1e-8  # of Newton's method, in units of 2 K / T0


def read(dataset, log_weight, header, settings):
    """Couplings [J] of all terms of `TERMS`: dataset of kind "read couplings" with dims (term,).

    log_weight: function of values (n, L, L) to log p (n,) up to a constant, of a model with this header.  The data
    are the test part of `dataset`, two-valued; K uses every spin.  settings: seed, name, configurations and flips:
    so many test configurations and random sites of each show the network.  Variables: network (K_net),
    correction, estimate (K), their errors, true (NaN if unknown), and unexplained [nats], the root mean square of
    the network's log-odds beyond all terms.  Raises UserError for data that do not determine the couplings.
    """
    values, spins, blocks = _test_part(dataset, settings["name"])
    local = local_fields(spins, TERMS)  # of all blocks at once, which takes half the time
    fields = [local[b].reshape(-1, len(TERMS)) for b in blocks]
    both = sum(header["alphabet"])
    shown, odds = zip(*_network_odds(values, spins, local, blocks, log_weight, both, settings), strict=True)
    network = _fit(shown, [expit(o) for o in odds], settings["name"])
    data = _fit(fields, [(spins[b].ravel() + 1) / 2 for b in blocks], settings["name"])
    half = header["temperature"] / 2
    residual = np.concatenate(odds) - np.concatenate(shown) @ network[0]
    result = {
        "estimate": half * data[0],
        "estimate_error": half * _error(data[1]),
        "network": half * network[0],
        "correction": half * (data[0] - network[0]),
        "correction_error": half * _error(data[1] - network[1]),
        "true": _true(header),
    }
    result = xr.Dataset({k: ("term", v, {"units": "J"}) for k, v in result.items()}, {"term": list(TERMS)})
    text = "root mean square of the network's log-odds beyond the terms"
    result["unexplained"] = (), np.sqrt((residual**2).mean()), {"units": "nat", "long_name": text}
    return result


def read_or_say_why(dataset, log_weight, header, settings):
    """As `read`; for a user's own configurations that do not determine them no terms, and why as attribute "reason"."""
    try:
        return read(dataset, log_weight, header, settings)
    except UserError as error:
        if header["interactions"] is not None:
            raise
        reason = str(error)
    empty = ("term", np.zeros(0), {"units": "J"})
    names = ("estimate", "estimate_error", "network", "correction", "correction_error", "true")
    return xr.Dataset(dict.fromkeys(names, empty), {"term": np.zeros(0, str)}, {"reason": reason})


def _true(header):
    """Strengths (terms,) [J] that the configurations were made with, or NaN."""
    if header["interactions"] is None or header["transform"] != "raw":
        return np.full(len(TERMS), np.nan)
    return np.array([header["interactions"].get(name, 0.0) for name in TERMS])


def _test_part(dataset, name):
    """Test values and spins (n, L, L), and at least `BLOCKS` blocks of neighbours in a chain, as lists of rows."""
    alphabet = np.asarray(dataset["values"].attrs["alphabet"])
    if len(alphabet) != 2:
        raise UserError(f"couplings of {name}: two values a site are needed, its data have {len(alphabet)}")
    if dataset.sizes["row"] < LEAST_SIZE:
        raise UserError(f"couplings of {name}: L >= {LEAST_SIZE} is needed, its data have L = {dataset.sizes['row']}")
    chosen = dataset["part"].values == PARTS.index("test")
    values = dataset["values"].values[0, chosen]
    chains = np.unique(dataset["chain"].values[chosen], return_inverse=True)[1]
    if len(values) < 2 * BLOCKS:
        raise UserError(
            f"couplings of {name}: at least {2 * BLOCKS} test configurations are needed, found {len(values)}"
        )
    pieces = -(-BLOCKS // (chains.max() + 1))
    blocks = [b for c in range(chains.max() + 1) for b in np.array_split(np.flatnonzero(chains == c), pieces)]
    return values, np.where(values == alphabet[1], np.int8(1), np.int8(-1)), [b for b in blocks if len(b)]


def _network_odds(values, spins, local, blocks, log_weight, both, settings):
    """Yield, for some spins of each block, local fields (flips, terms) and the network's log-odds (flips,) of up.

    both: sum of the two values of the alphabet.
    """
    random, size = generator(settings["seed"], "couplings", settings["name"]), values.shape[-1]
    flips = settings["flips"]
    for block in blocks:
        rows = random.permutation(block)[: -(-settings["configurations"] // len(blocks))]
        rows = np.repeat(rows, flips)
        r, c = np.divmod(random.integers(0, size**2, len(rows)), size)
        n, flipped = np.arange(len(rows)), values[rows]
        flipped[n, r, c] = both - flipped[n, r, c]
        change = np.repeat(log_weight(values[rows[::flips]]), flips) - log_weight(flipped)
        yield local[rows, r, c], spins[rows, r, c] * change


def _fit(fields, probabilities, name):
    """Coefficients (terms,) of the log-odds of up, and each block's influence on them (blocks, terms).

    fields: for each block (n, terms); probabilities: for each block (n,), of up, 0 or 1 for data.  Newton's method
    minimises the cross entropy; the influence of a block is its score over the information.
    """
    k = np.zeros(len(TERMS))
    for _ in range(STEPS):
        score, information = _score(fields, probabilities, k)
        if np.linalg.cond(information) > SINGULAR:
            break
        step = np.linalg.solve(information, score.sum(0))
        if np.abs(step).max() < CONVERGED:
            return k, np.linalg.solve(information, score.T).T
        k = k + step / max(1.0, np.abs(step).max() / LONGEST_STEP)
    raise UserError(f"couplings of {name}: the test configurations do not determine them; they vary too little")


def _score(fields, probabilities, k):
    """Gradient (blocks, terms) of the log pseudo-likelihood at coefficients k, and information (terms, terms)."""
    scores, information = [], 0.0
    for f, p in zip(fields, probabilities, strict=True):
        f = f.astype(float)
        up = expit(f @ k)
        scores.append((p - up) @ f)
        information += (f * (up * (1 - up))[:, None]).T @ f
    return np.array(scores), information


def _error(influence):
    """Standard errors (terms,) of the sum of independent influences (blocks, terms)."""
    return np.sqrt(len(influence) * influence.var(0, ddof=1))

"""Pseudo-likelihood of a field of `models.local`, with its gradient, and its maximum.

Source: J. Besag, The Statistician 24, 179 (1975).  The loss is convex in the field.
"""

import numpy as np
from scipy.optimize import minimize

from spinnet.compiled import kernel
from spinnet.models.local import holders, indices, signed_table


class States:
    """Configurations `up` (n, L, L), 1 where the spin is up and else 0, as the states of windows of range `reach`."""

    def __init__(self, up, reach):
        self.index = indices(up, reach).reshape(len(up), -1).astype(np.int16)
        self.around = holders(up.shape[1], reach)


@kernel
def _evaluate(table, index, around, losses, gradient):
    """Fill losses (n,) and add to gradient (2 * 2^n,), that of their sum by the table."""
    for k in range(len(index)):
        row = index[k]
        for x in range(around.shape[1]):
            gain = 0.0
            for b in range(len(around)):
                i = row[around[b, x]]
                gain += table[i ^ (1 << b)] - table[i]
            odds = np.exp(-abs(gain))
            losses[k] += np.log1p(odds) + max(gain, 0.0)
            slope = (1.0 if gain > 0 else odds) / (1.0 + odds)
            for b in range(len(around)):
                i = row[around[b, x]]
                gradient[i ^ (1 << b)] += slope
                gradient[i] -= slope


def evaluate(field, states):
    """Negative log pseudo-likelihoods (n,) [nats] of `States`, and the gradient of their mean by the field (2^n,)."""
    table = signed_table(np.asarray(field, float))
    losses, gradient = np.zeros(len(states.index)), np.zeros(len(table))
    _evaluate(table, states.index, states.around, losses, gradient)
    down, up = gradient.reshape(2, -1)
    return losses, (up - down) / len(losses)


def descend(field, basis, evaluate, iterations):
    """Lower the mean loss by L-BFGS over the coefficients of the field in `basis` (m, 2^n), rows orthonormal.

    evaluate(field): mean loss [nats] and its gradient by the field (2^n,); it is called once for each field on the way.
    """

    def function(coefficients):
        loss, gradient = evaluate(coefficients @ basis)
        return loss, basis @ gradient

    minimize(function, basis @ field, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "ftol": 1e-12})

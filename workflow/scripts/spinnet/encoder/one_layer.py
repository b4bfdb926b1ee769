"""How well networks of few layers represent an exactly known distribution, without sampling noise."""

import numpy as np
import torch

from spinnet.models.made import MADE
from spinnet.training import make_deterministic


def fit(probability, categories, hidden, iterations, seed, *names):
    """MADE (double precision) that minimises the KL divergence from an enumerated distribution by L-BFGS.

    probability: (states,); categories: (states, N) in the factorisation order.  With hidden = [] the
    problem is convex (a masked logistic regression for each site), so the fit is the best one layer.
    names: of the random stream of the starting weights.
    """
    make_deterministic(seed, *names)
    model = MADE(categories.shape[1], 2, hidden).double()
    weight, data = torch.from_numpy(probability), torch.from_numpy(categories)
    optimizer = torch.optim.LBFGS(
        model.parameters(), max_iter=iterations, tolerance_grad=1e-10, tolerance_change=0,
        history_size=20, line_search_fn="strong_wolfe",
    )  # fmt: skip

    def closure():
        optimizer.zero_grad()
        loss = weight @ model.loss(data)
        loss.backward()
        return loss

    optimizer.step(closure)
    return model


@torch.no_grad()
def probabilities(model, categories):
    """(states,) probabilities of the network."""
    return model.log_prob(torch.from_numpy(categories)).exp().numpy()


def divergence(probability, learned):
    """KL divergence [nats] of learned from exact probabilities (states,), both normalised; summed without cancelling.

    The terms p ln(p/q) - p + q are positive each, so that differences far below rounding of the sum are seen.
    """
    ratio = learned / probability
    return float(probability @ (ratio - 1 - np.log(ratio)))

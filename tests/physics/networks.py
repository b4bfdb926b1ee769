"""Small random networks, and their exact distributions by enumeration."""

import numpy as np
import torch

from spinnet.models.made import MADE


def random_made(sites, values, hidden, seed=0, scale=3.0):
    """MADE in double precision with weights large enough for strong correlations."""
    torch.manual_seed(seed)
    model = MADE(sites, values, hidden).double()
    with torch.no_grad():
        for layer in model.layers:
            layer.weight.mul_(scale)
            layer.bias.uniform_(-0.5, 0.5)
    return model


def all_states(sites, values):
    """(values^sites, sites) int8 category indices, state n holds the digits of n, lowest first."""
    n = np.arange(values**sites)
    return ((n[:, None] // values ** np.arange(sites)) % values).astype(np.int8)


def probabilities(model, states):
    """p of each state (float64)."""
    with torch.no_grad():
        return model.double().log_prob(torch.from_numpy(states)).exp().numpy()

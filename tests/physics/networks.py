"""Small random networks, and their exact distributions by enumeration."""

import numpy as np
import torch

from spinnet.models.classifier import Classifier
from spinnet.models.made import MADE


def random_made(sites, values, hidden, direct=False, seed=0, scale=3.0):
    """MADE in double precision with weights large enough for strong correlations."""
    torch.manual_seed(seed)
    model = MADE(sites, values, hidden, direct).double()
    with torch.no_grad():
        if direct:
            model.direct.weight.normal_(0, 0.5).mul_(model.direct.mask)
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


def random_classifier(sites, width, seed=0, scale=3.0):
    """Classifier whose f varies over most of (0, 1) between configurations and is not symmetric."""
    torch.manual_seed(seed)
    model = Classifier(sites, width)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(scale)
    return model


def magnetization_classifier(sites, gain, threshold):
    """Classifier with the log odds gain * (|m| - threshold), m the magnetization per spin."""
    model = Classifier(sites, 2)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.fc1.weight[0], model.fc1.weight[1] = 1, -1
        model.fc2.weight[0] = 1 / sites
        model.fc3.weight[1, 0], model.fc3.bias[1] = gain, -gain * threshold
    return model


def stacked(models):
    """Arrays of several classifiers, (network, ...) by name, as in a model file."""
    arrays = [m.arrays() for m in models]
    return {name: np.stack([a[name] for a in arrays]) for name in arrays[0]}

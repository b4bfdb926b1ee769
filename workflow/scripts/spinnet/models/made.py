"""Masked autoencoder for distribution estimation (Germain et al., ICML 2015; Wang & Jiang, Fig. 2)."""

import itertools

import torch
from torch import nn
from torch.nn import functional

from spinnet.models.log_prob import LogProb
from spinnet.models.masks import masks


class MADE(nn.Module):
    """p(v) = product over positions d of p(v_d | v_1 ... v_{d-1}) for N sites of q values.

    Input: category indices (batch, N), integers 0..q-1 in the factorisation order; they enter as
    +-1 for q = 2 and one-hot for q > 2.  Hidden layers are masked linear maps with ReLU.  The
    output holds q-1 logits a site; the logit of category 0 is fixed at 0.  `direct` adds a masked
    linear map from the input straight to the logits, without bias, zero at the start.
    """

    def __init__(self, sites, values, hidden, direct=False):
        super().__init__()
        self.sites, self.values, self.hidden = sites, values, tuple(hidden)
        inputs = 1 if values == 2 else values
        widths = [sites * inputs, *hidden, sites * (values - 1)]
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in itertools.pairwise(widths))
        for layer, mask in zip(self.layers, masks(sites, hidden, inputs, values - 1), strict=True):
            _set_mask(layer, mask)
        self.direct = nn.Linear(sites * inputs, sites * (values - 1), bias=False) if direct else None
        if direct:
            nn.init.zeros_(self.direct.weight)
            _set_mask(self.direct, masks(sites, [], inputs, values - 1)[0])

    def encode(self, categories):
        """(batch, N) category indices -> (batch, inputs) float network input."""
        if self.values == 2:
            return (2 * categories.to(self.layers[0].weight.dtype)) - 1
        weight = self.layers[0].weight
        return functional.embedding(categories.int(), torch.eye(self.values).to(weight)).flatten(1)

    def logits(self, x):
        """(batch, inputs) network input -> (batch, N, q-1) logits relative to category 0."""
        linear = functional.linear(x, self.direct.weight * self.direct.mask) if self.direct else 0
        for i, layer in enumerate(self.layers):
            x = functional.linear(x if i == 0 else functional.relu(x), layer.weight * layer.mask, layer.bias)
        return (x + linear).unflatten(1, (self.sites, self.values - 1))

    def log_prob(self, categories):
        """(batch,) natural log-probability of categories (batch, N); eq. 1 of Wang & Jiang."""
        return LogProb.apply(self, categories, *self.parameters())

    def loss(self, categories):
        """(batch,) negative log-likelihood [nats]."""
        return -self.log_prob(categories)

    @torch.no_grad()
    def sample(self, number, generator):
        """(number, N) independent configurations drawn site by site (ancestral sampling), int8."""
        device = self.layers[0].weight.device
        categories = torch.zeros(number, self.sites, dtype=torch.int8, device=device)
        for d in range(self.sites):
            logits = functional.pad(self.logits(self.encode(categories))[:, d], (1, 0))
            u = torch.rand(number, 1, generator=generator).to(device)
            categories[:, d] = (logits.softmax(1).cumsum(1)[:, :-1] < u).sum(1)
        return categories

    def arrays(self):
        """Masked weights and biases as float32 NumPy arrays, by name."""
        result = {}
        for i, layer in enumerate(self.layers):
            result[f"layers.{i}.weight"] = (layer.weight * layer.mask).detach().cpu().numpy()
            result[f"layers.{i}.bias"] = layer.bias.detach().cpu().numpy()
        if self.direct:
            result["direct.weight"] = (self.direct.weight * self.direct.mask).detach().cpu().numpy()
        return result


def _set_mask(layer, mask):
    layer.register_buffer("mask", torch.from_numpy(mask).float(), persistent=False)
    with torch.no_grad():
        layer.weight.mul_(layer.mask)

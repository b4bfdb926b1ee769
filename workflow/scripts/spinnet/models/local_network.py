"""The network behind the field of `models.local`, and its pseudo-likelihood."""

import itertools

import torch
from torch import nn
from torch.nn import functional

from spinnet.models.local import invariants, offsets, side


class LocalNetwork(nn.Module):
    """Field of a window's spins: a network with ReLU plus a direct linear map, both zero at the start.

    reach: range of the window.  hidden: widths of the hidden layers.  symmetries: as in `orbits`; the
    field is projected on those that have them.
    """

    def __init__(self, reach, hidden, symmetries):
        super().__init__()
        self.offsets = offsets(reach)
        inputs = len(self.offsets)
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in itertools.pairwise([inputs, *hidden, 1]))
        self.direct = nn.Linear(inputs, 1, bias=False)
        for parameter in (self.direct.weight, self.layers[-1].weight, self.layers[-1].bias):
            nn.init.zeros_(parameter)
        bits = torch.arange(2**inputs)[:, None] >> torch.arange(inputs) & 1
        self.register_buffer("windows", 2.0 * bits - 1, persistent=False)
        basis = torch.from_numpy(invariants(reach, symmetries)).float() if symmetries else None
        self.register_buffer("basis", basis, persistent=False)

    def field(self):
        """(2^n,) field in each state of the window."""
        x = self.windows
        for i, layer in enumerate(self.layers):
            x = layer(x if i == 0 else functional.relu(x))
        field = (x + self.direct(self.windows)).squeeze(1)
        return field if self.basis is None else (self.basis @ field) @ self.basis

    def flip_gains(self):
        """(2 * 2^n, n+1) change of a site's term when the spin of a bit is put back, by index of the site.

        The last column is that of the site's own spin.
        """
        field = self.field()
        table = torch.cat([-field, field])
        index = torch.arange(len(table), device=table.device)
        return torch.stack([table - table[index ^ (1 << b)] for b in range(len(self.offsets) + 1)], dim=1)

    def loss(self, categories):
        """(batch,) negative log pseudo-likelihood [nats] of categories (batch, N), 1 where the spin is up.

        That is the sum over sites of -log p(s_x | all other spins) under the weight exp(w), which
        knows no normalisation.  Source: J. Besag, The Statistician 24, 179 (1975).
        """
        up = categories.reshape(len(categories), side(categories.shape[1]), -1).to(torch.int32)
        index = up << len(self.offsets)
        for b, (r, c) in enumerate(self.offsets):
            index = index + (torch.roll(up, (-r, -c), (1, 2)) << b)
        gains = functional.embedding(index, self.flip_gains())
        log_odds = gains[..., -1]
        for b, (r, c) in enumerate(self.offsets):
            log_odds = log_odds + torch.roll(gains[..., b], (r, c), (1, 2))
        return -functional.logsigmoid(log_odds).sum((1, 2))

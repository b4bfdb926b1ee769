"""Fields of `models.local` that learn, and their pseudo-likelihood: as a network, and coefficient by coefficient."""

import itertools

import torch
from torch import nn
from torch.nn import functional

from spinnet.models.local import invariants, offsets, side


class LocalField(nn.Module):
    """Field of a window's spins, (2^n,) in each state of the window: `field()` of a subclass.

    reach: range of the window.  symmetries: as in `orbits`, the field has them.
    """

    def __init__(self, reach, symmetries):
        super().__init__()
        self.offsets = offsets(reach)
        basis = torch.from_numpy(invariants(reach, symmetries)).float() if symmetries else None
        self.register_buffer("basis", basis, persistent=False)

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


class LocalNetwork(LocalField):
    """Field from a network with ReLU plus a direct linear map, both zero at the start, projected on the symmetries.

    hidden: widths of the hidden layers.
    """

    def __init__(self, reach, hidden, symmetries):
        super().__init__(reach, symmetries)
        inputs = len(self.offsets)
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in itertools.pairwise([inputs, *hidden, 1]))
        self.direct = nn.Linear(inputs, 1, bias=False)
        for parameter in (self.direct.weight, self.layers[-1].weight, self.layers[-1].bias):
            nn.init.zeros_(parameter)
        bits = torch.arange(2**inputs)[:, None] >> torch.arange(inputs) & 1
        self.register_buffer("windows", 2.0 * bits - 1, persistent=False)

    def field(self):
        """(2^n,) field in each state of the window."""
        x = self.windows
        for i, layer in enumerate(self.layers):
            x = layer(x if i == 0 else functional.relu(x))
        field = (x + self.direct(self.windows)).squeeze(1)
        return field if self.basis is None else (self.basis @ field) @ self.basis


class LocalCoefficients(LocalField):
    """Field from its coefficients in the basis of `invariants`, at the start those of a `LocalNetwork`.

    The loss is convex in them.
    """

    def __init__(self, network):
        super().__init__(0, [])
        self.offsets, self.basis = network.offsets, network.basis
        field = network.field().detach()
        self.coefficients = nn.Parameter(field.clone() if self.basis is None else self.basis @ field)

    def field(self):
        """(2^n,) field in each state of the window."""
        return self.coefficients if self.basis is None else self.coefficients @ self.basis

"""Fully connected classifier of phases (Bachtis, Aarts & Lucini, Fig. 1 and Appendix B)."""

import torch
from torch import nn
from torch.nn import functional

SECOND = 32  # units of FC2
BATCH = 512  # configurations evaluated at a time; their layers stay in the cache


class Classifier(nn.Module):
    """FC1 (`width` units, ReLU), FC2 (32 units, ReLU), FC3 (two logits: symmetric, broken phase).

    Input: spins (batch, V) as +-1 in raster order.  f, the softmax of the second logit, is the
    probability of the broken-symmetry phase; f = 1 / (1 + exp(-z)) with the log odds z.
    """

    def __init__(self, sites, width):
        super().__init__()
        self.fc1, self.fc2, self.fc3 = nn.Linear(sites, width), nn.Linear(width, SECOND), nn.Linear(SECOND, 2)

    def logits(self, spins):
        """(batch, 2) logits of the symmetric and the broken phase."""
        x = functional.relu(self.fc1(spins.to(self.fc1.weight.dtype)))
        return self.fc3(functional.relu(self.fc2(x)))

    def loss(self, spins, broken):
        """(batch,) cross-entropy [nats] with the labels `broken` (0 or 1, int64)."""
        return functional.cross_entropy(self.logits(spins), broken, reduction="none")

    def arrays(self):
        """Weights and biases as float32 NumPy arrays, by name."""
        return {name: p.detach().cpu().numpy() for name, p in self.state_dict().items()}


@torch.no_grad()
def log_odds(networks, spins):
    """Log odds z of the broken phase for configurations and for their negatives.

    networks: dict of arrays stacked over K networks, (K, ...) by the names of `Classifier`.
    spins: (samples, V) int8.  Returns (K, 2, samples) float32; [:, 0] of s, [:, 1] of -s.  The first
    layer, which takes most of the time, is computed once for both signs and all networks.
    """
    arrays = {name: torch.from_numpy(a) for name, a in networks.items()}
    count, width, sites = arrays["fc1.weight"].shape
    first = arrays["fc1.weight"].reshape(count * width, sites).T.contiguous()
    second = arrays["fc2.weight"].transpose(1, 2).contiguous()
    odds, odds_bias = (arrays[f"fc3.{name}"][:, 1:] - arrays[f"fc3.{name}"][:, :1] for name in ("weight", "bias"))
    result = torch.empty(count, 2, len(spins))
    for i in range(0, len(spins), BATCH):
        x = (torch.from_numpy(spins[i : i + BATCH]).float() @ first).unflatten(1, (count, width)).transpose(0, 1)
        x = torch.cat([x, -x], 1) + arrays["fc1.bias"][:, None]
        x = torch.baddbmm(arrays["fc2.bias"][:, None], x.relu_(), second)
        x = torch.baddbmm(odds_bias[:, None], x.relu_(), odds.transpose(1, 2))
        result[:, :, i : i + BATCH] = x.reshape(count, 2, -1)
    return result.numpy()

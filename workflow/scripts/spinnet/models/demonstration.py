"""One convolutional layer without overlap, for the pictures of its filters (Mills & Tamblyn, Sec. IV A 8, Fig. 13)."""

from torch import nn
from torch.nn import functional

SIZE = 9  # sites of a side of the lattice
KERNEL = 3  # sites of a side of a filter, and the stride: a filter sees each site once


class Demonstration(nn.Module):
    """`filters` kernels of 3x3 with stride 3 and ReLU, `width` units with ReLU, one output.

    Input: spins (batch, 9, 9) as +-1; output: (batch, 1), a standardised energy.
    """

    def __init__(self, filters, width):
        super().__init__()
        self.conv = nn.Conv2d(1, filters, KERNEL, stride=KERNEL)
        self.fc1 = nn.Linear(filters * (SIZE // KERNEL) ** 2, width)
        self.fc2 = nn.Linear(width, 1)

    def forward(self, states):
        """(batch, 1) output for spins (batch, 9, 9)."""
        x = functional.relu(self.conv(states.to(self.conv.weight.dtype).unsqueeze(1)))
        return self.fc2(functional.relu(self.fc1(x.flatten(1))))

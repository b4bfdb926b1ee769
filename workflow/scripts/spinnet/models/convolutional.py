"""The convolutional network of Mills & Tamblyn, Fig. 1."""

import torch
from torch import nn
from torch.nn import functional

# (filters in, filters out, kernel, stride): three reducing layers, between each pair two that are not.
LAYERS = ((1, 32, 3, 2), (32, 16, 4, 1), (16, 16, 4, 1), (16, 32, 3, 2), (32, 16, 4, 1), (16, 16, 4, 1), (16, 32, 3, 2))
WIDTH = 1024  # of the fully connected layer
LAST = torch.channels_last


class PeriodicPad(torch.autograd.Function):
    """Continue the last two axes of (batch, filters, n, n) periodically, `before` and `after` them.

    The same as functional.pad(mode="circular"), which is several times slower than the convolutions.
    """

    @staticmethod
    def forward(ctx, x, before, after):
        ctx.margins = before, after
        batch, filters, n, _ = x.shape
        end = before + n
        y = torch.empty((batch, filters, end + after, end + after), dtype=x.dtype, device=x.device, memory_format=LAST)
        y[:, :, before:end, before:end] = x
        y[:, :, :before, before:end] = x[:, :, n - before :]
        y[:, :, end:, before:end] = x[:, :, :after]
        y[..., :before] = y[..., n:end]
        y[..., end:] = y[..., before : before + after]
        return y

    @staticmethod
    def backward(ctx, gradient):
        before, after = ctx.margins
        n = gradient.shape[-1] - before - after
        end = before + n
        rows = gradient[..., before:end].clone(memory_format=LAST)
        rows[..., n - before :] += gradient[..., :before]
        rows[..., :after] += gradient[..., end:]
        result = rows[:, :, before:end].clone(memory_format=LAST)
        result[:, :, n - before :] += rows[:, :, :before]
        result[:, :, :after] += rows[:, :, end:]
        return result, None, None


class ConvNet(nn.Module):
    """Seven convolutions, a fully connected layer of 1024, and `outputs`; ReLU between them.

    Input: states (batch, L, L), spins +-1 or angles [rad]; each site is repeated `upscale` x `upscale`
    times.  padding: "zero" (SAME, as the paper) or "periodic".  vectors: angles enter as (cos, sin).
    """

    def __init__(self, size, outputs, upscale, padding, vectors=False):
        super().__init__()
        self.upscale, self.padding, self.vectors = upscale, padding, vectors
        side, convolutions = size * upscale, []
        for filters, into, kernel, stride in LAYERS:
            first = 2 if vectors and filters == 1 else filters
            convolutions.append(nn.Conv2d(first, into, kernel, stride))
            side = -(-side // stride)
        self.convolutions = nn.ModuleList(convolutions)
        self.hidden = nn.Linear(LAYERS[-1][1] * side**2, WIDTH)
        self.out = nn.Linear(WIDTH, outputs)
        self.to(memory_format=LAST)

    def encode(self, states):
        """(batch, channels, L * upscale, L * upscale) float input of the first layer."""
        x = states.to(self.out.weight.dtype)
        x = torch.stack([x.cos(), x.sin()], 1) if self.vectors else x[:, None]
        x = x.repeat_interleave(self.upscale, 2).repeat_interleave(self.upscale, 3)
        return x.contiguous(memory_format=LAST)

    def maps(self, states):
        """Output of each convolution for `states`: a list of (batch, filters, n, n)."""
        x, result = self.encode(states), []
        for layer in self.convolutions:
            margin = layer.kernel_size[0] - layer.stride[0]
            before, after = margin // 2, margin - margin // 2
            if self.padding == "periodic":
                x = PeriodicPad.apply(x, before, after)
            else:
                x = functional.pad(x, (before, after, before, after))
            x = functional.relu(layer(x))
            result.append(x)
        return result

    def forward(self, states):
        """(batch, outputs): class logits, or a standardised energy."""
        return self.out(functional.relu(self.hidden(self.maps(states)[-1].flatten(1))))

"""The convolutional network of Mills & Tamblyn: its layers, its paddings, and its gradients."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from spinnet.models.convolutional import ConvNet, PeriodicPad

LAYERS = (320, 8208, 4112, 4640, 8208, 4112, 4640)  # numbers of parameters


def network(size, upscale, padding="periodic", outputs=15, vectors=False):
    torch.manual_seed(1)
    return ConvNet(size, outputs, upscale, padding, vectors)


def spins(number, size):
    return torch.from_numpy(np.random.default_rng(4).choice(np.array([-1, 1], np.int8), (number, size, size)))


def angles(number):
    return torch.from_numpy(np.random.default_rng(4).uniform(0, np.pi, (number, 8, 8)))


@pytest.mark.parametrize(("size", "upscale", "outputs"), [(4, 4, 15), (8, 2, 63)])
def test_the_network_of_the_paper(size, upscale, outputs):
    """Three layers of 32 filters 3x3 with stride 2, between each pair two of 16 filters 4x4; 1024; outputs."""
    model = network(size, upscale, outputs=outputs)
    shapes = [tuple(layer.weight.shape) for layer in model.convolutions]
    reducing, other = [(32, 1, 3, 3), (32, 16, 3, 3), (32, 16, 3, 3)], [(16, 32, 4, 4), (16, 16, 4, 4)]
    assert shapes == [reducing[0], *other, reducing[1], *other, reducing[2]]
    number = [sum(p.numel() for p in layer.parameters()) for layer in model.convolutions]
    assert number == list(LAYERS)
    assert sum(p.numel() for p in model.hidden.parameters()) == (32 * 2 * 2 + 1) * 1024
    assert sum(p.numel() for p in model.out.parameters()) == 1025 * outputs
    maps = model.maps(spins(3, size))
    sides = [(32, 8), (16, 8), (16, 8), (32, 4), (16, 4), (16, 4), (32, 2)]
    assert [tuple(m.shape) for m in maps] == [(3, filters, n, n) for filters, n in sides]
    assert all((m >= 0).all() for m in maps)
    assert model(spins(3, size)).shape == (3, outputs)


def test_without_upscaling_the_maps_are_half_as_large():
    assert [m.shape[-1] for m in network(8, 1).maps(spins(1, 8))] == [4, 4, 4, 2, 2, 2, 1]


def test_upscaling_repeats_rows_and_columns():
    states = spins(2, 4)
    image = network(4, 4).encode(states)
    assert torch.equal(image[:, 0], torch.kron(states.float(), torch.ones(1, 4, 4)))


@pytest.mark.parametrize("margins", [(0, 1), (1, 2), (1, 1), (0, 0)])
@pytest.mark.parametrize("side", [2, 3, 8])
def test_periodic_padding(side, margins):
    """Values and gradients of torch's circular padding."""
    x = torch.randn(3, 2, side, side, generator=torch.Generator().manual_seed(2), requires_grad=True)
    expected = functional.pad(x, (*margins, *margins), mode="circular")
    found = PeriodicPad.apply(x, *margins)
    assert torch.equal(found, expected)
    weight = torch.randn(found.shape, generator=torch.Generator().manual_seed(3))
    gradients = [torch.autograd.grad((y * weight).sum(), x)[0] for y in (found, expected)]
    assert torch.allclose(*gradients, rtol=0, atol=1e-6)
    exact = x.detach().double().requires_grad_()
    assert torch.autograd.gradcheck(lambda y: PeriodicPad.apply(y, *margins), exact)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_zero_padding_is_that_of_the_paper():
    """SAME: 4x4 filters as torch's, with one zero before and two after; 3x3 with stride 2 begin at the corner."""
    model = network(8, 2, "zero")
    x = model.encode(spins(3, 8))
    maps = model.maps(spins(3, 8))
    for layer, y in zip(model.convolutions, maps, strict=True):
        same = functional.conv2d(x, layer.weight, layer.bias, padding="same").relu()
        assert torch.allclose(y, same if layer.stride[0] == 1 else same[:, :, 1::2, 1::2], atol=1e-6)
        x = y


@pytest.mark.parametrize(("size", "upscale"), [(8, 2), (4, 4)])
@pytest.mark.parametrize("axes", [(1,), (2,), (1, 2)])
def test_maps_of_a_periodic_network_move_with_the_state(size, upscale, axes):
    """A translation by half the lattice, 8 pixels, moves each map by half its side."""
    states = spins(5, size)
    moved = states.roll([size // 2] * len(axes), axes)
    for padding in ("periodic", "zero"):
        model = network(size, upscale, padding)
        pairs = zip(model.maps(moved), model.maps(states), strict=True)
        worst = max((a - b.roll([b.shape[-1] // 2] * len(axes), [i + 1 for i in axes])).abs().max() for a, b in pairs)
        assert worst < 1e-5 if padding == "periodic" else worst > 1e-2, f"{padding}: {worst}"


def test_angles_as_vectors_are_periodic():
    states = angles(4)
    for vectors in (True, False):
        model = network(8, 2, outputs=1, vectors=vectors).double()
        difference = (model(states + 2 * np.pi) - model(states)).abs().max()
        assert difference < 1e-10 if vectors else difference > 1e-4, f"{vectors}: {difference}"
    assert model.convolutions[0].weight.shape[1] == 1
    assert network(8, 2, outputs=1, vectors=True).convolutions[0].weight.shape[1] == 2


def test_spins_enter_as_numbers_of_any_type():
    model = network(4, 4)
    assert torch.equal(model(spins(3, 4)), model(spins(3, 4).float()))


@pytest.mark.parametrize("padding", ["periodic", "zero"])
@pytest.mark.parametrize("head", ["class", "energy"])
def test_gradients_of_the_loss_are_finite_differences(padding, head):
    """Along each parameter array, in float64, so that a wrong layer shows."""
    model = network(4, 2, padding, outputs=15 if head == "class" else 1).double()
    states, classes = spins(6, 4), torch.arange(6)

    def loss():
        output = model(states)
        return (
            functional.cross_entropy(output, classes) if head == "class" else (output[:, 0] - classes).square().mean()
        )

    parameters = list(model.parameters())
    gradients = torch.autograd.grad(loss(), parameters)
    random, step = torch.Generator().manual_seed(5), 1e-6
    for parameter, gradient in zip(parameters, gradients, strict=True):
        direction = torch.randn(parameter.shape, generator=random, dtype=torch.float64)
        sides = []
        for sign in (1, -1):
            with torch.no_grad():
                parameter += sign * step * direction
                sides.append(loss().item())
                parameter -= sign * step * direction
        slope = (sides[0] - sides[1]) / (2 * step)
        assert (gradient * direction).sum().item() == pytest.approx(slope, rel=1e-5, abs=1e-8)
        assert gradient.abs().max() > 1e-6

"""The demonstration network, and the images that maximise the output of its filters."""

import numpy as np
import pytest
import torch

from spinnet.models.demonstration import Demonstration
from spinnet.operators.activations import activations, channel, maximise

FILTERS = 6


def arrays(network):
    """Weights and biases as in a model file."""
    return {name: p.detach().numpy() for name, p in network.state_dict().items()}


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(1)
    return Demonstration(FILTERS, 20)


@pytest.fixture(scope="module")
def result(network):
    return activations(arrays(network), {"seed": 3})


def random_spins(number):
    return torch.from_numpy(np.random.default_rng(4).choice(np.array([-1, 1], np.int8), (number, 9, 9)))


def test_the_network_of_the_paper():
    shapes = {name: tuple(p.shape) for name, p in Demonstration(512, 1024).named_parameters()}
    assert shapes["conv.weight"] == (512, 1, 3, 3)
    assert shapes["fc1.weight"] == (1024, 512 * 9)
    assert shapes["fc2.weight"] == (1, 1024)


def test_output_of_the_network_in_numpy(network):
    spins = random_spins(5)
    a = arrays(network)
    blocks = spins.numpy().reshape(5, 3, 3, 3, 3).transpose(0, 1, 3, 2, 4)
    maps = np.einsum("nrcij,fij->nfrc", blocks, a["conv.weight"][:, 0]) + a["conv.bias"][:, None, None]
    hidden = np.maximum(maps, 0).reshape(5, -1) @ a["fc1.weight"].T + a["fc1.bias"]
    expected = np.maximum(hidden, 0) @ a["fc2.weight"].T + a["fc2.bias"]
    found = network(spins).detach().numpy()
    assert found.shape == (5, 1)
    assert np.allclose(found, expected, atol=1e-5)
    assert torch.equal(network(spins.float()), network(spins))


def test_a_filter_sees_each_site_once(network):
    kernel, bias = network.conv.weight[2, 0].detach(), network.conv.bias[2].detach()
    image = random_spins(1)[0].float()
    changed = image.clone()
    changed[4, 7] *= -1
    difference = channel(changed, kernel, bias) - channel(image, kernel, bias)
    assert [tuple(i) for i in difference.nonzero().tolist()] == [(1, 2)]
    assert difference[1, 2] == pytest.approx(float(2 * changed[4, 7] * kernel[1, 1]), abs=1e-6)


def test_gradient_of_the_output_of_a_filter(network):
    kernel, bias = network.conv.weight[0, 0].detach().double(), network.conv.bias[0].detach().double()
    image = random_spins(1)[0].double().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: channel(x, kernel, bias).sum(), image)
    gradient = torch.autograd.grad(channel(image, kernel, bias).sum(), image)[0]
    assert torch.equal(gradient, kernel.tile(3, 3))


@pytest.mark.parametrize("scale", [1.0, 1e-3, 30.0])
def test_the_image_that_maximises_a_filter_is_the_sign_of_its_kernel(network, scale):
    """A linear function of pixels in [-1, 1] is largest at a corner, whatever the size of the weights."""
    for kernel, bias in zip(network.conv.weight[:, 0].detach() * scale, network.conv.bias.detach(), strict=True):
        start = 0.3 * torch.randn(9, 9, generator=torch.Generator().manual_seed(1))
        image = maximise(kernel, bias, start)
        assert torch.equal(image, kernel.sign().tile(3, 3))
        best = channel(image, kernel, bias)
        assert torch.allclose(best, bias + kernel.abs().sum(), rtol=1e-5)
        assert all(channel(s.float(), kernel, bias).max() <= best.max() + 1e-5 for s in random_spins(50))


def test_chosen_are_the_first_and_the_last_filter(network, result):
    assert list(result["filter_number"]) == [0, FILTERS - 1]
    assert np.array_equal(result["kernel"], arrays(network)["conv.weight"][:, 0])


def test_the_block_set_by_hand_is_the_negative_and_silent(network, result):
    for choice, number in enumerate([0, FILTERS - 1]):
        kernel, bias = (arrays(network)[f"conv.{name}"][number] for name in ("weight", "bias"))
        expected = np.tile(np.sign(kernel[0]), (3, 3))
        expected[6:, 6:] *= -1
        assert np.array_equal(result["image"][choice], expected)
        assert bias < np.abs(kernel).sum()  # else the filter would never be silent
        response = np.full((3, 3), bias + np.abs(kernel).sum())
        response[2, 2] = 0
        assert np.allclose(result["response"][choice], response, atol=1e-6)


def test_the_same_seed_gives_the_same_image(network, result):
    assert activations(arrays(network), {"seed": 3}).identical(result)

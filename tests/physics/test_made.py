"""The network is a normalised autoregressive distribution."""

import numpy as np
import pytest
import torch
from chi_square import FALSE_ALARM, p_value, state_index
from networks import all_states, probabilities, random_made
from torch.nn import functional

from spinnet.errors import UserError
from spinnet.models.made import MADE
from spinnet.models.masks import degrees, masks
from spinnet.training import losses, make_deterministic, train

SHAPES = [(9, 2, [7, 5]), (9, 2, []), (6, 3, [11]), (4, 5, [16, 9])]
SHAPES = [(*shape, direct) for shape in SHAPES for direct in (False, True)]


@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SHAPES)
def test_logits_ignore_their_own_and_later_sites(sites, values, hidden, direct):
    """Row N2: the Jacobian of every logit with respect to its own and later sites is exactly zero."""
    model = random_made(sites, values, hidden, direct)
    width = model.layers[0].in_features
    x = torch.randn(width, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda v: model.logits(v[None])[0], x)
    blocks = jacobian.reshape(sites, values - 1, sites, width // sites).abs().amax((1, 3))
    assert (torch.triu(blocks) == 0).all()
    assert (torch.tril(blocks, -1) > 0).any()


@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SHAPES)
def test_probabilities_sum_to_one(sites, values, hidden, direct):
    model = random_made(sites, values, hidden, direct)
    assert probabilities(model, all_states(sites, values)).sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SHAPES)
def test_log_probability_and_its_gradient_are_those_of_autograd(sites, values, hidden, direct):
    """Against log-softmax of `logits`, each configuration with a weight of its own."""
    model = random_made(sites, values, hidden, direct)
    random = torch.Generator().manual_seed(2)
    categories = torch.randint(0, values, (50, sites), generator=random, dtype=torch.int8)
    weights = torch.randn(50, generator=random, dtype=torch.float64)
    terms = functional.pad(model.logits(model.encode(categories)), (1, 0)).log_softmax(2)
    expected = terms.gather(2, categories.long().unsqueeze(2)).sum((1, 2))
    found = model.log_prob(categories)
    assert found.tolist() == pytest.approx(expected.tolist(), abs=1e-10)
    pairs = [torch.autograd.grad(weights @ p, list(model.parameters())) for p in (found, expected)]
    for gradient, reference in zip(*pairs, strict=True):
        assert (gradient - reference).abs().max() < 1e-8
        assert reference.abs().max() > 0


@pytest.mark.parametrize(("sites", "values", "hidden", "direct"), SHAPES)
def test_ancestral_samples_follow_p(sites, values, hidden, direct):
    model = random_made(sites, values, hidden, direct)
    p = probabilities(model, all_states(sites, values))
    drawn = model.sample(100_000, torch.Generator().manual_seed(1)).numpy()
    assert p_value(state_index(drawn, values), p) > FALSE_ALARM


def test_masks_of_the_paper_network():
    shapes = [m.shape for m in masks(256, [180, 120])]
    assert shapes == [(180, 256), (120, 180), (256, 120)]
    for level in degrees(256, [180, 120]):
        assert level.min() == 1
        assert level.max() <= 255
        assert (np.diff(level) >= 0).all()


def test_direct_connections_leave_the_start_of_a_training_as_it_is():
    """Direct weights start at zero and draw no random numbers before the other layers."""
    torch.manual_seed(4)
    plain = MADE(9, 3, [7])
    torch.manual_seed(4)
    direct = MADE(9, 3, [7], direct=True)
    x = torch.randn(5, 27)
    assert torch.equal(plain.logits(x), direct.logits(x))


def test_training_learns_a_known_distribution():
    """On two correlated spins the maximum-likelihood fit is the empirical distribution."""
    counts = {(0, 0): 450, (1, 1): 350, (0, 1): 150, (1, 0): 50}
    data = np.repeat(np.array(list(counts), np.int8), list(counts.values()), axis=0)
    make_deterministic(0, "test")
    model = random_made(2, 2, [8], scale=1.0).float()
    settings = {"seed": 0, "name": "t", "batches_per_epoch": 4, "max_epochs": 150, "patience": 150}
    optimizer = torch.optim.Adam(model.parameters(), 0.03)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 150)
    history = train(model, optimizer, (data,), (data,), settings, iter, scheduler)
    assert scheduler.last_epoch == len(history) == 150
    learned = np.exp(-losses(model, (np.array(list(counts), np.int8),)))
    assert learned == pytest.approx(np.array(list(counts.values())) / 1000, abs=3e-3)
    assert min(loss for _, loss in history) == pytest.approx(losses(model, (data,)).mean(), abs=1e-9)


def test_the_mean_of_the_weights_is_kept():
    """At a constant, high learning rate the mean weights fit a coin far better than those of any moment."""
    data = np.array([[1], [0], [0], [0]] * 100, np.int8)
    make_deterministic(0, "test")
    model, seen = random_made(1, 2, []).float(), []
    settings = {"seed": 0, "name": "t", "batches_per_epoch": 50, "max_epochs": 40, "patience": 40}

    def record(_, categories):
        seen.append(np.exp(model.log_prob(torch.ones(1, 1, dtype=torch.int8)).item()))
        return [categories]

    optimizer = torch.optim.Adam(model.parameters(), 0.1)
    train(model, optimizer, (data,), (data,), settings, iter, augment=record, average_from=20)
    mean = np.exp(-losses(model, (np.ones((1, 1), np.int8),)))[0]
    assert np.abs(np.array(seen[21:]) - 0.25).mean() > 0.02
    assert mean == pytest.approx(0.25, abs=0.005)


def test_training_stops_early_and_keeps_the_best():
    """Pure noise is overfitted at once: training ends after `patience` epochs with the best weights."""
    random = np.random.default_rng(3)
    data, validation = (random.integers(0, 2, (60, 16)).astype(np.int8) for _ in range(2))
    make_deterministic(0, "test")
    model = random_made(16, 2, [64], scale=1.0).float()
    settings = {"seed": 0, "name": "t", "batches_per_epoch": 4, "max_epochs": 200, "patience": 5}
    history = train(model, torch.optim.Adam(model.parameters(), 0.02), (data,), (validation,), settings, iter)
    curve = [loss for _, loss in history]
    assert len(curve) == int(np.argmin(curve)) + 1 + 5
    assert losses(model, (validation,)).mean() == pytest.approx(min(curve), abs=1e-9)


def test_a_diverged_training_is_stopped():
    data = np.zeros((8, 4), np.int8)
    model = random_made(4, 2, [4]).float()
    with torch.no_grad():
        model.layers[0].bias.fill_(float("nan"))
    settings = {"seed": 0, "name": "t", "batches_per_epoch": 1, "max_epochs": 3, "patience": 3}
    with pytest.raises(UserError, match="model t"):
        train(model, torch.optim.Adam(model.parameters(), 1e-3), (data,), (data,), settings, iter)

"""Augmentation by lattice symmetries: a group, uniform and independent draws, the Ising energy unchanged."""

import numpy as np
import pytest
import torch
from chi_square import FALSE_ALARM, p_value

from spinnet.lattice import block_sums, ising_energy
from spinnet.orders import site_order
from spinnet.symmetries import augmentation, site_images

ALL = ["translation", "point_group", "flip"]
SETTINGS = {"seed": 3, "name": "s"}


@pytest.mark.parametrize(("names", "number"), [([], 1), (["point_group"], 8), (["translation"], 25), (ALL, 200)])
def test_the_images_of_the_sites_form_a_group(names, number):
    """The elements are all different, the identity is first, and products stay inside."""
    images = site_images(5, names)
    elements = {tuple(image) for image in images}
    assert len(images) == len(elements) == number
    assert np.array_equal(images[0], np.arange(25))
    assert all(tuple(a[b]) in elements for a in images[::7] for b in images[::5])


def test_every_image_keeps_neighbours():
    """Sites at distance one stay at distance one on the torus."""
    images = site_images(4, ALL).reshape(-1, 4, 4)
    for axis in (1, 2):
        row, column = (np.abs(x - np.roll(x, 1, axis)) for x in (images // 4, images % 4))
        assert (np.minimum(row, 4 - row) + np.minimum(column, 4 - column) == 1).all()


@pytest.mark.parametrize("order", ["raster", "random"])
def test_augmented_spins_keep_the_ising_energy(order):
    """In any order of the sites; without the order of the sites the energies would not stay."""
    sites = site_order(order, 6, 1)
    spins = 1 - 2 * np.random.default_rng(1).integers(0, 2, (3000, 6, 6), np.int8)
    rows = torch.from_numpy((spins.reshape(-1, 36)[:, sites] + 1) // 2)
    (image,) = augmentation(ALL, sites, 2, SETTINGS)(0, rows)
    lattice = 2 * image.numpy()[:, np.argsort(sites)].reshape(-1, 6, 6) - 1
    assert image.dtype == torch.int8
    assert (image != rows).any(1).float().mean() > 0.99
    assert np.array_equal(ising_energy(lattice), ising_energy(spins))


def test_each_configuration_draws_its_own_element_uniformly():
    """All 2 x 8 x 9 images of a configuration without symmetry occur equally often; epochs differ."""
    state = torch.tensor([[1, 1, 0, 1, 0, 0, 0, 0, 0]], dtype=torch.int8).repeat(60_000, 1)
    augment = augmentation(ALL, np.arange(9), 2, SETTINGS)
    (first,), (second,) = augment(0, state), augment(1, state)
    _, index = np.unique(first.numpy(), axis=0, return_inverse=True)
    orbit = len(np.unique(index))
    assert 9 < orbit <= 144
    assert p_value(index.ravel(), np.full(orbit, 1 / orbit)) > FALSE_ALARM
    assert torch.equal(first, augment(0, state)[0])
    assert not torch.equal(first, second)


def test_symmetries_of_block_sums_are_those_of_the_spins():
    """Rotated, reflected and flipped spins have the images of their block sums: category k -> 4 - k."""
    spins = 1 - 2 * np.random.default_rng(2).integers(0, 2, (8, 8), np.int8)
    spin_images = [np.rot90(s, n) * sign for s in (spins, spins.T) for n in range(4) for sign in (1, -1)]
    expected = {((block_sums(s, 2) + 4) // 2).tobytes() for s in spin_images}
    rows = torch.from_numpy((block_sums(spins, 2).reshape(1, -1) + 4) // 2).repeat(2000, 1)
    (image,) = augmentation(["point_group", "flip"], np.arange(16), 5, SETTINGS)(0, rows)
    assert {row.tobytes() for row in image.numpy()} == expected

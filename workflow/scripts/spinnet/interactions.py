"""Translation-averaged one- to four-spin terms of a Hamiltonian on the periodic square lattice, and their energies."""

import numpy as np

SHAPES = {
    "field": ((0, 0),),
    "nearest": ((0, 0), (0, 1)),
    "diagonal": ((0, 0), (1, 1)),
    "third": ((0, 0), (0, 2)),
    "knight": ((0, 0), (1, 2)),
    "three": ((0, 0), (0, 1), (1, 0)),
    "line_three": ((0, 0), (0, 1), (0, 2)),
    "plaquette": ((0, 0), (0, 1), (1, 0), (1, 1)),
    "line_four": ((0, 0), (0, 1), (0, 2), (0, 3)),
}
ISING = {"nearest": 1.0}


def _images(cluster):
    """Images of a cluster of offsets under the point group of the square, each up to translations once."""
    found = set()
    for sign_r in (1, -1):
        for sign_c in (1, -1):
            moved = [(sign_r * r, sign_c * c) for r, c in cluster]
            for image in (sorted(moved), sorted((c, r) for r, c in moved)):
                found.add(tuple((r - image[0][0], c - image[0][1]) for r, c in image))
    return sorted(found)


# name -> clusters of offsets (row, column); a site owns each of its clusters once
TERMS = {name: _images(shape) for name, shape in SHAPES.items()}
# those whose clusters fit into a plaquette of 2x2 spins, which can be sampled
PLAQUETTE_TERMS = tuple(
    name for name, clusters in TERMS.items() if all(abs(x) < 2 for c in clusters for offset in c for x in offset)
)


def is_even(interactions):
    """Whether the energy stays the same when all spins are flipped."""
    return all(len(SHAPES[name]) % 2 == 0 for name in interactions)


def term_sums(spins, names):
    """Sums (n, terms) float64, over all sites and clusters, of the spin products of each term in `names`.

    spins: (n, L, L), +-1.  On lattices so small that clusters coincide, each counts as often as it is an image.
    """
    spins = np.asarray(spins, np.int8)
    result = np.zeros((len(spins), len(names)))
    for column, name in enumerate(names):
        for cluster in TERMS[name]:
            product = spins  # every image holds the offset (0, 0)
            for r, c in cluster[1:]:
                product = product * np.roll(spins, (-r, -c), (1, 2))
            result[:, column] += product.sum(axis=(1, 2), dtype=np.int64)
    return result


def energy(spins, interactions):
    """Energy (n,) float64 [J] of spins (n, L, L): minus the sum of strength times term.

    interactions: {term of `TERMS`: strength [J]}; {"nearest": 1.0} is the Ising model.
    """
    return 0.0 - term_sums(spins, interactions) @ np.array([*interactions.values()], float)


def local_fields(spins, names):
    """Sums (n, L, L, terms) int8, over the clusters that hold a site, of the products of their other spins.

    A flip of spin s changes a term's sum by -2 s times this.  spins: (n, L, L), +-1, L >= 4, so that no cluster
    holds a site twice.
    """
    spins = np.asarray(spins, np.int8)
    result = np.zeros((*spins.shape, len(names)), np.int8)
    for column, name in enumerate(names):
        for cluster in TERMS[name]:
            for site in cluster:
                product = np.ones_like(spins)
                for r, c in cluster:
                    if (r, c) != site:
                        product *= np.roll(spins, (site[0] - r, site[1] - c), (1, 2))
                result[..., column] += product
    return result

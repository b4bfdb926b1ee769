"""Translation-invariant Hamiltonian of a two-valued lattice: one field, shared by all sites, of a causal window.

log weight w(s) = sum over sites x of s_x a(window of x), H = -T0 w, with s = +-1 and periodic boundaries.
The window of range r holds, of the square of 2r+1 sites a side around x, the r sites to the left in
its row and the r rows above.  Every cluster of spins has one last site in raster order, so every
interaction whose clusters fit into windows has one and only one such field, on a lattice of any size.
A window has few states (2^4 for r = 1, 2^12 for r = 2), so the field is kept as a table over them.

Index of a site: bit b for the b-th site of `offsets` being up, and as last bit its own spin.
"""

import itertools
import math

import numpy as np
from scipy.linalg import hadamard

RANGES = (1, 2)


def offsets(reach):
    """Offsets (row, column) of the sites in a window of range `reach`, n = reach (2 reach + 2) of them."""
    left = [(0, -c) for c in range(1, reach + 1)]
    return left + [(-r, c) for r in range(1, reach + 1) for c in range(-reach, reach + 1)]


def signed_table(field):
    """(2 * 2^n,) terms of the log weight by index of a site, from the field (2^n,) by state of the window."""
    return np.concatenate([-field, field])


def indices(up, reach):
    """(n, rows, columns) int32 index of each site of configurations `up` (1 where the spin is up, else 0)."""
    up, window = np.asarray(up, np.int32), offsets(reach)
    return (up << len(window)) + sum(np.roll(up, (-r, -c), (1, 2)) << b for b, (r, c) in enumerate(window))


def holders(size, reach):
    """(n+1, sites) sites whose index holds a spin, by its bit: those that see it in their window, and itself."""
    sites = np.arange(size * size).reshape(size, size)
    return np.stack([np.roll(sites, o, (0, 1)).ravel() for o in (*offsets(reach), (0, 0))])


def log_weight(arrays, header, values):
    """log weight w (n,) [nats], float64, of values (n, rows, columns) of the alphabet, a lattice of any size."""
    up = np.asarray(values) == max(header["alphabet"])
    terms = signed_table(arrays["field"].astype(np.float64))[indices(up, header["window"])]
    return terms.reshape(len(terms), -1).sum(axis=1)


def clusters(reach):
    """Cluster of spins behind each of the 2^n strengths of `walsh`: offsets (row, column), in raster order.

    Cluster m holds the window's sites of the bits of m, and as its last site (0, 0).
    """
    window = offsets(reach)
    return [(*sorted(o for b, o in enumerate(window) if m >> b & 1), (0, 0)) for m in range(1 << len(window))]


def characters(reach):
    """(2^n, 2^n) int8 product of the spins of each cluster of `clusters`, without (0, 0), in each state of the window.

    They are orthogonal, so a field is a sum of strengths times characters in one way only.
    """
    return hadamard(1 << len(offsets(reach)), np.int8)[:, ::-1]


def couplings(arrays, header):
    """{cluster: strength [J]} of all interactions in the learned Hamiltonian, H = -sum strength * product of spins."""
    field, reach = arrays["field"].astype(np.float64), header["window"]
    strengths = header["temperature"] * (characters(reach) @ field) / len(field)
    return dict(zip(clusters(reach), strengths.tolist(), strict=True))


def orbits(reach, symmetries):
    """(2^n,) int64 label of the orbit of each cluster of `clusters` under the symmetries, -1 if it is excluded.

    point_group: the eight rotations and reflections of the square, clusters whose images need more
    than the window are excluded.  flip: of all spins, clusters of odd number are excluded.
    """
    known = {cluster: m for m, cluster in enumerate(clusters(reach))}
    labels = np.arange(len(known))
    for cluster, m in known.items():
        images = list(_images(cluster)) if "point_group" in symmetries else [cluster]
        odd = "flip" in symmetries and len(cluster) % 2 == 1
        labels[m] = -1 if odd or any(i not in known for i in images) else min(known[i] for i in images)
    return labels


def _images(cluster):
    """Images of a cluster under the point group, each shifted so that its last site is (0, 0)."""
    for a, b in itertools.product((1, -1), repeat=2):
        for turned in ([(a * r, b * c) for r, c in cluster], [(a * c, b * r) for r, c in cluster]):
            last = max(turned)
            yield tuple(sorted((r - last[0], c - last[1]) for r, c in turned))


def invariants(reach, symmetries):
    """(orbits, 2^n) float64 orthonormal basis of the fields that have the symmetries."""
    labels = orbits(reach, symmetries)
    kept = labels >= 0
    names, index = np.unique(labels[kept], return_inverse=True)
    basis = np.zeros((len(names), len(labels)))
    np.add.at(basis, index, characters(reach)[kept])
    return basis / np.linalg.norm(basis, axis=1, keepdims=True)


def widened(basis, short, reach):
    """Orthonormal basis (m, 2^n) of fields of range `reach` that look no farther than the range `short` of `basis`."""
    window, states = offsets(reach), np.arange(1 << len(offsets(reach)))
    seen = sum((states >> window.index(o) & 1) << b for b, o in enumerate(offsets(short)))
    wide = basis[:, seen]
    return wide / np.linalg.norm(wide, axis=1, keepdims=True)


def smallest_size(reach):
    """Side of the smallest lattice on which no site stands twice in a window or beside itself."""
    return 2 * reach + 1


def side(sites):
    """Side of a square lattice of so many sites."""
    return math.isqrt(sites)
